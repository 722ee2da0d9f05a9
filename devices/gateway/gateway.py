"""One running gateway: what its connections share, and the tasks beside them."""

import asyncio
import contextlib
import itertools
import secrets
import uuid
from collections.abc import Sequence
from typing import Final

import structlog

from console.kit.tokens import TOKEN_PREFIX
from devices.actions.values import Activated, Claim, Failure, LiveToken, Login, Refused
from devices.gateway import metrics, sweep
from devices.gateway.admission import Admission
from devices.gateway.bus import Bus
from devices.gateway.connection import Connection
from devices.gateway.flusher import Flusher
from devices.gateway.gather import Gatherer
from devices.gateway.moving import move
from devices.gateway.options import Options
from devices.gateway.port import Store, StoreUnavailable
from devices.gateway.registry import Registry
from devices.gateway.worker import Worker
from devices.status import FailedBecause, Refusal

NOTES_PER_SECOND: Final = 5
log = structlog.get_logger(__name__)


class Gateway:
    """Made and used on a running event loop. Two threads call the store: logins never wait for a long flush.

    `gateway_id` is new with every start, so that connections of an earlier one are never mistaken for ours.
    """

    def __init__(self, *, store: Store, redis_url: str, options: Options) -> None:
        loop = asyncio.get_running_loop()
        self.options = options
        self.gateway_id = str(uuid.uuid4())
        self.time = loop.time
        self.registry = Registry()
        self.admission = Admission(options)
        self._store = store
        self._front = Worker(name="gateway-logins", loop=loop)
        self._back = Worker(name="gateway-writes", loop=loop)
        self._connection_ids = itertools.count(secrets.randbits(62))
        self.flusher = Flusher(
            store=store, worker=self._back, registry=self.registry, options=options, gateway_id=self.gateway_id
        )
        self.logins: Gatherer[Login, LiveToken | Refused] = Gatherer(
            name="look_up", call=store.look_up, worker=self._front, options=options
        )
        self.activations: Gatherer[Claim, Activated | Refused] = Gatherer(
            name="activate", call=self._activate, worker=self._front, options=options
        )
        self.pin_values: Gatherer[tuple[int, Sequence[int] | None], list[tuple[int, str]]] = Gatherer(
            name="pin_values", call=self._read_pins, worker=self._back, options=options
        )
        self.metadata: Gatherer[tuple[int, str], str | None] = Gatherer(
            name="metadata", call=self._read_metadata, worker=self._back, options=options
        )
        self._recheck_now = asyncio.Event()
        self._bus = Bus(
            url=redis_url, registry=self.registry, gateway_id=self.gateway_id, on_heard=self._recheck_now.set
        )
        self._tasks: list[asyncio.Task[None]] = []
        self._notes_until = 0.0
        self._notes_left = NOTES_PER_SECOND

    def next_connection_id(self) -> int:
        """A number that no connection of any gateway has, as far as chance allows: it starts at a random 62 bits."""
        return next(self._connection_ids)

    def connection(self) -> Connection:
        """A protocol for a connection just accepted."""
        return Connection(self)

    def start(self) -> None:
        """Begin to sweep, flush, recheck and listen to the console."""
        for work in (sweep.run(self), self.flusher.run(), self._recheck(), self._bus.run()):
            self._tasks.append(asyncio.get_running_loop().create_task(work))

    async def stop(self) -> bool:
        """End what runs beside the connections and let go of the store. False where a call still hangs in it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        stopped = [worker.stop(last=self._store.close, seconds=1.0) for worker in (self._front, self._back)]
        return all(stopped)

    # Notes: events worth a line, few enough for a log

    def note_refusal(self, login: Login, reason: Refusal, site: str) -> None:
        """A login was certainly refused: count it, and log it with the hint alone."""
        metrics.REFUSED.labels(reason.value).inc()
        self.admission.count_refusal(site=site, hint=login.hint, now=self.time())
        if reason is Refusal.MALFORMED:
            # The store is not asked about it. What stands in for a token may be anything, a WiFi password too: only
            # the beginning of one of ours is kept.
            known = login.hint if login.hint.startswith(TOKEN_PREFIX) else ""
            self.note_failure(login.address, FailedBecause.MALFORMED, known)
        if self._may_note():
            log.info("login.refused", hint=login.hint, address=login.address, reason=reason.value)

    def note_turned_away(self, address: str, limit: str) -> None:
        """A limit closed a connection before the store was asked."""
        metrics.TURNED_AWAY.labels(limit).inc()
        self.note_failure(address, FailedBecause.TURNED_AWAY, limit)

    def note_failure(self, address: str, reason: FailedBecause | None, detail: str = "") -> None:
        """A connection never became a login: evidence for findings. None is no evidence."""
        if reason is not None and address:
            self.flusher.fail(Failure(address, reason, detail))

    def note_activation(self, connection: Connection, outcome: Activated) -> None:
        if self._may_note():
            log.info("device.activated", device_id=outcome.device_id, address=connection.address)

    def _may_note(self) -> bool:
        now = self.time()
        if now >= self._notes_until:
            self._notes_until = now + 1.0
            self._notes_left = NOTES_PER_SECOND
        self._notes_left -= 1
        return self._notes_left >= 0

    # In a worker's thread

    def _activate(self, claims: Sequence[Claim]) -> list[Activated | Refused]:
        """One claim for each token: of two connections with one token the older is being closed anyway."""
        newest = {claim.token_id: claim for claim in claims}
        outcomes = dict(zip(newest, self._store.activate(list(newest.values())), strict=True))
        return [outcomes[claim.token_id] for claim in claims]

    def _read_pins(self, asked: Sequence[tuple[int, Sequence[int] | None]]) -> list[list[tuple[int, str]]]:
        return [self._store.pin_values(device_id, pins) for device_id, pins in asked]

    def _read_metadata(self, asked: Sequence[tuple[int, str]]) -> list[str | None]:
        return [self._store.metadata(device_id, name) for device_id, name in asked]

    # Recheck

    async def _recheck(self) -> None:
        """Ask the store now and then which tokens are still live, in case a message on the bus was lost."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._recheck_now.wait(), self.options.recheck_seconds)
            self._recheck_now.clear()
            try:
                await self._drop_dead()
            except StoreUnavailable:
                metrics.STORE_FAILURES.labels("live_tokens").inc()
            except Exception:
                log.exception("recheck.failed")

    async def _drop_dead(self) -> None:
        for asked in itertools.batched(self.registry.token_ids(), self.options.recheck_batch, strict=False):
            live = await self._back.call(lambda asked=asked: self._store.live_tokens(asked))  # type: ignore[misc]
            self.registry.drop_tokens(set(asked) - live.keys())
            for token_id, device_id in live.items():
                connection = self.registry.of_token(token_id)
                if connection is not None and device_id is not None:
                    move(connection, device_id)
