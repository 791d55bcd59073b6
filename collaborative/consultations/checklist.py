"""What a consultation needs besides its terms before it opens: one list, to show and to refuse by."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from collaborative.consultations import feedback
from collaborative.consultations.editions import table
from collaborative.consultations.models.questions import Question
from collaborative.consultations.problems import problems
from collaborative.consultations.questions import standing_questions
from collaborative.contributions.models import Edition
from collaborative.engagements import gates
from collaborative.engagements.gates import Gate, Rule
from collaborative.engagements.models import Engagement

FEEDBACK = (
    *("we_asked", "we_asked_on", "you_said", "you_said_on", "we_did", "we_did_on"),
    "young_feedback",
)


def rules(page: Any, engagement: Engagement | None) -> list[Rule]:
    """Questions that can be asked as they stand, feedback that can be answered for.

    Seven queries at most; where a part of the feedback is to be published, its figures are counted besides.
    """
    words = _("It asks at least one question, and each can be asked as it stands.")
    asks = Rule("", words, _asks(page, engagement))
    old = editions_out_of_date(page, engagement)
    said = {name: getattr(page, name) for name in FEEDBACK}
    if not any(said.values()):
        return [asks, *old]
    return [asks, *old, *_told(said, page, engagement)]


def _told(said: Mapping[str, Any], page: Any, engagement: Engagement | None) -> list[Rule]:
    told = tuple(Gate(*one) for one in feedback.dated(said, page.pk))
    rule = Rule("FBK-1", _("What came of it has its day, and a decision that answers for it."), told)
    if told:
        return [rule]  # counting comes once there is something to stand beside the figures
    young = _("What we did is told for young people too.")
    adds_up = _("The figures beside it are counted from the record, and add up.")
    return [
        rule,
        Rule("LUN-2", young, tuple(feedback.for_young_people(said, page.invites_under_18))),
        Rule("ANA-2", adds_up, tuple(feedback.counted(said, engagement))),
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
    found = problems(blocks, engagement, promised=page.editions, invites_under_18=page.invites_under_18)
    return tuple(
        Gate(
            "questions",
            one.message
            if one.index is None
            else _("Question %(n)s: %(what)s") % {"n": one.index + 1, "what": one.message},
        )
        for one in found
    )
