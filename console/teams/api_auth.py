"""`Authorization: Bearer lfk_…`: an API request acts as the member who made the key, within what the key was given."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from console.kit import server_time
from console.kit.client_address import client_address
from console.kit.origin import comes_with_key
from console.kit.problems import TwoFactorsRequired
from console.kit.tokens import digest
from console.teams import access
from console.teams.factors import lacks_two_factors
from console.teams.models import ApiKey, Member, User
from console.teams.permissions import Permission

if TYPE_CHECKING:  # rest_framework.views itself imports this module, through the settings
    from rest_framework.views import APIView

USED_RESOLUTION = timedelta(minutes=1)


class ApiKeyAuthentication(BaseAuthentication):
    """Sets `request.user` to the person and `request.auth` to the key; `member_of` gives the member."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if len(parts) != 2:
            raise AuthenticationFailed("Send the header as: Authorization: Bearer followed by one API key.")
        now = server_time.now()
        keys = ApiKey.objects.live(now=now).select_related("member__user", "member__team")
        key = keys.filter(digest=digest(parts[1])).first()
        if key is None:
            raise AuthenticationFailed("This API key is unknown, expired or revoked. Make a new one.")
        if lacks_two_factors(key.member):
            raise TwoFactorsRequired
        _note_use(key, now=now, address=client_address(request))
        comes_with_key(key.hint)
        request._request.member = key.acting_member()  # type: ignore[attr-defined]  # ours: for the audit log
        return key.member.user, key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _note_use(key: ApiKey, *, now: datetime, address: str) -> None:
    """When the key was last used and from where, to the minute: a busy key does not write its row at each call."""
    is_noted = key.last_used_at is not None and now - key.last_used_at <= USED_RESOLUTION
    if is_noted and key.last_used_from == address:
        return
    unless_noted = Q(last_used_at=None) | Q(last_used_at__lt=now - USED_RESOLUTION) | ~Q(last_used_from=address)
    ApiKey.objects.filter(unless_noted, pk=key.pk).update(last_used_at=now, last_used_from=address)


def member_of(request: Request) -> Member:
    """The member whose key the request carries, who may do no more than the key was given."""
    return key_of(request).acting_member()


def key_of(request: Request) -> ApiKey:
    """The key that the request carries."""
    key = request.auth
    assert isinstance(key, ApiKey)
    return key


class KeyMayLook(BasePermission):
    """What every endpoint asks: a key, and to look at anything the permission to look.

    An endpoint that shows something else than the team's templates and devices names its own `permission_to_look`.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """False without a key. Raises KeyTooNarrow or Forbidden, which name the permission."""
        if not isinstance(request.auth, ApiKey):
            return False
        if request.method in SAFE_METHODS:
            access.require(member_of(request), getattr(view, "permission_to_look", Permission.VIEW))
        return True
