"""The form of a grant's limits; what may be saved is decided by the action."""

from datetime import UTC, date, datetime, time, timedelta

from django import forms

from console.kit import server_time
from console.teams.models import Grant
from devices.actions.grants import DEVICES_MOST, LONGEST, NOTE_LIMIT, Limits

TOO_FAR = "Choose a date within the next ten years, or leave it empty for no end."


class GrantForm(forms.Form):
    """Until a day (all of it, by UTC), for so many devices, and a note."""

    until_at = forms.DateField(
        required=False,
        label="Until",
        help_text="The last day, by UTC. Empty: no end.",
        widget=forms.DateInput(attrs={"type": "date", "autofocus": True}, format="%Y-%m-%d"),
        error_messages={"invalid": "Give the day as year-month-day, such as 2026-12-31."},
    )
    devices_limit = forms.IntegerField(
        required=False,
        label="Devices",
        min_value=1,
        max_value=DEVICES_MOST,
        help_text="At most this many, those already activated under this grant included. Empty: any number.",
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    note = forms.CharField(
        required=False,
        strip=False,
        help_text="Why, for those who look at it later.",
        widget=forms.TextInput(attrs={"maxlength": NOTE_LIMIT, "autocomplete": "off"}),
    )

    def clean_until_at(self) -> date | None:
        until: date | None = self.cleaned_data["until_at"]
        if until is not None and until > (server_time.now() + LONGEST).date():
            raise forms.ValidationError(TOO_FAR)
        return until

    def limits(self, current: Grant | None) -> Limits:
        """What the form says; a moment within the chosen day, which a program has set, stays as it is."""
        until: date | None = self.cleaned_data["until_at"]
        until_at = end_of(until) if until else None
        if current and current.until_at and until == last_day(current.until_at):
            until_at = current.until_at
        return Limits(until_at, self.cleaned_data["devices_limit"], self.cleaned_data["note"])


def end_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC) + timedelta(days=1)


def last_day(until_at: datetime) -> date:
    """The day that `until_at` ends, or falls into."""
    return (until_at.astimezone(UTC) - timedelta(microseconds=1)).date()


def form_of(grant: Grant | None) -> GrantForm:
    """The form with the limits as they are."""
    if grant is None:
        return GrantForm()
    until = last_day(grant.until_at) if grant.until_at else None
    return GrantForm(initial={"until_at": until, "devices_limit": grant.devices_limit, "note": grant.note})
