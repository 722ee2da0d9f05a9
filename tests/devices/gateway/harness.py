"""A gateway on a thread of its own, and devices made of a blocking socket and the wire's client side."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

import uvloop
from django.conf import settings

from devices.gateway.gateway import Gateway
from devices.gateway.options import Options
from devices.gateway.port import Store
from devices.gateway.server import Server
from devices.wire.client import ClientConnection
from devices.wire.messages import ClientEvent, LoginAccepted, LoginRefused, Response

PATIENCE = 15.0
INFO = {"ver": "1.4.0", "h-beat": 40, "buff-in": 1024, "dev": "ESP32", "fw": "0.1.0", "build": "Nov  2 2026"}


def until[T](condition: Callable[[], T | None], *, seconds: float = PATIENCE) -> T:
    """Ask until the answer is true, and return it; fails when it never is."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.01)
    return answer


def quick(**changes: object) -> Options:
    """Options whose deadlines pass soon."""
    defaults: dict[str, object] = {
        "settle_seconds": 0.2,
        "sweep_seconds": 0.02,
        "flush_seconds": 0.05,
        "urgent_flush_seconds": 0.01,
        "heard_seconds": 0.1,
        "linger_seconds": 0.2,
        "refusals_per_address": 10_000,
        "refusals_per_hint": 1000,
    }
    return Options(**(defaults | changes))  # type: ignore[arg-type] # names and types are those of Options


class RunningGateway:
    """A server on its own loop and thread."""

    def __init__(self, store: Store, options: Options) -> None:
        self._store = store
        self._options = options
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gateway-under-test")
        self._loop: asyncio.AbstractEventLoop
        self._server: Server
        self._failure: BaseException | None = None
        self.faults: list[object] = []

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(PATIENCE)
        if self._failure:
            raise self._failure
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        return self._server.port

    @property
    def tls_port(self) -> int:
        return self._server.tls_port

    @property
    def gateway(self) -> Gateway:
        return self._server.gateway

    def stop(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._server.request_stop)
            self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    def call[T](self, function: Callable[[], T]) -> T:
        """Call on the gateway's loop."""

        async def run() -> T:
            return function()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(PATIENCE)

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(self._serve())
        except BaseException as error:
            self._failure = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(lambda _loop, context: self.faults.append(context))
        self._server = Server(store=self._store, redis_url=settings.REDIS_URL, options=self._options)
        await self._server.start()
        self._ready.set()
        await self._server.wait()
        await self._server.stop()


class Device:
    """A device with a blocking socket; what came so far is in `events`."""

    def __init__(self, port: int, *, sock: socket.socket | None = None) -> None:
        self.sock = sock or socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.sock.settimeout(PATIENCE)
        self.wire = ClientConnection()
        self.events: list[ClientEvent] = []
        self.is_cut = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.sock.close()

    def send(self) -> None:
        """Write what the wire has ready."""
        self.sock.sendall(self.wire.data_to_send())

    def read(self) -> bool:
        """Take what comes next; False where the server closed."""
        try:
            data = self.sock.recv(65_536)
        except ConnectionError:
            data = b""
        if not data:
            self.is_cut = True
            return False
        self.events += self.wire.receive_data(data)
        return True

    def expect[E: ClientEvent](self, kind: type[E], *, count: int = 1) -> E:
        """Read until `count` events of this kind have come, and return the last."""
        deadline = time.monotonic() + PATIENCE
        while len(found := [event for event in self.events if isinstance(event, kind)]) < count:
            assert time.monotonic() < deadline
            assert self.read(), f"closed while waiting for {kind.__name__}; had {self.events}"
        return found[-1]

    def expect_close(self) -> None:
        while self.read():
            pass

    def log_in(self, token: str, *, is_legacy: bool = False) -> int:
        """Log in and return the status of the answer, or 0 where the server closed without one."""
        self.wire.log_in(token, is_legacy=is_legacy)
        self.send()
        while not (verdict := self._verdict()):
            if not self.read():
                return 0
        return 200 if isinstance(verdict, LoginAccepted) else verdict.status

    def send_info(self, **pairs: object) -> None:
        self.wire.send_info(INFO | pairs)
        self.send()

    def ping(self) -> None:
        """Ask for a sign of life and await it."""
        before = sum(isinstance(event, Response) for event in self.events)
        self.wire.send_ping()
        self.send()
        assert self.expect(Response, count=before + 1).status == 200

    def _verdict(self) -> LoginAccepted | LoginRefused | None:
        return next((event for event in self.events if isinstance(event, LoginAccepted | LoginRefused)), None)


@contextlib.contextmanager
def device_at(port: int, token: str, **info: object) -> Iterator[Device]:
    """A device that has logged in and sent its info block."""
    with Device(port) as device:
        assert device.log_in(token) == 200
        device.send_info(**info)
        yield device
