"""What became of it: the page for everyone, the stop of its letters, and what is overdue, for staff."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from collaborative.analysis.reckoning import disagreements
from collaborative.consultations import feedback as told
from collaborative.consultations import figures, letters
from collaborative.consultations.listing import crumbs, day, feedback_overdue, has_feedback
from collaborative.consultations.models import ConsultationPage, Feedback
from collaborative.consultations.permissions import user_may_see_feedback
from collaborative.consultations.visit import find_consultation
from collaborative.contributions.actions import stop_writing
from collaborative.engagements.gates import USUAL_PERIOD
from collaborative.engagements.models import Engagement
from collaborative.figures.models import Table
from collaborative.outcomes.models import DecisionPage
from collaborative.staff import only, paged, screen

PER_PAGE = 50


@require_safe
def feedback(request: HttpRequest, slug: str) -> HttpResponse:
    """We asked, you said, we did (FBK-1), with the figures that it was published on; before, the newest."""
    page, engagement = find_consultation(slug)
    now = timezone.now()
    closes = engagement.closes_at
    published = told.standing(engagement)
    frozen = told.stands_on(published)
    decisions = DecisionPage.objects.live().filter(engagements=engagement).order_by("number")
    answering = list(decisions.prefetch_related("engagements"))
    context = {
        "page": page,
        "section": "consultations",
        "crumbs": crumbs(page, ("", _("What you said, and what we did"))),
        "is_closed": engagement.state_at(now) == Engagement.State.CLOSED,
        "has_feedback": has_feedback(page),
        "one_day": _one_day(page),
        "overdue": feedback_overdue(engagement, page.we_did, now),
        "due": day(closes + USUAL_PERIOD) if closes else "",
        "decisions": answering,
        "topics": figures.topics(told.answered_by(published, answering), frozen),
        "frozen": frozen is not None,
        "figures": figures.reconciliation(frozen or Table.objects.now(f"engagement.{engagement.slug}")),
    }
    return render(request, "consultations/feedback.html", context)


def _one_day(page: ConsultationPage) -> date | None:
    """The day of all parts of the feedback, when there are several and they have the same."""
    parts = ("we_asked", "you_said", "we_did")
    days = [getattr(page, f"{name}_on") for name in parts if getattr(page, name)]
    return days[0] if len(days) > 1 and len(set(days)) == 1 else None


@never_cache
@csrf_exempt  # RFC 8058: the mail program posts without a cookie; the signed link is what lets it
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """No more letters about this. Opening the link only asks: programs open links too."""
    receipt = letters.find(token)
    if receipt is None:
        raise Http404
    done = request.method == "POST"
    if done:
        stop_writing(receipt)
    context = {"engagement": receipt.engagement, "done": done}
    return render(request, "consultations/feedback_stop.html", context)


# For staff ---------------------------------------------------------------------------------------


def closed() -> Any:
    """Consultations that have closed, the one whose answer is due first at the top. With their pages."""
    rows = Engagement.objects.filter(kind=Engagement.Kind.CONSULTATION, closes_at__lte=timezone.now())
    rows = rows.filter(page__live=True, page__consultationpage__isnull=False)
    return rows.select_related("page__consultationpage").order_by("closes_at", "pk")


def overdue_count() -> int:
    """CON-4: how many closed more than 12 weeks ago and have no answer. One query."""
    late = closed().filter(closes_at__lt=timezone.now() - USUAL_PERIOD)
    return sum(not row.page.consultationpage.we_did.strip() for row in late)


@only(user_may_see_feedback)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """CON-4, for those who run consultations: what has closed, what is told already, what is late."""
    now = timezone.now()
    context = paged(request, closed(), PER_PAGE)
    rows = [_line(row, now) for row in context["page_obj"].object_list]
    return screen(
        request,
        "consultations/staff/feedback.html",
        title=_("What came of it"),
        icon="mail",
        rows=sorted(rows, key=lambda row: not row["overdue"]),
        **context,
    )


def _line(engagement: Engagement, now: Any) -> dict[str, Any]:
    page, closes = engagement.page.consultationpage, engagement.closes_at
    assert closes is not None  # `closed()` found it by that
    parts = [
        (part.label, getattr(page, f"{name}_on")) for part, name in told.PARTS.items() if getattr(page, name)
    ]
    return {
        "engagement": engagement,
        "closed": day(closes),
        "due": day(closes + USUAL_PERIOD),
        "overdue": feedback_overdue(engagement, page.we_did, now),
        "days": (now - closes - USUAL_PERIOD).days,
        "parts": parts,
        "finished": bool(page.we_did.strip()),
    }


@only(user_may_see_feedback)
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One consultation: whether its figures add up, which ones feedback stands on, what was told."""
    engagement = get_object_or_404(closed(), pk=pk)
    table = Table.objects.now(f"engagement.{engagement.slug}")
    published = Feedback.objects.filter(engagement=engagement).select_related(
        "published_by", "table__release"
    )
    return screen(
        request,
        "consultations/staff/feedback_one.html",
        title=engagement.title,
        icon="mail",
        crumbs=[("../", _("What came of it"))],
        line=_line(engagement, timezone.now()),
        engagement=engagement,
        wrong=[*disagreements(engagement.pk), *(figures.table_disagreements(table.content) if table else [])],
        figures=figures.reconciliation(table),
        published=published.order_by("-pk"),
    )
