"""Public ids of templates: `TMPL` and nine characters of the base64url alphabet.

The prefix is not decoration: from Blynk library 1.2.0 on, an Edgent sketch whose id does not start
with `TMPL` prints "Invalid configuration" and halts (Blynk library 1.2.0 source, BlynkEdgent.h).
"""

import re
import secrets
import string

PREFIX = "TMPL"
RANDOM_LENGTH = 9
LENGTH = len(PREFIX) + RANDOM_LENGTH
ALPHABET = string.ascii_letters + string.digits + "_-"

PATTERN = rf"{PREFIX}[A-Za-z0-9_-]{{{RANDOM_LENGTH}}}"
"""As a regular expression, for addresses and schemas."""


def new_template_id() -> str:
    """A random id with 54 bits of chance in it. The database's constraint keeps it unique."""
    return PREFIX + "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))


def is_template_id(text: str) -> bool:
    """Whether the text has exactly the form that `new_template_id` makes."""
    return re.fullmatch(PATTERN, text) is not None
