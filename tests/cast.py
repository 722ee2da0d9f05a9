"""The people and things of the tests: one team with every role, one other team, and what they own."""

import time
from dataclasses import dataclass
from functools import cache

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from console.teams.models import Member, Team, User
from console.teams.permissions import Role
from devices.actions import activation, sessions
from devices.actions.values import Activated, Claim
from devices.models import Device
from templates_app.actions import templates as template_actions
from templates_app.models import Template

PASSWORD = "a long enough password"


@dataclass(frozen=True, slots=True)
class Cast:
    """Alice owns the team; Ann, Dan, Ines and Vic are its admin, developer, installer and viewer. Sam is a stranger."""

    team: Team
    alice: Member
    ann: Member
    dan: Member
    ines: Member
    vic: Member
    sam: Member

    def member(self, name: str) -> Member:
        member: Member = getattr(self, name)
        return member


@cache
def password_hash() -> str:
    """The hash of PASSWORD, worked out once: Argon2 takes its time on purpose."""
    return make_password(PASSWORD)


def make_user(name: str) -> User:
    return User.objects.create(email=f"{name}@example.com", password=password_hash(), name=name.capitalize())


@pytest.fixture
def cast(db: None) -> Cast:
    team = Team.objects.create(name="Greenhouse")
    roles = {"alice": Role.OWNER, "ann": Role.ADMIN, "dan": Role.DEVELOPER, "ines": Role.INSTALLER, "vic": Role.VIEWER}
    members = {
        name: Member.objects.create(team=team, user=make_user(name), role=role.value) for name, role in roles.items()
    }
    other = Team.objects.create(name="Elsewhere")
    sam = Member.objects.create(team=other, user=make_user("sam"), role=Role.OWNER.value)
    return Cast(team=team, sam=sam, **members)


@pytest.fixture
def template(cast: Cast) -> Template:
    return template_actions.create(team=cast.team, name="Soil Sensor", board="esp32", description="", by=cast.alice)


@pytest.fixture
def other_template(cast: Cast) -> Template:
    return template_actions.create(team=cast.sam.team, name="Boiler", board="esp8266", description="", by=cast.sam)


def make_device(template: Template, by: Member) -> Device:
    """A device that came about as devices do: a session, its token, an activation."""
    opened = sessions.open_session(template=template, by=by)
    (result,) = activation.activate([Claim(opened.session.token.pk, "192.0.2.7")])
    assert isinstance(result, Activated)
    return Device.objects.get(pk=result.device_id)


@pytest.fixture
def device(template: Template, cast: Cast) -> Device:
    return make_device(template, cast.alice)


def signed_in(member: Member) -> Client:
    """A browser in which `member` has just signed in."""
    client = Client()
    client.force_login(member.user)
    note_sign_in(client, member.user, at=time.time())
    return client


def note_sign_in(client: Client, user: User, *, at: float) -> None:
    """What signing in with the password at this moment leaves in the browser's session."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": at}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
