"""Rows of the audit page: sentences, and links to what is still there."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from console.pages.audit.sentences import Sentence, sentence_of, things_of
from console.teams.audit_areas import Area
from console.teams.models import AuditEntry, Member
from devices.access import devices_of, sessions_of
from templates_app.access import templates_of

LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Row:
    """One entry; `url` is empty where its subject leads nowhere, or is gone."""

    entry: AuditEntry
    sentence: Sentence
    url: str
    area: str
    key: str
    detail: str


def rows_of(entries: Sequence[AuditEntry], member: Member) -> list[Row]:
    """The entries with their links: one query for each type of thing, however many there are."""
    there = _there(entries, member)
    return [_row(entry, there) for entry in entries]


def _row(entry: AuditEntry, there: dict[tuple[str, str], str]) -> Row:
    url = next((there[thing] for thing in things_of(entry) if thing in there), "")
    area = Area(entry.area).label if entry.area in set(Area) else ""
    detail = entry.detail if isinstance(entry.detail, dict) else {}
    told = json.dumps(detail, indent=2, ensure_ascii=False, sort_keys=True) if detail else ""
    return Row(entry, sentence_of(entry), url, area, str(detail.get("key", "")), told)


def _there(entries: Iterable[AuditEntry], member: Member) -> dict[tuple[str, str], str]:
    """The address of each thing that the entries name and that the team still has."""
    named: dict[str, set[str]] = {}
    for entry in entries:
        for name, value in things_of(entry):
            named.setdefault(name, set()).add(value)
    found: dict[tuple[str, str], str] = {}
    for name, values in named.items():
        for value in LOOK_UPS[name](member, values):
            found[name, value] = reverse(f"{name}s:detail", args=[value])
    return found


def _templates(member: Member, ids: set[str]) -> list[str]:
    return list(templates_of(member).filter(template_id__in=ids).values_list("template_id", flat=True))


def _devices(member: Member, ids: set[str]) -> list[str]:
    return [str(pk) for pk in devices_of(member).filter(pk__in=_numbers(ids)).values_list("pk", flat=True)]


def _sessions(member: Member, ids: set[str]) -> list[str]:
    return [str(pk) for pk in sessions_of(member).filter(pk__in=_numbers(ids)).values_list("pk", flat=True)]


def _numbers(ids: set[str]) -> list[int]:
    return [int(value) for value in ids if value.isascii() and value.isdigit() and int(value) <= LARGEST_ID]


LOOK_UPS: dict[str, Callable[[Member, set[str]], list[str]]] = {
    "template": _templates,
    "device": _devices,
    "session": _sessions,
}
