"""The rows of two teams alike, and all who ask for them."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from console.teams.actions import api_keys
from console.teams.models import ApiKey, Grant, GrantRequest, Member
from console.teams.permissions import Permission, Role
from devices.actions import batches, invitations, sessions, webhooks
from devices.actions.planned import PlannedDevice
from devices.models import ProvisioningSession
from templates_app.actions import templates
from tests.cast import Cast, make_device, make_user, signed_in
from tests.isolation.expectations import Line, Operation, Who

MARK = "Quince"
"""In every name of the team that is asked: whoever is not of it must never read the word."""

NO_ROW = 987_654_321
NAMES = {
    Who.OWNER: "alice",
    Who.ADMIN: "ann",
    Who.DEVELOPER: "dan",
    Who.INSTALLER: "ines",
    Who.VIEWER: "vic",
    Who.STRANGER: "sam",
    Who.LOOKING_KEY: "alice",
}
NOT_OF_A_TEAM = {"django_session", "teams_auditentry", "teams_user"}
"""Tables that a refused request may write: sessions, the row of the refusal, when somebody signed in."""

type Rows = Mapping[str, object]


def rows_of(owner: Member, mark: str) -> dict[str, object]:
    """One row of each kind in the team of `owner`, by the parameter that names it in addresses and bodies."""
    team = owner.team
    template = templates.create(team=team, name=f"{mark} Valve", board="esp32", description="", by=owner)
    spare = templates.create(team=team, name="Spare", board="esp32", description="", by=owner)
    device = make_device(template, owner)
    device.name = f"{mark} tap"
    device.save()
    session = sessions.open_session(template=template, by=owner).session
    planned = [PlannedDevice(1, f"{mark} one", "24:6F:28:0A:0B:0C", (mark.lower(),)), PlannedDevice(2)]
    batch = batches.open_batch(template=template, devices=planned, by=owner, lifetime_seconds=3600).batch
    hook = webhooks.create(
        name=f"{mark} hook", url="https://93.184.215.14/hook", events=["device.online"], by=owner
    ).webhook
    delivery = webhooks.send_test(webhook=hook, by=owner)
    spare_member = Member.objects.create(team=team, user=make_user(f"{mark}-spare".lower()), role=Role.VIEWER)
    invitation = invitations.invite(
        email=f"{mark}-guest@example.com", role=Role.VIEWER, base_url="http://testserver/", by=owner
    )
    helper = Member.objects.create(team=team, user=make_user(f"{mark.lower()}-helper"), role=Role.INSTALLER.value)
    Grant.objects.create(member=helper, template_id=template.template_id)
    key = api_keys.create(member=helper, name=f"{mark} script").key
    asked = GrantRequest.objects.create(member=helper, template_id="")
    return {
        "invitation_id": invitation.pk,
        "team_id": team.pk,
        "member_id": spare_member.pk,
        "member_email": spare_member.user.email,
        "template_id": template.template_id,
        "spare_id": spare.template_id,
        "helper_id": helper.pk,
        "request_id": asked.pk,
        "device_id": device.pk,
        "device_name": device.name,
        "session_id": session.pk,
        "batch_id": batch.pk,
        "batch_name": batch.label,
        "key_id": key.pk,
        "webhook_id": delivery.webhook_id,
        "webhook_name": delivery.webhook.name,
        "delivery_id": delivery.pk,
        "activation_id": ProvisioningSession.objects.get(activated_device=device).pk,
    }


def no_rows(rows: Rows) -> dict[str, object]:
    """Ids of the same shapes that nothing has."""
    return {name: "TMPLzzzzzzzzz" if str(value).startswith("TMPL") else NO_ROW for name, value in rows.items()}


def put(text: str, rows: Rows) -> str:
    """`text` with each `<name>` replaced by the row of that name."""
    return re.sub(r"<(\w+)>", lambda found: str(rows[found[1]]), text)


@dataclass(frozen=True, slots=True)
class Stage:
    """Alice's team, of which every row is `ours`; Sam's, of which every row is `theirs`."""

    cast: Cast
    ours: Rows
    theirs: Rows

    def address(self, line: Line, **instead: object) -> str:
        """The line's address with our rows in it, or those of `instead`."""
        here = {**self.ours, **{name: self.ours.get(row, row) for name, row in line.rows.items()}, **instead}
        return put(line.address, here)

    def ask(
        self,
        line: Line,
        operation: Operation,
        who: Who,
        *,
        in_body: Rows | None = None,
        is_from_elsewhere: bool = False,
    ) -> Any:
        """What `who` is answered; `in_body` are put into the body and the query in place of the team's own rows."""
        return self.prepared(line, operation, who, in_body=in_body, is_from_elsewhere=is_from_elsewhere)()

    def prepared(
        self,
        line: Line,
        operation: Operation,
        who: Who,
        *,
        in_body: Rows | None = None,
        is_from_elsewhere: bool = False,
    ) -> Callable[[], Any]:
        """The request, with its sender signed in or with a key, and not sent yet."""
        sent = in_body or self.ours
        address = self.address(line) + put(line.query, sent)
        body = _put_all(operation.body, sent)
        cache.clear()
        if line.is_api:
            return self._call(address, operation, who, body)
        browser = self._browser(who)
        browser.handler.enforce_csrf_checks = is_from_elsewhere
        headers = {"origin": "https://evil.example"} if is_from_elsewhere else {}
        return partial(getattr(browser, operation.method.lower()), address, body, headers=headers)

    def _browser(self, who: Who) -> Client:
        if who is Who.SIGNED_OUT:
            return Client()
        browser = signed_in(self.cast.member(NAMES.get(who, "dan")))
        if who is Who.REMOVED:
            Member.objects.filter(pk=self.cast.dan.pk).delete()
        if who is Who.INACTIVE:
            type(self.cast.dan.user).objects.filter(pk=self.cast.dan.user_id).update(is_active=False)
        return browser

    def _call(self, address: str, operation: Operation, who: Who, body: dict[str, Any]) -> Callable[[], Any]:
        headers = {} if who is Who.SIGNED_OUT else {"authorization": f"Bearer {self._key(who)}"}
        raw, kind = operation.raw, "application/yaml"
        if not raw:
            raw, kind = json.dumps(body) if body else "", "application/json"
        return partial(Client().generic, operation.method, address, raw, content_type=kind, headers=headers)

    def _key(self, who: Who) -> str:
        """The secret of a key of `who`; developers' keys meet the ends that a key can meet."""
        created = api_keys.create(member=self.cast.member(NAMES.get(who, "dan")), name="matrix")
        ApiKey.objects.filter(pk=created.key.pk).update(last_used_at=timezone.now(), last_used_from="127.0.0.1")
        fates: dict[Who, dict[str, Any]] = {
            Who.EXPIRED_KEY: {"expires_at": timezone.now() - timedelta(seconds=1)},
            Who.REVOKED_KEY: {"revoked_at": timezone.now()},
            Who.POWERLESS_KEY: {"permissions": []},
            Who.LOOKING_KEY: {"permissions": [Permission.VIEW.value]},
        }
        if who in fates:
            ApiKey.objects.filter(pk=created.key.pk).update(**fates[who])
        if who is Who.REMOVED:
            Member.objects.filter(pk=self.cast.dan.pk).delete()
        if who is Who.INACTIVE:
            type(self.cast.dan.user).objects.filter(pk=self.cast.dan.user_id).update(is_active=False)
        return f"lfk_{'x' * 28}" if who is Who.UNKNOWN_KEY else str(created.secret)


