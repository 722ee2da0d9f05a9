"""Bring the tables up to date and make the first account: what `make run` calls before it starts anything else."""

import json
import secrets
from argparse import ArgumentParser
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from console.teams.actions import teams
from console.teams.models import User
from templates_app.actions import templates
from templates_app.boards import BoardKey

EXAMPLE_NAME = "Root Template"


class Command(BaseCommand):
    help = (
        "Migrates where a migration is missing, and creates one developer account with a team and an example template "
        "if there is no account yet. Prints JSON."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = (
            "DEVELOPER_EMAIL and DEVELOPER_PASSWORD name the account; a password is made when none is given."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # `migrate` alone would read every model's history before it finds nothing to do: most of a second start.
        if _is_behind():
            call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
        self._make_account()

    @transaction.atomic
    def _make_account(self) -> None:
        first = User.objects.order_by("pk").first()
        if first is not None:
            self._answer(email=first.email, password=None, created=False)
            return
        email = settings.DEVELOPER_EMAIL.lower()
        given = settings.DEVELOPER_PASSWORD
        _check(email, given)
        password = given or secrets.token_urlsafe(12)
        user = User.objects.create_superuser(email, password, name="Developer")
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
        owner = teams.start(user=user, name="My team")
        templates.create(
            team=owner.team, name=EXAMPLE_NAME, board=BoardKey.ESP32, description="An example to start from.", by=owner
        )
        self._answer(email=email, password=None if given else password, created=True)

    def _answer(self, **values: Any) -> None:
        self.stdout.write(json.dumps(values))


def _is_behind() -> bool:
    """Whether the database lacks a migration."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _check(email: str, password: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise CommandError("DEVELOPER_EMAIL is not an e-mail address.") from error
    if password:
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(f"DEVELOPER_PASSWORD is too weak: {' '.join(error.messages)}") from error
