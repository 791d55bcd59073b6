"""Evidence records and assessments, each with an address of its own."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.search.backends import get_search_backend
from wagtail.search.utils import parse_query_string

from collaborative.outcomes.models import Assessment, DecisionPage, EvidenceRecord, RecommendationPage

PER_PAGE = 20
LONGEST_QUERY = 200


@require_safe
def evidence(request: HttpRequest) -> HttpResponse:
    """All evidence, or what has the words of ?q= in it; ?show= takes one method."""
    kinds = EvidenceRecord.Kind
    show = request.GET.get("show", "")
    show = show if show in kinds.values else ""
    words = request.GET.get("q", "").replace("\0", "")[:LONGEST_QUERY].strip()
    records: QuerySet[EvidenceRecord] = EvidenceRecord.objects.all()
    if show:
        records = records.filter(kind=show)
    context = {
        "section": "plan",
        "crumbs": [("", _("Evidence"))],
        "words": words,
        "show": show,
        "menu": [
            (urlencode(_given(q=words, show=value)), label, value == show)
            for value, label in [("", _("All methods")), *kinds.choices]
        ],
        "query": f"{given}&" if (given := urlencode(_given(q=words, show=show))) else "",
        "page_of": Paginator(_search(records, words), PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "outcomes/evidence_index.html", context)


def _given(**parameters: str) -> dict[str, str]:
    return {name: value for name, value in parameters.items() if value}


def _search(records: QuerySet[EvidenceRecord], words: str) -> QuerySet[EvidenceRecord]:
    """The engines differ in how they read marks in a query, so it is parsed before they see it."""
    if not words:
        return records
    _filters, query = parse_query_string(words, operator="and")
    return get_search_backend().search(query, records)


@require_safe
def evidence_record(request: HttpRequest, ref: str) -> HttpResponse:
    record = get_object_or_404(EvidenceRecord, ref__iexact=ref)
    live = RecommendationPage.objects.live().public().order_by("number")
    context = {
        "section": "plan",
        "crumbs": [("/evidence/", _("Evidence")), ("", record.ref)],
        "record": record,
        "used_in": [page for page in live if record.pk in page.evidence_ids()],
        "topics": list(record.themes.all()),
    }
    return render(request, "outcomes/evidence_record.html", context)


@require_safe
def assessment(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Assessment.objects.select_related("document"), slug=slug)
    context = {
        "section": "plan",
        "crumbs": [("/evidence/", _("Evidence")), ("", _("Assessment"))],
        "assessment": found,
        "decisions": DecisionPage.objects.live().public().filter(assessments=found).order_by("number"),
        "recommendations": RecommendationPage.objects.live()
        .public()
        .filter(assessments=found)
        .order_by("number"),
    }
    return render(request, "outcomes/assessment.html", context)
