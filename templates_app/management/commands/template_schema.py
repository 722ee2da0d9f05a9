"""`manage.py template_schema`: the JSON Schema of a template's file, as docs/template.schema.json keeps it."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from templates_app.file_schema import schema


class Command(BaseCommand):
    help = "Print the JSON Schema of a template's file."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(schema(), indent=2, ensure_ascii=False))
