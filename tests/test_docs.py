"""What the docs promise exists: links, make targets, commands, settings."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from console.teams.permissions import Role

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_make_targets_and_manage_commands_exist(page: Path) -> None:
    text = page.read_text()
    makefile = (ROOT / "Makefile").read_text()
    targets = re.findall(r"`(?:[A-Z_]+=\S+ )*make ([a-z-]+)", text) + re.findall(r"^make ([a-z-]+)", text, re.MULTILINE)
    assert [target for target in targets if f"\n{target}:" not in makefile] == []
    commands = get_commands()
    assert [name for name in re.findall(r"manage\.py ([a-z_]+)", text) if name not in commands] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_settings_that_are_named_exist(page: Path) -> None:
    known = (
        (ROOT / ".env.example").read_text() + (ROOT / "docker-compose.yml").read_text() + "UV_ BLYNK_ CONFIG_DEFAULT_"
    )
    named = set(
        re.findall(
            r"\b((?:GATEWAY|WEB|DATABASE|REDIS|PUBLIC|EMAIL|SECRET|DEVELOPER|LOG|METRICS|POSTGRES)_[A-Z_]+)\b",
            page.read_text(),
        )
    )
    assert [name for name in sorted(named) if name not in known] == []


def test_every_role_is_explained() -> None:
    words = (ROOT / "docs" / "using.md").read_text()
    assert [role for role in Role if role.value not in words] == []


def test_no_page_of_the_docs_stands_alone() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [page.name for page in PAGES[1:] if f"docs/{page.name}" not in readme] == []
