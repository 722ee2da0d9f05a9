"""Who may make an account, as the setting SIGN_UP says."""

from enum import StrEnum

from django.core.exceptions import ImproperlyConfigured


class SignUp(StrEnum):
    """`INVITATION`: only the invited, with the link of their mail. `CLOSED`: nobody, an invitation or not."""

    OPEN = "open"
    INVITATION = "invitation"
    CLOSED = "closed"


def sign_up(text: str) -> SignUp:
    """The value of the setting. Raises ImproperlyConfigured for any other word."""
    try:
        return SignUp(text.strip().lower())
    except ValueError:
        raise ImproperlyConfigured("SIGN_UP is open, invitation or closed.") from None
