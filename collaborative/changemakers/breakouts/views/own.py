"""Small groups for who is in the room: choose, rather not, come in, call the facilitator. One press each."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collaborative.accept import wants_json
from collaborative.changemakers.boards.views.notes import too_old
from collaborative.changemakers.breakouts import actions, handler
from collaborative.changemakers.breakouts.tables import group_of
from collaborative.changemakers.breakouts.views import staff
from collaborative.changemakers.room.kinds import PARTICIPANT
from collaborative.changemakers.room.models import Breakout, Kind, Participant
from collaborative.changemakers.room.visiting import Visit
from collaborative.contributions.actions import NotPossible
from collaborative.csrf import checks_itself, forged


@never_cache
@require_safe
def groups(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The groups of a part by themselves, also before it begins."""
    visit = Visit.to(request, slug, Kind.BREAKOUTS, pk, early=True)
    if visit.facilitator and visit.who is visit.facilitator:
        return staff.page(visit)
    return page(visit) if visit.participant else visit.stranger()


def page(visit: Visit, error: str = "", status: int = 200) -> HttpResponse:
    visit.stage.refresh_from_db(fields=["state"])
    context = {
        **handler.around(visit.stage, visit.participant, PARTICIPANT),
        "stage": visit.stage,
        "viewer": visit.participant,
        "slug": visit.engagement.slug,
        "beforehand": not visit.stage.has_begun,
        "error": error,
        "title": visit.engagement.page.title,
        "heading": visit.stage.title,
        "back_to": visit.home,
    }
    leads_to = "choose-group" if context["how"] == "chosen" and visit.stage.state != "closed" else ""
    context["errors"] = [(leads_to, error)] if error else []
    return render(visit.request, "changemakers/breakouts/own_page.html", context, status=status)


@checks_itself
def place(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    visit = Visit.to(request, slug, Kind.BREAKOUTS, pk, early=True)
    if visit.participant is None:
        return visit.stranger()
    if request.method != "POST":
        return redirect("breakouts", slug, pk)
    visit.participant.engagement = visit.engagement
    if forged(request):
        return _refused(visit, too_old(), 403)
    seconds = visit.wait()
    if seconds:
        words = _("That was a lot at once. Try again in %(seconds)s seconds.") % {"seconds": seconds}
        return _refused(visit, words, 429)
    try:
        said = _do(visit, visit.participant)
    except NotPossible as refused:
        return _refused(visit, str(refused), 409)
    if wants_json(request):
        return JsonResponse({"ok": True, "says": said})
    messages.success(request, said)
    return redirect("room_live", slug)


def _do(visit: Visit, who: Participant) -> str:
    stage, do = visit.stage, visit.request.POST.get("do", "")
    if do == "refuse":
        actions.refuse(stage, participant=who)
        return _("You stay in the main room.")
    if do == "come-in":
        actions.come_in(stage, participant=who)
        return _("You have a place.")
    if do == "call":
        actions.call(stage, participant=who)
        return _("The facilitator sees that your group calls.")
    if do == "settled":
        own = group_of(stage, who)
        if own is not None:
            actions.settled(stage, own, who=who)
        return _("Your group does not call any more.")
    actions.choose(stage, _group(visit), participant=who)
    return _("You are in this group now.")


def _group(visit: Visit) -> Breakout:
    typed = visit.request.POST.get("group", "")
    key = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else 0
    found = Breakout.objects.filter(stage=visit.stage, pk=key).first()
    if found is None:
        raise NotPossible(_("Choose a group."))
    return found


def _refused(visit: Visit, message: str, status: int) -> HttpResponse:
    if wants_json(visit.request):
        return JsonResponse({"errors": [{"field": "", "message": message}]}, status=status)
    return page(visit, message, status)
