"""How a status looks: a tone, a shape of its own and a word. Never colour alone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StatusLook:
    """`icon` is a lucide name; `filled` fills its outline with the tone."""

    word: str
    tone: str
    icon: str
    filled: bool = False


_WAITING = "contrast"

_LOOKS = {
    "online": StatusLook("Online", "good", "circle", filled=True),
    "offline": StatusLook("Offline", "muted", "circle"),
    "waiting": StatusLook("Waiting", "info", _WAITING),
    "open": StatusLook("Waiting", "info", _WAITING),
    "seen": StatusLook("Device seen", "info", _WAITING),
    "activated": StatusLook("Activated", "good", "check"),
    "accepted": StatusLook("Accepted", "good", "check"),
    "not sent": StatusLook("Not sent", "bad", "x"),
    "on hold": StatusLook("On hold", "warn", "ban"),
    "named": StatusLook("Named", "good", "check"),
    "active": StatusLook("Active", "good", "check"),
    "delivered": StatusLook("Delivered", "good", "check"),
    "failed": StatusLook("Failed", "bad", "x"),
    "revoked": StatusLook("Revoked", "bad", "x"),
    "expired": StatusLook("Expired", "warn", "timer"),
    "cancelled": StatusLook("Cancelled", "muted", "ban"),
    "granted": StatusLook("Granted", "good", "check"),
    "declined": StatusLook("Declined", "bad", "x"),
    "archived": StatusLook("Archived", "muted", "archive"),
}


def status_look(state: str) -> StatusLook:
    """The look of a state; one that is not known here is shown by its own name, neutrally."""
    key = str(state)
    return _LOOKS.get(key) or StatusLook(key.replace("_", " ").capitalize(), "muted", "circle")
