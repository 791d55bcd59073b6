import wagtail.fields
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0002_initial")]

    operations = [
        migrations.AddField(
            model_name="modelpage",
            name="retired",
            field=wagtail.fields.StreamField(
                [("sentence", 3)],
                blank=True,
                block_lookup={
                    0: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"help_text": "Its number, as P3 or O4.", "label": "Sentence", "max_length": 8},
                    ),
                    1: ("wagtail.blocks.TextBlock", (), {"label": "Why it was taken out", "required": False}),
                    2: (
                        "wagtail.blocks.PageChooserBlock",
                        (),
                        {
                            "label": "Decision behind it",
                            "page_type": ["outcomes.DecisionPage"],
                            "required": False,
                        },
                    ),
                    3: (
                        "wagtail.blocks.StructBlock",
                        [[("ref", 0), ("reason", 1), ("decision", 2)]],
                        {"label": "Sentence taken out"},
                    ),
                },
                help_text="When you delete a sentence above, say here why. Its address stays and shows the reason.",
                verbose_name="sentences taken out",
            ),
        ),
    ]
