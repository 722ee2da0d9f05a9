"""The devices that run lines of an older revision, as a filter of the list."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from devices.actions import facts
from devices.actions.values import Facts
from devices.models import Device
from templates_app.models import Template
from tests.cast import Cast, make_device, signed_in
from tests.selectors import has, soup, text_of, texts

pytestmark = pytest.mark.django_db


def url_of(device: Device) -> str:
    return reverse("devices:detail", args=[device.pk])


def test_list_filters_by_older_lines_and_says_what_shows_it(template: Template, cast: Cast) -> None:
    old, new = (make_device(template, cast.alice) for _ in range(2))
    facts.report([Facts(old.pk, firmware_version="1.0"), Facts(new.pk, firmware_version="1.1")])
    client = signed_in(cast.vic)

    older = client.get(reverse("devices:list"), {"drift": "any", "template": template.template_id})

    assert [a["href"] for a in soup(older).select("tbody th a")] == [url_of(old)]
    assert "1.0 is older than 1.1" in text_of(older, "tbody th")
    assert {"Older lines", "Older firmware", "Former name"} <= set(texts(older, ".chip"))
    assert not has(client.get(reverse("devices:list"), {"drift": "template"}), "tbody th")
    assert len(soup(client.get(reverse("devices:list"), {"drift": "nonsense"})).select("tbody th")) == 2
    assert "1.0 is older than 1.1" in text_of(client.get(url_of(old)), "#live")


def test_list_of_older_lines_costs_a_fixed_number_of_queries(template: Template, cast: Cast) -> None:
    client = signed_in(cast.vic)
    counts = []
    for turn in range(2):
        devices = [make_device(template, cast.alice) for _ in range(3)]
        facts.report([Facts(device.pk, firmware_version=f"1.{turn}") for device in devices])
        facts.report([Facts(make_device(template, cast.alice).pk, firmware_version="2.0")])
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("devices:list"), {"drift": "any"})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_template_page_counts_them_and_links_to_them(template: Template, cast: Cast) -> None:
    client = signed_in(cast.vic)
    page = reverse("templates:detail", args=[template.template_id])
    old, new = (make_device(template, cast.alice) for _ in range(2))
    assert not has(client.get(page), "a[href*='drift=']")
    facts.report([Facts(old.pk, firmware_version="1.0"), Facts(new.pk, firmware_version="1.1")])

    (link,) = soup(client.get(page)).select("a[href*='drift=']")

    assert link.get_text() == "1 device runs older lines"
    assert texts(client.get(str(link["href"])), "tbody th a") == [old.name]
