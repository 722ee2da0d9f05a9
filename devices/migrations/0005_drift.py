from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps as Apps

from templates_app.drift import hotspot_stem, version_key


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    devices = apps.get_model("devices", "Device").objects
    for row in devices.exclude(firmware_version="", hotspot_name="").iterator():
        devices.filter(pk=row.pk).update(
            firmware_key=version_key(row.firmware_version), hotspot_stem=hotspot_stem(row.hotspot_name)
        )


class Migration(migrations.Migration):
    dependencies = [("devices", "0004_timeline_of_team"), ("templates_app", "0003_hotspot_stems")]

    operations = [
        migrations.AddField(
            model_name="device",
            name="firmware_key",
            field=models.CharField(blank=True, db_default="", editable=False, max_length=160),
        ),
        migrations.AddField(
            model_name="device",
            name="hotspot_stem",
            field=models.CharField(blank=True, db_default="", editable=False, max_length=64),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="device",
            index=models.Index(fields=["template", "firmware_key"], name="device_newest_firmware"),
        ),
    ]
