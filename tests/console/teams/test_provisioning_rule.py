"""One rule, said four times: for pages, for lists of people, for logins and for activations. They must agree."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from console.teams import access
from console.teams.models import Grant, Member
from console.teams.models.grant import ALL_TEMPLATES
from console.teams.permissions import Role
from console.teams.provisioning import Way, verdict
from devices.actions import activation, sessions
from devices.actions.logins import MAY_PROVISION, ROLES
from devices.actions.values import Activated, Claim
from devices.models import ProvisioningSession
from templates_app.models import Template
from templates_app.provisioners import provisioners_of
from tests.cast import Cast

pytestmark = pytest.mark.django_db

KINDS = ("none", "usable", "over", "used up", "for devices", "until tomorrow")
USABLE = {"usable", "for devices", "until tomorrow"}


def give(member: Member, template_id: str, kind: str) -> None:
    now = timezone.now()
    fields: dict[str, dict[str, Any]] = {
        "usable": {},
        "over": {"until_at": now - timedelta(seconds=1)},
        "used up": {"devices_limit": 2, "devices_count": 2},
        "for devices": {"devices_limit": 2, "devices_count": 1},
        "until tomorrow": {"until_at": now + timedelta(days=1)},
    }
    if kind != "none":
        Grant.objects.create(member=member, template_id=template_id, **fields[kind])


def by_verdict(member: Member, template: Template) -> bool:
    grants = {grant.template_id: grant for grant in member.grants.all()}
    return verdict(member.role, grants, template.template_id, now=timezone.now()).may


def by_login(session: ProvisioningSession) -> bool:
    """What the gateway asks at a login."""
    sessions_table = "devices_provisioningsession s JOIN templates_app_template tpl ON tpl.id = s.template_id"
    rule = f"SELECT {MAY_PROVISION} FROM {sessions_table} WHERE s.id = %(id)s"  # noqa: S608 - our own rule
    with connection.cursor() as cursor:
        cursor.execute(rule, {"id": session.pk, **ROLES})
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize("general", KINDS)
@pytest.mark.parametrize("own", KINDS)
def test_page_api_login_and_activation_agree_on_grants(own: str, general: str, template: Template, cast: Cast) -> None:
    session = sessions.open_session(template=template, by=cast.alice).session
    ProvisioningSession.objects.filter(pk=session.pk).update(member=cast.ines)
    give(cast.ines, template.template_id, own)
    give(cast.ines, ALL_TEMPLATES, general)
    expected = own in USABLE or general in USABLE

    assert access.may_provision(cast.ines, template.template_id) is expected
    assert by_verdict(cast.ines, template) is expected
    assert ("Ines" in [row.name for row in provisioners_of(template, now=timezone.now()).rows]) is expected
    assert by_login(session) is expected
    (result,) = activation.activate([Claim(session.token.pk, "192.0.2.7")])
    assert isinstance(result, Activated) is expected


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("is_granted", [True, False])
def test_all_agree_on_roles(role: Role, is_granted: bool, template: Template, cast: Cast) -> None:
    session = sessions.open_session(template=template, by=cast.alice).session
    ProvisioningSession.objects.filter(pk=session.pk).update(member=cast.ines)
    Member.objects.filter(pk=cast.ines.pk).update(role=role)
    cast.ines.refresh_from_db()
    give(cast.ines, template.template_id, "usable" if is_granted else "none")
    expected = role in (Role.OWNER, Role.ADMIN, Role.DEVELOPER) or (role is Role.INSTALLER and is_granted)

    assert access.may_provision(cast.ines, template.template_id) is expected
    assert by_verdict(cast.ines, template) is expected
    assert ("Ines" in [row.name for row in provisioners_of(template, now=timezone.now()).rows]) is expected
    assert by_login(session) is expected
    (result,) = activation.activate([Claim(session.token.pk, "192.0.2.7")])
    assert isinstance(result, Activated) is expected


def test_grants_for_each_template_are_none_for_all(template: Template, cast: Cast) -> None:
    give(cast.ines, template.template_id, "usable")
    later = Template.objects.create(team=cast.team, name="Made later", board="esp32")

    assert access.provisionable(cast.ines, [template.template_id, later.template_id, ALL_TEMPLATES]) == {
        template.template_id
    }


def test_grant_of_one_template_does_not_help_another_that_is_used_up(template: Template, cast: Cast) -> None:
    other = Template.objects.create(team=cast.team, name="Other", board="esp32")
    give(cast.ines, template.template_id, "used up")
    give(cast.ines, other.template_id, "usable")

    assert access.provisionable(cast.ines, [template.template_id, other.template_id]) == {other.template_id}


def test_verdict_names_the_grant_that_it_rests_on(template: Template, cast: Cast) -> None:
    now = timezone.now()
    own = Grant(template_id=template.template_id, devices_limit=1, devices_count=1)
    general = Grant(template_id=ALL_TEMPLATES)

    assert verdict(Role.INSTALLER, {own.template_id: own}, own.template_id, now=now).grant is own
    both = verdict(Role.INSTALLER, {own.template_id: own, "": general}, own.template_id, now=now)
    assert (both.way, both.grant) == (Way.ALL_TEMPLATES, general)
