"""The forms of a team."""

from django import forms

from console.teams.actions.teams import NAME_LIMIT
from console.teams.models import Team
from console.teams.retention import KEPT, LONGEST_DAYS, Days


class TeamForm(forms.Form):
    """A team's name; what may be saved is decided by the action."""

    name = forms.CharField(
        label="Team name",
        strip=False,
        help_text="Your company, your workshop, or the thing you build. Every member sees it.",
        widget=forms.TextInput(attrs={"maxlength": NAME_LIMIT, "autocomplete": "organization"}),
        error_messages={"required": "Give the team a name."},
    )


def _days(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        widget=forms.NumberInput(attrs={"min": 1, "max": LONGEST_DAYS, "inputmode": "numeric"}),
        error_messages={"invalid": "Give the days as a whole number."},
    )


class SettingsForm(TeamForm):
    """The name, and for how long things are kept. The confirmation shows only where something would be deleted."""

    timeline_days = _days("Days that timelines are kept")
    readings_days = _days("Days that readings are kept")
    audit_days = _days("Days that the audit log is kept")
    may_shorten = forms.BooleanField(label="Delete what is older", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they come
        for kept in KEPT:
            self.fields[kept.field].help_text = f"Empty: {kept.default_days}, as this Landfall has it."

    @property
    def days(self) -> Days:
        """What was typed, once the form is valid."""
        return {kept.field: self.cleaned_data[kept.field] for kept in KEPT}

    def ask_to_confirm(self) -> None:
        """Show the box to tick, unticked."""
        self.fields["may_shorten"].widget = forms.CheckboxInput()


def settings_form_of(team: Team) -> SettingsForm:
    """The form filled with what `team` has now."""
    days: dict[str, int | None] = {kept.field: getattr(team, kept.field) for kept in KEPT}
    return SettingsForm(initial={"name": team.name, **days})
