"""How often the API may be called."""

from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from console.kit import limits

if TYPE_CHECKING:  # rest_framework.views itself imports this module, through the settings
    from rest_framework.views import APIView


class CallThrottle(BaseThrottle):
    """Counts the call for its key and its account; the address is counted before the key is looked up."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """True. Raises TooOften instead of answering False, which could not tell the second."""
        if request.auth is not None:
            limits.spend(limits.API_CALLS, account=request.user.pk, key=request.auth.pk)
        return True
