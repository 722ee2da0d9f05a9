"""Whatever people, boards and the worker do, in whatever order or at once, the data stays whole."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test

from console.kit.problems import Conflict, Forbidden, Invalid
from console.kit.tokens import digest, hint
from console.teams.models import Grant, Member, Team
from console.teams.permissions import Role
from devices.actions import activation, integrity, logins, presence, sessions, sweeps
from devices.actions import devices as device_actions
from devices.actions.values import Activated, Attach, Claim, Detach, Heard, LiveToken, Login, Refused
from devices.models import Device, ProvisioningSession
from devices.status import SessionState
from templates_app.actions import templates as template_actions
from templates_app.models import Template
from tests.cast import make_user
from tests.devices.actions.racing import at_once
from tests.devices.actions.test_sweeps import make_overdue

ADDRESS = "192.0.2.9"


@dataclass
class World:
    """One team with a developer, and an installer whose grant is for two devices."""

    owner: Member
    developer: Member
    installer: Member
    template: Template

    @classmethod
    def begin(cls) -> "World":
        team = Team.objects.create(name="Greenhouse")
        roles = {"owner": Role.OWNER, "developer": Role.DEVELOPER, "installer": Role.INSTALLER}
        name = f"{team.pk}-{timezone.now().timestamp()}"
        members = {
            part: Member.objects.create(team=team, user=make_user(f"{part}-{name}"), role=role)
            for part, role in roles.items()
        }
        Grant.objects.create(member=members["installer"], devices_limit=2)
        template = template_actions.create(
            team=team, name="Soil Sensor", board="esp32", description="", by=members["owner"]
        )
        return cls(template=template, **members)


def activate(token: str, template_id: str | None) -> Activated | Refused:
    """A whole login: looked up, then activated where the token waits for it."""
    (verdict,) = logins.look_up([Login(digest(token), hint(token), ADDRESS)])
    if not isinstance(verdict, LiveToken) or verdict.device_id is not None:
        return verdict if isinstance(verdict, Refused) else Activated(verdict.token_id, verdict.device_id or 0, False)
    (result,) = activation.activate([Claim(verdict.token_id, ADDRESS, template_id)])
    return result


class Provisioning(RuleBasedStateMachine):
    """Tokens of sessions, and the devices that come of them.

    Which one wins a race is nobody's to say, so a step names a token, which is there whatever was won, and does nothing
    where no device came of it.
    """

    tokens = Bundle("tokens")

    def __init__(self) -> None:
        super().__init__()
        self.world = World.begin()
        self.ends: dict[int, str] = {}

    def _session(self, token: str) -> ProvisioningSession:
        found = ProvisioningSession.objects.select_related("token", "template", "device")
        return found.get(token__digest=digest(token))

    def _device(self, token: str) -> Device | None:
        return self._session(token).device

    @rule(target=tokens, who=st.sampled_from(["developer", "installer"]))
    def open(self, who: str) -> Any:
        try:
            return sessions.open_session(template=self.world.template, by=getattr(self.world, who)).token
        except Forbidden:
            return multiple()

    @rule(target=tokens, token=tokens)
    def open_to_reconfigure(self, token: str) -> str | None:
        device = self._device(token)
        return sessions.open_session(template=self.world.template, by=self.world.owner, device=device).token

    @rule(token=tokens, says=st.sampled_from(["nothing", "its own", "another"]))
    def log_in(self, token: str, says: str) -> None:
        told = {"nothing": None, "its own": self.world.template.template_id, "another": "TMPLanother12"}[says]
        activate(token, told)

    @rule(token=tokens)
    def cancel(self, token: str) -> None:
        sessions.cancel(session=self._session(token))

    @rule(token=tokens)
    def let_it_run_out(self, token: str) -> None:
        session = self._session(token)
        if session.state == SessionState.OPEN:
            make_overdue(session)

    @rule()
    def sweep(self) -> None:
        sweeps.expire_sessions(limit=100)
        assert sweeps.expire_sessions(limit=100) == 0

    @rule(who=st.sampled_from(["developer", "installer"]), role=st.sampled_from(list(Role)))
    def give_a_role(self, who: str, role: Role) -> None:
        Member.objects.filter(pk=getattr(self.world, who).pk).update(role=role)

    @rule(token=tokens, name=st.sampled_from(["Pump", "Valve", "  "]))
    def rename(self, token: str, name: str) -> None:
        if device := self._device(token):
            try:
                device_actions.rename(device=device, name=name, by=self.world.owner)
            except Invalid:
                assert not name.strip()

    @rule(token=tokens)
    def delete(self, token: str) -> None:
        if device := self._device(token):
            device_actions.delete(device=device, by=self.world.owner)

    @rule(token=tokens, number=st.integers(1, 3))
    def connect_and_go(self, token: str, number: int) -> None:
        if device := self._device(token):
            presence.attach([Attach(device.pk, number, "gw", ADDRESS, 25)])
            presence.heard([Heard(device.pk, number, 25)])
            presence.detach([Detach(device.pk, number, "gone")])

    @rule(token=tokens, against=st.sampled_from(["cancel", "sweep", "login", "mismatch"]))
    def race_for_a_token(self, token: str, against: str) -> None:
        session = self._session(token)
        others: dict[str, Callable[[], Any]] = {
            "cancel": lambda: sessions.cancel(session=session),
            "sweep": lambda: sweeps.expire_sessions(limit=100),
            "login": lambda: activate(token, None),
            "mismatch": lambda: activate(token, "TMPLanother12"),
        }
        at_once(lambda: activate(token, None), others[against])

    @rule(one=tokens, other=tokens, against=st.sampled_from(["login", "rename", "delete"]))
    def race_with_a_deletion(self, one: str, other: str, against: str) -> None:
        found = self._device(one)
        if found is None:
            return
        device = found.pk

        def rename() -> None:
            try:
                device_actions.rename(device=Device.objects.get(pk=device), name="Pump", by=self.world.owner)
            except (Conflict, Device.DoesNotExist):
                return

        def delete() -> None:
            device_actions.delete(device=found, by=self.world.owner)

        others: dict[str, Callable[[], Any]] = {
            "login": lambda: activate(other, None),
            "rename": rename,
            "delete": delete,
        }
        at_once(delete, others[against])
        assert not Device.objects.filter(pk=device).exists()

    @invariant()
    def the_data_is_whole(self) -> None:
        assert integrity.violations() == {}

    @invariant()
    def what_has_ended_stays_as_it_ended(self) -> None:
        now = dict(ProvisioningSession.objects.exclude(state=SessionState.OPEN).values_list("pk", "state"))
        assert self.ends.items() <= now.items()
        self.ends = now

    @invariant()
    def nobody_goes_beyond_a_grant(self) -> None:
        grant = Grant.objects.get(member=self.world.installer)
        assert grant.devices_count <= 2

    def teardown(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE teams_team, devices_timelineevent, devices_reading CASCADE")


@pytest.mark.django_db(transaction=True)
def test_nothing_that_happens_breaks_an_invariant() -> None:
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    bounds = settings(max_examples=15, stateful_step_count=20, database=None, suppress_health_check=checks)
    run_state_machine_as_test(Provisioning, settings=bounds)
