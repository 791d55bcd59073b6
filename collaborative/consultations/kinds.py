"""The kinds of question, and what an answer to each is when it is no words.

What was chosen is always a list of texts, whatever the kind: keys of choices (in order for a ranking),
"line:choice" for each line of a table, one number as it is written plainly ("12.5"), one day ("2026-03-04").
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.template.defaultfilters import date as date_words
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

TEXT = "text"
SHORT = "short"
ONE = "one"
MANY = "many"
SCALE = "scale"
RANK = "rank"
MATRIX = "matrix"
NUMBER = "number"
DATE = "date"
FILE = "file"

KINDS = [
    (ONE, gettext_lazy("One choice")),
    (MANY, gettext_lazy("Several choices")),
    (SHORT, gettext_lazy("In their own words, one line")),
    (TEXT, gettext_lazy("In their own words")),
    (SCALE, gettext_lazy("How much do you agree")),
    (RANK, gettext_lazy("Put in order")),
    (MATRIX, gettext_lazy("Several lines, the same choices for each")),
    (NUMBER, gettext_lazy("A number")),
    (DATE, gettext_lazy("A day")),
    (FILE, gettext_lazy("A file")),
]
IN_WORDS = frozenset({TEXT, SHORT, FILE})  # kept as a contribution; of a file, what it is called
WITH_CHOICES = frozenset({ONE, MANY, SCALE, RANK, MATRIX})
AGREEING = frozenset({SCALE, MATRIX})  # the usual scale stands in where the editors give no choices
LEADING_ON = frozenset({ONE, MANY, SCALE})  # other questions may depend on what was chosen

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
BETWEEN = ":"  # between the key of a line and that of its choice; in no key
WHOLE_DIGITS, PARTS = 12, 3
PLAIN_NUMBER = re.compile(rf"-?[0-9]{{1,{WHOLE_DIGITS}}}(\.[0-9]{{1,{PARTS}}})?")
PLAIN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FIRST_YEAR, LAST_YEAR = 1900, 2199


# Words of the answer itself, the same whichever language the editor's own screen is in: no translations.
IN_GAELIC = {
    "5": "Ag aontachadh gu làidir",
    "4": "Ag aontachadh",
    "3": "Gun a bhith ag aontachadh no ag eas-aontachadh",
    "2": "Ag eas-aontachadh",
    "1": "Ag eas-aontachadh gu làidir",
    "no-view": "Gun bheachd",
}


def usual_scale() -> list[dict[str, str]]:
    """How much somebody agrees, in the words for everyone, for young people and in Gaelic (LNG-2).

    No native reader has checked the Gaelic yet. Editors who give choices of their own are free of it.
    """
    words = [
        {"key": "5", "label": _("Agree strongly"), "young": _("Yes, definitely")},
        {"key": "4", "label": _("Agree"), "young": _("Yes, mostly")},
        {"key": "3", "label": _("Neither agree nor disagree"), "young": _("In the middle")},
        {"key": "2", "label": _("Disagree"), "young": _("Not really")},
        {"key": "1", "label": _("Disagree strongly"), "young": _("No, definitely not")},
        {"key": "no-view", "label": _("No view"), "young": _("I don’t mind")},
    ]
    return [{**one, "gaelic": IN_GAELIC[one["key"]]} for one in words]


def sound(
    kind: str, chosen: Iterable[Any], options: Iterable[tuple[str, str]], rows: Iterable[tuple[str, str]] = ()
) -> list[str]:
    """What of `chosen` is an answer of that kind: what no longer stands among the choices is left out.

    Nothing in it is trusted, and nothing here raises. A ranking keeps its order.
    """
    texts = [one for one in chosen if isinstance(one, str)]
    keys = [key for key, _label in options]
    if kind == NUMBER:
        return [text for text in texts if PLAIN_NUMBER.fullmatch(text)][:1]
    if kind == DATE:
        return [text for text in texts if day_of(text)][:1]
    if kind == MATRIX:
        by_row = dict(text.split(BETWEEN, 1) for text in texts if BETWEEN in text)
        return [f"{row}{BETWEEN}{by_row[row]}" for row, _label in rows if by_row.get(row) in keys]
    known = set(keys)
    return list(dict.fromkeys(text for text in texts if text in known))


def day_of(text: str) -> date | None:
    if not PLAIN_DAY.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def in_words(
    kind: str,
    chosen: Iterable[str],
    options: Mapping[str, str],
    rows: Mapping[str, str] | None = None,
    unit: str = "",
) -> list[str]:
    """What was chosen as people read it, a text for each: "12.5 km", "4 March 2026", "Travel: Agree"."""
    chosen = list(chosen)
    if kind == NUMBER:
        return [" ".join(part for part in (number_words(text), unit) if part) for text in chosen]
    if kind == DATE:
        return [date_words(day, "j F Y") if (day := day_of(text)) else text for text in chosen]
    if kind == MATRIX:
        pairs = (text.partition(BETWEEN) for text in chosen)
        lines = rows or {}
        return [f"{lines.get(row, row)}: {options.get(key, key)}" for row, _between, key in pairs]
    return [options.get(key, key) for key in chosen]


def number_words(text: str) -> str:
    return number_format(Decimal(text), use_l10n=True, force_grouping=True)


def plain_number(number: Decimal) -> str:
    """12.50 → "12.5", 007 → "7", -0 → "0"."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
