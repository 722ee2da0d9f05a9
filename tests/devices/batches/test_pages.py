"""Batches as their pages tell them."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from console.kit.tokens import TOKEN_PREFIX, is_ours
from console.teams.models import AuditEntry, Grant
from devices.actions import batches
from devices.actions.planned import PlannedDevice, numbered
from devices.models import Batch, Device, ProvisioningSession
from templates_app.models import Template
from tests.cast import Cast, signed_in
from tests.devices.batches.test_batches import BED, MAC, activate, open_some
from tests.selectors import has, one, piece, soup, text_of, texts, words

pytestmark = pytest.mark.django_db
NEW = reverse("batches:new")
LIST = "name,mac,tags\nBed 1,24:6F:28:01:02:03,north|soil\nBed 2,,\n"
WRONG = LIST + "Bed 3,24:6F:28:01:02:0,\nBed 1,,\n"


def url_of(batch: Batch, name: str = "detail") -> str:
    return reverse(f"batches:{name}", args=[batch.pk])


def send(client: Client, template: Template, **fields: object) -> Any:
    return client.post(
        NEW, {"template": template.template_id, "lifetime": "3600", "request_id": str(uuid4()), **fields}
    )


def tokens_in(response: Any) -> list[str]:
    return texts(response, "[data-batch-token]")


@pytest.fixture
def dan(cast: Cast) -> Client:
    return signed_in(cast.dan)


def test_a_list_becomes_a_sheet_with_a_token_for_each_row(dan: Client, template: Template) -> None:
    response = send(dan, template, list=LIST, note="Line 2")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    tokens = tokens_in(response)
    assert len(set(tokens)) == 2
    assert all(is_ours(token, TOKEN_PREFIX) for token in tokens)
    first, second = soup(response).select(".label")
    assert "Bed 1" in words(first)
    assert re.search(r"Blynk Soil Sensor-[0-9A-Z]{4}", words(first))
    assert MAC in words(first)
    assert first.select("svg")
    assert "127.0.0.1:8080" in words(first)
    assert "Blynk Soil Sensor-XXXX" in words(second)
    assert not second.select("svg")
    assert Batch.objects.get().note == "Line 2"


def test_tokens_are_on_no_other_page(dan: Client, template: Template) -> None:
    tokens = tokens_in(send(dan, template, list=LIST))
    batch = Batch.objects.get()
    addresses = [url_of(batch), url_of(batch, "sheet"), reverse("batches:list"), reverse("sessions:list")]
    addresses += [reverse("sessions:detail", args=[session.pk]) for session in batch.sessions.all()]
    for address in addresses:
        text = dan.get(address).text
        assert not any(token in text for token in tokens), address
    assert texts(dan.get(url_of(batch, "sheet")), "[data-batch-token]") == [f"{token[:8]}…" for token in tokens]
    assert not any(token in str(entry.detail) for token in tokens for entry in AuditEntry.objects.all())


@pytest.mark.parametrize("lifetime", ["3600", "28800", "86400", "259200", "604800"])
def test_each_deadline_can_be_chosen(dan: Client, template: Template, lifetime: str) -> None:
    send(dan, template, count="1", lifetime=lifetime)
    batch = Batch.objects.get()
    assert (batch.expires_at - batch.opened_at).total_seconds() == int(lifetime)


@override_settings(TOKEN_LIFETIME_MAX_SECONDS=30_000)
def test_only_deadlines_that_are_allowed_are_offered(dan: Client, template: Template) -> None:
    assert texts(dan.get(NEW), "select[name=lifetime] option") == ["1 hour", "8 hours"]
    assert send(dan, template, count="1", lifetime="86400").status_code == 422
    with override_settings(TOKEN_LIFETIME_MAX_SECONDS=600):
        assert texts(dan.get(NEW), "select[name=lifetime] option") == ["10 minutes"]
        assert send(dan, template, count="1", lifetime="600").status_code == 200


def test_a_file_is_read_as_the_text_is(dan: Client, template: Template) -> None:
    file = SimpleUploadedFile("beds.csv", LIST.replace("\n", "\r\n").replace(",", ";").encode("utf-8-sig"))
    assert len(tokens_in(send(dan, template, file=file))) == 2
    assert ProvisioningSession.objects.get(batch_row=1).planned_mac == MAC


class TestRowsWithErrors:
    def test_are_named_and_nothing_is_opened(self, dan: Client, template: Template) -> None:
        response = send(dan, template, list=WRONG, note="Line 2")
        assert response.status_code == 422
        assert not ProvisioningSession.objects.exists()
        found = texts(response, "tbody tr")
        assert [row.partition(" A ")[0].partition(" The ")[0] for row in found] == ["Line 4", "Line 5"]
        assert "twelve hexadecimal digits" in found[0]
        assert "24:6F:28:01:02:0" in found[0]
        assert "The name stands in line 2 already." in found[1]
        assert "Nothing is opened yet." in text_of(response, "#check-heading")
        assert not has(response, "[data-batch-token]")

    def agree(self, dan: Client, response: Any) -> Any:
        """Press the second button."""
        form = one(response, "form:has([name=without])")
        fields = {str(field["name"]): str(field["value"]) for field in form.select("input[type=hidden]")}
        return dan.post(str(form["action"]), fields)

    def test_the_rest_is_opened_once_somebody_says_so(self, dan: Client, template: Template) -> None:
        response = self.agree(dan, send(dan, template, list=WRONG, note="Line 2", lifetime="28800"))
        assert len(tokens_in(response)) == 2
        batch = Batch.objects.get()
        assert (batch.note, batch.devices_count) == ("Line 2", 2)
        assert (batch.expires_at - batch.opened_at).total_seconds() == 28800

    def test_another_row_that_went_wrong_is_asked_about_again(
        self, dan: Client, template: Template, cast: Cast
    ) -> None:
        response = send(dan, template, list=WRONG)
        open_some(template, cast.ann, [BED])
        again = self.agree(dan, response)
        assert again.status_code == 422
        assert "waits for this MAC address already" in text_of(again, "tbody")
        assert Batch.objects.count() == 1
        assert len(tokens_in(self.agree(dan, again))) == 1

    def test_no_row_left_offers_no_button(self, dan: Client, template: Template) -> None:
        response = send(dan, template, list="Bed 1,x,\n", without="1")
        assert response.status_code == 422
        assert not has(response, "[name=without]")
        assert not Batch.objects.exists()

    def test_a_hostile_list_is_shown_as_text(self, dan: Client, template: Template) -> None:
        response = send(dan, template, list="<script>alert(1)</script>,<b>,\n\x00,,\n=1+1,,")
        assert not has(response, "main script, main b")
        assert len(tokens_in(self.agree(dan, response))) == 1
        assert ProvisioningSession.objects.get().planned_name == "=1+1"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Say how many devices"),
        ({"count": "0"}, "1 to 500 devices"),
        ({"count": "501"}, "1 to 500 devices"),
        ({"count": "9" * 5000}, "digits"),
        ({"count": "٣²"}, "digits"),
        ({"count": "2", "list": LIST}, "Clear the number, or the list"),
        ({"list": "name,serial\nBed,5"}, "no column “serial”"),
        ({"count": "1", "lifetime": "60"}, "Choose one of these deadlines"),
        ({"count": "1", "note": "a\tb\x07"}, "one line of 200 characters"),
    ],
)
def test_what_cannot_be_opened_is_said_at_its_field(
    dan: Client, template: Template, fields: dict[str, str], said: str
) -> None:
    response = send(dan, template, **fields)
    assert response.status_code == 422
    assert said in text_of(response, "main")
    assert not Batch.objects.exists()


def test_a_file_of_five_megabytes_is_refused(dan: Client, template: Template) -> None:
    response = send(dan, template, file=SimpleUploadedFile("x.csv", b"Bed\n" * 1_310_720))
    assert response.status_code == 422
    assert "larger than 200,000 bytes" in text_of(response, "main")


def test_an_archived_template_says_so(dan: Client, template: Template) -> None:
    Template.objects.filter(pk=template.pk).update(archived_at="2026-11-25T00:00:00Z")
    assert "archived" in text_of(send(dan, template, count="1"), "main")


def test_sent_twice_it_opens_one_batch_and_leads_there(dan: Client, template: Template) -> None:
    request = str(uuid4())
    send(dan, template, count="2", request_id=request)
    again = send(dan, template, count="2", request_id=request)
    assert again.status_code == 302
    assert again["Location"] == url_of(Batch.objects.get())
    assert ProvisioningSession.objects.count() == 2


def test_installer_opens_what_the_grant_has_left(template: Template, cast: Cast) -> None:
    ines = signed_in(cast.ines)
    assert send(ines, template, count="1").status_code == 403
    assert "is not yours to provision" in text_of(ines.get(NEW), "main")
    Grant.objects.create(member=cast.ines, template_id=template.template_id, devices_limit=2)
    refused = send(ines, template, count="3")
    assert refused.status_code == 422
    assert "for 2 more devices" in text_of(refused, "main")
    assert len(tokens_in(send(ines, template, count="2"))) == 2


class TestProgress:
    def test_counts_and_rows_with_their_devices(self, dan: Client, template: Template, cast: Cast) -> None:
        opened = open_some(template, cast.dan, note="Line 2")
        device = activate(opened.sessions[0])
        response = dan.get(url_of(opened.batch))
        assert text_of(response, "#progress-head") == "1 of 2 activated"
        assert texts(response, "#progress .chip") == ["All 2", "Open 1", "Activated 1"]
        assert one(response, f"a[href='/devices/{device.pk}/']").get_text() == "Bed 1"
        assert "Line 2" in text_of(response, ".page-lead")
        assert texts(dan.get(url_of(opened.batch) + "?state=open"), "#progress tbody th") == [
            f"Session {opened.sessions[1].pk}"
        ]

    def test_the_swapped_piece_equals_the_reloaded_page(self, dan: Client, template: Template, cast: Cast) -> None:
        batch = open_some(template, cast.dan).batch
        page = dan.get(url_of(batch))
        address = str(one(page, "#progress")["hx-get"])
        assert dan.get(address, headers={"hx-request": "true"}).status_code == 204
        activate(batch.sessions.order_by("pk")[0])
        swapped = dan.get(address, headers={"hx-request": "true"})
        assert piece(swapped, "#progress") == piece(dan.get(url_of(batch)), "#progress")

    def test_over_it_is_polled_no_more(self, dan: Client, template: Template, cast: Cast) -> None:
        batch = open_some(template, cast.dan).batch
        batches.cancel(batch=batch, by=cast.dan)
        response = dan.get(url_of(batch))
        assert not has(response, "#progress[hx-trigger]")
        assert one(response, "[data-batch-id]")["data-batch-over"] == "true"
        assert "No session is open any more" in text_of(dan.get(url_of(batch, "sheet")), "main")

    def test_many_rows_come_in_pages(
        self, dan: Client, template: Template, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        batch = open_some(template, cast.dan, numbered(101).devices).batch
        with django_assert_max_num_queries(8):
            first = dan.get(url_of(batch))
        assert len(soup(first).select("#progress tbody tr")) == 100
        following = dan.get(url_of(batch) + str(one(first, "a[rel=next]")["href"]))
        assert len(soup(following).select("#progress tbody tr")) == 1
        assert dan.get(url_of(batch) + "?from=x&state=nothing").status_code == 200

    def test_the_list_has_every_batch_with_its_progress(
        self, dan: Client, template: Template, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        opened = open_some(template, cast.dan)
        activate(opened.sessions[0])
        open_some(template, cast.dan, numbered(1).devices)
        with django_assert_max_num_queries(8):
            response = dan.get(reverse("batches:list"))
        assert [row.split()[-3:] for row in texts(response, "tbody tr")] == [["0", "of", "1"], ["1", "of", "2"]]


class TestCancelling:
    def test_wants_the_name_typed(self, dan: Client, template: Template, cast: Cast) -> None:
        batch = open_some(template, cast.dan).batch
        refused = dan.post(url_of(batch, "cancel"), {"confirm": "batch"})
        assert refused.status_code == 422
        assert batch.sessions.filter(state="open").count() == 2
        done = dan.post(url_of(batch, "cancel"), {"confirm": batch.label}, follow=True)
        assert "2 sessions are cancelled" in text_of(done)
        again = dan.post(url_of(batch, "cancel"), {"confirm": batch.label}, follow=True)
        assert "nothing was changed" in text_of(again)

    def test_is_for_the_opener_and_who_may_delete_devices(self, template: Template, cast: Cast) -> None:
        Grant.objects.create(member=cast.ines)
        batch = open_some(template, cast.ines).batch
        for member in (cast.ines, cast.ann):
            assert has(signed_in(member).get(url_of(batch)), "dialog#cancel")
        vic = signed_in(cast.vic)
        assert not has(vic.get(url_of(batch)), "dialog#cancel")
        assert vic.post(url_of(batch, "cancel"), {"confirm": batch.label}).status_code == 403
        assert signed_in(cast.sam).post(url_of(batch, "cancel"), {"confirm": batch.label}).status_code == 404


def test_session_and_device_lead_to_their_batch(dan: Client, template: Template, cast: Cast) -> None:
    opened = open_some(template, cast.dan)
    session = opened.sessions[0]
    assert f"row 1 of {opened.batch.label}: Bed 1" in words(one(dan.get(f"/sessions/{session.pk}/"), ".page-lead"))
    device = activate(session)
    page = dan.get(f"/devices/{device.pk}/")
    assert has(page, f"a[href='{url_of(opened.batch)}']")
    assert MAC in text_of(page, "#device-facts")
    assert has(page, "#device-facts a[href='/devices/?tag=soil']")


def test_the_named_device_asks_for_no_name(dan: Client, template: Template, cast: Cast) -> None:
    session = open_some(template, cast.dan).sessions[0]
    activate(session)
    assert not has(dan.get(f"/sessions/{session.pk}/"), "#device-name")


class TestTags:
    @pytest.fixture
    def tagged(self, template: Template, cast: Cast) -> Device:
        activate(open_some(template, cast.dan, [PlannedDevice(1, "Bed 9", "24:6F:28:01:02:09", ("roof",))]).sessions[0])
        return activate(open_some(template, cast.dan, [BED]).sessions[0])

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("tag=soil", ["Bed 1"]),
            ("tag=SOIL", ["Bed 1"]),
            ("tag=so", []),
            ("q=roo", ["Bed 9"]),
            ("q=01:02:09", ["Bed 9"]),
            ("tag=roof&q=Bed 1", []),
            ("tag=", ["Bed 1", "Bed 9"]),
            ("tag=%00%f0", []),
        ],
    )
    def test_devices_are_found_by_them(self, dan: Client, tagged: Device, query: str, names: list[str]) -> None:
        assert texts(dan.get(f"/devices/?{query}"), "tbody th > a") == names

    def test_are_shown_and_can_be_taken_away(self, dan: Client, tagged: Device) -> None:
        page = dan.get("/devices/?tag=soil&status=offline")
        assert texts(page, "tbody th .badge") == ["north", "soil"]
        chip = one(page, "nav[aria-label=Tag] .chip")
        assert chip["href"] == "?status=offline"
        assert one(page, "input[name=tag]")["value"] == "soil"

    def test_of_another_team_find_nothing(self, tagged: Device, cast: Cast) -> None:
        assert texts(signed_in(cast.sam).get("/devices/?tag=soil"), "tbody th > a") == []
