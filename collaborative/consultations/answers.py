"""One answer: read from what a form or a spreadsheet sent, checked, and told whether it is asked at all.

An answer is {"chosen": the list that `kinds.py` describes, "text": words, "why": words}, empty parts
included. What arrives is a mapping of names to lists of texts, as a form sends it:

- words: `text`; the reason for a choice: `why`
- one choice, several choices, a scale: `chosen`, once for each
- a ranking: `chosen-<key>` holds the place; a table: `chosen-<key of the line>` holds the key of the choice
- a number: `number`; a day: `day`, `month`, `year`
- a file is no text and is read elsewhere (`uploads.py`); its answer is {"text": its name, "kind", "size"}

Nothing here raises. Errors are (field, message) with the names above as fields; what was sent is for the
caller to show again, so that nothing typed is lost.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collaborative.consultations.kinds import (
    BETWEEN,
    DATE,
    FILE,
    FIRST_YEAR,
    IN_WORDS,
    LAST_YEAR,
    MANY,
    MATRIX,
    NUMBER,
    PLAIN_NUMBER,
    RANK,
    SHORT,
    day_of,
    number_words,
    plain_number,
    sound,
)
from collaborative.consultations.questions import Asked, Sheet
from collaborative.contributions.models import Edition
from collaborative.engagements.models import Engagement

Answer = dict[str, Any]
Sent = Mapping[str, list[str]]
Errors = list[tuple[str, str]]

MOST_CHARACTERS = 20_000
MOST_IN_A_LINE = 200
GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
DAY_IN_A_CELL = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})")


def questions_of(engagement: Engagement, edition: str = Edition.STANDARD) -> list[Asked]:
    """The questions that people answer now, in order, in the words of one edition. One query."""
    return Sheet(engagement).asked(edition)


def clean(one: Asked, raw: str | Mapping[str, str | list[str]], why: str = "") -> tuple[Answer, str]:
    """Check one raw answer: the text of a cell, or a form's fields. Returns (answer, message or "").

    In a cell, choices stand by their label or key, several with a semicolon or a new line between (in order,
    for a ranking); a table as "line: choice; line: choice"; a day as 4/3/2026 or 2026-03-04. A message that
    is empty means that the answer may be stored with `actions.respond`; an empty answer is never an error
    here, since whether one is needed is for the caller to say (`says_anything`).
    """
    if isinstance(raw, str):
        sent = _from_cell(one, raw)
        if why:
            sent["why"] = [why]
    else:
        sent = {name: [value] if isinstance(value, str) else list(value) for name, value in raw.items()}
    answer, errors = read(one, sent)
    return answer, errors[0][1] if errors else ""


def read(one: Asked, sent: Sent) -> tuple[Answer, Errors]:
    """What was answered, and what is wrong with it."""
    errors: Errors = []
    answer: Answer = {"chosen": [], "text": "", "why": ""}
    if one.type == FILE:
        return answer, errors
    if one.type in IN_WORDS:
        answer["text"] = _words(sent, "text")
        most = MOST_CHARACTERS
        if one.type == SHORT:
            answer["text"], most = answer["text"].replace("\n", " "), MOST_IN_A_LINE
        errors += too_long("text", answer["text"], most)
    else:
        reader = READERS.get(one.type, _chosen)
        answer["chosen"] = reader(one, sent, errors)
    if one.why:
        answer["why"] = _words(sent, "why")
        errors += too_long("why", answer["why"])
    if not errors:
        errors += beyond(one, answer)
    return answer, errors


def says_anything(answer: Answer) -> bool:
    """A choice, or words that are more than spaces."""
    return bool(answer["chosen"] or answer["text"].strip() or answer["why"].strip())


def beyond(one: Asked, answer: Answer) -> Errors:
    """What goes beyond what may be answered: asked again when somebody sends, since editors may have moved
    the limits after the answer was kept."""
    chosen = answer["chosen"]
    if one.type == FILE and answer["text"]:
        return _file_beyond(one, answer)
    if one.type == NUMBER and chosen:
        return _out_of_range(one, Decimal(chosen[0]))
    most = (one.max_choices or 0) if one.type == MANY else 0 if one.type in (RANK, MATRIX) else 1
    if most and len(chosen) > most:
        message = ngettext("Choose only %(most)s.", "Choose up to %(most)s.", most) % {"most": most}
        return [("chosen", message)]
    return []


def _file_beyond(one: Asked, answer: Answer) -> Errors:
    if answer.get("kind") not in one.file_types:
        return [("file", _("We cannot take this kind of file any more. Send another."))]
    if one.file_megabytes and answer.get("size", 0) > one.file_megabytes * 1024 * 1024:
        return [("file", _("This file is larger than we take now. Send a smaller one."))]
    return []


def missing(one: Asked, answer: Answer) -> Errors:
    """What a question that must be answered still needs: of a table, every line."""
    if one.type == MATRIX:
        answered = {text.partition(BETWEEN)[0] for text in answer["chosen"]}
        return [
            (f"chosen-{key}", _("Choose an answer for this line."))
            for key, _label in one.rows
            if key not in answered
        ]
    if says_anything(answer):
        return []
    if one.type == FILE:
        return [("file", _("Choose a file to send."))]
    if one.type in IN_WORDS:
        return [("text", _("Write an answer."))]
    if one.type == NUMBER:
        return [("number", _("Write a number."))]
    return [("day", _("Write a day.")) if one.type == DATE else ("chosen", _("Choose an answer."))]


def still_asked(asked: Iterable[Asked], answers: Mapping[str, Any]) -> list[Asked]:
    """The questions to ask somebody who has answered so far: all conditions of a question hold.

    An answer to a question that is itself no longer asked makes no condition hold. `answers` is by key of
    the question.
    """
    chosen: dict[str, set[str]] = {}
    found = []
    for one in asked:
        if all(chosen.get(only.question, set()) & set(only.any_of) for only in one.ask_if):
            found.append(one)
            answer = answers.get(one.key) or {}
            chosen[one.key] = set(sound(one.type, answer.get("chosen") or [], one.options, one.rows))
    return found


def too_long(name: str, text: str, most: int = MOST_CHARACTERS) -> Errors:
    over = len(text) - most
    if over <= 0:
        return []
    message = ngettext(
        "This is %(over)s character too long. Nothing is lost: make it shorter, then carry on.",
        "This is %(over)s characters too long. Nothing is lost: make it shorter, then carry on.",
        over,
    )
    return [(name, message % {"over": number_format(over, use_l10n=True, force_grouping=True)})]


def plain(text: str) -> str:
    """What was typed, without what no database keeps (NUL), with the line ends of one system."""
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")


# Reading each kind ------------------------------------------------------------------------------


def _words(sent: Sent, name: str) -> str:
    values = sent.get(name) or [""]
    return plain(str(values[-1]))


def _one(sent: Sent, name: str) -> str:
    return _words(sent, name).strip()


def _chosen(one: Asked, sent: Sent, errors: Errors) -> list[str]:
    given = [value for value in sent.get("chosen") or [] if value]
    known = [key for key, _label in one.options]
    if set(given) - set(known):
        errors.append(("chosen", _("Choose from the answers on this page.")))
    return [key for key in known if key in given]


def _ranked(one: Asked, sent: Sent, errors: Errors) -> list[str]:
    places: dict[int, str] = {}
    for key, _label in one.options:
        given = _one(sent, f"chosen-{key}")
        if not given:
            continue
        if given not in {str(number) for number in range(1, len(one.options) + 1)}:
            errors.append(("chosen", _("Choose from the numbers on this page.")))
            return []
        if int(given) in places:
            message = _("Two have the number %(number)s. Give each a number of its own.") % {"number": given}
            errors.append(("chosen", message))
            return []
        places[int(given)] = key
    return [key for _place, key in sorted(places.items())]


def _by_line(one: Asked, sent: Sent, errors: Errors) -> list[str]:
    known = {key for key, _label in one.options}
    chosen = []
    for row, _label in one.rows:
        given = _one(sent, f"chosen-{row}")
        if given and given not in known:
            errors.append((f"chosen-{row}", _("Choose from the answers on this page.")))
        elif given:
            chosen.append(f"{row}{BETWEEN}{given}")
    if any(sent.get("chosen") or []):
        errors.append(("chosen", _("Choose from the answers on this page.")))
    return chosen


def _number(one: Asked, sent: Sent, errors: Errors) -> list[str]:
    given = _one(sent, "number")
    if not given:
        return []
    bare = given.replace(",", "") if GROUPED.fullmatch(given) else given
    if not PLAIN_NUMBER.fullmatch(bare):
        example = _("Write a number in figures, such as 12 or 2.5.") if one.decimals else ""
        errors.append(("number", example or _("Write a whole number in figures, such as 12.")))
        return []
    return [plain_number(Decimal(bare))]


def _out_of_range(one: Asked, number: Decimal) -> Errors:
    if not one.decimals and number != number.to_integral_value():
        return [("number", _("Write a whole number, such as 12."))]
    if one.least is not None and number < one.least:
        return [("number", _("Write %(least)s or more.") % {"least": _number_words(one.least)})]
    if one.most is not None and number > one.most:
        return [("number", _("Write %(most)s or less.") % {"most": _number_words(one.most)})]
    return []


def _number_words(number: Decimal) -> str:
    return number_words(plain_number(number))


def _day(one: Asked, sent: Sent, errors: Errors) -> list[str]:
    parts = {name: _one(sent, name) for name in ("day", "month", "year")}
    if not any(parts.values()):
        return []
    empty = [name for name, value in parts.items() if not value]
    if empty:
        errors.append((empty[0], _("Write the day, the month and the year.")))
        return []
    if not re.fullmatch(r"[0-9]{4}", parts["year"]):
        errors.append(("year", _("Write the year in four figures, such as 2026.")))
        return []
    if not FIRST_YEAR <= int(parts["year"]) <= LAST_YEAR:
        years = {"first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
        errors.append(("year", _("Write a year from %(first)s to %(last)s.") % years))
        return []
    for name in ("day", "month"):
        if not re.fullmatch(r"[0-9]{1,2}", parts[name]):
            errors.append((name, _("Write the day and the month in figures, such as 4 and 3.")))
            return []
    try:
        return [date(int(parts["year"]), int(parts["month"]), int(parts["day"])).isoformat()]
    except ValueError:
        errors.append(("day", _("There is no such day. Check the day and the month.")))
        return []


READERS = {RANK: _ranked, MATRIX: _by_line, NUMBER: _number, DATE: _day}


# Cells ------------------------------------------------------------------------------------------


def _from_cell(one: Asked, raw: str) -> dict[str, list[str]]:
    """The fields that a form would have sent. What is not understood is handed on, to be refused."""
    if one.type in IN_WORDS:
        return {"text": [raw]}
    text = plain(raw).strip()
    if one.type == NUMBER:
        return {"number": [text]}
    if one.type == DATE:
        return _day_from_cell(text)
    if one.type == MATRIX:
        return _lines_from_cell(one, text)
    parts = [text] if _key_of(text, one.options) else [part.strip() for part in re.split(r"[;\n]", text)]
    keys = [_key_of(part, one.options) or part for part in parts if part]
    if one.type != RANK:
        return {"chosen": keys}
    unknown = [key for key in keys if key not in dict(one.options)]
    sent: dict[str, list[str]] = {}
    for place, key in enumerate(keys, 1):
        sent.setdefault(f"chosen-{key}", [str(place)])
    return {f"chosen-{one.options[0][0]}": ["?"]} if unknown or len(sent) < len(keys) else sent


def _day_from_cell(text: str) -> dict[str, list[str]]:
    iso, found = day_of(text[:10]), DAY_IN_A_CELL.fullmatch(text)
    if iso and text[10:].strip(" T0:") == "":  # spreadsheets add a midnight
        return {"day": [str(iso.day)], "month": [str(iso.month)], "year": [str(iso.year)]}
    if found:
        return dict(zip(("day", "month", "year"), ([part] for part in found.groups()), strict=True))
    return {"day": [text]}


def _lines_from_cell(one: Asked, text: str) -> dict[str, list[str]]:
    sent: dict[str, list[str]] = {}
    for part in filter(None, (part.strip() for part in re.split(r"[;\n]", text))):
        colons = [place for place, letter in enumerate(part) if letter == BETWEEN]
        split = ((part[:place], part[place + 1 :]) for place in colons)
        keys = ((_key_of(row, one.rows), _key_of(choice, one.options)) for row, choice in split)
        row, choice = next(((row, choice) for row, choice in keys if row and choice), ("", ""))
        if row and f"chosen-{row}" not in sent:
            sent[f"chosen-{row}"] = [choice]
        else:
            return {"chosen": [part]}
    return sent


def _key_of(text: str, options: Iterable[tuple[str, str]]) -> str:
    """The key of a choice given by its label or key, whatever the capitals and spaces. Empty: none."""
    wanted = " ".join(text.split()).casefold()
    keys = [key for key, label in options if " ".join(label.split()).casefold() == wanted]
    keys = keys or [key for key, _label in options if key.casefold() == wanted]
    return keys[0] if len(keys) == 1 else ""
