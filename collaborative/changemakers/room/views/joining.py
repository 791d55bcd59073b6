"""Coming in: a code or the private link of a place, then one screen (RIF-1); and going out."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative import limits
from collaborative.changemakers.room import access, actions, finding, giving
from collaborative.changemakers.room.actions.joining import token_of
from collaborative.changemakers.room.forms import JoinForm
from collaborative.changemakers.seats import actions as seats
from collaborative.changemakers.seats.models import Registration
from collaborative.contributions.actions import PRIVACY_VERSION, NotPossible
from collaborative.csrf import checks_itself, forged
from collaborative.engagements import ages
from collaborative.engagements.actions import find_join_code
from collaborative.engagements.models import Engagement, JoinCode
from collaborative.engagements.views import open_session
from collaborative.errors import too_many
from collaborative.threads.visit import cookie_of as voice_cookie
from collaborative.threads.visit import forget as forget_voice
from collaborative.threads.visit import set_cookie as set_voice

SALT = "room-code"


def open_room(request: HttpRequest, text: str) -> HttpResponseBase | None:
    """The code of a workshop that is on leads into its room; before and after, to its page (KID-2)."""
    found = find_join_code(text)
    if found is None or found.kind != JoinCode.Kind.SESSION:
        return None
    if not found.engagement.is_open or found.engagement.kind != Engagement.Kind.SESSION:
        return open_session(request, text)
    response = redirect("room_join", found.engagement.slug)
    response.set_cookie(
        _cookie(found.engagement),
        signing.dumps(found.pk, salt=SALT),
        path=access.path_of(found.engagement),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _cookie(engagement: Engagement) -> str:
    return f"room-code-{engagement.pk}"


def _has_code(request: HttpRequest, engagement: Engagement) -> bool:
    """With a code that works now. One query."""
    try:
        code = signing.loads(request.COOKIES.get(_cookie(engagement), ""), salt=SALT)
    except signing.BadSignature:
        return False
    rows = JoinCode.objects.filter(pk=code, engagement=engagement, kind=JoinCode.Kind.SESSION)
    return rows.valid_at(timezone.now()).exists()


def _place(request: HttpRequest) -> str:
    return str((request.POST if request.method == "POST" else request.GET).get("place", ""))[:200]


def _seat(request: HttpRequest, engagement: Engagement) -> Registration | None:
    """The place whose private link they came by. One query, or none without one."""
    token = _place(request)
    return seats.seat_by_token(engagement, token) if token else None


@checks_itself
def join(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = finding.by_slug(slug)
    if access.participant_of(request, engagement) is not None:
        return redirect("room_live", slug)
    seat = _seat(request, engagement)
    if not engagement.is_open or not (seat or _has_code(request, engagement)):
        return redirect("join")
    # Under 16 the name of a place is that of the adult who registered.
    offered = seat.name if seat and not seat.by_adult else ""
    form = JoinForm(engagement, request.POST if request.method == "POST" else None, offered)
    if request.method != "POST":
        return _screen(request, form)
    if forged(request):
        text = _("This page was open too long, or your browser keeps no cookies. Please send it once more.")
        return _screen(request, form, [("", text)], 403)
    wait = limits.spend(request, "enter", engagement=engagement)
    if wait:
        return too_many(request, wait=wait)
    asked = form.read()
    why = ages.stop(engagement, form.band, led_by_adult=True) if form.band else None
    if why:
        return render(request, "changemakers/room/stop.html", {"why": why, "engagement": engagement})
    if asked is None:
        return _screen(request, form, form.errors, 422)
    try:
        actions.join(engagement, asked)
    except NotPossible as refused:
        return _screen(request, form, [("", str(refused))], 409)
    if seat is not None:
        seats.came(seat)
    response = redirect("room_live", slug)
    token = token_of(engagement, asked.key)
    access.remember(response, engagement, token)
    set_voice(response, voice_cookie(engagement), token)
    return response


def _screen(
    request: HttpRequest, form: JoinForm, errors: list[tuple[str, str]] | None = None, status: int = 200
) -> HttpResponse:
    errors = errors or []
    context: dict[str, Any] = {
        "engagement": form.engagement,
        "form": form,
        "place": _place(request),
        "errors": errors,
        "error": dict(reversed(errors)),
        "privacy_version": PRIVACY_VERSION,
    }
    return render(request, "changemakers/room/join.html", context, status=status)


@checks_itself
def finish(request: HttpRequest, slug: str) -> HttpResponse:
    """Leave, and leave nothing on a device that others use: not even behind the Back button."""
    engagement = finding.by_slug(slug)
    viewer = access.participant_of(request, engagement)
    if request.method != "POST" or forged(request):
        if viewer is None:
            return redirect("join")
        code = giving.receipt_code(viewer) if viewer.receipt_id else ""
        return render(request, "changemakers/room/finish.html", {"engagement": engagement, "code": code})
    if viewer is not None:
        actions.leave(viewer)
    response = redirect(f"{reverse('join')}?cleared")
    access.forget(response, engagement)
    response.delete_cookie(_cookie(engagement), path=access.path_of(engagement), samesite="Lax")
    forget_voice(request, response)
    response.delete_cookie(voice_cookie(engagement), path="/comments/", samesite="Lax")
    response["Clear-Site-Data"] = '"cache", "storage"'
    messages.info(request, _("You have left. What you sent is saved."))
    return response
