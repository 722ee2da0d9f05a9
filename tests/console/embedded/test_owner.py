"""Who runs PostgreSQL, and which folders are trusted."""

import os
import stat
from pathlib import Path

import pytest

from console.kit.embedded import owner
from console.kit.embedded.errors import EmbeddedServerError


def test_a_normal_user_runs_it_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert owner.owner_of(tmp_path) is None


def test_root_lends_it_a_user_without_rights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    lent = owner.owner_of(tmp_path / "postgres")
    assert lent
    assert lent.uid != 0


def test_a_machine_without_such_a_user_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(owner, "CANDIDATES", ("no-such-user",))
    with pytest.raises(EmbeddedServerError, match="run Landfall as a normal user, or set DATABASE_URL"):
        owner.owner_of(tmp_path / "postgres")


def test_a_private_folder_is_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "run"
    owner.make_private(folder, None)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_link_in_place_of_a_private_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").symlink_to(tmp_path)
    with pytest.raises(EmbeddedServerError, match="belongs to another user"):
        owner.make_private(tmp_path / "run", None)


def test_others_may_pass_through_but_not_look(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    owner.let_through([closed / "postgres"])
    assert stat.S_IMODE(closed.stat().st_mode) == 0o701
