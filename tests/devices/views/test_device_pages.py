"""The list of devices and the page of one."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from devices.actions import presence, readings, timeline
from devices.actions.values import Attach, Detach, Written
from devices.models import Device, PinValue, Presence, TimelineEvent
from devices.models.timeline import EventKind
from templates_app.models import Template
from tests.cast import Cast, make_device, signed_in
from tests.selectors import has, one, piece, soup, text_of

pytestmark = pytest.mark.django_db
LIST = reverse("devices:list")
HTMX = {"HX-Request": "true"}


def url_of(device: Device, name: str = "detail") -> str:
    return reverse(f"devices:{name}", args=[device.pk])


def connect(device: Device) -> None:
    presence.attach([Attach(device.pk, 1, "one", "192.0.2.7", 23)])


def test_list_shows_what_matters(device: Device, cast: Cast) -> None:
    connect(device)
    text = text_of(signed_in(cast.vic).get(LIST), "tbody tr")
    for part in (device.name, "Online", "Soil Sensor", "ESP32", "now"):
        assert part in text


def test_empty_list_teaches_the_next_step(cast: Cast) -> None:
    page = signed_in(cast.alice).get(LIST)
    assert "No devices yet" in text_of(page)


def test_silent_device_is_shown_offline_before_any_sweep(device: Device, cast: Cast) -> None:
    connect(device)
    Presence.objects.update(last_seen_at=timezone.now() - timedelta(seconds=60))
    client = signed_in(cast.alice)
    assert "Offline" in text_of(client.get(LIST), "tbody tr")
    assert has(client.get(LIST, {"status": "offline"}), f'a[href="{url_of(device)}"]')
    assert not has(client.get(LIST, {"status": "online"}), f'a[href="{url_of(device)}"]')


def test_search_and_template_filter(device: Device, template: Template, cast: Cast) -> None:
    client = signed_in(cast.alice)
    for query, found in [
        ({"q": device.name[2:8].upper()}, True),
        ({"q": "nothing like it"}, False),
        ({"template": template.template_id}, True),
        ({"template": "TMPLnone12345"}, False),
        ({"q": "a\0b", "template": "\0"}, False),
    ]:
        assert has(client.get(LIST, query), f'a[href="{url_of(device)}"]') is found, query


def test_pages_by_keyset_meet_without_gap_or_overlap(template: Template, cast: Cast) -> None:
    settings_size = settings.PAGE_SIZE
    devices = [make_device(template, cast.alice) for _ in range(5)]
    client = signed_in(cast.alice)
    settings.PAGE_SIZE = 2
    try:
        first = client.get(LIST)
        second = client.get(LIST + str(one(first, 'a[rel="next"]')["href"]))
        back = client.get(LIST + str(one(second, 'a[rel="prev"]')["href"]))
    finally:
        settings.PAGE_SIZE = settings_size
    names = [[row.get_text(strip=True) for row in soup(page).select("tbody th")] for page in (first, second, back)]
    newest = [device.name for device in reversed(devices)]
    assert names == [newest[:2], newest[2:4], newest[:2]]


def test_rows_refresh_to_what_a_reload_shows(device: Device, cast: Cast) -> None:
    client = signed_in(cast.alice)
    client.get(LIST)
    connect(device)
    assert piece(client.get(LIST, headers=HTMX), "#device-rows") == piece(client.get(LIST), "#device-rows")


def test_list_costs_the_same_for_many_devices(
    template: Template, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(12):
        connect(make_device(template, cast.alice))
    client = signed_in(cast.alice)
    with django_assert_max_num_queries(6):
        client.get(LIST)


def test_page_shows_values_timeline_and_facts(device: Device, cast: Cast) -> None:
    connect(device)
    readings.write([Written(device.pk, 4, "21.5"), Written(device.pk, 5, "1\x1f2")])
    page = signed_in(cast.vic).get(url_of(device))
    text = text_of(page)
    for part in ("V4", "21.5", "1, 2", "Came online from 192.0.2.7", "Activated by its first login", device.name):
        assert part in text
    assert not has(page, f'form[action="{url_of(device, "write")}"]')


def test_open_page_notices_a_device_going_offline(device: Device, cast: Cast) -> None:
    connect(device)
    client = signed_in(cast.alice)
    poll = url_of(device) + str(one(client.get(url_of(device)), "#live")["hx-get"])
    assert client.get(poll, headers=HTMX).status_code == 204
    presence.detach([Detach(device.pk, 1, "the connection was closed")])
    swapped = client.get(poll, headers=HTMX)
    assert "Went offline: the connection was closed" in text_of(swapped)
    assert piece(swapped, "#live") == piece(client.get(url_of(device)), "#live")


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_of_event_is_drawn(kind: EventKind, device: Device, cast: Cast) -> None:
    TimelineEvent.objects.filter(device_id=device.pk).update(kind=kind, detail={})
    assert has(signed_in(cast.alice).get(url_of(device)), ".timeline li")


def test_kind_that_only_a_newer_landfall_knows_is_shown_without_words(device: Device, cast: Cast) -> None:
    TimelineEvent.objects.filter(device_id=device.pk).update(kind="from_tomorrow")
    assert "has no words for" in text_of(signed_in(cast.alice).get(url_of(device)), ".timeline")


def test_timeline_filters_by_kind_and_pages(device: Device, cast: Cast) -> None:
    timeline.record_many([(device.pk, EventKind.EVENT, "", {"code": f"code{n}", "text": ""}) for n in range(40)])
    client = signed_in(cast.alice)
    page = client.get(url_of(device), {"kind": "event"})
    assert "Activated by" not in text_of(page, ".timeline")
    assert "code39" in text_of(page, ".timeline")
    older = client.get(url_of(device) + str(one(page, 'a[rel="next"]')["href"]))
    assert "code9." in text_of(older, ".timeline")
    assert "code10." not in text_of(older, ".timeline")


@pytest.mark.parametrize("before", ["x", "-", "99999999999999999999-1", "1-", "\0", "²-1"])
def test_mistyped_cursor_shows_the_newest(before: str, device: Device, cast: Cast) -> None:
    assert signed_in(cast.alice).get(url_of(device), {"before": before, "kind": "no kind"}).status_code == 200


def test_rename(device: Device, cast: Cast) -> None:
    client = signed_in(cast.ines)
    assert client.get(url_of(device, "rename")).status_code == 200
    refused = client.post(url_of(device, "rename"), {"name": ""})
    assert refused.status_code == 422
    assert "Give the device a name" in text_of(refused, ".field-error")
    client.post(url_of(device, "rename"), {"name": "Nord <b>"})
    assert "Nord &lt;b&gt;" in client.get(url_of(device)).content.decode()


def test_writing_a_pin_keeps_the_value(device: Device, cast: Cast) -> None:
    client = signed_in(cast.alice)
    client.post(url_of(device, "write"), {"pin": "v7", "value": "on"})
    assert PinValue.objects.get(device=device).pin == 7
    for pin in ("256", "-1", "x", "", "1" * 50):
        answer = client.post(url_of(device, "write"), {"pin": pin, "value": "1"}, follow=True)
        assert "0 to 255" in text_of(answer)


def test_delete_asks_for_the_name(device: Device, cast: Cast) -> None:
    client = signed_in(cast.alice)
    assert "cannot be undone" in text_of(client.get(url_of(device, "delete")))
    assert client.post(url_of(device, "delete"), {"confirm": "wrong"}).status_code == 422
    assert Device.objects.exists()
    answer = client.post(url_of(device, "delete"), {"confirm": device.name}, follow=True)
    assert "is deleted" in text_of(answer)
    assert not Device.objects.exists()


def test_teammates_without_the_permission_are_refused_by_name(device: Device, cast: Cast) -> None:
    viewer, installer = signed_in(cast.vic), signed_in(cast.ines)
    for name in ("rename", "write"):
        refused = viewer.post(url_of(device, name), {"name": "x", "pin": "1"})
        assert refused.status_code == 403
        assert "edit devices" in text_of(refused)
    assert installer.post(url_of(device, "delete"), {"confirm": device.name}).status_code == 403
    assert Device.objects.exists()


def test_stranger_sees_404(device: Device, cast: Cast) -> None:
    client = signed_in(cast.sam)
    for name in ("detail", "rename", "delete"):
        assert client.get(url_of(device, name)).status_code == 404
    assert client.post(url_of(device, "write"), {"pin": "1", "value": "1"}).status_code == 404
    assert not has(client.get(LIST), f'a[href="{url_of(device)}"]')


def test_id_beyond_every_range_is_404(cast: Cast) -> None:
    assert signed_in(cast.alice).get(f"/devices/{10**30}/").status_code == 404


def test_signed_out_visitor_is_sent_to_sign_in(device: Device) -> None:
    assert Client().get(url_of(device))["Location"].startswith(reverse("account_login"))
