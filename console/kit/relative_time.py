"""Phrases for the distance between two moments. `static/js/time.js` keeps them fresh with the same thresholds."""

from datetime import datetime, timedelta

_UNITS = (
    (timedelta(days=365), "year"),
    (timedelta(days=30), "month"),
    (timedelta(days=1), "day"),
    (timedelta(hours=1), "hour"),
    (timedelta(minutes=1), "minute"),
    (timedelta(seconds=1), "second"),
)
_LONG_SECONDS = 2 * 86_400
_JUST_NOW = timedelta(seconds=5)


def distance(span: timedelta) -> str:
    """`"3 minutes"`: the largest whole unit in `span`, which must not be negative."""
    for size, name in _UNITS:
        if (count := span // size) >= 1:
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    return "0 seconds"


def since_phrase(at: datetime, *, now: datetime) -> str:
    """`"3 minutes ago"`; a moment in the future, which a skewed clock can give, reads `"just now"`."""
    span = now - at
    return "just now" if span < _JUST_NOW else f"{distance(span)} ago"


def for_phrase(at: datetime, *, now: datetime) -> str:
    """`"for 3 minutes"`: how long something has been so; `"just now"` at first."""
    span = now - at
    return "just now" if span < _JUST_NOW else f"for {distance(span)}"


def until_phrase(at: datetime, *, now: datetime) -> str:
    """`"in 3 minutes"`, or `"now"` once the moment has come."""
    span = at - now
    return "now" if span < timedelta(seconds=1) else f"in {distance(span)}"


def clock(span: timedelta) -> str:
    """`"14:32"`, `"1:02:03"` from an hour on, `"30 days"` from two days on; never below `"0:00"`."""
    seconds = max(0, int(span.total_seconds()))
    if seconds >= _LONG_SECONDS:
        return f"{seconds // 86_400} days"
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
