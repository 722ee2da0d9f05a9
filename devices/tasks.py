"""Celery tasks: batches of `devices.actions.sweeps`, with a pause between them so that activations keep their pace."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from smtplib import SMTPException

import structlog
from celery import shared_task

from console.kit import server_time
from devices.actions import deliveries, funnel, grant_mail, partitions, presence, session_mails, sweeps, tokens

BATCH = 500
PAUSE_SECONDS = 0.05
DELIVERIES_AT_ONCE = 8
log = structlog.get_logger(__name__)


def _in_batches(event: str, batch: Callable[[], int]) -> int:
    """Call `batch` until it finds nothing more; returns the sum."""
    total = 0
    while count := batch():
        total += count
        time.sleep(PAUSE_SECONDS)
    if total:
        log.info(event, count=total)
    return total


@shared_task(name="devices.expire_sessions")
def expire_sessions() -> int:
    """Close overdue sessions and kill their tokens."""
    return _in_batches("session.expired", lambda: sweeps.expire_sessions(limit=BATCH))


@shared_task(name="devices.retire_tokens")
def retire_tokens() -> int:
    """Kill rotated tokens whose overlap is over."""
    return _in_batches("token.retired", lambda: tokens.retire(limit=BATCH))


@shared_task(name="devices.mark_silent")
def mark_silent() -> int:
    """Turn devices offline that no gateway has heard within their cut-off (after a gateway died, say)."""
    return _in_batches("device.silent", lambda: presence.mark_silent(limit=BATCH))


@shared_task(name="devices.send_grant_mail")
def send_grant_mail() -> int:
    """Tell those who can answer of new requests for grants, and those who asked of the answers."""
    return _in_batches("grant_mail.sent", lambda: grant_mail.send(limit=BATCH))


@shared_task(name="devices.trim")
def trim() -> None:
    """Delete what is older than it is kept for."""
    _in_batches("history.trimmed", lambda: sweeps.trim_history(limit=BATCH * 10))
    _in_batches("audit.trimmed", lambda: sweeps.trim_audit(limit=BATCH * 10))
    _in_batches("refusals.trimmed", sweeps.trim_refused)
    _in_batches("failures.trimmed", sweeps.trim_failed)
    _in_batches("sessions.trimmed", lambda: sweeps.trim_sessions(limit=BATCH))
    _in_batches("deliveries.trimmed", lambda: deliveries.trim(limit=BATCH * 10))


@shared_task(name="devices.make_partitions")
def make_partitions() -> list[str]:
    """Make the partitions of this month and the next two."""
    return partitions.make_ahead(today=server_time.now().date())


@shared_task(name="devices.seal_days")
def seal_days() -> int:
    """Count the sessions of days that are over, for the funnel."""
    return _in_batches("funnel.sealed", funnel.seal_next_day)


@shared_task(name="devices.send_webhooks")
def send_webhooks() -> int:
    """Turn what happened into deliveries, and try those that are due."""
    _in_batches("webhook.fanned_out", lambda: deliveries.fan_out(limit=BATCH))
    return _in_batches("webhook.tried", _try_deliveries)


def _try_deliveries() -> int:
    """One round: a webhook that does not answer keeps its own delivery waiting, and no other."""
    claimed = deliveries.claim(limit=DELIVERIES_AT_ONCE)
    now = server_time.now()
    with ThreadPoolExecutor(DELIVERIES_AT_ONCE) as pool:
        answers = list(pool.map(lambda delivery: deliveries.attempt(delivery, now=now), claimed))
    deliveries.settle(list(zip(claimed, answers, strict=True)))
    return len(claimed)


@shared_task(name="devices.mail_owners")
def mail_owners() -> int:
    """Write to the owners of sessions that ended while they were away."""
    _in_batches("session_mail.not_needed", lambda: session_mails.settle_quiet(limit=BATCH * 10))
    try:
        return _in_batches("session_mail.sent", session_mails.mail_next)
    except (OSError, SMTPException) as error:
        log.warning("session_mail.failed", error=type(error).__name__)
        return 0
