"""Sending the answers to ten questions, against the ORM inserting the very same rows, on both engines.

The goal is for `actions.send`, which the view calls: lock the draft, read the questions, check the answers,
store the response, throw the draft away. The floor is one transaction that creates the same receipt, words,
choices and entry of the record. The whole POST of the last screen, through every middleware, stands beside
it for comparison. Each engine is measured in a process of its own: `python -m bench.submit SQLite 300`.
"""

import itertools
import json
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from bench import submit_world
from bench.databases import engines
from bench.effort import Effort
from bench.figure import Figure, ratio_of
from bench.site import Lab, run

GOAL = 0.33
WAYS = {"from the draft to the receipt": GOAL, "the whole POST": None}
PEOPLE = itertools.count(1)
Samples = dict[str, list[tuple[float, float]]]


def figures(lab: Lab, effort: Effort) -> Iterator[Figure]:
    for engine, environment in engines(lab, "submit"):
        run(environment, "manage.py", "migrate", "--verbosity=0")
        samples = run(environment, "-m", "bench.submit", engine, str(effort.rounds * effort.responses))
        for name, pairs in json.loads(samples).items():
            value, measured, floor = ratio_of(pairs)
            yield Figure(
                name=f"sending ten answers on {engine}, {name}",
                value=value,
                unit="×",
                goal=WAYS[name],
                measured=measured,
                floor=floor,
                per="responses/s",
                samples=len(pairs),
            )


def take(engine: str, times: int) -> Samples:
    """Both ways, each beside its floor, that often."""
    engagement = submit_world.make()
    # SQLite does its work in this very process. By the clock, a machine that is shared makes what takes long
    # look longer than it is: what takes short is done before its turn on the processor ends.
    clock = time.process_time if engine == "SQLite" else time.perf_counter
    like = _send(engagement, _draft(engagement))
    post = _Post(engagement)
    post(_draft(engagement))
    ways: dict[str, Callable[[str], Any]] = dict(
        zip(WAYS, (lambda token: _send(engagement, token), post), strict=True)
    )
    samples: Samples = {name: [] for name in ways}
    for _time in range(times):
        for name, way in ways.items():
            token, rows = _draft(engagement), _same_rows(like)
            samples[name].append((_rate(clock, way, token), _rate(clock, _insert, rows)))
    return samples


def _rate(clock: Callable[[], float], way: Callable[[Any], Any], given: Any) -> float:
    """How many in a second, from one."""
    began = clock()
    way(given)
    return 1 / (clock() - began)


# What somebody sends -----------------------------------------------------------------------------


def _draft(engagement: Any) -> str:
    """A draft that is ready to be sent; returns its token."""
    from collaborative.contributions import drafts

    token = drafts.new_token()
    drafts.begin(engagement, token, submit_world.answers(next(PEOPLE)))
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


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(take(sys.argv[1], int(sys.argv[2]))))
