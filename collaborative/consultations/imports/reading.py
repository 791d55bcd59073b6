"""Rows of a file as responses: who, when, what; or what is wrong with which cell.

The rules about people are those of the web form (`journey.py`), asked with the words of the row.
"""

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from collaborative import codes
from collaborative.consultations.answers import says_anything, still_asked
from collaborative.consultations.imports import cells as cells_of
from collaborative.consultations.imports import columns, words
from collaborative.consultations.imports.cells import excerpt
from collaborative.consultations.imports.columns import ANSWER, WHY
from collaborative.consultations.journey import NO_GROUP, Journey
from collaborative.consultations.kinds import FILE
from collaborative.consultations.questions import Asked, Sheet
from collaborative.contributions.actions import About, Given, stopped
from collaborative.contributions.models import Channel, Edition, Permission
from collaborative.engagements.ages import Stop
from collaborative.engagements.models import Engagement
from collaborative.people.models import AgeBand

LETTER = "_letter"  # no question's key begins so
MOST_IN_A_LINE = 200
MOST_IN_A_KEY = 200
# What holds where neither the row nor the person who brought the file says anything. Publishing is never it.
UNSAID = {
    "channel": Channel.IMPORT,
    "age": AgeBand.NOT_SAID,
    "permission": Permission.NOT_PUBLISHED,
    "recontact": "no",
    "edition": "",
    "group": NO_GROUP,
}
NONE_OF_THESE = ("none", "none of these", "other", "n/a", "-", "not said", "prefer not to say")
Problem = tuple[int | None, str]  # column from 0, None for the whole row; message


@dataclass
class Row:
    """What a row says. `data` is what is kept of it until it comes in; `same` tells it from other rows."""

    number: int
    same: str
    keyed: bool
    data: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)


class Person(Journey):
    """One respondent of a file. What is the same for all of them is asked of the database once."""

    def __init__(self, kept: dict[str, Any], shared: "Reader") -> None:
        super().__init__(shared.engagement, kept, shared.sheet)
        self.groups = shared.groups
        self.young_group = shared.young_group

    @property
    def channel(self) -> str:
        return str(self.kept["channel"])


