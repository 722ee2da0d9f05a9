"""What the server sends of its own accord or in reply, held against what the device can take.

Every function adds one message to the connection's outbox and says what became of it:

- `NOT_READY`: the device has not logged in, or, for what it did not ask for, has not sent its info block yet;
- `TOO_LARGE`: the message does not fit the buffer that the device reported;
- `NOT_UNDERSTOOD`: this kind of client breaks on this message.
"""

from collections.abc import Callable, Sequence
from typing import Final

from devices.wire import build
from devices.wire.commands import PinKind, SendOutcome, UtcKind
from devices.wire.connection import ServerConnection
from devices.wire.info import DEFAULT_BUFFER
from devices.wire.states import ServerState

MAX_REDIRECT_HOST: Final = 63


def virtual_write(connection: ServerConnection, pin: int, values: Sequence[object]) -> SendOutcome:
    """Write to a virtual pin: an order, or the value that a PinSync asked for. `values` holds at least one."""
    return _push(
        connection,
        lambda message_id: build.pin_write(message_id, PinKind.VIRTUAL, pin, values),
    )


def console_command(connection: ServerConnection, command: str) -> SendOutcome:
    """Type `command` on the board's console: "reboot", "config start", "config erase"."""
    return _push(connection, lambda message_id: build.console_command(message_id, command))


def firmware_update(connection: ServerConnection, url: str) -> SendOutcome:
    """Tell the board to fetch and flash the firmware at `url`."""
    return _push(connection, lambda message_id: build.firmware_update(message_id, url))


def redirect(connection: ServerConnection, host: str, port: int) -> SendOutcome:
    """Send the device to another gateway. Python clients disconnect on it; longer host names than 63 are cut."""
    if connection.is_python:
        return SendOutcome.NOT_UNDERSTOOD
    if len(host) > MAX_REDIRECT_HOST:
        return SendOutcome.TOO_LARGE
    return _push(connection, lambda message_id: build.redirect(message_id, host, port))


def debug_print(connection: ServerConnection, text: str) -> SendOutcome:
    """Print `text` to the board's log. Python clients disconnect on it."""
    if connection.is_python:
        return SendOutcome.NOT_UNDERSTOOD
    return _push(connection, lambda message_id: build.debug_print(message_id, text))


def ping(connection: ServerConnection) -> SendOutcome:
    """Ask for a sign of life. BlynkLib 0.2.0 crashes on it, so Python clients are never asked."""
    if connection.is_python:
        return SendOutcome.NOT_UNDERSTOOD
    return _push(connection, build.ping)


def rtc_reply(connection: ServerConnection, local_seconds: int) -> SendOutcome:
    return _reply(connection, lambda message_id: build.rtc_reply(message_id, local_seconds))


def utc_reply(connection: ServerConnection, kind: UtcKind, *values: object) -> SendOutcome:
    return _reply(connection, lambda message_id: build.utc_reply(message_id, kind, *values))


def meta_reply(connection: ServerConnection, name: str, value: str) -> SendOutcome:
    return _reply(connection, lambda message_id: build.meta_reply(message_id, name, value))


def _push(connection: ServerConnection, make: Callable[[int], bytes]) -> SendOutcome:
    return _send(connection, make, connection.buffer_in) if connection.can_push else SendOutcome.NOT_READY


def _reply(connection: ServerConnection, make: Callable[[int], bytes]) -> SendOutcome:
    """Send what was asked for: it may go before the info block, and then fits the smallest library default."""
    if connection.state is not ServerState.LOGGED_IN:
        return SendOutcome.NOT_READY
    return _send(
        connection,
        make,
        connection.buffer_in if connection.has_info else DEFAULT_BUFFER,
    )


def _send(connection: ServerConnection, make: Callable[[int], bytes], room: int) -> SendOutcome:
    frame = make(connection.outbox.next_id())
    # C++ counts the body alone, but blynklib reads header and body in one call of `buff-in` bytes.
    if len(frame) > room:
        return SendOutcome.TOO_LARGE
    connection.outbox.add(frame)
    return SendOutcome.SENT
