"""What the console tells gateways through Redis. Loss is tolerated: what must hold is checked against the store."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, Final

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from console.kit.gateway_bus import CHANNEL
from devices.gateway import metrics
from devices.gateway.endings import Ending
from devices.gateway.moving import move
from devices.gateway.registry import Registry
from devices.wire import push
from devices.wire.commands import SendOutcome
from devices.wire.connection import ServerConnection

FIRST_WAIT_SECONDS: Final = 0.1
LONGEST_WAIT_SECONDS: Final = 2.0
log = structlog.get_logger(__name__)


class Bus:
    """Hears `console.kit.gateway_bus` and acts on it; `run` listens until it is cancelled, whatever Redis does.

    `on_heard` is called each time the channel is there again: messages may have been lost in between.
    """

    def __init__(self, *, url: str, registry: Registry, gateway_id: str, on_heard: Callable[[], None]) -> None:
        self._url = url
        self._registry = registry
        self._gateway_id = gateway_id
        self._on_heard = on_heard
        self._wait_seconds = FIRST_WAIT_SECONDS

    async def run(self) -> None:
        """Listen until cancelled; tries again after 0.1 to 2 seconds when Redis is away."""
        while True:
            try:
                await self._listen()
            except (RedisError, OSError, TimeoutError) as error:
                log.warning("bus.away", error=type(error).__name__)
            except Exception:
                log.exception("bus.failed")
            metrics.BUS_UP.set(0)
            await asyncio.sleep(self._wait_seconds)
            self._wait_seconds = min(self._wait_seconds * 2, LONGEST_WAIT_SECONDS)

    async def _listen(self) -> None:
        client = Redis.from_url(self._url, socket_connect_timeout=2, retry=None)
        try:
            async with client.pubsub() as channel:
                await channel.subscribe(CHANNEL)
                async for message in channel.listen():
                    if message["type"] == "subscribe":
                        self._heard()
                    elif message["type"] == "message":
                        self.take(message["data"])
        finally:
            await client.aclose()

    def _heard(self) -> None:
        self._wait_seconds = FIRST_WAIT_SECONDS
        metrics.BUS_UP.set(1)
        log.info("bus.heard")
        self._on_heard()

    def take(self, data: bytes) -> None:
        """Act on one message. What makes no sense is counted and ignored: a newer console may speak of newer things."""
        try:
            self._act_on(json.loads(data))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            metrics.BUS_IGNORED.inc()
            log.warning("bus.ignored", error=type(error).__name__)

    def _act_on(self, message: dict[str, Any]) -> None:
        match message["kind"]:
            case "drop_tokens":
                self._registry.drop_tokens([int(token_id) for token_id in message["token_ids"]])
            case "drop_connection":
                self._drop_connection(message["gateway"], int(message["connection_id"]))
            case "move_device":
                self._move_device(int(message["token_id"]), int(message["device_id"]))
            case "write_pin":
                self._write_pin(int(message["device_id"]), int(message["pin"]), [str(v) for v in message["values"]])
            case "console_command":
                self._console_command(int(message["device_id"]), str(message["command"]))
            case "meta":
                self._send_meta(int(message["device_id"]), str(message["name"]), str(message["value"]))
            case kind:
                raise ValueError(kind)

    def _drop_connection(self, gateway: str, connection_id: int) -> None:
        connection = self._registry.of_id(connection_id) if gateway == self._gateway_id else None
        if connection is not None:
            connection.end(Ending.REPLACED)

    def _move_device(self, token_id: int, device_id: int) -> None:
        connection = self._registry.of_token(token_id)
        if connection is not None:
            move(connection, device_id)

    def _write_pin(self, device_id: int, pin: int, values: list[str]) -> None:
        self._push(device_id, lambda wire: push.virtual_write(wire, pin, values))

    def _console_command(self, device_id: int, command: str) -> None:
        self._push(device_id, lambda wire: push.console_command(wire, command))

    def _push(self, device_id: int, send: Callable[[ServerConnection], SendOutcome]) -> None:
        connection = self._registry.of_device(device_id)
        if connection is None:
            return
        if connection.paused_at is not None:
            metrics.PUSHES.labels("paused").inc()
            return
        outcome = send(connection.wire)
        metrics.PUSHES.labels(outcome.value).inc()
        if outcome is SendOutcome.SENT:
            connection.write()

    def _send_meta(self, device_id: int, name: str, value: str) -> None:
        connection = self._registry.of_device(device_id)
        if connection is not None and connection.wire.can_push and connection.paused_at is None:
            push.meta_reply(connection.wire, name, value)
            connection.write()
