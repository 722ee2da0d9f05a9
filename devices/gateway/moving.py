"""A connection whose token stands for another device than before."""

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from devices.gateway.connection import Connection


def move(connection: "Connection", device_id: int) -> None:
    """Speak for `device_id` from now on; does nothing before the connection speaks for a device, or once it ended."""
    if connection.token is None or connection.ending is not None or connection.device_id in (None, device_id):
        return
    registry = connection.gateway.registry
    registry.release(connection)
    connection.token = replace(connection.token, device_id=device_id)
    registry.claim_token(connection.token.token_id, connection)
    connection.speak_for(device_id)
