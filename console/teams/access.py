"""The only way a view or an API endpoint comes by a member: who is asking, and in which team."""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, Protocol

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth.views import redirect_to_login
from django.db.models import Case, Q, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from console.kit import server_time
from console.kit.problems import Conflict, Forbidden, KeyTooNarrow
from console.teams.factors import lacks_two_factors
from console.teams.models import ApiKey, Member, User
from console.teams.models.api_key import ApiKeyQuerySet
from console.teams.models.grant import ALL_TEMPLATES
from console.teams.permissions import GRANTABLE_ROLES, MATRIX, Permission, Role

TEAM_SESSION_KEY = "team_id"
NAMES_TOLD = 20
"""How many of those who can give a permission a refusal names."""


class MemberRequest(HttpRequest):
    """A page request of a signed-in member of the current team."""

    member: Member
    htmx: HtmxDetails
    user: User


class MemberView(Protocol):
    __name__: str

    def __call__(self, request: MemberRequest, /, *args: Any, **kwargs: Any) -> HttpResponse: ...


def memberships_of(user: User) -> QuerySet[Member]:
    """The person's places in teams, the oldest first."""
    return Member.objects.filter(user=user).select_related("team", "user").order_by("pk")


def choose_team(request: HttpRequest, member: Member) -> None:
    """Show the person `member`'s team from now on in this browser."""
    request.session[TEAM_SESSION_KEY] = member.team_id


def current_member(request: HttpRequest) -> Member | None:
    """The signed-in person's membership in the team they last chose, else in their oldest team; None without any."""
    if not isinstance(request.user, User):
        return None
    chosen = Q(team_id=request.session.get(TEAM_SESSION_KEY))
    return memberships_of(request.user).order_by(Case(When(chosen, then=0), default=1), "pk").first()


def member_required(view: MemberView) -> Callable[..., HttpResponse]:
    """As `member_even_without_factors`, and who lacks a second factor that the team requires is sent to set one up."""

    @member_even_without_factors
    @wraps(view)
    def guarded(request: MemberRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        if lacks_two_factors(request.member):
            return _lead(request, reverse("mfa_index"))
        return view(request, *args, **kwargs)

    return guarded


def member_even_without_factors(view: MemberView) -> Callable[..., HttpResponse]:
    """Sends the signed-out to sign-in and those without a team to start one; else the view gets `request.member`."""

    @wraps(view)
    def guarded(request: MemberRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _lead(request, _sign_in_and_back(request))
        member = current_member(request)
        if member is None:
            return _lead(request, reverse("teams:start"))
        request.member = member
        return view(request, *args, **kwargs)

    return guarded


def _sign_in_and_back(request: MemberRequest) -> str:
    """The address of the sign-in, which leads back to the page; for a piece of a page to the page that it is of."""
    back = request.htmx.current_url_abs_path if request.htmx else None
    return redirect_to_login(back or request.get_full_path()).url


def _lead(request: MemberRequest, place: str) -> HttpResponse:
    """To another page; where a piece of a page was asked for the browser goes there, instead of showing it inside."""
    return HttpResponseClientRedirect(place) if request.htmx else redirect(place)


def confirmed(view: MemberView) -> Callable[..., HttpResponse]:
    """For what is dangerous: asks those who signed in a while ago to confirm that it is them, then goes on.

    Who has signed in, or confirmed it, within the last five minutes is not asked.
    """

    @wraps(view)
    def guarded(request: MemberRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_reauthentication_required(request, app=""):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return guarded


def require(member: Member, permission: Permission) -> None:
    """Raise Forbidden, naming the permission and who can give it, unless `member`'s role carries it."""
    if not member.may(permission):
        raise refusal(permission, member)


def refusal(permission: Permission, member: Member, *, template_id: str | None = None) -> Forbidden | KeyTooNarrow:
    """Why `member` is refused: the permission, who can give it, and for a template to provision how to ask for it.

    Where an API key acts as the member and was not given the permission, another key is the answer, not another role.
    """
    if not member.lets(permission):
        return KeyTooNarrow(permission.value)
    names = who_may_give(member.team_id, permission)
    return Forbidden(permission.value, who_may_give=names, request=ask_for(template_id))


def ask_for(template_id: str | None) -> dict[str, Any] | None:
    """How a program asks for the permission to provision this template (TMPL…, empty: all of them)."""
    if template_id is None:
        return None
    return {"method": "POST", "href": reverse("api:grant-requests"), "body": {"template_id": template_id}}


def who_may_give(team_id: int, permission: Permission = Permission.PROVISION) -> list[str]:
    """The names of those who can give `permission` in the team, owners first; at most NAMES_TOLD."""
    managing = Permission.MANAGE_TEAM if permission is Permission.MANAGE_TEAM else Permission.MANAGE_MEMBERS
    members = Member.objects.filter(team_id=team_id).who_may(managing).select_related("user")
    return [member.label for member in members.by_rank()[:NAMES_TOLD]]


def require_provisioning(member: Member, template_id: str) -> None:
    """Raise Forbidden unless `member` may provision the template (TMPL…) now, by role or grant."""
    if not may_provision(member, template_id):
        raise refusal(Permission.PROVISION, member, template_id=template_id)


def may_provision(member: Member, template_id: str) -> bool:
    """Whether `member` may provision the template now: by role, or by a usable grant that covers it."""
    return bool(provisionable(member, [template_id]))


def provisionable(member: Member, template_ids: Collection[str]) -> set[str]:
    """Those of the templates (TMPL… ids) that `member` may provision now; costs one query at most."""
    if not member.lets(Permission.PROVISION):
        return set()
    if Role(member.role) not in GRANTABLE_ROLES:
        return set(template_ids) if member.may(Permission.PROVISION) else set()
    usable = member.grants.usable(now=server_time.now()).filter(template_id__in=[*template_ids, ALL_TEMPLATES])
    granted = set(usable.values_list("template_id", flat=True))
    return set(template_ids) if ALL_TEMPLATES in granted else granted & set(template_ids)


def givable_roles(member: Member) -> tuple[Role, ...]:
    """The roles that `member` may give, and may take from who has them: those that carry nothing `member` lacks."""
    if not member.may(Permission.MANAGE_MEMBERS):
        return ()
    return tuple(role for role in Role if all(member.may(permission) for permission in MATRIX[role]))


def require_role(member: Member, role: Role) -> None:
    """Raise Forbidden, naming the permission that is missing, unless `member` may give `role` and take it."""
    require(member, Permission.MANAGE_MEMBERS)
    for permission in Permission:
        if permission in MATRIX[role]:
            require(member, permission)


def as_it_is_now(member: Member) -> Member:
    """`member`, once it is sure that the role is still the one the request began with. Raises Conflict."""
    role = Member.objects.filter(pk=member.pk).values_list("role", flat=True).first()
    if role != member.role:
        raise Conflict("Your own role was changed in the meantime. Reload the page to see what you may do now.")
    return member


def keys_of(member: Member) -> ApiKeyQuerySet:
    """The API keys of the member's team, with who made them."""
    return ApiKey.objects.filter(member__team=member.team).select_related("member__user", "member__team")


def key_to_revoke(member: Member, key_id: int) -> ApiKey:
    """One key: an own one with the permission to manage keys, another's with that to manage members.

    Raises Http404 for a stranger, Forbidden for a teammate without the permission.
    """
    key: ApiKey = get_object_or_404(keys_of(member), pk=key_id)
    require(member, Permission.MANAGE_KEYS if key.member_id == member.pk else Permission.MANAGE_MEMBERS)
    return key
