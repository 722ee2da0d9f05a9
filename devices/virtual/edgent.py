"""A virtual board from its power switch on: setup mode, WiFi, cloud, errors, reboots.

The states, their order and what is kept are those of the Edgent sketches (Blynk library 1.0.1, 1.2.0 and 1.4.0).
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

from devices.virtual import blob, console, leds, sketch
from devices.virtual.blob import Config
from devices.virtual.core import Core
from devices.virtual.endings import Ending, Fault
from devices.virtual.firmware import Kind
from devices.virtual.flash import ConfigStore, Memory
from devices.virtual.online import Online
from devices.virtual.parts import Parts
from devices.virtual.setup_mode import SetupMode
from devices.virtual.setup_pages import Answer, Effect
from devices.virtual.states import SETTING_UP, State
from templates_app.boards.led import LedState

_AFTER: Final = {Effect.RESET: State.RESET_CONFIG, Effect.CONNECT: State.SWITCH_TO_STA}


class EdgentBoard:
    """One board; made and run on an event loop. `say` gets every line of its log, without secrets.

    The methods that people and the server reach it by (`press`, `release`, `leave`, `obey`) change its state at once,
    whatever it waits for.
    """

    def __init__(self, parts: Parts, *, say: Callable[[str], None], store: ConfigStore | None = None) -> None:
        self._core = Core(parts, say, store or Memory())
        self._setup = SetupMode(self._core, self._done)
        self._online = Online(self._core, self._obey_server)
        self._mode: asyncio.Task[None] | None = None
        self._is_restarting = False
        self._pressed_at: float | None = None

    @property
    def config(self) -> Config:
        return self._core.config

    @property
    def setup_port(self) -> int:
        """Where its setup server listens, 0 while it does not."""
        return self._setup.port

    @property
    def state(self) -> State:
        return self._core.log.state

    @property
    def hotspot_name(self) -> str:
        return self._core.firmware.hotspot(self._core.parts.mac).text

    @property
    def is_open(self) -> bool:
        """Whether its setup server answers, at `setup_port`."""
        return self.setup_port != 0

    @property
    def is_led_dark(self) -> bool:
        """Whether its LED never lights; the Wio Terminal's is not even set up."""
        return self._core.parts.fault is Fault.DARK_LED or self._core.firmware.kind is Kind.WIO

    @property
    def led(self) -> LedState:
        """What its LED shows now, or would show if it lit."""
        held = None if self._pressed_at is None else self._core.clock() - self._pressed_at
        return leds.led_of(self._core.log.state, held_seconds=held)

    async def run(self) -> Ending:
        """Live until it dies; reboots are survived. Raises OSError where its setup server cannot listen."""
        self._boot()
        while not self._online.is_dead:
            self._mode = asyncio.create_task(self._modes()[self._core.log.state]())
            try:
                await self._mode
            except asyncio.CancelledError:
                # Ours are interruptions of the mode alone.
                if (task := asyncio.current_task()) is not None and task.cancelling():
                    self._mode.cancel()
                    raise
            if self._is_restarting:
                await asyncio.sleep(self._core.parts.times.restart)
                self._boot()
        return Ending.DIED

    def press(self) -> None:
        """Push the button down."""
        if self._pressed_at is None:
            self._pressed_at = self._core.clock()
            self._core.log.line("Hold the button for 10 seconds to reset configuration...")

    def release(self, *, held_seconds: float | None = None) -> None:
        """Let the button go; `held_seconds` says how long it was down where nobody wants to wait for that."""
        if self._pressed_at is None:
            return
        held = self._core.clock() - self._pressed_at if held_seconds is None else held_seconds
        self._pressed_at = None
        if held >= leds.RESET_SECONDS:
            self._go(State.RESET_CONFIG)

    def leave(self) -> None:
        """The last phone leaves the hotspot."""
        if self._core.log.state is State.CONFIGURING:
            self._core.log.enter(State.WAIT_CONFIG)

    def obey(self, line: bytes) -> console.Said | None:
        """Do what a line of the console or of the server's "dbg" says; None where nothing is on it."""
        words = console.words_of(line)
        if not words:
            return None
        said = console.run(words, self._facts())
        match said.order:
            case console.Order.RESTART:
                self._restart()
            case console.Order.SET_UP:
                self._go(State.WAIT_CONFIG)
            case console.Order.ERASE:
                self._go(State.RESET_CONFIG)
            case console.Order.CONNECT if said.config is not None:
                self._core.config = said.config
                self._go(State.SWITCH_TO_STA)
            case _:
                pass
        return said

    def _modes(self) -> dict[State, Callable[[], Coroutine[Any, Any, None]]]:
        return {
            State.WAIT_CONFIG: self._setup.run,
            State.CONFIGURING: self._setup.run,
            State.SWITCH_TO_STA: self._switch,
            State.CONNECTING_NET: self._online.join,
            State.CONNECTING_CLOUD: self._online.call,
            State.RUNNING: self._online.call,
            State.RESET_CONFIG: self._reset,
            State.ERROR: self._fail,
            State.INIT: self._halt,
        }

    def _go(self, state: State) -> None:
        """Change the state from outside of the mode that it has."""
        is_other = state is not self._core.log.state and not (
            state in SETTING_UP and self._core.log.state in SETTING_UP
        )
        self._core.log.enter(state)
        if is_other and self._mode is not None:
            self._mode.cancel()

    def _restart(self) -> None:
        self._is_restarting = True
        if self._mode is not None:
            self._mode.cancel()

    def _boot(self) -> None:
        self._is_restarting = False
        self._core.has_told_boot = False
        self._core.joined = None
        self._core.renew_retries()
        is_kept = self._core.load()
        token = self._core.config.token.decode("latin-1") if self._core.config.is_valid else ""
        self._core.log.boot(sketch.banner_of(self._core.firmware, self._core.parts.mac, token=token))
        if not is_kept:
            self._core.log.line("Using default config.")
        if self._core.parts.terminal is not None:
            self._core.parts.terminal.write("\n>")
            self._core.parts.terminal.attend(self.obey)
        self._core.log.enter(State.CONNECTING_NET if self._core.config.is_valid else State.WAIT_CONFIG)
        if self._core.firmware.is_halted:
            self._core.log.line("Invalid configuration of TEMPLATE_ID / TEMPLATE_NAME")
            self._core.log.state = State.INIT

    async def _halt(self) -> None:
        await asyncio.Event().wait()

    def _done(self, answer: Answer) -> None:
        if answer.config is not None:
            self._core.config = answer.config
            if self._core.config.is_valid:
                self._core.save()
            self._core.retries = 1
        if answer.effect is Effect.REBOOT:
            self._restart()
        elif answer.effect is not None:
            self._go(_AFTER[answer.effect])

    def _obey_server(self, command: str) -> None:
        said = self.obey(command.encode(errors="replace"))
        if said is not None and said.text:
            self._core.log.line(said.text.strip())

    async def _switch(self) -> None:
        self._core.log.line("Switching to STA...")
        await asyncio.sleep(self._core.parts.times.switch)
        self._core.log.enter(State.CONNECTING_NET)

    async def _reset(self) -> None:
        self._core.log.line("Resetting configuration!")
        self._core.config = blob.default(self._core.firmware)
        self._core.save()
        if self._core.firmware.is_oldest and self._core.firmware.kind is Kind.ESP32:
            self._core.log.line("nvs_flash_erase: Success")
        self._core.log.enter(State.WAIT_CONFIG)

    async def _fail(self) -> None:
        await asyncio.sleep(self._core.parts.times.error)
        self._core.log.line("Restarting after error.")
        self._is_restarting = True

    def _facts(self) -> console.Facts:
        return console.Facts(
            firmware=self._core.firmware,
            mac=self._core.parts.mac,
            networks=self._core.parts.networks,
            uptime_seconds=self._core.log.uptime_seconds,
            joined=self._core.joined,
        )
