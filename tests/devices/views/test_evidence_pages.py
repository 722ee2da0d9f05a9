"""Findings, the question and the report, as the session's page shows them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from console.kit.tokens import TOKEN_PREFIX, new_secret
from devices.actions import connections, evidence, sessions
from devices.actions.sessions import Opened
from devices.actions.values import Failure
from devices.models import ProvisioningSession, SessionEvidence
from devices.models.evidence import EvidenceKind
from devices.status import FailedBecause
from templates_app.models import Template
from tests.cast import Cast, signed_in
from tests.selectors import has, one, piece, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(template: Template, cast: Cast) -> Opened:
    opened = sessions.open_session(template=template, by=cast.alice, address="127.0.0.1")
    # What happens within one transaction has its beginning as its time.
    ProvisioningSession.objects.update(opened_at=timezone.now() - timedelta(minutes=1))
    opened.session.refresh_from_db()
    return opened


@pytest.fixture
def session(opened: Opened) -> ProvisioningSession:
    return opened.session


def url_of(session: ProvisioningSession, name: str = "detail") -> str:
    return reverse(f"sessions:{name}", args=[session.pk])


def tell(client: Client, session: ProvisioningSession, kind: str, value: str) -> object:
    return client.post(url_of(session, "evidence"), {"kind": kind, "value": value}, follow=True)


def test_finding_shows_evidence_next_step_and_a_button_that_does_it(session: ProvisioningSession, cast: Cast) -> None:
    page = tell(signed_in(cast.alice), session, "serial", "[9000] Connecting to blynk.cloud:443")
    finding = ".session-finding:first-of-type"
    assert "calls blynk.cloud" in text_of(page, f"{finding} .finding-what")
    assert "Connecting to blynk.cloud:443" in text_of(page, f"{finding} pre.finding-evidence")
    assert "Certain" in text_of(page, finding)
    template = reverse("templates:detail", args=[session.template.template_id])
    assert has(page, f'{finding} a.btn[href="{template}"]')


def test_page_that_waits_shows_a_new_finding(session: ProvisioningSession, cast: Cast) -> None:
    client = signed_in(cast.alice)
    poll = str(one(client.get(url_of(session)), "#progress")["hx-get"])
    assert client.get(poll, headers={"HX-Request": "true"}).status_code == 204
    connections.record([Failure("127.0.0.1", FailedBecause.NOT_TRUSTED, "TLSV1_ALERT_UNKNOWN_CA")])
    swapped = client.get(poll, headers={"HX-Request": "true"})
    assert "does not trust its certificate" in text_of(swapped)
    assert piece(swapped, "#progress") == piece(client.get(url_of(session)), "#progress")


def test_page_asks_the_one_question_and_the_answer_decides(session: ProvisioningSession, cast: Cast) -> None:
    client = signed_in(cast.alice)
    page = tell(client, session, "led", "other")
    assert "does not tell the cause yet" in text_of(page)
    assert one(page, ".session-question [name=kind]")["value"] == "serial"
    page = tell(client, session, "serial", "[9] Connection failed")
    assert not has(page, ".session-question")
    assert "cannot connect to the server" in text_of(page)


def test_every_question_can_be_answered_on_the_page(session: ProvisioningSession, cast: Cast) -> None:
    client = signed_in(cast.alice)
    page = tell(client, session, "led", "waiting")
    assert one(page, ".session-question [name=kind]")["value"] == "answer"
    assert has(page, '.session-question input[value="phone_left"]')
    SessionEvidence.objects.all().delete()
    tell(client, session, "led", "other")
    page = tell(client, session, "serial", "nothing of note")
    assert one(page, ".session-question [name=kind]")["value"] == "last_error"
    assert not has(tell(client, session, "last_error", "0"), ".session-question")


def test_report_tells_all_without_secrets(opened: Opened, cast: Cast) -> None:
    client, session = signed_in(cast.alice), opened.session
    other = new_secret(TOKEN_PREFIX)
    log = f"[1] WiFi SSID: Home Pass: hunter2\n[2] Blynk cloud: {opened.token} @ blynk.cloud:443\n[3] Token: {other}"
    tell(client, session, "serial", f"{log}\n[4] Connecting to blynk.cloud:443")
    page, report = client.get(url_of(session)), client.get(url_of(session, "report"))
    assert report["Content-Type"] == "text/plain; charset=utf-8"
    text = report.content.decode()
    assert one(page, "#session-report").get_text().strip() == text.strip()
    for told in ("calls_blynk_cloud", "Connecting to blynk.cloud:443", session.template.template_id, "Alice"):
        assert told in text
    for secret in ("hunter2", opened.token or "", other):
        assert secret not in text
        assert secret not in page.content.decode()


def test_what_the_board_printed_is_no_markup(session: ProvisioningSession, cast: Cast) -> None:
    page = tell(signed_in(cast.alice), session, "serial", "[9] Connecting to <script>alert(1)</script>:443")
    assert "<script>alert" not in page.content.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [("led", "purple", "is one of"), ("last_error", "x", "number"), ("serial", "", "Paste"), ("", "", "Choose")],
)
def test_what_cannot_be_used_says_so(
    session: ProvisioningSession, cast: Cast, kind: str, value: str, words: str
) -> None:
    assert words in text_of(tell(signed_in(cast.alice), session, kind, value))
    assert not SessionEvidence.objects.exists()


def test_viewer_reads_findings_and_tells_nothing(session: ProvisioningSession, cast: Cast) -> None:
    evidence.record(session=session, kind=EvidenceKind.LED, value="dark")
    client = signed_in(cast.vic)
    page = client.get(url_of(session))
    assert has(page, ".session-finding")
    assert not has(page, f'form[action="{url_of(session, "evidence")}"]')
    assert client.get(url_of(session, "report")).status_code == 200
    refused = client.post(url_of(session, "evidence"), {"kind": "led", "value": "dark"})
    assert refused.status_code == 403
    assert "edit devices" in text_of(refused)


def test_stranger_sees_404(session: ProvisioningSession, cast: Cast) -> None:
    client = signed_in(cast.sam)
    assert client.get(url_of(session, "report")).status_code == 404
    assert client.post(url_of(session, "evidence"), {"kind": "led", "value": "dark"}).status_code == 404


def test_activated_session_is_told_nothing_more(session: ProvisioningSession, cast: Cast) -> None:
    ProvisioningSession.objects.update(state="activated", ended_at=timezone.now())
    page = tell(signed_in(cast.alice), session, "led", "dark")
    assert "nothing to find out" in text_of(page)
    assert not has(page, ".session-tell")


def test_script_that_tells_of_a_session_that_has_just_ended_meets_no_error(
    session: ProvisioningSession, cast: Cast
) -> None:
    ProvisioningSession.objects.update(state="activated", ended_at=timezone.now())
    told = {"kind": "serial", "value": "[9] CONNECTING_CLOUD => RUNNING"}
    answer = signed_in(cast.alice).post(url_of(session, "evidence"), told, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert not SessionEvidence.objects.exists()
