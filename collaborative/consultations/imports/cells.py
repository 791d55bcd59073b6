"""The cells of one question as its answer, by the one function that checks an answer (`answers.py`)."""

from collections.abc import Mapping, Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from collaborative.consultations import answers
from collaborative.consultations.answers import Answer, Errors
from collaborative.consultations.imports.words import plain
from collaborative.consultations.kinds import IN_WORDS, MANY, MATRIX, ONE, RANK, SCALE, TEXT
from collaborative.consultations.questions import Asked, Sheet
from collaborative.contributions.models import Edition

# The form on the web ends at 20,000. A letter of an organisation may be longer: it is taken whole.
MOST_CHARACTERS = 100_000
EXCERPT = 60
TICKS = frozenset({"x", "yes", "y", "1", "true", "✓", "✔", "ticked", "selected"})
NO_TICKS = frozenset({"no", "n", "0", "false", "-", "not selected", "unticked"})
CHOSEN = frozenset({ONE, MANY, SCALE, RANK})

Known = Mapping[str, str]  # a choice in the words of any edition, or its key: its key


def excerpt(text: str) -> str:
    said = " ".join(text.split())
    return said if len(said) <= EXCERPT else f"{said[:EXCERPT]}…"


def checked(one: Asked, sent: Mapping[str, list[str]]) -> tuple[Answer, Errors]:
    """The answer in what a form sends, by the rules of the web but one: long words are taken whole.

    Whoever filled in a form on paper may have left anything out, so nothing must be answered here.
    """
    answer, errors = answers.read(one, sent)
    long = {"why", "text"} if one.type == TEXT else {"why"}
    errors = [pair for pair in errors if pair[0] not in long]
    return answer, errors + [(part, said) for part in sorted(long) for said in too_long(answer[part])]


def read(
    one: Asked, known: Known, cells: Sequence[str], headings: Sequence[str], why: str
) -> tuple[Answer, Errors]:
    """The answer that these cells give, and what is wrong with them as (part, message)."""
    reason = {"why": [why]} if one.why else {}
    if one.type in IN_WORDS:
        said = "\n\n".join(cell for cell in cells if cell.strip())
        return checked(one, {"text": [said], **reason})
    if one.type in CHOSEN:
        cells = _in_words_of_the_form(one, known, cells, headings)
    elif one.type == MATRIX and len(cells) > 1:
        cells = _by_line(one, cells, headings)
    raw = "; ".join(cell for cell in cells if cell.strip())
    answer, message = answers.clean(one, raw)
    found = [("chosen", _of(one, raw, message))] if message else []
    if one.why:
        answer["why"] = answers.plain(why)
        found += [("why", text) for text in too_long(why)]
    return answer, found


def _of(one: Asked, raw: str, message: str) -> str:
    """The message, and of choices what was said and could have been."""
    if one.type not in CHOSEN or (one.max_choices and raw.count(";") >= one.max_choices):
        return message
    labels = "; ".join(label for _key, label in one.options)
    return _("“%(said)s” is none of the answers: %(labels)s.") % {"said": excerpt(raw), "labels": labels}


def too_long(text: str) -> list[str]:
    over = len(text) - MOST_CHARACTERS
    if over <= 0:
        return []
    most, more = (number_format(n, use_l10n=True, force_grouping=True) for n in (MOST_CHARACTERS, over))
    return [_("%(more)s characters too long: at most %(most)s.") % {"more": more, "most": most}]


def choices_of(sheet: Sheet) -> Mapping[str, Known]:
    """{question key: its choices}, in the words of every edition, standard first."""
    found: dict[str, dict[str, str]] = {}
    for edition in sheet.editions:
        for one in sheet.asked(edition):
            known = found.setdefault(one.key, {})
            for key, label in one.options:
                known.setdefault(plain(label), key)
    for one in sheet.asked(Edition.STANDARD):
        for key, _label in one.options:
            found[one.key].setdefault(plain(key), key)
    return found


# Cells as others write them ---------------------------------------------------------------------


def _in_words_of_the_form(
    one: Asked, known: Known, cells: Sequence[str], headings: Sequence[str]
) -> list[str]:
    """Each choice by its key where it can be told, in the cells of a question; else as it stands."""
    found = []
    for cell, heading in zip(cells, headings, strict=True):
        said = _ticked(cell, heading, known) if len(cells) > 1 else cell
        if said.strip():
            found.append("; ".join(_choices(one, said, known)))
    return found


def _ticked(cell: str, heading: str, known: Known) -> str:
    """Where each choice has a column of its own: which one, if it is ticked."""
    said = plain(cell)
    if said in known or said not in TICKS | NO_TICKS:
        return cell
    ends = [words for words in known if plain(heading).endswith(words)]
    return max(ends, key=len) if ends and said in TICKS else "" if said in NO_TICKS else cell


def _choices(one: Asked, cell: str, known: Known) -> list[str]:
    """The keys in a cell that holds one choice or several, or the cell when they cannot be told."""
    if plain(cell) in known:
        return [known[plain(cell)]]
    if one.type not in {MANY, RANK}:
        return [cell]
    for between in (";", "\n", "|", ","):
        parts = [part for part in cell.split(between) if part.strip()]
        keys = [known.get(plain(part)) or known.get(_without_number(part)) for part in parts]
        if all(keys):
            return [key for key in keys if key]
    return [cell]


def _without_number(text: str) -> str:
    """ "2. Travel" and "2) Travel" as "travel"."""
    number, _space, rest = text.strip().partition(" ")
    return plain(rest) if number[:-1].isdecimal() and number[-1] in ".):" else ""


def _by_line(one: Asked, cells: Sequence[str], headings: Sequence[str]) -> list[str]:
    """A table with a column for each line: the line stands at the end of the heading."""
    found = []
    for cell, heading in zip(cells, headings, strict=True):
        if cell.strip():
            lines = [label for _key, label in one.rows if plain(heading).endswith(plain(label))]
            found.append(f"{max(lines, key=len)}: {cell}" if lines else cell)
    return found
