"""What each role may do. The one place where that is said; pages, API and gateway ask here."""

from enum import StrEnum


class Role(StrEnum):
    """A member's place in a team."""

    OWNER = "owner"
    ADMIN = "admin"
    DEVELOPER = "developer"
    INSTALLER = "installer"
    VIEWER = "viewer"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    @property
    def with_article(self) -> str:
        return f"{'an' if self.value[0] in 'aeiou' else 'a'} {self.value}"


class Permission(StrEnum):
    """One thing that a role may do; the value is how people read it in a refusal."""

    VIEW = "view templates and devices"
    EDIT_TEMPLATES = "edit templates"
    PROVISION = "provision new devices"
    EDIT_DEVICES = "edit devices"
    DELETE_DEVICES = "delete devices"
    MANAGE_KEYS = "manage API keys"
    MANAGE_WEBHOOKS = "manage webhooks"
    MANAGE_MEMBERS = "manage members"
    SEE_AUDIT = "see the audit log"
    MANAGE_TEAM = "manage the team"


_INSTALLER = frozenset({Permission.VIEW, Permission.EDIT_DEVICES})
_DEVELOPER = _INSTALLER | {
    Permission.EDIT_TEMPLATES,
    Permission.PROVISION,
    Permission.DELETE_DEVICES,
    Permission.MANAGE_KEYS,
    Permission.MANAGE_WEBHOOKS,
}
_ADMIN = _DEVELOPER | {Permission.MANAGE_MEMBERS, Permission.SEE_AUDIT}

MATRIX: dict[Role, frozenset[Permission]] = {
    Role.OWNER: _ADMIN | {Permission.MANAGE_TEAM},
    Role.ADMIN: _ADMIN,
    Role.DEVELOPER: _DEVELOPER,
    Role.INSTALLER: _INSTALLER,
    Role.VIEWER: frozenset({Permission.VIEW}),
}

GRANTABLE_ROLES = frozenset({Role.INSTALLER})
"""Roles that may provision only what a grant names; the others have the permission by role, or not at all."""

PROVISIONING_ROLES = tuple(role.value for role in Role if Permission.PROVISION in MATRIX[role])
"""Roles that may provision every template of their team without a grant."""


def allows(role: Role, permission: Permission) -> bool:
    """Whether `role` carries `permission` by itself, grants aside."""
    return permission in MATRIX[role]


def roles_with(permission: Permission) -> tuple[Role, ...]:
    """The roles that carry `permission`, highest first: who to ask."""
    return tuple(role for role in Role if permission in MATRIX[role])
