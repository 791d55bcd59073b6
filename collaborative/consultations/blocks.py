"""Questions as editors write them. Publication freezes them into tables of their own."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

QUESTION_TYPES = [
    ("one", _("One choice")),
    ("many", _("Several choices")),
    ("text", _("In their own words")),
    ("scale", _("How much do you agree")),
    ("rank", _("Put in order")),
]


class OptionBlock(blocks.StructBlock):
    key = blocks.CharBlock(
        label=_("Key"), max_length=40, help_text=_("Short and lasting, as p7 or not-sure.")
    )
    label = blocks.CharBlock(label=_("Label"), max_length=200)
    young = blocks.CharBlock(label=_("Label for young people"), required=False, max_length=200)


class QuestionBlock(blocks.StructBlock):
    key = blocks.CharBlock(label=_("Key"), max_length=40, help_text=_("The same in every edition."))
    type = blocks.ChoiceBlock(label=_("Kind of question"), choices=QUESTION_TYPES, default="text")
    text = blocks.TextBlock(label=_("Question"))
    young = blocks.TextBlock(label=_("For young people"), required=False)
    easy_read = blocks.TextBlock(label=_("Easy Read"), required=False)
    help = blocks.TextBlock(label=_("Help"), required=False)
    options = blocks.ListBlock(OptionBlock(), label=_("Choices"), default=[])
    max_choices = blocks.IntegerBlock(label=_("At most"), required=False, min_value=1)
    ask_why = blocks.BooleanBlock(label=_("Also ask why"), required=False, default=False)
    why_label = blocks.CharBlock(label=_("How to ask why"), required=False, max_length=200)
    required = blocks.BooleanBlock(label=_("Must be answered"), required=False, default=False)

    class Meta:
        icon = "help"
