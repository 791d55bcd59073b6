"""Many at once, each on a connection of their own: a freed place is given once, and told once."""

import os
import subprocess
import sys
import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, connections

from collaborative import outbox
from collaborative.changemakers.models import SessionPage
from collaborative.changemakers.seats import actions
from collaborative.changemakers.seats.models import Registration
from collaborative.models import Message
from tests.changemakers.seats import seating
from tests.database import ROOT
from tests.threads.test_together import at_once

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, PROCESSES = 20, 4


@pytest.fixture(autouse=True)
def nobody_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows stand, as after a crash between commit and queue."""
    monkeypatch.setattr(outbox, "deliver", SimpleNamespace(enqueue=lambda key: None))


def counts(page: SessionPage) -> dict[str, int]:
    found = Registration.objects.counted([page.engagement.pk])
    return {state: n for (_engagement, state), n in found.items()}


def told() -> list[int]:
    """To whom it was written that they have a place."""
    rows = Message.objects.filter(kind=actions.GIVEN).values_list("about__registration", flat=True)
    return sorted(rows)


def assert_whole(page: SessionPage, seats: int) -> None:
    assert counts(page)["seat"] == seats
    given = Registration.objects.exclude(seated_at=None).values_list("pk", flat=True)
    assert told() == sorted(given)


def test_six_register_for_the_last_place_while_it_is_given_back() -> None:
    page = seating.with_places(1)
    first = seating.someone(page, "First")
    works = [lambda n=n: seating.someone(page, f"P{n}") for n in range(6)]
    assert at_once(*works, lambda: actions.cancel(first), lambda: actions.cancel(first)) == []
    assert counts(page) == {"seat": 1, "waiting": 5, "cancelled": 1}
    assert_whole(page, 1)


def test_one_address_from_six_windows_at_once_is_one_registration() -> None:
    page = seating.with_places(3)
    assert at_once(*[lambda: seating.someone(page, "Ann")] * 6) == []
    assert counts(page) == {"seat": 1} and len(told()) == 1


def test_places_given_back_at_once_go_to_those_who_waited_longest() -> None:
    page = seating.with_places(3)
    rows = [seating.someone(page, f"P{n}") for n in range(8)]
    assert at_once(*(lambda row=row: actions.cancel(row) for row in rows[:3])) == []
    assert [row.is_seated for row in Registration.objects.order_by("pk")[3:]] == [True] * 3 + [False] * 2
    assert_whole(page, 3)


# Each process waits for the same moment, so that they do come together.
RACE = """
import sys, time
from collaborative.changemakers.seats import actions
from collaborative.changemakers.seats.models import Registration
from collaborative.engagements.models import Engagement
engagement = Engagement.objects.get(pk={engagement})
print("ready", flush=True)
sys.stdin.readline()
for name in {names}:
    wish = actions.Wish(name=name, email=name + "@example.org", age_band="26-plus")
    actions.register(engagement, wish, key="race " + name)
    actions.cancel(Registration.objects.get(pk={seat}))
"""


def racer(url: str, page: SessionPage, seat: int, names: list[str]) -> subprocess.Popen[str]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.served", "DATABASE_URL": url}
    code = RACE.format(engagement=page.engagement.pk, seat=seat, names=names)
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True
    )


@pytest.mark.long
def test_twenty_people_in_several_processes_want_one_freed_place(django_db_setup: Any) -> None:
    page = seating.with_places(1)
    seat = seating.someone(page, "First").pk
    names = [f"p{n}{uuid.uuid4().hex[:6]}" for n in range(PEOPLE)]
    connection.close()
    racers = [racer(django_db_setup.url, page, seat, names[n::PROCESSES]) for n in range(PROCESSES)]
    try:
        for each in racers:
            assert each.stdout is not None
            assert each.stdout.readline() == "ready\n", each.stderr and each.stderr.read()
        for each in racers:
            assert each.stdin is not None
            each.stdin.write("\n")
            each.stdin.flush()
        for each in racers:
            _out, wrong = each.communicate(timeout=120)
            assert each.returncode == 0, wrong
    finally:
        for each in racers:
            each.kill()
    connections.close_all()
    assert counts(page) == {"seat": 1, "waiting": PEOPLE - 1, "cancelled": 1}
    assert_whole(page, 1)
    assert Message.objects.filter(kind=actions.GONE).count() == 1
