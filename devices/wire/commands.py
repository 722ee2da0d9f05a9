"""Command numbers, statuses and the small vocabularies inside bodies (Blynk library 1.4.0 source)."""

from enum import IntEnum, StrEnum


class Command(IntEnum):
    """The first byte of a frame."""

    RESPONSE = 0
    LOGIN = 2
    PING = 6
    TWEET = 12
    EMAIL = 13
    NOTIFY = 14
    BRIDGE = 15
    HARDWARE_SYNC = 16
    INTERNAL = 17
    PROPERTY = 19
    HARDWARE = 20
    GROUP = 21
    HW_LOGIN = 29
    REDIRECT = 41
    DEBUG_PRINT = 55
    EVENT_LOG = 64
    EVENT_CLEAR = 65


class Status(IntEnum):
    """What a RESPONSE carries in the length field."""

    QUOTA_EXCEEDED = 1
    ILLEGAL_COMMAND = 2
    NOT_REGISTERED = 3
    ALREADY_REGISTERED = 4
    NOT_AUTHENTICATED = 5
    NOT_ALLOWED = 6
    NOT_IN_NETWORK = 7
    NO_ACTIVE_DASHBOARD = 8
    INVALID_TOKEN = 9
    ILLEGAL_BODY = 11
    NO_GRAPH_DATA = 12
    NOTIFICATION_INVALID_BODY = 13
    NOTIFICATION_NOT_AUTHORISED = 14
    NOTIFICATION_ERROR = 15
    TIMEOUT = 16
    NO_DATA = 17
    DEVICE_WENT_OFFLINE = 18
    SERVER_ERROR = 19
    VERSION_UNSUPPORTED = 20
    ENERGY_LIMIT = 21
    ACCEPTED = 23
    DECLINED = 24
    OK = 200


class PinKind(StrEnum):
    """Which of a board's pins a body speaks of."""

    VIRTUAL = "virtual"
    DIGITAL = "digital"
    ANALOG = "analog"


class UtcKind(StrEnum):
    """What a device may ask of the clock: INTERNAL "utc", then one of these."""

    TIME = "time"
    ISO = "iso"
    OFFSET = "tz"
    ZONE_NAME = "tz_name"
    ZONE_RULE = "tz_rule"
    NEXT_CHANGE = "dst_next"


class FailureReason(StrEnum):
    """Why a peer's bytes ended the connection."""

    FRAME_TOO_LARGE = "frame_too_large"
    LOGIN_EXPECTED = "login_expected"
    TLS_HELLO = "tls_hello"
    HTTP_REQUEST = "http_request"
    HELD_TOO_MUCH = "held_too_much"
    MESSAGE_ID_ZERO = "message_id_zero"
    UNKNOWN_COMMAND = "unknown_command"


class IllegalReason(StrEnum):
    """Why one message was not taken; the connection lives on."""

    UNKNOWN_COMMAND = "unknown_command"
    NOT_NOW = "not_now"
    MISSING_PARTS = "missing_parts"
    UNKNOWN_KIND = "unknown_kind"
    BAD_PIN = "bad_pin"
    BAD_NUMBER = "bad_number"
    TOO_LONG = "too_long"


class SendOutcome(StrEnum):
    """What became of a message that the server wanted to send."""

    SENT = "sent"
    NOT_READY = "not_ready"
    TOO_LARGE = "too_large"
    NOT_UNDERSTOOD = "not_understood"
