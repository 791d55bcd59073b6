"""The page of somebody in the room, and what they send from it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import select_template
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collaborative import limits
from collaborative.changemakers.room import access, actions, finding, kinds, reading
from collaborative.changemakers.room.models import Participant, Stage
from collaborative.contributions.actions import NotPossible
from collaborative.csrf import checks_itself, forged
from collaborative.engagements.models import Engagement
from collaborative.threads.forms import text_of
from collaborative.threads.visit import cookie_of as voice_cookie
from collaborative.threads.visit import set_cookie as set_voice


def stage_html(
    request: HttpRequest, stage: Stage | None, viewer: Participant | None, role: str, **more: Any
) -> str:
    """The piece of the screen that belongs to the open part, by its kind."""
    if stage is None:
        return ""
    template = select_template(
        [f"changemakers/stages/{stage.kind}.html", f"changemakers/stages/{kinds.PLAIN}.html"]
    )
    found = kinds.of(stage.kind).context(request, stage, viewer, role)
    return template.render({"stage": stage, "viewer": viewer, "role": role, **found, **more}, request)


def shell(request: HttpRequest, now: reading.Now, role: str) -> dict[str, Any]:
    """What all three screens of a room share."""
    return {
        "section": "workshops",
        "engagement": now.engagement,
        "now": now,
        "role": role,
        "scripts": kinds.scripts(),
        "sheets": kinds.sheets(),
        "here": reading.here_words(reading.here(now.engagement)),
    }


@never_cache
@require_safe
def live(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = finding.by_slug(slug)
    viewer = access.participant_of(request, engagement)
    if viewer is None:
        return redirect(
            "join" if engagement.is_open else engagement.page.get_url(request) or "/changemakers/"
        )
    return screen(request, engagement, viewer)


def screen(
    request: HttpRequest,
    engagement: Engagement,
    viewer: Participant,
    *,
    errors: list[tuple[str, str]] | None = None,
    typed: str = "",
    kept: str = "",
    status: int = 200,
) -> HttpResponse:
    """With `typed`, what goes back into the form of the part; with `kept`, what came too late for it."""
    viewer.engagement = engagement
    now, errors = reading.now(engagement), errors or []
    more = {"typed": typed, "error": dict(reversed(errors)), "slug": engagement.slug}
    context = {
        **shell(request, now, kinds.PARTICIPANT),
        "viewer": viewer,
        "stage_html": stage_html(request, now.stage, viewer, kinds.PARTICIPANT, **more),
        "ahead": kinds.ahead(request, now, viewer),
        "errors": errors,
        "kept": kept,
    }
    return render(request, "changemakers/room/live.html", context, status=status)


def _visit(request: HttpRequest, slug: str) -> tuple[Engagement, Participant | None]:
    engagement = finding.by_slug(slug)
    return engagement, access.participant_of(request, engagement)


def _too_old() -> str:
    return _(
        "Nothing was sent: this page was open too long, or your browser keeps no cookies. "
        "What you typed is still here. Send it once more."
    )


def _wait(seconds: int) -> str:
    return _("Wait %(n)s seconds, then send it. What you typed is still here.") % {"n": seconds}


@checks_itself
def say(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A comment in the discussion that is open. Whatever goes wrong, what was typed comes back."""
    engagement, viewer = _visit(request, slug)
    if viewer is None or request.method != "POST":
        return redirect("room_live", slug)
    text = text_of(request.POST, "text")
    stage = Stage.objects.of(engagement).select_related("thread__engagement").filter(pk=pk).first()
    if stage is None or not stage.is_open:
        return screen(request, engagement, viewer, kept=text, status=409)
    if forged(request):
        return screen(request, engagement, viewer, errors=[("", _too_old())], typed=text, status=403)
    wait = limits.spend(request, "note", receipt=viewer.key_hash, engagement=engagement)
    if wait:
        return screen(request, engagement, viewer, errors=[("", _wait(wait))], typed=text, status=429)
    try:
        said, _new = actions.comment(
            viewer, stage, text, key=text_of(request.POST, "key"), source=limits.pseudonym(request, "post")
        )
    except NotPossible as refused:
        errors = [("text", str(refused))]
        return screen(request, engagement, viewer, errors=errors, typed=text, status=422)
    done = (
        _("It is on the page.") if said.shown else _("Saved. A person checks it before anyone else sees it.")
    )
    messages.success(request, done)
    response = redirect("room_live", slug)
    set_voice(response, voice_cookie(engagement), request.COOKIES.get(access.cookie_of(engagement), ""))
    return response


@checks_itself
def note(request: HttpRequest, slug: str) -> HttpResponse:
    """A note to the facilitator: what came too late for its part, or is for them alone."""
    engagement, viewer = _visit(request, slug)
    if viewer is None or request.method != "POST":
        return redirect("room_live", slug)
    text = text_of(request.POST, "text")
    if forged(request):
        return screen(request, engagement, viewer, errors=[("", _too_old())], kept=text, status=403)
    wait = limits.spend(request, "note", receipt=viewer.key_hash, engagement=engagement)
    try:
        if wait:
            raise NotPossible(
                _("Wait %(n)s seconds, then send it. What you typed is still here.") % {"n": wait}
            )
        actions.tell_facilitator(viewer, text)
    except NotPossible as refused:
        errors = [("kept", str(refused))]
        return screen(request, engagement, viewer, errors=errors, kept=text, status=429 if wait else 422)
    messages.success(request, _("It is with the facilitator. It is on no screen in the room."))
    return redirect("room_live", slug)
