"""Wherever provisioning is refused: what is missing, who can give it, and a button that asks them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from console.teams.models import Grant, GrantRequest
from devices.actions import activation, grant_requests, sessions
from devices.actions.values import Claim
from templates_app.models import Template
from tests.cast import Cast, make_device, signed_in
from tests.selectors import has, one, soup, text_of, texts

pytestmark = pytest.mark.django_db
ASK = reverse("provisioning:ask")
NEW = reverse("sessions:new")
ASK_FORM = f"form[action='{ASK}']"


def press(client: Client, response: object) -> Any:
    """Press the button that asks, with what its form carries."""
    form = one(response, ASK_FORM)
    sent = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    return client.post(ASK, sent | {"note": "Bed 4"})


def page_of(template: Template) -> str:
    return reverse("templates:detail", args=[template.template_id])


@pytest.mark.parametrize("name", ["ines", "vic"])
def test_every_page_that_refuses_names_the_permission_and_who_gives_it_and_asks(
    name: str, cast: Cast, template: Template
) -> None:
    client = signed_in(cast.member(name))
    refusals = [
        client.get(NEW),
        client.get(f"{NEW}?template={template.template_id}"),
        client.post(NEW, {"template": template.template_id}),
        client.get(page_of(template)),
        client.get(f"{ASK}?template_id={template.template_id}"),
    ]
    for refused in refusals:
        assert "the permission to provision new devices" in text_of(refused)
        assert "Alice or Ann" in text_of(refused)
        GrantRequest.objects.all().delete()
        assertRedirects(press(client, refused), page_of(template), fetch_redirect_response=False)
        asked = GrantRequest.objects.get()
        assert (asked.member, asked.template_id, asked.note) == (cast.member(name), template.template_id, "Bed 4")


def test_button_gives_way_to_what_became_of_it(cast: Cast, template: Template) -> None:
    client = signed_in(cast.ines)
    press(client, client.get(page_of(template)))
    waiting = client.get(page_of(template))
    assert "You asked just now" in text_of(waiting, "[data-why-not]")
    assert not has(waiting, ASK_FORM)
    grant_requests.decline(request=GrantRequest.objects.get(), by=cast.ann)
    declined = client.get(page_of(template))
    assert "Ann declined just now" in text_of(declined, "[data-why-not]")
    assert has(declined, ASK_FORM)


def test_asking_twice_waits_once(cast: Cast, template: Template) -> None:
    client = signed_in(cast.ines)
    for _ in range(2):
        response = client.post(ASK, {"template_id": template.template_id}, follow=True)
    assert "You asked already" in text_of(response)
    assert GrantRequest.objects.count() == 1


def test_who_cannot_provision_any_template_chooses_what_to_ask_for(cast: Cast, template: Template) -> None:
    other = Template.objects.create(team=cast.team, name="Other", board="esp32")
    client = signed_in(cast.ines)
    choices = [option["value"] for option in soup(client.get(NEW)).select("#ask-template option")]
    assert sorted(choices) == sorted([template.template_id, other.template_id, ""])
    client.post(ASK, {"template_id": ""})
    assert GrantRequest.objects.get().template_id == ""


def test_chosen_template_that_is_not_permitted_leaves_the_others_to_choose(cast: Cast, template: Template) -> None:
    other = Template.objects.create(team=cast.team, name="Other", board="esp32")
    Grant.objects.create(member=cast.ines, template_id=other.template_id)
    page = signed_in(cast.ines).get(f"{NEW}?template={template.template_id}")
    assert [option["value"] for option in soup(page).select("#template option")] == [other.template_id]
    assert has(page, ASK_FORM)


def test_session_whose_device_was_refused_offers_the_button_to_its_opener(cast: Cast, template: Template) -> None:
    grant = Grant.objects.create(member=cast.ines, template_id=template.template_id)
    session = sessions.open_session(template=template, by=cast.ines).session
    grant.delete()
    activation.activate([Claim(session.token.pk, "192.0.2.7")])
    url = reverse("sessions:detail", args=[session.pk])
    client = signed_in(cast.ines)
    page = client.get(url)
    assert "Ask Alice or Ann for a grant" in text_of(page, ".finding")
    assert has(page, ASK_FORM)
    assert not has(signed_in(cast.dan).get(url), ASK_FORM)
    press(client, page)
    grant_requests.approve(request=GrantRequest.objects.get(), by=cast.ann)
    assert not has(client.get(url), "[data-why-not]")


def test_overview_leads_a_new_member_to_the_button(cast: Cast, template: Template) -> None:
    client = signed_in(cast.ines)
    assert has(client.get("/overview/"), f"a[href='{ASK}?template_id={template.template_id}']")


def test_request_reaches_those_who_decide_and_comes_back_on_the_overview(cast: Cast, template: Template) -> None:
    make_device(template, cast.alice)
    ines, ann = signed_in(cast.ines), signed_in(cast.ann)
    ines.post(ASK, {"template_id": template.template_id, "note": "Bed 4"})
    asked = GrantRequest.objects.get()
    approve = reverse("provisioning:approve", args=[asked.pk])
    assert has(ann.get("/overview/"), f"form[action='{approve}'] button")
    assert "“Bed 4”" in text_of(ann.get("/overview/"))
    assert not has(signed_in(cast.dan).get("/overview/"), "#requests-heading")
    assert texts(ines.get("/overview/"), "[aria-labelledby=asked-heading] .status") == ["Waiting"]

    assert "Ines may provision Soil Sensor" in text_of(ann.post(approve, follow=True))
    assert Grant.objects.get().member == cast.ines
    assert texts(ines.get("/overview/"), "[aria-labelledby=asked-heading] .status") == ["Granted"]
    assert not has(ann.get("/overview/"), "#requests-heading")
    assert "Ann has granted this already" in text_of(ann.post(approve, follow=True))


def test_declining_from_the_page_of_the_request(cast: Cast, template: Template) -> None:
    asked = GrantRequest.objects.create(member=cast.vic, template_id=template.template_id)
    ann = signed_in(cast.ann)
    page = ann.get(reverse("provisioning:request", args=[asked.pk]))
    assert "Vic asks for Soil Sensor" in text_of(page)
    assert "Make installer and grant" in text_of(page)
    ann.post(reverse("provisioning:decline", args=[asked.pk]))
    assert "Declined" in text_of(ann.get(reverse("provisioning:request", args=[asked.pk])))


def test_only_those_who_manage_members_answer(cast: Cast, template: Template) -> None:
    asked = GrantRequest.objects.create(member=cast.ines, template_id=template.template_id)
    for name in ("request", "approve", "decline"):
        url = reverse(f"provisioning:{name}", args=[asked.pk])
        for member, status in ((cast.dan, 403), (cast.ines, 403), (cast.sam, 404)):
            client = signed_in(member)
            assert (client.get(url) if name == "request" else client.post(url)).status_code == status
    assert not Grant.objects.exists()


@pytest.mark.parametrize("template_id", ["TMPLnobody123", "nonsense", "nul\0", "😀" * 50])
def test_asking_for_what_there_is_not(template_id: str, cast: Cast, template: Template) -> None:
    assert signed_in(cast.ines).post(ASK, {"template_id": template_id}).status_code == 404


def test_asking_for_another_teams_template(cast: Cast, other_template: Template) -> None:
    assert signed_in(cast.ines).post(ASK, {"template_id": other_template.template_id}).status_code == 404


def test_unusable_note_is_told(cast: Cast, template: Template) -> None:
    sent = {"template_id": template.template_id, "note": "two\nlines"}
    assert "cannot be shown" in text_of(signed_in(cast.ines).post(ASK, sent, follow=True))
    assert not GrantRequest.objects.exists()


def test_template_page_lists_who_may_provision_it_and_why(cast: Cast, template: Template) -> None:
    Grant.objects.create(member=cast.ines, template_id=template.template_id, devices_limit=5, devices_count=4)
    page = signed_in(cast.vic).get(page_of(template))
    assert texts(page, "[aria-labelledby=provisioners-heading] .row") == [
        "Alice Owner, by role",
        "Ann Admin, by role",
        "Dan Developer, by role",
        "Ines By a grant, 1 device left",
    ]
    Grant.objects.update(devices_count=5)
    assert "Ines" not in text_of(
        signed_in(cast.vic).get(page_of(template)), "[aria-labelledby=provisioners-heading] .rows"
    )
