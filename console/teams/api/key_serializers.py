"""API keys as JSON."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from console.kit.api_parsing import StrictSerializer
from console.teams.models import ApiKey
from console.teams.permissions import Permission
from console.teams.presenters import key_state

PERMISSIONS = [(permission.value, permission.value) for permission in Permission]
KEY_STATES = [(state, state) for state in ("active", "expired", "revoked")]


class NewKeySerializer(StrictSerializer):
    """What to make; without `permissions` the key may do all that the one that asks may."""

    name = serializers.CharField(max_length=200, trim_whitespace=False)
    permissions = serializers.ListField(child=serializers.CharField(max_length=40), max_length=50, required=False)
    days = serializers.IntegerField(
        required=False, help_text="90 when left out, unless the installation says otherwise."
    )


class KeySerializer(serializers.ModelSerializer[ApiKey]):
    """One key; null `permissions` means all that its maker's role carries. Takes `now` as context."""

    made_by = serializers.CharField(source="member.label")
    state = serializers.SerializerMethodField()
    permissions = serializers.ListField(child=serializers.ChoiceField(choices=PERMISSIONS), allow_null=True)

    class Meta:
        model = ApiKey
        fields = (
            "id",
            "name",
            "hint",
            "made_by",
            "permissions",
            "state",
            "created_at",
            "expires_at",
            "last_used_at",
            "last_used_from",
            "revoked_at",
        )

    @extend_schema_field(serializers.ChoiceField(choices=KEY_STATES))
    def get_state(self, key: ApiKey) -> str:
        return key_state(key, self.context["now"])


class MadeKeySerializer(KeySerializer):
    """A key just made, with its secret; null where a repeated request finds the first one's key."""

    secret = serializers.SerializerMethodField()

    class Meta(KeySerializer.Meta):
        fields = (*KeySerializer.Meta.fields, "secret")  # type: ignore[assignment]

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_secret(self, key: ApiKey) -> str | None:
        secret: str | None = self.context["secret"]
        return secret
