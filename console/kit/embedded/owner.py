"""Who runs PostgreSQL: it refuses to run as root, so root lends it a user without rights."""

import os
import pwd
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from console.kit.embedded.errors import EmbeddedServerError

# The first that exists. Nothing is added to the machine's user list for a database that lives in the data folder.
CANDIDATES = ("postgres", "nobody")


class PopenArguments(TypedDict, total=False):
    """The arguments of `subprocess.Popen` that change the user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Owner:
    """A system user, by number."""

    uid: int
    gid: int

    def popen_arguments(self) -> PopenArguments:
        """What `subprocess.Popen` needs to start a process as this user and no other group."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def owner_of(cluster: Path) -> Owner | None:
    """The user that has to run PostgreSQL for `cluster`; nothing when the present user can.

    Data that exists keeps its owner, so that a user added to the machine later does not lock the data out.
    Raises EmbeddedServerError where root finds nobody to lend.
    """
    if os.geteuid() != 0:
        return None
    if cluster.exists() and cluster.stat().st_uid != 0:
        found = cluster.stat()
        return Owner(found.st_uid, found.st_gid)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(entry.pw_uid, entry.pw_gid)
    raise EmbeddedServerError(
        "PostgreSQL does not run as root and this machine has no user named postgres or nobody: "
        "run Landfall as a normal user, or set DATABASE_URL."
    )


def make_private(folder: Path, owner: Owner | None) -> None:
    """Make `folder` exist for its owner alone; raises EmbeddedServerError where it is a stranger's."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    # A short socket folder has a name that anyone on the machine can work out and take first.
    trusted = {os.geteuid(), owner.uid if owner else os.geteuid()}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in trusted:
        raise EmbeddedServerError(f"{folder} belongs to another user: remove it, or set DATA_DIR to another folder.")
    if owner:
        os.chown(folder, owner.uid, owner.gid)
    folder.chmod(0o700)


def let_through(paths: Sequence[Path]) -> None:
    """Let other users pass through the folders above `paths`, without letting them list any of these."""
    for parent in {parent for path in paths for parent in path.resolve().parents}:
        mode = stat.S_IMODE(parent.stat().st_mode)
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)
