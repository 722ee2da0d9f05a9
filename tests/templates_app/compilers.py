"""Runs C and C++ compilers over many blocks at once and reads back the strings that they yield."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

STRICT = ("-Wall", "-Wextra", "-Wno-overlength-strings", "-Werror", "-trigraphs")


def build_and_run(source: str, folder: Path, compiler: Sequence[str], *flags: str) -> bytes:
    """Compile one file with warnings as errors, run it, and give what it prints."""
    suffix = ".cpp" if compiler[0].startswith("g++") else ".c"
    file, program = folder / f"program{suffix}", folder / "program"
    file.write_text(source, encoding="ascii")
    built = subprocess.run(
        [*compiler, *STRICT, *flags, "-o", program, file],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr[:4000]
    return subprocess.run([program], capture_output=True, check=True).stdout


def length_prefixed(output: bytes) -> list[bytes]:
    """The strings that a program wrote as `<length>:<bytes>`, one after the other."""
    strings, rest = [], output
    while rest:
        length, _, rest = rest.partition(b":")
        strings.append(rest[: int(length)])
        rest = rest[int(length) :]
    return strings
