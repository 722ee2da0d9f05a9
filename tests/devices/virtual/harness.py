"""A server of scripts on a real socket, and boards that hurry."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from devices.virtual.board import VirtualBoard
from devices.virtual.endings import Ending, Fault
from devices.virtual.flash import Flash, mac_of
from devices.virtual.timings import Timings
from devices.wire.commands import Command, Status
from devices.wire.connection import ServerConnection
from devices.wire.info import Info
from devices.wire.messages import Login, PinWrite, ServerEvent

PATIENCE = 30.0
TOKEN = "lfd_" + "B" * 28
QUICK = Timings(reconnect=0.02, reading=0.02, restart=0.01, login=PATIENCE)
"""Nothing here gives up early, however busy the machine is."""


async def until[T](condition: Callable[[], T]) -> T:
    """Ask until the answer is true, and return it; fails when it never is."""
    deadline = time.monotonic() + PATIENCE
    while not (answer := condition()):
        assert time.monotonic() < deadline, "it did not come true"
        await asyncio.sleep(0.005)
    return answer


def flash_for(port: int, *, token: str = TOKEN, is_valid: bool = False) -> Flash:
    return Flash(
        token=token,
        template_id="TMPLabcdefghi",
        template_name="Soil Sensor",
        mac=mac_of(token),
        host="127.0.0.1",
        port=port,
        is_valid=is_valid,
    )


class ScriptedServer:
    """Accepts every login, or answers the next ones with `verdicts`; what devices sent is in `events`."""

    def __init__(self) -> None:
        self.events: list[ServerEvent] = []
        self.verdicts: list[Status] = []
        self.is_mute = False
        self.pings_count = 0
        self.port = 0
        self._open: list[tuple[ServerConnection, asyncio.StreamWriter]] = []

    @classmethod
    @contextlib.asynccontextmanager
    async def listen(cls) -> AsyncIterator["ScriptedServer"]:
        script = cls()
        server = await asyncio.start_server(script._serve, "127.0.0.1", 0)
        script.port = server.sockets[0].getsockname()[1]
        try:
            yield script
        finally:
            server.close()
            script.hang_up()
            await server.wait_closed()

    def of[E: ServerEvent](self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    def values_of(self, pin: int) -> list[str]:
        return [event.values[0] for event in self.of(PinWrite) if event.pin == pin]

    @property
    def is_settled(self) -> bool:
        """Whether the newest connection has sent its info block."""
        return bool(self._open) and self._open[-1][0].can_push

    async def push[T](self, send: Callable[[ServerConnection], T]) -> T:
        """Send something to the newest board, once it is ready for it."""
        await until(lambda: self.is_settled)
        wire, writer = self._open[-1]
        outcome = send(wire)
        writer.write(wire.data_to_send())
        return outcome

    def hang_up(self) -> None:
        for _, writer in self._open:
            writer.close()
        self._open.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = ServerConnection()
        self._open.append((wire, writer))
        with contextlib.suppress(OSError):
            while not wire.is_closed and (data := await reader.read(4096)):
                # The wire answers PING without an event.
                self.pings_count += data[0] == Command.PING
                self._answer(wire, wire.receive_data(data, now=time.monotonic()))
                writer.write(wire.data_to_send())
        writer.close()

    def _answer(self, wire: ServerConnection, events: list[ServerEvent]) -> None:
        self.events += events
        if not any(isinstance(event, Login) for event in events) or self.is_mute:
            return
        verdict = self.verdicts.pop(0) if self.verdicts else Status.OK
        if verdict == Status.OK:
            self.events += wire.accept(now=time.monotonic())
        else:
            wire.refuse(verdict)


@dataclass
class RunningBoard:
    """A board under test, its serial log, and every flash that it kept."""

    task: asyncio.Task[Ending]
    lines: list[str] = field(default_factory=list)
    kept: list[Flash] = field(default_factory=list)

    def says(self, text: str) -> bool:
        return any(text in line for line in self.lines)

    async def ending(self) -> Ending:
        async with asyncio.timeout(PATIENCE):
            return await self.task


@contextlib.asynccontextmanager
async def board_on(
    flash: Flash, *, timings: Timings = QUICK, fault: Fault | None = None
) -> AsyncIterator[RunningBoard]:
    """A board that runs until the end of the block."""
    lines: list[str] = []
    kept: list[Flash] = []
    board = VirtualBoard(flash, say=lines.append, keep=kept.append, timings=timings, fault=fault)
    task = asyncio.create_task(board.run())
    try:
        yield RunningBoard(task, lines, kept)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def info_of(server: ScriptedServer) -> Info:
    return (await until(lambda: server.of(Info)))[-1]
