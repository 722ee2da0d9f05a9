"""The form that makes an account for an invited address."""

from django import forms


class JoiningForm(forms.Form):
    """A password, twice. The address is the invitation's and cannot be changed."""

    password1 = forms.CharField(
        label="Password",
        strip=False,
        max_length=1000,
        help_text="At least 10 characters, and no password that many people use.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Choose a password."},
    )
    password2 = forms.CharField(
        label="Password, once more",
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Type the password once more."},
    )

    def clean_password2(self) -> str:
        """Both have to be the same."""
        typed: str = self.cleaned_data["password2"]
        if self.cleaned_data.get("password1", typed) != typed:
            raise forms.ValidationError("The two passwords are not the same.")
        return typed
