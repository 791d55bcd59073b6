"""Consultation pages as editors write them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import StreamBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from collaborative.consultations.blocks import QuestionBlock
from collaborative.engagements.models import Terms
from collaborative.people.models import StakeholderGroup


class ConsultationIndexPage(Page):
    introduction = models.TextField(_("introduction"), blank=True)

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("introduction")]
    subpage_types: ClassVar[list[str]] = ["consultations.ConsultationPage"]
    max_count = 1


class ConsultationPage(Terms, Page):
    summary = models.TextField(_("what we ask, in two sentences"), blank=True)
    background = RichTextField(_("read about it first"), blank=True, features=["h2", "h3", "bold", "ul", "link"])
    audience_text = models.CharField(_("who it is for"), max_length=250, blank=True)
    audiences = ParentalManyToManyField(StakeholderGroup, blank=True, related_name="+")
    minutes = models.PositiveIntegerField(_("minutes it takes"), default=10)
    has_young_edition = models.BooleanField(_("there is an edition for young people"), default=False)
    questions = StreamField(StreamBlock([("question", QuestionBlock())]), blank=True)
    we_asked = models.TextField(_("we asked"), blank=True)  # FBK-1
    we_asked_on = models.DateField(null=True, blank=True)
    you_said = models.TextField(_("you said"), blank=True)
    you_said_on = models.DateField(null=True, blank=True)
    we_did = models.TextField(_("we did"), blank=True)
    we_did_on = models.DateField(null=True, blank=True)
    young_feedback = models.TextField(_("what became of it, for young people"), blank=True)  # LUN-2

    parent_page_types: ClassVar[list[str]] = ["consultations.ConsultationIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    search_fields: ClassVar = [*Page.search_fields, index.SearchField("summary"), index.SearchField("background")]
