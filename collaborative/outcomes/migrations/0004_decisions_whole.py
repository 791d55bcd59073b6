import django.db.models.deletion
import modelcluster.fields
import wagtail.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outcomes", "0003_modelpage_retired"),
        ("wagtaildocs", "0014_alter_document_file_size"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="assessment",
            options={
                "ordering": ["-date", "title"],
                "verbose_name": "assessment",
                "verbose_name_plural": "assessments",
            },
        ),
        migrations.AlterModelOptions(
            name="evidencerecord",
            options={
                "ordering": ["ref"],
                "verbose_name": "evidence record",
                "verbose_name_plural": "evidence records",
            },
        ),
        migrations.AlterModelOptions(
            name="seat",
            options={"ordering": ["kind", "pk"], "verbose_name": "seat", "verbose_name_plural": "seats"},
        ),
        migrations.AddField(
            model_name="assessment",
            name="approved_by",
            field=models.CharField(blank=True, max_length=200, verbose_name="approved by"),
        ),
        migrations.AddField(
            model_name="assessment",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="wagtaildocs.document",
                verbose_name="file to download",
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="version",
            field=models.CharField(blank=True, max_length=20, verbose_name="version"),
        ),
        migrations.AddField(
            model_name="decisionpage",
            name="no_assessment_reason",
            field=models.TextField(blank=True, verbose_name="why there is no assessment"),
        ),
        migrations.AddField(
            model_name="decisionpage",
            name="overall_answer",
            field=models.CharField(
                blank=True,
                choices=[
                    ("adopted", "Yes"),
                    ("adopted-in-part", "Partly"),
                    ("not-adopted", "No"),
                    ("later", "Later"),
                    ("out-of-remit", "Not ours to decide"),
                ],
                help_text="Left empty, it follows from the answers to the topics.",
                max_length=16,
                verbose_name="the answer as a whole",
            ),
        ),
        migrations.AddField(
            model_name="decisionpage",
            name="quotes",
            field=wagtail.fields.StreamField(
                [("quote", 2)],
                blank=True,
                block_lookup={
                    0: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {"choices": [("for", "For"), ("against", "Against")], "label": "Side"},
                    ),
                    1: (
                        "collaborative.outcomes.choosers.PassageChooserBlock",
                        (),
                        {
                            "help_text": "The list follows the topics and consultations of the saved draft.",
                            "label": "Words",
                        },
                    ),
                    2: ("wagtail.blocks.StructBlock", [[("side", 0), ("passage", 1)]], {}),
                },
                verbose_name="words of those who answered",
            ),
        ),
        migrations.AddField(
            model_name="decisionpage",
            name="story",
            field=models.TextField(
                blank=True,
                help_text="What led to it, for those who want to read more.",
                verbose_name="the whole story",
            ),
        ),
        migrations.AddField(
            model_name="decisionpage",
            name="strategic",
            field=models.BooleanField(
                default=False,
                help_text="Needs an assessment, or a reason why there is none.",
                verbose_name="strategic",
            ),
        ),
        migrations.AddField(
            model_name="recommendationpage",
            name="assessments",
            field=modelcluster.fields.ParentalManyToManyField(
                blank=True,
                related_name="recommendations",
                to="outcomes.assessment",
                verbose_name="assessments",
            ),
        ),
        migrations.AddField(
            model_name="recommendationpage",
            name="context_notes",
            field=wagtail.fields.StreamField(
                [("note", 2)],
                blank=True,
                block_lookup={
                    0: ("wagtail.blocks.DateBlock", (), {"label": "When"}),
                    1: ("wagtail.blocks.TextBlock", (), {"label": "What has changed around it"}),
                    2: ("wagtail.blocks.StructBlock", [[("date", 0), ("text", 1)]], {}),
                },
                help_text="Add a line when the world has moved. Earlier lines stay.",
                verbose_name="what has changed around it",
            ),
        ),
        migrations.AlterField(
            model_name="assessment",
            name="date",
            field=models.DateField(verbose_name="date"),
        ),
        migrations.AlterField(
            model_name="assessment",
            name="findings",
            field=models.TextField(
                blank=True, help_text="An empty line between two findings.", verbose_name="what was found"
            ),
        ),
        migrations.AlterField(
            model_name="assessment",
            name="kinds",
            field=models.CharField(help_text="As EQIA, FSD, CRWIA.", max_length=60, verbose_name="kinds"),
        ),
        migrations.AlterField(
            model_name="assessment",
            name="slug",
            field=models.SlugField(unique=True, verbose_name="address"),
        ),
        migrations.AlterField(
            model_name="assessment",
            name="summary",
            field=models.TextField(verbose_name="summary"),
        ),
        migrations.AlterField(
            model_name="assessment",
            name="title",
            field=models.CharField(max_length=200, verbose_name="title"),
        ),
        migrations.AlterField(
            model_name="decisionpage",
            name="answers",
            field=wagtail.fields.StreamField(
                [("answer", 3)],
                blank=True,
                block_lookup={
                    0: ("collaborative.outcomes.choosers.TopicChooserBlock", (), {"label": "Topic"}),
                    1: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": [
                                ("adopted", "Yes: adopted"),
                                ("adopted-in-part", "Partly: adopted in part"),
                                ("not-adopted", "No: not adopted"),
                                ("later", "Later"),
                                ("out-of-remit", "Not ours to decide"),
                            ],
                            "label": "Answer",
                            "required": False,
                        },
                    ),
                    2: ("wagtail.blocks.TextBlock", (), {"label": "Reason", "required": False}),
                    3: ("wagtail.blocks.StructBlock", [[("theme", 0), ("answer", 1), ("reason", 2)]], {}),
                },
                verbose_name="the answer to each topic",
            ),
        ),
        migrations.AlterField(
            model_name="decisionpage",
            name="dissent",
            field=wagtail.fields.StreamField(
                [("dissent", 2)],
                blank=True,
                block_lookup={
                    0: ("wagtail.blocks.CharBlock", (), {"label": "Who", "max_length": 120}),
                    1: ("wagtail.blocks.TextBlock", (), {"label": "In their words"}),
                    2: ("wagtail.blocks.StructBlock", [[("by", 0), ("text", 1)]], {}),
                },
                verbose_name="who disagreed",
            ),
        ),
        migrations.AlterField(
            model_name="decisionpage",
            name="reopen_if",
            field=wagtail.fields.StreamField(
                [("line", 0)],
                blank=True,
                block_lookup={0: ("wagtail.blocks.CharBlock", (), {"label": "If or when…"})},
                verbose_name="what would make us look again",
            ),
        ),
        migrations.AlterField(
            model_name="decisionpage",
            name="replaces",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="outcomes.decisionpage",
                verbose_name="replaces",
            ),
        ),
        migrations.AlterField(
            model_name="evidencerecord",
            name="author",
            field=models.CharField(max_length=200, verbose_name="author"),
        ),
        migrations.AlterField(
            model_name="evidencerecord",
            name="kind",
            field=models.CharField(
                choices=[
                    ("survey", "Survey"),
                    ("interview", "Interviews"),
                    ("workshop", "Workshop"),
                    ("desk", "Desk research"),
                    ("lived experience", "Lived experience"),
                ],
                max_length=20,
                verbose_name="method",
            ),
        ),
        migrations.AlterField(
            model_name="evidencerecord",
            name="limits",
            field=models.TextField(verbose_name="what it cannot tell us"),
        ),
        migrations.AlterField(
            model_name="evidencerecord",
            name="link",
            field=models.URLField(blank=True, verbose_name="where to read it"),
        ),
        migrations.AlterField(
            model_name="evidencerecord",
            name="month",
            field=models.DateField(help_text="Any day of it.", verbose_name="month"),
        ),
        migrations.AlterField(
            model_name="evidencerecord",
            name="ref",
            field=models.SlugField(
                help_text="As Ev-01. It stands in its address.",
                max_length=12,
                unique=True,
                verbose_name="reference",
            ),
        ),
        migrations.AlterField(
            model_name="evidencerecord",
            name="sample",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="how many"),
        ),
        migrations.AlterField(
            model_name="evidencerecord",
            name="sample_unit",
            field=models.CharField(blank=True, max_length=60, verbose_name="of what"),
        ),
        migrations.AlterField(
            model_name="evidencerecord",
            name="summary",
            field=models.TextField(verbose_name="summary"),
        ),
        migrations.AlterField(
            model_name="evidencerecord",
            name="title",
            field=models.CharField(max_length=200, verbose_name="title"),
        ),
        migrations.AlterField(
            model_name="recommendationpage",
            name="change",
            field=wagtail.fields.StreamField(
                [("shift", 2)],
                blank=True,
                block_lookup={
                    0: ("wagtail.blocks.TextBlock", (), {"label": "From", "required": False}),
                    1: ("wagtail.blocks.TextBlock", (), {"label": "To"}),
                    2: ("wagtail.blocks.StructBlock", [[("from_", 0), ("to", 1)]], {}),
                },
                verbose_name="the change",
            ),
        ),
        migrations.AlterField(
            model_name="recommendationpage",
            name="dependencies",
            field=wagtail.fields.StreamField(
                [("dependency", 5)],
                blank=True,
                block_lookup={
                    0: ("wagtail.blocks.TextBlock", (), {"label": "What it depends on"}),
                    1: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "In whose hands", "max_length": 200, "required": False},
                    ),
                    2: ("wagtail.blocks.DateBlock", (), {"label": "Expected by", "required": False}),
                    3: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "How it stands", "max_length": 120, "required": False},
                    ),
                    4: ("wagtail.blocks.TextBlock", (), {"label": "What it means for us", "required": False}),
                    5: (
                        "wagtail.blocks.StructBlock",
                        [[("policy", 0), ("body", 1), ("date", 2), ("state", 3), ("note", 4)]],
                        {},
                    ),
                },
                verbose_name="what it depends on",
            ),
        ),
        migrations.AlterField(
            model_name="recommendationpage",
            name="next_steps",
            field=wagtail.fields.StreamField(
                [("step", 4)],
                blank=True,
                block_lookup={
                    0: ("wagtail.blocks.TextBlock", (), {"label": "Step"}),
                    1: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Owner", "max_length": 120, "required": False},
                    ),
                    2: ("wagtail.blocks.DateBlock", (), {"label": "By", "required": False}),
                    3: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": [
                                ("not-started", "Not started"),
                                ("on-track", "On track"),
                                ("at-risk", "At risk"),
                                ("overdue", "Overdue"),
                                ("waiting", "Waiting"),
                                ("done", "Done"),
                            ],
                            "label": "State",
                        },
                    ),
                    4: (
                        "wagtail.blocks.StructBlock",
                        [[("text", 0), ("owner", 1), ("due", 2), ("state", 3)]],
                        {},
                    ),
                },
                verbose_name="what happens next",
            ),
        ),
        migrations.AlterField(
            model_name="recommendationpage",
            name="why",
            field=wagtail.fields.StreamField(
                [("evidence", 2)],
                blank=True,
                block_lookup={
                    0: ("wagtail.blocks.TextBlock", (), {"label": "What the evidence said"}),
                    1: (
                        "wagtail.snippets.blocks.SnippetChooserBlock",
                        ("outcomes.EvidenceRecord",),
                        {"label": "Evidence record", "required": False},
                    ),
                    2: ("wagtail.blocks.StructBlock", [[("text", 0), ("evidence", 1)]], {}),
                },
                verbose_name="why, and what the evidence said",
            ),
        ),
        migrations.AlterField(
            model_name="seat",
            name="body",
            field=models.CharField(blank=True, max_length=200, verbose_name="from which body"),
        ),
        migrations.AlterField(
            model_name="seat",
            name="holder",
            field=models.CharField(
                blank=True,
                help_text="Left empty, the seat is shown as empty.",
                max_length=120,
                verbose_name="who sits there",
            ),
        ),
        migrations.AlterField(
            model_name="seat",
            name="kind",
            field=models.CharField(
                choices=[
                    ("chair", "Chair"),
                    ("young-people", "Young people"),
                    ("practitioners", "Practitioners"),
                    ("providers", "Providers"),
                    ("employers", "Employers"),
                    ("parents", "Parents and carers"),
                    ("third-sector", "Third sector"),
                ],
                max_length=14,
                verbose_name="whose seat",
            ),
        ),
        migrations.AlterField(
            model_name="seat",
            name="since",
            field=models.DateField(blank=True, null=True, verbose_name="since"),
        ),
    ]
