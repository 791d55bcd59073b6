"""How views shaped decisions. Every figure is read from the newest release; one table holds a whole page."""

import csv
import io
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.vary import vary_on_headers
from wagtail.models import Page

from collaborative.accept import as_json, wants_json
from collaborative.analysis.models import Theme
from collaborative.contributions.models import Contribution
from collaborative.figures import markers
from collaborative.figures.models import Table
from collaborative.flow import picture, records
from collaborative.outcomes import again
from collaborative.outcomes.answering import answering_decisions
from collaborative.outcomes.models import Disposition, EvidenceRecord, PutOff, RecommendationPage
from collaborative.outcomes.quotes import signed
from collaborative.people.models import StakeholderGroup
from collaborative.sheets import guarded

A_PAGE = 20
CHANGED = ("/decisions/", gettext_lazy("What changed"))


def _crumbs(here: str) -> list[tuple[str, Any]]:
    return [CHANGED, (reverse("flow"), _("How views shaped decisions")), ("", here)]


@vary_on_headers("Accept")
def flow(request: HttpRequest) -> HttpResponse:
    """One filter at a time, from a fixed menu: `?group=` is the address of a group's own page."""
    chosen = request.GET.get("group", "")
    if chosen:
        return redirect("group", slug=chosen)
    return _flow_page(request, None)


@vary_on_headers("Accept")
def group(request: HttpRequest, slug: str) -> HttpResponse:
    """One group's view of the flow. A group that is counted with a larger one leads to that one."""
    found = get_object_or_404(StakeholderGroup.objects.select_related("parent"), slug=slug)
    if found.parent:
        return redirect("group", slug=found.parent.slug)
    return _flow_page(request, found)


def _flow_page(request: HttpRequest, chosen: StakeholderGroup | None) -> HttpResponse:
    table = Table.objects.now(f"flow.{chosen.slug}" if chosen else "flow")
    if wants_json(request):
        return as_json(records.flow(table, chosen))
    here = (reverse("flow"), _("How views shaped decisions"))
    context: dict[str, Any] = {
        "section": "changed",
        "crumbs": [CHANGED, here, ("", chosen.name)] if chosen else [CHANGED, here],
        "chosen": chosen,
        "groups": StakeholderGroup.objects.filter(parent=None),
        "table": table,
    }
    if table:
        context |= {
            "release": table.release,
            "answers": picture.answers(table.content),
            "answer_words": [(tone, picture.answer_word(tone)) for tone in table.get("columns")],
            "rows": [
                (row, [row["cells"][tone] for tone in table.get("columns")]) for row in table.get("rows")
            ],
            "topics": picture.topics(table.content) if table.get("picture") else [],
            "svg": picture.svg(table.content) if table.get("picture") else "",
        }
    return render(request, "flow/flow.html", context)


def data(request: HttpRequest) -> HttpResponse:
    """The figures of the page as a file (A11Y-4), from the same release."""
    table = Table.objects.now("flow")
    out = io.StringIO()
    out.write("\ufeff")  # so that spreadsheets read it as UTF-8
    writer = csv.writer(out)
    writer.writerow(["group", "theme", "decision", "answer", "change", "responses", "marker"])
    paths = table.get("paths") if table else []
    for cell in table.get("cells") if table else []:
        path = paths[cell["path"]]
        row = [cell["group"], path["topic"], path["decision"] or "", path["tone"], path["change_title"]]
        writer.writerow(
            [guarded(text) for text in row]
            + ["" if cell["n"] is None else cell["n"], markers.marker(cell["n"])]
        )
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = (
        f'attachment; filename="flow-release-{table.release.number if table else 0}.csv"'
    )
    return response


def groups(request: HttpRequest) -> HttpResponse:
    table = Table.objects.now("heard")
    heard = {row["slug"]: row["n"] for row in table.get("groups")} if table else {}
    rows = [
        (found, heard.get(found.slug), found.slug in heard)
        for found in StakeholderGroup.objects.filter(parent=None).prefetch_related("children")
    ]
    context = {"section": "changed", "crumbs": _crumbs(_("Groups")), "rows": rows, "table": table}
    return render(request, "flow/groups.html", context)


def themes(request: HttpRequest) -> HttpResponse:
    found = list(Theme.objects.filter(retired=False))
    tables = Table.objects.now_many([f"theme.{theme.slug}" for theme in found])
    rows = [(theme, tables.get(f"theme.{theme.slug}")) for theme in found]
    context = {"section": "changed", "crumbs": _crumbs(_("Topics")), "rows": rows}
    return render(request, "flow/themes.html", context)


def theme(request: HttpRequest, slug: str) -> HttpResponse:
    """One topic: what it means, who raised it, what was answered, and words that may be shown."""
    found = get_object_or_404(Theme, slug=slug)
    quotes = (
        Contribution.objects.public()
        .filter(wordings__codings__theme=found, wordings__codings__retraction=None)
        .select_related("receipt__group", "engagement")
        .distinct()
        .order_by("-created_at", "-pk")
    )
    table = Table.objects.now(f"theme.{found.slug}")
    answers = list(Disposition.objects.current().filter(theme=found).select_related("decision"))
    again.hang(answers)
    open_to_all = Page.objects.live().public()
    rows = PutOff.objects.standing().filter(theme=found, engagement__page__in=open_to_all)
    put_off = list(rows.select_related("engagement"))
    answered = answering_decisions() if put_off else {}
    named = {row["slug"] for row in table.get("groups") if row["n"]} if table else set()
    page = Paginator(quotes, A_PAGE).get_page(request.GET.get("page"))
    for said in page:
        said.by = signed(said, named)  # type: ignore[attr-defined]
    context = {
        "section": "changed",
        "crumbs": [CHANGED, (reverse("themes"), _("Topics")), ("", found.name)],
        "theme": found,
        "wording": found.newest_version(),
        "table": table,
        "page": page,
        "answers": answers,
        "put_off": [row for row in put_off if (row.engagement_id, found.pk) not in answered],
        "evidence": EvidenceRecord.objects.filter(theme_items__tag=found),
        "recommendations": RecommendationPage.objects.live().filter(theme_items__tag=found),
    }
    return render(request, "flow/theme.html", context)
