"""The form of a new API key; what may be made is decided by the action."""

from collections.abc import Iterable
from datetime import date, timedelta

from django import forms

from console.kit import server_time
from console.teams.actions.api_keys import DAYS_LIMIT, NAME_LIMIT
from console.teams.permissions import Permission

OTHER_DATE = "date"
LIFETIMES = ((7, "7 days"), (30, "30 days"), (90, "90 days"), (365, "A year"))


class KeyForm(forms.Form):
    request_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label="Name",
        strip=False,
        help_text="The program that uses it, such as “Factory line 2”.",
        widget=forms.TextInput(attrs={"maxlength": NAME_LIMIT, "autocomplete": "off"}),
        error_messages={"required": "Give the key a name."},
    )
    permissions = forms.MultipleChoiceField(
        label="What it may do",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one permission."},
    )
    days = forms.ChoiceField(
        label="Expires after",
        choices=[(str(days), label) for days, label in LIFETIMES] + [(OTHER_DATE, "On the day below")],
    )
    expires_on = forms.DateField(
        label="Last day",
        required=False,
        help_text="By UTC; only with “On the day below”.",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Give the day as year, month and day."},
    )

    def __init__(self, *args: object, allowed: Iterable[Permission], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # what forms.Form takes
        field = self.fields["permissions"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - narrows what the declaration says
        field.choices = [(permission.value, permission.value.capitalize()) for permission in allowed]

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or {}
        if cleaned.get("days") == OTHER_DATE and "expires_on" not in self.errors:
            last, today = cleaned.get("expires_on"), server_time.now().date()
            if not isinstance(last, date):
                self.add_error("expires_on", "Give the last day on which the key works.")
            elif not today <= last < today + timedelta(days=DAYS_LIMIT):
                self.add_error("expires_on", f"A key expires in the future, within {DAYS_LIMIT} days.")
        return cleaned
