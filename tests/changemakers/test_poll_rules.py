"""Votes: one ballot for each, within the rules of its kind, counted by the database."""

import pytest
from django.db import IntegrityError, transaction

from collaborative.changemakers.polls import actions, reading
from collaborative.changemakers.polls.models import Ballot, Vote
from collaborative.changemakers.room.models import Stage
from collaborative.contributions.actions import NotPossible
from tests.changemakers import boarding
from tests.changemakers.boarding import person, poll
from tests.changemakers.workshops import someone

pytestmark = pytest.mark.django_db


def standing(stage: Stage) -> dict[str, tuple[int, float]]:
    return {line.label: (line.n, line.score) for line in reading.result(stage).lines}


GOOD = [
    ("one", {"o2": 1}),
    ("many", {"o1": 1, "o3": 1}),
    ("agree", {"o1": 5, "o2": 1}),
    ("rank", {"o3": 1, "o1": 2}),
    ("dots", {"o1": 2, "o2": 1}),
    ("dots", {"o1": 3}),
]
BAD = [
    ("one", {}),
    ("one", {"o1": 1, "o2": 1}),
    ("one", {"o1": 2}),
    ("one", {"o9": 1}),
    ("many", {"o1": 2}),
    ("agree", {"o1": 6}),
    ("rank", {"o1": 1, "o2": 1}),
    ("rank", {"o1": 2}),
    ("dots", {"o1": 3, "o2": 1}),
    ("dots", {"o1": 0}),
    ("dots", {"o1": 999}),
]


@pytest.mark.parametrize(("kind", "votes"), GOOD)
def test_a_vote_of_its_kind_counts_once_however_often_it_is_sent(kind: str, votes: dict[str, int]) -> None:
    stage = poll(kind)
    ann = person(stage)
    for _ in range(3):
        actions.vote(stage, votes, participant=ann)
    assert Ballot.objects.count() == 1
    assert reading.mine(stage, ann) == votes
    assert sum(line.n for line in reading.result(stage).lines) == len(votes)


@pytest.mark.parametrize(("kind", "votes"), BAD)
def test_a_vote_against_the_rules_is_refused_and_the_one_before_stands(
    kind: str, votes: dict[str, int]
) -> None:
    stage = poll(kind)
    ann = person(stage)
    good = next(which for name, which in GOOD if name == kind)
    actions.vote(stage, good, participant=ann)
    with pytest.raises(NotPossible):
        actions.vote(stage, votes, participant=ann)
    assert reading.mine(stage, ann) == good


def test_a_changed_vote_takes_the_place_of_the_one_before() -> None:
    stage = poll("dots")
    ann, bo = person(stage), person(stage)
    actions.vote(stage, {"o1": 3}, participant=ann)
    actions.vote(stage, {"o1": 1, "o2": 1}, participant=bo)
    actions.vote(stage, {"o2": 2}, participant=ann)
    assert standing(stage) == {"Bus": (2, 3), "Ferry": (1, 1), "Bike": (0, 0)}
    assert list(standing(stage)) == ["Bus", "Ferry", "Bike"]
    actions.take_back(stage, participant=ann)
    assert reading.result(stage).base == 1


def test_ranks_and_scales_are_put_in_order_by_their_mean() -> None:
    stage = poll("rank")
    actions.vote(stage, {"o3": 1, "o1": 2}, participant=person(stage))
    actions.vote(stage, {"o3": 2, "o2": 1}, participant=person(stage))
    assert list(standing(stage)) == ["Bus", "Bike", "Ferry"]
    scale = poll("agree", options=[])
    actions.vote(scale, {"o1": 5}, participant=person(scale))
    actions.vote(scale, {"o1": 4}, participant=person(scale))
    (line,) = reading.result(scale).lines
    assert (line.label, line.score, dict(line.parts)["Agree"]) == ("What is hard?", 4.5, 1)


def test_a_closed_vote_takes_none_and_a_reopened_one_goes_on() -> None:
    stage = poll()
    ann = person(stage)
    actions.vote(stage, {"o1": 1}, participant=ann)
    Stage.objects.update(state=Stage.State.CLOSED)
    with pytest.raises(NotPossible, match="closed"):
        actions.vote(stage, {"o2": 1}, participant=ann)
    assert standing(stage)["Ferry"][0] == 1
    Stage.objects.update(state=Stage.State.OPEN)
    actions.vote(stage, {"o2": 1}, participant=ann)
    assert standing(stage)["Bus"][0] == 1


def test_nobody_from_another_room_votes() -> None:
    stage = poll()
    with pytest.raises(NotPossible):
        actions.vote(stage, {"o1": 1}, participant=person(poll()))


def test_the_database_itself_holds_one_ballot_and_one_vote_for_each_choice() -> None:
    stage = poll()
    ballot = actions.vote(stage, {"o1": 1}, participant=person(stage))
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(ballot=ballot, option="o1", value=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(ballot=ballot, option="o2", value=21)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.create(
            stage=stage, participant=ballot.participant, cast_at=ballot.cast_at, changed_at=ballot.cast_at
        )


def test_only_who_runs_the_workshop_shows_the_result() -> None:
    stage = poll()
    with pytest.raises(NotPossible):
        actions.reveal(stage, True, by=someone("Nobody"))
    actions.reveal(stage, True, by=boarding.facilitator())
    assert Stage.objects.get(pk=stage.pk).revealed
