"""The workbench: sorting what people said into topics, inside the Wagtail admin."""

import hashlib
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from collaborative.analysis import actions
from collaborative.analysis.forms import PassageForm, SortFilter
from collaborative.analysis.models import Coding, ThemeVersion
from collaborative.analysis.passages import between_words, segments
from collaborative.analysis.permissions import user_may_code
from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Contribution, Permission, Wording
from collaborative.staff import actor, only, paged, screen

PER_PAGE = 25


@only(user_may_code)
@require_safe
def sort(request: HttpRequest) -> HttpResponse:
    """What may be sorted, by question and group. What waits, was refused or was passed on is not there."""
    wanted = SortFilter(request.GET)
    rows = wanted.rows().with_newest_text().select_related("engagement", "group", "file")  # type: ignore[attr-defined]
    return screen(
        request,
        "analysis/sort.html",
        title=_("Sort what people said"),
        icon="tag",
        filter=wanted,
        query=wanted.query(),
        withheld=Permission.NOT_PUBLISHED,
        **paged(request, rows, PER_PAGE),
    )


@only(user_may_code)
def passage(request: HttpRequest, reference: str) -> HttpResponse:
    """One thing somebody said: choose words, choose a topic, apply."""
    wanted = SortFilter(request.GET)
    row = (
        Contribution.objects.analysable()
        .select_related("engagement", "group", "receipt", "file", "no_topic__by")
        .filter(reference=reference)
        .first()
    )
    wording = row.wordings.order_by("-number").first() if row else None
    if row is None or wording is None:
        messages.warning(request, _("%(reference)s may not be sorted (any more).") % {"reference": reference})
        return redirect(reverse("analysis_sort") + wanted.query())
    form = PassageForm(request.POST) if request.method == "POST" else _fresh_form(request, wording)
    if form.is_bound and form.is_valid():
        done = _apply(request, form, wording)
        if done is not None:
            return redirect(_address(row, wanted, done))
    return _bench(request, wanted, row, wording, form)


def _fresh_form(request: HttpRequest, wording: Wording) -> PassageForm:
    """With the words still chosen that got their last topic, so that they can get another."""
    initial: dict[str, Any] = {"token": PassageForm.fresh_token(), "wording": wording.pk}
    for name in ("start", "end"):
        if request.GET.get(name, "").isdecimal():
            initial[name] = int(request.GET[name])
    return PassageForm(initial=initial)


def _address(row: Contribution, wanted: SortFilter, done: Coding | None = None) -> str:
    query = wanted.query()
    if done is not None:
        query += f"{'&' if query else '?'}start={done.start}&end={done.end}"
    return reverse("analysis_passage", args=[row.reference]) + query


def _apply(request: HttpRequest, form: PassageForm, wording: Wording) -> Coding | None:
    """Write the coding. None when it could not be: the form then says why."""
    sent = form.cleaned_data
    try:
        if sent["wording"] != wording.pk:
            raise NotPossible(_("These words have changed since. Choose again."))
        start, end = sent.get("start"), sent.get("end")
        if start is None or end is None:
            start, end = between_words(wording.text, sent["first"], sent["last"])
        coding = actions.apply_theme(
            wording,
            start,
            end,
            sent["theme"],
            by=actor(request),
            stance=sent["stance"],
            key=_key(sent["token"], start, end, sent["theme"].pk, sent["stance"]),
        )
    except NotPossible as refusal:
        form.add_error("first", str(refusal))
        return None
    messages.success(request, _("Sorted under %(topic)s.") % {"topic": sent["theme"]})
    return coding


def _key(token: str, *parts: object) -> str:
    """One page may be sent for several passages: the same one twice is a double click, another is not."""
    return hashlib.sha256("\n".join([token, *map(str, parts)]).encode()).hexdigest()


def _bench(
    request: HttpRequest, wanted: SortFilter, row: Contribution, wording: Wording, form: PassageForm
) -> HttpResponse:
    codings = list(
        Coding.objects.filter(wording__contribution=row)
        .select_related("theme", "theme_version", "coder", "retraction", "retraction__by")
        .order_by("start", "end", "pk")
    )
    here = [one for one in codings if one.wording_id == wording.pk]
    live = [one for one in here if not one.is_retracted]
    context = {
        "row": row,
        "withheld": row.permission == Permission.NOT_PUBLISHED,
        "wording": wording,
        "form": form,
        "segments": segments(wording.text, live),
        "none": None if live else getattr(row, "no_topic", None),
        "live": [(one, wording.text[one.start : one.end]) for one in live],
        "past": [(one, wording.text[one.start : one.end]) for one in here if one.is_retracted],
        "earlier": [one for one in codings if one.wording_id != wording.pk],
        "topics": ThemeVersion.objects.in_use(),
        "query": wanted.query(),
        **_around(wanted.rows(), row, wanted),
    }
    return screen(
        request,
        "analysis/passage.html",
        title=_("Sort %(reference)s") % {"reference": row.reference},
        icon="tag",
        crumbs=[(reverse("analysis_sort") + wanted.query(), _("Sort what people said"))],
        **context,
    )


def _around(rows: QuerySet[Contribution], row: Contribution, wanted: SortFilter) -> dict[str, Any]:
    """What comes before and after this one in the list somebody works through, and how much there is."""
    before = rows.filter(pk__lt=row.pk).order_by("-pk").first()
    after = rows.filter(pk__gt=row.pk).first()
    return {
        "before": _address(before, wanted) if before else "",
        "after": _address(after, wanted) if after else "",
        "left": rows.filter(pk__gt=row.pk).count(),
    }


@only(user_may_code)
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one coding back. It stays in the record."""
    coding = get_object_or_404(
        Coding.objects.select_related("theme", "wording__contribution").filter(
            wording__contribution__in=Contribution.objects.analysable()
        ),
        pk=pk,
    )
    actions.retract(coding, by=actor(request))
    messages.success(request, _("%(topic)s is taken back.") % {"topic": coding.theme})
    return redirect(_address(coding.wording.contribution, SortFilter(request.GET)))


@only(user_may_code)
@require_POST
def no_topic(request: HttpRequest, reference: str) -> HttpResponse:
    """Nothing in these words raises a topic: say so, and go on to the next."""
    wanted = SortFilter(request.GET)
    row = get_object_or_404(Contribution.objects.analysable(), reference=reference)
    newest = row.wordings.order_by("-number").first()
    try:
        if newest is None or request.POST.get("wording") != str(newest.pk):
            raise NotPossible(_("These words have changed since. Read them again."))
        actions.no_topic(row, by=actor(request))
    except NotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect(_address(row, wanted))
    messages.success(request, _("%(reference)s: read, and no topic in it.") % {"reference": reference})
    after = _around(wanted.rows(), row, wanted)["after"]
    return redirect(after or reverse("analysis_sort") + wanted.query())
