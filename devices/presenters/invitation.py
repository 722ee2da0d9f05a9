"""What invitations show: their state, and the grants they come with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from console.teams.invitations import State, state_of
from console.teams.models import Invitation
from templates_app.offers import names_in, sentence

WORDS = {
    State.NOT_SENT: "The mail server did not take the mail. Send it again.",
    State.ON_HOLD: "Who sent it may not invite any more. Send it again to make it yours.",
    State.EXPIRED: "Its link is too old. Send it again for a new one.",
}
OPEN = frozenset({State.WAITING, State.NOT_SENT, State.ON_HOLD, State.EXPIRED})


@dataclass(frozen=True, slots=True)
class Row:
    """One invitation of the list; `is_open` is one that can be sent again or revoked."""

    invitation: Invitation
    state: State
    words: str
    grants: list[str]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


def rows_of(invitations: Iterable[Invitation], *, now: datetime) -> list[Row]:
    """The rows, with the names of the templates that are granted; one query for all of them."""
    found = list(invitations)
    names = names_in(offer for invitation in found for offer in invitation.grants)
    rows = []
    for invitation in found:
        state = state_of(invitation, now=now)
        rows.append(
            Row(invitation, state, WORDS.get(state, ""), [sentence(offer, names) for offer in invitation.grants])
        )
    return rows
