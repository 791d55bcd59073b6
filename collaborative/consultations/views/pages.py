"""Pages to read: lists, paper, what people said. None sets a cookie, so all are cached."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collaborative.consultations import published
from collaborative.consultations.listing import (
    consultation_context,
    crumbs,
    index_context,
    lines,
    shows_responses,
)
from collaborative.consultations.models import ConsultationIndexPage
from collaborative.consultations.published import Answers, Wanted
from collaborative.consultations.questions import Sheet
from collaborative.consultations.visit import find_consultation
from collaborative.contributions.actions import PRIVACY_VERSION
from collaborative.contributions.models import Edition, RespondentKind
from collaborative.people.models import AgeBand, StakeholderGroup
from collaborative.streaming import streamed_commas


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    page = ConsultationIndexPage.objects.live().first()
    return render(request, "consultations/index.html", {"page": page, **index_context(page)})


@require_safe
def consultation(request: HttpRequest, slug: str) -> HttpResponse:
    page, _engagement = find_consultation(slug, with_questions=True)
    return render(request, "consultations/consultation.html", {"page": page, **consultation_context(page)})


@require_safe
def paper(request: HttpRequest, slug: str) -> HttpResponse:
    """One page to print: the paper, the questions of one edition, what is asked about people."""
    page, engagement = find_consultation(slug)
    sheet = Sheet(engagement)
    wanted = request.GET.get("show", "")
    edition = wanted if wanted in sheet.editions else Edition.STANDARD
    context = {
        "page": page,
        "section": "consultations",
        "crumbs": crumbs(page, ("", _("On paper"))),
        "editions": [(one, Edition(one).label) for one in sheet.editions],
        "edition": edition,
        "young": edition == Edition.YOUNG,
        "asked": sheet.asked(edition),
        "can_change": lines(page.can_change),
        "cannot_change": lines(page.cannot_change),
        "other_ways": lines(page.other_ways),
        "bands": AgeBand.choices,
        "kinds": RespondentKind.choices,
        "groups": list(engagement.audiences.all()) or list(StakeholderGroup.objects.filter(parent=None)),
        "privacy_version": PRIVACY_VERSION,
    }
    return render(request, "consultations/paper.html", context)


@require_safe
def responses(request: HttpRequest, slug: str) -> HttpResponse:
    """Checked and permitted answers, 20 to a page, by question or one response after the other."""
    page, engagement = find_consultation(slug)
    shown = shows_responses(page, engagement.state_at(timezone.now()))
    context: dict[str, Any] = {
        "page": page,
        "section": "consultations",
        "crumbs": crumbs(page, ("", _("What people said"))),
        "shown": shown,
    }
    if shown:
        found = Answers(engagement, Wanted.from_query(request.GET), request.GET.get("page", "1")[:9])
        context |= {"found": found, "wanted": found.wanted, "answers": found.page()}
    return render(request, "consultations/responses.html", context)


@require_safe
def responses_csv(request: HttpRequest, slug: str) -> HttpResponseBase:
    """All of them, sent as they are read."""
    page, engagement = find_consultation(slug)
    if not shows_responses(page, engagement.state_at(timezone.now())):
        raise Http404
    return streamed_commas([published.columns()], published.lines(engagement), name=f"{slug}.csv")
