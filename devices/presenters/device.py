"""Devices as rows of the list and facts of their page; strings are made here, once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from devices.models import Device, PinValue, Presence
from devices.presenters.drift import reason_of
from devices.status import Online, online_state
from templates_app import boards
from templates_app.stream_values import Meaning, shown


@dataclass(frozen=True, slots=True)
class Status:
    """Online or offline, since when, and when the device was last heard; None where it never connected."""

    state: Online
    since: datetime | None
    last_seen_at: datetime | None

    @property
    def is_online(self) -> bool:
        return self.state is Online.ONLINE


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of a device, and the list of those that have it."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the device list."""

    name: str
    url: str
    template: str
    template_url: str
    status: Status
    board: str
    firmware: str
    drift: str
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled value of `kit/facts.html`."""

    label: str
    value: str
    mono: bool = False
    copy: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Pin:
    """The latest value of a virtual pin. `name` is its datastream's; `mark` says what is wrong with the value."""

    label: str
    name: str
    value: str
    mark: str
    is_out_of_range: bool
    at: datetime


def presence_of(device: Device) -> Presence | None:
    """The device's presence row, which `select_related` loaded; None before its first connection is written."""
    return getattr(device, "presence", None)


def status_of(device: Device, now: datetime) -> Status:
    """The device's status at `now`, worked out from its presence."""
    presence = presence_of(device)
    if presence is None:
        return Status(Online.OFFLINE, None, None)
    state = online_state(
        is_connected=presence.is_connected,
        last_seen_at=presence.last_seen_at,
        silence_seconds=presence.silence_seconds,
        now=now,
    )
    was_swept = not presence.is_connected or state is Online.ONLINE
    return Status(state, presence.changed_at if was_swept else presence.last_seen_at, presence.last_seen_at)


def rows_of(devices: Iterable[Device], now: datetime) -> list[Row]:
    """Devices, loaded with template, presence and evidence of drift, as lines of the list."""
    return [
        Row(
            name=device.name,
            url=reverse("devices:detail", args=[device.pk]),
            template=device.template.name,
            template_url=reverse("templates:detail", args=[device.template.template_id]),
            status=status_of(device, now),
            board=device.reported_board or boards.by_key(device.template.board).name,
            firmware=device.firmware_version,
            drift=reason_of(device),
            tags=tags_of(device),
        )
        for device in devices
    ]


def tags_of(device: Device) -> tuple[Tag, ...]:
    """The device's tags, each with the address of the devices that have it."""
    return tuple(Tag(tag, reverse("devices:list", query={"tag": tag})) for tag in device.tags)


def facts_of(device: Device) -> list[Fact]:
    """What is known of a device, for its page; what it never said is left out."""
    presence = presence_of(device)
    template = device.template
    facts = [
        Fact("Template", template.name, href=reverse("templates:detail", args=[template.template_id])),
        Fact("Template id", template.template_id, mono=True, copy=True),
        Fact("Activated by", device.activated_by),
        *_planned(device),
        Fact("Board", device.reported_board or boards.by_key(template.board).name),
        Fact("Firmware version", device.firmware_version, mono=True),
        Fact("Firmware build", device.firmware_build, mono=True),
        Fact("Blynk library", device.library_version, mono=True),
        Fact("Older firmware lines", reason_of(device)),
        Fact("Hotspot name", device.hotspot_name, mono=True),
        Fact("Heartbeat", f"{device.heartbeat_seconds} s" if device.heartbeat_seconds else ""),
        Fact("Address", presence.address if presence else "", mono=True),
        *(Fact(name, str(value)) for name, value in sorted(device.metadata.items())),
    ]
    return [fact for fact in facts if fact.value]


def _planned(device: Device) -> list[Fact]:
    """The device's batch, its MAC address and its tags."""
    batch_id = device.activation.batch_id
    batch = [Fact("Batch", f"Batch {batch_id}", href=reverse("batches:detail", args=[batch_id]))] if batch_id else []
    tags = [Fact("Tag", tag.name, href=tag.url) for tag in tags_of(device)]
    return [*batch, Fact("MAC address", device.mac, mono=True, copy=True), *tags]


def pins_of(values: Iterable[PinValue], meanings: Mapping[int, Meaning]) -> list[Pin]:
    """Latest values, in the order given, as the datastreams of the device's template mean them."""
    return [_pin(value, meanings.get(value.pin)) for value in values]


def _pin(value: PinValue, meaning: Meaning | None) -> Pin:
    seen = shown(value.value, meaning)
    name = meaning.name if meaning else ""
    return Pin(f"V{value.pin}", name, seen.text, seen.mark, seen.is_out_of_range, value.at)