class Reader:
    """Reads the rows of one file. Its questions, groups and gates are asked of the database once."""

    def __init__(self, engagement: Engagement, headings: list[str], mapping: columns.Mapping) -> None:
        self.engagement = engagement
        self.headings = headings
        self.sheet = Sheet(engagement)
        self.placed = columns.placed(mapping)
        self.rest = {**UNSAID, **columns.rest_of(mapping)}
        first = Journey(engagement, {}, self.sheet)
        self.groups, self.young_group = first.groups, first.young_group
        self._asked: dict[str, list[Asked]] = {}
        self._stops: dict[tuple[str, str], Stop | None] = {}
        self._moments: dict[date, tuple[str, str]] = {}  # the moment, and why it cannot have been then
        self._choices = cells_of.choices_of(self.sheet)
        names: dict[str, str] = {}
        for group in self.groups:
            names |= {words.plain(text): group.slug for text in (group.slug, group.name)}
        self._groups = {**dict.fromkeys(NONE_OF_THESE, NO_GROUP), **names}

    # A row ------------------------------------------------------------------------------------------

    def row(self, number: int, cells: list[str]) -> Row:
        cells = [cell.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n") for cell in cells]
        found = Row(number, *self._same(cells), {})
        extra = [place for place, cell in enumerate(cells) if cell and place >= len(self.headings)]
        found.problems += [(place, _("There is no heading above this.")) for place in extra]
        cells += [""] * (len(self.headings) - len(cells))
        kept = self._kept(cells, found)
        received = self._received(cells, found)
        person = Person(kept, self)
        said = self._answers(cells, person, found)
        letter = "\n\n".join(cells[place] for place in self.placed.get("letter", ()) if cells[place].strip())
        found.problems += [(self._column("letter"), message) for message in cells_of.too_long(letter)]
        if not found.problems:
            self._rules(person, found)
        if not letter.strip() and not said:
            found.problems.append((None, _("There is no answer in this row.")))
        found.data = {"kept": kept, "answers": said, "letter": letter, "received": received}
        return found

    def _same(self, cells: list[str]) -> tuple[str, bool]:
        """What makes two rows one: their key, or else all that they say under whatever heading."""
        place = self._column("key")
        key = cells[place].strip()[:MOST_IN_A_KEY] if place is not None and place < len(cells) else ""
        said = sorted(
            (head, cell.strip()) for head, cell in zip(self.headings, cells, strict=False) if cell.strip()
        )
        text = f"key:{key}" if key else json.dumps(said)
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(), bool(key)

    def code_hash(self, same: str, time: int) -> str:
        """Under what the response stands, of the `time`th row that says the same. Not to be guessed."""
        return codes.hashed_token(f"import:{self.engagement.pk}:{same}:{time}")

    def _column(self, target: str) -> int | None:
        places = self.placed.get(target)
        return places[0] if places else None

    def _cell(self, cells: list[str], target: str) -> str:
        place = self._column(target)
        return "" if place is None else cells[place].strip()

    # About the respondent ---------------------------------------------------------------------------

    def _kept(self, cells: list[str], found: Row) -> dict[str, Any]:
        """What a draft would hold, and problems with what cannot be told."""
        kept: dict[str, Any] = {}
        for name in ("channel", "age", "kind", "permission", "recontact", "edition", "group"):
            said = self._cell(cells, name)
            if not said:
                kept[name] = str(self.rest.get(name, ""))
                continue
            meant = self._groups.get(words.plain(said)) if name == "group" else words.meaning(name, said)
            kept[name] = meant or ""
            if meant is None:
                found.problems.append((self._column(name), self._not_known(name, said)))
        for name in ("name", "organisation"):
            kept[name] = " ".join(self._cell(cells, name).split())
            if len(kept[name]) > MOST_IN_A_LINE:
                found.problems.append((self._column(name), _("This is too long for a name.")))
        kept["email"] = self._cell(cells, "email")
        return kept

    def _not_known(self, name: str, said: str) -> str:
        if name == "group":
            choices = "; ".join(group.name for group in self.groups)
        elif name == "recontact":
            choices = _("yes; no")
        else:
            given = [pair for pair in words.CHOICES[name].choices if pair[0] not in words.NOT_FROM_FILES]
            choices = "; ".join(str(label) for _value, label in given)
        return _("“%(said)s” is not known. Write one of: %(choices)s.") % {
            "said": excerpt(said),
            "choices": choices,
        }

    def _received(self, cells: list[str], found: Row) -> str:
        """The moment as ISO text. It has to lie within the dates of the consultation, and not ahead."""
        said, column = self._cell(cells, "received"), self._column("received")
        on = words.day(said) if said else parse_date(str(self.rest.get("received", "")))
        if on is None:
            text = (
                _("“%(said)s” is no day. Write it as 2026-03-04 or 4/3/2026.")
                if said
                else _("There is no day.")
            )
            found.problems.append((column, text % {"said": excerpt(said)} if said else text))
            return ""
        if on not in self._moments:
            at = words.moment(self.engagement, on).isoformat()
            self._moments[on] = (at, refused_day(self.engagement, on))
        at, message = self._moments[on]
        if message:
            found.problems.append((column, message))
        return at

    def _rules(self, person: Person, found: Row) -> None:
        """What the form on the web would not have let through (AGE-1, SAF-1, RIF-1, KC-7)."""
        stop = self._stop(person.band, person.channel)
        if stop:
            found.problems.append((self._column("age"), str(stop.label)))
        if not person.kind:
            found.problems.append(
                (self._column("kind"), _("Say whether a person or an organisation answers."))
            )
        if not person.permission:
            text = _("Nobody under 16, or of unknown age, is named. Write: Publish without my name.")
            found.problems.append((self._column("permission"), text))
        elif person.permission == Permission.NAMED:
            needed = "organisation" if person.is_organisation else "name"
            if not person.kept[needed]:
                found.problems.append((self._column(needed), _("There is no name to publish.")))
        if person.recontact and not _is_address(person.kept["email"]):
            text = _("They may be contacted, so there must be an e-mail address.")
            found.problems.append((self._column("email"), text))

    def _stop(self, band: str, channel: str) -> Stop | None:
        if (band, channel) not in self._stops:
            about = _anybody(age_band=band, channel=channel)
            self._stops[band, channel] = stopped(self.engagement, about)
        return self._stops[band, channel]

    # Answers ----------------------------------------------------------------------------------------

    def asked(self, edition: str) -> list[Asked]:
        if edition not in self._asked:
            # A file cannot be keyed in, or brought in with a spreadsheet.
            self._asked[edition] = [one for one in self.sheet.asked(edition) if one.type != FILE]
        return self._asked[edition]

    def _answers(self, cells: list[str], person: Person, found: Row) -> dict[str, dict[str, Any]]:
        said = {}
        for one in self.asked(person.edition):
            places, why = self.placed.get(ANSWER + one.key, []), self._column(WHY + one.key)
            if not places and why is None:
                continue
            answer, wrong = cells_of.read(
                one,
                self._choices[one.key],
                [cells[place] for place in places],
                [self.headings[place] for place in places],
                cells[why] if why is not None else "",
            )
            if says_anything(answer):
                said[one.key] = answer
            at = {"why": why}
            found.problems += [(at.get(part, places[0] if places else why), text) for part, text in wrong]
        for one in not_asked(self.asked(person.edition), said):
            column = self._column(ANSWER + one.key)
            column = self._column(WHY + one.key) if column is None else column
            found.problems.append((column, was_not_asked()))
        return said

    # Back from what was kept ------------------------------------------------------------------------

    def about(self, data: dict[str, Any]) -> tuple[About, list[Asked]]:
        """What is stored about the respondent of a kept row, and the questions as they were put."""
        person = Person(data["kept"], self)
        about = replace(person.about(), channel=person.channel, language="en-gb")
        return about, self.asked(about.edition)


def not_asked(asked: list[Asked], said: dict[str, Any]) -> list[Asked]:
    """Questions with an answer that nobody asked, going by the other answers: it would be lost."""
    if not any(one.ask_if for one in asked):
        return []
    still = {one.key for one in still_asked(asked, said)}
    return [one for one in asked if one.key in said and one.key not in still]


def was_not_asked() -> str:
    return _("Going by the other answers, this was not asked. Put it into the letter to keep it.")


def letter(text: str) -> list[Given]:
    """What answers no question, as it is stored: whole."""
    return [Given(prompt_key=LETTER, prompt=_("The whole letter"), text=text)] if text.strip() else []


def refused_day(engagement: Engagement, on: date) -> str:
    """Why nothing can have reached us on that day; empty when it can."""
    if on > timezone.localdate():
        return _("This day is still to come.")
    state = engagement.state_at(words.moment(engagement, on))
    if state == Engagement.State.COMING:
        return _("This was before the consultation opened.")
    return _("This was after the consultation closed.") if state == Engagement.State.CLOSED else ""


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def _anybody(*, age_band: str, channel: str) -> About:
    return About(
        age_band=age_band,
        channel=channel,
        respondent_kind="individual",
        permission=Permission.NOT_PUBLISHED,
        recontact=False,
        group=None,
        edition=Edition.STANDARD,
    )
