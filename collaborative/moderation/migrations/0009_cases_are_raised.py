from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0008_what_was_noted")]

    operations = [
        migrations.AlterField("safeguardingcase", "raised_at", models.DateTimeField()),
        migrations.RemoveField("safeguardingcase", "actions_taken"),
    ]
