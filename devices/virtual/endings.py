"""Why a virtual board stopped doing what it did, and what may be wrong with it on request."""

from enum import StrEnum

from devices.virtual.firmware import Kind


class Ending(StrEnum):
    """LOST and REBOOTED are for the board itself to get over; the others end its run, REFUSED for its token's sake."""

    LOST = "lost"
    REBOOTED = "rebooted"
    REFUSED = "refused"
    ERASED = "erased"
    SET_UP_MODE = "set_up_mode"
    DIED = "died"


FORGETTING = frozenset({Ending.REFUSED, Ending.ERASED})
"""After these nothing of the board is kept, so that it does not come back."""


class Fault(StrEnum):
    """What a board does wrong because somebody wants to see how it shows."""

    WRONG_TEMPLATE = "wrong-template"
    """Its firmware was compiled with the id of another template."""
    DIES_AFTER_LOGIN = "dies-after-login"
    """It logs in and then neither reads nor writes, as a board that crashed or lost power."""
    WRONG_PASSWORD = "wrong-password"  # noqa: S105 - the name of a fault
    """No network takes the password that it was given."""
    NO_DNS = "no-dns"
    """Its network answers no name."""
    TLS_REFUSED = "tls-refused"
    """It trusts nobody's certificate."""
    NO_HOTSPOT = "no-hotspot"
    """Its hotspot does not open: `AP IP: 0.0.0.0`."""
    DARK_LED = "dark-led"
    """Its LED is on another pin."""
    OTHER_SERVER = "other-server"
    """It forgets the server that it is told and calls the one that it was compiled for."""
    NO_CLOCK = "no-clock"
    """No time server answers it."""
    NO_MFLN = "no-mfln"
    """The server does not honour its wish for small records."""

    @property
    def label(self) -> str:
        """How people choose it."""
        return _LABELS[self]

    @property
    def needs_setup(self) -> bool:
        """Whether it shows on a board in setup mode only."""
        return self not in {Fault.WRONG_TEMPLATE, Fault.DIES_AFTER_LOGIN}

    @property
    def only_on(self) -> Kind | None:
        """The one kind of board that it shows on, None where it shows on any (protocol.md §1.8)."""
        return Kind.ESP8266 if self in {Fault.NO_CLOCK, Fault.NO_MFLN} else None

    @property
    def needs_tls(self) -> bool:
        """Whether it shows on a board that speaks TLS only. One that trusts nobody speaks it anyway."""
        return self is Fault.NO_MFLN


_LABELS = {
    Fault.WRONG_TEMPLATE: "Flashed with another template's lines",
    Fault.DIES_AFTER_LOGIN: "Dies after its login",
    Fault.WRONG_PASSWORD: "The WiFi refuses its password",
    Fault.NO_DNS: "Its WiFi finds no server's name",
    Fault.TLS_REFUSED: "Trusts no certificate",
    Fault.NO_HOTSPOT: "Opens no hotspot",
    Fault.DARK_LED: "Its LED stays dark",
    Fault.OTHER_SERVER: "Calls blynk.cloud whatever it is told",
    Fault.NO_CLOCK: "No time server answers it",
    Fault.NO_MFLN: "Gets records that are too long for it",
}