def _put_all(body: Mapping[str, Any] | None, rows: Rows) -> dict[str, Any]:
    return {name: _put_any(value, rows) for name, value in (body or {}).items()}


def _put_any(value: Any, rows: Rows) -> Any:
    """`value` with rows put in; a text that is one row's name alone becomes that row's id, a number where it is one."""
    if isinstance(value, list):
        return [_put_any(entry, rows) for entry in value]
    if isinstance(value, dict):
        return _put_all(value, rows)
    if isinstance(value, str) and (alone := re.fullmatch(r"<(\w+)>", value)):
        return rows[alone[1]]
    return put(value, rows) if isinstance(value, str) else value


@contextmanager
def set_aside() -> Iterator[None]:
    """Whatever is written in it is taken back: many can be asked of the same rows."""
    try:
        with transaction.atomic():
            yield
            raise _TakenBack
    except _TakenBack:
        pass


class _TakenBack(Exception):
    pass


def body_of(answer: Any) -> str:
    """What an answer says, piece by piece where it is streamed."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return bytes(content).decode(errors="replace")


def written() -> dict[str, int]:
    """How many rows of each table this transaction has written so far, those taken back included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return {table: count for table, count in cursor.fetchall() if table not in NOT_OF_A_TEAM}


@pytest.fixture
def stage(cast: Cast) -> Stage:
    cast.team.name, cast.sam.team.name = f"{MARK} gardens", "Elsewhere"
    cast.team.save()
    for name in ("alice", "ann", "dan", "ines", "vic"):
        user = cast.member(name).user
        user.name = f"{MARK} {name}"
        user.save()
    return Stage(cast, ours=rows_of(cast.alice, MARK), theirs=rows_of(cast.sam, "Sorrel"))
