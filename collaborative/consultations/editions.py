"""Editions that belong together (LNG-3): the same questions under the same keys, in other words or in signs.

Each edition is written to a certain wording of the standard text. When what it puts into other words changes
there and it does not, it is out of date: staff see it, and so does whoever answers in it. It is up to date
again once it is rewritten, once somebody says that it still says the same, or when the standard text goes
back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from collaborative.contributions.models import Edition

OTHERS = tuple(one for one in Edition if one != Edition.STANDARD)
WORDS = ("text", "options", "rows")
EVERYTHING = (*WORDS, "help", "facts", "why_label")
# What of the standard wording each edition puts into other words. The rest it shares.
SOURCES: dict[str, tuple[str, ...]] = {
    Edition.YOUNG: WORDS,
    Edition.EASY_READ: ("text",),
    Edition.BSL: WORDS,
    Edition.GAELIC: EVERYTHING,
}


class EditionsField(models.JSONField):
    """A list of editions besides the standard one."""

    def formfield(self, **kwargs: Any) -> Any:
        for unknown in ("encoder", "decoder"):
            kwargs.pop(unknown, None)
        offered = {
            "form_class": EditionsFormField,
            "choices_form_class": EditionsFormField,
            "choices": [(one.value, one.label) for one in OTHERS],
            "widget": forms.CheckboxSelectMultiple,
            "required": False,
        }
        return super(models.JSONField, self).formfield(**{**kwargs, **offered})


class EditionsFormField(forms.MultipleChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        for unknown in ("encoder", "decoder", "max_length"):
            kwargs.pop(unknown, None)
        super().__init__(**kwargs)


def _own(edition: str, words: Mapping[str, Any], standard: Mapping[str, Any]) -> dict[str, Any]:
    """What is nobody's but this edition's. Where it has no words of its own it follows the standard ones."""
    if edition == Edition.BSL:
        return {"video": words["video"]}
    found: dict[str, Any] = {"text": words["text"]}
    for name in SOURCES[edition][1:]:
        if name in ("options", "rows"):
            labels = {one["key"]: one["label"] for one in standard[name]}
            found[name] = {o["key"]: o["label"] for o in words[name] if labels.get(o["key"]) != o["label"]}
        else:
            found[name] = words[name] if words[name] != standard[name] else ""
    return found


def words_in(wording: Any) -> dict[str, Any]:
    return {name: getattr(wording, name) for name in (*EVERYTHING, "video")}


def renewed(
    edition: str,
    before: Any,
    words: Mapping[str, Any],
    now: Mapping[str, Any],
    standards: Mapping[int, Any],
) -> bool:
    """Whether these words were written anew, and do not merely follow the standard ones, which are `now`."""
    then = words_in(_standing_at(before, standards))
    return _own(edition, words_in(before), then) != _own(edition, words, now)


def _standing_at(wording: Any, standards: Mapping[int, Any]) -> Any:
    """The standard wording of the day on which this one was published."""
    earlier = [one for one in standards.values() if one.from_date <= wording.from_date]
    return max(earlier or standards.values(), key=lambda one: one.number)


def written_to(wording: Any, standards: Mapping[int, Any]) -> Any:
    """The standard wording to which this one was written. `standards`: number -> wording, all there were.
    What was published before this was noted was written to whatever stood on that day."""
    return standards.get(wording.fits) or _standing_at(wording, standards)


def differs(edition: str, source: Any, now: Any) -> bool:
    """Whether what this edition puts into other words has changed between two standard wordings."""
    return any(getattr(source, name) != getattr(now, name) for name in SOURCES[edition])


def is_old(wording: Any, standards: Mapping[int, Any]) -> bool:
    """Whether the standard text has changed since this was written to it."""
    if wording.edition == Edition.STANDARD or not standards:
        return False
    newest = standards[max(standards)]
    return differs(wording.edition, written_to(wording, standards), newest)


@dataclass(frozen=True)
class Cell:
    """One question in one edition: "there", "missing" or "old"; `wording` is its frozen row where it is
    old."""

    edition: str
    state: str
    wording: int | None = None

    @property
    def words(self) -> str:
        states = {"there": _("There"), "missing": _("Missing"), "old": _("Out of date")}
        return str(states[self.state])


@dataclass(frozen=True)
class Row:
    number: int
    text: str
    cells: tuple[Cell, ...]


def table(blocks: Iterable[Any], questions: Mapping[str, Any]) -> list[Row]:
    """Every question of a page, as it is being written, in every edition but the standard one.

    `questions`: key -> what was published of it, with its wordings prefetched. No query.
    """
    from collaborative.consultations.questions import in_editions  # it reads the models

    rows = []
    for number, block in enumerate(blocks, 1):
        words = in_editions(block)
        frozen = list(questions[block["key"]].wordings.all()) if block["key"] in questions else []
        cells = tuple(_cell(one.value, words, frozen) for one in OTHERS)
        rows.append(Row(number, block["text"], cells))
    return rows


def _cell(edition: str, words: Mapping[str, Mapping[str, Any]], frozen: list[Any]) -> Cell:
    if edition not in words:
        return Cell(edition, "missing")
    standards = {one.number: one for one in frozen if one.edition == Edition.STANDARD}
    given = [one for one in frozen if one.edition == edition]
    if not given or not standards:
        return Cell(edition, "there")
    newest = max(given, key=lambda one: one.number)
    now, source = words[Edition.STANDARD], written_to(newest, standards)
    same = all(getattr(source, name) == now[name] for name in SOURCES[edition])
    if same or renewed(edition, newest, words[edition], now, standards):
        return Cell(edition, "there")
    return Cell(edition, "old", newest.pk)


def offered(rows: Iterable[Row]) -> list[tuple[str, str]]:
    """The editions that at least one question has, besides the standard one."""
    there = {cell.edition for row in rows for cell in row.cells if cell.state != "missing"}
    return [(one.value, str(one.label)) for one in OTHERS if one in there]
