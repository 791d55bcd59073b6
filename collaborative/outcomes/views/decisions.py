"""What decision pages show: numbers from the newest release alone, quotes through the public door alone."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.models import Page

from collaborative.engagements.models import Engagement
from collaborative.figures.models import Table
from collaborative.outcomes import again, compare, quotes, wording
from collaborative.outcomes.models import (
    TONES,
    Answer,
    Assessment,
    Change,
    Clause,
    ClauseVersion,
    DecisionPage,
    Promise,
    RecommendationPage,
)

PER_PAGE = 20
ANSWERS = {tone: answer for answer, tone in TONES.items()}


def index_context(request: HttpRequest) -> dict[str, Any]:
    """The decisions, newest first, 20 to a page; ?show= takes one tone."""
    show = request.GET.get("show", "")
    found = DecisionPage.objects.live().public().defer_streamfields().order_by("-decided_on", "-number")
    if show in ANSWERS:
        found = found.filter(overall_answer=ANSWERS[show])
    else:
        show = ""
    changes = Change.objects.select_related("clause").order_by("pk")
    page = Paginator(found.prefetch_related(Prefetch("changes", changes)), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return {
        "section": "changed",
        "crumbs": [("", _("What changed"))],
        "page_of": page,
        "entries": [{"decision": decision, **_in_brief(decision)} for decision in page],
        "menu": [("", _("All"))] + [(TONES[answer], answer.label) for answer in Answer],
        "show": show,
        "query": f"show={show}&" if show else "",
    }


def _in_brief(decision: DecisionPage) -> dict[str, Any]:
    changes = list(decision.changes.all())
    clauses = {change.clause.ref: change.clause for change in changes if change.clause}
    return {
        "url": decision.url,
        "sentences": [(ref, wording.number_of(c.kind, ref)) for ref, c in clauses.items()],
        "promises": sum(1 for change in changes if change.promise_id),
    }


def page_context(page: DecisionPage, request: HttpRequest) -> dict[str, Any]:
    """All of one decision, published or in preview, in a number of queries that does not grow."""
    table = Table.objects.now(f"decision.{page.slug}")
    figures = dict(table.content) if table else None
    counted = {row["code"]: row["n"] for row in figures["themes"]} if figures else {}
    sides = _sides(page, figures)
    later = again.by_topic(page.dispositions.current()) if page.pk else {}
    engagements = Engagement.objects.filter(pk__in=_keys(page.engagements)).select_related("page")
    return {
        "section": "changed",
        "crumbs": [
            ("/decisions/", _("What changed")),
            ("", _("Decision %(number)s") % {"number": page.number}),
        ],
        "figures": figures,
        "counted_at": table.release.cut_at if table else None,
        "sides": sides,
        # A nought over words that were said would belie them, and one number alone would weigh one side.
        "sides_counted": bool(figures) and not any(side["n"] == 0 and side["summary"] for side in sides),
        "answers": [_answer(block.value, figures, counted, later) for block in page.answers],
        "ideas": _ideas(page),
        "changes": _clause_changes(page),
        "nothing": [block.value for block in page.changes_made if block.block_type == "nothing"],
        "promises": [_promise(block.value) for block in page.changes_made if block.block_type == "promise"],
        "engagements": [
            {"title": one.title, "closes_at": one.closes_at, "url": one.page.url if one.page.live else ""}
            for one in engagements.order_by("closes_at", "pk")
        ],
        "recommendations": _live(RecommendationPage, page.recommendations).order_by("number"),
        "assessments": Assessment.objects.filter(pk__in=_keys(page.assessments)),
        "replaced_by": list(page.replaced_by.live()) if page.pk else [],
    }


def _keys(related: Any) -> Any:
    """Part of the next query for a page as it stands; of a draft, what it holds."""
    found = related.all()
    return found.values("pk") if isinstance(found, QuerySet) else [one.pk for one in found]


def _live(model: type[Page], related: Any) -> Any:
    return model.objects.live().public().filter(pk__in=_keys(related)).defer_streamfields()


def _sides(page: DecisionPage, figures: dict[str, Any] | None) -> list[dict[str, Any]]:
    """For and against, equal: what was said, how many said so, and some of the words."""
    groups = figures["groups"] if figures else []
    chosen = [(block.value["side"], block.value["passage"]) for block in page.quotes]
    ids = [passage.pk for _side, passage in chosen if passage]
    safe = [group["slug"] for group in groups if group["n"] is not None]
    found = quotes.shown(ids, safe) if ids else {}
    return [
        {
            "key": key,
            "title": title,
            "summary": summary,
            "n": figures[key] if figures else None,
            "quotes": [found[p.pk] for side, p in chosen if side == key and p and p.pk in found],
        }
        for key, title, summary in (
            ("for", _("For"), page.for_heard),
            ("against", _("Against"), page.against_heard),
        )
    ]


def _answer(
    value: Any,
    figures: dict[str, Any] | None,
    counted: dict[str, Any],
    later: dict[int, again.Again],
) -> dict[str, Any]:
    theme = value["theme"]
    return {
        "theme": theme,
        "tone": TONES.get(value["answer"], "wait"),
        "reason": value["reason"],
        "again": later.get(theme.pk) if theme else None,
        "counted": figures is not None and theme is not None and theme.code in counted,
        "n": counted.get(theme.code) if theme else None,
    }


def _ideas(page: DecisionPage) -> list[dict[str, Any]]:
    """The proposals that it answers, each with where it comes from: as the page, or its draft, has them."""
    values = [block.value for block in page.proposals if block.value["proposal"]]
    if not values:
        return []
    ids = {value["proposal"].engagement_id for value in values}
    places = Engagement.objects.select_related("page").in_bulk(ids)
    return [_idea(value, places[value["proposal"].engagement_id]) for value in values]


def _idea(value: Any, place: Engagement) -> dict[str, Any]:
    idea = value["proposal"]
    return {
        "idea": idea,
        "tone": TONES.get(value["answer"], "wait"),
        "reason": value["reason"],
        "from": place,
        "url": f"{place.page.url}#{idea.anchor}" if place.page.live else "",
    }


def _promise(value: Any) -> dict[str, Any]:
    state = value["state"] or Promise.State.NOT_STARTED
    return {**value, "state": Promise.State(state).label}


def _clause_changes(page: DecisionPage) -> list[dict[str, Any]]:
    """Old and new words of each sentence that it changed, or what it asks for until that is published."""
    if not page.pk:
        return []
    changes = list(
        page.changes.filter(clause__isnull=False).select_related("clause", "made_by").order_by("pk")
    )
    made = [change.made_by for change in changes if change.made_by]
    earlier = Q(pk=None)
    for version in made:
        earlier |= Q(clause=version.clause_id, number=version.number - 1)
    before = {v.clause_id: v.parts for v in ClauseVersion.objects.filter(earlier)} if made else {}
    return [_clause_change(change, before.get(change.clause_id, {})) for change in changes]


def _clause_change(change: Change, before: dict[str, str]) -> dict[str, Any]:
    clause: Clause = change.clause  # type: ignore[assignment]  # only changes of a sentence come here
    new = change.made_by.parts.get(change.part, "") if change.made_by else ""
    pieces = compare.words(before.get(change.part, ""), new)
    return {
        "ref": clause.ref,
        "name": wording.number_of(clause.kind, clause.ref),
        "part": wording.PART_LABELS[change.part] if change.part in wording.AUDIENCES else "",
        "intended": change.intended,
        "made": change.made_by,
        "was": compare.earlier(pieces) if before else [],
        "now": compare.later(pieces),
    }
