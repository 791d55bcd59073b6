"""Moving, grouping and merging: by buttons on a page of its own, and by the script that drags."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from collaborative.accept import wants_json
from collaborative.changemakers.boards import actions, reading
from collaborative.changemakers.boards.actions.moving import END, TOP, Place, nudge
from collaborative.changemakers.boards.actions.standing import columns_of
from collaborative.changemakers.boards.models import Card, Cluster, Note
from collaborative.changemakers.boards.reading import Group, Shown
from collaborative.changemakers.room.models import WITH_NOTES, Participant
from collaborative.changemakers.room.visiting import FACILITATOR, Visit
from collaborative.contributions.actions import NotPossible
from collaborative.people.models import User

LONGEST = 9  # words of a note in a list to choose from
FIELDS = {"move": "place", "group": "other", "merge": "other", "name": "name"}  # where a message stands


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    rows = Card.objects.filter(stage__engagement__slug=slug)
    row = rows.filter(pk=pk).first()
    if row is None:
        return _gone(request, slug)
    visit = Visit.to(request, slug, WITH_NOTES, row.stage_id)
    if visit.who is None:
        return visit.stranger()
    viewer = visit.who if isinstance(visit.who, Participant) else None
    if viewer and not rows.filter(reading.visible_cards(viewer), pk=pk).exists():
        raise Http404
    return _act(visit, row) if request.method == "POST" else _page(visit, row)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = Cluster.objects.filter(stage__engagement__slug=slug, pk=pk).first()
    if row is None:
        return _gone(request, slug)
    visit = Visit.to(request, slug, WITH_NOTES, row.stage_id)
    if visit.who is None:
        return visit.stranger()
    return _act(visit, row) if request.method == "POST" else _page(visit, row)


def _gone(request: HttpRequest, slug: str) -> HttpResponse:
    """Somebody merged it or took it apart a moment ago: the board says how things are now."""
    message = _("This is not on the board any more. Somebody put it together with another note.")
    if wants_json(request):
        return JsonResponse({"errors": [{"field": "", "message": message}]}, status=409)
    if request.method != "POST":
        raise Http404
    messages.info(request, message)
    return redirect(f"/changemakers/{slug}/live/")


def _act(visit: Visit, row: Card | Cluster) -> HttpResponse:
    seconds = visit.wait()
    if seconds:
        words = _("That was a lot at once. Try again in %(seconds)s seconds.") % {"seconds": seconds}
        return _refused(visit, row, words, 429)
    assert visit.who is not None
    try:
        _do(visit, row, visit.who)
    except NotPossible as refused:
        return _refused(visit, row, str(refused), 409)
    if wants_json(visit.request):
        return JsonResponse({"ok": True})
    messages.success(visit.request, _("Done. Everybody sees it now."))
    return redirect(f"{visit.home}#board")


def _do(visit: Visit, row: Card | Cluster, who: Participant | User) -> None:
    posted, what = visit.request.POST, visit.request.POST.get("do", "")
    if what in ("up", "down"):
        nudge(row, -1 if what == "up" else 1, who=who)
    elif what == "move":
        actions.move(row, _place(posted.get("place", "")), who=who)
    elif isinstance(row, Cluster) and what == "dissolve":
        actions.dissolve(row, who=who)
    elif isinstance(row, Cluster) and what == "name" and visit.facilitator:
        actions.name_group(row, posted.get("name", ""), by=visit.facilitator)
    elif isinstance(row, Card) and what in ("group", "merge"):
        other = _other(visit, row, posted.get("other", ""))
        actions.group(row, other, who=who) if what == "group" else actions.merge(row, other, who=who)
    elif isinstance(row, Card) and what == "ungroup":
        actions.ungroup(row, who=who)
    elif isinstance(row, Card) and what == "part":
        note = posted.get("note", "")
        key = int(note) if note.isdecimal() and len(note) < 19 else 0
        found = Note.objects.filter(card=row, pk=key, shown=True).first()
        if found is None:
            raise NotPossible(_("This is not on the board any more."))
        actions.part(found, who=who)
    else:
        raise NotPossible(_("Choose what to do."))


def _place(text: str) -> Place:
    """ "2:end", "g7:top", "2:card.12": a column or a group, and behind what."""
    where, _colon, after = text.partition(":")
    number = where.removeprefix("g")
    if not number.isdecimal() or len(number) > 18:
        raise NotPossible(_("Choose a place."))
    if where.startswith("g"):
        return Place(cluster=int(number), after=after or END)
    return Place(column=int(number), after=after or END)


def _other(visit: Visit, row: Card, text: str) -> Card:
    viewer = visit.who if isinstance(visit.who, Participant) else None
    rows = Card.objects.filter(reading.visible_cards(viewer), stage=row.stage_id)
    found = rows.filter(pk=text).distinct().first() if text.isdecimal() and len(text) < 19 else None
    if found is None:
        raise NotPossible(_("Choose another note."))
    return found


def _refused(visit: Visit, row: Card | Cluster, message: str, status: int) -> HttpResponse:
    if wants_json(visit.request):
        return JsonResponse({"errors": [{"field": "", "message": message}]}, status=status)
    fresh = type(row).objects.filter(pk=row.pk).first()
    if fresh is None:
        messages.info(visit.request, message)
        return redirect(f"{visit.home}#board")
    return _page(visit, fresh, message, status)


def _page(visit: Visit, row: Card | Cluster, error: str = "", status: int = 200) -> HttpResponse:
    columns = reading.board(visit.stage)
    shown = [one for column in columns for one in _cards(column.things)]
    field = FIELDS.get(visit.request.POST.get("do", ""), "") if error else ""
    words = next((one.said for one in shown if isinstance(row, Card) and one.pk == row.pk), [])
    context: dict[str, Any] = {
        "words": words,
        "places": _places(visit, row, columns),
        "others": [],
        "in_group": isinstance(row, Card) and row.cluster_id,
        "group": row if isinstance(row, Cluster) else None,
        "may_name": isinstance(visit.who, User),
        "acting": FACILITATOR if isinstance(visit.who, User) else "",
        "errors": [(field, error)] if error else [],
        "error": {field: error},
        "title": visit.engagement.page.title,
        "heading": row.title if isinstance(row, Cluster) else _("Move a note"),
        "back_to": f"{visit.home}#board",
    }
    if isinstance(row, Card):
        context["others"] = [
            (one.pk, Truncator(one.said[0].words).words(LONGEST)) for one in shown if one.pk != row.pk
        ]
    return render(visit.request, "changemakers/boards/card_page.html", context, status=status)


def _cards(things: list[Shown | Group]) -> list[Shown]:
    return [card for one in things for card in (one.cards if isinstance(one, Group) else [one])]


def _places(visit: Visit, row: Card | Cluster, columns: list[reading.Column]) -> list[tuple[str, str]]:
    places = []
    names = columns_of(visit.stage)
    for column in columns:
        name = names[column.number] or _("Notes")
        places.append((f"{column.number}:{TOP}", _("%(column)s, at the top") % {"column": name}))
        places.append((f"{column.number}:{END}", _("%(column)s, at the end") % {"column": name}))
        if isinstance(row, Card):
            groups = [one for one in column.things if isinstance(one, Group)]
            places += [
                (
                    f"g{one.pk}:{END}",
                    _("%(column)s, in “%(group)s”") % {"column": name, "group": one.cluster.title},
                )
                for one in groups
            ]
    return places
