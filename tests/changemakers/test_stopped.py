"""AGE-1, SAF-1: whoever is under 18 is asked about again whenever they give something in a room."""

from collections.abc import Callable
from typing import Any

import pytest

from collaborative.changemakers.boards import actions as boards
from collaborative.changemakers.boards.models import Note
from collaborative.changemakers.breakouts import actions as groups
from collaborative.changemakers.polls import actions as polls
from collaborative.changemakers.polls.models import Ballot
from collaborative.changemakers.room import actions as room
from collaborative.changemakers.room.models import BreakoutSeat, Participant, Stage
from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Contribution
from collaborative.engagements.models import Engagement
from collaborative.people.roles import Role
from tests.cast import person as staff
from tests.changemakers import boarding
from tests.changemakers.boarding import note, person
from tests.changemakers.breakouts.grouping import groups as groups_of
from tests.changemakers.breakouts.grouping import part, two_adults
from tests.changemakers.rooms import invites_young

pytestmark = pytest.mark.django_db


def ends_cover(stage: Stage) -> None:
    """Nobody looks after people under 18 any more."""
    Engagement.objects.filter(pk=stage.engagement_id).update(
        cover_throughout=False, cover_times={}, safeguarding_lead=None
    )


def young_board() -> Stage:
    fields = invites_young(staff("lead", Role.SAFEGUARDING), staff("deputy", Role.SAFEGUARDING))
    return boarding.stage(kind="board", fields=fields)


def fresh(who: Participant) -> Participant:
    return Participant.objects.get(pk=who.pk)


def test_saf_1_a_note_another_wording_and_a_word_to_the_facilitator_are_refused_once_cover_ends() -> None:
    board = young_board()
    rowan, grown = person(board, age_band="13-15"), person(board)
    first = note(board, rowan, "While somebody was there")
    ends_cover(board)
    verbs: list[Callable[[], Any]] = [
        lambda: note(board, fresh(rowan), "Too late"),
        lambda: boards.change(Note.objects.get(pk=first.pk), "Other words", participant=fresh(rowan)),
        lambda: room.tell_facilitator(fresh(rowan), "Too late as well"),
    ]
    for verb in verbs:
        with pytest.raises(NotPossible, match="People under 18 cannot send anything here just now"):
            verb()
    assert Contribution.objects.count() == 1
    boards.take_back(Note.objects.get(pk=first.pk), participant=fresh(rowan))  # never refused
    note(board, fresh(grown), "Adults go on")


def test_saf_1_a_vote_is_refused_once_cover_ends() -> None:
    fields = invites_young(staff("lead", Role.SAFEGUARDING), staff("deputy", Role.SAFEGUARDING))
    asked = {"kind": "one", "options": ["Ferry", "Bus"], "budget": 3}
    stage = boarding.stage(kind="poll", poll=asked, fields=fields)
    rowan = person(stage, age_band="13-15")
    polls.vote(stage, {"o1": 1}, participant=rowan)
    ends_cover(stage)
    with pytest.raises(NotPossible, match="People under 18"):
        polls.vote(stage, {"o2": 1}, participant=fresh(rowan))
    assert Ballot.objects.get().votes.get().option == "o1"


def test_saf_1_nobody_under_18_is_put_into_a_group_once_cover_ends() -> None:
    stage, femi = part("Red", young=True, how="chosen"), boarding.facilitator()
    (red,) = groups_of(stage)
    two_adults(stage, red, femi)
    rowan = person(stage, age_band="16-17")
    ends_cover(stage)
    with pytest.raises(NotPossible):
        groups.choose(stage, red, participant=fresh(rowan))
    with pytest.raises(NotPossible):
        groups.move(stage, fresh(rowan), red, by=femi)
    assert groups.spread(stage, by=femi) == 1
    assert not BreakoutSeat.objects.exists()
    groups.refuse(stage, participant=fresh(rowan))  # staying out is always possible
