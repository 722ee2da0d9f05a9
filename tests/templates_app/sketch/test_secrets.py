"""No password and no token is ever said again, whatever is pasted."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.kit.tokens import API_KEY_PREFIX, TOKEN_PREFIX, new_secret
from templates_app.sketch.masking import QUOTE_LIMIT, masked, masked_code
from tests.templates_app.sketch.examples import EDGENT, STATIC, everything_said

PLACES = [
    "[9] WiFi SSID: home Pass: SECRET",
    "[9] WiFi SSID: home Pass: x SECRET Invalid auth token",
    "[9] WiFi SSID: a Pass: b Pass: SECRET Last error code: 701",
    "[9] Connecting to blynk.cloud:443 Pass: SECRET",
    ">connect abcd home SECRET",
    "[1] GET http://192.168.4.1/config?ssid=a&pass=SECRET&blynk=x Configuration invalid",
    '{"tmpl_id": "TMPL123456789", "pass": "SECRET", "last_error": 703}',
    '{"tmpl_id": "TMPL123456789", "board": "a"b", "password": "SECRET"',
    f"{EDGENT}\nchar pass[] = “SECRET”;",
    f"{EDGENT}\nchar pass[] = ‘SECRET’;\u200b",
    f'{EDGENT}\n\u00a0char pass[] = "SECRET";',
    f'{EDGENT}\n\u00a0WiFi.begin("home", "SECRET");',
    '#define BLYNK_PASS "SECRET";\n#define BLYNK_TEMPLATE_ID ""',
    STATIC.replace("correct horse", "SECRET").replace("iot.example.org", "blynk.cloud"),
    STATIC.replace("correct horse", "SECRET").replace(', "iot.example.org", 8080', ""),
]
passwords = st.text(string.ascii_letters + string.digits + "_!$%&*+./:=?^~ ", min_size=10, max_size=63).map(
    lambda text: f"q7{text.strip()}Zx"
)


@pytest.mark.parametrize("place", PLACES)
@given(password=passwords)
def test_passwords(place: str, password: str) -> None:
    assert password not in everything_said(place.replace("SECRET", password))


@pytest.mark.parametrize(
    "place",
    [
        "[9] Blynk cloud: SECRET @ iot.example.org:9443",
        "[9] Invalid auth token SECRET",
        "[9] Token:    ...SECRET",
        "[9] <[1D|00|01|00|20]SECRET\n[9] Login timeout SECRET",
        '#define BLYNK_AUTH_TOKEN "SECRET"',
        "#define BLYNK_AUTH_TOKEN “SECRET”",
        "#define BLYNK_AUTH_TOKEN SECRET;",
        '#define BLYNK_TEMPLATE_ID "SECRET"',
        "//#define BLYNK_TEMPLATE_ID SECRET",
        '#define BLYNK_TEMPLATE_NAME "SECRET" "SECRET"',
        '#define CONFIG_DEFAULT_SERVER "SECRET"',
        "BLYNK_SECRET",
        '{"tmpl_id": "SECRET", "board": "SECRET", "ssid": "SECRET", "fw_type": "SECRET"}',
        "[9]" + " " * (QUOTE_LIMIT - 20) + "Invalid auth token SECRET",
    ],
)
@given(data=st.data())
def test_tokens(place: str, data: st.DataObject) -> None:
    ours = st.sampled_from([TOKEN_PREFIX, API_KEY_PREFIX]).map(new_secret)
    foreign = st.text(string.ascii_letters + string.digits + "-_", min_size=32, max_size=32)
    token = data.draw(st.one_of(ours, foreign))

    said = everything_said(place.replace("SECRET", token))

    assert token not in said
    assert token[8:28] not in said


@given(st.text(max_size=500), st.integers(0, 400))
def test_a_token_is_masked_wherever_the_quote_is_cut(text: str, place: int) -> None:
    token = new_secret(TOKEN_PREFIX)
    line = f"{text[:place]} {token} {text[place:]}"

    for quoted in (masked(line), masked_code(line)):
        assert token[4:20] not in quoted
        assert len(quoted) <= QUOTE_LIMIT + 2


def test_quoting_keeps_what_matters() -> None:
    assert masked("[9] Connecting to blynk.cloud:443") == "[9] Connecting to blynk.cloud:443"
    assert masked("[9] Blynk cloud: " + "a" * 32 + " @ blynk.cloud:443") == "[9] Blynk cloud: •••• @ blynk.cloud:443"
    assert masked_code('#include "BlynkEdgent.h"') == '#include "BlynkEdgent.h"'
    assert masked_code("#define APP_DEBUG // on") == "#define APP_DEBUG // on"
