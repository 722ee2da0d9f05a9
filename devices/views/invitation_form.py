"""The form that invites somebody; what may be sent is decided by the action."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms

from console.teams.access import givable_roles
from console.teams.models import Member
from console.teams.models.grant import ALL_TEMPLATES
from devices.actions.invitations import NOTE_LENGTH, Offer
from devices.presenters.member import role_words
from templates_app.access import templates_of

TEMPLATES_SHOWN = 500
NONE, EVERY, CHOSEN = "none", "all", "chosen"


class InvitationForm(forms.Form):
    """An address, a role, and what an installer may provision from the first day."""

    email = forms.CharField(
        label="E-mail",
        max_length=254,
        help_text="Only who has this address can accept, with or without an account.",
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Give the e-mail address to invite."},
    )
    grants = forms.ChoiceField(
        label="An installer may provision",
        choices=[(NONE, "Nothing yet"), (EVERY, "All templates"), (CHOSEN, "The templates chosen below")],
        initial=NONE,
        required=False,
        widget=forms.RadioSelect,
        help_text="The other roles provision by their role, or not at all.",
    )
    until = forms.DateField(
        label="Last day",
        required=False,
        help_text="The grants end with this day, in UTC.",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Give the day as year-month-day, such as 2027-01-31."},
    )
    devices_limit = forms.IntegerField(
        label="Devices at most",
        required=False,
        help_text="For each template chosen; with all templates, for all of them together.",
        widget=forms.NumberInput(attrs={"min": 1, "inputmode": "numeric"}),
        error_messages={"invalid": "Give the number of devices as a whole number."},
    )
    note = forms.CharField(
        required=False,
        help_text="For those who look at the grants later.",
        widget=forms.TextInput(attrs={"maxlength": NOTE_LENGTH}),
    )

    def __init__(self, *args: Any, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [(role.value, f"{role.label}: {role_words(role)}") for role in givable_roles(by)]
        self.fields["role"] = forms.ChoiceField(
            choices=roles,
            widget=forms.RadioSelect,
            error_messages={"required": "Choose a role.", "invalid_choice": "Choose a role."},
        )
        templates = templates_of(by).in_use().order_by("name", "pk")[:TEMPLATES_SHOWN]
        names = [(template.template_id, template.name) for template in templates]
        if names:
            self.fields["templates"] = forms.MultipleChoiceField(
                choices=names, required=False, widget=forms.CheckboxSelectMultiple
            )
        self.order_fields(["email", "role", "grants", "templates", "until", "devices_limit", "note"])

    def clean(self) -> dict[str, Any]:
        """Templates that nobody asked for, or none where some are asked for, are a slip of the hand."""
        typed = super().clean() or self.cleaned_data
        scope, chosen = typed.get("grants") or NONE, typed.get("templates")
        if scope == CHOSEN and not chosen:
            self.add_error("grants", "Choose at least one template below, or all of them.")
        if scope != CHOSEN and chosen:
            self.add_error("grants", "Templates are chosen below: say that they count, or take them out.")
        return typed

    @property
    def offers(self) -> list[Offer]:
        """The grants that were chosen, once the form is valid."""
        typed = self.cleaned_data
        scope = typed["grants"] or NONE
        ids = {NONE: [], EVERY: [ALL_TEMPLATES], CHOSEN: typed.get("templates") or []}[scope]
        # The grant ends at the first moment of the next day.
        until_at = typed["until"] and datetime.combine(typed["until"] + timedelta(days=1), time(), UTC)
        return [Offer(one, until_at or None, typed["devices_limit"], typed["note"].strip()) for one in ids]
