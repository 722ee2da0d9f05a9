"""What the gateway needs of the rest of Landfall. Calls block: they are made from worker threads only."""

from collections.abc import Collection, Sequence
from typing import Protocol

from devices.actions.values import Activated, Batch, Claim, LiveToken, Login, Refused, Superseded


class StoreUnavailable(Exception):
    """The database did not answer; nothing was done. Devices are told to try again, never that their token is bad."""


class Store(Protocol):
    """Every method raises StoreUnavailable while the database is away. Results stand in the order of what was given."""

    def look_up(self, logins: Sequence[Login]) -> list[LiveToken | Refused]:
        """Which tokens may log in now. Marks sessions of pending ones as seen; keeps refusals as evidence."""

    def activate(self, claims: Sequence[Claim]) -> list[Activated | Refused]:
        """Make devices real. A claim with another template id fails its session and kills its token."""

    def flush(self, batch: Batch) -> list[Superseded]:
        """Write what was gathered, all or nothing; returns connections that newer ones replaced."""

    def live_tokens(self, token_ids: Collection[int]) -> dict[int, int | None]:
        """Those of `token_ids` that are still live, each with its device (None: pending).

        Asked now and then, in case a message on the bus was lost.
        """

    def pin_values(self, device_id: int, pins: Sequence[int] | None) -> list[tuple[int, str]]:
        """Latest values of the given virtual pins (None: all), in order of the pin."""

    def metadata(self, device_id: int, name: str) -> str | None:
        """A device's metadata value; `Device Name` is its name."""

    def close(self) -> None:
        """Let go of what the calling thread holds; a later call takes it up again."""
