"""Workshop sessions as pages: when, where, who it is for, what happens, and what came of it."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from collaborative.changemakers import stages
from collaborative.changemakers.boards.models import Card, Cluster, Note
from collaborative.changemakers.clusters.models import Basis, ClusterTheme
from collaborative.changemakers.forms import SessionForm
from collaborative.changemakers.polls.models import Ballot, Vote
from collaborative.changemakers.room.freezing import MOST_GROUPS
from collaborative.changemakers.room.models import (
    AdultInGroup,
    Breakout,
    BreakoutSeat,
    Kind,
    NamedAdult,
    Participant,
    Room,
    Stage,
)
from collaborative.changemakers.seats.models import AccessNeed, Registration, Seating
from collaborative.changemakers.seats.page import Places, places_panel
from collaborative.changemakers.seats.page import rule as rule_of_places
from collaborative.changemakers.writeup.models import Correction, WriteUp, WriteUpVersion
from collaborative.engagements.gates import Gate, Rule
from collaborative.engagements.models import Engagement, Terms
from collaborative.engagements.panels import ChecklistPanel, audiences_panel, terms_panels
from collaborative.engagements.publication import PublishesTerms
from collaborative.people.models import StakeholderGroup

__all__ = [
    "AccessNeed",
    "AdultInGroup",
    "Ballot",
    "Basis",
    "Breakout",
    "BreakoutSeat",
    "Card",
    "Cluster",
    "ClusterTheme",
    "Correction",
    "NamedAdult",
    "Note",
    "Participant",
    "Registration",
    "Room",
    "Seating",
    "SessionIndexPage",
    "SessionPage",
    "Stage",
    "Vote",
    "WriteUp",
    "WriteUpVersion",
]


class PollBlock(blocks.StructBlock):
    kind = blocks.ChoiceBlock(
        label=_("How people vote"),
        choices=[
            ("one", _("Choose one")),
            ("many", _("Choose any")),
            ("agree", _("How far they agree")),
            ("rank", _("Put in order")),
            ("dots", _("Share out dots")),
        ],
        default="one",
        required=False,
    )
    options = blocks.ListBlock(
        blocks.CharBlock(label=_("Choice"), max_length=120),
        label=_("Choices"),
        default=[],
        help_text=_("For “How far they agree”: the lines that people say it of."),
    )
    budget = blocks.IntegerBlock(
        label=_("Dots for each person"), min_value=1, max_value=20, required=False, default=3
    )


class GroupBlock(blocks.StructBlock):
    name = blocks.CharBlock(label=_("Name"), max_length=40, required=False)
    where = blocks.CharBlock(label=_("Where"), max_length=120, required=False)


class GroupsBlock(blocks.StructBlock):
    how = blocks.ChoiceBlock(
        label=_("Who chooses"),
        choices=[("assigned", _("The facilitator gives places")), ("chosen", _("Everybody chooses"))],
        default="assigned",
        required=False,
    )
    number = blocks.IntegerBlock(
        label=_("How many groups"), min_value=1, max_value=MOST_GROUPS, required=False, default=4
    )
    most = blocks.IntegerBlock(label=_("Most people in a group"), min_value=2, required=False)
    groups = blocks.ListBlock(
        GroupBlock(),
        label=_("Their names and places"),
        default=[],
        help_text=_("A table, a room, or a link. Groups without a name are called by a number."),
    )


class StageBlock(blocks.StructBlock):
    minutes = blocks.IntegerBlock(label=_("Minutes"), min_value=1)
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.TextBlock(label=_("What happens"), required=False)
    kind = blocks.ChoiceBlock(
        label=_("Kind"),
        choices=Kind.choices,
        default="talk",
    )
    columns = blocks.ListBlock(
        blocks.CharBlock(label=_("Column"), max_length=60),
        label=_("Columns of the board"),
        default=[],
        help_text=_("For a board, and for the notes of small groups. Left empty, it has one column."),
    )
    poll = PollBlock(label=_("The vote"), help_text=_("For a vote only."), required=False)
    breakouts = GroupsBlock(
        label=_("The small groups"), help_text=_("For small groups only."), required=False
    )

    class Meta:
        icon = "time"


class SessionIndexPage(Page):
    introduction = models.TextField(_("introduction"), blank=True)

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("introduction")]
    subpage_types: ClassVar[list[str]] = ["changemakers.SessionPage"]
    max_count = 1

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from collaborative.changemakers.listing import index_context  # it reads the models

        return {**super().get_context(request, *args, **kwargs), **index_context(request)}


class SessionPage(PublishesTerms, Places, Terms, Page):  # type: ignore[django-manager-missing]
    """`opens_at` and `closes_at` are the beginning and end of the session."""

    about = RichTextField(_("what it is about"), blank=True, features=["h2", "h3", "bold", "ul", "link"])
    audience_text = models.CharField(_("who it is for"), max_length=250, blank=True)
    audiences = ParentalManyToManyField(StakeholderGroup, blank=True, related_name="+")
    place = models.CharField(_("place"), max_length=200, blank=True)
    online = models.BooleanField(_("people can join online"), default=False)
    access_support = models.TextField(_("access support"), blank=True)  # PAR-2
    expenses = models.TextField(_("expenses and payment"), blank=True)
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    stages = StreamField(blocks.StreamBlock([("stage", StageBlock())]), blank=True)
    clauses = models.CharField(
        _("sentences of the plan"), max_length=120, blank=True, help_text=_("As O7, P3.")
    )
    recommendations = models.CharField(_("recommendations"), max_length=120, blank=True)
    attended = models.PositiveIntegerField(_("people who came"), null=True, blank=True)  # REC-1
    output = models.TextField(_("what came of it"), blank=True)

    engagement_kind: ClassVar[str] = Engagement.Kind.SESSION
    base_form_class = SessionForm
    content_panels: ClassVar = [
        *Page.content_panels,
        ChecklistPanel(heading=_("What still stops this from opening")),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [
                        FieldPanel("opens_at", heading=_("Begins")),
                        FieldPanel("closes_at", heading=_("Ends")),
                    ]
                ),
                FieldPanel("place", help_text=_("Everybody reads this.")),
                FieldPanel("online"),
                FieldPanel("facilitator"),
            ],
            heading=_("When and where"),
        ),
        places_panel(),
        MultiFieldPanel(
            [FieldPanel("about"), FieldPanel("audience_text"), audiences_panel()],
            heading=_("What it is about, and for whom"),
        ),
        *terms_panels(workshop=True)[1:],  # the first asks for the dates, which stand above
        MultiFieldPanel([FieldPanel("agenda"), FieldPanel("stages")], heading=_("What happens")),
        MultiFieldPanel(
            [FieldPanel("access_support"), FieldPanel("expenses")], heading=_("So that everyone can come")
        ),
        MultiFieldPanel([FieldPanel("clauses"), FieldPanel("recommendations")], heading=_("In our plan")),
        MultiFieldPanel([FieldPanel("attended"), FieldPanel("output")], heading=_("Afterwards")),
    ]
    parent_page_types: ClassVar[list[str]] = ["changemakers.SessionIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    search_fields: ClassVar = [*Page.search_fields, index.SearchField("about"), index.SearchField("output")]

    def checklist(self) -> list[Rule]:
        """A workshop whose parts do not fit into it is not published."""
        problem = stages.problem(self.stages, self.opens_at, self.closes_at)
        missing = (Gate("stages", problem),) if problem else ()
        parts = Rule("", gettext("Its parts fit into its time."), missing)
        places = [rule_of_places(self)] if self.takes_registrations else []
        return [*super().checklist(), parts, *places]

    def published(self, engagement: Engagement) -> None:
        """Part of `save()`: what makes a revision live freezes its parts too, or is refused. Who registered
        is told of another time or place."""
        from collaborative.changemakers.room.freezing import freeze
        from collaborative.changemakers.seats.arranging import arrange

        freeze(self, engagement)
        arrange(self, engagement)

    def save(self, *args: Any, **kwargs: Any) -> Any:
        from collaborative.changemakers.seats.arranging import call_off

        with transaction.atomic():
            result = super().save(*args, **kwargs)
            if not self.live:
                call_off(self)
        return result

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from collaborative.changemakers.listing import session_context  # it reads the models

        return {**super().get_context(request, *args, **kwargs), **session_context(self)}
