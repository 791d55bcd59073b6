from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0015_file_questions"),
    ]

    operations = [
        migrations.AddField(
            model_name="import",
            name="different",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="importproblem",
            name="kept",
            field=models.BooleanField(default=False),
        ),
    ]
