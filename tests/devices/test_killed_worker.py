"""A Celery worker killed in the middle of a sweep: what it had done stands, the rest is done by the next."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from console.celery import app
from devices import tasks
from devices.actions import sessions
from devices.actions.integrity import violations
from devices.models import ProvisioningSession
from devices.status import SessionState
from templates_app.models import Template
from tests.cast import Cast
from tests.devices.gateway.harness import until
from tests.devices.gateway.process import ROOT, database_url

OVERDUE = 1500
COPY_SESSIONS = """
INSERT INTO devices_provisioningsession (team_id, template_id, member_id, opened_by, state, opened_at, expires_at,
  seen_from, reported_template_id, is_reconfigure)
SELECT team_id, template_id, member_id, opened_by, state, opened_at, expires_at, '', '', false
FROM devices_provisioningsession, generate_series(2, %s)
"""
COPY_TOKENS = """
INSERT INTO devices_authtoken (digest, hint, team_id, session_id, created_at, expires_at, revoked_because)
SELECT sha256(s.id::text::bytea), 'lfd_', s.team_id, s.id, now(), s.expires_at, ''
FROM devices_provisioningsession s WHERE NOT EXISTS (SELECT 1 FROM devices_authtoken t WHERE t.session_id = s.id)
"""
EXPIRE = """
UPDATE devices_provisioningsession SET opened_at = now() - interval '61 s', expires_at = now() - interval '1 s';
UPDATE devices_authtoken SET expires_at = now() - interval '1 s';
"""


def make_overdue(template: Template, cast: Cast) -> None:
    sessions.open_session(template=template, by=cast.alice)
    with connection.cursor() as cursor:
        cursor.execute(COPY_SESSIONS, [OVERDUE])
        cursor.execute(COPY_TOKENS)
        cursor.execute(EXPIRE)


@contextmanager
def worker(log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker as operators run it, in a group of processes of its own, on this test's database and Redis."""
    environment = {**os.environ, "DATABASE_URL": database_url(), "REDIS_URL": settings.REDIS_URL}
    command = [sys.executable, "-m", "celery", "--app=console.celery", "worker", "--concurrency=1", "--without-mingle"]
    with log.open("ab") as output:
        child = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield child
    finally:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def expired_count() -> int:
    return ProvisioningSession.objects.filter(state=SessionState.EXPIRED).count()


def order_sweep() -> None:
    """What beat does every ten seconds."""
    app.send_task(tasks.expire_sessions.name)


def test_killed_sweep_leaves_nothing_half_done_and_the_next_one_ends_it(
    transactional_db: None, template: Template, cast: Cast, tmp_path: Path
) -> None:
    make_overdue(template, cast)
    log = tmp_path / "worker.log"
    with worker(log):
        order_sweep()
        until(expired_count)
    killed_at = expired_count()
    assert 0 < killed_at < OVERDUE
    assert set(violations()) <= {"no session is open long past its deadline"}
    with worker(log):
        order_sweep()
        until(lambda: expired_count() == OVERDUE, seconds=60)
    assert violations() == {}
    assert not ProvisioningSession.objects.filter(finding__isnull=True).exists()
