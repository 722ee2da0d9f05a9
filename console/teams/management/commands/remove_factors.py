"""`manage.py remove_factors --email …`: the way back in for somebody who has lost every second factor."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from console.teams.actions import factors
from console.teams.models import User


class Command(BaseCommand):
    help = "Take every second factor off a person who has lost them; the password alone signs in again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True, help="The person's e-mail address.")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].lower()).first()
        if user is None:
            raise CommandError("There is no person with this address.")
        count = factors.remove_all(user=user)
        self.stdout.write(
            f"Removed {count} factors of {user.email}." if count else f"{user.email} has no second factor."
        )
