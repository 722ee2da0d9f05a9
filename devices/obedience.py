"""Which clients obey the console commands that a server sends (INTERNAL "dbg"). Pure: values in, values out."""

import re
from typing import Final

_FIRST_OBEYING: Final = (1, 2)
"""Edgent got its console with Blynk library 1.2.0, and the server may type on it since (library source)."""
_LIBRARIES: Final = {"python": "a Python library", "linux-py": "a Python library", "js": "the JavaScript library"}
_VERSION: Final = re.compile(r"(\d{1,4})\.(\d{1,4})")


def disobeys(*, board: str, library_version: str) -> str:
    """Why the device certainly ignores console commands, as a sentence; empty where it may obey, or said nothing."""
    if library := _LIBRARIES.get(board.lower()):
        return f"It runs {library} {library_version}".rstrip() + ", which has no such command."
    found = _VERSION.match(library_version)
    if found and (int(found[1]), int(found[2])) < _FIRST_OBEYING:
        return f"It runs Blynk library {library_version}; boards obey this from library 1.2 on."
    return ""
