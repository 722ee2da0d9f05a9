"""What the command palette finds: pages, templates and devices of one team."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.urls import reverse

from console.teams.models import Member
from console.teams.permissions import Permission
from devices.access import devices_of
from templates_app.access import templates_of

EACH_KIND = 8
"""Results of one kind; who does not find it among them types on."""


@dataclass(frozen=True, slots=True)
class Found:
    """One result."""

    title: str
    kind: str
    url: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


_PAGES: tuple[tuple[str, str, Permission], ...] = (
    ("Overview", "overview", Permission.VIEW),
    ("Templates", "templates:list", Permission.VIEW),
    ("New template", "templates:new", Permission.EDIT_TEMPLATES),
    ("Boards", "boards:list", Permission.VIEW),
    ("Devices", "devices:list", Permission.VIEW),
    ("Refused logins", "devices:refused", Permission.VIEW),
    ("Provisioning sessions", "sessions:list", Permission.VIEW),
    ("Funnel of the sessions", "sessions:funnel", Permission.VIEW),
    ("Add device", "sessions:new", Permission.VIEW),
    ("Batches", "batches:list", Permission.VIEW),
    ("New batch", "batches:new", Permission.VIEW),
    ("Team", "teams:team", Permission.VIEW),
    ("Invitations", "invitations:list", Permission.MANAGE_MEMBERS),
    ("Invite somebody", "invitations:new", Permission.MANAGE_MEMBERS),
    ("Provisioning", "provisioning:matrix", Permission.VIEW),
    ("Roles", "teams:roles", Permission.VIEW),
    ("Webhooks", "webhooks:list", Permission.MANAGE_WEBHOOKS),
    ("Mails about sessions", "webhooks:mails", Permission.VIEW),
    ("API keys", "teams:keys", Permission.MANAGE_KEYS),
    ("New API key", "teams:key-new", Permission.MANAGE_KEYS),
    ("Audit log", "audit", Permission.SEE_AUDIT),
    ("Settings of the team", "teams:settings", Permission.MANAGE_TEAM),
    ("E-mail addresses", "account_email", Permission.VIEW),
    ("Change password", "account_change_password", Permission.VIEW),
)


def find(member: Member, text: str) -> list[Found]:
    """Pages first, then templates and devices, newest first. Without `text`, the pages alone."""
    found = list(_pages(member, text))
    return [*found, *_templates(member, text), *_devices(member, text)] if text else found


def _pages(member: Member, text: str) -> Iterator[Found]:
    for title, name, permission in _PAGES:
        if text.casefold() in title.casefold() and member.may(permission):
            yield Found(title, "page", reverse(name))


def _templates(member: Member, text: str) -> Iterator[Found]:
    for template in templates_of(member).matching(text).order_by("-pk")[:EACH_KIND]:
        yield Found(template.name, "template", reverse("templates:detail", args=[template.template_id]))


def _devices(member: Member, text: str) -> Iterator[Found]:
    for device in devices_of(member).matching(text).order_by("-pk")[:EACH_KIND]:
        yield Found(device.name, "device", reverse("devices:detail", args=[device.pk]))
