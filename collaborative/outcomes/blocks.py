"""What editors fill in on the model, recommendation and decision pages."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from collaborative.outcomes.choosers import IdeaChooserBlock, PassageChooserBlock, TopicChooserBlock

# A field that is a whole block of a stream: Wagtail draws its label as a heading and leaves the field without
# a name, so these give it one. To migrations they are the plain blocks that they are in the database.


class LoneCharBlock(blocks.CharBlock):
    canonical_module_path = "wagtail.blocks.CharBlock"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field.widget.attrs["aria-label"] = self.meta.label


class LoneTextBlock(blocks.TextBlock):
    canonical_module_path = "wagtail.blocks.TextBlock"

    @cached_property
    def field(self) -> forms.Field:
        field: forms.Field = super().field
        field.widget.attrs["aria-label"] = self.meta.label
        return field


class ReasonedBlock(blocks.StructBlock):
    """A clause carries the reason for its newest change: nothing is published without it."""

    reason = blocks.TextBlock(
        label=_("Why these words changed"),
        required=False,
        help_text=_(
            "Needed when the words above differ from the published version. Say it afresh each time."
        ),
    )
    decision = blocks.PageChooserBlock(
        label=_("Decision behind the change"), page_type="outcomes.DecisionPage", required=False
    )
    editorial = blocks.BooleanBlock(
        label=_("Editorial only: the meaning stays the same"), required=False, default=False
    )


WHY = ["reason", "decision", "editorial"]  # below the words that they are about


class StatementBlock(ReasonedBlock):
    statement = blocks.TextBlock(label=_("Statement"))

    class Meta:
        icon = "openquote"
        form_layout = ["statement", *WHY]


class PrincipleBlock(ReasonedBlock):
    ref = blocks.CharBlock(label=_("Number"), max_length=8, help_text=_("As P8. It never changes."))
    name = blocks.CharBlock(label=_("Name"), max_length=120)
    from_ = blocks.CharBlock(label=_("From"), max_length=200)
    to = blocks.CharBlock(label=_("To"), max_length=200)
    statement = blocks.TextBlock(label=_("In the voice of a service user"))

    class Meta:
        icon = "list-ul"
        label_format = "{ref} {name}"
        form_layout = ["ref", "name", "from_", "to", "statement", *WHY]


class OutcomeBlock(ReasonedBlock):
    ref = blocks.CharBlock(label=_("Number"), max_length=8, help_text=_("As O4. It never changes."))
    name = blocks.CharBlock(label=_("Name"), max_length=120)
    young_person = blocks.TextBlock(label=_("Young person"), required=False)
    adult = blocks.TextBlock(label=_("Adult"), required=False)
    parent_carer = blocks.TextBlock(label=_("Parent or carer"), required=False)
    practitioner = blocks.TextBlock(label=_("Practitioner"), required=False)
    employer = blocks.TextBlock(label=_("Employer"), required=False)
    measure = blocks.CharBlock(label=_("How we will know"), required=False, max_length=250)

    class Meta:
        icon = "success"
        label_format = "{ref} {name}"
        form_layout = [
            "ref",
            "name",
            "young_person",
            "adult",
            "parent_carer",
            "practitioner",
            "employer",
            "measure",
            *WHY,
        ]


class ModelBlocks(blocks.StreamBlock):
    """The whole model. The id of each block is the key of its clause."""

    vision = StatementBlock(label=_("Vision"), icon="view")
    how = StatementBlock(label=_("How"), icon="cog")
    outcome = OutcomeBlock(label=_("Outcome"))
    principle = PrincipleBlock(label=_("Principle"))

    class Meta:
        required = False
        block_counts = {"vision": {"max_num": 1}, "how": {"max_num": 1}}


class RetiredBlock(blocks.StructBlock):
    """Why a sentence was taken out. It stays on the page afterwards and does no harm there."""

    ref = blocks.CharBlock(label=_("Sentence"), max_length=8, help_text=_("Its number, as P3 or O4."))
    reason = blocks.TextBlock(label=_("Why it was taken out"), required=False)
    decision = blocks.PageChooserBlock(
        label=_("Decision behind it"), page_type="outcomes.DecisionPage", required=False
    )

    class Meta:
        icon = "bin"


class RetiredBlocks(blocks.StreamBlock):
    sentence = RetiredBlock(label=_("Sentence taken out"))

    class Meta:
        required = False


class EvidenceBulletBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("What the evidence said"))
    evidence = SnippetChooserBlock("outcomes.EvidenceRecord", label=_("Evidence record"), required=False)

    class Meta:
        icon = "doc-full"


class ShiftBlock(blocks.StructBlock):
    from_ = blocks.TextBlock(label=_("From"), required=False)
    to = blocks.TextBlock(label=_("To"))

    class Meta:
        icon = "arrow-right"


NEXT_STEP_STATES = [
    ("not-started", _("Not started")),
    ("on-track", _("On track")),
    ("at-risk", _("At risk")),
    ("overdue", _("Overdue")),
    ("waiting", _("Waiting")),
    ("done", _("Done")),
]


class NextStepBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Step"))
    owner = blocks.CharBlock(label=_("Owner"), required=False, max_length=120)
    due = blocks.DateBlock(label=_("By"), required=False)
    state = blocks.ChoiceBlock(label=_("State"), choices=NEXT_STEP_STATES, default="not-started")

    class Meta:
        icon = "date"


class DependencyBlock(blocks.StructBlock):
    """What a recommendation waits for (REC-6)."""

    policy = blocks.TextBlock(label=_("What it depends on"))
    body = blocks.CharBlock(label=_("In whose hands"), required=False, max_length=200)
    date = blocks.DateBlock(label=_("Expected by"), required=False)
    state = blocks.CharBlock(label=_("How it stands"), required=False, max_length=120)
    note = blocks.TextBlock(label=_("What it means for us"), required=False)

    class Meta:
        icon = "link"


class ContextNoteBlock(blocks.StructBlock):
    """The world around a recommendation has moved: a line of its history (REC-6)."""

    date = blocks.DateBlock(label=_("When"))
    text = blocks.TextBlock(label=_("What has changed around it"))

    class Meta:
        icon = "history"


ANSWERS = [
    ("adopted", _("Yes: adopted")),
    ("adopted-in-part", _("Partly: adopted in part")),
    ("not-adopted", _("No: not adopted")),
    ("later", _("Later")),
    ("out-of-remit", _("Not ours to decide")),
]


class AnswerBlock(blocks.StructBlock):
    """The answer to one theme. All three may wait in a draft; publication is refused while one is missing."""

    theme = TopicChooserBlock(label=_("Topic"))
    answer = blocks.ChoiceBlock(label=_("Answer"), required=False, choices=ANSWERS)
    reason = blocks.TextBlock(label=_("Reason"), required=False)

    class Meta:
        icon = "help"


class IdeaAnswerBlock(blocks.StructBlock):
    """The answer to one proposal, as to a theme."""

    proposal = IdeaChooserBlock(label=_("Idea"))
    answer = blocks.ChoiceBlock(label=_("Answer"), required=False, choices=ANSWERS)
    reason = blocks.TextBlock(label=_("Reason"), required=False)

    class Meta:
        icon = "pick"


class ClauseChangeBlock(blocks.StructBlock):
    ref = blocks.CharBlock(label=_("Sentence"), max_length=8, help_text=_("Its number, as P3 or O4."))
    part = blocks.ChoiceBlock(
        label=_("Which words"),
        required=False,
        choices=[
            ("statement", _("Statement")),
            ("young_person", _("Young person")),
            ("adult", _("Adult")),
            ("parent_carer", _("Parent or carer")),
            ("practitioner", _("Practitioner")),
            ("employer", _("Employer")),
        ],
    )
    intended = blocks.TextBlock(label=_("What is to change"))

    class Meta:
        icon = "edit"


class PromiseBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("We will…"))
    owner = blocks.CharBlock(label=_("Owner"), max_length=120)
    due = blocks.DateBlock(label=_("By"), required=False)
    state = blocks.ChoiceBlock(
        label=_("State"),
        choices=[
            ("not-started", _("Not started")),
            ("on-track", _("On track")),
            ("at-risk", _("At risk")),
            ("done", _("Done")),
            ("dropped", _("Dropped")),
        ],
        default="not-started",
    )
    note = blocks.TextBlock(label=_("How it stands"), required=False)

    class Meta:
        icon = "date"


class ChangeBlocks(blocks.StreamBlock):
    """What the decision changes. The id of each block is the key of its row."""

    clause = ClauseChangeBlock(label=_("A sentence of the plan"))
    promise = PromiseBlock(label=_("A promise"))
    nothing = LoneTextBlock(label=_("Nothing, because"), icon="cross")


class DissentBlock(blocks.StructBlock):
    by = blocks.CharBlock(label=_("Who"), max_length=120)
    text = blocks.TextBlock(label=_("In their words"))

    class Meta:
        icon = "user"


class QuoteBlock(blocks.StructBlock):
    """Words that an editor chose to show on one side. Only those that may be quoted can be chosen (RIF-3)."""

    side = blocks.ChoiceBlock(label=_("Side"), choices=[("for", _("For")), ("against", _("Against"))])
    passage = PassageChooserBlock(
        label=_("Words"),
        help_text=_("The list follows the topics and consultations of the saved draft."),
    )

    class Meta:
        icon = "openquote"
