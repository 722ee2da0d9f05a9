"""Firmware lines, programs, hotspot names and the check of the gateway in the API."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from templates_app.actions import templates as actions
from templates_app.firmware import LibraryVersion
from templates_app.models import Template
from tests.cast import Cast
from tests.console.api.caller import Caller, caller
from tests.templates_app.server_check.servers import served

pytestmark = pytest.mark.django_db


@pytest.fixture
def vic(cast: Cast) -> Caller:
    return caller(cast.vic)


@pytest.fixture(autouse=True)
def named_gateway(settings: Settings) -> None:
    settings.GATEWAY_PUBLIC_HOST = "iot.example"
    settings.GATEWAY_PUBLIC_PORT = 8080
    settings.GATEWAY_PUBLIC_TLS_PORT = 9444
    settings.GATEWAY_TLS_CERT = "cert.pem"


def firmware(somebody: Caller, template: Template) -> Any:
    return somebody.get(f"templates/{template.template_id}/firmware/").data


def names(somebody: Caller, template: Template, mac: str = "") -> Any:
    return somebody.get(f"templates/{template.template_id}/hotspot-names/{mac and f'?mac={mac}'}")


def codes(findings: list[dict[str, str]]) -> set[str]:
    return {finding["code"] for finding in findings}


def test_lines_come_as_data_and_as_text(vic: Caller, template: Template) -> None:
    data = firmware(vic, template)

    newest = data["libraries"][0]
    assert data["gateway"] == {"host": "iot.example", "port": 9444, "is_tls": True}
    assert newest["block"].splitlines() == [
        f'#define BLYNK_TEMPLATE_ID "{template.template_id}"',
        '#define BLYNK_TEMPLATE_NAME "Soil Sensor"',
        '#define CONFIG_DEFAULT_SERVER "iot.example"',
        "#define CONFIG_DEFAULT_PORT 9444",
    ]
    assert [line["text"] for line in newest["lines"]] == newest["block"].splitlines()
    assert newest["block"] in newest["header"]


def test_every_library_version_is_there_newest_first(vic: Caller, template: Template) -> None:
    libraries = {each["version"]: each for each in firmware(vic, template)["libraries"]}

    assert list(libraries) == [version.value for version in LibraryVersion]
    assert '#define BLYNK_DEVICE_NAME "Soil Sensor"' in libraries["1.1"]["block"]
    assert "CONFIG_DEFAULT" not in libraries["1.0"]["block"]
    assert libraries["1.0"]["settings_block"].splitlines()[1] == "#define CONFIG_DEFAULT_PORT 9444"
    assert [line["place"] for line in libraries["1.0"]["lines"]] == ["sketch", "sketch", "Settings.h", "Settings.h"]
    assert codes(libraries["edgent-0.9"]["findings"]) == {"gateway-port-not-tried"}


def test_versions_without_the_boards_sketch_are_marked(vic: Caller, cast: Cast) -> None:
    valve = actions.create(team=cast.team, name="Valve", board="mkr1000", description="", by=cast.dan)

    fitting = [each["version"] for each in firmware(vic, valve)["libraries"] if each["is_for_board"]]

    assert fitting == ["1.2", "1.1", "1.0"]


def test_every_kind_of_program_names_the_plain_port(vic: Caller, template: Template) -> None:
    programs = firmware(vic, template)["programs"]

    assert [(each["kind"], each["version"]) for each in programs] == [
        *(("static-token", version) for version in ("1.4", "1.2", "1.1", "1.0")),
        ("python", None),
        ("python", None),
        ("javascript", None),
    ]
    assert all("YOUR_AUTH_TOKEN" in each["code"] and "8080" in each["code"] for each in programs)


def test_names_and_findings_come_with_the_lines(vic: Caller, cast: Cast) -> None:
    name = "A name of thirty-two characters"
    one, _ = (
        actions.create(team=cast.team, name=f"{name}{end}", board="esp32", description="", by=cast.dan) for end in "!?"
    )

    data = firmware(vic, one)

    patterns = {row["generation"]: row for row in data["hotspot_names"]}
    assert patterns["1.2"]["pattern"] == "Blynk A name of thirty-two-XXXX"
    assert patterns["1.2"]["cut"] == " characters!"
    assert patterns["1.0"]["is_too_long"] is True
    assert {"hotspot-too-long-1.0", "hotspot-same-name"} <= codes(data["findings"])


def test_names_of_the_known_board(vic: Caller, cast: Cast) -> None:
    root = actions.create(team=cast.team, name="Root Template", board="wio-terminal", description="", by=cast.dan)
    esp = actions.create(team=cast.team, name="Root Template", board="esp32", description="", by=cast.dan)

    data = names(vic, esp, "246f28010203").data

    assert data["mac"] == "24:6F:28:01:02:03"
    assert {row["generation"]: row["ssid"] for row in data["names"]} == {
        "1.0": "Blynk Root Template-11504",
        "1.1": "Blynk Root Template-11504",
        "1.2": "Blynk Root Template-9A4R",
        "edgent-0.9": "Blynk Root Template-9A4R",
    }
    assert codes(data["findings"]) == {"hotspot-same-name"}
    unknown = names(vic, root, "246f28010203").data["names"][-1]
    assert (unknown["ssid"], unknown["length"], unknown["is_too_long"]) == (None, None, None)
    assert "serial number" in unknown["note"]


def test_names_without_a_mac_are_patterns(vic: Caller, template: Template) -> None:
    data = names(vic, template).data

    assert data["mac"] is None
    assert data["names"][2]["ssid"] == "Blynk Soil Sensor-XXXX"
    assert data["names"][2]["suffix"] == "XXXX"


@pytest.mark.parametrize("mac", ["24:6F", "pump", "a" * 41])
def test_what_is_no_mac_is_refused_by_name(vic: Caller, template: Template, mac: str) -> None:
    answer = names(vic, template, mac)

    assert answer.status == 400
    assert answer.problem_fields() == {"mac"}


def test_stranger_gets_404(cast: Cast, template: Template) -> None:
    assert names(caller(cast.sam), template).status == 404


@pytest.fixture
def reachable(settings: Settings) -> Iterator[int]:
    def wait_for_the_end(connection: socket.socket) -> None:
        connection.recv(1)

    with served(wait_for_the_end) as port:
        settings.GATEWAY_PUBLIC_HOST = "localhost"
        settings.GATEWAY_PUBLIC_PORT = port
        settings.GATEWAY_TLS_CERT = ""
        yield port


def test_check_tells_steps_and_findings(vic: Caller, reachable: int) -> None:
    answer = vic.post("gateway-check/")

    assert answer.status == 200
    assert answer.data["gateway"] == {"host": "localhost", "port": reachable, "is_tls": False}
    assert [(step["key"], step["state"]) for step in answer.data["steps"]] == [("resolve", "done"), ("connect", "done")]
    assert codes(answer.data["findings"]) == {"gateway-loopback"}
    assert (answer.data["chain"], answer.data["trust"], answer.data["small_records"]) == ([], [], None)


def test_check_of_a_closed_port_is_a_finding(vic: Caller, settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings.GATEWAY_PUBLIC_HOST, settings.GATEWAY_PUBLIC_TLS_PORT = "127.0.0.1", listener.getsockname()[1]

    data = vic.post("gateway-check/").data

    assert data["findings"][0]["code"] == "server-unreachable"
    assert [step["state"] for step in data["steps"]] == ["done", "failed", "next", "next", "next", "next", "next"]


@pytest.mark.usefixtures("reachable")
def test_check_is_limited_for_each_team(vic: Caller, cast: Cast, settings: Settings) -> None:
    settings.GATEWAY_CHECKS_PER_MINUTE = 1
    assert vic.post("gateway-check/").status == 200

    refused = caller(cast.dan).post("gateway-check/")

    assert (refused.status, refused.data["type"]) == (429, "urn:landfall:problem:too_often")
    assert caller(cast.sam).post("gateway-check/").status == 200
