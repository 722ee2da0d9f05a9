"""The data folder: writable, this run's alone, and keeper of the signing key."""

import fcntl
import os
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from console.kit.embedded.processes import command_line
from console.supervisor.options import Options
from console.supervisor.refusal import RefusedError

# After a kill -9 the guard still holds the lock while it ends what the run left.
CLEANING_SECONDS = 30.0
POLL_SECONDS = 0.1


def make(folder: Path) -> None:
    """Make the data folder and prove that it can be written; raises RefusedError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise RefusedError(
            f"The data folder {folder} cannot be written ({error.strerror}): make it writable for this user, or set "
            "DATA_DIR to another folder."
        ) from error


@contextmanager
def lock(folder: Path) -> Iterator[int]:
    """Hold the data folder for this process; yields the file descriptor that holds it, raises RefusedError.

    The lock goes with the last process that has the descriptor open, so nothing is left to clean up after a crash.
    """
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(descriptor, folder)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def _take(descriptor: int, folder: Path) -> None:
    deadline = time.monotonic() + CLEANING_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode() or "unknown"
            if not holder.isdigit() or command_line(int(holder)) or time.monotonic() > deadline:
                raise RefusedError(
                    f"The data folder {folder} is in use by another run (process {holder}): stop that one, or set "
                    "DATA_DIR to another folder."
                ) from None
            time.sleep(POLL_SECONDS)
        else:
            return


def secret_key(options: Options) -> str:
    """The signing key: the given one, or in embedded mode one that is made once and kept; raises RefusedError."""
    if options.secret_key:
        return options.secret_key
    if options.is_debug_off or not options.is_embedded:
        reason = "DEBUG=0" if options.is_debug_off else "DATABASE_URL"
        raise RefusedError(f"SECRET_KEY is not set, which {reason} asks for: set it to 50 or more random characters.")
    kept = options.data_dir / "secret_key"
    if not kept.exists():
        _write_new(kept, secrets.token_urlsafe(48))
    return kept.read_text().strip()


def _write_new(path: Path, text: str) -> None:
    """Write a file that only this user reads, whole or not at all."""
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{text}\n")
    unfinished.replace(path)
