"""The screens on which staff bring a file of answers, say what is in it, and let it come in."""

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collaborative import sheets, staff
from collaborative.consultations.imports import actions, columns
from collaborative.consultations.imports.permissions import user_may_import
from collaborative.consultations.imports.words import NOT_FROM_FILES
from collaborative.consultations.models import Import, ImportProblem
from collaborative.consultations.questions import Sheet
from collaborative.consultations.views.keying import ICON, crumbs, takes_answers
from collaborative.contributions.models import Channel, Edition, RespondentKind
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.people.models import AgeBand

ON_A_PAGE = 50
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@staff.only(user_may_import)
def bring(request: HttpRequest, pk: int) -> HttpResponse:
    engagement = takes_answers(pk)
    error = ""
    if request.method == "POST":
        given = request.FILES.get("file")
        if given is None:
            error = _("Choose a file.")
        else:
            try:
                one = _bring(engagement, given, request)
            except Refused as refused:
                error = refused.messages[0]
            else:
                return redirect("imports_file", one.pk)
    return staff.screen(
        request,
        "consultations/staff/bring.html",
        title=_("Bring a file"),
        icon=ICON,
        crumbs=crumbs(),
        status=422 if error else 200,
        engagement=engagement,
        error=error,
        most=actions.MOST_BYTES >> 20,
        most_rows=sheets.MOST_ROWS,
    )


def _bring(engagement: Engagement, given: UploadedFile, request: HttpRequest) -> Import:
    with tempfile.NamedTemporaryFile(prefix="brought-") as file:
        for chunk in given.chunks():
            file.write(chunk)
        file.flush()
        name = given.name or _("A file without a name")
        return actions.bring(engagement, Path(file.name), name, by=staff.actor(request))


@require_safe
@staff.only(user_may_import)
def form(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A file with our own headings, to fill in."""
    if kind not in TYPES:
        raise Http404
    engagement = takes_answers(pk)
    response = HttpResponse(content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{engagement.slug}.{kind}"'
    response["Cache-Control"] = "no-store, private"
    rows = [columns.headings(Sheet(engagement))]
    if kind == sheets.BOOK:
        sheets.write_book(response, rows)  # type: ignore[arg-type]  # it is written to like a file
    else:
        response.write("\ufeff")
        sheets.write_commas(response, rows)  # type: ignore[arg-type]
    return response


@staff.only(user_may_import)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """One file: what is in its columns, how far it is, what is wrong, and what became of it."""
    one = get_object_or_404(Import.objects.select_related("engagement", "by"), pk=pk)
    if request.method == "POST":
        return _do(request, one)
    change = one.state == Import.State.CHECKED and "columns" in request.GET
    if one.state == Import.State.BROUGHT or change:
        return _columns(request, one, actions.offered(one), {})
    return _progress(request, one)


def _do(request: HttpRequest, one: Import) -> HttpResponse:
    verb, by = request.POST.get("do", ""), staff.actor(request)
    if verb == "columns":
        mapping = _mapping(request, one)
        wrong = dict(columns.problems(Sheet(one.engagement), one.headings, mapping))
        if wrong:
            return _columns(request, one, mapping, wrong)
        actions.tell_columns(one, mapping, by=by)
    elif verb in {"let-in", "let-in-good"}:
        actions.let_in(one, good_only=verb == "let-in-good", by=by)
    elif verb == "cancel":
        actions.cancel(one, by=by)
    elif verb == "go-on":
        actions.go_on(one, by=by)
    return redirect("imports_file", one.pk)


def _mapping(request: HttpRequest, one: Import) -> columns.Mapping:
    places = {str(number): request.POST.get(f"column-{number}", "") for number in range(len(one.headings))}
    rest = {name: request.POST.get(f"rest-{name}", "")[:40] for name in columns.REST}
    return {
        "columns": {number: target for number, target in places.items() if target},
        "rest": {name: value for name, value in rest.items() if value},
    }


def _columns(
    request: HttpRequest, one: Import, mapping: columns.Mapping, errors: dict[str, str]
) -> HttpResponse:
    chosen, closes = mapping["columns"], one.engagement.closes_at
    last_day = min(timezone.now(), closes) if closes else timezone.now()
    rest = {"received": timezone.localdate(last_day).isoformat(), "channel": "import", **mapping["rest"]}
    rows = [
        {
            "number": number,
            "heading": heading,
            "samples": [row[number] for row in one.samples if number < len(row) and row[number]],
            "target": chosen.get(str(number), ""),
            "error": errors.get(str(number), ""),
        }
        for number, heading in enumerate(one.headings)
    ]
    channels = [pair for pair in Channel.choices if pair[0] not in NOT_FROM_FILES]
    return staff.screen(
        request,
        "consultations/staff/columns.html",
        title=_("What is in the columns?"),
        files=columns.files_of(Sheet(one.engagement)),
        icon=ICON,
        crumbs=crumbs(),
        status=422 if errors else 200,
        one=one,
        rows=rows,
        targets=columns.targets(Sheet(one.engagement)),
        rest=rest,
        errors=errors,
        listed=[
            (f"column-{name}" if name.isdecimal() else f"rest-{name}" if name else "columns", text)
            for name, text in errors.items()
        ],
        channels=channels,
        bands=AgeBand.choices,
        kinds=RespondentKind.choices,
        editions=[(value, Edition(value).label) for value in Sheet(one.engagement).editions],
    )


def _progress(request: HttpRequest, one: Import) -> HttpResponse:
    context: dict[str, Any] = {"one": one, "State": Import.State, "stopped": one.has_stopped(timezone.now())}
    if one.bad or one.different:
        context |= staff.paged(request, one.problems.order_by("row", "column", "pk"), ON_A_PAGE)
        context["problems"] = [(problem, _heading(one, problem)) for problem in context["page_obj"]]
    return staff.screen(
        request, "consultations/staff/file.html", title=one.file, icon=ICON, crumbs=crumbs(), **context
    )


def _heading(one: Import, problem: ImportProblem) -> str:
    """What stands above the cell; its letter where nothing does."""
    if problem.column is None:
        return ""
    known = problem.column < len(one.headings) and one.headings[problem.column]
    return known or letters(problem.column)


def letters(column: int) -> str:
    """A column as spreadsheet programs name it: 0 is A, 26 is AA."""
    found = ""
    column += 1
    while column:
        column, place = divmod(column - 1, 26)
        found = chr(65 + place) + found
    return found


class _Echo:
    """Hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


@require_safe
@staff.only(user_may_import)
def problems(request: HttpRequest, pk: int) -> HttpResponseBase:
    """All problems as CSV: row, column, heading, what is wrong."""
    one = get_object_or_404(Import, pk=pk)

    def lines() -> Iterator[str]:
        writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
        yield "\ufeff" + writer.writerow([_("Row"), _("Column"), _("Heading"), _("What is wrong")])
        for problem in one.problems.order_by("row", "column", "pk").iterator(chunk_size=1000):
            column = "" if problem.column is None else letters(problem.column)
            cells = [str(problem.row), column, _heading(one, problem), problem.message]
            yield writer.writerow([sheets.guarded(cell) for cell in cells])

    response = StreamingHttpResponse(lines(), content_type=TYPES["csv"])
    response["Content-Disposition"] = f'attachment; filename="problems-{one.pk}.csv"'
    response["Cache-Control"] = "no-store, private"
    return response
