"""Questions: checked and frozen when a page is published, and read back in the edition that somebody answers.

Respondents never see the blocks of the page, only what was frozen: a wording once answered stays as it was.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from collaborative.consultations import editions
from collaborative.consultations.kinds import (
    AGREEING,
    FILE,
    IN_WORDS,
    in_words,
    number_words,
    plain_number,
    usual_scale,
)
from collaborative.consultations.models.questions import Question, QuestionWording
from collaborative.contributions.models import Edition
from collaborative.engagements.models import Engagement

WHY = "-why"  # after a question's key, for its reason; no question's own key ends so
Block = Any  # the value of a QuestionBlock: a mapping with its fields


SETTINGS: tuple[str, ...] = ("required", "max_choices", "least", "most", "decimals", "ask_why", "ask_if")
SETTINGS += ("file_types", "file_megabytes")

# Freezing ---------------------------------------------------------------------------------------


def standing_questions(engagement: Engagement) -> list[Question]:
    return list(engagement.questions.prefetch_related("wordings"))


def newest_wordings(question: Question) -> dict[str, QuestionWording]:
    """The newest wording of each edition, from prefetched rows."""
    newest: dict[str, QuestionWording] = {}
    for wording in sorted(question.wordings.all(), key=lambda one: one.number):
        newest[wording.edition] = wording
    return newest


def freeze(engagement: Engagement, blocks: Iterable[Block], now: datetime) -> int:
    """Write the questions as they now stand; a changed wording is a new dated row. Returns how many are new.

    The caller has checked `problems()` and holds the lock on the engagement. Five queries at most.
    """
    standing = {question.key: question for question in standing_questions(engagement)}
    wanted = list(blocks)
    questions = [
        _fill(standing.get(block["key"]), engagement, order, block) for order, block in enumerate(wanted, 1)
    ]
    Question.objects.bulk_create([question for question in questions if question.pk is None])
    gone = [question for key, question in standing.items() if key not in {block["key"] for block in wanted}]
    for question in gone:
        question.retired = True
    fields = ["order", "type", "retired", *SETTINGS]
    Question.objects.bulk_update([q for q in questions if q.key in standing] + gone, fields)
    fresh = []
    for question, block in zip(questions, wanted, strict=True):
        newest = newest_wordings(standing[question.key]) if question.key in standing else {}
        fresh += _changed_wordings(question, newest, block, now)
    QuestionWording.objects.bulk_create(fresh)
    return len(fresh)


def _fill(question: Question | None, engagement: Engagement | None, order: int, block: Block) -> Question:
    question = question or Question(engagement=engagement, key=block["key"])
    question.order, question.type, question.retired = order, block["type"], False
    question.required, question.ask_why = bool(block["required"]), bool(block["ask_why"])
    question.max_choices = block["max_choices"]
    question.least, question.most = block.get("least"), block.get("most")
    question.decimals = bool(block.get("decimals"))
    question.file_types = list(block.get("file_types") or []) if block["type"] == FILE else []
    question.file_megabytes = block.get("file_megabytes") if block["type"] == FILE else None
    question.ask_if = conditions(block)
    return question


def conditions(block: Block) -> list[dict[str, Any]]:
    """ "Ask only if", as it is frozen: [{"question": key, "any_of": [keys of its choices]}]."""
    return [
        {
            "question": one["question"].strip(),
            "any_of": [key.strip() for key in one["any_of"].split(",") if key.strip()],
        }
        for one in block.get("ask_if") or []
    ]


def choices(block: Block) -> list[dict[str, str]]:
    """The choices of a question: the usual scale where it asks for agreement and the editors gave none."""
    given = _labelled(block["options"])
    return given or (usual_scale() if block["type"] in AGREEING else [])


def _changed_wordings(
    question: Question, newest: dict[str, QuestionWording], block: Block, now: datetime
) -> list[QuestionWording]:
    fresh: list[QuestionWording] = []
    words_of = in_editions(block)
    standing = newest.get(Edition.STANDARD)
    for edition, words in words_of.items():
        before = newest.get(edition)
        if before is None or {name: getattr(before, name) for name in words} != words:
            number = before.number + 1 if before else 1
            row = QuestionWording(question=question, edition=edition, number=number, from_date=now, **words)
            if edition == Edition.STANDARD:
                standing = row
            else:
                row.fits = _fits(question, row, before, standing)
            fresh.append(row)
    return fresh


def _fits(
    question: Question, row: QuestionWording, before: QuestionWording | None, standing: QuestionWording | None
) -> int | None:
    """To which standard wording a new wording of an edition was written: this one, or still an earlier
    one."""
    if standing is None or before is None:
        return standing.number if standing else None
    standards = {one.number: one for one in question.wordings.all() if one.edition == Edition.STANDARD}
    now, words = editions.words_in(standing), editions.words_in(row)
    if editions.renewed(row.edition, before, words, now, standards):
        return standing.number
    return int(editions.written_to(before, standards).number)


def in_editions(block: Block) -> dict[str, dict[str, Any]]:
    """The words of each edition that was given (LNG-3), standard first. What is missing falls back on the
    standard words: a label, or in Gaelic the help."""
    same = {
        "help": block["help"] or "",
        "why_label": block["why_label"] or "",
        "unit": block.get("unit") or "",
        "facts": block.get("facts") or "",
        "video": "",
    }
    options, lines = choices(block), _lines(block)

    def words(text: str, label: str, **own: str) -> dict[str, Any]:
        labelled = (
            [{"key": one["key"], "label": one.get(label) or one["label"]} for one in given]
            for given in (options, lines)
        )
        return {"text": text, **dict(zip(("options", "rows"), labelled, strict=True)), **same, **own}

    found = {Edition.STANDARD.value: words(block["text"], "label")}
    if block["young"]:
        found[Edition.YOUNG.value] = words(block["young"], "young")
    if block["easy_read"]:
        found[Edition.EASY_READ.value] = words(block["easy_read"], "label")
    if video := _video(block.get("bsl") or {}):
        found[Edition.BSL.value] = words(block["text"], "label", video=video)
    gaelic = block.get("gaelic") or {}
    if gaelic.get("text"):
        own = {name: gaelic[name] for name in ("help", "facts", "why_label") if gaelic.get(name)}
        found[Edition.GAELIC.value] = words(gaelic["text"], "gaelic", **own)
    return found


def _video(signed: Block) -> str:
    """Where a question is signed: a film of ours, or the address of one elsewhere."""
    film = signed.get("file")
    return f"{settings.BASE_URL}{film.url}" if film else signed.get("link") or ""


def _labelled(given: Iterable[Block]) -> list[dict[str, str]]:
    """Choices or lines with a label for each edition that words them anew."""
    return [
        {
            "key": one["key"],
            "label": one["label"],
            "young": one["young"] or one["label"],
            "gaelic": one.get("gaelic") or one["label"],
        }
        for one in given
    ]


def _lines(block: Block) -> list[dict[str, str]]:
    return _labelled(block.get("rows") or [])


# Reading ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Condition:
    """One thing that must hold for a question to be asked: one of these choices was made there."""

    question: str
    any_of: tuple[str, ...]


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
    wording_id: int | None  # None: drafted, and not published yet
    rows: tuple[tuple[str, str], ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None
    decimals: bool = False
    unit: str = ""
    facts: str = ""
    ask_if: tuple[Condition, ...] = ()
    only_if: tuple[tuple[int, tuple[str, ...]], ...] = ()  # the same for people: question's number, choices
    edition: str = Edition.STANDARD  # whose words these are: the standard ones where an edition lacks it
    file_types: tuple[str, ...] = ()
    file_megabytes: int | None = None  # None: as much as the site takes
    video: str = ""  # the question in British Sign Language
    instead_of: str = ""  # the standard text, where that has changed since these words were written

    @property
    def step(self) -> str:
        return f"q-{self.key}"

    @property
    def why_key(self) -> str:
        """Under what key the reason is filed."""
        return f"{self.key}{WHY}"

    def labels(self, chosen: Iterable[str]) -> list[str]:
        """What was chosen as people read it. Takes what `kinds.sound` lets through."""
        return in_words(self.type, chosen, dict(self.options), dict(self.rows), self.unit)

    @property
    def limits(self) -> str:
        """What numbers will do: "From 1 to 12.", "1 or more.", "12 or less.". Empty: any."""
        least, most = (
            None if end is None else number_words(plain_number(end)) for end in (self.least, self.most)
        )
        if least is not None and most is not None:
            return _("From %(least)s to %(most)s.") % {"least": least, "most": most}
        if least is not None:
            return _("%(least)s or more.") % {"least": least}
        return _("%(most)s or less.") % {"most": most} if most is not None else ""

    @property
    def for_whom(self) -> list[str]:
        """On paper, where nothing is skipped by itself: at which answers this is asked."""
        return [
            _("Only if you ticked %(choices)s at question %(number)s.")
            % {"number": number, "choices": _(" or ").join(f"“{label}”" for label in labels)}
            for number, labels in self.only_if
        ]


OF_QUESTION = ("key", "order", "type", *SETTINGS)
OF_WORDING = ("edition", "number", *editions.EVERYTHING, "unit", "video", "from_date", "fits")
ASKED = (*(f"question__{name}" for name in OF_QUESTION), "pk", *OF_WORDING)


class Sheet:
    """The questions of one consultation in all their editions. One query, made once."""

    def __init__(self, engagement: Engagement) -> None:
        self.engagement = engagement
        # Each standard wording that there was, by question and number.
        self._standards: dict[str, dict[int, Any]] = {}

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
            if row.edition == Edition.STANDARD:
                self._standards.setdefault(row.question__key, {})[row.number] = row
        return list(found.values())

    @cached_property
    def editions(self) -> list[str]:
        """The editions that at least one question has, standard first."""
        given = {edition for wordings in self._questions for edition in wordings}
        return [edition for edition in Edition.values if edition in given]

    def asked(self, edition: str = Edition.STANDARD) -> list[Asked]:
        found: dict[str, Asked] = {}
        for number, wordings in enumerate(self._questions, 1):
            row = wordings.get(edition) or wordings[Edition.STANDARD]
            one = _asked(row, number)
            if editions.is_old(row, self._standards.get(one.key, {})):
                one = replace(one, instead_of=wordings[Edition.STANDARD].text)
            found[one.key] = replace(one, only_if=_only_if(one, found)) if one.ask_if else one
        return list(found.values())


class DraftedSheet(Sheet):
    """The questions as a page has them that nobody published yet: for its preview. No query."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self.blocks = list(blocks)
        self._standards = {}

    @cached_property
    def _questions(self) -> list[dict[str, Any]]:
        return [_drafted(block, order) for order, block in enumerate(self.blocks, 1)]


