"""Duplicating and deleting a template."""

import pytest
from django.test import Client
from pytest_django.asserts import assertRedirects

from devices.actions import devices, sessions
from devices.models import Device, ProvisioningSession
from templates_app.actions import templates
from templates_app.models import Template
from tests.cast import Cast, make_device, signed_in
from tests.selectors import has, one, text_of, texts


def url_of(template: Template, *more: str) -> str:
    return "/".join(["/templates", template.template_id, *more, ""])


def test_a_duplicate_is_made_and_can_be_renamed_at_once(cast: Cast, template: Template) -> None:
    response = signed_in(cast.dan).post(url_of(template, "duplicate"))

    copy = Template.objects.exclude(pk=template.pk).get()
    assertRedirects(response, url_of(copy, "edit"))
    assert (copy.name, copy.board, copy.team) == ("Copy of Soil Sensor", template.board, cast.team)


def test_a_template_with_devices_shows_them_and_offers_archive(cast: Cast, template: Template) -> None:
    made = [make_device(template, cast.alice) for _ in range(2)]
    browser = signed_in(cast.dan)

    for response in (
        browser.get(url_of(template, "delete")),
        browser.post(url_of(template, "delete"), {"confirm": template.name}),
    ):
        assert [a["href"] for a in one(response, "main .rows").select("a")] == [
            f"/devices/{device.pk}/" for device in reversed(made)
        ]
        assert has(response, f"a[href='{url_of(template, 'archive')}']")
        assert not has(response, "input[name=confirm]")
    assert response.status_code == 409
    assert Template.objects.filter(pk=template.pk).exists()


def test_an_open_session_stands_in_the_way_until_it_is_cancelled(cast: Cast, template: Template) -> None:
    session = sessions.open_session(template=template, by=cast.alice).session
    browser = signed_in(cast.dan)
    refused = browser.post(url_of(template, "delete"), {"confirm": template.name})
    assert (refused.status_code, texts(refused, "main .rows a")) == (409, [f"Session {session.pk}"])

    sessions.cancel(session=session)
    response = browser.post(url_of(template, "delete"), {"confirm": template.name})

    assertRedirects(response, "/templates/")
    assert not Template.objects.exists()
    assert not ProvisioningSession.objects.exists()


def test_after_its_last_device_a_template_can_go(cast: Cast, template: Template, device: Device) -> None:
    devices.delete(device=device, by=cast.alice)

    signed_in(cast.dan).post(url_of(template, "delete"), {"confirm": template.name})

    assert not Template.objects.exists()


@pytest.mark.parametrize("typed", ["", "soil sensor", "Soil"])
def test_the_name_has_to_be_typed_exactly(cast: Cast, template: Template, typed: str) -> None:
    response = signed_in(cast.dan).post(url_of(template, "delete"), {"confirm": typed})

    assert response.status_code == 422
    assert "not the name" in text_of(response, ".field-error")
    assert Template.objects.exists()


def test_editing_what_somebody_deleted_is_a_conflict(cast: Cast, template: Template) -> None:
    old = Template.objects.get(pk=template.pk)
    templates.delete(template=template, by=cast.dan)
    templates.delete(template=old, by=cast.dan)

    assert signed_in(cast.dan).post(url_of(old, "edit"), {"name": "A", "board": "esp32"}).status_code == 404


@pytest.mark.parametrize("what", ["duplicate", "delete"])
@pytest.mark.parametrize("name", ["ines", "vic"])
def test_teammate_without_permission_gets_403(cast: Cast, template: Template, what: str, name: str) -> None:
    response = signed_in(cast.member(name)).post(url_of(template, what), {"confirm": template.name})

    assert response.status_code == 403
    assert Template.objects.count() == 1


@pytest.mark.parametrize("what", ["duplicate", "delete"])
def test_strangers_and_the_signed_out_change_nothing(cast: Cast, template: Template, client: Client, what: str) -> None:
    assert signed_in(cast.sam).post(url_of(template, what), {"confirm": template.name}).status_code == 404
    assert "/accounts/login/" in client.post(url_of(template, what))["Location"]
    assert Template.objects.count() == 1


def test_wrong_method(cast: Cast, template: Template) -> None:
    assert signed_in(cast.dan).get(url_of(template, "duplicate")).status_code == 405
    assert signed_in(cast.dan).put(url_of(template, "delete")).status_code == 405


def test_the_buttons_are_for_those_who_may(cast: Cast, template: Template) -> None:
    assert has(signed_in(cast.dan).get(url_of(template)), f"form[action='{url_of(template, 'duplicate')}']")
    page = signed_in(cast.vic).get(url_of(template))
    assert not has(page, f"form[action='{url_of(template, 'duplicate')}'], a[href='{url_of(template, 'delete')}']")
    assert has(page, f"a[href='{url_of(template, 'export')}']")
