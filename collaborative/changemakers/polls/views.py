"""Voting, and showing the result to the room."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from collaborative.accept import wants_json
from collaborative.changemakers.boards.views.notes import too_old
from collaborative.changemakers.polls import actions, handler, kinds
from collaborative.changemakers.polls.kinds import Votes
from collaborative.changemakers.room.kinds import FACILITATOR, PARTICIPANT, PROJECTOR
from collaborative.changemakers.room.models import Kind
from collaborative.changemakers.room.visiting import Visit
from collaborative.contributions.actions import NotPossible
from collaborative.csrf import checks_itself, forged


@never_cache
@require_safe
def poll(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _page(Visit.to(request, slug, Kind.POLL, pk))


def _page(visit: Visit, chosen: Votes | None = None, error: str = "", status: int = 200) -> HttpResponse:
    if visit.participant and visit.who is visit.participant:
        role, viewer = PARTICIPANT, visit.participant
    else:
        role, viewer = (FACILITATOR if visit.facilitator else PROJECTOR), None
    context = handler.Polls().context(visit.request, visit.stage, viewer, role)
    if error:
        context |= handler.ballot(visit.stage, context.get("mine", {}), chosen, error)
        context["errors"] = [("ballot-problem" if visit.stage.is_open else "", error)]
    context["back"] = "poll"
    context |= {"stage": visit.stage, "role": role, "viewer": viewer}
    context |= {"title": visit.engagement.page.title, "heading": visit.stage.title, "back_to": visit.home}
    return render(visit.request, "changemakers/polls/poll_page.html", context, status=status)


@checks_itself
def vote(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    visit = Visit.to(request, slug, Kind.POLL, pk)
    if visit.participant is None:
        return visit.stranger()
    if request.method != "POST":
        return redirect("poll", slug, pk)
    chosen = _chosen(visit)
    if forged(request):
        return _refused(visit, chosen, too_old(), 403)
    seconds = visit.wait()
    if seconds:
        words = _("That was a lot at once. Try again in %(seconds)s seconds.") % {"seconds": seconds}
        return _refused(visit, chosen, words, 429)
    try:
        actions.vote(visit.stage, chosen, participant=visit.participant)
    except NotPossible as refused:
        return _refused(visit, chosen, str(refused), 409)
    said = _("Your vote is saved. You can change it until the vote is closed.")
    if wants_json(request):
        return JsonResponse({"ok": True, "says": said})
    messages.success(request, said)
    return redirect(visit.home if request.POST.get("back") == "live" else "poll", *_rest(visit))


def _rest(visit: Visit) -> list[object]:
    return [] if visit.request.POST.get("back") == "live" else [visit.engagement.slug, visit.stage.pk]


def _refused(visit: Visit, chosen: Votes, message: str, status: int) -> HttpResponse:
    if wants_json(visit.request):
        return JsonResponse({"errors": [{"field": "", "message": message}]}, status=status)
    visit.stage.refresh_from_db(fields=["state"])
    return _page(visit, chosen, message, status)


def _chosen(visit: Visit) -> Votes:
    """What the form says. A number that is none counts as far too many: the rule says so in words."""
    posted, asked = visit.request.POST, kinds.asked(visit.stage)
    if asked.kind in (kinds.Kind.ONE, kinds.Kind.MANY):
        return dict.fromkeys(posted.getlist("choice")[:100], 1)
    typed = {key: posted.get(key, "") for key in asked.keys}
    return {
        key: int(text) if text.isdecimal() and len(text) < 4 else 999
        for key, text in typed.items()
        if text not in ("", "0")
    }


@never_cache
@require_POST
def reveal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    visit = Visit.to(request, slug, Kind.POLL, pk)
    if visit.facilitator is None:
        return visit.not_theirs()
    shown = bool(request.POST.get("shown"))
    actions.reveal(visit.stage, shown, by=visit.facilitator)
    messages.success(
        request, _("The room sees the result now.") if shown else _("The result is hidden from the room now.")
    )
    return redirect(f"/changemakers/{slug}/facilitate/")
