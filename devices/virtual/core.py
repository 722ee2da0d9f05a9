"""What all modes of a virtual board share: what it is made of, what it keeps, and its log."""

import asyncio
from collections.abc import Callable
from typing import Final

from devices.virtual import blob, networks
from devices.virtual.blob import ErrorCode
from devices.virtual.flash import ConfigStore
from devices.virtual.parts import Parts
from devices.virtual.serial_log import SerialLog
from devices.virtual.states import State

RETRIES_ONCE_VALID: Final = 500


class Core:
    """`config` is the record in memory, `joined` its network, `retries` how many failures it takes to give up."""

    def __init__(self, parts: Parts, say: Callable[[str], None], store: ConfigStore) -> None:
        self.parts = parts
        self.firmware = parts.firmware
        self.loop = asyncio.get_running_loop()
        serial = {} if parts.terminal is None else {"serial": parts.terminal.write}
        self.log = SerialLog(say, self.clock, **serial)
        self.config = blob.default(self.firmware)
        self.joined: networks.Network | None = None
        self.has_told_boot = False
        self._store = store
        self.renew_retries()

    def clock(self) -> float:
        """Seconds as the board counts them."""
        return self.loop.time() * self.parts.speed

    def renew_retries(self) -> None:
        self.retries = 1 if self.firmware.is_oldest else RETRIES_ONCE_VALID

    def load(self) -> bool:
        """Take the record from the flash, or the defaults where there is none. Whether there was one."""
        kept = blob.unpack(self._store.load())
        self.config = kept or blob.default(self.firmware)
        return kept is not None

    def give_up(self, code: ErrorCode) -> None:
        """Count a failure; at the last one, note it and stop at the error."""
        self.retries -= 1
        if self.retries <= 0:
            self.set_error(code)
            self.log.enter(State.ERROR)

    def set_error(self, code: ErrorCode) -> None:
        """Note an error, and forget the configuration, where it never worked."""
        if not self.config.is_valid:
            self.config = blob.default(self.firmware, last_error=code)
            self.log.line(f"Last error code: {code.value}")
            self.save()

    def save(self) -> None:
        """Write the record to the flash."""
        try:
            self._store.save(self.config.pack())
        except OSError:
            self.log.line("Config write failed")
        else:
            self.log.line("Configuration stored to flash")
