"""Rows of an export: for each response, for each answer, for each passage under a topic.

Everything is text. Keys are the same in every language; what they mean stands in the codebook.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Count
from django.utils import timezone

from collaborative.consultations.exports.reading import CHANGED, Reader, Response, Said
from collaborative.consultations.imports.columns import ANSWER
from collaborative.consultations.imports.columns import WHY as WHY_COLUMN
from collaborative.consultations.kinds import IN_WORDS
from collaborative.consultations.models import Export, Question, QuestionWording
from collaborative.consultations.questions import WHY
from collaborative.contributions.models import Contribution, Permission
from collaborative.engagements.models import Engagement

BETWEEN = "; "
MOST_OTHERS = 60  # columns for what answers no question, such as the notes of a workshop

ABOUT: tuple[str, ...] = (
    "response",
    "received",
    "channel",
    "edition",
    "language",
    "group",
    "group_in_words",
    "age_band",
)
ABOUT += ("respondent_kind", "permission", "permission_in_words", "excluded", "campaign", "campaign_copy")
WHO = ("name", "organisation", "recontact", "email")  # RIF-1: raw alone
Rows = Iterator[list[str]]


@dataclass(frozen=True)
class Table:
    head: list[str]
    rows: Callable[[], Rows]


@dataclass(frozen=True)
class Extra:
    """A shape that a room above makes, for places of one kind: its table, what its own columns mean, and what
    their keys are (name -> choices)."""

    kind: str
    title: Any
    table: "Callable[[Tables], Table]"
    columns: dict[str, Any]
    values: dict[str, Any]


_extras: dict[str, Extra] = {}
_OF_SOME = frozenset({Export.Shape.NOTES.value})  # made for places of one kind


def add_shape(shape: str, extra: Extra) -> None:
    """Called at `ready()` of the room that makes it."""
    _extras[shape] = extra


def extra_of(shape: str, engagement: Engagement) -> Extra | None:
    found = _extras.get(shape)
    return found if found is not None and found.kind == engagement.kind else None


def extras_of(engagement: Engagement) -> list[Extra]:
    return [one for one in _extras.values() if one.kind == engagement.kind]


def shapes_of(engagement: Engagement) -> list[tuple[str, str]]:
    """What can be downloaded of this place, and in words; what belongs to its kind first."""
    shapes = [(value, str(label)) for value, label in Export.Shape.choices]
    theirs = [one for one in shapes if extra_of(one[0], engagement)]
    return theirs + [one for one in shapes if one[0] not in _OF_SOME]


class Tables:
    """The tables of one place. Three queries for the questions; the rest as `Reader` says."""

    def __init__(self, engagement: Engagement, *, raw: bool = False) -> None:
        self.engagement, self.raw = engagement, raw
        self.questions = list(
            Question.objects.filter(engagement=engagement).order_by("retired", "order", "key")
        )
        wordings = QuestionWording.objects.filter(question__engagement=engagement).select_related("question")
        self.wordings = {wording.pk: wording for wording in wordings}
        self.numbers = {one.key: str(number) for number, one in enumerate(self.questions, 1)}
        self.permissions = {value: str(Permission(value).label) for value in Permission.values}
        self.in_words = lru_cache(maxsize=20_000)(self._in_words)

    def table(self, shape: str) -> Table:
        extra = extra_of(shape, self.engagement)
        if extra is not None:
            return extra.table(self)
        made = {
            Export.Shape.RESPONSES.value: self._responses,
            Export.Shape.ANSWERS.value: self._answers,
            Export.Shape.TOPICS.value: self._topics,
        }
        return made[shape]()

    def _in_words(self, wording: int, value: tuple[str, ...]) -> str:
        return BETWEEN.join(self.wordings[wording].in_words(list(value)))

    def _about(self, one: Response) -> list[str]:
        return [
            *(one.label, one.day, one.channel, one.edition, one.language, one.group, one.group_name, one.age),
            *(one.kind, one.permission, self.permissions.get(one.permission, ""), one.exclusion),
            *(one.campaign, one.campaign_copy),
        ]

    def _who(self, one: Response) -> list[str]:
        return [one.name, one.organisation, one.recontact, one.email] if self.raw else []

    # A row for each answer ----------------------------------------------------------------------

    def _answers(self) -> Table:
        head = [*ABOUT, "reference", "number", "question", "question_in_words", "answer", "answer_in_words"]
        head += ["state", "left_out", "wording", "topics"]
        return Table(head + (["before", "why_changed", *WHO] if self.raw else []), self._answer_rows)

    def _answer_rows(self) -> Rows:
        empty = ["", ""] if self.raw else []
        asked = {pk: (one.question.key, one.text) for pk, one in self.wordings.items()}
        for batch in Reader(self.engagement, raw=self.raw).responses():
            for one in batch:
                about, who = self._about(one), self._who(one)
                for wording, value in one.chosen:
                    key, text = asked[wording]
                    words = self.in_words(wording, tuple(value))
                    cells = ["", self.numbers[key], key, text, BETWEEN.join(value), words, "", "", "", ""]
                    yield about + cells + empty + who
                for said in one.said:
                    yield about + self._said(said) + who
                if one.left_out and not one.said:
                    yield about + ["", "", "", "", "", "", "", one.left_out, "", "", *empty] + who

    def _said(self, said: Said) -> list[str]:
        number = self.numbers.get(said.key.removesuffix(WHY), "")
        topics = BETWEEN.join(codes_of([said])) if said.topics else ""
        cells = [said.reference, number, said.key, said.prompt, "", said.text, said.stands, said.left_out]
        cells += [said.kind, topics]
        return [*cells, said.before, said.why_changed] if self.raw else cells

    # A row for each response --------------------------------------------------------------------

    def _responses(self) -> Table:
        self._slots: dict[str, int] = {}
        head = [*ABOUT, "left_out", "topics"]
        for one in self.questions:
            column = f"{ANSWER}{one.key}"
            if one.type in IN_WORDS:
                self._place(head, one.key, column)
                continue
            self._slots[f"={one.key}"] = len(head)
            head += [column, f"{column} in words"]
            if one.ask_why:
                self._place(head, f"{one.key}{WHY}", f"{WHY_COLUMN}{one.key}")
        for key in self._others():
            if key not in self._slots:
                self._place(head, key, key.removeprefix("_"))
        self._place(head, "", "other")
        self._width = len(head)
        return Table(head + (list(WHO) if self.raw else []), self._response_rows)

    def _place(self, head: list[str], key: str, column: str) -> None:
        """The columns of what is said in words: the words, why they are left out, and raw what was before."""
        self._slots[key] = len(head)
        head += [column, f"{column} left out", *([f"{column} before"] if self.raw else [])]

    def _others(self) -> list[str]:
        """What was given to this place and answers no question: letters, notes by stage, comments."""
        rows = Contribution.objects.openly().filter(engagement=self.engagement).values_list("prompt_key")
        known = [f"{one.key}{end}" for one in self.questions for end in ("", WHY)]
        found = rows.exclude(prompt_key__in=known).annotate(n=Count("pk")).order_by("prompt_key")
        return [key for key, _n in found[:MOST_OTHERS]]

    def _response_rows(self) -> Rows:
        keys = {pk: one.question.key for pk, one in self.wordings.items()}
        for batch in Reader(self.engagement, raw=self.raw).responses():
            for one in batch:
                cells = self._about(one) + [one.left_out, BETWEEN.join(codes_of(one.said))]
                cells += [""] * (self._width - len(cells))
                for wording, value in one.chosen:
                    at = self._slots.get(f"={keys[wording]}")
                    if at is not None:
                        cells[at], cells[at + 1] = BETWEEN.join(value), self.in_words(wording, tuple(value))
                for said in one.said:
                    self._put(cells, said)
                yield cells + self._who(one)

    def _put(self, cells: list[str], said: Said) -> None:
        at = self._slots.get(said.key, self._slots[""])
        found = [said.text, said.left_out, said.before] if self.raw else [said.text, said.left_out]
        for place, cell in enumerate(found, at):
            # Somebody may have written several notes or comments to the same thing.
            cells[place] = f"{cells[place]}\n\n{cell}" if cells[place] and cell else cells[place] or cell

    # A row for each passage under a topic ---------------------------------------------------------

    def _topics(self) -> Table:
        head = [*ABOUT, "reference", "question", "topic", "topic_in_words", "topic_wording", "stance"]
        return Table(
            [*head, "start", "end", "passage", "left_out", "sorted_by", "sorted_at"], self._topic_rows
        )

    def _topic_rows(self) -> Rows:
        for batch in Reader(self.engagement, raw=self.raw, whole_topics=True).responses():
            for one in batch:
                about = self._about(one)
                for said in one.said:
                    for topic in said.topics:
                        yield about + _passage(said, topic)


def codes_of(said: list[Said]) -> list[str]:
    """The codes of topics, T2 before T10, each once."""
    codes = {topic.code for one in said for topic in one.topics}
    return sorted(codes, key=lambda code: (len(code), code))


def _passage(said: Said, topic: Any) -> list[str]:
    """Words may have been taken out after they were sorted: then the place in the older wording is no use."""
    changed = topic.wording != said.wording
    passage = "" if changed else said.text[topic.start : topic.end]
    at = timezone.localtime(topic.at).strftime("%Y-%m-%d %H:%M") if topic.at else ""
    return [
        *(said.reference, said.key, topic.code, topic.label, str(topic.version), topic.stance),
        *(str(topic.start), str(topic.end), passage, said.left_out or (CHANGED if changed else "")),
        *(topic.by, at),
    ]
