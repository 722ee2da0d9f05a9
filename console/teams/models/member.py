"""A user in a team."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from console.teams.models.team import Team
from console.teams.permissions import Permission, Role, allows, roles_with

_RANK = models.Case(
    *(models.When(role=role.value, then=models.Value(rank)) for rank, role in enumerate(Role)),
    output_field=models.IntegerField(),
)


class MemberQuerySet(models.QuerySet["Member"]):
    def who_may(self, permission: Permission) -> "MemberQuerySet":
        """Members whose role carries `permission`, and who can sign in."""
        return self.filter(role__in=[role.value for role in roles_with(permission)], user__is_active=True)

    def by_rank(self) -> "MemberQuerySet":
        """Owners first, viewers last; who came first within a role."""
        return self.order_by(_RANK, "pk")


class Member(models.Model):
    """`narrowed_to` is no column: an API key that acts as the member sets it, to the permissions chosen for the key."""

    narrowed_to: frozenset[Permission] | None = None

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=[(role.value, role.label) for role in Role])
    mails_session_ends = models.BooleanField(default=True, db_default=True)
    joined_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "user"], name="member_once_per_team"),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="member_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}"

    @property
    def label(self) -> str:
        return self.user.label

    def may(self, permission: Permission) -> bool:
        """Whether this member's role carries `permission` now; grants to provision are asked in `access.may_provision`.

        A member that an API key acts as may never do more than what was chosen for the key.
        """
        return allows(Role(self.role), permission) and self.lets(permission)

    def lets(self, permission: Permission) -> bool:
        """False where an API key acts as the member and was not given `permission`; roles and grants aside."""
        return self.narrowed_to is None or permission in self.narrowed_to
