"""What a consultation needs besides its terms before it opens: one list, to show and to refuse by."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from collaborative.consultations.editions import table
from collaborative.consultations.models.questions import Question
from collaborative.consultations.problems import problems
from collaborative.consultations.questions import standing_questions
from collaborative.contributions.models import Edition
from collaborative.engagements import gates
from collaborative.engagements.gates import Gate, Rule
from collaborative.engagements.models import Engagement
from collaborative.outcomes.models import DecisionPage

FEEDBACK = ("we_asked", "we_asked_on", "you_said", "you_said_on", "we_did", "we_did_on")


def rules(page: Any, engagement: Engagement | None) -> list[Rule]:
    """Questions that can be asked as they stand, feedback that can be answered for. Seven queries at most."""
    words = _("It asks at least one question, and each can be asked as it stands.")
    asks = Rule("", words, _asks(page, engagement))
    old = editions_out_of_date(page, engagement)
    said = {name: getattr(page, name) for name in FEEDBACK}
    if not any(said.values()):
        return [asks, *old]
    told = tuple(Gate(*one) for one in feedback_problems(said, page.pk))
    return [
        asks,
        *old,
        Rule("FBK-1", _("What came of it has its day, and a decision that answers for it."), told),
    ]


def editions_out_of_date(page: Any, engagement: Engagement | None) -> list[Rule]:
    """LNG-3: where the standard text has moved on and another edition has not. It stops nothing: whoever
    answers in that edition is told. Two queries."""
    found = table([child.value for child in page.questions], published_questions(engagement))
    notes = [
        _("Question %(n)s: “%(edition)s” is out of date.")
        % {"n": row.number, "edition": Edition(cell.edition).label}
        for row in found
        for cell in row.cells
        if cell.state == "old"
    ]
    words = _("The standard text has changed, and another edition has not.")
    return [Rule("LNG-3", words, notes=tuple(notes))] if notes else []


def published_questions(engagement: Engagement | None) -> dict[str, Question]:
    """What is published of each question, by its key, with all wordings. Two queries."""
    if engagement is None or engagement.pk is None:
        return {}
    return {one.key: one for one in standing_questions(engagement)}


def days_stand(page: Any, engagement: Engagement | None) -> list[Rule]:
    """Asked of a consultation that has opened. No query."""
    if engagement is None or engagement.state == Engagement.State.COMING:
        return []
    words = _("It has opened, so its days are what people were told.")
    return [Rule("", words, gates.moved(page, engagement))]


def _asks(page: Any, engagement: Engagement | None) -> tuple[Gate, ...]:
    blocks = [child.value for child in page.questions]
    found = problems(blocks, engagement, promised=page.editions)
    return tuple(
        Gate(
            "questions",
            one.message
            if one.index is None
            else _("Question %(n)s: %(what)s") % {"n": one.index + 1, "what": one.message},
        )
        for one in found
    )


def feedback_problems(fields: Mapping[str, Any], page_id: int | None) -> list[tuple[str, str]]:
    """FBK-1: each part of the feedback has its date, and "we did" is answered for by a published decision."""
    found = [
        (f"{name}_on", _("Say on which day."))
        for name in ("we_asked", "you_said", "we_did")
        if fields.get(name) and not fields.get(f"{name}_on")
    ]
    answering = DecisionPage.objects.live().filter(engagements__page=page_id or 0)
    if fields.get("we_did") and not answering.exists():
        found.append(("we_did", _("First publish the decision that answers this consultation.")))
    return found
