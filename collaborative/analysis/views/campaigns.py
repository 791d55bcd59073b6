"""Campaigns (ANA-3): what was found, what was confirmed, and the variants with what they changed."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collaborative.analysis import campaigns as verbs
from collaborative.analysis.likeness import LEAST_WORDS, differences
from collaborative.analysis.models import Campaign, CampaignSearch, CampaignSuggestion
from collaborative.analysis.permissions import user_may_code
from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Receipt
from collaborative.engagements.models import Engagement
from collaborative.staff import actor, only, paged, screen

PER_PAGE = 50
VARIANTS = 20
SEARCHES = 5


@only(user_may_code)
@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    """Suggestions that wait for a person, searches that go on, and what was confirmed, with both counts."""
    rows = (
        Campaign.objects.select_related("engagement", "confirmed_by")
        .annotate(
            identical=Count("members", filter=Q(members__varied=False)),
            varied=Count("members", filter=Q(members__varied=True)),
        )
        .order_by("engagement__title", "name")
    )
    found = CampaignSuggestion.objects.filter(state=CampaignSuggestion.State.OPEN).select_related(
        "engagement"
    )
    searches = CampaignSearch.objects.select_related("engagement").order_by("-pk")[:SEARCHES]
    return screen(
        request,
        "analysis/campaigns.html",
        title=_("Campaigns"),
        icon="copy",
        found=found.order_by("engagement__title", "-identical", "pk")[:PER_PAGE],
        searches=searches,
        places=Engagement.objects.filter(receipts__isnull=False).distinct().order_by("title"),
        least_words=LEAST_WORDS,
        **paged(request, rows, PER_PAGE),
    )


@only(user_may_code)
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Begin to look for near-identical texts in one consultation or workshop."""
    wanted = request.POST.get("engagement", "")
    place = Engagement.objects.filter(pk=wanted).first() if wanted.isdecimal() else None
    if place is None:
        messages.error(request, _("Choose where to look."))
    else:
        verbs.look(place, by=actor(request))
        messages.success(request, _("We are looking. What is found will stand here."))
    return redirect("analysis_campaigns")


@only(user_may_code)
@require_http_methods(["GET", "HEAD", "POST"])
def suggestion(request: HttpRequest, pk: int) -> HttpResponse:
    """One suggestion: the text, each variant with what it changed; confirm it by a name, or say no."""
    rows = CampaignSuggestion.objects.select_related("engagement", "campaign", "decided_by")
    row = get_object_or_404(rows, pk=pk)
    if row.campaign is not None:
        return redirect("analysis_campaign", pk=row.campaign.pk)
    error, name = "", request.POST.get("name", "")
    if request.method == "POST":
        try:
            if request.POST.get("do") == "dismiss":
                verbs.dismiss(row, by=actor(request))
                messages.success(request, _("It is not a campaign. It will not be suggested again."))
                return redirect("analysis_campaigns")
            campaign = verbs.confirm(row, name, by=actor(request))
        except NotPossible as refusal:
            error = str(refusal)
        else:
            text = _("Confirmed. From the next figures on, those word for word the same count once.")
            messages.success(request, text)
            return redirect("analysis_campaign", pk=campaign.pk)
    members = row.members.filter(varied=True).order_by("-likeness", "receipt_id")
    return screen(
        request,
        "analysis/suggestion.html",
        title=_("Nearly the same"),
        icon="copy",
        crumbs=[(reverse("analysis_campaigns"), _("Campaigns"))],
        status=422 if error else 200,
        row=row,
        error=error,
        name=name,
        **_variants(request, members, row.leader_id),
    )


@only(user_may_code)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """One confirmed campaign, its text and variants; and undoing it."""
    row = get_object_or_404(Campaign.objects.select_related("engagement", "confirmed_by"), pk=pk)
    if request.method == "POST":
        verbs.undo(row, by=actor(request))
        messages.success(request, _("Undone. From the next figures on, each of them counts by itself."))
        return redirect("analysis_campaigns")
    identical = row.members.filter(varied=False).order_by("receipt_id")
    first = identical.first()
    return screen(
        request,
        "analysis/campaign.html",
        title=row.name,
        icon="copy",
        crumbs=[(reverse("analysis_campaigns"), _("Campaigns"))],
        row=row,
        identical=identical.count(),
        varied=row.members.filter(varied=True).count(),
        **_variants(
            request,
            row.members.filter(varied=True).order_by("receipt_id"),
            first.receipt_id if first else None,
        ),
    )


def _variants(request: HttpRequest, members: QuerySet[Any], leader: int | None) -> dict[str, Any]:
    """A page of variants, each as (reference, the words with what was changed). Two queries for the words."""
    page = paged(request, members, VARIANTS)
    receipts = [one.receipt_id for one in page["page_obj"]]
    said = verbs.texts([*receipts, *([leader] if leader else [])])
    text = said.get(leader, "") if leader else ""
    first = Receipt.objects.filter(pk__in=receipts).order_by("contributions__pk")
    names = dict(reversed(list(first.values_list("pk", "contributions__reference"))))
    page |= {
        "text": text,
        "variants": [(names[pk], differences(text, said[pk])) for pk in receipts if pk in said],
    }
    return page
