"""The data folder: writable, one run's alone, keeper of the key."""

import os
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from console.supervisor import data_folder
from console.supervisor.options import Options
from console.supervisor.refusal import RefusedError


def options(folder: Path, more: Mapping[str, str] | None = None) -> Options:
    return Options.from_environment({"DATA_DIR": str(folder), **(more or {})})


def test_a_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    data_folder.make(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RefusedError, match=r"file/var cannot be written \(Not a directory\): make it writable"):
        data_folder.make(tmp_path / "file" / "var")


def test_a_folder_in_use_is_refused_with_its_holder(tmp_path: Path) -> None:
    with (
        data_folder.lock(tmp_path),
        pytest.raises(RefusedError, match=f"in use by another run \\(process {os.getpid()}\\)"),
        data_folder.lock(tmp_path),
    ):
        pass


def test_a_folder_is_free_again_after_its_run(tmp_path: Path) -> None:
    for _ in range(2):
        with data_folder.lock(tmp_path):
            assert (tmp_path / "lock").read_text() == str(os.getpid())


def test_a_lock_whose_run_was_killed_is_waited_for(tmp_path: Path) -> None:
    program = f"""
import os, pathlib, sys
from console.supervisor import data_folder
with data_folder.lock(pathlib.Path({str(tmp_path)!r})) as lock:
    os.set_inheritable(lock, True)
    os.posix_spawn("/bin/sh", ["sh", "-c", "sleep 0.5"], os.environ)
    os._exit(0)
"""
    subprocess.run([sys.executable, "-c", program], check=True)
    with data_folder.lock(tmp_path):
        assert (tmp_path / "lock").read_text() == str(os.getpid())


def test_the_key_is_made_once_and_only_this_user_reads_it(tmp_path: Path) -> None:
    key = data_folder.secret_key(options(tmp_path))
    assert len(key) >= 50
    assert data_folder.secret_key(options(tmp_path)) == key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_a_given_key_is_used_and_not_written_down(tmp_path: Path) -> None:
    assert data_folder.secret_key(options(tmp_path, {"SECRET_KEY": "given", "DEBUG": "0"})) == "given"
    assert not (tmp_path / "secret_key").exists()


@pytest.mark.parametrize(
    ("name", "value"), [("DEBUG", "0"), ("DATABASE_URL", "postgresql://landfall@database/landfall")]
)
def test_production_without_a_key_is_refused(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(RefusedError, match="SECRET_KEY is not set"):
        data_folder.secret_key(options(tmp_path, {name: value}))
