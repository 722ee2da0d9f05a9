"""What boards say of themselves: board_info.json and the serial log."""

import json
from dataclasses import replace

import pytest

from console.kit.findings import Severity
from templates_app.sketch.values import Kind
from tests.templates_app.sketch.examples import CONTEXT, HOST, ID, NAME, OTHER_ID, OTHER_NAME, codes, only, report

INFO = {
    "board": NAME,
    "tmpl_id": ID,
    "fw_type": ID,
    "fw_ver": "0.1.0",
    "ssid": f"Blynk {NAME}-9A4R",
    "bssid": "24:6F:28:01:02:04",
    "mac": "24:6F:28:01:02:03",
    "last_error": 0,
    "wifi_scan": True,
    "static_ip": True,
}
LOG = f"""\
[13]
    ___  __          __
   / _ )/ /_ _____  / /__
  / _  / / // / _ \\/  '_/
 /____/_/\\_, /_//_/_/\\_\\
        /___/ v1.3.2 on ESP32

 #StandWithUkraine    https://bit.ly/swua

----------------------------------------------------
 Device:    Blynk {NAME}-9A4R
 Firmware:  0.1.0 (build Nov  1 2026 12:00:00)
 Token:     abcd - **** - **** - ****
----------------------------------------------------
>
[2] INIT => CONNECTING_NET
[3] Connecting to WiFi: my:network:1
[4] Using Dynamic IP: 192.168.1.7
[5] CONNECTING_NET => CONNECTING_CLOUD
[6] Connecting to {HOST}:9443
[7] Certificate OK
[8] Ready (ping: 9ms).
[9] CONNECTING_CLOUD => RUNNING
"""


def described(**changes: object) -> str:
    return json.dumps({**INFO, **changes})


def test_a_right_description_has_no_finding() -> None:
    for text in (described(), json.dumps(INFO, indent=2), "\ufeff" + described()):
        assert (report(text).kind, codes(text)) == (Kind.BOARD_INFO, set()), text


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"tmpl_id": OTHER_ID}, "id-of-other-template"),
        ({"tmpl_id": "TMPL4fcxk0xNw"}, "id-not-exact"),
        ({"tmpl_id": "TMPxxxxxx"}, "id-placeholder"),
        ({"board": "soil sensor"}, "name-not-exact"),
        ({"name": OTHER_NAME}, "name-not-exact"),
        ({"fw_type": "pump-firmware"}, "firmware-type-differs"),
        ({"fw_ver": "0.0.0"}, "firmware-version-unset"),
        ({"fw_ver": ""}, "firmware-version-unset"),
        ({"ssid": "Blynk A name of far too many letters-FAD8F"}, "hotspot-too-long"),
        ({"ssid": "Blynk Boiler-9A4R"}, "hotspot-of-other-name"),
        ({"last_error": 12345}, "last-error-unknown"),
        *(({"last_error": code}, f"last-error-{code}") for code in (700, 701, 702, 703, 704, 705, 710, 711, 722)),
    ],
)
def test_each_field_that_is_wrong(changes: dict[str, object], code: str) -> None:
    (field,) = changes
    found = only(described(**changes), code)

    assert f'"{field}"' in found.finding.evidence
    assert found.line == 1


def test_the_line_of_a_field_is_told() -> None:
    text = json.dumps({**INFO, "tmpl_id": OTHER_ID}, indent=2)
    found = only(text, "id-of-other-template")

    assert found.line == 3
    assert found.corrected == f'#define BLYNK_TEMPLATE_ID "{ID}"'


def test_a_name_with_a_quote_makes_the_description_unreadable() -> None:
    text = described(last_error=703).replace(NAME, 'The "best" one')

    assert "copies the name in as it is" in only(text, "board-info-unreadable").finding.evidence
    assert "last-error-703" in codes(text)


def test_a_description_that_is_cut_says_so() -> None:
    text = described(board="x" * 600)[:511]

    assert "no room" in only(text, "board-info-unreadable").finding.evidence


def test_a_description_without_an_id() -> None:
    assert "board-info-without-id" in codes('{"board": "Soil Sensor", "last_error": 0}')


@pytest.mark.parametrize(
    "text", ['{"tmpl_id":' + "[" * 100_000, '{"tmpl_id": ' + "9" * 10_000, '["tmpl_id", "board"]: {']
)
def test_hostile_descriptions_are_unreadable(text: str) -> None:
    assert "board-info-unreadable" in codes(text)


def test_a_good_log_has_no_finding() -> None:
    assert (report(LOG).kind, codes(LOG)) == (Kind.SERIAL_LOG, set())


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("AP IP:   0.0.0.0", "hotspot-failed"),
        ("[9] Connecting to blynk.cloud:443", "server-other"),
        (f"[9] Connecting to {HOST}:443", "server-other-port"),
        ("[9] Invalid auth token", "log-invalid-token"),
        ("[9] Invalid configuration of TEMPLATE_ID / TEMPLATE_NAME", "log-invalid-template"),
        ("[9] Configuration invalid", "log-configuration-invalid"),
        ("[9] SSL error: 56", "tls-refused"),
        ("[9] Secure connection failed", "tls-refused"),
        ("[9] Connection failed", "log-connection-failed"),
        ("[9] Connect failed. code: 19", "login-refused"),
        ("[9] Login timeout", "log-login-timeout"),
        ("[9] Heartbeat timeout", "log-heartbeat-timeout"),
        ("[9] Timeout", "log-timeout"),
        ("[9] Packet too big: 4097", "log-packet-too-big"),
        ("[9] Redirecting to fra1.blynk.cloud:443", "log-redirected"),
        ("[9] Failed to configure Static IP", "log-static-address"),
        ("[9] Firmware is preprovisioned", "log-preprovisioned"),
        ("[9] Last error code: 701", "last-error-701"),
        ("[9] Product:  Boiler", "name-not-exact"),
        (" Device:    Blynk Boiler-9A4R", "hotspot-of-other-name"),
        (f'>devinfo {{"tmpl_id":"{OTHER_ID}"}}', "id-of-other-template"),
        ("[9] WiFi SSID: home Pass: correct horse", "log-shows-secrets"),
        ("[9] Blynk cloud: abcdefghijklmnopqrstuvwxyz012345 @ iot.example.org:9443", "log-shows-secrets"),
    ],
)
def test_each_line_that_means_trouble(line: str, code: str) -> None:
    found = only(f"{LOG}{line}\n", code)

    assert found.line == LOG.count("\n") + 1
    assert f"Line {found.line}:" in found.finding.evidence


def test_a_name_mismatch_of_tls_is_told_apart() -> None:
    assert "another name" in only("[1] SSL error: 56", "tls-refused").finding.title
    assert "another name" not in only("[1] SSL error: 46", "tls-refused").finding.title


def test_what_repeats_is_told_once_with_its_count() -> None:
    found = only(LOG + "[9] Login timeout\n" * 300, "log-login-timeout")

    assert "300 times" in found.finding.evidence
    assert found.finding.severity is Severity.WARNING


def test_the_other_generations_hotspot_names_are_known() -> None:
    long = "Irrigation Controller North"
    for cut in ("Irrigation Controlle", "Irrigation Controll", "Irrigation Controller North"):
        text = f"[1] INIT => WAIT_CONFIG\n Device:    My Vendor {cut}-9A4R\n"
        assert report(text, context=replace(CONTEXT, name=long)).findings == (), cut
