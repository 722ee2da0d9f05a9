from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("devices", "0006_evidence_batches_webhooks")]

    operations = [
        migrations.RenameField("webhook", "secret", "salt"),
        migrations.AlterField("webhook", "salt", models.BinaryField(max_length=16)),
        migrations.AddField("provisioningsession", "told_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "provisioningsession",
            models.Index(
                condition=models.Q(told_at=None, ended_at__isnull=False), fields=["ended_at"], name="session_to_tell_of"
            ),
        ),
    ]
