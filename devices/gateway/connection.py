"""One device's connection: `devices.wire` on a transport."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, cast

from console.kit.tokens import digest, hint, looks_like_token
from devices.actions.values import Activated, Attach, Claim, Detach, LiveToken, Login, Refused
from devices.gateway import metrics
from devices.gateway.admission import plain_address, site_of
from devices.gateway.endings import FAILED_BECAUSE, Ending
from devices.gateway.gather import UNANSWERED, Unanswered
from devices.gateway.handlers import HANDLERS
from devices.gateway.pacing import Pacer
from devices.status import Refusal
from devices.wire import messages
from devices.wire.commands import Status
from devices.wire.connection import ServerConnection
from devices.wire.info import Info
from devices.wire.rate import TokenBucket
from devices.wire.states import ServerState

if TYPE_CHECKING:
    from devices.gateway.gateway import Gateway

WRITE_HIGH_BYTES: Final = 65_536
_ACTIVATING: Final = ServerState.ACTIVATING


class Connection(asyncio.Protocol):
    """From accept to close.

    1. A login is held against the limits, then put to the store together with others.
    2. A token with a device lets the connection speak for that device at once. A pending one is answered and waits for
       the first message, or for silence, which claims the device.
    3. From then on each message goes to its handler; PING takes a short cut.

    Every method runs on the event loop and none waits.
    """

    __slots__ = (
        "_is_counted",
        "_login",
        "_pacer",
        "_transport",
        "address",
        "connection_id",
        "device_id",
        "ended_at",
        "ending",
        "event_pace",
        "gateway",
        "group_at",
        "heard_at",
        "is_doomed",
        "is_heard",
        "paused_at",
        "reported_at",
        "since",
        "site",
        "throttled_count",
        "token",
        "wire",
    )

    _transport: asyncio.Transport

    def __init__(self, gateway: "Gateway") -> None:
        now = gateway.time()
        self.gateway = gateway
        self.wire = ServerConnection(gateway.options.limits)
        self.connection_id = gateway.next_connection_id()
        self.address = self.site = ""
        self._is_counted = False
        self.token: LiveToken | None = None
        self.device_id: int | None = None
        self.ending: Ending | None = None
        self.ended_at = 0.0
        self.since = now
        """When the present stage began: the connection, the login, or speaking for the device."""
        self.is_heard = False  # whether anything came since the sweep last looked
        self.heard_at = self.reported_at = now
        self.paused_at: float | None = None
        self.throttled_count = 0
        self.is_doomed = False
        self.group_at: float | None = None
        self.event_pace: TokenBucket | None = None
        self._login: Login | None = None
        self._pacer: Pacer | None = None

    # What the transport says

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = stream = cast("asyncio.Transport", transport)  # uvloop's own class is none by inheritance
        self.address = plain_address(stream.get_extra_info("peername"))
        self.site = site_of(self.address)
        limit = self.gateway.admission.enter(self.site)
        if limit is not None:
            self.gateway.note_turned_away(self.address, limit)
            self.ending = Ending.REFUSED
            stream.abort()
            return
        self._is_counted = True
        stream.set_write_buffer_limits(high=WRITE_HIGH_BYTES)
        self.gateway.registry.add(self)

    def data_received(self, data: bytes) -> None:
        now = self.gateway.time()
        self.is_heard = True
        answer = self.wire.answer_ping(data, now)
        if answer is None:
            self._act_on(self.wire.receive_data(data, now), now)
            self.write()
        elif self._pacer is None:
            self._transport.write(answer)
        else:
            self._pacer.add((answer,))

    def pause_writing(self) -> None:
        """The peer does not read: neither do we, so that no answers pile up."""
        self.paused_at = self.gateway.time()
        if not self._transport.is_closing():
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        self.paused_at = None
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def connection_lost(self, error: Exception | None) -> None:
        self._leave(Ending.CLOSED)
        if self._pacer is not None:
            self._pacer.flush()
        if self._is_counted:
            self.gateway.admission.leave(self.site)
        self.gateway.registry.discard(self)
        self.wire.close()

    # What the gateway does with it

    def write(self) -> None:
        """Write what the wire has ready, as one write; or piece by piece for those who need it."""
        if self._pacer is not None:
            self._pacer.add(self.wire.segments_to_send())
        elif data := self.wire.data_to_send():
            self._transport.write(data)

    def end(self, ending: Ending, status: Status | None = None) -> None:
        """Close, after what is due is written; with `status` as the answer to the login or the message that waits."""
        if self.ending is not None:
            return
        metrics.ENDED.labels(ending.value).inc()
        self.ended_at = self.gateway.time()
        if status is None:
            self.wire.close()
        else:
            self.wire.refuse(status)
        self._leave(ending)
        self.write()
        if self._pacer is not None:
            self._pacer.flush()
        # Closing with bytes unread makes the kernel reset the connection, and the peer may lose the answer: so only
        # our direction is closed, and the sweep does the rest where the peer does not.
        if status is not None and self._transport.can_write_eof():
            self._transport.write_eof()
        else:
            self._transport.close()

    def abort(self) -> None:
        """Close at once, whatever is still to be written."""
        self._transport.abort()

    def drop(self) -> None:
        """The token is no longer live. An activation under way may be what ended it; its answer says why."""
        if self.wire.state is _ACTIVATING:
            self.is_doomed = True
        else:
            self.end(Ending.REVOKED)

    def settle(self) -> None:
        """Nothing came for a while after the login: claim the device, or take it as one that sends no info block."""
        if self.wire.report_silence():
            self._claim([])
        elif self.device_id is not None:
            self.wire.assume_defaults()

    def attach_row(self, device_id: int) -> Attach:
        """This connection as the store keeps it."""
        return Attach(device_id, self.connection_id, self.gateway.gateway_id, self.address, self.wire.cutoff_seconds)

    def _act_on(self, events: Sequence[messages.ServerEvent], now: float) -> None:
        if self.device_id is None:
            self._act_before_device(events)
            return
        for event in events:
            handler = HANDLERS.get(type(event))
            if handler is not None:
                handler(self, event, now)

    def _act_before_device(self, events: Sequence[messages.ServerEvent]) -> None:
        for event in events:
            match event:
                case messages.Login():
                    self._log_in(event)
                case messages.Failed() | messages.Throttled():
                    HANDLERS[type(event)](self, event, 0.0)
        if events and self.wire.state is _ACTIVATING:
            self._claim(events)

    # Login

    def _log_in(self, event: messages.Login) -> None:
        if event.is_legacy:
            self._pacer = Pacer(self._transport, asyncio.get_running_loop())
        self._login = login = Login(digest(event.token), hint(event.token), self.address)
        gateway, now = self.gateway, self.gateway.time()
        if not gateway.admission.may_try(site=self.site, hint=login.hint, digest=login.digest, now=now):
            gateway.note_turned_away(self.address, "refusals")
            self.end(Ending.REFUSED)
        elif looks_like_token(event.token):
            gateway.logins.ask(login, self._take_verdict)
        else:
            self._refuse(Refusal.MALFORMED, Status.INVALID_TOKEN)

    def _take_verdict(self, verdict: LiveToken | Refused | Unanswered) -> None:
        if self.wire.is_closed or self._login is None:
            return
        if verdict is UNANSWERED:
            self.end(Ending.STORE_AWAY, Status.SERVER_ERROR)
        elif isinstance(verdict, Refused):
            self._refuse(verdict.reason, Status.INVALID_TOKEN)
        elif isinstance(verdict, LiveToken):
            self._let_in(verdict, self._login)

    def _refuse(self, reason: Refusal, status: Status) -> None:
        assert self._login is not None  # noqa: S101 - there was one to refuse
        self.gateway.note_refusal(self._login, reason, self.site)
        self.end(Ending.REFUSED, status)

    def _let_in(self, token: LiveToken, login: Login) -> None:
        gateway, now = self.gateway, self.gateway.time()
        self.token, self.since = token, now
        if not gateway.registry.claim_token(token.token_id, self):
            self.end(Ending.REVOKED)
            return
        metrics.ACCEPTED.inc()
        gateway.admission.trust(login.digest)
        if token.device_id is None:
            self._act_on(self.wire.accept_unactivated(now), now)
        else:
            self.speak_for(token.device_id)
            self._act_on(self.wire.accept(now), now)
        self.write()

    def speak_for(self, device_id: int) -> None:
        now = self.gateway.time()
        self.device_id, self.since, self.reported_at = device_id, now, now
        self.gateway.registry.claim_device(device_id, self)
        self.gateway.flusher.attach(self.attach_row(device_id))

    def _claim(self, events: Sequence[messages.ServerEvent]) -> None:
        assert self.token is not None  # noqa: S101 - only a token let in gets here
        reported = next((event.template_id for event in events if isinstance(event, Info)), "")
        claim = Claim(self.token.token_id, self.address, reported or None)
        self.gateway.activations.ask(claim, partial(self._take_outcome, events))

    def _take_outcome(self, held: Sequence[messages.ServerEvent], outcome: Activated | Refused | Unanswered) -> None:
        if self.wire.is_closed:
            return
        if outcome is UNANSWERED:
            self.end(Ending.STORE_AWAY, Status.SERVER_ERROR)
        elif isinstance(outcome, Refused):
            # Not 9: the login was answered already. 5 makes clients log in anew, and that login gets the 9.
            self._refuse(outcome.reason, Status.NOT_AUTHENTICATED)
        elif isinstance(outcome, Activated):
            if outcome.is_new:
                metrics.ACTIVATED.inc()
                self.gateway.note_activation(self, outcome)
            self._go_on(outcome.device_id, held)

    def _go_on(self, device_id: int, held: Sequence[messages.ServerEvent]) -> None:
        """The device exists: act on the message that made it so, then on those that came after."""
        now = self.gateway.time()
        self.speak_for(device_id)
        self._act_on([*held, *self.wire.activate(now)], now)
        self.write()
        if self.is_doomed:
            self.end(Ending.REVOKED)

    def _leave(self, ending: Ending) -> None:
        """Speak for nobody any more. What is kept is why, and of which device."""
        if self.ending is not None:
            return
        self.ending = ending
        if self._login is None:
            self.gateway.note_failure(self.address, FAILED_BECAUSE.get(ending))
        self.gateway.registry.release(self)
        if self.device_id is not None:
            self.gateway.flusher.detach(Detach(self.device_id, self.connection_id, ending.value))
