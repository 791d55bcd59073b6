"""What a column of a file may hold, and what its heading suggests.

A mapping is {"columns": {number of the column from 0, as text: target}, "rest": {field: value}}. A target is
one of FIELDS, "q-<key>" for the answer to a question, or "why-<key>" for its reason; a column that is in no
entry is left out. "rest" says what holds for rows that do not say it themselves.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborative.consultations.imports.words import in_all_languages, plain
from collaborative.consultations.kinds import FILE, MANY, MATRIX, TEXT
from collaborative.consultations.questions import Asked, Sheet
from collaborative.contributions.models import Edition

Mapping = dict[str, dict[str, str]]

FIELDS = {
    "key": gettext_lazy("Number or code of the response"),
    "channel": gettext_lazy("How it came"),
    "received": gettext_lazy("Day on which it came"),
    "age": gettext_lazy("Age group"),
    "kind": gettext_lazy("Person or organisation"),
    "group": gettext_lazy("Group"),
    "permission": gettext_lazy("May we publish it?"),
    "name": gettext_lazy("Name"),
    "organisation": gettext_lazy("Name of the organisation"),
    "recontact": gettext_lazy("May we get in touch?"),
    "email": gettext_lazy("E-mail address"),
    "edition": gettext_lazy("Edition"),
    "letter": gettext_lazy("The whole letter"),
}
# Headings that other tools write for these.
USUAL = {
    "key": ("id", "response id", "responseid", "respondent id", "reference", "response number"),
    "channel": ("channel", "source"),
    "received": ("received", "date", "date received", "submitted", "date submitted", "end date"),
    "age": ("age", "age band", "how old are you?", "your age"),
    "kind": ("respondent type", "type of respondent", "individual or organisation", "i answer for"),
    "group": ("which fits best?", "respondent group"),
    "permission": ("permission", "publication permission", "publishing permission", "consent to publish"),
    "name": ("full name", "your name"),
    "organisation": ("organisation", "organization", "organisation name", "what is your organisation?"),
    "recontact": ("recontact", "contact again", "may we contact you?"),
    "email": ("email", "e-mail", "email address", "contact email"),
    "edition": ("version", "variant"),
    "letter": ("letter", "comments", "other comments"),
}
ANSWER, WHY = "q-", "why-"
REST = ("received", "channel", "kind", "age", "edition")  # what may hold for rows that do not say it


def hash_of(headings: Sequence[str]) -> str:
    """Equal for files with the same headings in the same order."""
    return hashlib.sha256(json.dumps(list(headings)).encode()).hexdigest()


def _asked(sheet: Sheet, edition: str) -> list[Asked]:
    """What a spreadsheet may answer: there is no file in one."""
    return [one for one in sheet.asked(edition) if one.type != FILE]


def files_of(sheet: Sheet) -> list[str]:
    """The questions that it cannot answer."""
    return [f"{one.number}. {one.text}" for one in sheet.asked(Edition.STANDARD) if one.type == FILE]


def targets(sheet: Sheet) -> list[tuple[str, list[tuple[str, str]]]]:
    """What may be chosen for a column: [(name of the part, [(target, label)])]."""
    questions = []
    for one in _asked(sheet, Edition.STANDARD):
        questions.append((ANSWER + one.key, f"{one.number}. {one.text}"))
        if one.why:
            questions.append((WHY + one.key, f"{one.number}. {one.why}"))
    return [
        (_("About the response"), [(name, str(label)) for name, label in FIELDS.items()]),
        (_("Answers"), questions),
    ]


def headings(sheet: Sheet) -> list[str]:
    """The first row of a file in our own form: every field, then every question and its reason."""
    found = list(FIELDS)
    for one in _asked(sheet, Edition.STANDARD):
        found += [ANSWER + one.key, *([WHY + one.key] if one.why else [])]
    return found


def is_ours(sheet: Sheet, given: Sequence[str]) -> bool:
    return list(given) == headings(sheet)


def guess(sheet: Sheet, given: Sequence[str]) -> Mapping:
    """What the headings suggest. Each target once; whoever brings the file looks at every one."""
    known = _suggestions(sheet)
    columns: dict[str, str] = {}
    for number, heading in enumerate(given):
        target = known.get(plain(heading))
        if target and target not in columns.values():
            columns[str(number)] = target
    return {"columns": columns, "rest": {}}


def _suggestions(sheet: Sheet) -> dict[str, str]:
    """{heading: target}; what is a question is no field, though it be worded alike."""
    found: dict[str, str] = {}
    for target, words in USUAL.items():
        found |= {plain(word): target for word in words}
    for target, label in FIELDS.items():
        found |= {plain(word): target for word in (target, *in_all_languages(label))}
    for edition in reversed(sheet.editions):
        for one in _asked(sheet, edition):
            texts = (one.key, one.text, f"{one.number}. {one.text}", f"q{one.number}", ANSWER + one.key)
            found |= {plain(text): ANSWER + one.key for text in texts}
            if one.why:
                found |= {plain(text): WHY + one.key for text in (one.why_key, WHY + one.key)}
    return found


def problems(sheet: Sheet, given: Sequence[str], mapping: Mapping) -> list[tuple[str, str]]:
    """What is wrong with a mapping, as (number of the column or name of the field, message)."""
    asked = {one.key: one for one in _asked(sheet, Edition.STANDARD)}
    known = {target for _name, choices in targets(sheet) for target, _label in choices}
    columns = mapping["columns"]
    times = Counter(columns.values())
    found: list[tuple[str, str]] = []
    for number, target in columns.items():
        if target not in known or not number.isdecimal() or int(number) >= len(given):
            found.append((number, _("Choose from the list.")))
        elif times[target] > 1 and not may_repeat(target, asked):
            found.append((number, _("Another column holds this too.")))
    if not any(is_answer(target) for target in columns.values()):
        found.append(("", _("Say which column holds an answer.")))
    if "kind" not in columns.values() and not mapping["rest"].get("kind"):
        found.append(("kind", _("Say whether people or organisations answered.")))
    return found


def is_answer(target: str) -> bool:
    return target == "letter" or target.startswith((ANSWER, WHY))


def may_repeat(target: str, asked: dict[str, Asked]) -> bool:
    """Other tools give each choice of several a column of its own; words may be spread as well."""
    one = asked.get(target.removeprefix(ANSWER))
    return target == "letter" or (one is not None and one.type in {MANY, MATRIX, TEXT})


def placed(mapping: Mapping) -> dict[str, list[int]]:
    """{target: its columns in order}."""
    found: dict[str, list[int]] = {}
    for number, target in sorted(mapping["columns"].items(), key=lambda pair: int(pair[0])):
        found.setdefault(target, []).append(int(number))
    return found


def rest_of(mapping: Mapping) -> dict[str, Any]:
    return {name: value for name, value in mapping["rest"].items() if value}
