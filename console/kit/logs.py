"""Structured logs: events are `noun.verb` with keys; one chain for Django, Celery and the gateway."""

import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

_SECRET = re.compile(r"\b(lf[dik]_)[0-9A-Za-z]{28}\b")


def mask_secrets(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Take auth tokens, API keys and keys of invitations out of every text of a log line, tracebacks included."""
    return {key: _SECRET.sub(r"\1…", value) if isinstance(value, str) else value for key, value in event.items()}


def _formatter(style: str) -> dict[str, Any]:
    renderer: Processor = (
        structlog.processors.JSONRenderer() if style == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            mask_secrets,
            renderer,
        ],
        "foreign_pre_chain": SHARED,
    }


def logging_settings(*, level: str, style: str) -> dict[str, Any]:
    """Django's LOGGING value; `style` is `console` (people) or `json` (collectors). Configures structlog."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": _formatter(style)},
        "handlers": {"stream": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stream"], "level": level},
        "loggers": {
            "django.server": {"handlers": ["stream"], "level": level, "propagate": False},
            "django.request": {"level": "ERROR"},
            "django_structlog": {"level": "WARNING"},
            # Sweeps come every few seconds: what they did is logged by themselves, when it was anything.
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
        },
    }
