"""What the screens of write-ups in the admin cost does not grow with what has piled up."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from collaborative.changemakers.models import SessionPage
from collaborative.changemakers.writeup import correcting
from collaborative.changemakers.writeup.access import Reader
from collaborative.changemakers.writeup.correcting import Put
from collaborative.changemakers.writeup.models import Correction
from collaborative.engagements.models import Engagement
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.cast import confirm_second_factor
from tests.cast import person as account
from tests.changemakers import boarding
from tests.changemakers.boarding import person
from tests.changemakers.writeup.writing import note, over, running, shared

pytestmark = pytest.mark.django_db


@pytest.fixture
def femi(db: None) -> User:
    return boarding.facilitator()


def asked(user: User, url: str) -> int:
    """Queries of the second look: the first reads what a process reads once."""
    browser = Client()
    browser.force_login(user)
    confirm_second_factor(browser, user)
    for _look in range(2):
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(url).status_code == 200
    return len(caught)


def corrected(femi: User, things: int) -> Engagement:
    """Shown to people who said so many things, each of whom put something right."""
    place = running()
    people = [person(place) for _one in range(things)]
    for number, one in enumerate(people):
        note(place, f"Thing {number}", one)
    write_up = shared(over(place), femi)
    for number, one in enumerate(people):
        put = Put(text=f"It was not thing {number}", key=f"attempt-{one.pk}")
        correcting.correct(write_up, Reader(place, participant=one), put)
    return place


def test_one_write_up_costs_the_same_with_few_things_and_with_many(femi: User) -> None:
    few, many = corrected(femi, 2), corrected(femi, 9)
    assert Correction.objects.count() == 11
    costs = [asked(femi, f"/admin/write-ups/{place.pk}/") for place in (few, many)]
    assert costs[0] == costs[1]


def test_one_correction_costs_the_same_among_few_and_among_many(femi: User) -> None:
    found = []
    for things in (2, 9):
        place = corrected(femi, things)
        one = Correction.objects.filter(write_up__engagement=place).order_by("pk")[0]
        found.append(asked(femi, f"/admin/write-ups/{place.pk}/put-right/{one.pk}/"))
    assert found[0] == found[1]


@pytest.mark.parametrize("role", ["of the role", "named on the page"])
def test_the_list_costs_the_same_for_few_workshops_and_for_many(
    femi: User, role: str, make_named: Callable[[Engagement], User]
) -> None:
    costs = []
    user = femi
    for more in (2, 6):
        for _one in range(more):
            place = corrected(femi, 1)
            if role == "named on the page":
                user = make_named(place)
        costs.append(asked(user, "/admin/write-ups/"))
    assert costs[0] == costs[1]


@pytest.fixture
def make_named(db: None) -> Callable[[Engagement], User]:
    named = account("Named", Role.EDITORS)

    def name(place: Engagement) -> User:
        SessionPage.objects.filter(pk=place.page_id).update(facilitator=named)
        return named

    return name
