"""What people wrote to the facilitator alone gets a kind of its own: as a workshop note it could be shown."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

KEY = "room.facilitator"


def to_messages(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("contributions", "Contribution").objects.filter(prompt_key=KEY, kind="note")
    rows.update(kind="message")


def to_notes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("contributions", "Contribution").objects.filter(prompt_key=KEY, kind="message")
    rows.update(kind="note")


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0010_corrections"),
    ]

    operations = [
        migrations.AlterField(
            model_name="contribution",
            name="kind",
            field=models.CharField(
                choices=[
                    ("answer", "Answer"),
                    ("comment", "Comment"),
                    ("note", "Workshop note"),
                    ("proposal", "Proposal"),
                    ("observation", "Observation"),
                    ("correction", "Correction of a write-up"),
                    ("message", "Note to the facilitator"),
                ],
                max_length=12,
            ),
        ),
        migrations.RunPython(to_messages, to_notes),
    ]
