"""What is due when: the C++ library's rules, on a clock that the tests hold."""

from devices.virtual.agenda import Agenda, Duty
from devices.virtual.timings import Timings


def logged_in() -> Agenda:
    agenda = Agenda.opened(Timings(reading=1000.0), now=100.0)
    agenda.log_in(now=100.0)
    return agenda


def test_a_login_without_a_verdict_is_given_up_after_6_seconds() -> None:
    agenda = Agenda.opened(Timings(), now=100.0)
    assert agenda.next_at() == 106.0
    assert agenda.due(now=105.9) is None
    assert agenda.due(now=106.0) is Duty.GIVE_UP_LOGIN


def test_readings_come_every_5_seconds() -> None:
    agenda = Agenda.opened(Timings(), now=100.0)
    agenda.log_in(now=101.0)
    assert agenda.next_at() == 106.0
    assert agenda.due(now=106.0) is Duty.MEASURE


def test_a_ping_is_due_when_both_were_quiet_for_40_seconds() -> None:
    agenda = logged_in()
    assert agenda.due(now=139.9) is None
    assert agenda.due(now=140.0) is Duty.PING


def test_a_ping_is_due_though_we_keep_speaking() -> None:
    agenda = logged_in()
    agenda.spoke_at = 139.0
    assert agenda.due(now=140.0) is Duty.PING


def test_pings_keep_6_seconds_apart() -> None:
    agenda = logged_in()
    agenda.pinged_at = 140.0
    assert agenda.due(now=145.9) is None
    assert agenda.due(now=146.0) is Duty.PING


def test_a_server_without_a_word_is_given_up_after_58_seconds() -> None:
    agenda = logged_in()
    agenda.pinged_at = 155.0
    assert agenda.due(now=157.9) is None
    assert agenda.due(now=158.0) is Duty.GIVE_UP_SERVER


def test_giving_up_goes_before_a_ping() -> None:
    assert logged_in().due(now=200.0) is Duty.GIVE_UP_SERVER
