"""What a hostile device says of itself is text on every page, and breaks none."""

import pytest
from bs4 import BeautifulSoup

from devices.actions import facts, presence, readings
from devices.actions.values import Attach, Facts, Logged, Meta, Written
from devices.models import Device
from tests.cast import Cast, signed_in
from tests.console.api.caller import caller

NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7|add:7 }}{% now 'Y' %}",
    "javascript:alert(1)",
    "\u202eexe.elif\u2066",
    "--></style></title><svg onload=alert(1)>",
    "%s %(x)s {0} \\u0000 \\ud800",
]


def speak(device: Device, text: str) -> None:
    """Let the device say `text` wherever it may say anything."""
    presence.attach([Attach(device.pk, 1, "gw", "192.0.2.9", 25)])
    facts.report([Facts(device.pk, text, text, text, text, text, text)])
    facts.report([Facts(device.pk, firmware_version=text + "2")])
    facts.set_metadata([Meta(device.pk, "Hotspot Name", text), Meta(device.pk, text, text)])
    facts.log_events([Logged(device.pk, device.team_id, text, text), Logged(device.pk, device.team_id, text, "", True)])
    readings.write([Written(device.pk, 1, text), Written(device.pk, 2, "\x1f".join([text, text]))])


@pytest.mark.parametrize("text", NASTY)
def test_pages_show_it_as_text(device: Device, cast: Cast, text: str) -> None:
    plain = signed_in(cast.alice)
    urls = [f"/devices/{device.pk}/", "/devices/", "/overview/", f"/devices/{device.pk}/rename/"]
    before = {url: _shape(plain.get(url).text) for url in urls}
    speak(device, text)
    for url in urls:
        response = plain.get(url)
        assert response.status_code == 200
        assert _shape(response.text) <= before[url]
    assert text in BeautifulSoup(plain.get(urls[0]).text, "html.parser").text


def _shape(page: str) -> set[tuple[str, str]]:
    """Elements and attributes that could act: scripts, handlers, images, and any `javascript:` address."""
    found = BeautifulSoup(page, "html.parser").find_all(True)
    acting = {(e.name, name) for e in found for name in e.attrs if name.startswith("on") or name == "srcdoc"}
    acting |= {(e.name, "") for e in found if e.name in {"img", "iframe", "object", "embed"}}
    acting |= {(e.name, str(e.get("src") or "inline")) for e in found if e.name == "script"}
    return acting | {(e.name, "javascript:") for e in found if str(e.get("href", "")).startswith("javascript:")}


@pytest.mark.parametrize("text", NASTY)
def test_programs_get_it_as_it_is(device: Device, cast: Cast, text: str) -> None:
    speak(device, text)
    answer = caller(cast.alice).get(f"devices/{device.pk}/")
    assert (answer.data["hotspot_name"], answer.data["metadata"][text]) == (text, text)
    events = caller(cast.alice).get(f"devices/{device.pk}/timeline/?kind=event").data["results"]
    assert {event["detail"]["code"] for event in events} == {text}


def test_metadata_without_end_is_not_kept(device: Device) -> None:
    facts.set_metadata([Meta(device.pk, f"key {number}", "v" * 200) for number in range(200)])
    device.refresh_from_db()
    assert len(device.metadata) == facts.METADATA_KEYS
