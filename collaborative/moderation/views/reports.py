"""What people told us is wrong (UNC-3), and what it is about."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from collaborative.contributions.models import Contribution, State
from collaborative.contributions.permissions import user_may_read_words
from collaborative.moderation import actions, redaction
from collaborative.moderation.models import Report
from collaborative.moderation.permissions import (
    reports_for,
    user_may_decide,
    user_may_handle_report,
    user_may_open_case,
    user_may_see_reports,
)
from collaborative.staff import actor, only, paged, screen

PER_PAGE = 20


@only(user_may_see_reports)
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """What people told us is wrong, as far as this person is named for it."""
    rows = (
        Report.objects.filter(about__in=reports_for(request.user))
        .select_related("contribution")
        .waiting_first()
    )
    return screen(
        request,
        "moderation/reports.html",
        title=_("Something is wrong"),
        icon="comment",
        **paged(request, rows, PER_PAGE),
    )


@only(user_may_see_reports)
@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Report.objects.select_related("handled_by"), pk=pk)
    if not user_may_handle_report(request.user, row):
        raise PermissionDenied
    return screen(
        request,
        "moderation/report.html",
        title=_("Message %(number)s") % {"number": row.pk},
        icon="comment",
        crumbs=[(reverse("moderation_reports"), _("Something is wrong"))],
        report=row,
        **_about(request, row),
    )


def _about(request: HttpRequest, row: Report) -> dict[str, Any]:
    """What somebody wrote, where the message is about that: as far as this person may read it.

    Words that went to safeguarding are read in their case alone, where every look is recorded (SAF-2).
    """
    if row.contribution_id is None:
        return {}
    written = Contribution.objects.with_newest_text().filter(pk=row.contribution_id)
    given = written.select_related("engagement", "case").get()
    words = ""
    if given.state != State.ESCALATED:
        if user_may_read_words(request.user, given):
            words = given.newest_text or ""  # type: ignore[attr-defined]
        elif anyone := Contribution.objects.public().filter(pk=given.pk).first():
            words = anyone.public_text  # type: ignore[attr-defined]
    case = getattr(given, "case", None)
    return {
        "given": given,
        "pieces": redaction.pieces(words),
        "may_check": user_may_decide(request.user, given),
        "case": case if case is not None and user_may_open_case(request.user, case) else None,
    }


@only(user_may_see_reports)
@require_POST
def report_handled(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Report, pk=pk)
    actions.handle_report(row, by=actor(request))
    messages.success(request, _("Message %(number)s is dealt with.") % {"number": row.pk})
    return redirect("moderation_reports")
