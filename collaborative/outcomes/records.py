"""The plan for machines: the same addresses as the pages, asked for with `Accept: application/json`.

Nothing is here that the page beside it does not show. Days are ISO dates in the time of the site; a number
that the release hides is null with the marker "[c]"; addresses are paths on this site.
"""

from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate

from collaborative.figures.markers import in_record
from collaborative.outcomes.models import DecisionPage, ModelVersion, Review
from collaborative.outcomes.reading import Book, Difference, Sentence

Record = dict[str, Any]


def _version(version: ModelVersion) -> Record:
    return {
        "version": version.number,
        "approved_on": localdate(version.approved_at).isoformat(),
        "approved_by": version.approved_by,
        "summary": version.summary,
        "url": reverse("model_version", args=[version.number]),
    }


def _decision(decision: DecisionPage | None) -> Record | None:
    if decision is None:
        return None
    return {
        "number": decision.number,
        "title": decision.title,
        "answer": decision.overall_answer,
        "url": f"/decisions/{decision.slug}/",
    }


def _answers(decision: DecisionPage | None) -> list[Record]:
    """What was answered to each topic, and what became of the answer since."""
    given = decision.answers_now if decision else []  # type: ignore[attr-defined]
    return [
        {
            "topic": one.theme.name,
            "answer": one.answer,
            "reason": one.reason,
            "looked_at_again": _review(one.again.review if one.again else None),
            "new_views_since": localdate(one.again.since).isoformat()
            if one.again and one.again.since
            else None,
        }
        for one in given
    ]


def _review(review: Review | None) -> Record | None:
    if review is None:
        return None
    return {"on": localdate(review.at).isoformat(), "verdict": review.verdict, "reason": review.reason}


def _why(step: Sentence) -> Record:
    return {
        "version": step.row.model_version_number,
        "change": step.row.kind,
        "editorial": step.row.editorial,
        "reason": step.row.reason,
        "decision": _decision(step.decision),
    }


def _words(sentence: Sentence) -> Record:
    return {
        "ref": sentence.ref,
        "kind": sentence.kind,
        "words": sentence.parts,
        "since_version": sentence.row.model_version_number,
        "url": reverse("model_clause", args=[sentence.ref]),
    }


def _heard(sentence: Sentence) -> Record | None:
    if sentence.heard is None:
        return None
    return {
        "release": sentence.heard.release.number,
        "responses": in_record(sentence.heard.get("base")),
        "groups": [{"name": group["name"], **in_record(group["n"])} for group in sentence.groups],
    }


def versions(book: Book) -> Record:
    return {"versions": [_version(version) for version in book.versions]}


def version(book: Book, shown: ModelVersion) -> Record:
    """One version with its sentences in page order."""
    kinds = book.sentences(shown)
    by_ref = {sentence.ref: sentence for kind in kinds.values() for sentence in kind}
    order = [row.clause.ref for row in book.standing(shown)]
    return {**_version(shown), "sentences": [_words(by_ref[ref]) for ref in order]}


def sentence(steps: list[Sentence], then: "Sentence | None", day: str) -> Record:
    """A sentence now and every wording before it, newest first; with `day`, what stood at the end of it."""
    now = steps[0]
    history = [
        {**_why(step), "since": localdate(step.came_at).isoformat() if step.came_at else None}
        | ({} if step.row.kind == step.row.Kind.RETIRED else {"words": step.parts})
        for step in steps
    ]
    found = {**_words(now), "stands": now.row.kind != now.row.Kind.RETIRED, "heard": _heard(now)}
    if day:
        stood = then is not None and then.row.kind != then.row.Kind.RETIRED
        found["on"] = {"day": day, "words": then.parts if then and stood else None}
        found["on"] |= {"why": _why(then)} if then else {}
    return {**found, "answers": _answers(now.decision), "history": history}


def comparison(old: ModelVersion, new: ModelVersion, found: Record) -> Record:
    """Every sentence that differs, part by part, with the reason for each change in between."""
    return {
        "from": _version(old),
        "to": _version(new),
        "differences": [_difference(one) for one in found["differences"]],
        "same": [sentence.ref for sentence in found["same"]],
        "reordered": found["reordered"],
        "decided_without_words": [_decision(one) for one in found["no_words"]],
    }


def _difference(one: Difference) -> Record:
    before, after = (side.parts if side else {} for side in (one.old, one.new))
    return {
        "ref": one.sentence.ref,
        "url": reverse("model_clause", args=[one.sentence.ref]),
        "parts": [
            {"part": part.part, "before": before.get(part.part), "after": after.get(part.part)}
            for part in one.parts
        ],
        "why": [_why(step) for step in one.reasons],
    }
