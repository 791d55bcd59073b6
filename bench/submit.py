"""Sending answers to the open consultation, against the ORM inserting the very same rows.

The goal is for `actions.send`, which the view calls: lock the draft, read the questions, check the answers,
store the response, throw the draft away. The floor is one transaction that creates the same receipt, words,
choices and entry of the record. The whole POST of the last screen, through every middleware, stands beside
it for comparison.
"""

import itertools
import secrets
import time
from collections.abc import Callable, Iterator
from typing import Any

from bench.effort import Effort
from bench.figure import Figure, ratio_of

GOAL = 0.33
SLUG = "starting-the-conversation-in-p7"
WORDS = "It should feel like a talk, not like a test, and nobody should have to decide anything that day."


def figures(effort: Effort) -> Iterator[Figure]:
    from collaborative.engagements.models import Engagement

    # As the view finds it.
    found = Engagement.objects.select_related("page__consultationpage__young_group")
    engagement = found.get(slug=SLUG)
    post = _Post(engagement)
    like = _send(engagement, _draft(engagement))
    post(_draft(engagement))
    ways: dict[str, tuple[float | None, Callable[[str], Any]]] = {
        "from the draft to the receipt": (GOAL, lambda token: _send(engagement, token)),
        "the whole POST": (None, post),
    }
    samples: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _round in range(effort.rounds * effort.responses):
        rows = _same_rows(like)
        for name, (_goal, way) in ways.items():
            token = _draft(engagement)
            samples[name].append((_rate(way, token), _rate(_insert, rows)))
            rows = _same_rows(like)
    for name, pairs in samples.items():
        value, measured, floor = ratio_of(pairs)
        yield Figure(
            name=f"sending an answer, {name}",
            value=value,
            unit="×",
            goal=ways[name][0],
            measured=measured,
            floor=floor,
            per="responses/s",
            samples=len(pairs),
        )


def _rate(way: Callable[[Any], Any], given: Any) -> float:
    """How many in a second of processor time, from one. SQLite does its work in this very process.

    By the clock, a machine that is shared makes what takes long look longer than it is: what takes short
    is done before its turn on the processor ends.
    """
    began = time.process_time()
    way(given)
    return 1 / (time.process_time() - began)


# What somebody sends -----------------------------------------------------------------------------


def _answers(engagement: Any) -> dict[str, Any]:
    """Every question answered, by an adult who speaks for themselves."""
    from collaborative.consultations.journey import Journey
    from collaborative.consultations.kinds import TEXT

    answers: dict[str, Any] = {
        "age": "26-plus",
        "kind": "individual",
        "permission": "anonymous",
        "recontact": "no",
    }
    journey = Journey(engagement, answers)
    answers["group"] = journey.groups[0].slug
    for one in journey.asked:
        chosen = [key for key, _label in one.options][: one.max_choices or 1]
        answers[one.step] = {"text": WORDS} if one.type == TEXT else {"chosen": chosen, "why": WORDS}
    return answers


def _draft(engagement: Any) -> str:
    """A draft that is ready to be sent; returns its token."""
    from collaborative.contributions import drafts

    token = drafts.new_token()
    drafts.begin(engagement, token, _answers(engagement))
    return token


def _send(engagement: Any, token: str) -> Any:
    """What the view calls with the consultation that it has found."""
    from collaborative.consultations import actions

    return actions.send(engagement, token)


class _Post:
    """POSTs of the last screen, each from a browser and an address of its own."""

    def __init__(self, engagement: Any) -> None:
        from django.test import Client
        from django.urls import reverse

        self.path = reverse("respond_step", args=[engagement.slug, "check"])
        self.client = Client(enforce_csrf_checks=True, SERVER_NAME="127.0.0.1")
        self.numbers = itertools.count(1)
        self.csrf = secrets.token_hex(16)

    def __call__(self, token: str) -> None:
        from collaborative.consultations.visit import COOKIE

        number = next(self.numbers)
        self.client.cookies[COOKIE] = token
        self.client.cookies["csrftoken"] = self.csrf
        response = self.client.post(
            self.path,
            {"csrfmiddlewaretoken": self.csrf},
            REMOTE_ADDR=f"127.1.{number // 250 % 250}.{number % 250}",
        )
        if response.status_code != 302 or not response["Location"].endswith("/sent/"):
            raise RuntimeError(f"{self.path} answered {response.status_code}")


# The floor ---------------------------------------------------------------------------------------


def _values(row: Any, **changed: Any) -> dict[str, Any]:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    del values["id"]
    return values | changed


def _same_rows(receipt: Any) -> dict[str, Any]:
    """The values of all rows that sending made, less what must be unique."""
    from collaborative import codes
    from collaborative.contributions.models import LedgerEvent

    said = list(receipt.contributions.order_by("pk").prefetch_related("wordings"))
    return {
        "receipt": _values(receipt, code_hash=secrets.token_hex(32)),
        "contributions": [_values(one, reference=codes.reference()) for one in said],
        "wordings": [_values(one.wordings.all()[0]) for one in said],
        "choices": [_values(one) for one in receipt.choices.all()],
        "event": _values(LedgerEvent.objects.get(subject=f"receipt:{receipt.pk}")),
    }


def _insert(rows: dict[str, Any]) -> None:
    from django.db import transaction

    from collaborative.consultations.models import ChoiceAnswer
    from collaborative.contributions.models import Contribution, LedgerEvent, Receipt, Wording

    with transaction.atomic():
        receipt = Receipt.objects.create(**rows["receipt"])
        said = Contribution.objects.bulk_create(
            Contribution(**{**values, "receipt_id": receipt.pk}) for values in rows["contributions"]
        )
        Wording.objects.bulk_create(
            Wording(**{**values, "contribution_id": one.pk})
            for one, values in zip(said, rows["wordings"], strict=True)
        )
        ChoiceAnswer.objects.bulk_create(
            ChoiceAnswer(**{**values, "receipt_id": receipt.pk}) for values in rows["choices"]
        )
        LedgerEvent.objects.create(**{**rows["event"], "subject": f"receipt:{receipt.pk}"})
