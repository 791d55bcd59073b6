"""The page on which the operating model is written. It is never rendered: versions are."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from collaborative.outcomes.blocks import ModelBlocks


class ModelPage(Page):
    introduction = models.TextField(_("introduction"), blank=True)
    version_summary = models.TextField(
        _("what this version changes"), blank=True, help_text=_("Shown with the version, in a sentence or two.")
    )
    approved_by = models.CharField(_("approved by"), max_length=200, blank=True)
    body = StreamField(ModelBlocks(), blank=True)

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("version_summary"),
        FieldPanel("approved_by"),
        FieldPanel("body"),
    ]
    max_count = 1
    subpage_types: ClassVar[list[str]] = []
