"""The committed schema is what the code says, and its documentation is served by ourselves."""

import re
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

COMMITTED = Path(__file__).parents[3] / "docs" / "openapi.yaml"
MANUAL = COMMITTED.with_name("api.md")
MAKE_IT_AGAIN = "Run: manage.py spectacular --file docs/openapi.yaml"


def test_the_schema_is_valid_without_warnings_and_committed(tmp_path: Path) -> None:
    made = tmp_path / "openapi.yaml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(made))
    assert made.read_text() == COMMITTED.read_text(), MAKE_IT_AGAIN


def test_every_address_of_the_api_is_in_the_schema() -> None:
    paths = set(yaml.safe_load(COMMITTED.read_text())["paths"])
    (api,) = [entry for entry in get_resolver().url_patterns if str(entry.pattern) == "api/v1/"]
    assert isinstance(api, URLResolver)
    known = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", address) for address in _addresses(api, "/")}
    assert paths == known - {"/api/v1/schema/", "/api/v1/docs/", "/api/v1/"}


def _addresses(resolver: URLResolver, before: str) -> list[str]:
    prefix = before + str(resolver.pattern)
    found = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            found.append(prefix + str(entry.pattern))
        else:
            found += _addresses(entry, prefix)
    return found


def test_every_operation_tells_its_refusals_and_wants_a_key() -> None:
    for path, operations in yaml.safe_load(COMMITTED.read_text())["paths"].items():
        for method, operation in operations.items():
            assert operation["security"] == [{"apiKey": []}], (method, path)
            assert {"401", "429"} <= set(operation["responses"]), (method, path)
            assert operation["description"], (method, path)


def test_every_operation_is_in_the_manual() -> None:
    paths = yaml.safe_load(COMMITTED.read_text())["paths"]
    operations = {(method.upper(), path) for path, known in paths.items() for method in known}
    rows = re.findall(r"^\| `([A-Z]+) (\S+)` \|", MANUAL.read_text(), re.MULTILINE)
    described = {(method, re.sub(r"{\w+}", "{}", f"/api/v1/{path}")) for method, path in rows}
    assert described == {(method, re.sub(r"{\w+}", "{}", path)) for method, path in operations}


@pytest.mark.django_db
def test_the_schema_is_served_as_it_is_committed() -> None:
    response = Client().get("/api/v1/schema/")
    assert yaml.safe_load(response.content) == yaml.safe_load(COMMITTED.read_text())


@pytest.mark.django_db
def test_the_documentation_has_nothing_inline_and_loads_nothing_from_elsewhere() -> None:
    response = Client().get("/api/v1/docs/")
    page = BeautifulSoup(response.content, "html5lib")
    sources = [tag.get("src") or tag.get("href") for tag in page.select("script, link")]
    assert len(sources) >= 4
    assert all(str(source).startswith("/") for source in sources)
    assert not page.select("style, [style]")
    assert all(not script.get_text(strip=True) for script in page.select("script"))


@pytest.mark.django_db
def test_the_documentation_reads_our_schema() -> None:
    (script,) = [
        tag["src"]
        for tag in BeautifulSoup(Client().get("/api/v1/docs/").content, "html5lib").select("script")
        if "script" in str(tag["src"]).rpartition("?")[2]
    ]
    response = Client().get(str(script))
    assert response.headers["Content-Type"].startswith("application/javascript")
    assert b"/api/v1/schema/" in response.content
