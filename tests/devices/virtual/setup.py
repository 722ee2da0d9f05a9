"""Virtual boards in setup mode for tests: on a loopback port, with a serial port, in a hurry.

    async with setup_board(library=Library.V1_2, server=("127.0.0.1", gateway.port)) as board:
        await board.until_open()
        status, body = await board.get("/board_info.json")
        await board.configure(token=token)            # as the phone does it, with the home network's password
        await board.until(State.RUNNING)

`board.url` is what a browser opens for http://192.168.4.1, `board.serial` what a serial monitor opens (with
`terminal=True`). From tests that have no event loop, `with running_setup_board(...) as board` runs it on a thread
of its own; there `board.url`, `board.serial`, `board.state`, `board.lines`, `board.configure(sent)`,
`board.get(target)`, `board.wait(state)` and `board.wait_until_open()` may be used.
"""

import asyncio
import contextlib
import http.client
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from ssl import SSLContext
from typing import Any
from urllib.parse import urlencode, urlsplit

from devices.virtual.edgent import EdgentBoard
from devices.virtual.endings import Ending, Fault
from devices.virtual.firmware import DEFAULT_HOST, DEFAULT_PORT, Firmware, Kind, Library
from devices.virtual.flash import ConfigFile, ConfigStore, Memory
from devices.virtual.networks import AROUND, HOME, Network
from devices.virtual.parts import Parts
from devices.virtual.states import State
from devices.virtual.terminal import Terminal
from devices.virtual.timings import SetupTimings
from tests.devices.virtual.harness import PATIENCE, TOKEN, until

MAC = bytes.fromhex("246f28010203")
HURRIED = SetupTimings(
    reconnect=0.02, login=PATIENCE, reading=0.02, restart=0.01, hotspot=0.01, peer=PATIENCE, scan=0.01, switch=0.01,
    join=0.01, network=PATIENCE, cloud=PATIENCE, error=0.01,
)  # fmt: skip
"""Everything that succeeds is quick; what gives up after a while does not do so here."""


@dataclass
class SetupBoard:
    """A board under test with everything that it said."""

    board: EdgentBoard
    task: asyncio.Task[Ending]
    parts: Parts
    lines: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.board.setup_port}"

    @property
    def serial(self) -> str:
        """The path of its serial port."""
        assert self.parts.terminal is not None
        return self.parts.terminal.path

    @property
    def state(self) -> State:
        return self.board.state

    @property
    def told(self) -> list[str]:
        """The lines of the log without their times."""
        return [line.partition("] ")[2] for line in self.lines if line.startswith("[")]

    def says(self, text: str) -> bool:
        return any(text in line for line in self.lines)

    async def until(self, state: State) -> None:
        await until(lambda: self.state is state)

    async def until_open(self) -> None:
        await until(lambda: self.board.is_open)

    async def until_told(self, text: str) -> None:
        await until(lambda: self.says(text))

    async def raw(self, request: bytes, *, is_ended: bool = False) -> bytes:
        """Everything that the setup server answers to these bytes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.board.setup_port)
        try:
            writer.write(request)
            if is_ended:
                writer.write_eof()
            async with asyncio.timeout(PATIENCE):
                return await reader.read()
        except ConnectionError:
            return b""
        finally:
            writer.close()

    async def get(self, target: str, *, method: str = "GET", body: bytes = b"", content_type: str = "") -> Any:
        """The status and the body; 0 where there is no answer."""
        head = f"{method} {target} HTTP/1.1\r\nHost: 192.168.4.1\r\nContent-Length: {len(body)}\r\n"
        head += f"Content-Type: {content_type}\r\n" if content_type else ""
        answer = await self.raw(head.encode() + b"\r\n" + body)
        first, _, content = answer.partition(b"\r\n\r\n")
        return (int(first.split(b" ")[1]) if first else 0), content

    async def configure(
        self,
        *,
        token: str = TOKEN,
        ssid: str = HOME.ssid,
        password: str = HOME.password,
        host: str | None = None,
        port: int | None = None,
        **more: Any,
    ) -> Any:
        """What a phone sends; host and port are by default where the board's test server is."""
        fields = {"ssid": ssid, "pass": password, "blynk": token, "host": host or self.server[0]}
        fields |= {"port": "80", "port_ssl": str(port or self.server[1])}
        return await self.get("/config?" + urlencode(fields | more))

    server: tuple[str, int] = ("127.0.0.1", 1)


