import django.contrib.postgres.fields
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps as Apps

from templates_app.drift import hotspot_stems


def fill_stems(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    revisions = apps.get_model("templates_app", "Revision").objects.all()
    for name in revisions.order_by("name").values_list("name", flat=True).distinct():
        revisions.filter(name=name).update(hotspot_stems=hotspot_stems(name))


class Migration(migrations.Migration):
    dependencies = [("templates_app", "0002_datastreams")]

    operations = [
        migrations.AddField(
            model_name="revision",
            name="hotspot_stems",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=64), default=list, size=None
            ),
        ),
        migrations.RunPython(fill_stems, migrations.RunPython.noop),
    ]
