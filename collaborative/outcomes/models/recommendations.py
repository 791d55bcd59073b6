"""Recommendations, in parts that a reader knows: statement, outcome, why, change, equality, what next."""

from typing import Any, ClassVar

from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from taggit.models import ItemBase
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from collaborative import pagecache
from collaborative.analysis.models import Theme
from collaborative.outcomes.blocks import (
    ContextNoteBlock,
    DependencyBlock,
    EvidenceBulletBlock,
    NextStepBlock,
    ShiftBlock,
)
from collaborative.outcomes.recommendation_form import RecommendationPageForm


class RecommendationIndexPage(Page):
    introduction = models.TextField(_("introduction"), blank=True)

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("introduction")]
    subpage_types: ClassVar[list[str]] = ["outcomes.RecommendationPage"]
    max_count = 1

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from collaborative.outcomes.views import recommendations  # views read the models

        return {**super().get_context(request, *args, **kwargs), **recommendations.index_context()}


class RecommendationTheme(ItemBase):
    tag = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="recommendation_items")
    content_object = ParentalKey(
        "outcomes.RecommendationPage", on_delete=models.CASCADE, related_name="theme_items"
    )


class RecommendationPage(Page):
    number = models.PositiveIntegerField(_("number"))
    statement = models.TextField(_("statement"), blank=True)
    outcome_statement = models.TextField(_("the outcome, as “I…”"), blank=True)
    why = StreamField(
        StreamBlock([("evidence", EvidenceBulletBlock())]),
        verbose_name=_("why, and what the evidence said"),
        blank=True,
    )
    change = StreamField(StreamBlock([("shift", ShiftBlock())]), verbose_name=_("the change"), blank=True)
    equality = models.TextField(_("how it will address inequalities"), blank=True)
    assessments = ParentalManyToManyField(  # EQ-1
        "outcomes.Assessment", verbose_name=_("assessments"), blank=True, related_name="recommendations"
    )
    next_steps = StreamField(
        StreamBlock([("step", NextStepBlock())]), verbose_name=_("what happens next"), blank=True
    )
    dependencies = StreamField(
        StreamBlock([("dependency", DependencyBlock())]), verbose_name=_("what it depends on"), blank=True
    )
    context_notes = StreamField(
        StreamBlock([("note", ContextNoteBlock())]),
        verbose_name=_("what has changed around it"),
        blank=True,
        help_text=_("Add a line when the world has moved. Earlier lines stay."),
    )
    status = models.CharField(_("status"), max_length=120, blank=True)
    clauses = models.CharField(
        _("sentences of the plan"), max_length=120, blank=True, help_text=_("As O7, P3.")
    )
    official_text = models.TextField(_("official wording"), blank=True)
    official_source = models.URLField(_("its source"), blank=True)  # REC-4
    themes = ClusterTaggableManager(through=RecommendationTheme, blank=True)

    base_form_class = RecommendationPageForm
    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("number"),
        FieldPanel("statement"),
        FieldPanel("outcome_statement"),
        FieldPanel("why"),
        FieldPanel("change"),
        MultiFieldPanel(
            [FieldPanel("equality"), FieldPanel("assessments")], heading=_("Equality and rights")
        ),
        FieldPanel("next_steps"),
        FieldPanel("dependencies"),
        FieldPanel("context_notes"),
        FieldPanel("status"),
        FieldPanel("clauses"),
        FieldPanel("themes"),
        MultiFieldPanel(
            [FieldPanel("official_text"), FieldPanel("official_source")], heading=_("Official wording")
        ),
    ]
    parent_page_types: ClassVar[list[str]] = ["outcomes.RecommendationIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("statement"),
        index.SearchField("outcome_statement"),
        index.SearchField("equality"),
    ]

    def clause_refs(self) -> list[str]:
        """The sentences named in `clauses`, as ["O7", "P3"]."""
        return [ref.upper() for ref in self.clauses.replace(",", " ").split()]

    def evidence_ids(self) -> list[int]:
        """Keys of the evidence records behind it, without loading them."""
        return [block["value"]["evidence"] for block in self.why.raw_data if block["value"].get("evidence")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Every door to the public ends here. Raises `Refused` naming what is missing (REC-2)."""
        from collaborative.outcomes import recommendation_rules  # it reads the models

        named = kwargs.get("update_fields")
        if named is not None and "live" not in named:  # bookkeeping of drafts
            super().save(*args, **kwargs)
            return
        with transaction.atomic():
            if self.live:
                recommendation_rules.refuse_unpublishable(self)
            super().save(*args, **kwargs)
            pagecache.touch()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from collaborative.outcomes.views import recommendations  # views read the models

        return {**super().get_context(request, *args, **kwargs), **recommendations.page_context(self)}
