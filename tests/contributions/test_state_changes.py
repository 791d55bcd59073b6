"""A state changes through `move` alone, along the table of transitions, and each step is in the record."""

from itertools import product

import pytest

from collaborative.contributions.actions import NotPossible, erase, move, withdraw
from collaborative.contributions.models import Contribution, LedgerEvent, Receipt, State
from collaborative.contributions.models.contribution import TRANSITIONS
from collaborative.people.models import User
from tests.moderation.giving import receipt, said

pytestmark = pytest.mark.django_db


def test_every_step_is_either_taken_and_recorded_or_refused_and_nothing_happens(moderator: User) -> None:
    row = said()
    for before, after in product(State.values, State.values):
        Contribution.objects.filter(pk=row.pk).update(state=before)
        events = LedgerEvent.objects.count()
        if after == before:
            move(row, after, by=moderator)
            assert LedgerEvent.objects.count() == events
        elif after in TRANSITIONS[before]:
            move(row, after, by=moderator)
            assert row.state == after
            assert LedgerEvent.objects.order_by("pk").last().verb == f"contribution.{after}"
        else:
            with pytest.raises(NotPossible):
                move(row, after, by=moderator)
            assert Contribution.objects.get(pk=row.pk).state == before
            assert LedgerEvent.objects.count() == events


def test_nothing_comes_back_once_it_was_taken_back() -> None:
    assert TRANSITIONS[State.WITHDRAWN] == frozenset()


def test_saf_2_what_was_passed_to_safeguarding_is_never_released_in_one_step() -> None:
    assert State.RELEASED not in TRANSITIONS[State.ESCALATED]


def test_read_at_is_when_a_person_first_looked_and_stays(moderator: User) -> None:
    row = said()
    move(row, State.RELEASED, by=moderator)
    first = row.read_at
    assert first is not None
    move(row, State.REFUSED, by=moderator)
    assert Contribution.objects.get(pk=row.pk).read_at == first


def test_saf_2_taking_back_a_response_leaves_the_escalated_words_with_the_case(moderator: User) -> None:
    given = receipt("One", "Two")
    one, two = given.contributions.order_by("pk")
    move(two, State.ESCALATED, by=moderator)
    assert withdraw(given) == 1
    states = {row.pk: row.state for row in given.contributions.all()}
    assert states == {one.pk: State.WITHDRAWN, two.pk: State.ESCALATED}


def test_saf_2_escalated_words_are_not_erased(moderator: User) -> None:
    row = said()
    move(row, State.ESCALATED, by=moderator)
    with pytest.raises(NotPossible):
        erase(row)
    assert row.wordings.get().text


def test_taking_back_twice_is_no_error() -> None:
    given = receipt("One")
    assert withdraw(given) == 1
    assert withdraw(given) == 0


def test_gdp_2_ana_2_ticks_alone_count_until_they_are_taken_back() -> None:
    ticked = receipt()
    here = Receipt.objects
    assert not ticked.contributions.exists()
    assert (here.analysed().get(), here.not_gone().get()) == (ticked, ticked)
    withdraw(ticked)
    first = Receipt.objects.get().withdrawn_at
    withdraw(ticked)
    assert first is not None and Receipt.objects.get().withdrawn_at == first
    assert (here.analysed().count(), here.waiting().count(), here.not_gone().count()) == (0, 0, 0)
    assert here.gone().get() == ticked
