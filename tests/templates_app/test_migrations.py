"""What migrations do to rows that are there already."""

from importlib import import_module

import pytest
from django.apps import apps

from templates_app.models import Revision, Template
from templates_app.snapshot import content_of

pytestmark = pytest.mark.django_db


def test_revisions_from_before_datastreams_get_the_content_of_their_columns(template: Template) -> None:
    Revision.objects.update(content={})
    import_module("templates_app.migrations.0002_datastreams").fill_content(apps, None)
    assert Revision.objects.get().content == content_of(template)


def test_revisions_that_have_content_keep_it(template: Template) -> None:
    Revision.objects.update(content={"name": "kept"})
    import_module("templates_app.migrations.0002_datastreams").fill_content(apps, None)
    assert Revision.objects.get().content == {"name": "kept"}
