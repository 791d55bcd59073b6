"""The parts that a sentence of the plan is made of, what they are called, and how a block becomes parts."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.utils.text import normalize_newlines
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# In whose words an outcome is said; the keys are parts of the wording and values of ?who=.
AUDIENCES = {
    "young_person": _("Young person"),
    "adult": _("Adult"),
    "parent_carer": _("Parent or carer"),
    "practitioner": _("Practitioner"),
    "employer": _("Employer"),
}
FIRST_AUDIENCE = "young_person"

PARTS: dict[str, tuple[str, ...]] = {
    "vision": ("statement",),
    "how": ("statement",),
    "principle": ("name", "from", "to", "statement"),
    "outcome": ("name", *AUDIENCES, "measure"),
}
# Without these a sentence says nothing. An outcome needs at least one audience as well.
NEEDED: dict[str, tuple[str, ...]] = {
    "vision": ("statement",),
    "how": ("statement",),
    "principle": ("name", "from", "to", "statement"),
    "outcome": ("name",),
}
PART_LABELS = {
    "name": _("Name"),
    "from": pgettext_lazy("part of a principle", "From"),
    "to": pgettext_lazy("part of a principle", "To"),
    "statement": _("The words"),
    **AUDIENCES,
    "measure": _("How we will know"),
}
SINGLE = {"vision": "V", "how": "H"}  # there is one of each, so its number is given
LETTER = {"outcome": "O", "principle": "P"}
TITLES = {"vision": _("What we want"), "how": _("How we work")}

_FIELDS = {"from": "from_"}  # a word that Python keeps for itself


def field_of(part: str) -> str:
    """The name of the block field that holds a part."""
    return _FIELDS.get(part, part)


def parts_of(kind: str, value: Mapping[str, Any]) -> dict[str, str]:
    """The wording in a block of that kind. Space around words is not wording."""
    return {part: normalize_newlines(value.get(field_of(part)) or "").strip() for part in PARTS[kind]}


def fingerprint(parts: Mapping[str, str]) -> str:
    """64 hex digits that change with any word."""
    return hashlib.sha256(
        json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()


def in_sentence(body: str) -> str:
    """The name of a body as it stands inside a sentence: “the board”, where alone it is “The board”."""
    return "the " + body[4:] if body.startswith("The ") else body


def title_of(kind: str, parts: Mapping[str, str]) -> str:
    """What the sentence is called in headings: its name, or what it stands for."""
    return str(TITLES[kind]) if kind in TITLES else parts.get("name", "")


def number_of(kind: str, ref: str) -> str:
    """“Principle 3”, “Outcome 8”, “What we want”, “How we work”."""
    if kind in TITLES:
        return str(TITLES[kind])
    label = _("Principle %(number)s") if kind == "principle" else _("Outcome %(number)s")
    return label % {"number": ref[1:]}
