"""The page and the API of a device speak in the words of its template's datastreams and events."""

from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from console.kit import server_time
from devices.actions import devices as device_actions
from devices.actions import readings, timeline
from devices.actions.values import Written
from devices.models import Device
from devices.models.timeline import EventKind
from templates_app.actions import datastreams
from templates_app.models import Template
from tests.cast import Cast, signed_in
from tests.console.api.caller import caller
from tests.selectors import has, one, piece, soup, text_of, texts

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
HOSTILE = '"><script>alert(1)</script>'

AIR = {"pin": 4, "name": "Air", "kind": "decimal", "unit": "°C", "minimum": -40, "maximum": 85.5}
LAMP = {"pin": 7, "name": "Lamp", "kind": "switch"}
HOT = {"code": "too_hot", "title": "Too hot", "severity": "critical"}
LOW = {"code": "low", "title": "Battery low", "severity": "warning"}
HELLO = {"code": "hello", "title": "Hello", "severity": "info"}


def describe(device: Device, cast: Cast, *streams: Any, events: Any = ()) -> None:
    template = Template.objects.get(pk=device.template_id)
    datastreams.save(template=template, datastreams=streams, events=events, revision=template.revision, by=cast.dan)


def write(device: Device, pin: int, value: str) -> None:
    readings.write([Written(device.pk, pin, value)])


def log(device: Device, code: str, text: str = "", *, cleared: bool = False) -> None:
    timeline.record_many([(device.pk, EventKind.EVENT, "", {"code": code, "text": text, "cleared": cleared})])


def url_of(device: Device) -> str:
    return reverse("devices:detail", args=[device.pk])


def test_values_have_the_name_and_unit_of_their_datastream(device: Device, cast: Cast) -> None:
    describe(device, cast, AIR, LAMP)
    for pin, value in ((4, "21.500000"), (7, "1"), (9, "1\x1f2")):
        write(device, pin, value)
    rows = texts(signed_in(cast.vic).get(url_of(device)), ".table-values tbody tr")
    assert rows[0].startswith("Air V4")
    assert "21.5 °C" in rows[0]
    assert rows[1].startswith("Lamp V7")
    assert "On" in rows[1]
    assert rows[2].startswith("V9")
    assert "1, 2" in rows[2]


@pytest.mark.parametrize(
    ("value", "mark"),
    [("90", "above 85.5 °C"), ("-40.5", "below -40 °C"), ("NaN", "not a number"), ("", "not a number")],
)
def test_values_that_do_not_fit_are_marked_in_words(value: str, mark: str, device: Device, cast: Cast) -> None:
    describe(device, cast, AIR)
    write(device, 4, value)
    assert text_of(signed_in(cast.vic).get(url_of(device)), ".table-values .badge") == mark


def test_events_have_the_title_and_tone_of_their_code(device: Device, cast: Cast) -> None:
    describe(device, cast, events=[HOT, LOW, HELLO])
    for code, text in (("too_hot", "91 °C"), ("low", ""), ("hello", ""), ("unknown", "")):
        log(device, code, text)
    log(device, "too_hot", cleared=True)
    page = signed_in(cast.vic).get(url_of(device), {"kind": "event"})
    assert texts(page, ".timeline-body > p") == [
        "Cleared: Too hot.",
        "The device logged the event unknown.",
        "Hello.",
        "Warning: Battery low.",
        "Critical: Too hot.",
    ]
    assert "too_hot: 91 °C" in text_of(page, ".timeline")
    tones = [set(item["class"]) - {"timeline-item"} for item in soup(page).select(".timeline-item")]
    assert tones == [{"tone-info"}, {"tone-info"}, {"tone-info"}, {"tone-warn"}, {"tone-bad"}]


def test_writes_name_the_pin(device: Device, cast: Cast) -> None:
    describe(device, cast, LAMP)
    for pin in (7, 8):
        device_actions.write_pin(device=device, pin=pin, value="1", by=cast.dan)
    sentences = " ".join(texts(signed_in(cast.vic).get(url_of(device)), ".timeline-body > p"))
    assert "wrote 1 to Lamp (V7)." in sentences
    assert "wrote 1 to V8." in sentences


def test_write_form_offers_the_named_pins(device: Device, cast: Cast) -> None:
    client = signed_in(cast.ines)
    assert not has(client.get(url_of(device)), "datalist")
    describe(device, cast, AIR, LAMP)
    page = client.get(url_of(device))
    assert [option["value"] for option in soup(page).select("datalist option")] == ["V4", "V7"]
    assert one(page, "[name=pin]")["list"] == one(page, "datalist")["id"]


def test_hostile_words_and_values_are_shown_as_text(device: Device, cast: Cast) -> None:
    stream = {**AIR, "name": HOSTILE, "unit": "<b>x</b>"}
    describe(device, cast, stream, events=[{**HOT, "title": HOSTILE}])
    write(device, 4, "<script>2</script>")
    write(device, 5, "9" * 1024)
    log(device, "too_hot", HOSTILE)
    page = signed_in(cast.alice).get(url_of(device))
    assert not has(page, "main script")
    assert not has(page, "main b")
    assert HOSTILE in text_of(page, ".table-values")


def test_open_page_takes_up_new_names(device: Device, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    write(device, 4, "21")
    moment = server_time.now()
    monkeypatch.setattr(server_time, "now", lambda: moment)
    client = signed_in(cast.vic)
    poll = url_of(device) + str(one(client.get(url_of(device)), "#live")["hx-get"])
    assert client.get(poll, headers=HTMX).status_code == 204
    describe(device, cast, AIR)
    assert piece(client.get(poll, headers=HTMX), "#live") == piece(client.get(url_of(device)), "#live")


def test_page_costs_the_same_for_many_streams_and_events(
    device: Device, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    describe(device, cast, *({**AIR, "pin": pin} for pin in range(200)), events=[HOT, LOW])
    for pin in range(200):
        write(device, pin, "21")
    for _ in range(20):
        log(device, "too_hot")
    client = signed_in(cast.vic)
    with django_assert_max_num_queries(9):
        client.get(url_of(device))


def test_readings_of_the_api_tell_name_unit_and_range(device: Device, cast: Cast) -> None:
    describe(device, cast, AIR)
    for pin, value in ((4, "90"), (5, "90")):
        write(device, pin, value)
    rows = caller(cast.vic).get(f"devices/{device.pk}/readings/").data["results"]
    assert [(row["name"], row["unit"], row["is_out_of_range"]) for row in rows] == [
        ("Air", "°C", True),
        (None, None, False),
    ]
    history = caller(cast.vic).get(f"devices/{device.pk}/readings/?pin=V4").data["results"]
    assert history == [rows[0]]
    written = caller(cast.dan).post(f"devices/{device.pk}/readings/", {"pin": 4, "value": "20"}).data
    assert (written["name"], written["is_out_of_range"]) == ("Air", False)
