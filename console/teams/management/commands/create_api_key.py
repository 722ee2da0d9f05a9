"""Make an API key from the command line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from console.kit.problems import Problem
from console.teams.actions import api_keys
from console.teams.models import Member
from console.teams.permissions import Permission


class Command(BaseCommand):
    """Prints the key alone, so that a script can keep it: `KEY=$(./manage.py create_api_key …)`."""

    help = "Make an API key that acts as a member, and print it. It is shown this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True, help="whose key it is")
        parser.add_argument("--name", required=True, help="what people call the key")
        parser.add_argument("--team", type=int, help="the team's id, for people in several teams")
        parser.add_argument(
            "--permission",
            action="append",
            choices=[permission.value for permission in Permission],
            help="what the key may do, once for each (default: all that the member's role carries at each use)",
        )
        parser.add_argument("--days", type=int, help="how long it lives (default: API_KEY_LIFETIME_DAYS)")

    def handle(self, *args: Any, **options: Any) -> None:
        member = _member(options["email"], options["team"])
        try:
            created = api_keys.create(
                member=member, name=options["name"], permissions=options["permission"], days=options["days"]
            )
        except Problem as problem:
            raise CommandError(problem.message) from problem
        self.stdout.write(str(created.secret))


def _member(email: str, team_id: int | None) -> Member:
    """The membership that is meant. Raises CommandError where there is none, or more than one."""
    members = Member.objects.filter(user__email__iexact=email, user__is_active=True).select_related("user", "team")
    if team_id is not None:
        members = members.filter(team_id=team_id)
    found = list(members.order_by("team_id"))
    match found:
        case [member]:
            return member
        case []:
            where = "any team" if team_id is None else f"team {team_id}"
            raise CommandError(f"Nobody with the e-mail {email} is in {where}. Check both, or sign up first.")
    teams = ", ".join(f"{member.team_id} ({member.team.name})" for member in found)
    raise CommandError(f"{email} is in several teams. Add --team with one of these ids: {teams}.")
