"""The firmware lines on a template's page: kinds, versions, and the file to download."""

import pytest
from pytest_django.fixtures import Settings

from templates_app.actions import templates
from templates_app.firmware import LibraryVersion
from templates_app.models import Template
from tests.cast import Cast, signed_in
from tests.selectors import has, one, texts


def url_of(template: Template) -> str:
    return f"/templates/{template.template_id}/"


@pytest.fixture
def mkr(cast: Cast) -> Template:
    return templates.create(team=cast.team, name="Valve", board="mkr1000", description="", by=cast.dan)


@pytest.fixture(autouse=True)
def named_gateway(settings: Settings) -> None:
    settings.GATEWAY_PUBLIC_HOST = "gw.example.com"
    settings.GATEWAY_PUBLIC_PORT = 8081
    settings.GATEWAY_PUBLIC_TLS_PORT = 9444
    settings.GATEWAY_TLS_CERT = "/some/certificate.pem"


def test_every_kind_and_version_has_a_tab(cast: Cast, template: Template) -> None:
    response = signed_in(cast.vic).get(url_of(template))

    assert texts(response, "[data-tabs-key=kind] > .tab-list .tab") == [
        "Edgent sketch", "Sketch with a fixed token", "Python", "JavaScript",
    ]  # fmt: skip
    assert texts(response, "#kind-edgent .tab") == ["1.4", "1.2–1.3", "1.1", "1.0", "BlynkEdgent 0.9"]


def test_versions_of_both_kinds_of_sketch_are_chosen_together(cast: Cast, template: Template) -> None:
    response = signed_in(cast.vic).get(url_of(template))

    assert has(response, "#kind-edgent [data-tabs-key=library] [data-tab-choice='1.1']")
    assert has(response, "#kind-static-token [data-tabs-key=library] [data-tab-choice='1.1']")


def test_old_versions_carry_the_device_name(cast: Cast, template: Template) -> None:
    response = signed_in(cast.vic).get(url_of(template))

    for block in ("#firmware-1-1", "#firmware-1-0"):
        assert '#define BLYNK_DEVICE_NAME "Soil Sensor"' in one(response, block).get_text()


def test_library_1_0_gets_a_block_for_settings_h(cast: Cast, template: Template) -> None:
    response = signed_in(cast.vic).get(url_of(template))

    assert "CONFIG_DEFAULT" not in one(response, "#firmware-1-0").get_text()
    assert one(response, "#settings-1-0").get_text() == (
        '#define CONFIG_DEFAULT_SERVER "gw.example.com"\n#define CONFIG_DEFAULT_PORT 9444\n'
    )
    assert texts(response, "#panel-firmware-1-0 .finding-what") == ["Library 1.0 ignores server lines in the sketch."]


def test_newer_library_gets_its_own_macro_and_learns_of_the_port(cast: Cast, template: Template) -> None:
    response = signed_in(cast.vic).get(url_of(template))

    assert one(response, "#firmware-edgent-0-9").get_text().endswith('#define BLYNK_DEFAULT_SERVER "gw.example.com"\n')
    (finding,) = texts(response, "#panel-firmware-edgent-0-9 .finding")
    assert "443 and 9443 only" in finding


def test_programs_with_a_token_name_the_plain_port(cast: Cast, template: Template) -> None:
    response = signed_in(cast.vic).get(url_of(template))

    for panel in ("#kind-static-token", "#kind-python", "#kind-javascript"):
        for code in texts(response, f"{panel} pre code"):
            assert "YOUR_AUTH_TOKEN" in code
            assert "8081" in code


def test_important_lines_of_a_program_are_explained(cast: Cast, template: Template) -> None:
    response = signed_in(cast.vic).get(url_of(template))

    for panel in ("#panel-sketch-1-4", "#kind-python", "#kind-javascript"):
        assert has(response, f"{panel} .code-line[data-meaning*='auth token'], {panel} [data-meaning*=secret]")


def test_board_gets_the_versions_that_carry_its_sketch(cast: Cast, mkr: Template) -> None:
    assert texts(signed_in(cast.vic).get(url_of(mkr)), "#kind-edgent .tab") == ["1.2–1.3", "1.1", "1.0"]


@pytest.mark.parametrize("version", LibraryVersion)
def test_header_is_a_download_of_that_versions_lines(cast: Cast, template: Template, version: LibraryVersion) -> None:
    response = signed_in(cast.vic).get(f"{url_of(template)}header/", {"library": version.value})

    assert response["Content-Type"].startswith("text/x-c")
    name = version.value.replace(".", "_").replace("-", "_")
    assert response["Content-Disposition"] == f'attachment; filename="landfall_{name}.h"'
    assert f'#define {version.name_macro} "Soil Sensor"\n' in response.content.decode()


def test_header_without_a_version_is_the_newest(cast: Cast, template: Template) -> None:
    assert "landfall_1_4.h" in signed_in(cast.vic).get(f"{url_of(template)}header/")["Content-Disposition"]


@pytest.mark.parametrize("library", ["2.0", "", "1.4\r\nX: y"])
def test_header_of_an_unknown_version_is_404(cast: Cast, template: Template, library: str) -> None:
    assert signed_in(cast.vic).get(f"{url_of(template)}header/", {"library": library}).status_code == 404


def test_stranger_gets_no_header(cast: Cast, template: Template) -> None:
    assert signed_in(cast.sam).get(f"{url_of(template)}header/").status_code == 404


def test_header_is_read_only(cast: Cast, template: Template) -> None:
    assert signed_in(cast.alice).post(f"{url_of(template)}header/").status_code == 405