def _drafted(block: Block, order: int) -> dict[str, Any]:
    question = _fill(None, None, order, block)
    frozen = {f"question__{name}": getattr(question, name) for name in OF_QUESTION}
    return {
        edition: SimpleNamespace(pk=None, edition=edition, number=1, **words, **frozen)
        for edition, words in in_editions(block).items()
    }


def _asked(row: Any, number: int) -> Asked:
    asks_why = row.question__ask_why and row.question__type not in IN_WORDS
    return Asked(
        key=row.question__key,
        number=number,
        type=row.question__type,
        text=row.text,
        help=row.help,
        options=_pairs(row.options),
        required=row.question__required,
        max_choices=row.question__max_choices,
        why=(row.why_label or _("Why?")) if asks_why else "",
        wording_id=row.pk,
        rows=tuple(_pairs(row.rows)),
        least=row.question__least,
        most=row.question__most,
        decimals=row.question__decimals,
        file_types=tuple(row.question__file_types),
        file_megabytes=row.question__file_megabytes,
        unit=row.unit,
        facts=row.facts,
        edition=row.edition,
        video=row.video,
        ask_if=tuple(Condition(one["question"], tuple(one["any_of"])) for one in row.question__ask_if),
    )


def _only_if(one: Asked, before: dict[str, Asked]) -> tuple[tuple[int, tuple[str, ...]], ...]:
    leading = ((before[only.question], only.any_of) for only in one.ask_if if only.question in before)
    return tuple(
        (first.number, tuple(label for key, label in first.options if key in any_of))
        for first, any_of in leading
    )


def _pairs(given: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(one["key"], one["label"]) for one in given]
