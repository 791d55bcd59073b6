from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0002_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="about",
            field=models.CharField(
                choices=[
                    ("safety", "Somebody is not safe, or something frightens or worries me"),
                    ("site", "Something on this site is wrong"),
                ],
                default="site",
                max_length=10,
            ),
        ),
    ]
