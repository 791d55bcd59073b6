"""Evidence records and assessments, each with a summary that can be read without opening a file (REC-3, EQ-1)."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from taggit.models import ItemBase
from wagtail.search import index

from collaborative.analysis.models import Theme


class EvidenceTheme(ItemBase):
    tag = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="evidence_items")
    content_object = ParentalKey("outcomes.EvidenceRecord", on_delete=models.CASCADE, related_name="theme_items")


class EvidenceRecord(index.Indexed, ClusterableModel):
    class Kind(models.TextChoices):
        SURVEY = "survey", _("Survey")
        INTERVIEW = "interview", _("Interviews")
        WORKSHOP = "workshop", _("Workshop")
        DESK = "desk", _("Desk research")
        LIVED = "lived experience", _("Lived experience")

    ref = models.CharField(max_length=12, unique=True)
    title = models.CharField(max_length=200)
    author = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    month = models.DateField()
    sample = models.PositiveIntegerField(null=True, blank=True)
    sample_unit = models.CharField(max_length=60, blank=True)
    limits = models.TextField()
    summary = models.TextField()
    link = models.URLField(blank=True)
    themes = ClusterTaggableManager(through=EvidenceTheme, blank=True)

    search_fields: ClassVar = [index.SearchField("title"), index.SearchField("summary")]

    class Meta:
        ordering = ["ref"]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"


class Assessment(models.Model):
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    kinds = models.CharField(max_length=60, help_text=_("As EQIA, FSD, CRWIA."))
    date = models.DateField()
    summary = models.TextField()
    findings = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.title
