"""The page on which a decision is written; publication freezes its answers, changes and promises."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.blocks import CharBlock, StreamBlock
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from collaborative.engagements.models import Engagement
from collaborative.outcomes.blocks import AnswerBlock, ChangeBlocks, DissentBlock


class DecisionIndexPage(Page):
    introduction = models.TextField(_("introduction"), blank=True)

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("introduction")]
    subpage_types: ClassVar[list[str]] = ["outcomes.DecisionPage"]
    max_count = 1


class DecisionPage(Page):
    number = models.PositiveIntegerField(_("number"))
    question = models.CharField(_("the question"), max_length=250, blank=True)
    answer_sentence = models.TextField(_("the answer in one sentence"), blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    body_name = models.CharField(_("decided by"), max_length=200, blank=True)
    votes_for = models.PositiveIntegerField(_("votes for"), default=0)
    votes_against = models.PositiveIntegerField(_("votes against"), default=0)
    votes_abstain = models.PositiveIntegerField(_("did not vote"), default=0)
    interests = models.TextField(_("interests declared"), blank=True)
    why = models.TextField(_("why"), blank=True)
    for_heard = models.TextField(_("what was said for it"), blank=True)  # DEC-2
    against_heard = models.TextField(_("what was said against it"), blank=True)
    engagements = ParentalManyToManyField(
        Engagement, verbose_name=_("what it answers"), blank=True, related_name="decisions"
    )
    recommendations = ParentalManyToManyField("outcomes.RecommendationPage", blank=True, related_name="decisions")
    assessments = ParentalManyToManyField("outcomes.Assessment", blank=True, related_name="decisions")
    answers = StreamField(StreamBlock([("answer", AnswerBlock())]), blank=True)
    changes_made = StreamField(ChangeBlocks(), verbose_name=_("what it changes"), blank=True)
    reopen_if = StreamField(StreamBlock([("line", CharBlock())]), blank=True)
    dissent = StreamField(StreamBlock([("dissent", DissentBlock())]), blank=True)
    status = models.CharField(_("status"), max_length=120, blank=True)
    interim = models.BooleanField(_("interim"), default=False)  # DEC-1
    interim_reason = models.TextField(_("why it could not wait"), blank=True)
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )

    content_panels: ClassVar = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("number"),
                FieldPanel("question"),
                FieldPanel("answer_sentence"),
                FieldPanel("why"),
                FieldPanel("status"),
            ],
            heading=_("The decision"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("decided_on"),
                FieldPanel("body_name"),
                FieldRowPanel(
                    [FieldPanel("votes_for"), FieldPanel("votes_against"), FieldPanel("votes_abstain")]
                ),
                FieldPanel("interests"),
                FieldPanel("interim"),
                FieldPanel("interim_reason"),
                FieldPanel("replaces"),
            ],
            heading=_("How it was decided"),
        ),
        FieldPanel("engagements"),
        FieldPanel("for_heard"),
        FieldPanel("against_heard"),
        FieldPanel("answers"),
        FieldPanel("changes_made"),
        FieldPanel("dissent"),
        FieldPanel("reopen_if"),
        FieldPanel("recommendations"),
        FieldPanel("assessments"),
    ]
    parent_page_types: ClassVar[list[str]] = ["outcomes.DecisionIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("question"),
        index.SearchField("answer_sentence"),
        index.SearchField("why"),
    ]
