"""Each cause of the table, brought about by what boards and people do, is named by the API."""

import contextlib

import pytest

from devices.diagnosis import RULES
from tests.devices.diagnosis import board_scenarios
from tests.devices.diagnosis.scenarios import AT_END, SCENARIOS, UNDER
from tests.devices.diagnosis.stage import Stage

assert board_scenarios  # importing it adds its scenarios to the others
CODES = [rule.code for rule in RULES]


def test_every_rule_has_a_scenario() -> None:
    assert sorted(SCENARIOS) == sorted(CODES)


@pytest.mark.parametrize("code", CODES)
def test_cause_is_named(code: str, stage: Stage) -> None:
    with UNDER.get(code, contextlib.nullcontext()):
        SCENARIOS[code](stage)
        if code in AT_END:
            AT_END[code](stage)
        found = {finding["code"]: finding for finding in stage.findings()}
    assert code in found
    assert found[code]["evidence"]
    assert found[code]["next_step"]
    assert stage.token not in str(found)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("[8000] Current time: Thu Jan  1 00:00:08 1970", "clock_not_set"),
        ("[8000] SSL error: 53", "clock_not_set"),
        ("[8000] SSL error: 18", "mfln"),
    ],
)
def test_lines_that_no_virtual_board_prints_are_known_too(line: str, code: str, stage: Stage) -> None:
    stage.open()
    stage.tell("serial", line)
    assert code in stage.codes()


LAST = "[4200] CONNECTING_NET => CONNECTING_CLOUD"
ON_ESP8266 = "[30] Blynk v1.4.0 on ESP8266\n"


@pytest.mark.parametrize(
    ("log", "is_named"),
    [
        (ON_ESP8266 + LAST, True),
        (f" Platform:  ESP8266 @ 80MHz\n{LAST}\r\n\n", True),
        (f"Device:   ESP8266 @ 80MHz\n{LAST}", True),
        (f"[30] Blynk v1.4.0 on ESP32\n{LAST}", False),
        (f"{ON_ESP8266}{LAST}\n[4300] Current time: Sun Nov  1 12:00:00 2026", False),
        (f"{ON_ESP8266}{LAST}\n[4300] CONNECTING_CLOUD => RUNNING", False),
    ],
)
def test_only_an_esp8266_whose_log_ends_there_waits_for_the_time(log: str, is_named: bool, stage: Stage) -> None:
    stage.open()
    stage.tell("serial", log)
    assert ("clock_awaited" in stage.codes()) is is_named
