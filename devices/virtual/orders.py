"""What the console asks of the fleet of virtual devices, through a short-lived list in Redis."""

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum

import structlog
from django.conf import settings
from redis.exceptions import RedisError

from console.kit import gateway_bus
from console.kit.tokens import looks_like_token
from devices.virtual.endings import Fault
from devices.virtual.firmware import Firmware, Kind, Library
from templates_app.models import Template

ORDERS = "landfall:virtual"
BOARDS = "landfall:virtual:board"
KEPT_SECONDS = 60
SEEN_SECONDS = 15
MAX_BYTES = 4096
log = structlog.get_logger(__name__)


class Mode(StrEnum):
    """How a virtual device starts."""

    CONNECTED = "connected"
    """It has the token and calls the gateway."""
    SETUP = "setup"
    """It opens its setup page and waits for somebody to configure it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One virtual device to start; in setup mode it has no token yet and belongs to a session."""

    token: str = field(default="", repr=False)
    template_id: str
    template_name: str
    mode: str = Mode.CONNECTED
    fault: str = ""
    session_id: int = 0
    kind: str = Kind.ESP32
    library: str = Library.V1_4

    @property
    def firmware(self) -> Firmware:
        """What is compiled into it. Raises ValueError where there is no such firmware."""
        return Firmware(
            template_id=self.template_id,
            template_name=self.template_name,
            kind=Kind(self.kind),
            library=Library(self.library),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardStatus:
    """A virtual device in setup mode as its session's page shows it; `url` is empty while its hotspot is closed, `led`
    one of `LedState`.
    """

    hotspot_name: str
    state: str
    url: str = ""
    serial: str = ""
    firmware: str = ""
    led: str = ""
    is_led_dark: bool = False


def is_offered() -> bool:
    """Virtual devices run beside the embedded servers only."""
    return bool(settings.IS_EMBEDDED)


def start(
    *,
    template: Template,
    token: str = "",
    session_id: int = 0,
    fault: Fault | None = None,
    kind: Kind = Kind.ESP32,
    library: Library = Library.V1_4,
) -> bool:
    """Ask for a virtual device; False when Redis is away. The token is never logged.

    With `token` it logs in at once. Without one it starts in setup mode, in place of the one that the session may have.
    """
    return _place(
        Order(
            token=token,
            template_id=template.template_id,
            template_name=template.name,
            mode=Mode.CONNECTED if token else Mode.SETUP,
            fault=fault or "",
            session_id=session_id,
            kind=kind,
            library=library,
        )
    )


def publish(session_id: int, status: BoardStatus | None) -> None:
    """Tell the pages about a session's board for a while, or that it is gone. Silent while Redis is away."""
    name = f"{BOARDS}:{session_id}"
    try:
        if status is None:
            gateway_bus.client().delete(name)
        else:
            gateway_bus.client().set(name, json.dumps(asdict(status)), ex=SEEN_SECONDS)
    except (RedisError, OSError):
        log.warning("virtual_device.not_told", reason="redis away")


def board_of(session_id: int) -> BoardStatus | None:
    """The session's board in setup mode; None where there is none, or Redis is away."""
    try:
        raw = gateway_bus.client().get(f"{BOARDS}:{session_id}")
        return None if raw is None else BoardStatus(**json.loads(raw))
    except (RedisError, OSError, ValueError, TypeError):
        return None


def parse(raw: bytes) -> Order | None:
    """The order that somebody placed as `raw`, or None for anything else."""
    if len(raw) > MAX_BYTES:
        return None
    try:
        order = Order(**json.loads(raw))
        token, _, _ = [text.encode() for text in (order.token, order.template_id, order.template_name)]
        mode = Mode(order.mode)
        if order.fault:
            Fault(order.fault)
        _ = order.firmware
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    is_whole = type(order.session_id) is int and order.session_id > 0 if mode is Mode.SETUP else looks_like_token(token)
    return order if is_whole else None


def _place(order: Order) -> bool:
    try:
        with gateway_bus.client().pipeline() as pipeline:
            pipeline.rpush(ORDERS, json.dumps(asdict(order)))
            pipeline.expire(ORDERS, KEPT_SECONDS)
            pipeline.execute()
    except (RedisError, OSError):
        log.warning("virtual_device.not_ordered", reason="redis away")
        return False
    return True
