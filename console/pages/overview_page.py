"""What the overview shows: numbers, the first steps of a new team, and what happened last."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse

from console.teams.access import may_provision
from console.teams.models import Member
from console.teams.permissions import Permission
from devices.access import devices_of, requests_of, sessions_of
from devices.models import ProvisioningSession, TimelineEvent
from devices.presenters.grant_requests import Asking, asking_of
from devices.presenters.timeline import Row, rows_of
from devices.status import SessionState
from templates_app.access import templates_of
from templates_app.models import Template

SHOWN = 6
ANSWERS_SHOWN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Counts of one team at one moment; `templates` are those in use."""

    devices: int
    online: int
    open_sessions: int
    templates: int


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One step of a new team. `state` is done, now or next; without `url` there is nothing for this member to press."""

    title: str
    text: str
    state: str
    action: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One of the newest sessions, with its state at the page's moment."""

    session: ProvisioningSession
    state: SessionState


@dataclass(frozen=True, slots=True)
class EventRow:
    """One line of the team's timeline, and the device it is about; without `url` that one is deleted."""

    row: Row
    device: str
    url: str


def numbers_of(member: Member, *, now: datetime) -> Numbers:
    devices = devices_of(member)
    return Numbers(
        devices=devices.count(),
        online=devices.online(now).count(),
        open_sessions=sessions_of(member).open(now=now).count(),
        templates=templates_of(member).in_use().count(),
    )


def recent_sessions(member: Member, *, now: datetime) -> list[SessionRow]:
    newest = sessions_of(member).select_related("template", "device").order_by("-opened_at", "-pk")[:SHOWN]
    return [SessionRow(session, session.state_at(now)) for session in newest]


def recent_events(member: Member) -> list[EventRow]:
    """The newest timeline rows of all the team's devices."""
    events = list(TimelineEvent.objects.filter(team_id=member.team_id).order_by("-at", "-id")[:SHOWN])
    names = dict(devices_of(member).filter(pk__in={event.device_id for event in events}).values_list("pk", "name"))
    return [
        EventRow(
            row=row,
            device=names.get(event.device_id, "Deleted device"),
            url=reverse("devices:detail", args=[event.device_id]) if event.device_id in names else "",
        )
        for event, row in zip(events, rows_of(events), strict=True)
    ]


def waiting_requests(member: Member) -> list[Asking]:
    """Requests for grants that this member can answer, oldest first."""
    if not member.may(Permission.MANAGE_MEMBERS):
        return []
    waiting = requests_of(member).waiting().select_related("member__user").order_by("pk")
    return asking_of(waiting[:SHOWN], team_id=member.team_id)


def own_requests(member: Member, *, now: datetime) -> list[Asking]:
    """What this member has asked for: what waits, and what was answered within ANSWERS_SHOWN; newest first."""
    recent = Q(decided_at=None) | Q(decided_at__gt=now - ANSWERS_SHOWN)
    own = member.grant_requests.filter(recent).select_related("member__user").order_by("-pk")
    return asking_of(own[:SHOWN], team_id=member.team_id)


def first_steps(member: Member, numbers: Numbers) -> list[FirstStep]:
    """What a new team does, in order, with what is done by the look of its data; empty once it has a device."""
    if numbers.devices:
        return []
    template = templates_of(member).in_use().order_by("-pk").first()
    was_seen = template is not None and sessions_of(member).filter(seen_at__isnull=False).exists()
    is_done = (template is not None, was_seen, False)
    current = is_done.index(False)
    drafts = (_make(member), _copy(template), _add(member, template))
    return [
        FirstStep(title, text, _state(position, current, done=done), action, url)
        for position, ((title, text, action, url), done) in enumerate(zip(drafts, is_done, strict=True))
    ]


def _state(position: int, current: int, *, done: bool) -> str:
    if done:
        return "done"
    return "now" if position == current else "next"


type Draft = tuple[str, str, str, str]


def _make(member: Member) -> Draft:
    title, text = "Make a template", "Name what you build and choose its board."
    if member.may(Permission.EDIT_TEMPLATES):
        return title, text, "New template", reverse("templates:new")
    return title, f"{text} An owner, an admin or a developer of your team does this.", "", ""


def _copy(template: Template | None) -> Draft:
    title = "Copy its firmware lines into your sketch"
    text = "They tell a board its template and this gateway. Landfall knows that it is done when a board logs in."
    if template is None:
        return title, text, "", ""
    return title, text, f"Lines of {template.name}", reverse("templates:detail", args=[template.template_id])


def _add(member: Member, template: Template | None) -> Draft:
    title = "Add a device"
    text = "A session gives you a token and shows each step. Without a board at hand, start a virtual device there."
    if template is None:
        return title, text, "", ""
    if not may_provision(member, template.template_id):
        text = "It takes the permission to provision, which you do not have. The page says who can give it to you."
        return title, text, "Ask for it", f"{reverse('provisioning:ask')}?template_id={template.template_id}"
    return title, text, "Add device", f"{reverse('sessions:new')}?template={template.template_id}"
