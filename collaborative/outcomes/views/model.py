"""The plan, its versions, two of them compared, and the address of each sentence."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from collaborative.accept import as_json, wants_json
from collaborative.outcomes import reading, records
from collaborative.outcomes.forms import CompareForm, DayForm
from collaborative.outcomes.models import ModelPage, ModelVersion
from collaborative.outcomes.wording import AUDIENCES, FIRST_AUDIENCE


def _audience(request: HttpRequest) -> dict[str, Any]:
    """Whose words are shown: one of a fixed menu, a young person's when none or nonsense is asked for."""
    who = request.GET.get("who", FIRST_AUDIENCE)
    return {"who": who if who in AUDIENCES else FIRST_AUDIENCE, "audiences": AUDIENCES.items()}


def _found(book: reading.Book, number: int) -> ModelVersion:
    version = book.version(number)
    if version is None:
        raise Http404
    return version


def _day(request: HttpRequest) -> DayForm:
    return DayForm(request.GET if "on" in request.GET else None)


def _name(version: ModelVersion, current: ModelVersion | None) -> str:
    said = _("Version %(number)s, %(date)s") % {
        "number": version.number,
        "date": date_format(localdate(version.approved_at), "j F Y"),
    }
    return _("%(version)s (now)") % {"version": said} if version == current else said


@require_safe
@vary_on_headers("Accept")
def plan(request: HttpRequest) -> HttpResponse:
    """/model/: the current version, and beside each sentence who shaped it."""
    book = reading.Book()
    current = book.current
    context: dict[str, Any] = {"section": "plan", "versions": book.versions, "current": current}
    context["draft"] = reading.draft_on_its_way(current)
    if wants_json(request):
        return as_json(records.version(book, current) if current else records.versions(book))
    if current:
        sentences = book.sentences(current)
        reading.shape([sentence for kind in sentences.values() for sentence in kind])
        page = ModelPage.objects.live().only("introduction").first()
        context |= {**sentences, **_audience(request), "introduction": page.introduction if page else ""}
        context["earlier"] = book.version(current.number - 1)
    return render(request, "outcomes/model.html", context)


@require_safe
@vary_on_headers("Accept")
def versions(request: HttpRequest) -> HttpResponse:
    """/model/versions/: all of them, newest first. With ?on=, the one that stood on that day."""
    book = reading.Book()
    form = _day(request)
    if form.is_bound and form.is_valid():
        then = book.on(form.cleaned_data["on"])
        if then:
            return redirect("model_version", then.number)
        form.add_error("on", _("Our plan was not published yet on that day."))
    if wants_json(request):
        return as_json(records.versions(book))
    draft = reading.draft_on_its_way(book.current)
    context = {
        "section": "plan",
        "versions": book.versions,
        "current": book.current,
        "draft": draft,
        "day": form,
    }
    return render(request, "outcomes/versions.html", context)


@require_safe
@vary_on_headers("Accept")
def version(request: HttpRequest, number: int) -> HttpResponse:
    """/model/versions/<n>/: one version as it was approved, for ever (TOM-3)."""
    book = reading.Book()
    shown = _found(book, number)
    if wants_json(request):
        return as_json(records.version(book, shown))
    context = {
        "section": "plan",
        "version": shown,
        "current": book.current,
        "earlier": book.version(number - 1),
        "later": book.version(number + 1),
        **book.sentences(shown),
        **_audience(request),
    }
    return render(request, "outcomes/version.html", context)


@require_safe
@vary_on_headers("Accept")
def compare(request: HttpRequest, a: int, b: int) -> HttpResponse:
    """/model/compare/<a>/<b>/: what leads from one version to another, word by word, either way round."""
    book = reading.Book()
    old, new = _found(book, a), _found(book, b)
    found = reading.comparison(book, old, new)
    if wants_json(request):
        return as_json(records.comparison(old, new, found))
    context = {
        "section": "plan",
        "a": old,
        "b": new,
        "options": [(version.number, _name(version, book.current)) for version in book.versions],
        **found,
    }
    return render(request, "outcomes/compare.html", context)


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """/model/compare/?a=&b=: leads to the comparison; without two known versions, to the newest one."""
    book = reading.Book()
    form = CompareForm(request.GET, versions=[(v.number, str(v)) for v in book.versions])
    if form.is_valid():
        return redirect("model_compare", form.cleaned_data["a"], form.cleaned_data["b"])
    if len(book.versions) > 1:
        return redirect("model_compare", book.versions[1].number, book.versions[0].number)
    return redirect("model_versions")


@require_safe
@vary_on_headers("Accept")
def sentence(request: HttpRequest, ref: str) -> HttpResponse:
    """/model/clauses/<ref>/: what a sentence says now or why it was taken out, and how it came about.

    With ?on=2026-05-07, also what it said at the end of that day, and why.
    """
    book = reading.Book()
    if ref not in book.history:
        if ref.upper() in book.history:
            return redirect("model_clause", ref.upper())
        raise Http404
    steps = reading.history(book, ref)
    reading.shape(steps[:1])
    form = _day(request)
    day = form.cleaned_data["on"] if form.is_bound and form.is_valid() else None
    then = reading.on_day(book, steps, day) if day else None
    if wants_json(request):
        return as_json(records.sentence(steps, then, day.isoformat() if day else ""))
    context = {
        "section": "plan",
        "now": steps[0],
        "steps": steps,
        "retired": steps[0].row.kind == steps[0].row.Kind.RETIRED,
        "current": book.current,
        "day": form,
        "on": day,
        "then": then,
    }
    return render(request, "outcomes/clause.html", context)
