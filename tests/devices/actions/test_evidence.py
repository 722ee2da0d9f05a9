"""What is told of a session: masked, bounded, and the findings follow."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from console.kit.problems import Conflict, Invalid
from console.kit.tokens import TOKEN_PREFIX, new_secret
from devices import tasks
from devices.actions import activation, connections, evidence, sessions, sweeps
from devices.actions.values import Claim, Failure
from devices.models import AuthToken, FailedConnection, ProvisioningSession, SessionEvidence
from devices.models.evidence import EvidenceKind
from devices.status import FailedBecause
from templates_app.models import Template
from templates_app.sketch.masking import without_secrets
from tests.cast import Cast

pytestmark = pytest.mark.django_db
SERIAL, INFO = EvidenceKind.SERIAL, EvidenceKind.BOARD_INFO


@pytest.fixture
def session(template: Template, cast: Cast) -> ProvisioningSession:
    return opened_a_minute_ago(template, cast)


def opened_a_minute_ago(template: Template, cast: Cast) -> ProvisioningSession:
    """What happens within one transaction has its beginning as its time."""
    session = sessions.open_session(template=template, by=cast.alice).session
    ProvisioningSession.objects.update(opened_at=timezone.now() - timedelta(minutes=1))
    session.refresh_from_db()
    return session


def codes_of(session: ProvisioningSession) -> list[str]:
    return [finding["code"] for finding in evidence.told_of(session, now=timezone.now()).findings]


def make_overdue(session: ProvisioningSession) -> None:
    past = timezone.now() - timedelta(minutes=1)
    ProvisioningSession.objects.filter(pk=session.pk).update(expires_at=past, opened_at=past - timedelta(minutes=15))
    AuthToken.objects.filter(session=session).update(expires_at=past)
    session.refresh_from_db()


def test_passwords_and_tokens_never_reach_the_database(session: ProvisioningSession) -> None:
    token = new_secret(TOKEN_PREFIX)
    log = (
        f"[1] WiFi SSID: Home Pass: hunter2 and more\n[2] Blynk cloud: {token} @ 192.0.2.4:9443\n"
        f"> connect {token} Home hunter2\n[3] Token: {token}"
    )
    kept = evidence.record(session=session, kind=SERIAL, value=log)
    assert "hunter2" not in str(kept.detail)
    assert token not in str(kept.detail)
    assert "192.0.2.4" in kept.detail["text"]
    info = evidence.record(session=session, kind=INFO, value={"tmpl_id": "TMPL1", "pass": "hunter2", "blynk": token})
    broken = evidence.record(
        session=session, kind=INFO, value=f'{{"tmpl_id":"TMPL1","pass":"hunter2","blynk":"{token}"'
    )
    for row in (info, broken):
        assert "hunter2" not in str(row.detail)
        assert token not in str(row.detail)


def test_a_refusal_in_the_log_is_no_command_to_mask() -> None:
    assert without_secrets("[9] Connect failed. code: 3") == "[9] Connect failed. code: 3"


@given(st.text(alphabet='ab \n:=Passtokenlfd_"@0123456789•\r', max_size=400))
def test_masking_twice_changes_nothing_that_matters(text: str) -> None:
    once = without_secrets(text)
    assert once.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (EvidenceKind.LED, "purple"),
        (EvidenceKind.LED, ""),
        (EvidenceKind.ANSWER, {"a": 1}),
        (EvidenceKind.LAST_ERROR, "seven"),
        (EvidenceKind.LAST_ERROR, "-1"),
        (EvidenceKind.LAST_ERROR, "7" * 5000),
        (EvidenceKind.LAST_ERROR, "٧٠١"),
        (SERIAL, " \n "),
        (SERIAL, "x" * 70_000),
        (INFO, {"board": "x" * 70_000}),
    ],
)
def test_what_is_none_of_its_kind_is_refused(session: ProvisioningSession, kind: EvidenceKind, value: object) -> None:
    with pytest.raises(Invalid):
        evidence.record(session=session, kind=kind, value=value)
    assert not SessionEvidence.objects.exists()


@pytest.mark.parametrize(
    "text", ["\0\0[1] Invalid auth token", "\ud800", "\N{FIRE}" * 50, "{" * 5000, '{"last_error": 1e400}', "x" * 60_000]
)
@pytest.mark.parametrize("kind", [SERIAL, INFO])
def test_hostile_texts_are_kept_and_looked_at(session: ProvisioningSession, kind: EvidenceKind, text: str) -> None:
    evidence.record(session=session, kind=kind, value=text)
    codes_of(session)


def test_the_newest_of_a_kind_counts(session: ProvisioningSession) -> None:
    evidence.record(session=session, kind=EvidenceKind.LED, value="dark")
    assert "led_dark" in codes_of(session)
    evidence.record(session=session, kind=EvidenceKind.LED, value="joining")
    assert "led_dark" not in codes_of(session)
    assert "led_joining" in codes_of(session)


def test_last_error_is_the_one_told_last_whoever_told_it(session: ProvisioningSession) -> None:
    evidence.record(session=session, kind=INFO, value={"last_error": 701})
    assert "last_error_701" in codes_of(session)
    evidence.record(session=session, kind=SERIAL, value="[1] Last error code: 701\n[9] Last error code: 702")
    assert "last_error_702" in codes_of(session)
    evidence.record(session=session, kind=EvidenceKind.LAST_ERROR, value="0")
    assert not any(code.startswith("last_error") for code in codes_of(session))


@override_settings(EVIDENCE_KEPT_PER_SESSION=3)
def test_the_oldest_pieces_go(session: ProvisioningSession) -> None:
    for number in range(5):
        evidence.record(session=session, kind=EvidenceKind.LAST_ERROR, value=str(700 + number))
    kept = SessionEvidence.objects.order_by("id").values_list("detail__last_error", flat=True)
    assert list(kept) == [702, 703, 704]


@override_settings(EVIDENCE_KEPT_PER_SESSION=3)
def test_log_that_comes_again_and_again_leaves_the_newest_of_each_kind(session: ProvisioningSession) -> None:
    for value in ("waiting", "dark"):
        evidence.record(session=session, kind=EvidenceKind.LED, value=value)
    for number in range(5):
        evidence.record(session=session, kind=SERIAL, value=f"[{number}] Connection failed")
    kept = SessionEvidence.objects.order_by("id").values_list("kind", "detail__value", "detail__text")
    logs = [("serial", None, f"[{number}] Connection failed") for number in (2, 3, 4)]
    assert list(kept) == [("led", "dark", None), *logs]
    assert {"led_dark", "connection_failed"} <= set(codes_of(session))


@override_settings(EVIDENCE_KEPT_PER_SESSION=3)
def test_logs_that_follow_do_not_bring_an_older_last_error_back(session: ProvisioningSession) -> None:
    evidence.record(session=session, kind=INFO, value={"last_error": 701})
    evidence.record(session=session, kind=SERIAL, value="[1] Last error code: 702")
    for number in range(5):
        evidence.record(session=session, kind=SERIAL, value=f"[{number}] Connection failed")
    assert "last_error_702" in codes_of(session)
    assert "last_error_701" not in codes_of(session)


def test_a_board_that_spoke_was_met_and_joined_its_network(session: ProvisioningSession) -> None:
    evidence.record(session=session, kind=EvidenceKind.LED, value="waiting")
    session.refresh_from_db()
    assert session.board_at is None
    evidence.record(session=session, kind=SERIAL, value="[1] CONNECTING_NET => CONNECTING_CLOUD")
    session.refresh_from_db()
    assert session.board_at is not None
    assert session.network_at is not None


def test_nothing_is_found_while_nothing_was_observed(session: ProvisioningSession) -> None:
    told = evidence.told_of(session, now=timezone.now())
    assert told == evidence.Told((), None)


def test_findings_stand_when_the_session_expires_and_change_with_new_evidence(session: ProvisioningSession) -> None:
    make_overdue(session)
    tasks.expire_sessions()
    session.refresh_from_db()
    assert session.findings[0]["code"] == "never_seen"
    assert "undecided" in codes_of(session)
    assert evidence.told_of(session, now=timezone.now()).question is not None
    evidence.record(session=session, kind=SERIAL, value="[9] Connecting to blynk.cloud:443")
    session.refresh_from_db()
    assert session.finding is not None
    assert session.finding["code"] == "calls_blynk_cloud"
    assert codes_of(session) == ["calls_blynk_cloud"]


def test_what_was_certain_at_the_end_stays(session: ProvisioningSession) -> None:
    activation.activate([Claim(session.token.pk, "192.0.2.7", "TMPLother9999")])
    session.refresh_from_db()
    evidence.record(session=session, kind=EvidenceKind.LED, value="dark")
    session.refresh_from_db()
    assert [finding["code"] for finding in session.findings] == ["template_mismatch", "led_dark"]


def test_over_is_over(session: ProvisioningSession) -> None:
    sessions.cancel(session=session)
    with pytest.raises(Conflict):
        evidence.record(session=session, kind=EvidenceKind.LED, value="dark")
    assert codes_of(session) == []


def test_session_that_ended_before_findings_were_many_keeps_its_one(session: ProvisioningSession) -> None:
    make_overdue(session)
    tasks.expire_sessions()
    ProvisioningSession.objects.update(findings=[])
    session.refresh_from_db()
    assert codes_of(session) == ["never_seen"]


def test_strangers_failures_elsewhere_are_not_this_teams(session: ProvisioningSession) -> None:
    ProvisioningSession.objects.update(opened_from="203.0.113.5")
    session.refresh_from_db()
    connections.record([Failure("198.51.100.7", FailedBecause.NOT_TRUSTED)])
    assert "tls_not_trusted" not in codes_of(session)
    connections.record([Failure("203.0.113.5", FailedBecause.NOT_TRUSTED)])
    assert "tls_not_trusted" in codes_of(session)


def test_with_one_team_every_failure_may_be_the_boards(session: ProvisioningSession, cast: Cast) -> None:
    cast.sam.team.delete()
    connections.record([Failure("198.51.100.7", FailedBecause.NOT_TRUSTED)])
    assert "tls_not_trusted" in codes_of(session)


def test_failures_count_up_and_the_oldest_go() -> None:
    for number in (1, 2, 1):
        connections.record([Failure(f"192.0.2.{number}", FailedBecause.NO_LOGIN, "x" * 500, 2)])
    assert list(FailedConnection.objects.order_by("address").values_list("attempts_count", flat=True)) == [4, 2]
    assert len(FailedConnection.objects.all()[0].detail) == 200
    with override_settings(FAILED_CONNECTIONS_KEPT=1):
        FailedConnection.objects.filter(address="192.0.2.2").update(last_at=timezone.now() - timedelta(days=1))
        assert sweeps.trim_failed() == 1
        assert sweeps.trim_failed() == 0
    assert FailedConnection.objects.get().address == "192.0.2.1"


@pytest.mark.django_db(transaction=True)
def test_two_who_tell_at_once_are_both_heard(session: ProvisioningSession) -> None:
    make_overdue(session)
    tasks.expire_sessions()
    ready = threading.Barrier(2)
    failures: list[BaseException] = []

    def tell(kind: EvidenceKind, value: str) -> None:
        try:
            mine = ProvisioningSession.objects.select_related("template", "token").get(pk=session.pk)
            ready.wait(30)
            evidence.record(session=mine, kind=kind, value=value)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    told = ((EvidenceKind.LED, "dark"), (EvidenceKind.ANSWER, "phone_left"))
    threads = [threading.Thread(target=tell, args=pair) for pair in told]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    session.refresh_from_db()
    assert {"led_dark", "phone_left"} <= set(codes_of(session))
