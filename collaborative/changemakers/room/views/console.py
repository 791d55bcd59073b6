"""The facilitator's console and the wall. Any facilitator sees the same console: who drops out is replaced by
opening the same address."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collaborative import qr
from collaborative.changemakers.room import actions, codes, finding, kinds, reading, told
from collaborative.changemakers.room.actions.running import LONGEST_LINE
from collaborative.changemakers.room.models import Stage
from collaborative.changemakers.room.permissions import user_may_facilitate
from collaborative.changemakers.room.views.checking import check
from collaborative.changemakers.room.views.live import shell, stage_html
from collaborative.contributions.models import Contribution
from collaborative.engagements.models import Engagement
from collaborative.engagements.permissions import user_may_make_codes
from collaborative.errors import Refused
from collaborative.people.models import User
from collaborative.people.roles import Role, has_role
from collaborative.staff import actor

MORE = 5  # minutes at a press


def _door(request: HttpRequest, slug: str) -> Engagement | HttpResponse:
    """The workshop, or the way to sign in. Raises PermissionDenied."""
    engagement = finding.by_slug(slug)
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not user_may_facilitate(request.user, engagement):
        raise PermissionDenied
    return engagement


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def facilitate(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = _door(request, slug)
    if isinstance(engagement, HttpResponse):
        return engagement
    if request.method == "POST":
        try:
            _do(request, engagement, actor(request))
        except Refused as refused:
            for message in refused.messages:
                messages.error(request, message)
        return redirect("room_console", slug)
    now = reading.now(engagement)
    context: dict[str, Any] = {
        **shell(request, now, kinds.FACILITATOR),
        "stage_html": stage_html(request, now.stage, None, kinds.FACILITATOR, slug=slug),
        "groups": reading.by_group(engagement),
        "held": reading.held(engagement),
        "told": told.told(engagement),
        "looked": f"{timezone.now().timestamp():.6f}",
        "may_check": has_role(request.user, Role.MODERATORS),
        "may_make_codes": user_may_make_codes(request.user),
        "more": now.stage.extra_minutes + MORE if now.stage else 0,
        "code": codes.standing(engagement),
        "longest": LONGEST_LINE,
    }
    return render(request, "changemakers/room/console.html", context)


def _do(request: HttpRequest, engagement: Engagement, by: User) -> None:
    """One press. Each says how things shall be, so that pressing twice does nothing twice."""
    posted, do = request.POST, request.POST.get("do", "")
    if do in ("open", "close", "extend"):
        stage = _stage(engagement, posted.get("stage", ""))
        if do == "open":
            actions.open_stage(stage, by=by)
        elif do == "close":
            actions.close(stage, by=by)
        else:
            actions.extend(stage, _number(posted.get("extra", "")), by=by)
    elif do == "say":
        actions.say(engagement, posted.get("text", ""), by=by)
    elif do == "end":
        actions.end(engagement, by=by)
    elif do == "code":
        codes.make(engagement, by=by)


def _stage(engagement: Engagement, number: str) -> Stage:
    found = Stage.objects.of(engagement).filter(pk=_number(number)).first()
    if found is None:
        raise Refused(_("This part is not in the workshop any more."))
    found.engagement = engagement
    return found


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else -1


@never_cache
@require_POST
def hear(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What somebody told the facilitator: read, or a worry, which takes it to safeguarding in one press."""
    engagement = _door(request, slug)
    if isinstance(engagement, HttpResponse):
        return engagement
    rows = Contribution.objects.filter(engagement=engagement, kind=Contribution.Kind.MESSAGE)
    check(request, get_object_or_404(rows, pk=pk), done=_("You have read it."))
    return redirect(f"/changemakers/{slug}/facilitate/#told")


@never_cache
@require_safe
def projector(request: HttpRequest, slug: str) -> HttpResponse:
    """The wall: what everyone may read, big, and no name but of those who chose to show it."""
    engagement = _door(request, slug)
    if isinstance(engagement, HttpResponse):
        return engagement
    now = reading.now(engagement)
    context: dict[str, Any] = {
        **shell(request, now, kinds.PROJECTOR),
        "stage_html": stage_html(request, now.stage, None, kinds.PROJECTOR, slug=slug),
        "code": codes.standing(engagement),
        "address": request.build_absolute_uri("/join/").split("://")[-1].rstrip("/"),
    }
    return render(request, "changemakers/room/projector.html", context)


def _absolute(path: str) -> str:
    return settings.BASE_URL.rstrip("/") + path


@never_cache
@require_safe
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """One page to print for the tables: how to come in, and what people should know first."""
    engagement = _door(request, slug)
    if isinstance(engagement, HttpResponse):
        return engagement
    code = codes.standing(engagement)
    context = {
        "engagement": engagement,
        "code": code,
        "qr": qr.picture(_absolute(f"/join/?c={code}")) if code else None,
        "address": _absolute("/join/").split("://")[-1],
    }
    return render(request, "changemakers/room/sheet.html", context)
