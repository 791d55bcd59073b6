"""Recommendations, with the anatomy that a reader knows: statement, outcome, why, change, equality, what next."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from collaborative.analysis.models import Theme
from collaborative.outcomes.blocks import EvidenceBulletBlock, NextStepBlock, ShiftBlock


class RecommendationIndexPage(Page):
    introduction = models.TextField(_("introduction"), blank=True)

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("introduction")]
    subpage_types: ClassVar[list[str]] = ["outcomes.RecommendationPage"]
    max_count = 1


class RecommendationTheme(ItemBase):
    tag = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="recommendation_items")
    content_object = ParentalKey(
        "outcomes.RecommendationPage", on_delete=models.CASCADE, related_name="theme_items"
    )


class RecommendationPage(Page):
    number = models.PositiveIntegerField(_("number"))
    statement = models.TextField(_("statement"), blank=True)
    outcome_statement = models.TextField(_("the outcome, as “I…”"), blank=True)
    why = StreamField(StreamBlock([("evidence", EvidenceBulletBlock())]), blank=True)
    change = StreamField(StreamBlock([("shift", ShiftBlock())]), blank=True)
    equality = models.TextField(_("how it will address inequalities"), blank=True)
    next_steps = StreamField(StreamBlock([("step", NextStepBlock())]), blank=True)
    dependencies = models.TextField(_("what it depends on"), blank=True)
    status = models.CharField(_("status"), max_length=120, blank=True)
    clauses = models.CharField(_("sentences of the plan"), max_length=120, blank=True, help_text=_("As O7, P3."))
    official_text = models.TextField(_("official wording"), blank=True)
    official_source = models.URLField(_("its source"), blank=True)  # REC-4
    themes = ClusterTaggableManager(through=RecommendationTheme, blank=True)

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("number"),
        FieldPanel("statement"),
        FieldPanel("outcome_statement"),
        FieldPanel("why"),
        FieldPanel("change"),
        FieldPanel("equality"),
        FieldPanel("next_steps"),
        FieldPanel("dependencies"),
        FieldPanel("status"),
        FieldPanel("clauses"),
        FieldPanel("themes"),
        MultiFieldPanel([FieldPanel("official_text"), FieldPanel("official_source")], heading=_("Official wording")),
    ]
    parent_page_types: ClassVar[list[str]] = ["outcomes.RecommendationIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    search_fields: ClassVar = [*Page.search_fields, index.SearchField("statement"), index.SearchField("equality")]
