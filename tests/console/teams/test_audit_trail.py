"""What the audit log holds: who, what, when, from where; and that nobody takes it back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client, override_settings
from django.utils import timezone

from console.kit.origin import origin
from console.teams.actions import audit
from console.teams.models import AuditEntry, Team
from devices.actions import devices, failures, sessions, sweeps, withdrawal
from devices.models import Device
from devices.tasks import trim
from templates_app.actions import templates
from templates_app.models import Template
from tests.cast import PASSWORD, Cast, signed_in
from tests.console.api.caller import caller

pytestmark = pytest.mark.django_db

BEHIND_PROXY = override_settings(BEHIND_PROXY=True)


def last(kind: str) -> AuditEntry:
    return AuditEntry.objects.filter(kind=kind).latest("pk")


def kinds() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("kind", flat=True))


def test_entry_tells_who_from_where_without_being_told(cast: Cast) -> None:
    signed_in(cast.alice).post("/team/settings/", {"name": "Garden"}, REMOTE_ADDR="203.0.113.9")
    entry = last("team.renamed")
    assert (entry.actor, entry.user_id, entry.address) == ("Alice", cast.alice.user_id, "203.0.113.9")
    assert (entry.area, entry.subject, entry.detail) == ("team", "Garden", {"was": "Greenhouse"})
    assert origin().address == ""


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("203.0.113.7", "203.0.113.7"),
        ("", "127.0.0.1"),
        ("<script>", ""),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::1"),
    ],
)
def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_wrote(cast: Cast, told: str, kept: str) -> None:
    with BEHIND_PROXY:
        signed_in(cast.alice).post("/team/settings/", {"name": "Garden"}, headers={"x-forwarded-for": told})
    assert last("team.renamed").address == kept


def test_without_a_proxy_a_forwarded_address_is_not_believed(cast: Cast) -> None:
    signed_in(cast.alice).post("/team/settings/", {"name": "Garden"}, headers={"x-forwarded-for": "203.0.113.7"})
    assert last("team.renamed").address == "127.0.0.1"


def test_what_a_key_does_names_the_key_and_the_next_request_does_not(cast: Cast, template: Template) -> None:
    dan = caller(cast.dan)
    dan.patch(f"templates/{template.template_id}/", {"name": "Pump"})
    entry = last("template.edited")
    assert entry.detail["key"] == (dan.secret or "")[:8]
    assert str(dan.secret) not in str(entry.detail)
    signed_in(cast.alice).post("/team/settings/", {"name": "Garden"})
    assert "key" not in last("team.renamed").detail


def test_templates_leave_their_trail(cast: Cast, template: Template) -> None:
    templates.edit(template=template, name="Pump", board="esp32", description="", revision=1, by=cast.ann)
    copy = templates.duplicate(template=template, by=cast.ann)
    templates.archive(template=template, by=cast.ann)
    templates.archive(template=template, by=cast.ann)
    templates.unarchive(template=template, by=cast.ann)
    templates.delete(template=copy, by=cast.ann)
    text = "landfall: 1\nname: Tap\nboard: esp32\n"
    signed_in(cast.ann).post("/templates/import/", {"text": text, "make": "1"})
    caller(cast.ann).send("POST", "templates/import/", raw=text.encode(), content_type="application/yaml")
    about = AuditEntry.objects.filter(area="templates").order_by("pk")
    assert [entry.kind.partition(".")[2] for entry in about] == [
        "created",
        "edited",
        "duplicated",
        "archived",
        "unarchived",
        "deleted",
        "imported",
        "imported",
    ]
    assert all(entry.detail["template"].startswith("TMPL") for entry in about)


def test_tokens_and_devices_leave_their_trail(cast: Cast, template: Template, device: Device) -> None:
    before = device.name
    opened = sessions.open_session(template=template, by=cast.dan)
    again = sessions.open_session(template=template, by=cast.dan, device=device)
    assert opened.token
    assert again.token
    assert sessions.cancel(session=opened.session, by=cast.ann)
    assert not sessions.cancel(session=opened.session, by=cast.ann)
    devices.rename(device=device, name="Tap", by=cast.ann)
    devices.delete(device=device, by=cast.ann)
    assert kinds()[-5:] == [
        "token.issued",
        "token.issued_to_reconfigure",
        "session.cancelled",
        "device.renamed",
        "device.deleted",
    ]
    issued = last("token.issued")
    assert issued.detail["token"] == opened.token[:8]
    assert opened.token not in str(list(AuditEntry.objects.values()))
    assert (last("session.cancelled").actor, last("device.renamed").detail["before"]) == ("Ann", before)


def test_what_a_page_and_a_program_cancel_is_theirs(cast: Cast, template: Template) -> None:
    first, second = (sessions.open_session(template=template, by=cast.alice).session for _ in range(2))
    signed_in(cast.ann).post(f"/sessions/{first.pk}/cancel/")
    caller(cast.dan).delete(f"provisioning-sessions/{second.pk}/")
    actors = AuditEntry.objects.filter(kind="session.cancelled").order_by("pk").values_list("actor", flat=True)
    assert list(actors) == ["Ann", "Dan"]


def test_sessions_that_end_for_lack_of_permission_are_told(cast: Cast, template: Template) -> None:
    sessions_of_dan = [sessions.open_session(template=template, by=cast.dan).session for _ in range(2)]
    cast.dan.role = "viewer"
    cast.dan.save()
    failures.fail_without_permission([sessions_of_dan[0].token.pk])
    assert (last("permission.lost").actor, last("permission.lost").area) == ("Dan", "refusals")
    assert withdrawal.cancel_unpermitted([cast.dan.pk]) == 1
    assert last("session.cancelled_for_lack_of_permission").detail["opened_by"] == "Dan"


def test_signing_in_and_out_is_told_to_each_team_of_the_person(cast: Cast) -> None:
    browser = Client()
    sent = {"login": cast.sam.user.email, "password": PASSWORD}
    cast.sam.pk = None
    cast.sam.team = cast.team
    cast.sam.save()
    browser.post("/accounts/login/", sent, REMOTE_ADDR="203.0.113.9")
    browser.post("/accounts/logout/")
    done = AuditEntry.objects.filter(kind="sign_in.done")
    assert done.count() == 2
    assert set(done.values_list("address", "subject", "area")) == {("203.0.113.9", "sam@example.com", "sign-ins")}
    assert AuditEntry.objects.filter(kind="sign_in.ended").count() == 2


def test_failed_sign_ins_are_told_once_a_minute(cast: Cast) -> None:
    for password in ("wrong", "wrong again"):
        Client().post("/accounts/login/", {"login": "ALICE@example.com", "password": password})
    (entry,) = AuditEntry.objects.filter(kind="sign_in.refused")
    assert (entry.team_id, entry.subject) == (cast.team.pk, "alice@example.com")
    assert "wrong" not in str(entry.detail)


def test_failed_sign_ins_as_nobody_are_no_teams_business(cast: Cast) -> None:
    for login in ("nobody@example.com", "a\0b@example.com"):
        Client().post("/accounts/login/", {"login": login, "password": "wrong"})
    assert not AuditEntry.objects.exists()


def test_a_new_password_is_told(cast: Cast) -> None:
    sent = {"oldpassword": PASSWORD, "password1": "another long password", "password2": "another long password"}
    signed_in(cast.dan).post("/accounts/password/change/", sent)
    assert last("account.password_changed").actor == "Dan"
    assert "another" not in str(AuditEntry.objects.values())


def test_refusals_of_pages_and_of_the_api_are_told_once_a_minute_each(cast: Cast, template: Template) -> None:
    browser, key = signed_in(cast.vic), caller(cast.vic)
    for _ in range(3):
        assert browser.post(f"/templates/{template.template_id}/archive/").status_code == 403
        assert key.patch(f"templates/{template.template_id}/", {"name": "Mine"}).status == 403
        assert key.post("provisioning-sessions/", {"template_id": template.template_id}).status == 403
    told = AuditEntry.objects.filter(kind="permission.refused").order_by("pk")
    assert [entry.subject for entry in told] == ["edit templates", "provision new devices"]
    assert all(entry.actor == "Vic" and entry.area == "refusals" for entry in told)
    assert told[0].detail["template"] == template.template_id
    assert told[0].detail["path"] == f"/templates/{template.template_id}/archive/"


def test_strangers_leave_no_trail_in_the_team(cast: Cast, template: Template) -> None:
    before = kinds()
    assert signed_in(cast.sam).post(f"/templates/{template.template_id}/archive/").status_code == 404
    assert kinds() == before


def test_refusal_stands_when_it_cannot_be_told(cast: Cast, template: Template, monkeypatch: Any) -> None:
    def away(**_: object) -> None:
        raise DatabaseError

    monkeypatch.setattr("console.teams.refusals.audit.record", away)
    assert signed_in(cast.vic).post(f"/templates/{template.template_id}/archive/").status_code == 403


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: AuditEntry.objects.update(actor="Nobody"),
        lambda: AuditEntry.objects.all().delete(),
        lambda: _execute("UPDATE teams_auditentry SET detail = '{}'"),
        lambda: _execute("DELETE FROM teams_auditentry"),
        lambda: _execute("SET LOCAL landfall.audit_retention = '1'; DELETE FROM teams_auditentry"),
        lambda: _execute("SET LOCAL landfall.audit_retention = '0'; DELETE FROM teams_auditentry"),
        lambda: _execute("SET LOCAL landfall.audit_retention = '-9'; UPDATE teams_auditentry SET actor = 'x'"),
        lambda: _execute("WITH gone AS (DELETE FROM teams_auditentry RETURNING *) SELECT count(*) FROM gone"),
        lambda: _execute(
            "MERGE INTO teams_auditentry e USING teams_team t ON e.team_id = t.id WHEN MATCHED THEN DELETE"
        ),
    ],
)
def test_nothing_is_changed_or_deleted_by_the_applications_own_role(cast: Cast, attempt: Callable[[], object]) -> None:
    audit.record(team=cast.team, by=cast.alice, kind="team.renamed", subject="Garden", was="Greenhouse")
    before = list(AuditEntry.objects.values())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        attempt()
    assert list(AuditEntry.objects.values()) == before


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _old(team: Team, *, days: int) -> None:
    """An entry as it was written so many days ago."""
    AuditEntry.objects.create(
        team_id=team.pk, at=timezone.now() - timedelta(days=days), actor="Alice", kind="team.renamed", subject="x"
    )


def test_entries_go_when_their_team_keeps_them_no_longer(cast: Cast) -> None:
    default = settings.AUDIT_RETENTION_DAYS
    cast.team.audit_days = 30
    cast.team.save()
    for days in (default + 1, 31, 29):
        _old(cast.team, days=days)
    for days in (default + 1, 31):
        _old(cast.sam.team, days=days)
    _old(Team(pk=987_654), days=default + 1)
    assert [sweeps.trim_audit(limit=3) for _ in range(3)] == [3, 1, 0]
    assert list(AuditEntry.objects.order_by("pk").values_list("team_id", flat=True)) == [cast.team.pk, cast.sam.team_id]


def test_trimming_shuts_the_door_behind_itself(cast: Cast) -> None:
    _old(cast.team, days=4000)
    trim()
    _old(cast.team, days=4000)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.all().delete()


def test_deleting_a_team_leaves_its_entries(cast: Cast) -> None:
    audit.record(team=cast.team, by=cast.alice, kind="team.started", subject="Greenhouse")
    Team.objects.filter(pk=cast.team.pk).delete()
    assert kinds() == ["team.started"]


@pytest.mark.parametrize("subject", ["a\0b", "👩‍🌾" * 80, "x" * 5000, "' & | ! :* \\", "\u202eexe"])
def test_any_subject_is_kept(cast: Cast, subject: str) -> None:
    audit.record(
        team=cast.team, by=cast.alice, kind="device.renamed", subject=subject, before=subject.replace("\0", "")
    )
    assert last("device.renamed").subject == subject.replace("\0", "")[:200]
