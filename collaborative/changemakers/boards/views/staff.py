"""What whoever runs the workshop does on a board: check notes, and type in what stands on paper."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from collaborative import sheets
from collaborative.changemakers.boards import actions, handler
from collaborative.changemakers.boards.actions import Written
from collaborative.changemakers.boards.models import Note
from collaborative.changemakers.boards.views.notes import board_page, too_old
from collaborative.changemakers.room.models import WITH_NOTES
from collaborative.changemakers.room.views import checking
from collaborative.changemakers.room.visiting import FACILITATOR, Visit
from collaborative.contributions.actions import NotPossible
from collaborative.csrf import checks_itself, forged

LARGEST = 2 * 1024 * 1024  # of a file with notes


@never_cache
@require_POST
def check(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Let the room see a note, or pass it to safeguarding in one press."""
    rows = Note.objects.select_related("stage", "contribution")
    row = get_object_or_404(rows, pk=pk, stage__engagement__slug=slug)
    visit = Visit.to(request, slug, WITH_NOTES, row.stage_id)
    if not visit.facilitator:
        return visit.not_theirs()
    checking.check(request, row.contribution, done=_("It is on the board."))
    return redirect(f"/changemakers/{slug}/facilitate/#waiting")


@checks_itself
def type_in(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Many notes at once, one on a line, or the rows of a file. All are stored, or none."""
    visit = Visit.to(request, slug, WITH_NOTES, pk)
    if visit.facilitator is None:
        return visit.not_theirs()
    if request.method != "POST":
        return redirect("board", slug, pk)
    try:
        if forged(request):
            raise NotPossible(too_old())
        written = _typed(request) + _filed(request)
        if not written:
            raise NotPossible(_("Write at least one note, or choose a file."))
        new = actions.type_in(visit.stage, written, by=visit.facilitator)
    except (NotPossible, sheets.Unreadable) as refused:
        return _again(visit, str(refused))
    text = ngettext("%(n)s note is added. Check it below.", "%(n)s notes are added. Check them below.", new)
    messages.success(request, text % {"n": new})
    return redirect(f"/changemakers/{slug}/facilitate/#waiting")


def _about(request: HttpRequest) -> tuple[int, bool, str]:
    column = request.POST.get("column", "0")
    number = int(column) if column.isdecimal() and len(column) < 4 else -1
    return number, bool(request.POST.get("reflection")), request.POST.get("table", "")


def _typed(request: HttpRequest) -> list[Written]:
    column, reflection, table = _about(request)
    key = request.POST.get("key", "")[:64]
    lines = [line.strip() for line in request.POST.get("lines", "").splitlines()]
    return [
        Written(
            text=line,
            key=f"{key}:{number}",
            column=column,
            table=table,
            reflection=reflection,
            source=Note.Source.FLIPCHART,
        )
        for number, line in enumerate(lines)
        if line
    ]


def _filed(request: HttpRequest) -> list[Written]:
    """The first cell of each row is a note; the second, where there is one, the table it was written at."""
    file = request.FILES.get("file")
    if file is None:
        return []
    if (file.size or 0) > LARGEST:
        raise NotPossible(_("This file is too large. It may have up to 2 MB."))
    column, reflection, table = _about(request)
    key = request.POST.get("key", "")[:64]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "notes"
        path.write_bytes(file.read())
        rows = list(sheets.rows(path, sheets.kind_of(path)))
    return [
        Written(
            text=cells[0],
            key=f"{key}:file:{number}",
            column=column,
            table=(cells[1].strip() if len(cells) > 1 else "") or table,
            reflection=reflection,
            source=Note.Source.FILE,
        )
        for number, cells in rows
        if cells and cells[0].strip()
    ]


def _again(visit: Visit, message: str) -> HttpResponse:
    """What was typed comes back; only a file has to be chosen once more."""
    column, reflection, table = _about(visit.request)
    posted = visit.request.POST
    typed = {"lines": posted.get("lines", ""), "table": table, "column": column, "reflection": reflection}
    if posted.get("key"):
        typed["key"] = posted["key"][:64]
    visit.who = visit.facilitator  # type: ignore[misc]  # whoever is also in the room types as who runs it
    again = handler.typing(visit.stage, **typed, error=message, open=True)
    return board_page(visit, 422, [("lines", message)], typing=again, acting=FACILITATOR)
