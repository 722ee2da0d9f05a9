"""Django's admin for the people who run the installation: teams, members and grants."""

from django.contrib import admin

from console.teams.models import ApiKey, Grant, Member, Team, User


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ("email", "name", "is_active", "is_staff", "joined_at")
    search_fields = ("email", "name")
    fields = ("email", "name", "is_active", "is_staff", "is_superuser")


class MemberInline(admin.TabularInline):
    model = Member
    extra = 0
    autocomplete_fields = ("user",)


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    list_display = ("name", "created_at")
    search_fields = ("name",)
    inlines = (MemberInline,)


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin):
    list_display = ("user", "team", "role")
    list_filter = ("role",)
    search_fields = ("user__email", "team__name")
    autocomplete_fields = ("user", "team")


@admin.register(Grant)
class GrantAdmin(admin.ModelAdmin):
    list_display = ("member", "template_id", "until_at", "devices_limit", "devices_count")
    autocomplete_fields = ("member",)


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin):
    list_display = ("name", "hint", "member", "expires_at", "last_used_at", "revoked_at")
    fields = ("name", "member", "permissions", "expires_at", "revoked_at")
    readonly_fields = ("name", "member", "permissions", "expires_at")

    def has_add_permission(self, request: object) -> bool:
        """Keys are made where their secret can be shown once: the team's page of keys."""
        return False
