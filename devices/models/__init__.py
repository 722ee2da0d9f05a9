"""Devices, their tokens, provisioning sessions and batches, presence, readings, timelines, evidence and webhooks."""

from devices.models.batch import Batch
from devices.models.device import Device
from devices.models.evidence import FailedConnection, SessionEvidence
from devices.models.presence import Presence
from devices.models.reading import PinValue, Reading
from devices.models.refused_login import RefusedLogin
from devices.models.session import ProvisioningSession
from devices.models.session_day import SealedDay, SessionDay
from devices.models.timeline import TimelineEvent
from devices.models.token import AuthToken
from devices.models.webhook import Delivery, OutboxEvent, Webhook

__all__ = [
    "AuthToken",
    "Batch",
    "Delivery",
    "Device",
    "FailedConnection",
    "OutboxEvent",
    "PinValue",
    "Presence",
    "ProvisioningSession",
    "Reading",
    "RefusedLogin",
    "SealedDay",
    "SessionDay",
    "SessionEvidence",
    "TimelineEvent",
    "Webhook",
]
