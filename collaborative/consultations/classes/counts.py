"""How many: while a class is at work, and what may be told of its answers afterwards.

While it lasts a teacher sees two numbers, never who and never a word (KC-11). Afterwards they see how often
each choice was made, through the figures' own function with the threshold for under-16s, whoever was there:
a class is small, and its teacher knows everyone in it. What may be shown is worked out once, after the last
answer can have come in, and kept: a figure that moved when one pupil takes an answer back would tell whose.
"""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db import transaction

from collaborative.consultations.kinds import IN_WORDS, MANY, ONE, SCALE
from collaborative.consultations.models import ChoiceAnswer, ClassSession
from collaborative.consultations.questions import Sheet
from collaborative.contributions.models import Contribution, Receipt
from collaborative.figures.policy import TOTAL, Policy, Quantity
from collaborative.figures.suppression import suppress, suppress_list

ANSWERED, NOT = "-answered", "-not"  # no choice has such a key


def sent(session: ClassSession) -> int:
    return Receipt.objects.filter(join_code=session.join_code_id).count() if session.join_code_id else 0


def now(session: ClassSession) -> dict[str, int]:
    """{"began", "sent"}: one query, besides the row itself."""
    return {"began": session.began, "sent": sent(session)}


def summary(session: ClassSession, moment: datetime) -> dict[str, Any] | None:
    """What may be told, or None before the last answer can have come in.

    {"sent": n, "questions": [{"number", "text", "answered": n, "rows": [[label, n]]}]}; None for a hidden n.
    """
    if not session.is_over(moment) or moment < session.grace_until:
        return None
    if session.summary is None:
        with transaction.atomic():
            row = ClassSession.objects.select_for_update(of=("self",)).get(pk=session.pk)
            if row.summary is None:
                row.summary = _count(row)
                row.save(update_fields=["summary"])
        session.summary = row.summary
    return session.summary


def _count(session: ClassSession) -> dict[str, Any]:
    """Five queries."""
    receipts = Receipt.objects.filter(join_code=session.join_code_id)
    everyone = receipts.count()
    chosen: dict[str, list[list[str]]] = {}
    for key, value in ChoiceAnswer.objects.filter(receipt__in=receipts).values_list(
        "wording__question__key", "value"
    ):
        if value:
            chosen.setdefault(key, []).append(value)
    words = Counter(
        key
        for key, _receipt in Contribution.objects.filter(receipt__in=receipts)
        .values_list("prompt_key", "receipt")
        .distinct()
    )
    asked = Sheet(session.engagement).asked("standard")
    questions = []
    for one in asked:
        given = chosen.get(one.key, [])
        answered = words[one.key] if one.type in IN_WORDS else len(given)
        questions.append(_question(one, answered, everyone, given))
    total = suppress_list({"sent": everyone}, sensitive=["sent"])
    return {"sent": total["sent"], "questions": questions}


def _question(one: Any, answered: int, everyone: int, given: list[list[str]]) -> dict[str, Any]:
    """How many answered, of all who sent something; and for one choice of several, how often each was made.

    Where several may be chosen the parts add up to no total, so each stands for itself: chosen or not.
    """
    row: dict[str, Any] = {"number": one.number, "text": one.text, "rows": []}
    if one.type in (ONE, SCALE):
        picked = Counter(value[0] for value in given)
        atoms = {key: picked[key] for key, _label in one.options} | {NOT: everyone - answered}
        released = suppress(atoms, _quantities(atoms), Policy())
        row["answered"] = released[ANSWERED]
        row["rows"] = [[label, released[key]] for key, label in one.options]
        return row
    row["answered"] = _share(answered, everyone)
    if one.type == MANY:
        picked = Counter(key for value in given for key in set(value))
        row["rows"] = [[label, _share(picked[key], everyone, guarded=True)] for key, label in one.options]
    return row


def _share(part: int, everyone: int, *, guarded: bool = False) -> int | None:
    """How many of all, where neither they nor the others are few. `guarded`: nor where it is all of them."""
    atoms = {"in": part, "out": everyone - part}
    quantities = [Quantity(key, frozenset({key}), "part", 0, sensitive=True) for key in atoms]
    quantities.append(Quantity(TOTAL, frozenset(atoms), "all", 1, sensitive=True, guarded=guarded))
    return suppress(atoms, quantities, Policy())["in"]


def _quantities(atoms: dict[str, int]) -> list[Quantity]:
    """Every choice, the rest, those who answered, and everyone. A class that all chose alike is guarded."""
    choices = frozenset(key for key in atoms if key != NOT)
    parts = [Quantity(key, frozenset({key}), "part", 0, sensitive=True) for key in atoms]
    return [
        *parts,
        Quantity(ANSWERED, choices, "answered", 1, sensitive=True, guarded=True),
        Quantity(TOTAL, frozenset(atoms), "all", 2, sensitive=True),
    ]
