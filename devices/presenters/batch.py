"""A batch as its pages show it: how far it has come, its rows, and the labels of its sheet."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from devices.models import Batch, ProvisioningSession
from devices.status import SessionState, session_state
from templates_app import boards, hotspot
from templates_app.exact_names import exact_generations
from templates_app.labels import label_of
from templates_app.models import Template


@dataclass(frozen=True, slots=True)
class Progress:
    """How many sessions of a batch are in each state."""

    batch: Batch
    counts: dict[SessionState, int]

    @property
    def activated_count(self) -> int:
        return self.counts.get(SessionState.ACTIVATED, 0)

    @property
    def open_count(self) -> int:
        return self.counts.get(SessionState.OPEN, 0)

    @property
    def is_open(self) -> bool:
        return self.open_count > 0


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One device to come, and what has become of it."""

    session: ProvisioningSession
    state: SessionState

    @property
    def is_seen(self) -> bool:
        """Whether a device has logged in and is not activated yet."""
        return self.state is SessionState.OPEN and self.session.seen_at is not None


@dataclass(frozen=True, slots=True)
class SheetLabel:
    """One label. `hotspot` is exact where `wifi`, the text of its QR code, is there; else `X` stands in it."""

    session: ProvisioningSession
    title: str
    hotspot: str
    wifi: str
    token: str


def progress_of(batches: Sequence[Batch], now: datetime) -> list[Progress]:
    """Each batch with its sessions counted by state at `now`; one query for all of them."""
    counts: dict[int | None, dict[SessionState, int]] = defaultdict(lambda: defaultdict(int))
    until = {batch.pk: batch.expires_at for batch in batches}
    found = ProvisioningSession.objects.filter(batch__in=until).order_by().values_list("batch_id", "state")
    for batch_id, state, count in found.annotate(count=Count("pk")):
        if batch_id is not None:
            seen = session_state(stored=SessionState(state), expires_at=until[batch_id], now=now)
            counts[batch_id][seen] += count
    return [Progress(batch, dict(counts[batch.pk])) for batch in batches]


def rows_of(sessions: Iterable[ProvisioningSession], now: datetime) -> list[BatchRow]:
    """Sessions, loaded with their devices, as rows."""
    return [BatchRow(session, session.state_at(now)) for session in sessions]


def title_of(session: ProvisioningSession) -> str:
    """What a row is called until there is a device: its planned name, else its number."""
    return session.planned_name or f"Device {session.batch_row}"


def names_are_of(template: Template) -> hotspot.Generation | None:
    """The libraries by which the names on the sheet are worked out; None where they do not follow from the MAC."""
    return next(iter(exact_generations(boards.by_key(template.board))), None)


def labels_of(
    sessions: Iterable[ProvisioningSession], template: Template, tokens: dict[int, str] | None
) -> list[SheetLabel]:
    """A label for each session, loaded with its token; without `tokens` their hints stand in their place."""
    given = tokens or {}
    return [
        SheetLabel(
            session, title_of(session), *_hotspot(session, template), given.get(session.pk, f"{session.token.hint}…")
        )
        for session in sessions
    ]


def _hotspot(session: ProvisioningSession, template: Template) -> tuple[str, str]:
    """(name of the hotspot, text of its QR code): exact where MAC and board allow it, else the name's pattern alone."""
    board = boards.by_key(template.board)
    generation = names_are_of(template)
    if session.planned_mac and generation:
        try:
            label = label_of(template.name, board, generation, hotspot.parse_mac(session.planned_mac))
        except ValueError:
            pass  # too long for a network's name, or cut inside a character: nothing a phone could join
        else:
            return label.ssid, label.wifi
    return (hotspot.pattern(template.name, hotspot.Generation.V1_2).text if board.has_hotspot else ""), ""
