"""The fields of one question, for consultations/fields.html: on the answering screen, in a preview, wherever
a response is keyed in. Several questions on one page each take a prefix of their own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collaborative.consultations import answers, uploads
from collaborative.consultations.kinds import (
    BETWEEN,
    DATE,
    FILE,
    MANY,
    MATRIX,
    NUMBER,
    RANK,
    SHORT,
    day_of,
)
from collaborative.consultations.questions import Asked, DraftedSheet
from collaborative.contributions import filetypes

EMPTY: answers.Answer = {"chosen": [], "text": "", "why": ""}
Sent = Mapping[str, list[str]]


@dataclass
class Fields:
    """One question with what stands in its fields, word for word as it was typed."""

    one: Asked
    values: dict[str, str] = field(default_factory=dict)  # by name of the field
    chosen: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)  # by name of the field, the first of each
    prefix: str = ""

    @property
    def most(self) -> int:
        """How many characters fit."""
        return answers.MOST_IN_A_LINE if self.one.type == SHORT else answers.MOST_CHARACTERS

    @property
    def hint(self) -> str:
        """What the editors wrote to help, and what no editor should have to write."""
        return " ".join(part for part in (self.one.help, self._limits()) if part)

    @property
    def size(self) -> str:
        """How large the file is that stands."""
        return filetypes.in_size(int(self.values["size"])) if self.values.get("size") else ""

    @property
    def accept(self) -> str:
        """What a browser offers first; what is taken is decided by what is inside."""
        return ",".join(f".{ending}" for kind in self.one.file_types for ending in filetypes.ENDINGS[kind])

    def _limits(self) -> str:
        one = self.one
        if one.type == FILE:
            words = {"types": filetypes.in_words(one.file_types)}
            return _("%(types)s. Up to %(most)s.") % {**words, "most": filetypes.in_size(uploads.most(one))}
        if one.type == MANY and not one.help and one.max_choices and one.max_choices < len(one.options):
            return ngettext("Choose one.", "Choose up to %(most)s.", one.max_choices) % {
                "most": one.max_choices
            }
        if one.type == DATE:
            return _("For example, 4 3 2026.")
        return one.limits if one.type == NUMBER else ""

    @property
    def places(self) -> list[tuple[str, str, str]]:
        """For a ranking: (key, label, number given)."""
        return [(key, label, self.values.get(f"chosen-{key}", "")) for key, label in self.one.options]

    @property
    def lines(self) -> list[dict[str, str]]:
        """For a table: each line with what was chosen for it."""
        names = ((f"chosen-{key}", label) for key, label in self.one.rows)
        return [
            {
                "name": name,
                "label": label,
                "value": self.values.get(name, ""),
                "error": self.errors.get(name, ""),
            }
            for name, label in names
        ]

    @property
    def day_parts(self) -> list[dict[str, str]]:
        parts = (("day", _("Day"), "2"), ("month", _("Month"), "2"), ("year", _("Year"), "4"))
        return [
            {
                "name": name,
                "label": label,
                "width": width,
                "value": self.values.get(name, ""),
                "wrong": "yes" if name in self.errors else "",
            }
            for name, label, width in parts
        ]

    @property
    def day_error(self) -> str:
        return next((self.errors[name] for name in ("day", "month", "year") if name in self.errors), "")


def typed(one: Asked, sent: Sent, errors: Iterable[tuple[str, str]] = (), prefix: str = "") -> Fields:
    """The fields as they were just sent, with the messages that belong beside them."""
    last = {name: values[-1] for name, values in sent.items() if values}
    first = dict(reversed(list(errors)))
    return Fields(one, last, list(sent.get("chosen") or []), first, prefix)


def kept(one: Asked, answer: answers.Answer = EMPTY, prefix: str = "") -> Fields:
    """The fields with an answer that was kept."""
    values: dict[str, str] = {"text": answer["text"], "why": answer["why"]}
    chosen: list[str] = answer["chosen"]
    if one.type == FILE:
        values["size"] = str(answer.get("size") or "")
    elif one.type == RANK:
        values |= {f"chosen-{key}": str(place) for place, key in enumerate(chosen, 1)}
    elif one.type == MATRIX:
        values |= {f"chosen-{row}": key for row, _colon, key in (text.partition(BETWEEN) for text in chosen)}
    elif one.type == NUMBER and chosen:
        values["number"] = chosen[0]
    elif one.type == DATE and chosen and (day := day_of(chosen[0])):
        values |= {"day": str(day.day), "month": str(day.month), "year": str(day.year)}
    return Fields(one, values, chosen, {}, prefix)


def with_file(one: Asked, answer: answers.Answer, errors: Iterable[tuple[str, str]]) -> Fields:
    """The fields of a question that asks for a file: what is kept, with what is wrong with what was sent."""
    found = kept(one, answer)
    found.errors = dict(reversed(list(errors)))
    return found


def drafted(blocks: Iterable[Any], edition: str) -> list[Fields]:
    """Empty fields for every question of a page that nobody published yet, for its preview. No query."""
    return [kept(one, prefix=f"{one.step}-") for one in DraftedSheet(blocks).asked(edition)]


def words_typed(sent: Mapping[str, Any]) -> list[str]:
    """What somebody typed by hand, to be copied from a page that can take it no more."""
    day = " ".join(
        part for part in (str(sent.get(name, "")).strip() for name in ("day", "month", "year")) if part
    )
    texts = [*(str(sent.get(name, "")) for name in ("text", "why", "number")), day]
    return [text for text in texts if text.strip()]
