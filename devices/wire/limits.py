"""Every bound that the wire keeps, as one value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one connection. Sizes are bytes unless said otherwise.

    `max_login_body` holds until the login is accepted, so that a stranger costs little memory; `max_frame_body`
    holds after it. `max_held_bytes` bounds what waits behind a verdict. `message_burst` messages may come at once,
    and `messages_per_second` in the long run; what exceeds them is dropped and answered with status 1.
    """

    max_login_body: int = 256
    max_frame_body: int = 4096
    max_held_bytes: int = 16_384
    max_pin_value: int = 1024
    max_event_code: int = 64
    max_meta_name: int = 64
    max_info_pairs: int = 32
    max_info_text: int = 128
    messages_per_second: float = 50.0
    message_burst: int = 200


DEFAULT_LIMITS = Limits()
