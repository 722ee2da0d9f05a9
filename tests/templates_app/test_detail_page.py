"""A template's page: firmware lines, findings, facts; archive and its undo."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertRedirects
from pytest_django.fixtures import Settings

from console.teams.models import Grant
from templates_app.actions import templates
from templates_app.models import Template
from tests.cast import Cast, make_device, signed_in
from tests.selectors import has, one, soup, texts, words

ADD_DEVICE = ".page-actions a.btn-primary[href^='/sessions/new/']"


def url_of(template: Template, *more: str) -> str:
    return "/".join(["/templates", template.template_id, *more, ""])


@pytest.fixture
def named_gateway(settings: Settings) -> None:
    settings.GATEWAY_PUBLIC_HOST = "gw.example.com"
    settings.GATEWAY_PUBLIC_PORT = 8081
    settings.GATEWAY_PUBLIC_TLS_PORT = 9444
    settings.GATEWAY_TLS_CERT = ""


@pytest.mark.usefixtures("named_gateway")
def test_lines_for_library_1_4_and_later(cast: Cast, template: Template) -> None:
    assert one(signed_in(cast.vic).get(url_of(template)), "#firmware-1-4").get_text() == (
        f'#define BLYNK_TEMPLATE_ID "{template.template_id}"\n'
        '#define BLYNK_TEMPLATE_NAME "Soil Sensor"\n'
        '#define CONFIG_DEFAULT_SERVER "gw.example.com"\n'
        "#define CONFIG_DEFAULT_PORT 8081\n"
    )


@pytest.mark.usefixtures("named_gateway")
def test_with_a_certificate_boards_are_told_the_tls_port(cast: Cast, template: Template, settings: Settings) -> None:
    settings.GATEWAY_TLS_CERT = "/some/certificate.pem"

    response = signed_in(cast.vic).get(url_of(template))

    assert "#define CONFIG_DEFAULT_PORT 9444" in one(response, "#firmware-1-4").get_text()
    assert texts(response, "#gateway .finding-what") == []


def test_every_line_says_what_it_means(cast: Cast, template: Template) -> None:
    response = signed_in(cast.vic).get(url_of(template))

    assert len(texts(response, "#firmware-1-4 .code-line[data-meaning]")) == 4


def test_loopback_gateway_is_a_finding_with_its_remedy(cast: Cast, template: Template, settings: Settings) -> None:
    settings.GATEWAY_PUBLIC_HOST = "127.0.0.1"

    (finding,) = texts(signed_in(cast.vic).get(url_of(template)), "#gateway .finding")

    assert finding.startswith("Boards on your WiFi cannot reach 127.0.0.1.")
    assert "GATEWAY_HOST=0.0.0.0" in finding


def test_name_that_is_cut_is_a_finding(cast: Cast) -> None:
    long = templates.create(
        team=cast.team, name="Irrigation Controller North", board="esp32", description="", by=cast.dan
    )

    response = signed_in(cast.vic).get(url_of(long))

    assert "r North" in texts(response, "td[data-label='Hotspot name'] del")
    assert any("hotspot shows only part of the name" in title for title in texts(response, ".finding-what"))


def test_facts_link_to_the_templates_devices(cast: Cast, template: Template) -> None:
    make_device(template, cast.alice)

    link = one(signed_in(cast.vic).get(url_of(template)), ".facts a[href^='/devices/']")

    assert words(link) == "1 device"
    assert link["href"] == f"/devices/?template={template.template_id}"


def test_revisions_say_who_and_stand_newest_first(cast: Cast, template: Template) -> None:
    templates.edit(template=template, name="Renamed", board="esp32", description="", revision=1, by=cast.dan)

    rows = texts(signed_in(cast.vic).get(url_of(template)), "ol.rows .row")

    assert [row.split(",")[0] for row in rows] == ["Revision 2 Renamed Dan", "Revision 1 Soil Sensor Alice"]


@pytest.mark.parametrize("name", ["alice", "ann", "dan"])
def test_those_who_may_edit_have_the_buttons(cast: Cast, template: Template, name: str) -> None:
    response = signed_in(cast.member(name)).get(url_of(template))

    assert one(response, ADD_DEVICE)["href"] == f"/sessions/new/?template={template.template_id}"
    assert texts(response, ".page-secondary a") == ["Edit", "Archive"]


def test_viewer_has_no_buttons(cast: Cast, template: Template) -> None:
    response = signed_in(cast.vic).get(url_of(template))

    buttons = [str(link["href"]) for link in soup(response).select(".page-buttons a")]
    assert buttons == [f"{reverse('provisioning:ask')}?template_id={template.template_id}"]
    assert not has(response, "form[action*=archive]")


def test_installer_adds_devices_with_a_grant_only(cast: Cast, template: Template) -> None:
    browser = signed_in(cast.ines)
    without = has(browser.get(url_of(template)), ADD_DEVICE)

    Grant.objects.create(member=cast.ines, until_at=timezone.now() + timedelta(hours=1))

    assert (without, has(browser.get(url_of(template)), ADD_DEVICE)) == (False, True)


def test_markup_in_a_description_is_text(cast: Cast) -> None:
    hostile = templates.create(
        team=cast.team, name="A", board="esp32", description="<img src=x onerror=alert(1)>", by=cast.dan
    )

    assert not has(signed_in(cast.vic).get(url_of(hostile)), "main img")


@pytest.mark.parametrize("more", [[], ["archive"]])
def test_stranger_gets_404(cast: Cast, template: Template, more: list[str]) -> None:
    assert signed_in(cast.sam).get(url_of(template, *more)).status_code == 404


@pytest.mark.parametrize(
    "address", ["/templates/TMPL/", "/templates/%00/", "/templates/TMPLaaaaaaaaaa/", "/templates/x/"]
)
def test_what_is_no_template_id_is_404(cast: Cast, address: str) -> None:
    assert signed_in(cast.alice).get(address).status_code == 404


def test_signed_out_are_sent_to_sign_in(client: Client, template: Template) -> None:
    assert "/accounts/login/" in client.get(url_of(template))["Location"]


@pytest.mark.parametrize(("more", "method"), [([], "post"), (["archive"], "delete"), (["unarchive"], "get")])
def test_wrong_method(cast: Cast, template: Template, more: list[str], method: str) -> None:
    assert getattr(signed_in(cast.alice), method)(url_of(template, *more)).status_code == 405


def test_archive_asks_first_and_offers_undo_after(cast: Cast, template: Template) -> None:
    browser = signed_in(cast.dan)
    asked = browser.get(url_of(template, "archive"))
    assert one(asked, "main form")["action"] == url_of(template, "archive")

    response = browser.post(url_of(template, "archive"), follow=True)

    template.refresh_from_db()
    assert template.is_archived
    assert one(response, ".toast form")["action"] == url_of(template, "unarchive")
    assert not has(response, ADD_DEVICE)


def test_toast_shows_a_hostile_name_as_text(cast: Cast) -> None:
    hostile = templates.create(
        team=cast.team, name="<script>alert(1)</script>", board="esp32", description="", by=cast.dan
    )

    response = signed_in(cast.dan).post(url_of(hostile, "archive"), follow=True)

    assert not has(response, ".toast script")


def test_unarchive_brings_it_back(cast: Cast, template: Template) -> None:
    templates.archive(template=template, by=cast.dan)

    response = signed_in(cast.dan).post(url_of(template, "unarchive"))

    template.refresh_from_db()
    assertRedirects(response, url_of(template))
    assert not template.is_archived


@pytest.mark.parametrize("what", ["archive", "unarchive"])
@pytest.mark.parametrize("name", ["ines", "vic"])
def test_teammate_without_permission_gets_403(cast: Cast, template: Template, what: str, name: str) -> None:
    response = signed_in(cast.member(name)).post(url_of(template, what))

    assert response.status_code == 403
    assert "edit templates" in words(one(response, ".plain-lead"))


@pytest.mark.parametrize("what", ["archive", "unarchive"])
def test_stranger_cannot_archive(cast: Cast, template: Template, what: str) -> None:
    assert signed_in(cast.sam).post(url_of(template, what)).status_code == 404


def test_costs_the_same_however_much_there_is(cast: Cast, template: Template) -> None:
    browser = signed_in(cast.vic)
    with CaptureQueriesContext(connection) as before:
        browser.get(url_of(template))
    for number in range(1, 6):
        templates.edit(
            template=template, name=f"Soil {number}", board="esp32", description="", revision=number, by=cast.dan
        )
    make_device(template, cast.alice)

    with CaptureQueriesContext(connection) as after:
        browser.get(url_of(template))

    assert len(after) == len(before) == 12
