"""Every public address, for search engines: published pages, and what is routed beside the tree."""

from typing import Any

from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest
from django.urls import reverse
from wagtail.contrib.sitemaps.sitemap_generator import Sitemap as PageSitemap

from collaborative.outcomes.models import ClauseVersion, EvidenceRecord, ModelVersion
from collaborative.people.models import StakeholderGroup


class Routed(Sitemap):
    """Addresses that are not pages of the tree."""

    def items(self) -> list[str]:
        plan = [reverse("model_version", args=[n]) for n in _numbers()]
        sentences = [reverse("model_clause", args=[ref]) for ref in _refs()]
        groups = [reverse("group", args=[slug]) for slug in _groups()]
        evidence = [record.get_absolute_url() for record in EvidenceRecord.objects.order_by("ref")]
        fixed = [reverse(name) for name in ("flow", "model_versions", "news", "help", "house_rules")]
        return [*fixed, *plan, *sentences, *groups, *evidence]

    def location(self, item: str) -> str:
        return item


def _numbers() -> Any:
    return ModelVersion.objects.order_by("number").values_list("number", flat=True)


def _refs() -> Any:
    """Sentences that were ever published keep their address, retired or not."""
    return ClauseVersion.objects.order_by("clause__ref").values_list("clause__ref", flat=True).distinct()


def _groups() -> Any:
    return StakeholderGroup.objects.filter(sensitive=False).values_list("slug", flat=True)


def sitemaps(request: HttpRequest) -> dict[str, Any]:
    return {"pages": PageSitemap(request), "routed": Routed()}
