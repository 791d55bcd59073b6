"""The page on which a decision is written; publication freezes its answers, changes and promises."""

from typing import Any, ClassVar

from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import CommentPanel, FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.outcomes.blocks import (
    AnswerBlock,
    ChangeBlocks,
    DissentBlock,
    IdeaAnswerBlock,
    LoneCharBlock,
    QuoteBlock,
)
from collaborative.outcomes.decision_form import DecisionPageForm
from collaborative.outcomes.models.answers import TONES, Answer

# Saving one of these by name can bring a page to the public; anything else by name is bookkeeping of drafts.
PUBLISHING_FIELDS = frozenset({"live", "live_revision", "live_revision_id"})


class DecisionIndexPage(Page):
    introduction = models.TextField(_("introduction"), blank=True)

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("introduction")]
    subpage_types: ClassVar[list[str]] = ["outcomes.DecisionPage"]
    max_count = 1

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from collaborative.outcomes.views import decisions  # views read the models

        return {**super().get_context(request, *args, **kwargs), **decisions.index_context(request)}


class DecisionPage(Page):
    number = models.PositiveIntegerField(_("number"))
    question = models.CharField(_("the question"), max_length=250, blank=True)
    overall_answer = models.CharField(
        _("the answer as a whole"),
        max_length=16,
        choices=Answer.choices,
        blank=True,
        help_text=_("Left empty, it follows from the answers to the topics."),
    )
    answer_sentence = models.TextField(_("the answer in one sentence"), blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    body_name = models.CharField(_("decided by"), max_length=200, blank=True)
    votes_for = models.PositiveIntegerField(_("votes for"), default=0)
    votes_against = models.PositiveIntegerField(_("votes against"), default=0)
    votes_abstain = models.PositiveIntegerField(_("did not vote"), default=0)
    interests = models.TextField(_("interests declared"), blank=True)
    why = models.TextField(_("why"), blank=True)
    story = models.TextField(
        _("the whole story"), blank=True, help_text=_("What led to it, for those who want to read more.")
    )
    for_heard = models.TextField(_("what was said for it"), blank=True)  # DEC-2
    against_heard = models.TextField(_("what was said against it"), blank=True)
    quotes = StreamField(
        StreamBlock([("quote", QuoteBlock())]), verbose_name=_("words of those who answered"), blank=True
    )
    engagements = ParentalManyToManyField(
        Engagement, verbose_name=_("what it answers"), blank=True, related_name="decisions"
    )
    recommendations = ParentalManyToManyField(
        "outcomes.RecommendationPage", blank=True, related_name="decisions"
    )
    assessments = ParentalManyToManyField("outcomes.Assessment", blank=True, related_name="decisions")
    strategic = models.BooleanField(  # EQ-2
        _("strategic"), default=False, help_text=_("Needs an assessment, or a reason why there is none.")
    )
    no_assessment_reason = models.TextField(_("why there is no assessment"), blank=True)
    answers = StreamField(
        StreamBlock([("answer", AnswerBlock())]), verbose_name=_("the answer to each topic"), blank=True
    )
    proposals = StreamField(  # CHG-1
        StreamBlock([("idea", IdeaAnswerBlock())]),
        verbose_name=_("the answer to each idea"),
        blank=True,
        help_text=_("Ideas that a workshop put forward. Those who made them read the answer."),
    )
    changes_made = StreamField(ChangeBlocks(), verbose_name=_("what it changes"), blank=True)
    reopen_if = StreamField(
        StreamBlock([("line", LoneCharBlock(label=_("If or when…")))]),
        verbose_name=_("what would make us look again"),
        blank=True,
    )
    dissent = StreamField(
        StreamBlock([("dissent", DissentBlock())]), verbose_name=_("who disagreed"), blank=True
    )
    status = models.CharField(_("status"), max_length=120, blank=True)
    interim = models.BooleanField(_("interim"), default=False)  # DEC-1
    interim_reason = models.TextField(_("why it could not wait"), blank=True)
    replaces = models.ForeignKey(
        "self",
        verbose_name=_("replaces"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
    )

    base_form_class = DecisionPageForm
    content_panels: ClassVar = [
        *Page.content_panels,
        HelpPanel(template="outcomes/admin/decision_key.html"),
        MultiFieldPanel(
            [
                FieldPanel("number"),
                FieldPanel("question"),
                FieldPanel("overall_answer"),
                FieldPanel("answer_sentence"),
                FieldPanel("why"),
                FieldPanel("story"),
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
        FieldPanel("answers"),
        FieldPanel("proposals"),
        FieldPanel("changes_made"),
        FieldPanel("for_heard"),
        FieldPanel("against_heard"),
        FieldPanel("quotes"),
        FieldPanel("dissent"),
        FieldPanel("reopen_if"),
        FieldPanel("recommendations"),
        MultiFieldPanel(
            [FieldPanel("assessments"), FieldPanel("strategic"), FieldPanel("no_assessment_reason")],
            heading=_("Equality and rights"),
        ),
    ]
    # No scheduling: a decision is published by somebody who sees whether it is whole.
    settings_panels: ClassVar = [CommentPanel()]
    parent_page_types: ClassVar[list[str]] = ["outcomes.DecisionIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("question"),
        index.SearchField("answer_sentence"),
        index.SearchField("why"),
    ]

    @property
    def tone(self) -> str:
        """The tone class of the answer as a whole: yes, partly, no, later, out or, in a draft, wait."""
        return TONES.get(self.overall_answer or self.answer_from_topics(), "wait")

    def answer_from_topics(self) -> str:
        """The one answer that every topic got, "adopted-in-part" when they differ, empty without any."""
        given = {block.value["answer"] for block in self.answers if block.value["answer"]}
        return given.pop() if len(given) == 1 else Answer.IN_PART if given else ""

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Every door to the public ends here: a decision goes out whole, with its rows, or not at all.

        Raises `Refused` when something is missing (promise 5, DEC-1, DEC-2), and when a decision
        that was published would be taken down.
        """
        from collaborative.outcomes import actions, decision_rules  # both read the models

        named = kwargs.get("update_fields")
        if named is not None and not PUBLISHING_FIELDS & set(named):
            super().save(*args, **kwargs)
            return
        with transaction.atomic():
            if not self.live:
                self.refuse_to_go()
                super().save(*args, **kwargs)
                return
            self.overall_answer = self.overall_answer or self.answer_from_topics()
            actions.take_turns(self)
            decision_rules.refuse_unpublishable(self)
            super().save(*args, **kwargs)
            actions.freeze_decision(self)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        self.refuse_to_go()
        return super().delete(*args, **kwargs)

    def refuse_to_go(self) -> None:
        """Raise `Refused` when answers were given in public under this page."""
        if self.pk and self.dispositions.exists():
            raise Refused(
                _(
                    "“%(title)s” has answered people in public. It stays where they can find it. To change "
                    "an answer, publish it afresh, or make a new decision that replaces this one."
                )
                % {"title": self.title}
            )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from collaborative.outcomes.views import decisions  # views read the models

        return {**super().get_context(request, *args, **kwargs), **decisions.page_context(self, request)}
