"""What the audit log is about, and the words that it is searched by."""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

_WORD = re.compile(r"[^\W_]+")
WORD_LENGTH = 60
"""Longer words are cut, kept and sought alike: an index entry has its limits."""


class Area(StrEnum):
    """One group of kinds, as people look for them; the value stands in addresses and in the database."""

    MEMBERS = "members"
    GRANTS = "grants"
    KEYS = "keys"
    TEMPLATES = "templates"
    TOKENS = "tokens"
    DEVICES = "devices"
    SIGN_INS = "sign-ins"
    REFUSALS = "refusals"
    TEAM = "team"

    @property
    def label(self) -> str:
        return "API keys" if self is Area.KEYS else self.value.capitalize()


_OF_NOUN = {
    "member": Area.MEMBERS,
    "invitation": Area.MEMBERS,
    "grant": Area.GRANTS,
    "api_key": Area.KEYS,
    "template": Area.TEMPLATES,
    "session": Area.TOKENS,
    "token": Area.TOKENS,
    "batch": Area.TOKENS,
    "device": Area.DEVICES,
    "sign_in": Area.SIGN_INS,
    "account": Area.SIGN_INS,
    "factor": Area.SIGN_INS,
    "recovery_code": Area.SIGN_INS,
    "recovery_codes": Area.SIGN_INS,
    "browser": Area.SIGN_INS,
    "connection": Area.SIGN_INS,
    "person": Area.MEMBERS,
    "two_factors": Area.TEAM,
    "permission": Area.REFUSALS,
    "team": Area.TEAM,
    "audit": Area.TEAM,
    "webhook": Area.TEAM,
}


def area_of(kind: str) -> str:
    """The area of a kind (`noun.verb`); empty for a noun that has none, which only the whole log shows."""
    area = _OF_NOUN.get(kind.partition(".")[0])
    return area.value if area else ""


def words_of(*texts: str) -> list[str]:
    """The words of `texts` as they are kept and sought: without case, forms and punctuation, each once."""
    folded = unicodedata.normalize("NFKC", " ".join(texts)).casefold()
    return sorted({word[:WORD_LENGTH] for word in _WORD.findall(folded)})


def team_word(team_id: int) -> str:
    """A word that only this team's rows have, so that the index finds the team's alone; nobody can type it."""
    return f"#{team_id}"


def query_of(team_id: int, words: Iterable[str]) -> str:
    """A tsquery: the rows of the team that have, for each of `words`, a word that begins so."""
    return " & ".join([f"'{team_word(team_id)}'", *(f"'{word}':*" for word in words)])
