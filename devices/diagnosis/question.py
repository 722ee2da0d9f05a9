"""The one question whose answer would decide, where the evidence does not."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from console.kit.findings import Certainty, Severity
from devices.diagnosis.evidence import Answer, Evidence, Led
from devices.diagnosis.rule import Rule
from devices.status import SessionState


class Asked(StrEnum):
    """What is asked for; the values are kinds of evidence."""

    LED = "led"
    ANSWER = "answer"
    LAST_ERROR = "last_error"
    SERIAL = "serial"


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `choices` are pairs of value and label; empty where a number or a text is asked for."""

    asked: Asked
    text: str
    choices: tuple[tuple[str, str], ...] = ()


_LED = Question(Asked.LED, "What is the LED on the board doing?", tuple((led.value, led.label) for led in Led))
_PHONE = Question(
    Asked.ANSWER,
    "Where is the phone: on the board's hotspot?",
    tuple((answer.value, answer.label) for answer in Answer),
)
_ERROR = Question(
    Asked.LAST_ERROR, "Which last_error does http://192.168.4.1/board_info.json show, in the board's hotspot?"
)
_SERIAL = Question(Asked.SERIAL, "What does the board print in the serial monitor, at 115200 baud?")


def next_question(evidence: Evidence) -> Question | None:
    """The question that comes next; None where everything was answered, or the session needs no answer."""
    if evidence.state not in (SessionState.OPEN, SessionState.EXPIRED, SessionState.FAILED):
        return None
    return next(_open_questions(evidence), None)


def _open_questions(evidence: Evidence) -> Iterator[Question]:
    if evidence.led is None and not evidence.log:
        yield _LED
    if evidence.led in (Led.WAITING, Led.CONFIGURING) and evidence.answer is None:
        yield _PHONE
    if not evidence.log:
        yield _SERIAL
    if evidence.last_error is None:
        yield _ERROR


def _undecided(evidence: Evidence) -> Iterator[str]:
    if evidence.state in (SessionState.OPEN, SessionState.EXPIRED, SessionState.FAILED):
        question = next_question(evidence)
        yield f"Asked next: {question.text}" if question else "LED, phone, last_error and serial log were all told."


UNDECIDED = Rule(
    code="undecided",
    certainty=Certainty.POSSIBLE,
    severity=Severity.INFO,
    title="The evidence does not tell the cause yet.",
    shown_by="No cause above is certain or likely.",
    next_step="Answer the question: it decides between the causes that are left.",
    quote=_undecided,
)
