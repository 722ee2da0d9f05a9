"""Which connections there are, by what they speak for. The newest wins."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Final

from devices.gateway.endings import Ending

if TYPE_CHECKING:
    from devices.gateway.connection import Connection

DROPPED_KEPT: Final = 10_000


class Registry:
    """Every open connection by its id; those let in also by token id, those of devices by device id."""

    def __init__(self) -> None:
        self._all: dict[int, Connection] = {}
        self._by_token: dict[int, Connection] = {}
        self._by_device: dict[int, Connection] = {}
        self._dropped: dict[int, None] = {}

    def __iter__(self) -> Iterator["Connection"]:
        """All connections, as they are now: the caller may end some."""
        return iter(list(self._all.values()))

    def __len__(self) -> int:
        return len(self._all)

    @property
    def device_count(self) -> int:
        return len(self._by_device)

    def add(self, connection: "Connection") -> None:
        self._all[connection.connection_id] = connection

    def discard(self, connection: "Connection") -> None:
        """The connection has gone."""
        self._all.pop(connection.connection_id, None)
        self.release(connection)

    def claim_token(self, token_id: int, connection: "Connection") -> bool:
        """The connection logged in with this token; an older one is closed. False for a token dropped just now."""
        if token_id in self._dropped:
            return False
        older = self._by_token.get(token_id)
        self._by_token[token_id] = connection
        if older is not None and older is not connection:
            older.end(Ending.REPLACED)
        return True

    def claim_device(self, device_id: int, connection: "Connection") -> None:
        """The connection speaks for this device from now on; an older one is closed."""
        older = self._by_device.get(device_id)
        self._by_device[device_id] = connection
        if older is not None and older is not connection:
            older.end(Ending.REPLACED)

    def release(self, connection: "Connection") -> None:
        """The connection speaks for nobody any more, though it may still be open."""
        token, device_id = connection.token, connection.device_id
        if token is not None and self._by_token.get(token.token_id) is connection:
            del self._by_token[token.token_id]
        if device_id is not None and self._by_device.get(device_id) is connection:
            del self._by_device[device_id]

    def of_token(self, token_id: int) -> "Connection | None":
        return self._by_token.get(token_id)

    def of_device(self, device_id: int) -> "Connection | None":
        return self._by_device.get(device_id)

    def of_id(self, connection_id: int) -> "Connection | None":
        return self._all.get(connection_id)

    def devices(self) -> list["Connection"]:
        """The connections that speak for devices."""
        return list(self._by_device.values())

    def token_ids(self) -> list[int]:
        return list(self._by_token)

    def drop_tokens(self, token_ids: Collection[int]) -> None:
        """Close what logged in with these tokens, and remember them: a look-up under way may still find one live."""
        for token_id in token_ids:
            self._dropped[token_id] = None
            connection = self._by_token.get(token_id)
            if connection is not None:
                connection.drop()
        while len(self._dropped) > DROPPED_KEPT:
            del self._dropped[next(iter(self._dropped))]
