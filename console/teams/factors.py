"""The second factors of a person: an authenticator app, and passkeys. Recovery codes only stand in for them."""

import base64
import hashlib
from ipaddress import ip_address

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.http import HttpRequest

from console.teams.models import Member, User

TYPES = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_two_factors(user: User) -> bool:
    """Whether a password alone does not sign this person in; costs one query."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=TYPES).exists())


def lacks_two_factors(member: Member) -> bool:
    """Whether the team requires what `member` has not got; costs a query in such teams only."""
    return member.team.requires_two_factors and not has_two_factors(member.user)


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"landfall.factors:" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def sealed(secret: str) -> str:
    """`secret` as the database keeps it: readable with SECRET_KEY only."""
    return _cipher().encrypt(secret.encode()).decode()


def unsealed(kept: str) -> str:
    """The secret again. One that another SECRET_KEY sealed is lost: a random one stands for it, which no code fits."""
    try:
        return _cipher().decrypt(kept.encode()).decode()
    except InvalidToken:
        return str(generate_totp_secret())


def passkey_obstacle(request: HttpRequest) -> str:
    """Why no browser offers passkeys at the address that this page was asked by; empty where nothing is in the way."""
    host, _, port = request.get_host().rpartition(":") if not request.get_host().endswith("]") else ("", "", "")
    host = host or request.get_host()
    if host == "localhost" or host.endswith(".localhost"):
        return ""
    if _is_address(host):
        if host in ("127.0.0.1", "[::1]"):
            place = f"http://localhost:{port}" if port.isdigit() else "http://localhost"
            return f"Browsers tie passkeys to a name, and this page was opened by a number. Open {place} to use them."
        return "Browsers tie passkeys to a name, and this page was opened by a number. Give this Landfall a name first."
    if not request.is_secure():
        return "Browsers offer passkeys over HTTPS only. Whoever runs this Landfall can turn HTTPS on with PUBLIC_URL."
    return ""


def _is_address(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
