"""The session's page offers the device that its board was before; pages and API."""

import pytest
from django.urls import reverse

from devices.models import Device
from templates_app.models import Template
from tests.cast import Cast, signed_in
from tests.console.api.caller import caller
from tests.devices.actions.test_returning import before, wiped
from tests.selectors import has, one, piece, text_of

__all__ = ["before"]
pytestmark = pytest.mark.django_db


def test_page_offers_notices_later_and_joins(before: Device, template: Template, cast: Cast) -> None:
    session = wiped(template, cast, hotspot="")
    client = signed_in(cast.alice)
    page_url = reverse("sessions:detail", args=[session.pk])
    page = client.get(page_url)
    assert not has(page, "#session-again")
    poll = str(one(page, "#progress")["hx-get"])
    Device.objects.filter(pk=session.device_id or 0).update(hotspot_name=before.hotspot_name)
    swapped = client.get(poll, headers={"HX-Request": "true"})
    assert piece(swapped, "#session-again") == piece(client.get(page_url), "#session-again")
    again = str(one(swapped, "#session-again a.btn")["href"])
    assert "This is Greenhouse north again" in text_of(swapped, "#session-again")
    explained = client.get(again)
    assert "the same hotspot name, Blynk Soil Sensor-9A4R" in text_of(explained)
    assert "cannot be undone" in text_of(explained)
    assert client.post(again, {"confirm": "wrong"}).status_code == 422
    done = client.post(again, {"confirm": "Greenhouse north"}, follow=True)
    assert "Greenhouse north is back with its new token" in text_of(done, ".toasts")
    assert "Back after its board was wiped" in text_of(done, ".timeline")
    late = client.post(again, {"confirm": "Greenhouse north"}, follow=True)
    assert "is not offered for this session" in text_of(late, ".toasts")
    after = client.get(page_url)
    assert not has(after, "#session-again")
    assert not has(after, "input[name=name]")


def test_leaving_it_as_a_new_device_ends_the_asking(before: Device, template: Template, cast: Cast) -> None:
    session = wiped(template, cast)
    client = signed_in(cast.alice)
    client.post(reverse("sessions:name", args=[session.pk]), {"name": "Another"})
    page = client.get(reverse("sessions:detail", args=[session.pk]))
    assert not one(page, "#progress").has_attr("hx-get")
    assert Device.objects.count() == 2


def test_viewer_is_offered_nothing(before: Device, template: Template, cast: Cast) -> None:
    session = wiped(template, cast)
    assert not has(signed_in(cast.vic).get(reverse("sessions:detail", args=[session.pk])), "#session-again")
    assert signed_in(cast.vic).get(reverse("sessions:again", args=[session.pk, before.pk])).status_code == 403
    assert signed_in(cast.sam).get(reverse("sessions:again", args=[session.pk, before.pk])).status_code == 404


def test_api_tells_and_joins(before: Device, template: Template, cast: Cast) -> None:
    session = wiped(template, cast)
    api = caller(cast.alice)
    (same,) = api.get(f"provisioning-sessions/{session.pk}/").data["same_as"]
    assert (same["id"], same["name"]) == (before.pk, "Greenhouse north")
    assert api.send("POST", f"provisioning-sessions/{session.pk}/same-as/", {}).status == 400
    answer = api.send("POST", f"provisioning-sessions/{session.pk}/same-as/", {"device_id": before.pk})
    assert (answer.status, answer.data["id"]) == (200, before.pk)
    again = api.send("POST", f"provisioning-sessions/{session.pk}/same-as/", {"device_id": before.pk})
    assert again.status == 409
    assert api.get(f"provisioning-sessions/{session.pk}/").data["same_as"] == []
