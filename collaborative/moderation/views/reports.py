"""What people told us is wrong (UNC-3)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from collaborative.moderation import actions
from collaborative.moderation.models import Report
from collaborative.moderation.permissions import (
    reports_for,
    user_may_handle_report,
    user_may_see_reports,
)
from collaborative.staff import actor, only, paged, screen

PER_PAGE = 20


@only(user_may_see_reports)
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """What people told us is wrong, as far as this person is named for it."""
    rows = Report.objects.filter(about__in=reports_for(request.user)).waiting_first()
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
    )


@only(user_may_see_reports)
@require_POST
def report_handled(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Report, pk=pk)
    actions.handle_report(row, by=actor(request))
    messages.success(request, _("Message %(number)s is dealt with.") % {"number": row.pk})
    return redirect("moderation_reports")
