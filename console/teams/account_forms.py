"""allauth's forms in Landfall's words. What they do stays allauth's, which ships no types: hence the ignores."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.socialaccount import forms as outside_forms
from django import forms
from django.forms import Form

from console.teams.actions.people import NAME_LIMIT

_LABELS = {
    "login": "E-mail",
    "email": "E-mail",
    "password1": "Password",
    "password2": "Password, once more",
    "password": "Password",
    "oldpassword": "Current password",
}
_NEW_PASSWORD_HELP = "At least 10 characters, and no password that many people use."  # noqa: S105 - words, no secret


class PlainWords(Form):
    """Labels above the fields instead of placeholders inside them, and one sentence of help for a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = _LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
        if "password1" in self.fields:
            self.fields["password1"].help_text = _NEW_PASSWORD_HELP


class LoginForm(PlainWords, allauth_forms.LoginForm): ...  # type: ignore[misc]


class SignupForm(PlainWords, allauth_forms.SignupForm): ...  # type: ignore[misc]


class AddEmailForm(PlainWords, allauth_forms.AddEmailForm): ...  # type: ignore[misc]


class ChangePasswordForm(PlainWords, allauth_forms.ChangePasswordForm): ...  # type: ignore[misc]


class SetPasswordForm(PlainWords, allauth_forms.SetPasswordForm): ...  # type: ignore[misc]


class ResetPasswordForm(PlainWords, allauth_forms.ResetPasswordForm): ...  # type: ignore[misc]


class ResetPasswordKeyForm(PlainWords, allauth_forms.ResetPasswordKeyForm): ...  # type: ignore[misc]


class ReauthenticateForm(PlainWords, allauth_forms.ReauthenticateForm): ...  # type: ignore[misc]


class OutsideSignupForm(PlainWords, outside_forms.SignupForm): ...  # type: ignore[misc]


class ProfileForm(forms.Form):
    """What other people see of a person; what may be saved is decided by the action."""

    name = forms.CharField(
        label="Name",
        required=False,
        strip=False,
        help_text="How your teams see you. Without one they see your e-mail address.",
        widget=forms.TextInput(attrs={"maxlength": NAME_LIMIT, "autocomplete": "name"}),
    )
