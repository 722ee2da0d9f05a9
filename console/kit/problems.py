"""Refusals as values of one shape: RFC 9457 problem details in the API, plain sentences on pages."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied

from console.kit.text import any_of

CONTENT_TYPE = "application/problem+json"
SOMEBODY = "an owner of the team"
"""Who to ask where nobody can be named."""


class Problem(Exception):
    """Something a person asked for that is refused; the message says what to do instead."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "invalid"

    def __init__(
        self,
        message: str,
        *,
        field: str | None = None,
        errors: Sequence[Mapping[str, Any]] | None = None,
        **extra: Any,
    ) -> None:
        """`errors` are all fields refused, each with `field` and `detail`, where more than `field` is."""
        super().__init__(message)
        self.message = message
        self.field = field
        self.errors = errors or ([{"field": field, "detail": message}] if field else [])
        self.extra = extra


class Invalid(Problem):
    """The input is not usable as it is."""


class Conflict(Problem):
    """Somebody else changed the same thing in the meantime."""

    status = 409
    code = "conflict"


class TooMany(Problem):
    """A limit on how much one person may have open at once."""

    status = 429
    code = "too_many"


class TooOften(Problem):
    """A limit on how often something may be done; `retry_after` is in how many whole seconds it may be done again."""

    status = 429
    code = "too_often"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class KeyTooNarrow(PermissionDenied):
    """An API key without the permission, whatever its maker may do; names it."""

    def __init__(self, permission: str) -> None:
        self.permission = permission
        super().__init__(f"This API key does not have the permission to {permission}. Make one that has it.")


class Unavailable(Problem):
    """Something that is needed for it does not answer; nothing was done."""

    status = 503
    code = "unavailable"


class Forbidden(PermissionDenied):
    """A teammate without the permission: names it, and the people who can give it.

    `request` is how a program asks them for it, where it can be asked for: `method`, `href` and `body`.
    """

    def __init__(
        self, permission: str, *, who_may_give: Sequence[str], request: Mapping[str, Any] | None = None
    ) -> None:
        self.permission = permission
        self.who_may_give = list(who_may_give)
        self.request = request
        super().__init__(f"You do not have the permission to {permission}. Ask {any_of(who_may_give) or SOMEBODY}.")

    @property
    def template_id(self) -> str | None:
        """The template that provisioning was refused for; None for any other permission."""
        return self.request["body"]["template_id"] if self.request else None


class TwoFactorsRequired(PermissionDenied):
    """A member without a second factor, in a team that requires one."""

    def __init__(self) -> None:
        super().__init__(
            "Your team requires two factors, and your account has no second one. Sign in to Landfall and set up an "
            "authenticator app or a passkey under Account, Two factors."
        )


def body(status: int, title: str, detail: str, code: str, **extra: Any) -> dict[str, Any]:
    """The members of an RFC 9457 problem; `code` is stable, `detail` is a sentence for people."""
    return {"type": f"urn:landfall:problem:{code}", "title": title, "status": status, "detail": detail, **extra}
