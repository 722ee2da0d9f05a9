"""allauth's hooks for second factors: how their secrets are kept, and Landfall's words."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator

from console.teams import factors
from console.teams.models import User


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth ships no types
    """Secrets of authenticator apps and recovery codes are kept sealed with SECRET_KEY."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": "Take your second factors off before you add an address, then set them up again.",
        "cannot_delete_authenticator": "This factor cannot be taken off.",
        "cannot_generate_recovery_codes": "Set up an authenticator app or a passkey first.",
        "incorrect_code": "That code does not fit, or it was used already. Type the one that shows now.",
        "unverified_email": "Confirm your e-mail address first. You find it under Account, E-mail.",
    }

    def encrypt(self, text: str) -> str:
        return factors.sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        return factors.unsealed(encrypted_text)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's name
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"Passkey {count + 1}"

    def _get_site_name(self) -> str:
        return "Landfall"
