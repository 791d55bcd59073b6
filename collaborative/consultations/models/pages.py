"""Consultation pages as editors write them."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.blocks import StreamBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from collaborative.consultations.blocks import QuestionBlock
from collaborative.consultations.editions import EditionsField
from collaborative.consultations.forms_admin import ConsultationForm
from collaborative.consultations.panels import ClosingPanel, EditionsPanel
from collaborative.contributions.models import Edition
from collaborative.engagements.gates import Rule
from collaborative.engagements.models import Engagement, Terms
from collaborative.engagements.panels import ChecklistPanel, audiences_panel, terms_panels
from collaborative.engagements.publication import PublishesTerms
from collaborative.people.models import StakeholderGroup


class ConsultationIndexPage(Page):
    introduction = models.TextField(_("introduction"), blank=True)

    template = "consultations/index.html"
    content_panels: ClassVar = [*Page.content_panels, FieldPanel("introduction")]
    subpage_types: ClassVar[list[str]] = ["consultations.ConsultationPage"]
    max_count = 1

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from collaborative.consultations.listing import index_context

        return {**super().get_context(request, *args, **kwargs), **index_context(self)}


class ConsultationPage(PublishesTerms, Terms, Page):  # type: ignore[django-manager-missing]
    summary = models.TextField(_("what we ask, in two sentences"), blank=True)
    background = RichTextField(
        _("read about it first"), blank=True, features=["h2", "h3", "bold", "ul", "link"]
    )
    audience_text = models.CharField(_("who it is for"), max_length=250, blank=True)
    audiences = ParentalManyToManyField(StakeholderGroup, blank=True, related_name="+")
    young_group = models.ForeignKey(
        StakeholderGroup,
        verbose_name=_("group of everyone under 18"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Then people under 18 are not asked which group they belong to."),
    )
    minutes = models.PositiveIntegerField(_("minutes it takes"), default=10)
    editions = EditionsField(
        _("editions it is promised in"),
        default=list,
        blank=True,
        help_text=_("Then every question must be there in each of them. Others can be there in part."),
    )
    questions = StreamField(StreamBlock([("question", QuestionBlock())]), blank=True)
    other_ways = models.TextField(
        _("other ways to answer"), blank=True, help_text=_("By post, by phone, in person. One on each line.")
    )
    contact_email = models.EmailField(_("address for questions"), blank=True)
    responses_while_open = models.BooleanField(
        _("show checked answers while it is open"),
        default=False,
        help_text=_("Otherwise they are shown once it has closed."),
    )
    we_asked = models.TextField(_("we asked"), blank=True)  # FBK-1
    we_asked_on = models.DateField(_("on"), null=True, blank=True)
    you_said = models.TextField(_("you said"), blank=True)
    you_said_on = models.DateField(_("on"), null=True, blank=True)
    we_did = models.TextField(_("we did"), blank=True)
    we_did_on = models.DateField(_("on"), null=True, blank=True)
    young_feedback = models.TextField(_("what became of it, for young people"), blank=True)  # LUN-2

    template = "consultations/consultation.html"
    # A copy asks the same in its own time, and nothing has come of it yet.
    exclude_fields_in_copy: ClassVar[list[str]] = [
        *("opens_at", "closes_at", "short_period_reason", "decides_by"),
        *("we_asked", "we_asked_on", "you_said", "you_said_on", "we_did", "we_did_on", "young_feedback"),
    ]
    engagement_kind: ClassVar[str] = Engagement.Kind.CONSULTATION
    base_form_class = ConsultationForm
    content_panels: ClassVar = [
        *Page.content_panels,
        ChecklistPanel(heading=_("What still stops this from opening")),
        MultiFieldPanel(
            [
                FieldPanel("summary"),
                FieldPanel("audience_text"),
                audiences_panel(),
                FieldPanel("young_group"),
                FieldPanel("minutes"),
                FieldPanel("background"),
                FieldPanel("other_ways"),
                FieldPanel("contact_email"),
            ],
            heading=_("What it is about"),
        ),
        ClosingPanel(heading=_("When it closes")),
        *terms_panels(),
        MultiFieldPanel(
            [FieldPanel("editions"), EditionsPanel(), FieldPanel("questions")],
            heading=_("Questions"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("responses_while_open"),
                FieldRowPanel([FieldPanel("we_asked"), FieldPanel("we_asked_on")]),
                FieldRowPanel([FieldPanel("you_said"), FieldPanel("you_said_on")]),
                FieldRowPanel([FieldPanel("we_did"), FieldPanel("we_did_on")]),
                FieldPanel("young_feedback"),
            ],
            heading=_("What people said, and what became of it"),
        ),
    ]
    parent_page_types: ClassVar[list[str]] = ["consultations.ConsultationIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("background"),
    ]

    def checklist(self) -> list[Rule]:
        from collaborative.consultations import checklist  # it reads the models

        engagement = Engagement.objects.filter(page_id=self.pk).first() if self.pk else None
        stands = checklist.days_stand(self, engagement)
        return [*super().checklist(), *stands, *checklist.rules(self, engagement)]

    def published(self, engagement: Engagement) -> None:
        """Part of `save()`: what makes a revision live freezes its questions too, or is refused."""
        from collaborative.consultations.actions import publish

        publish(self, engagement)

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        questions = _("The questions: %(edition)s")
        return [("", _("The page")), *((one.value, questions % {"edition": one.label}) for one in Edition)]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        if mode_name not in Edition.values:
            return super().serve_preview(request, mode_name)
        from collaborative.consultations.fields import drafted  # it reads the models

        asked = drafted([child.value for child in self.questions], mode_name)
        return render(request, "consultations/preview.html", {"page": self, "asked": asked})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from collaborative.consultations.listing import consultation_context

        return {**super().get_context(request, *args, **kwargs), **consultation_context(self)}
