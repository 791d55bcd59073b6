"""Questions: checked and frozen when a page is published, and read back in the edition that somebody answers.

Respondents never see the blocks of the page, only what was frozen: a wording once answered stays as it was.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from collaborative.consultations.models.questions import Question, QuestionWording
from collaborative.contributions.models import Edition
from collaborative.engagements.models import Engagement

TEXT = "text"
RANK = "rank"
WHY = "-why"  # after a question's key, for its reason; no question's own key ends so
MANY = "many"
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
Block = Any  # the value of a QuestionBlock: a mapping with its fields


@dataclass(frozen=True)
class Problem:
    """What is wrong with a question: its place among the blocks (None: the whole list), field, message."""

    index: int | None
    field: str
    message: str


def problems(blocks: Iterable[Block], engagement: Engagement | None, *, young: bool) -> list[Problem]:
    """Everything that keeps these questions from being published.

    Once somebody has answered, a question may be put in new words, but its kind and the keys of its choices
    stand, and it cannot go. Two queries at most.
    """
    blocks = list(blocks)
    if not blocks:
        return [Problem(None, "", _("Ask at least one question."))]
    found: list[Problem] = []
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        if block["key"] in seen:
            found.append(Problem(index, "key", _("Another question has this key.")))
        seen.add(block["key"])
        found += _malformed(index, block)
        if young and not block["young"].strip():
            found.append(
                Problem(index, "young", _("There is an edition for young people: ask this in their words."))
            )
    if engagement is not None and engagement.receipts.exists():
        found += _against_answers(blocks, engagement)
    return found


def _malformed(index: int, block: Block) -> list[Problem]:
    found = []
    if not KEY.fullmatch(block["key"]) or block["key"].endswith(WHY):
        found.append(Problem(index, "key", _("Use letters, digits, hyphens and underscores only.")))
    if not block["text"].strip():
        found.append(Problem(index, "text", _("Write the question.")))
    keys = [option["key"] for option in block["options"]]
    if block["type"] == TEXT and keys:
        found.append(Problem(index, "options", _("A question in people's own words has no choices.")))
    if block["type"] != TEXT and len(keys) < 2:
        found.append(Problem(index, "options", _("Give at least two choices.")))
    if len(set(keys)) < len(keys) or not all(KEY.fullmatch(key) for key in keys):
        found.append(
            Problem(
                index, "options", _("Each choice needs a key of its own, of letters, digits and hyphens.")
            )
        )
    return found


def _against_answers(blocks: list[Block], engagement: Engagement) -> list[Problem]:
    found: list[Problem] = []
    place = {block["key"]: index for index, block in enumerate(blocks)}
    for question in _standing(engagement):
        if question.retired:
            continue
        index = place.get(question.key)
        if index is None:
            text = _("“%(key)s” has been answered and cannot be taken out.") % {"key": question.key}
            found.append(Problem(None, "", text))
            continue
        block, newest = blocks[index], _newest(question)
        if block["type"] != question.type:
            found.append(Problem(index, "type", _("This has been answered: its kind cannot change.")))
        keys = {option["key"] for option in block["options"]}
        if keys != {option["key"] for option in newest[Edition.STANDARD].options}:
            found.append(
                Problem(index, "options", _("This has been answered: its choices can only be reworded."))
            )
    return found


def _standing(engagement: Engagement) -> list[Question]:
    return list(engagement.questions.prefetch_related("wordings"))


def _newest(question: Question) -> dict[str, QuestionWording]:
    """The newest wording of each edition, from prefetched rows."""
    newest: dict[str, QuestionWording] = {}
    for wording in sorted(question.wordings.all(), key=lambda one: one.number):
        newest[wording.edition] = wording
    return newest


# Freezing ---------------------------------------------------------------------------------------


def freeze(engagement: Engagement, blocks: Iterable[Block], now: datetime) -> int:
    """Write the questions as they now stand; a changed wording is a new dated row. Returns how many are new.

    The caller has checked `problems()` and holds the lock on the engagement. Five queries at most.
    """
    standing = {question.key: question for question in _standing(engagement)}
    wanted = list(blocks)
    questions = [
        _fill(standing.get(block["key"]), engagement, order, block) for order, block in enumerate(wanted, 1)
    ]
    Question.objects.bulk_create([question for question in questions if question.pk is None])
    gone = [question for key, question in standing.items() if key not in {block["key"] for block in wanted}]
    for question in gone:
        question.retired = True
    fields = ["order", "type", "required", "max_choices", "ask_why", "retired"]
    Question.objects.bulk_update([q for q in questions if q.key in standing] + gone, fields)
    fresh = []
    for question, block in zip(questions, wanted, strict=True):
        newest = _newest(standing[question.key]) if question.key in standing else {}
        fresh += _changed_wordings(question, newest, block, now)
    QuestionWording.objects.bulk_create(fresh)
    return len(fresh)


def _fill(question: Question | None, engagement: Engagement, order: int, block: Block) -> Question:
    question = question or Question(engagement=engagement, key=block["key"])
    question.order, question.type, question.retired = order, block["type"], False
    question.required, question.max_choices = bool(block["required"]), block["max_choices"]
    question.ask_why = bool(block["ask_why"])
    return question


def _changed_wordings(
    question: Question, newest: dict[str, QuestionWording], block: Block, now: datetime
) -> list[QuestionWording]:
    fresh = []
    for edition, words in _in_editions(block).items():
        before = newest.get(edition)
        if before is None or {name: getattr(before, name) for name in words} != words:
            number = before.number + 1 if before else 1
            fresh.append(
                QuestionWording(question=question, edition=edition, number=number, from_date=now, **words)
            )
    return fresh


def _in_editions(block: Block) -> dict[str, dict[str, Any]]:
    """The words of each edition that was given (LNG-3). A missing label falls back on the standard one."""
    same = {"help": block["help"] or "", "why_label": block["why_label"] or ""}
    plain = [{"key": option["key"], "label": option["label"]} for option in block["options"]]
    editions: dict[str, dict[str, Any]] = {
        Edition.STANDARD: {"text": block["text"], "options": plain, **same},
    }
    if block["young"]:
        young = [
            {"key": option["key"], "label": option["young"] or option["label"]} for option in block["options"]
        ]
        editions[Edition.YOUNG] = {"text": block["young"], "options": young, **same}
    if block["easy_read"]:
        editions[Edition.EASY_READ] = {"text": block["easy_read"], "options": plain, **same}
    return editions


# Reading ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """A question in the words of one edition, as somebody answers it."""

    key: str
    number: int
    type: str
    text: str
    help: str
    options: list[tuple[str, str]]
    required: bool
    max_choices: int | None
    why: str  # how the reason is asked for; empty when it is not
    wording_id: int

    @property
    def step(self) -> str:
        return f"q-{self.key}"

    @property
    def why_key(self) -> str:
        """Under what key the reason is filed."""
        return f"{self.key}{WHY}"

    def labels(self, chosen: Iterable[str]) -> list[str]:
        known = dict(self.options)
        return [known[key] for key in chosen if key in known]


ASKED = (
    *(f"question__{name}" for name in ("key", "order", "type", "required", "max_choices", "ask_why")),
    *("pk", "edition", "number", "text", "help", "why_label", "options"),
)


class Sheet:
    """The questions of one consultation in all their editions. One query, made once."""

    def __init__(self, engagement: Engagement) -> None:
        self.engagement = engagement

    @cached_property
    def _questions(self) -> list[dict[str, Any]]:
        """The newest wording of each question by edition, in the order of the questions.

        Every screen and every response reads this, so it is one plain query of what is needed.
        """
        rows = QuestionWording.objects.filter(question__engagement=self.engagement, question__retired=False)
        found: dict[str, dict[str, Any]] = {}
        for row in sorted(
            rows.values_list(*ASKED, named=True), key=lambda row: (row.question__order, row.number)
        ):
            found.setdefault(row.question__key, {})[row.edition] = row
        return list(found.values())

    @cached_property
    def editions(self) -> list[str]:
        """The editions that at least one question has, standard first."""
        given = {edition for wordings in self._questions for edition in wordings}
        return [edition for edition in Edition.values if edition in given]

    def asked(self, edition: str) -> list[Asked]:
        return [
            _asked(wordings.get(edition) or wordings[Edition.STANDARD], number)
            for number, wordings in enumerate(self._questions, 1)
        ]


def _asked(row: Any, number: int) -> Asked:
    why = (row.why_label or _("Why?")) if row.question__ask_why and row.question__type != TEXT else ""
    return Asked(
        key=row.question__key,
        number=number,
        type=row.question__type,
        text=row.text,
        help=row.help,
        options=[(option["key"], option["label"]) for option in row.options],
        required=row.question__required,
        max_choices=row.question__max_choices,
        why=why,
        wording_id=row.pk,
    )
