"""The page that checks the gateway, on a real port of this machine."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from pytest_django.fixtures import Settings

from templates_app.models import Template
from tests.cast import Cast, signed_in
from tests.selectors import has, markup, one, texts
from tests.templates_app.server_check.servers import served

PAGE = "/templates/gateway-check/"
PIECE = {"HX-Request": "true"}


def wait_for_the_end(connection: socket.socket) -> None:
    connection.recv(1)


@pytest.fixture(autouse=True)
def gateway(settings: Settings) -> Iterator[int]:
    """A plain gateway that answers nothing."""
    with served(wait_for_the_end) as port:
        settings.GATEWAY_PUBLIC_HOST = "127.0.0.1"
        settings.GATEWAY_PUBLIC_PORT = port
        settings.GATEWAY_TLS_CERT = ""
        yield port


def test_page_says_what_it_will_do(cast: Cast, gateway: int) -> None:
    response = signed_in(cast.vic).get(PAGE)

    assert f"127.0.0.1 on port {gateway}" in one(response, ".page-lead").get_text()
    assert one(response, "main form[method=post]")["action"] == PAGE
    assert not has(response, ".steps")


def test_check_tells_its_steps_and_findings(cast: Cast) -> None:
    response = signed_in(cast.vic).post(PAGE)

    assert response.status_code == 200
    assert has(response, ".step-done")
    assert not has(response, ".step-failed")
    assert texts(response, ".finding-what") == ["Boards on your WiFi cannot reach 127.0.0.1."]


def test_address_comes_from_the_settings_whatever_is_sent(cast: Cast, gateway: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0.05)
        port = other.getsockname()[1]

        response = signed_in(cast.vic).post(f"{PAGE}?host=127.0.0.2&port={port}", {"host": "127.0.0.2", "port": port})

        with pytest.raises(TimeoutError):
            other.accept()
    assert f"127.0.0.1 on port {gateway}" in texts(response, ".step-detail")[1]


def test_port_that_nobody_listens_on_is_a_finding(cast: Cast, settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings.GATEWAY_PUBLIC_PORT = listener.getsockname()[1]

    response = signed_in(cast.vic).post(PAGE)

    assert (
        texts(response, ".finding-what")[0] == f"Nothing answers at 127.0.0.1 on port {settings.GATEWAY_PUBLIC_PORT}."
    )
    assert has(response, ".step-failed")


def test_swapped_piece_equals_the_page(cast: Cast) -> None:
    browser = signed_in(cast.vic)

    with time_machine.travel(datetime(2026, 11, 23, tzinfo=UTC), tick=False):
        piece, page = browser.post(PAGE, headers=PIECE), browser.post(PAGE)

    assert not has(piece, "main")
    assert markup(one(piece, "#gateway-report")) == markup(one(page, "#gateway-report"))


def test_team_that_checks_too_often_has_to_wait(cast: Cast, settings: Settings) -> None:
    settings.GATEWAY_CHECKS_PER_MINUTE = 2
    for member in (cast.vic, cast.alice):
        assert signed_in(member).post(PAGE).status_code == 200

    refused = signed_in(cast.dan).post(PAGE)

    assert refused.status_code == 429
    assert texts(refused, ".notice-title") == ["Not checked"]
    assert not has(refused, ".steps")
    assert signed_in(cast.sam).post(PAGE).status_code == 200
    assert texts(signed_in(cast.dan).post(PAGE, headers=PIECE), ".notice-title") == ["Not checked"]


def test_signed_out_are_sent_to_sign_in(client: Client, db: None) -> None:
    for method in (client.get, client.post):
        assert "/accounts/login/" in method(PAGE)["Location"]


def test_wrong_method(cast: Cast) -> None:
    assert signed_in(cast.vic).put(PAGE).status_code == 405


def test_button_stands_on_the_templates_page(cast: Cast, template: Template) -> None:
    response = signed_in(cast.vic).get(f"/templates/{template.template_id}/")

    form = one(response, "#gateway form")
    assert (form["action"], form["hx-post"], form["hx-target"]) == (PAGE, PAGE, "#gateway-report")
    assert has(response, "#gateway-report")
