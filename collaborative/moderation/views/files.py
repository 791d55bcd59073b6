"""Files that people sent, for staff. The screen asks who may see it and leads to an address that works for
two minutes; that address reads no cookie, so that nothing in the file could ever act as whoever opened it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from collaborative.contributions import serving
from collaborative.contributions.models import Contribution, State
from collaborative.moderation import actions
from collaborative.moderation.models import SafeguardingCase
from collaborative.moderation.permissions import user_may_have_file, user_works_here
from collaborative.staff import actor, only


@only(user_works_here)
@require_safe
def file(request: HttpRequest, reference: str) -> HttpResponse:
    """Lead to the download. Who opens what left moderation is written down, as with its words (SAF-2)."""
    row = get_object_or_404(Contribution.objects.filter(file__isnull=False), reference=reference)
    if not user_may_have_file(request.user, row):
        raise PermissionDenied
    if row.state == State.ESCALATED:
        actions.view_case(SafeguardingCase.objects.get(contribution=row), by=actor(request))
    response = redirect("file_download", serving.token(row))
    response["Cache-Control"] = "no-store, private"
    return response


@require_safe
def download(request: HttpRequest, token: str) -> HttpResponseBase:
    row = serving.opened(token)
    return serving.download(row.file, row.newest_text or row.file.kind)  # type: ignore[attr-defined]
