"""Evidence records and assessments, each with a summary to read without opening a file (REC-3, EQ-1)."""

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from taggit.models import ItemBase
from wagtail.documents import get_document_model_string
from wagtail.search import index

from collaborative.analysis.models import Theme
from collaborative.outcomes.wording import in_sentence


class EvidenceTheme(ItemBase):
    tag = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="evidence_items")
    content_object = ParentalKey(
        "outcomes.EvidenceRecord", on_delete=models.CASCADE, related_name="theme_items"
    )


class EvidenceRecord(index.Indexed, ClusterableModel):
    """What is known, how it was found out and where it falls short (REC-3)."""

    class Kind(models.TextChoices):
        SURVEY = "survey", _("Survey")
        INTERVIEW = "interview", _("Interviews")
        WORKSHOP = "workshop", _("Workshop")
        DESK = "desk", _("Desk research")
        LIVED = "lived experience", _("Lived experience")

    ref = models.SlugField(
        _("reference"), max_length=12, unique=True, help_text=_("As Ev-01. It stands in its address.")
    )
    title = models.CharField(_("title"), max_length=200)
    author = models.CharField(_("author"), max_length=200)
    kind = models.CharField(_("method"), max_length=20, choices=Kind.choices)
    month = models.DateField(_("month"), help_text=_("Any day of it."))
    sample = models.PositiveIntegerField(_("how many"), null=True, blank=True)
    sample_unit = models.CharField(_("of what"), max_length=60, blank=True)
    limits = models.TextField(_("what it cannot tell us"))
    summary = models.TextField(_("summary"))
    link = models.URLField(_("where to read it"), blank=True)
    themes = ClusterTaggableManager(through=EvidenceTheme, blank=True)

    search_fields: ClassVar = [
        index.SearchField("ref"),
        index.SearchField("title"),
        index.SearchField("author"),
        index.SearchField("summary"),
        index.SearchField("limits"),
        index.FilterField("kind"),
        index.FilterField("ref"),
    ]

    class Meta:
        ordering = ["ref"]
        verbose_name = _("evidence record")
        verbose_name_plural = _("evidence records")

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("evidence_record", args=[self.ref])


class Assessment(models.Model):
    """What something means for equality and rights: EQIA, FSD, CRWIA, island communities (EQ-1)."""

    slug = models.SlugField(_("address"), unique=True)
    title = models.CharField(_("title"), max_length=200)
    kinds = models.CharField(_("kinds"), max_length=60, help_text=_("As EQIA, FSD, CRWIA."))
    version = models.CharField(_("version"), max_length=20, blank=True)
    date = models.DateField(_("date"))
    approved_by = models.CharField(_("approved by"), max_length=200, blank=True)
    summary = models.TextField(_("summary"))
    findings = models.TextField(
        _("what was found"), blank=True, help_text=_("An empty line between two findings.")
    )
    document = models.ForeignKey(
        get_document_model_string(),
        verbose_name=_("file to download"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        ordering = ["-date", "title"]
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("assessment", args=[self.slug])

    @property
    def approved_by_in_sentence(self) -> str:
        return in_sentence(self.approved_by)

    def findings_list(self) -> list[str]:
        """One finding to a paragraph."""
        return [part.strip() for part in self.findings.replace("\r\n", "\n").split("\n\n") if part.strip()]
