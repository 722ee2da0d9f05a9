"""Members and invitations as JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from console.kit.api_parsing import StrictSerializer
from console.teams.invitations import State, state_of
from console.teams.models import Invitation, Member
from console.teams.permissions import Role
from devices.actions.invitations import MOST_DEVICES, NOTE_LENGTH

ROLES = [(role.value, role.value) for role in Role]
INVITATION_STATES = [(state.value, state.value) for state in State]


class MemberSerializer(serializers.ModelSerializer[Member]):
    """A person in the team."""

    name = serializers.CharField(source="label")
    email = serializers.EmailField(source="user.email")
    role = serializers.ChoiceField(choices=ROLES)

    class Meta:
        model = Member
        fields = ["id", "name", "email", "role", "joined_at"]


class MemberChangeSerializer(StrictSerializer):
    role = serializers.ChoiceField(choices=ROLES)


class OfferSerializer(StrictSerializer):
    """A grant that is given on joining; an empty `template_id` is all templates."""

    template_id = serializers.CharField(max_length=13, allow_blank=True, default="")
    until_at = serializers.DateTimeField(allow_null=True, default=None)
    devices_limit = serializers.IntegerField(min_value=1, max_value=MOST_DEVICES, allow_null=True, default=None)
    note = serializers.CharField(max_length=NOTE_LENGTH, allow_blank=True, default="")


class NewInvitationSerializer(StrictSerializer):
    """`grants` are for installers: the other roles provision by their role, or not at all."""

    email = serializers.CharField(max_length=254)
    role = serializers.ChoiceField(choices=ROLES)
    grants = serializers.ListField(child=OfferSerializer(), required=False, max_length=200)


class InvitationSerializer(serializers.ModelSerializer[Invitation]):
    """An invitation; its link is in the mail only. `sent_at` is null where the mail server did not take the mail."""

    role = serializers.ChoiceField(choices=ROLES)
    grants = OfferSerializer(many=True)
    state = serializers.SerializerMethodField()

    class Meta:
        model = Invitation
        fields = [
            "id",
            "email",
            "role",
            "grants",
            "state",
            "invited_by",
            "created_at",
            "sent_at",
            "expires_at",
            "accepted_at",
            "revoked_at",
        ]

    @extend_schema_field(serializers.ChoiceField(choices=INVITATION_STATES))
    def get_state(self, invitation: Invitation) -> Any:
        return state_of(invitation, now=self.context["now"]).value
