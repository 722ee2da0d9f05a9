"""The matrix of members and templates: who may provision what, why, until when, and how many are left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.urls import reverse

from console.teams.models import Grant, Member
from console.teams.models.grant import ALL_TEMPLATES
from console.teams.provisioning import Verdict, Way, is_grantable, verdict
from templates_app.models import Template

EVERY_TEMPLATE = "All templates"
GIVE, TAKE = "give", "take"


@dataclass(frozen=True, slots=True)
class Column:
    """One template; the first column is all of them, and has an empty id."""

    template_id: str
    name: str

    @property
    def slug(self) -> str:
        return self.template_id or "all"


@dataclass(frozen=True, slots=True)
class Cell:
    """Whether one member may provision what the column says; `act` is what one click does, empty where it does nothing.

    `until_at` is when that ends or has ended.
    """

    id: str
    column: str
    word: str
    detail: str
    until_at: datetime | None
    until: str
    act: str
    toggle_url: str
    edit_url: str

    @property
    def is_yes(self) -> bool:
        return self.word != "no"


@dataclass(frozen=True, slots=True)
class Row:
    """One member."""

    id: str
    name: str
    email: str
    role: str
    cells: tuple[Cell, ...]


def columns_of(templates: Iterable[Template]) -> list[Column]:
    """The columns for these templates, with the one for all of them first."""
    return [Column(ALL_TEMPLATES, EVERY_TEMPLATE), *(Column(t.template_id, t.name) for t in templates)]


def rows_of(members: Sequence[Member], columns: Sequence[Column], *, may_manage: bool, now: datetime) -> list[Row]:
    """One row for each member, in their order. Costs one query, whatever their number."""
    named = {column.template_id for column in columns}
    grants: dict[int, dict[str, Grant]] = {member.pk: {} for member in members}
    for grant in Grant.objects.filter(member__in=grants, template_id__in=named | {ALL_TEMPLATES}):
        grants[grant.member_id][grant.template_id] = grant
    return [_row(member, grants[member.pk], columns, may_manage=may_manage, now=now) for member in members]


def _row(
    member: Member, grants: dict[str, Grant], columns: Sequence[Column], *, may_manage: bool, now: datetime
) -> Row:
    cells = tuple(
        _cell(
            member,
            column,
            verdict(member.role, grants, column.template_id, now=now),
            may_manage=may_manage and is_grantable(member.role),
            now=now,
        )
        for column in columns
    )
    return Row(f"member-{member.pk}", member.label, member.user.email, member.get_role_display(), cells)


def _cell(member: Member, column: Column, found: Verdict, *, may_manage: bool, now: datetime) -> Cell:
    return Cell(
        id=f"cell-{member.pk}-{column.slug}",
        column=column.name,
        word=_word(found),
        detail=_detail(found, column, now),
        until_at=found.grant.until_at if found.grant else None,
        until=until_words(found.grant, now) if found.grant else "",
        act=_act(found, column) if may_manage else "",
        toggle_url=reverse("provisioning:toggle", args=[member.pk, column.slug]) if may_manage else "",
        edit_url=reverse("provisioning:grant", args=[member.pk, column.slug]) if may_manage else "",
    )


def _word(found: Verdict) -> str:
    if found.way is Way.ROLE:
        return "by role"
    return "yes" if found.may else "no"


def _detail(found: Verdict, column: Column, now: datetime) -> str:
    parts = []
    if found.way is Way.ALL_TEMPLATES and column.template_id != ALL_TEMPLATES:
        parts.append("as all templates")
    if found.grant and (left := left_words(found.grant)):
        parts.append(left)
    return ", ".join(parts)


def _act(found: Verdict, column: Column) -> str:
    """One click gives, or takes away the column's own grant; what another column permits is taken away there."""
    if not found.may:
        return GIVE
    return TAKE if found.way is Way.GRANT else ""


def left_words(grant: Grant) -> str:
    """`"3 of 5 left"`, or nothing without a limit."""
    return "" if grant.devices_limit is None else f"{grant.left_count} of {grant.devices_limit} left"


def until_words(grant: Grant, now: datetime) -> str:
    """`"until 30 Nov 2026"`, `"ended 30 Nov 2026"`, or nothing without an end; a whole day by the clock of UTC."""
    if grant.until_at is None:
        return ""
    at = grant.until_at.astimezone(UTC)
    is_midnight = at == at.replace(hour=0, minute=0, second=0, microsecond=0)
    day = at - timedelta(microseconds=1) if is_midnight else at
    clock = "" if is_midnight else f"{at:, %H:%M} UTC"
    return f"{'ended' if grant.is_over(now) else 'until'} {day.day} {day:%b %Y}{clock}"
