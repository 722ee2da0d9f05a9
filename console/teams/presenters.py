"""What the team page shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from shlex import quote

from console.teams.models import ApiKey, Member
from console.teams.permissions import GRANTABLE_ROLES, MATRIX, Permission, Role

ROLES = tuple(role.label for role in Role)


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """Whether one role has one permission: `word` is yes, no, or with a grant."""

    role: str
    word: str

    @property
    def is_yes(self) -> bool:
        return self.word == "yes"


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One permission, and which roles have it."""

    permission: str
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One API key; its secret is known to nobody. `permissions` says what it may do, in words."""

    key: ApiKey
    owner: str
    state: str
    permissions: str
    may_revoke: bool


def _cell(role: Role, permission: Permission) -> MatrixCell:
    if permission in MATRIX[role]:
        return MatrixCell(role.label, "yes")
    if permission is Permission.PROVISION and role in GRANTABLE_ROLES:
        return MatrixCell(role.label, "with a grant")
    return MatrixCell(role.label, "no")


MATRIX_ROWS = tuple(
    MatrixRow(permission.value[0].upper() + permission.value[1:], tuple(_cell(role, permission) for role in Role))
    for permission in Permission
)


def key_rows(keys: Iterable[ApiKey], *, now: datetime, viewer: Member) -> list[KeyRow]:
    """The keys with their state at `now`, and whether `viewer` may revoke them."""
    may_all = viewer.may(Permission.MANAGE_MEMBERS)
    return [
        KeyRow(
            key=key,
            owner=key.member.label,
            state=key_state(key, now),
            permissions="all of its maker's role" if key.permissions is None else ", ".join(key.permissions),
            may_revoke=key.revoked_at is None and (may_all or key.member_id == viewer.pk),
        )
        for key in keys
    ]


def key_state(key: ApiKey, now: datetime) -> str:
    """active, expired or revoked."""
    if key.revoked_at is not None:
        return "revoked"
    if key.expires_at is not None and key.expires_at <= now:
        return "expired"
    return "active"


def key_command(email: str) -> str:
    """The command that makes a key for the person with this address, ready for a shell."""
    return f".venv/bin/python manage.py create_api_key --email {quote(email)} --name my-program"


def curl_command(console: str, secret: str) -> str:
    """A call of the API with a new key, ready for a shell."""
    return f"curl --header 'Authorization: Bearer {secret}' {console}/api/v1/devices/"
