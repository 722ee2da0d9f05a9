from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("devices", "0003_storage")]

    operations = [
        migrations.AddIndex(
            model_name="timelineevent",
            index=models.Index(fields=["team_id", "-at", "-id"], name="timeline_of_team"),
        ),
    ]
