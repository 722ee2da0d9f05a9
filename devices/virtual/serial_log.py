"""The log that a board prints on its serial port (Blynk library 1.0.1 to 1.4.0 source)."""

from collections.abc import Callable, Iterable

from devices.virtual.states import State


def masked(token: str) -> str:
    """A token as Edgent shows it: its first four characters."""
    return f"{token[:4]} - **** - **** - ****"


def _quiet(_text: str) -> None:
    """Nobody is at the port."""


class SerialLog:
    """Lines with the milliseconds since the boot; `clock` is in seconds.

    `say` takes one line without secrets and without control characters, for people; `serial` takes what a board
    really writes, secrets and all, for the serial port.
    """

    def __init__(
        self, say: Callable[[str], None], clock: Callable[[], float], *, serial: Callable[[str], None] = _quiet
    ) -> None:
        self._say = say
        self._clock = clock
        self._serial = serial
        self.state = State.INIT
        self.booted_at = clock()

    @property
    def uptime_seconds(self) -> float:
        return self._clock() - self.booted_at

    def boot(self, banner: Iterable[str]) -> None:
        """Start anew; the first line of the banner has a time, the others none."""
        self.state = State.INIT
        self.booted_at = self._clock()
        first, *others = banner
        self.line(first)
        for text in others:
            self._write(text, text)

    def line(self, text: str, *, shown: str | None = None) -> None:
        """Say `text`, and to people `shown` where `text` has a secret."""
        stamp = f"[{round(self.uptime_seconds * 1000)}] "
        self._write(stamp + text, stamp + (text if shown is None else shown))

    def enter(self, state: State) -> None:
        """Say that the state changes, where it does."""
        if state is not self.state:
            self.line(f"{self.state} => {state}")
            self.state = state

    def _write(self, text: str, shown: str) -> None:
        self._serial(text + "\r\n")
        self._say("".join([letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in shown]))
