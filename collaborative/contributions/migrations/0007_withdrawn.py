"""When all of a response was taken back stands on its receipt; until now only the record knew."""

from typing import Any

from django.db import migrations, models


def from_the_record(apps: Any, schema_editor: Any) -> None:
    receipts = apps.get_model("contributions", "Receipt").objects
    events = apps.get_model("contributions", "LedgerEvent").objects.filter(verb="response.withdrawn")
    for subject, at in events.order_by("-at").values_list("subject", "at").iterator():
        receipts.filter(pk=subject.removeprefix("receipt:")).update(withdrawn_at=at)


class Migration(migrations.Migration):
    dependencies = [("contributions", "0006_withheld")]

    operations = [
        migrations.AddField(
            model_name="receipt", name="withdrawn_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.RunPython(from_the_record, migrations.RunPython.noop),
    ]