@contextlib.asynccontextmanager
async def setup_board(
    *,
    kind: Kind = Kind.ESP32,
    library: Library = Library.V1_4,
    name: str = "Soil Sensor",
    template_id: str = "TMPLabcdefghi",
    default_server: tuple[str, int] = (DEFAULT_HOST, DEFAULT_PORT),
    server: tuple[str, int] = ("127.0.0.1", 1),
    times: SetupTimings = HURRIED,
    networks: Sequence[Network] = AROUND,
    fault: Fault | None = None,
    tls: SSLContext | None = None,
    terminal: bool = False,
    store: ConfigStore | Path | None = None,
    mac: bytes = MAC,
) -> AsyncIterator[SetupBoard]:
    """A board that runs until the end of the block."""
    firmware = Firmware(
        template_id=template_id,
        template_name=name,
        kind=kind,
        library=library,
        default_host=default_server[0],
        default_port=default_server[1],
    )
    parts = Parts(firmware=firmware, mac=mac, times=times, networks=networks, fault=fault, tls=tls)
    lines: list[str] = []
    kept = ConfigFile(store) if isinstance(store, Path) else store or Memory()
    with contextlib.ExitStack() as stack:
        if terminal:
            parts.terminal = stack.enter_context(Terminal())
        board = EdgentBoard(parts, say=lines.append, store=kept)
        task = asyncio.create_task(board.run())
        try:
            yield SetupBoard(board, task, parts, lines, server)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


class ThreadedBoard:
    """A board on a thread of its own, for tests without an event loop."""

    def __init__(self, **options: Any) -> None:
        self._options = options
        self._ready = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="virtual-board")
        self._board: SetupBoard
        self.url = ""
        self.serial = ""

    @property
    def state(self) -> State:
        return self._board.state

    @property
    def lines(self) -> list[str]:
        return self._board.lines

    @property
    def hotspot_name(self) -> str:
        return self._board.board.hotspot_name

    def wait(self, state: State) -> None:
        """Until the board is in `state`."""
        self._wait_for(lambda: self.state is state, f"never was {state}")

    def wait_until_open(self) -> None:
        """Until its hotspot has closed after what it was told, and is open again."""
        self._wait_for(lambda: any("=> CONNECTING_NET" in line for line in self.lines), "never tried the network")
        self._wait_for(lambda: self._board.board.is_open, "did not open its hotspot again")

    def _wait_for(self, condition: Callable[[], bool], complaint: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, f"the board {complaint}; it is {self.state}: {self.lines[-3:]}"
            time.sleep(0.01)

    def configure(self, sent: Mapping[str, object]) -> None:
        """Send the board its settings, as a phone does."""
        self.get("/config?" + urlencode(sent))

    def get(self, target: str) -> str:
        """What its setup server answers, as a phone reads it."""
        where = urlsplit(self.url)
        phone = http.client.HTTPConnection(str(where.hostname), where.port, timeout=PATIENCE)
        try:
            phone.request("GET", target)
            return phone.getresponse().read().decode(errors="replace")
        finally:
            phone.close()

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(PATIENCE)

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(PATIENCE)

    async def _run(self) -> None:
        async with setup_board(**self._options) as self._board:
            if self._options.get("fault") is not Fault.NO_HOTSPOT:
                await self._board.until_open()
                self.url = self._board.url
            self.serial = self._board.serial if self._options.get("terminal") else ""
            self._ready.set()
            while not self._stop.is_set():
                await asyncio.sleep(0.01)


@contextlib.contextmanager
def running_setup_board(**options: Any) -> Iterator[ThreadedBoard]:
    """`setup_board` with the same options, on a thread of its own."""
    board = ThreadedBoard(**options)
    board.start()
    try:
        yield board
    finally:
        board.stop()
