"""The screens on which the team takes answers out, asks for the raw ones, and lets a colleague have them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative import staff
from collaborative.analysis.permissions import exportable, user_may_export
from collaborative.consultations.exports import actions
from collaborative.consultations.exports.permissions import (
    user_may_ask_for_raw,
    user_may_decide,
    user_may_see_exports,
    user_may_see_request,
    user_may_take_raw,
)
from collaborative.consultations.exports.tables import shapes_of
from collaborative.consultations.models import Export, RawRequest
from collaborative.consultations.views.importing import TYPES
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.sheets.books import ODS_TYPE
from collaborative.streaming import attached

ICON = "download"
ON_A_PAGE = 20
LATEST = 10
CONTENT = {**TYPES, "ods": ODS_TYPE}


def crumbs(engagement: Engagement | None = None) -> list[staff.Crumb]:
    found = [(reverse("exports_home"), _("Downloads for the team"))]
    if engagement is not None:
        found.append((reverse("exports_of", args=[engagement.pk]), engagement.title))
    return found


@staff.only(user_may_see_exports)
def home(request: HttpRequest) -> HttpResponse:
    """What can be taken out, which raw requests wait or stand, and who took what."""
    now = timezone.now()
    opened = exportable(request.user).filter(opens_at__lte=now).order_by("-opens_at", "pk")
    places = [(one, one.state_at(now)) for one in opened]
    asked = RawRequest.objects.select_related("engagement", "by").order_by("-pk")
    exports = Export.objects.select_related("engagement", "by", "raw__decided_by").order_by("-pk")
    shown = [one for one in asked[:LATEST] if user_may_see_request(request.user, one)]
    return staff.screen(
        request,
        "consultations/staff/exports.html",
        title=_("Downloads for the team"),
        icon=ICON,
        places=places,
        asked=shown,
        **staff.paged(request, exports, ON_A_PAGE),
    )


@staff.only(user_may_see_exports)
def place(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One consultation or workshop: choose what and how, and download it."""
    engagement = _place(request, pk)
    if request.method == "POST":
        try:
            return _download(request, engagement)
        except Refused as refused:
            return _choose(request, engagement, error=refused.messages[0])
    return _choose(request, engagement)


def _place(request: HttpRequest, pk: int) -> Engagement:
    opened = Engagement.objects.filter(opens_at__lte=timezone.now())
    engagement = get_object_or_404(opened.annotate(received=Count("receipts")), pk=pk)
    if not user_may_export(request.user, engagement):
        raise PermissionDenied
    return engagement


def _choose(request: HttpRequest, engagement: Engagement, error: str = "") -> HttpResponse:
    mine = RawRequest.objects.filter(engagement=engagement, by=staff.actor(request)).order_by("-pk").first()
    return staff.screen(
        request,
        "consultations/staff/export.html",
        title=engagement.title,
        icon=ICON,
        crumbs=crumbs(),
        status=422 if error else 200,
        engagement=engagement,
        may_ask=user_may_ask_for_raw(request.user),
        mine=mine,
        **_form(request, engagement, error),
    )


def _form(request: HttpRequest, engagement: Engagement, error: str = "") -> dict[str, Any]:
    """What the fields of a download need: what may be chosen, what was, and what is wrong with that."""
    shapes = shapes_of(engagement)
    return {
        "shapes": shapes,
        "formats": Export.Format.choices,
        "shape": request.POST.get("shape", shapes[0][0]),
        "format": request.POST.get("format", Export.Format.XLSX),
        "error": error,
    }


def _download(
    request: HttpRequest, engagement: Engagement, raw: RawRequest | None = None
) -> HttpResponseBase:
    """Raises Refused."""
    shape, file_format = (request.POST.get(name, "") for name in ("shape", "format"))
    export = actions.begin(engagement, shape, file_format, by=staff.actor(request), raw=raw)
    response = attached(actions.parts(export), CONTENT[file_format], name=export.name)
    response["Cache-Control"] = "no-store, private"
    return response


@staff.only(user_may_ask_for_raw)
def ask(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Ask for the raw answers, and say what for."""
    engagement = _place(request, pk)
    reason, error = request.POST.get("reason", "")[:2000], ""
    if request.method == "POST":
        try:
            asked = actions.ask(engagement, reason, by=staff.actor(request))
        except Refused as refused:
            error = refused.messages[0]
        else:
            messages.success(request, _("Asked. It waits for a second person."))
            return redirect("exports_raw", asked.pk)
    return staff.screen(
        request,
        "consultations/staff/raw_ask.html",
        title=_("Ask for the raw answers"),
        icon=ICON,
        crumbs=crumbs(engagement),
        status=422 if error else 200,
        engagement=engagement,
        reason=reason,
        error=error,
    )


@staff.only(user_may_see_exports)
def raw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One request: who asked asks and downloads here; a second person decides here."""
    one = get_object_or_404(RawRequest.objects.select_related("engagement", "by", "decided_by"), pk=pk)
    if not user_may_see_request(request.user, one):
        raise Http404
    error = ""
    if request.method == "POST":
        try:
            return _do(request, one)
        except Refused as refused:
            error = refused.messages[0]
            one.refresh_from_db()
    return staff.screen(
        request,
        "consultations/staff/raw.html",
        title=_("Raw answers: %(title)s") % {"title": one.engagement.title},
        icon=ICON,
        crumbs=crumbs(),
        status=422 if error else 200,
        one=one,
        note=request.POST.get("note", "")[:2000],
        waits=one.state == RawRequest.State.ASKED,
        may_decide=user_may_decide(request.user, one),
        may_take=user_may_take_raw(request.user, one),
        is_own=one.by_id == staff.actor(request).pk,
        taken=one.exports.order_by("-pk")[:LATEST],
        **_form(request, one.engagement, error),
    )


def _do(request: HttpRequest, one: RawRequest) -> HttpResponseBase:
    """Raises Refused."""
    verb, by, note = request.POST.get("do", ""), staff.actor(request), request.POST.get("note", "")[:2000]
    if verb == "approve":
        actions.approve(one, by=by, note=note)
        messages.success(request, _("Approved, for two days and for this person alone."))
    elif verb == "refuse":
        actions.refuse(one, by=by, note=note)
        messages.success(request, _("Not approved."))
    elif verb == "download":
        return _download(request, one.engagement, one)
    return redirect("exports_raw", one.pk)
