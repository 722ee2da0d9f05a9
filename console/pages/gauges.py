"""Figures read from the database when metrics are collected."""

from django.db import connection
from prometheus_client import Gauge

DEVICES = Gauge("landfall_devices", "Devices by connection", ["state"])
SESSIONS_OPEN = Gauge("landfall_sessions_open", "Provisioning sessions that are open")
SWEEP_LAG = Gauge("landfall_sweep_lag_seconds", "How long the oldest overdue session has been waiting for the sweep")
DELIVERIES_DUE = Gauge("landfall_webhook_deliveries_due", "Deliveries to webhooks that are due and not sent yet")

COUNTS = """
SELECT (SELECT count(*) FROM devices_presence WHERE is_connected),
       (SELECT GREATEST(reltuples, 0)::bigint FROM pg_class WHERE relname = 'devices_device'),
       (SELECT count(*) FROM devices_provisioningsession WHERE state = 'open'),
       (SELECT COALESCE(extract(epoch FROM now() - min(expires_at)), 0) FROM devices_provisioningsession
        WHERE state = 'open' AND expires_at < now()),
       (SELECT count(*) FROM devices_delivery WHERE next_try_at < now())
"""


def refresh() -> None:
    """Set the gauges; one query, whatever the size of the tables (the number of devices is the planner's estimate)."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS)
        connected, devices, sessions, lag, due = cursor.fetchone()
    DEVICES.labels("connected").set(connected)
    DEVICES.labels("all").set(devices)
    SESSIONS_OPEN.set(sessions)
    SWEEP_LAG.set(float(lag))
    DELIVERIES_DUE.set(due)
