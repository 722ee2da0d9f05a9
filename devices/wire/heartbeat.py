"""How long a device may stay silent before it counts as gone (legacy Blynk server 0.41.17: 2.3 heartbeats)."""

from typing import Final

DEFAULT_HEARTBEAT: Final = 10
MIN_HEARTBEAT: Final = 1
MAX_HEARTBEAT: Final = 3600


def clamp_heartbeat(seconds: int) -> int:
    """A reported heartbeat, in seconds, within the bounds that the gateway keeps."""
    return min(max(seconds, MIN_HEARTBEAT), MAX_HEARTBEAT)


def cutoff_seconds(heartbeat: int | None) -> int:
    """Silence, in seconds, after which the connection is cut: 2.3 heartbeats, rounded up.

    `None` stands for a device that has reported none: 10 seconds, and so 23 of silence.
    """
    seconds = DEFAULT_HEARTBEAT if heartbeat is None else clamp_heartbeat(heartbeat)
    return -(-23 * seconds // 10)
