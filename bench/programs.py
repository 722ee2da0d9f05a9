"""The two C programs of the bench, compiled when it runs."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SOURCES = Path(__file__).parent
COMPILERS = ("cc", "gcc", "clang")


class BenchError(Exception):
    """The bench cannot run; the text is one sentence that names the reason."""


@dataclass(frozen=True, slots=True)
class Programs:
    """Where the compiled programs are: the C server and the load."""

    echo: Path
    load: Path


def find_compiler() -> str:
    """The path of a C compiler; raises BenchError where there is none."""
    compiler = next((path for name in COMPILERS if (path := shutil.which(name))), None)
    if compiler is None:
        raise BenchError("The bench compares with a C program and this machine has no C compiler: install gcc.")
    return compiler


def compile_programs(folder: Path) -> Programs:
    """Compile both into `folder`; raises BenchError where there is no C compiler or it refuses."""
    compiler = find_compiler()
    return Programs(
        echo=_compile(compiler, SOURCES / "epoll_echo.c", folder),
        load=_compile(compiler, SOURCES / "load.c", folder),
    )


def _compile(compiler: str, source: Path, folder: Path) -> Path:
    program = folder / source.stem
    done = subprocess.run(
        [compiler, "-O2", "-Wall", "-o", program, source], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BenchError(f"{source.name} does not compile: {done.stderr.strip()}")
    return program
