"""The shape of the isolation table: one line an address, which says who gets what for each method."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Who(StrEnum):
    """Those who ask. The first five are of the team whose rows are asked for."""

    OWNER = "owner"
    ADMIN = "admin"
    DEVELOPER = "developer"
    INSTALLER = "installer"
    VIEWER = "viewer"
    STRANGER = "a member of another team"
    REMOVED = "a member who was removed"
    INACTIVE = "a person who was made inactive"
    SIGNED_OUT = "a signed-out visitor"
    UNKNOWN_KEY = "an unknown key"
    EXPIRED_KEY = "an expired key"
    REVOKED_KEY = "a revoked key"
    POWERLESS_KEY = "a key with no permission"
    LOOKING_KEY = "an owner's key that may only look"


ANYONE = (Who.OWNER, Who.ADMIN, Who.DEVELOPER, Who.INSTALLER, Who.VIEWER)
DEVICE_EDITORS = ANYONE[:4]
EDITORS = ANYONE[:3]
MANAGERS = ANYONE[:2]
OWNER = ANYONE[:1]

AT_PAGES = (*ANYONE, Who.STRANGER, Who.REMOVED, Who.INACTIVE, Who.SIGNED_OUT)
AT_API = (*AT_PAGES, Who.UNKNOWN_KEY, Who.EXPIRED_KEY, Who.REVOKED_KEY, Who.POWERLESS_KEY, Who.LOOKING_KEY)


class Gate(StrEnum):
    """Who an address lets in at all."""

    MEMBERS = "members of the team; the signed-out are sent to sign in, those without a team to start one"
    PEOPLE = "whoever is signed in, with a team or without"
    ALL = "everybody"
    STAFF = "those who run the installation; everybody else is sent to the admin's sign-in"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of an address.

    `allowed` get `ok`; the others of the team get 403, which names `lacks`. `body` is sent, with `<row>` standing for a
    row of the team's. `answers` are exceptions, one for each who is answered otherwise than the line's gate tells.
    """

    method: str
    allowed: tuple[Who, ...] = ANYONE
    ok: int = 200
    body: Mapping[str, Any] | None = None
    lacks: str = ""
    raw: str = ""
    answers: Mapping[Who, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """An address with its operations; any other method is refused with 405.

    `rows` names the row (`stage.rows_of`) that stands for a parameter, where it is not the one of the same name; or
    gives the value itself, where it is no row's. `query` follows the address, with `<row>` as in a body.
    """

    address: str
    operations: tuple[Operation, ...]
    gate: Gate = Gate.MEMBERS
    rows: Mapping[str, str] = field(default_factory=dict)
    query: str = ""

    def __str__(self) -> str:
        return self.address + self.query

    @property
    def is_api(self) -> bool:
        return self.address.startswith("/api/")


def page(
    address: str,
    *operations: Operation,
    gate: Gate = Gate.MEMBERS,
    query: str = "",
    rows: Mapping[str, str] | None = None,
) -> Line:
    """A line of a page."""
    return Line(address, operations, gate, rows or {}, query)


def api(
    path: str, *operations: Operation, gate: Gate = Gate.MEMBERS, query: str = "", rows: Mapping[str, str] | None = None
) -> Line:
    """A line of the API; `path` is below /api/v1/."""
    return Line(f"/api/v1/{path}", operations, gate, rows or {}, query)


def get(
    allowed: tuple[Who, ...] = ANYONE, ok: int = 200, *, lacks: str = "", answers: Mapping[Who, int] | None = None
) -> Operation:
    return Operation("GET", allowed, ok, None, lacks, answers=answers or {})


def post(
    allowed: tuple[Who, ...] = ANYONE,
    ok: int = 302,
    body: Mapping[str, Any] | None = None,
    *,
    lacks: str = "",
    raw: str = "",
    answers: Mapping[Who, int] | None = None,
) -> Operation:
    return Operation("POST", allowed, ok, body, lacks, raw, answers or {})


def patch(
    allowed: tuple[Who, ...], ok: int, body: Mapping[str, Any], *, lacks: str, answers: Mapping[Who, int] | None = None
) -> Operation:
    return Operation("PATCH", allowed, ok, body, lacks, answers=answers or {})


def put(allowed: tuple[Who, ...], ok: int, body: Mapping[str, Any], *, lacks: str) -> Operation:
    return Operation("PUT", allowed, ok, body, lacks)


def delete(
    allowed: tuple[Who, ...], ok: int = 204, *, lacks: str, answers: Mapping[Who, int] | None = None
) -> Operation:
    return Operation("DELETE", allowed, ok, None, lacks, answers=answers or {})
