from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("teams", "0002_people")]

    operations = [
        migrations.AddField("member", "mails_session_ends", models.BooleanField(default=True, db_default=True)),
    ]
