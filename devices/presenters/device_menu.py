"""The device menu: what can be done with a device, and for what a permission is missing."""

from dataclasses import dataclass

from django.urls import reverse

from console.teams import access as team_access
from console.teams.models import Member
from console.teams.permissions import Permission
from devices.models import Device


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the menu, a form or a link. `refusal` says why the reader may not; empty when they may."""

    label: str
    text: str
    icon: str
    href: str
    refusal: str
    is_form: bool = False
    is_grave: bool = False


def items_of(device: Device, member: Member) -> list[Item]:
    """The menu of `device` as `member` sees it, in the order in which it is shown."""
    may_provision = team_access.may_provision(member, device.template.template_id)
    provision = "" if may_provision else _refusal(Permission.PROVISION)
    edit, delete = (
        "" if member.may(needed) else _refusal(needed)
        for needed in (Permission.EDIT_DEVICES, Permission.DELETE_DEVICES)
    )
    return [
        Item(
            "Reconfigure",
            "Provision the board again, for another WiFi say. Its present token works until the new one is used.",
            "settings-2",
            _url(device, "reconfigure"),
            provision,
            is_form=True,
        ),
        Item("Reboot", "The board restarts; it has to be online.", "power", _url(device, "reboot"), edit, is_form=True),
        Item(
            "Enter setup mode",
            "The board goes offline and opens its hotspot; it has to be online.",
            "radio-tower",
            _url(device, "setup_mode"),
            edit,
        ),
        Item(
            "Auth token",
            "Which tokens work; rotate it, or revoke one that leaked.",
            "key-round",
            _url(device, "token"),
            "",
        ),
        Item(
            "Erase all device data",
            "Readings, events and metadata go; the device and its token stay.",
            "eraser",
            _url(device, "erase"),
            delete,
            is_grave=True,
        ),
        Item(
            "Delete device",
            "The device goes with all its data, and its board is refused.",
            "trash-2",
            _url(device, "delete"),
            delete,
            is_grave=True,
        ),
    ]


def _refusal(permission: Permission) -> str:
    return f"Needs the permission to {permission.value}."


def _url(device: Device, name: str) -> str:
    return reverse(f"devices:{name}", args=[device.pk])
