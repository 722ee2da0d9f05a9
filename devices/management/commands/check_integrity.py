"""Hold the data against its invariants."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from devices.actions import integrity


class Command(BaseCommand):
    help = "Checks the invariants of devices, tokens and sessions. Exits 1 and names the offending rows if one fails."

    def handle(self, *args: Any, **options: Any) -> None:
        found = integrity.violations()
        if found:
            raise CommandError("\n".join(f"Not true: {sentence}. Rows: {rows}" for sentence, rows in found.items()))
        self.stdout.write(f"All {len(integrity.INVARIANTS)} invariants hold.")
