"""Rows whose number is in already: do they say the same? What is in stays as it is; staff are told.

Only columns that the file has are compared, so that a file with fewer of them is no other answer. A response
that its author took back, or whose words were destroyed, is compared with nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from collaborative.consultations.actions import choice_rows, given_in
from collaborative.consultations.imports.columns import ANSWER, WHY
from collaborative.consultations.imports.reading import LETTER, Reader, letter
from collaborative.consultations.models import ChoiceAnswer, ImportRow
from collaborative.contributions.models import Receipt, Wording

AUTHORS = (Wording.Kind.GIVEN, Wording.Kind.EDITED)
PERSON = {"age": "age_band", "kind": "respondent_kind", "permission": "permission"}


@dataclass
class _Standing:
    """What is in of one response. `texts`: prompt key -> words; `chosen`: question -> keys."""

    receipt: Receipt
    texts: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, list[str]] = field(default_factory=dict)


def kept_as_it_was() -> str:
    return _("Something else is in already under this number. It was kept as it was.")


def otherwise(reader: Reader, rows: Iterable[ImportRow]) -> Iterator[tuple[int, int | None]]:
    """(row, column) of each cell that says something else than what is in. Three queries for all."""
    rows = list(rows)
    standing = _standing([row.code_hash for row in rows]) if rows else {}
    for row in rows:
        if row.code_hash in standing:
            for target in _differing(reader, row.data, standing[row.code_hash]):
                yield row.number, reader.placed[target][0]


def _standing(hashes: list[str]) -> dict[str, _Standing]:
    receipts = Receipt.objects.filter(code_hash__in=hashes, withdrawn_at=None)
    found = {receipt.pk: _Standing(receipt) for receipt in receipts}
    words = Wording.objects.filter(contribution__receipt__in=found, kind__in=AUTHORS).order_by("number")
    for pk, prompt, text, key in words.values_list(
        "contribution__receipt", "contribution__prompt_key", "text", "key"
    ):
        if pk in found:
            found[pk].texts[prompt] = text
            if not key:  # destroyed
                del found[pk]
    choices = ChoiceAnswer.objects.filter(receipt__in=found)
    for pk, question, value in choices.values_list("receipt", "wording__question__key", "value"):
        found[pk].chosen[question] = value
    return {one.receipt.code_hash: one for one in found.values()}


def _differing(reader: Reader, data: dict[str, Any], there: _Standing) -> Iterator[str]:
    """The columns, by what they are for, in which this row differs."""
    about, asked = reader.about(data)
    given = [*given_in(asked, data["answers"]), *letter(data["letter"])]
    texts = {one.prompt_key: one.text for one in given if one.text.strip()}
    rows = choice_rows(there.receipt, asked, data["answers"])
    chosen: dict[int | None, list[str]] = {one.wording_id: one.value for one in rows}
    for target, name in PERSON.items():
        if target in reader.placed and getattr(about, name) != getattr(there.receipt, name):
            yield target
    for one in asked:
        same = chosen.get(one.wording_id, []) == there.chosen.get(one.key, [])
        if ANSWER + one.key in reader.placed and not (same and _same(one.key, texts, there.texts)):
            yield ANSWER + one.key
        if WHY + one.key in reader.placed and not _same(one.why_key, texts, there.texts):
            yield WHY + one.key
    if "letter" in reader.placed and not _same(LETTER, texts, there.texts):
        yield "letter"


def _same(prompt: str, texts: dict[str, str], there: dict[str, str]) -> bool:
    return texts.get(prompt, "") == there.get(prompt, "")
