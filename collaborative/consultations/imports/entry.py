"""Keying in what reached us on paper, by e-mail, by telephone or at an event (CON-2).

The form of the web on one page, read by the same functions and stored by the same action. What differs: the
way and the day it came, nothing must be answered, and a letter that answers no question is taken whole.
"""

import secrets
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.utils.translation import gettext as _

from collaborative import codes
from collaborative.consultations import actions as consultations
from collaborative.consultations import forms
from collaborative.consultations.answers import says_anything
from collaborative.consultations.imports import cells, words
from collaborative.consultations.imports.permissions import user_may_key_in
from collaborative.consultations.imports.reading import (
    Person,
    Reader,
    letter,
    not_asked,
    refused_day,
    was_not_asked,
)
from collaborative.consultations.kinds import DATE, IN_WORDS, NUMBER
from collaborative.consultations.questions import Asked
from collaborative.contributions.actions import About, stopped
from collaborative.contributions.models import Channel, Edition, Receipt
from collaborative.engagements.models import Engagement
from collaborative.people.models import User

CHANNELS = (Channel.PAPER, Channel.EMAIL, Channel.PHONE, Channel.EVENT)
BETWEEN = ":"  # between a question's key and the part of its answer, in names of fields; no key has it
STEPS = ("age", "about", "permission", "contact")
KEY_LENGTH = 20


@dataclass
class Entry:
    """What was keyed in. `errors` is {name of the field: message}; while there are any, nothing is stored."""

    about: About | None = None
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    letter: str = ""
    received_at: datetime | None = None
    errors: dict[str, str] = field(default_factory=dict)


def new_key() -> str:
    """Of one attempt, so that a double click makes one response."""
    return secrets.token_urlsafe(KEY_LENGTH)


def edition_of(reader: Reader, wanted: str) -> str:
    return wanted if wanted in reader.sheet.editions else str(Edition.STANDARD)


def read(reader: Reader, posted: QueryDict) -> Entry:
    entry = Entry(letter=forms.text_of(posted, "letter"))
    edition = edition_of(reader, posted.get("edition", ""))
    person = _person(reader, posted, edition, entry)
    _received(reader.engagement, posted, entry)
    for one in reader.asked(edition):
        answer, wrong = cells.checked(one, part_of(posted, one))
        if says_anything(answer):
            entry.answers[one.key] = answer
        for part, message in wrong:
            entry.errors.setdefault(f"{one.key}{BETWEEN}{part}", message)
    for one in not_asked(reader.asked(edition), entry.answers):
        entry.errors.setdefault(f"{one.key}{BETWEEN}{first_field(one)}", was_not_asked())
    for message in cells.too_long(entry.letter):
        entry.errors["letter"] = message
    if not entry.errors:
        entry.about = person_about(person)
        stop = stopped(reader.engagement, entry.about)
        if stop:
            entry.errors["age"] = f"{stop.label}."
    if not entry.errors and not entry.answers and not entry.letter.strip():
        entry.errors["letter"] = _("There is no answer yet. Answer one question, or key in the letter.")
    return entry


def _person(reader: Reader, posted: QueryDict, edition: str, entry: Entry) -> Person:
    """The screens about the respondent, one after the other, since each follows from those before."""
    channel = posted.get("channel", "")
    kept: dict[str, Any] = {"channel": channel}
    if channel not in CHANNELS:
        entry.errors["channel"] = _("Say how it came.")
    for step in STEPS:
        cleaned = forms.clean(step, Person(kept, reader), posted)
        kept |= cleaned.keep
        for name, message in cleaned.errors:
            entry.errors.setdefault(name, message)
        if "age" in entry.errors:
            break  # what else may be asked depends on it
    return Person({**kept, "edition": edition}, reader)


def person_about(person: Person) -> About:
    return replace(person.about(), channel=person.channel)


def _received(engagement: Engagement, posted: QueryDict, entry: Entry) -> None:
    on: date | None = words.day(str(posted.get("received", "")))
    message = _("Say on which day it came.") if on is None else refused_day(engagement, on)
    if message:
        entry.errors["received"] = message
    elif on is not None:
        entry.received_at = words.moment(engagement, on)


def part_of(posted: QueryDict, one: Asked) -> dict[str, list[str]]:
    """The fields of one question, under the names that they have where it is asked alone."""
    start = f"{one.key}{BETWEEN}"
    return {name.removeprefix(start): posted.getlist(name) for name in posted if name.startswith(start)}


def first_field(one: Asked) -> str:
    """The part of an answer beside which a message about all of it stands."""
    names = {DATE: "day", NUMBER: "number", **dict.fromkeys(IN_WORDS, "text")}
    return names.get(one.type, "chosen")


def keep(engagement: Engagement, entry: Entry, key: str, *, by: User) -> tuple[Receipt, str]:
    """Store what was keyed in, held like everyone's. Returns (receipt, the code for its author).

    The same key again gives the same receipt. Raises contributions.actions.NotPossible.
    """
    if not user_may_key_in(by):
        raise PermissionDenied
    assert entry.about is not None
    code = codes.derived("keyed", f"{by.pk}:{key}")
    receipt, _new = consultations.respond(
        engagement,
        entry.about,
        entry.answers,
        code=code,
        more=letter(entry.letter),
        by=by,
        received_at=entry.received_at,
    )
    return receipt, code
