"""Adding a note, and what people do with their own. Whatever goes wrong, what was typed comes back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collaborative import limits
from collaborative.accept import wants_json
from collaborative.changemakers.boards import actions, handler, reading
from collaborative.changemakers.boards.actions import Written
from collaborative.changemakers.boards.models import Note
from collaborative.changemakers.room.kinds import FACILITATOR, PARTICIPANT, PROJECTOR
from collaborative.changemakers.room.models import WITH_NOTES
from collaborative.changemakers.room.visiting import Visit
from collaborative.contributions.actions import NotPossible
from collaborative.csrf import checks_itself, forged


def too_old() -> str:
    return _(
        "Nothing was sent: this page was open too long, or your browser keeps no cookies. "
        "What you typed is still here. Send it once more."
    )


@never_cache
@require_safe
def board(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A board by itself: for who is in the room, who runs it, and, after it, for everyone as it was shown."""
    visit = Visit.to(request, slug, WITH_NOTES, pk)
    return board_page(visit)


def board_page(visit: Visit, status: int = 200, errors: Any = (), **more: Any) -> HttpResponse:
    if visit.participant and visit.who is visit.participant:
        role, viewer = PARTICIPANT, visit.participant
    else:
        role, viewer = (FACILITATOR if visit.facilitator else PROJECTOR), None
    context = handler.Boards().context(visit.request, visit.stage, viewer, role)
    if "composer" in context:
        context["composer"]["back"] = "board"
    page = {"stage": visit.stage, "role": role, "viewer": viewer, "errors": errors}
    page |= {"title": visit.engagement.page.title, "heading": visit.stage.title, "back_to": visit.home}
    return render(
        visit.request, "changemakers/boards/board_page.html", {**context, **page, **more}, status=status
    )


@checks_itself
def add(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    visit = Visit.to(request, slug, WITH_NOTES, pk)
    if visit.participant is None:
        return visit.stranger()
    if request.method != "POST":
        return redirect("board", slug, pk)
    if forged(request):
        return _refused(visit, too_old(), 403)
    seconds = visit.wait()
    if seconds:
        words = _("That was a lot at once. What you typed is still here. Try again in %(seconds)s seconds.")
        return _refused(visit, words % {"seconds": seconds}, 429)
    try:
        note, _new = actions.add(visit.stage, _written(visit), participant=visit.participant, user=visit.user)
    except NotPossible as refused:
        return _refused(visit, str(refused), 409 if not visit.stage.is_open else 422)
    return _done(visit, note)


def _written(visit: Visit) -> Written:
    posted = visit.request.POST
    column = posted.get("column", "0")
    return Written(
        text=posted.get("text", ""),
        key=posted.get("key", "")[:64],
        column=int(column) if column.isdecimal() and len(column) < 4 else -1,
        named=bool(posted.get("named")),
        for_group=posted.get("whose") == "group",
        screened_by=limits.pseudonym(visit.request, "room"),
    )


def _refused(visit: Visit, message: str, status: int) -> HttpResponse:
    if wants_json(visit.request):
        return JsonResponse({"errors": [{"field": "text", "message": message}]}, status=status)
    assert visit.participant is not None
    visit.stage.refresh_from_db(fields=["state"])
    written = _written(visit)
    typed = {"text": written.text, "column": written.column, "named": written.named, "error": message}
    typed["for_group"] = written.for_group
    if written.key:
        typed["key"] = written.key
    composer = handler.composer(visit.stage, visit.participant, **typed)
    field = "text" if visit.stage.is_open else ""  # without a form there is nothing to lead to
    return board_page(visit, status, [(field, message)], composer=composer, typed=written.text)


def _done(visit: Visit, note: Note) -> HttpResponse:
    said = _("It is on the board.") if note.shown else _("Saved. A person checks it before others see it.")
    response: HttpResponse
    if wants_json(visit.request):
        fresh = handler.composer(visit.stage, visit.participant)["key"]  # type: ignore[arg-type]
        context = {"mine": reading.mine(visit.stage, visit.participant), "stage": visit.stage}
        html = render_to_string("changemakers/boards/mine.html", context)
        response = JsonResponse({"ok": True, "id": note.pk, "says": said, "key": fresh, "mine": html})
    else:
        messages.success(visit.request, said)
        back = visit.request.POST.get("back") == "live"
        response = redirect(
            visit.home if back else f"/changemakers/{visit.engagement.slug}/board-{visit.stage.pk}/"
        )
    # For the script that keeps drafts: the server has this attempt.
    key = visit.request.POST.get("key", "")[:64]
    where = f"/changemakers/{visit.engagement.slug}/"
    response.set_cookie("posted", key, max_age=60, path=where, samesite="Lax")
    return response


@checks_itself
def note(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One's own note: change it, take it back. Nobody else's is there."""
    row = get_object_or_404(Note.objects.select_related("stage"), pk=pk, stage__engagement__slug=slug)
    visit = Visit.to(request, slug, WITH_NOTES, row.stage_id)
    if visit.participant is None:
        return visit.stranger()
    if row.participant_id != visit.participant.pk:
        raise Http404
    if request.method != "POST":
        return _note_page(visit, row)
    text = request.POST.get("text", "")
    if forged(request):
        return _note_page(visit, row, text, too_old(), 403)
    seconds = visit.wait()
    if seconds:
        words = _("That was a lot at once. Try again in %(seconds)s seconds.") % {"seconds": seconds}
        return _note_page(visit, row, text, words, 429)
    try:
        if request.POST.get("do") == "take-back":
            actions.take_back(row, participant=visit.participant, user=visit.user)
            messages.success(request, _("It is taken back. Nobody sees it any more."))
        else:
            source = limits.pseudonym(request, "room")
            actions.change(row, text, participant=visit.participant, user=visit.user, source=source)
            messages.success(request, _("It is saved."))
    except NotPossible as refused:
        return _note_page(visit, row, text, str(refused), 409)
    return redirect(visit.home)


def _note_page(
    visit: Visit, row: Note, text: str | None = None, error: str = "", status: int = 200
) -> HttpResponse:
    visit.stage.refresh_from_db(fields=["state"])
    own = {one.note.pk: one for one in reading.mine(visit.stage, visit.participant)}
    one = own.get(row.pk)
    if one is None:
        messages.info(visit.request, _("This note was taken back."))
        return redirect(visit.home)
    context = {
        "one": one,
        "text": one.words if text is None else text,
        "error": error,
        "errors": [("text" if one.may_change else "", error)] if error else [],
        "most": handler.MOST_CHARACTERS,
        "title": visit.engagement.page.title,
        "heading": _("Your note"),
        "back_to": visit.home,
    }
    return render(visit.request, "changemakers/boards/note_page.html", context, status=status)
