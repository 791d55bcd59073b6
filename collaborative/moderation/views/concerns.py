"""The concern route of staff: one press from wherever they read what somebody wrote (SAF-2)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from collaborative.contributions.models import Contribution
from collaborative.moderation import actions
from collaborative.moderation.hours import said
from collaborative.moderation.models import Report, SafetySettings
from collaborative.moderation.permissions import user_works_here
from collaborative.staff import actor, only, screen


@only(user_works_here)
@require_POST
def concern(request: HttpRequest, reference: str) -> HttpResponse:
    """Pass on what somebody wrote. The words are out of sight at once; it is the same for a second press."""
    row = get_object_or_404(Contribution, reference=reference)
    actions.escalate(row, by=actor(request))
    return _done(request)


@only(user_works_here)
@require_POST
def concern_about_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Pass on what somebody told us: it leaves the list of those who look after the site."""
    actions.escalate_report(get_object_or_404(Report, pk=pk), by=actor(request))
    return _done(request)


def _done(request: HttpRequest) -> HttpResponse:
    back = _own_address(request, request.POST.get("next", ""))
    return redirect(reverse("safeguarding_raised") + (f"?{urlencode({'next': back})}" if back else ""))


def _own_address(request: HttpRequest, address: str) -> str:
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if safe else ""


@only(user_works_here)
@require_safe
def raised(request: HttpRequest) -> HttpResponse:
    """What happens now, and what to do when it cannot wait. Nothing of the concern stands here."""
    return screen(
        request,
        "moderation/raised.html",
        title=_("Passed on"),
        icon="warning",
        hours=said(SafetySettings.now()),
        back=_own_address(request, request.GET.get("next", "")),
    )
