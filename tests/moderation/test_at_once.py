"""Two moderators in the same moment: one has it, each thing is decided once, nobody waits for ever."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Contribution, State
from collaborative.moderation import actions
from collaborative.moderation.models import Appeal, Check, Claim, HandOver
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.cast import person
from tests.moderation.giving import receipt, rule, said

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each returned, in their order; a refusal is returned too, any other error is raised."""
    found: list[Any] = [None] * len(acts)
    together = threading.Barrier(len(acts))

    def run(number: int) -> None:
        connection.close()
        together.wait()
        try:
            found[number] = acts[number]()
        except Exception as error:
            found[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for one in found:
        if isinstance(one, Exception) and not isinstance(one, NotPossible):
            raise one
    return found


@pytest.fixture
def two(db: None) -> tuple[User, User]:
    return person("Mona", Role.MODERATORS), person("Max", Role.MODERATORS)


def test_mod_2_of_two_who_open_it_at_once_one_has_it_and_both_know_who(two: tuple[User, User]) -> None:
    row = said()
    claims = at_once(*(lambda by=by: actions.claim(row, by=by) for by in two))
    assert {claim.by_id for claim in claims} == {Claim.objects.get().by_id}


def test_two_who_press_on_the_same_list_at_once_decide_each_thing_once(two: tuple[User, User]) -> None:
    rows = list(receipt(*(f"Words {n}" for n in range(8))).contributions.order_by("pk"))
    references = [row.reference for row in rows]
    broken = rule()
    release, refuse = at_once(
        lambda: actions.decide_together(references, rule=None, by=two[0]),
        lambda: actions.decide_together(references[::-1], rule=broken, by=two[1]),
    )
    assert len(release.done) + len(refuse.done) == Check.objects.count() == len(rows)
    assert len(release.left) + len(refuse.left) == len(rows)
    assert not Contribution.objects.filter(state=State.HELD).exists()


def test_undo_pressed_twice_at_once_puts_back_once(two: tuple[User, User]) -> None:
    references = [said(f"Words {n}").reference for n in range(3)]
    found = actions.decide_together(references, rule=None, by=two[0])
    assert found.batch
    undone = at_once(*[lambda: actions.undo(found.batch, by=two[0])] * 2)
    assert sorted(len(one.done) for one in undone) == [0, 3]
    assert Contribution.objects.filter(state=State.HELD).count() == 3


def test_kc_6_a_second_look_is_decided_once(two: tuple[User, User]) -> None:
    third = person("Mungo", Role.MODERATORS)
    row = said()
    actions.refuse(row, rule(), by=two[0])
    actions.ask_again(row)
    at_once(
        lambda: actions.uphold(row, by=two[1]),
        lambda: actions.release(Contribution.objects.get(pk=row.pk), by=third, seen="refused"),
    )
    appeal = Appeal.objects.get()
    state = Contribution.objects.get(pk=row.pk).state
    assert not appeal.is_open
    if appeal.outcome == Appeal.Outcome.CHANGED:
        assert state == State.RELEASED


def test_a_second_look_asked_twice_at_once_is_one(two: tuple[User, User]) -> None:
    row = said()
    actions.refuse(row, rule(), by=two[0])
    at_once(*[lambda: actions.ask_again(row)] * 2)
    assert Appeal.objects.count() == 1


def test_a_note_left_twice_at_once_is_there(two: tuple[User, User]) -> None:
    at_once(*[lambda: actions.hand_over("All done.", by=two[0])] * 2)
    assert HandOver.objects.exists()
