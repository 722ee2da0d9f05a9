"""allauth's forms of second factors in Landfall's words, proof against nonsense and against a code used twice."""

from typing import Any

import structlog
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django.forms import ValidationError

from console.teams.account_forms import PlainWords
from console.teams.actions import factors

NAME_LIMIT = 80
log = structlog.get_logger(__name__)


class _Code(PlainWords):
    """A code is typed with digits, on a phone as well; one that signed in once signs in no more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code"
        self.fields["code"].widget.attrs |= {"inputmode": "text", "autocomplete": "one-time-code", "maxlength": 20}

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        authenticator = self.authenticator  # type: ignore[attr-defined]
        if authenticator.type == Authenticator.Type.TOTP and not factors.spend(authenticator=authenticator, code=code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(_Code, base_forms.AuthenticateForm): ...  # type: ignore[misc]


class ReauthenticateForm(_Code, base_forms.ReauthenticateForm): ...  # type: ignore[misc]


class ActivateTOTPForm(PlainWords, totp_forms.ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code that the app shows"
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "maxlength": 20}


class DeactivateTOTPForm(PlainWords, totp_forms.DeactivateTOTPForm): ...  # type: ignore[misc]


class _Named(PlainWords):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label = "Name"
        name.help_text = "Where you keep it: this laptop, the key on your key ring."
        name.widget.attrs["maxlength"] = NAME_LIMIT
        name.error_messages["required"] = "Give the passkey a name."

    def clean_name(self) -> str:
        """Cut, not refused: the passkey itself may be kept in the device already."""
        given = getattr(super(), "clean_name", None)
        name: str = given() if given else self.cleaned_data["name"]
        return name[:NAME_LIMIT]


class _FromBrowser(PlainWords):
    """What a browser's passkey answers is read by a parser that takes nonsense for granted to be well made."""

    def _clean_fields(self) -> None:
        try:
            super()._clean_fields()  # type: ignore[misc]
        except _NONSENSE as fault:
            self._refuse(fault)

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean() or {}
        except ValidationError:
            raise
        except _NONSENSE as fault:
            self._refuse(fault)
            return self.cleaned_data
        return cleaned

    def _refuse(self, fault: Exception) -> None:
        log.info("passkey.nonsense", fault=type(fault).__name__)
        self.add_error("credential", "That is no answer of a passkey. Try again.")


_NONSENSE = (AttributeError, KeyError, IndexError, TypeError, ValueError, AssertionError, OverflowError)


class AddWebAuthnForm(_Named, _FromBrowser, webauthn_forms.AddWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].label = "Sign in with this passkey alone"
        self.fields[
            "passwordless"
        ].help_text = "No password is asked then. The device checks that it is you, by finger, face or PIN."
        self.fields["passwordless"].initial = True


class EditWebAuthnForm(_Named, webauthn_forms.EditWebAuthnForm): ...  # type: ignore[misc]


class AuthenticateWebAuthnForm(_FromBrowser, webauthn_forms.AuthenticateWebAuthnForm): ...  # type: ignore[misc]


class ReauthenticateWebAuthnForm(_FromBrowser, webauthn_forms.ReauthenticateWebAuthnForm): ...  # type: ignore[misc]


class LoginWebAuthnForm(_FromBrowser, webauthn_forms.LoginWebAuthnForm): ...  # type: ignore[misc]
