"""The eight decisions of the demonstration board, each published on its day."""

from typing import Any
from uuid import uuid4

from wagtail.models import Page

from collaborative import demonstration
from collaborative.analysis.models import Stance, Theme
from collaborative.demonstration import Days, as_of
from collaborative.engagements.models import Engagement
from collaborative.outcomes.models import Assessment, DecisionPage, Proposal, RecommendationPage
from collaborative.outcomes.quotes import quotable
from collaborative.people.models import User

OVERALL = {"yes": "adopted", "partly": "adopted-in-part", "no": "not-adopted", "later": "later"}
QUOTES_A_SIDE = 2


def load_decisions() -> list[dict[str, Any]]:
    """What there is to load, oldest first, since a later one may rest on an earlier one."""
    return sorted(demonstration.read("outcomes", "decisions")["decision"], key=lambda row: row["day"])


def load_decision(
    row: dict[str, Any],
    parent: Page,
    days: Days,
    by: User,
    ideas: dict[int, tuple[Proposal, str, str]] | None = None,
) -> DecisionPage:
    """`ideas`: number of a decision -> the idea that it answers, the answer and its reason."""
    themes = {theme.code: theme for theme in Theme.objects.all()}
    with as_of(days.at(row["day"], 17)):
        page = DecisionPage(
            title=row["title"],
            slug=row["slug"],
            number=row["number"],
            question=row["question"],
            overall_answer=OVERALL[row["answer"]],
            answer_sentence=row["answer_sentence"],
            decided_on=days.on(row["day"]),
            body_name=row["body"],
            votes_for=row["votes"]["for"],
            votes_against=row["votes"]["against"],
            votes_abstain=row["votes"]["abstain"],
            interests=row["interests"],
            why=row["why"],
            for_heard=row["for_heard"],
            against_heard=row["against_heard"],
            answers=_stream("answers", [_answer(one, themes) for one in row["answers"]]),
            changes_made=_stream("changes_made", _changes(row, days)),
            reopen_if=_stream("reopen_if", [{"type": "line", "value": line} for line in row["reopen_if"]]),
            dissent=_stream("dissent", [_dissent(one) for one in row.get("dissent", [])]),
            status=row["status"],
            interim=row["interim"],
            interim_reason=row["interim_reason"],
            live=False,
        )
        parent.add_child(instance=page)
        page.proposals = _stream("proposals", _ideas(row["number"], ideas or {}))
        page.engagements.set(Engagement.objects.filter(slug__in=row["engagements"]))
        page.recommendations.set(RecommendationPage.objects.filter(number__in=row["recommendations"]))
        page.assessments.set(Assessment.objects.filter(slug__in=row["assessments"]))
        lead = themes[row["answers"][0]["theme"]]
        page.quotes = _stream("quotes", _quotes(lead, list(page.engagements.all())))
        page.save_revision(user=by).publish(user=by)
    return page


def _ideas(number: int, ideas: dict[int, tuple[Proposal, str, str]]) -> list[dict[str, Any]]:
    if number not in ideas:
        return []
    proposal, answer, reason = ideas[number]
    return [{"type": "idea", "value": {"proposal": proposal.pk, "answer": answer, "reason": reason}}]


def _answer(one: dict[str, str], themes: dict[str, Theme]) -> dict[str, Any]:
    value = {"theme": themes[one["theme"]].pk, "answer": one["answer"], "reason": one["reason"]}
    return {"type": "answer", "value": value}


def _changes(row: dict[str, Any], days: Days) -> list[dict[str, Any]]:
    """A promise is named by its place: "promise-1" is the first of the decision's own."""
    blocks = []
    for change in row["changes"]:
        value: Any
        if change["kind"] == "clause":
            value = {key: change[key] for key in ("ref", "part", "intended")}
            value["part"] = value["part"] or "statement"
        elif change["kind"] == "promise":
            promise = row["promises"][int(change["ref"].removeprefix("promise-")) - 1]
            value = {key: promise[key] for key in ("text", "owner", "state", "note")}
            value["due"] = days.on(promise["due"]).isoformat()
        else:
            value = change["reason"] or change["intended"]
        blocks.append({"type": change["kind"], "id": str(uuid4()), "value": value})
    return blocks


def _dissent(one: dict[str, str]) -> dict[str, Any]:
    return {"type": "dissent", "id": str(uuid4()), "value": {"by": one["by"], "text": one["text"]}}


def _quotes(theme: Theme, engagements: list[Engagement]) -> list[dict[str, Any]]:
    """A few passages for and against, from those that may be quoted (RIF-3)."""
    blocks = []
    for side in (Stance.FOR, Stance.AGAINST):
        codings = (
            quotable()
            .filter(theme=theme, stance=side, wording__contribution__engagement__in=engagements)
            .order_by("pk")[:QUOTES_A_SIDE]
        )
        blocks += [{"type": "quote", "value": {"side": side.value, "passage": c.pk}} for c in codings]
    return blocks


def _stream(name: str, blocks: list[dict[str, Any]]) -> Any:
    return DecisionPage._meta.get_field(name).stream_block.to_python(blocks)
