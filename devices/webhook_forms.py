"""The form of a webhook; what may be saved is decided by the action."""

from django import forms

from console.kit.outgoing import URL_LENGTH
from devices.actions.webhooks import NAME_LENGTH
from devices.webhooks import MEANINGS, WebhookEvent

USUAL_EVENTS = (WebhookEvent.DEVICE_ACTIVATED, WebhookEvent.SESSION_FAILED, WebhookEvent.SESSION_EXPIRED)
"""What a new webhook asks for until somebody chooses otherwise."""


class WebhookForm(forms.Form):
    name = forms.CharField(
        label="Name",
        strip=False,
        help_text="What receives it, such as “Stock system”.",
        widget=forms.TextInput(attrs={"maxlength": NAME_LENGTH, "autocomplete": "off"}),
        error_messages={"required": "Give the webhook a name."},
    )
    url = forms.CharField(
        label="Address",
        strip=False,
        help_text="Landfall sends a POST with JSON there. Addresses of private networks are refused.",
        widget=forms.URLInput(attrs={"maxlength": URL_LENGTH, "autocomplete": "off", "placeholder": "https://"}),
        error_messages={"required": "Give the address that is called."},
    )
    events = forms.MultipleChoiceField(
        label="When",
        choices=[(event.value, f"{event.value}: {meaning}") for event, meaning in MEANINGS.items()],
        initial=[event.value for event in USUAL_EVENTS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one event."},
    )
    is_active = forms.BooleanField(
        label="Switched on",
        required=False,
        initial=True,
        help_text="Switched off, it forgets what waited to be sent and hears nothing.",
    )
