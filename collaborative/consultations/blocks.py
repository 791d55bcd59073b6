"""Questions as editors write them. Publication freezes them into tables of their own."""

from typing import Any

from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

from collaborative.consultations.kinds import KINDS, PARTS, WHOLE_DIGITS
from collaborative.contributions.filetypes import TYPES, USUAL

DIGITS = WHOLE_DIGITS + PARTS


def in_gaelic(block: Any) -> None:
    """Mark the field of a block as one for Gaelic words."""
    block.field.widget.attrs["lang"] = "gd"


class OptionBlock(blocks.StructBlock):
    key = blocks.CharBlock(
        label=_("Key"), max_length=40, help_text=_("Short and lasting, as p7 or not-sure.")
    )
    label = blocks.CharBlock(label=_("Label"), max_length=200)
    young = blocks.CharBlock(label=_("Label for young people"), required=False, max_length=200)
    gaelic = blocks.CharBlock(label=_("Label in Gaelic"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_gaelic(self.child_blocks["gaelic"])


class ConditionBlock(blocks.StructBlock):
    question = blocks.CharBlock(
        label=_("Key of an earlier question"),
        max_length=40,
        help_text=_("One choice, several choices, or how much they agree."),
    )
    any_of = blocks.CharBlock(
        label=_("Keys of its choices"),
        max_length=400,
        help_text=_("With commas between. Asked if one of them was chosen, as: p7, s1."),
    )


class SignedBlock(blocks.StructBlock):
    """A question in British Sign Language. Nothing of another site is loaded until somebody follows the
    link."""

    link = blocks.URLBlock(
        label=_("Address of the film"),
        required=False,
        max_length=500,
        help_text=_("People see a link, and go there only when they choose to."),
    )
    file = DocumentChooserBlock(label=_("Or a film kept here"), required=False)


class GaelicBlock(blocks.StructBlock):
    """Every word of it is Gaelic: screen readers and spelling checkers are told so."""

    text = blocks.TextBlock(label=_("Question"), required=False)
    help = blocks.TextBlock(label=_("Help"), required=False)
    facts = blocks.TextBlock(label=_("More to read"), required=False)
    why_label = blocks.CharBlock(label=_("How to ask why"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for block in self.child_blocks.values():
            in_gaelic(block)


class QuestionBlock(blocks.StructBlock):
    key = blocks.CharBlock(
        label=_("Key"),
        max_length=40,
        help_text=_(
            "A short name without spaces, such as “when” or “who-leads”. It stays when the words change, is "
            "the same in every edition, and stands above the answers in downloads."
        ),
    )
    type = blocks.ChoiceBlock(
        label=_("Kind of question"),
        choices=KINDS,
        default="text",
        help_text=_("Never ask for a date of birth: age is asked as a band, with every response."),
    )
    text = blocks.TextBlock(label=_("Question"))
    young = blocks.TextBlock(label=_("For young people"), required=False)
    easy_read = blocks.TextBlock(label=_("Easy Read"), required=False)
    bsl = SignedBlock(label=_("British Sign Language"), required=False)
    gaelic = GaelicBlock(label=_("Gaelic"), required=False)
    help = blocks.TextBlock(label=_("Help"), required=False)
    # Plain text: an editor of rich text in every question makes the page slow to open.
    facts = blocks.TextBlock(
        label=_("More to read"),
        required=False,
        help_text=_("Facts for those who want them, folded away. An empty line begins a new paragraph."),
    )
    options = blocks.ListBlock(
        OptionBlock(),
        label=_("Choices"),
        default=[],
        help_text=_(
            "For a question of how much they agree, or of several lines, leave this empty to use the usual "
            "scale."
        ),
    )
    rows = blocks.ListBlock(
        OptionBlock(), label=_("Lines"), default=[], help_text=_("Each is answered with the same choices.")
    )
    max_choices = blocks.IntegerBlock(
        label=_("At most"), required=False, min_value=1, help_text=_("How many may be chosen of several.")
    )
    least = blocks.DecimalBlock(
        label=_("Smallest number"), required=False, max_digits=DIGITS, decimal_places=PARTS
    )
    most = blocks.DecimalBlock(
        label=_("Largest number"), required=False, max_digits=DIGITS, decimal_places=PARTS
    )
    decimals = blocks.BooleanBlock(
        label=_("Parts of a number are allowed, such as 2.5"), required=False, default=False
    )
    unit = blocks.CharBlock(
        label=_("Unit"),
        required=False,
        max_length=40,
        help_text=_("What is counted, as: minutes, £, people."),
    )
    file_types = blocks.MultipleChoiceBlock(
        label=_("Files that may be sent"),
        required=False,
        choices=TYPES,
        default=list(USUAL),
        widget=CheckboxSelectMultiple,
        help_text=_("For a question that asks for a file. Not where people under 18 are invited."),
    )
    file_megabytes = blocks.IntegerBlock(
        label=_("Largest file, in megabytes"),
        required=False,
        min_value=1,
        help_text=_("Left empty: as much as this site takes."),
    )
    ask_why = blocks.BooleanBlock(label=_("Also ask why"), required=False, default=False)
    why_label = blocks.CharBlock(label=_("How to ask why"), required=False, max_length=200)
    required = blocks.BooleanBlock(label=_("Must be answered"), required=False, default=False)
    ask_if = blocks.ListBlock(
        ConditionBlock(),
        label=_("Ask only if"),
        default=[],
        help_text=_("All of these must hold. With none, everyone is asked."),
    )

    class Meta:
        icon = "help"
        # What one question in ten needs is folded away, so that the other nine are short to write.
        form_layout = blocks.BlockGroup(
            children=[
                *("key", "type"),
                blocks.BlockGroup(
                    children=["text", "young", "easy_read", "bsl", "gaelic"],
                    heading=_("The question in each edition"),
                    classname="cs-editions",  # side by side where there is room: see admin.css
                    label_format="",
                ),
                *("help", "options", "required"),
                blocks.BlockGroup(
                    children=[
                        *("rows", "max_choices", "least", "most", "decimals", "unit"),
                        *("file_types", "file_megabytes"),
                    ],
                    heading=_("For some kinds of question"),
                    classname="collapsed",
                    label_format="",
                ),
                blocks.BlockGroup(
                    children=["facts", "ask_why", "why_label", "ask_if"],
                    heading=_("More to read, why, and ask only if"),
                    classname="collapsed",
                    label_format="",
                ),
            ]
        )
