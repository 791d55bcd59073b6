"""Arranging small groups: one page for whoever runs the workshop, before the part and while it lasts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from collaborative.changemakers.breakouts import actions, handler
from collaborative.changemakers.breakouts.reading import Arrangement
from collaborative.changemakers.room.kinds import FACILITATOR
from collaborative.changemakers.room.models import Breakout, Kind, NamedAdult, Participant
from collaborative.changemakers.room.visiting import Visit
from collaborative.contributions.actions import NotPossible
from collaborative.people.models import User


def page(visit: Visit, error: str = "", status: int = 200) -> HttpResponse:
    """With `error`, what was typed comes back, and the message stands beside its field."""
    typed = visit.request.POST if error else QueryDict()
    do, group = typed.get("do", ""), typed.get("group", "")
    visit.stage.refresh_from_db()
    found = handler.around(visit.stage, None, FACILITATOR)
    arranged: Arrangement = found["arranged"]
    for table in arranged.tables:
        if do == "change" and str(table.group.row.pk) == group:
            table.name, table.where, table.error = typed.get("name", ""), typed.get("where", ""), error
    context = {
        **found,
        "stage": visit.stage,
        "slug": visit.engagement.slug,
        "people": [(person.pk, _with_place(person, table.group.row)) for person, table in arranged.placed]
        + [(person.pk, _with_place(person, None)) for person in arranged.without],
        "groups": [(table.group.row.pk, table.group.row.title) for table in arranged.tables],
        "adults": [(adult.pk, adult.name) for adult, _group in arranged.adults],
        "wrong": {do: error},
        "errors": [(_field(do, group), error)] if error else [],
        "typed": typed,
        "adding": typed if do == "add" else {},
        "title": visit.engagement.page.title,
        "heading": _("Arrange the groups: %(part)s") % {"part": visit.stage.title},
        "back_to": f"/changemakers/{visit.engagement.slug}/facilitate/",
    }
    return render(visit.request, "changemakers/breakouts/arrange.html", context, status=status)


def _with_place(person: Participant, group: Breakout | None) -> str:
    where = group.title if group else _("no group yet")
    return _("%(person)s (%(where)s)") % {"person": person.name, "where": where}


@never_cache
@require_POST
def arrange(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    visit = Visit.to(request, slug, Kind.BREAKOUTS, pk, early=True)
    if visit.facilitator is None:
        return visit.not_theirs()
    posted, do = request.POST, request.POST.get("do", "")
    try:
        said = _do(visit, do, visit.facilitator)
    except NotPossible as refused:
        return page(visit, str(refused), 409)
    messages.success(request, said)
    if posted.get("back") == "console":
        return redirect("room_console", slug)
    return redirect("breakouts", slug, pk)


def _field(do: str, group: str) -> str:
    """The id of the field that a message stands beside."""
    fields = {"add": "new-name", "move": "person", "send": "adult", "change": f"name-{group}"}
    return fields.get(do, "")


def _do(visit: Visit, do: str, by: User) -> str:
    stage, posted = visit.stage, visit.request.POST
    if do == "spread":
        return _placed(actions.spread(stage, by=by))
    if do == "reshuffle":
        left = actions.reshuffle(stage, seen=_number(posted.get("seen", "")), by=by)
        if left is None:
            return _("The groups were mixed a moment ago. They are not mixed again.")
        return _placed(left)
    if do == "add":
        seen = _number(posted.get("seen", ""))
        actions.add_group(stage, posted.get("name", ""), posted.get("where", ""), seen=seen, by=by)
        return _("There is one more group.")
    if do == "move":
        actions.move(stage, _person(visit), _group(visit, or_none=True), by=by)
        return _("They have another place.")
    if do == "send":
        return _brought_back(actions.send_adult(stage, _adult(visit), _group(visit, or_none=True), by=by))
    return _with_group(visit, do, by)


def _with_group(visit: Visit, do: str, by: User) -> str:
    stage, posted, group = visit.stage, visit.request.POST, _group(visit)
    assert group is not None
    if do == "change":
        actions.change_group(stage, group, posted.get("name", ""), posted.get("where", ""), by=by)
        return _("It is saved.")
    if do == "take-notes":
        taker = _person(visit) if posted.get("person") else None
        actions.name_note_taker(stage, group, taker, by=by)
        return _("It is saved.")
    if do == "take-away":
        actions.take_away(stage, group, by=by)
        return _("The group is taken away.")
    if do == "settled":
        actions.settled(stage, group, who=by)
        return _("The call is cleared.")
    raise NotPossible(_("Choose what to do."))


def _placed(left: int) -> str:
    if not left:
        return _("Everybody has a place, but those who would rather not.")
    text = ngettext(
        "%(n)s person has no place: the groups are full, or no group has two named adults for them.",
        "%(n)s people have no place: the groups are full, or no group has two named adults for them.",
        left,
    )
    return text % {"n": left}


def _brought_back(n: int) -> str:
    if not n:
        return _("It is saved.")
    text = ngettext(
        "It is saved. %(n)s person under 18 came back to the main room.",
        "It is saved. %(n)s people under 18 came back to the main room.",
        n,
    )
    return text % {"n": n}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else -1


def _group(visit: Visit, *, or_none: bool = False) -> Breakout | None:
    typed = visit.request.POST.get("group", "")
    if or_none and typed == "none":
        return None
    found = Breakout.objects.filter(stage=visit.stage, pk=_number(typed)).first()
    if found is None:
        raise NotPossible(_("Choose a group."))
    return found


def _person(visit: Visit) -> Participant:
    rows = Participant.objects.here().filter(engagement=visit.engagement)
    found = rows.filter(pk=_number(visit.request.POST.get("person", ""))).first()
    if found is None:
        raise NotPossible(_("Choose a person."))
    found.engagement = visit.engagement
    return found


def _adult(visit: Visit) -> NamedAdult:
    rows = NamedAdult.objects.filter(engagement=visit.engagement)
    found = rows.filter(pk=_number(visit.request.POST.get("adult", ""))).first()
    if found is None:
        raise NotPossible(_("Choose an adult."))
    return found
