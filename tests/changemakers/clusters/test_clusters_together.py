"""Several people at once with one group of notes or one idea, each on their own connection (CHG-1, ANA-4)."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from collaborative.analysis.models import Coding
from collaborative.changemakers.boards import actions as boards
from collaborative.changemakers.clusters import actions
from collaborative.changemakers.clusters.models import Basis, ClusterTheme
from collaborative.changemakers.models import Cluster
from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import LedgerEvent
from collaborative.engagements.models import Engagement
from collaborative.outcomes.models import Proposal
from collaborative.people.models import User
from tests.changemakers.boarding import board, card_of, facilitator
from tests.changemakers.clusters.grouping import asked, deciding, group, idea
from tests.threads.test_together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def quietly(work: Callable[[], Any]) -> Callable[[], None]:
    def run() -> None:
        with suppress(NotPossible):  # somebody else was faster
            work()

    return run


def told(verb: str) -> int:
    return LedgerEvent.objects.filter(verb=verb).count()


def test_two_who_confirm_one_group_at_once_sort_each_note_once(analyst: User) -> None:
    story = deciding.theme("T7", "Telling my story again")
    numbers = group(board(), "Which number?", "Three numbers.", "Rang twice.", "Passed on.")[0]
    works = [lambda: actions.confirm_theme(numbers, story, by=analyst)] * 4
    assert at_once(*works) == []
    assert (ClusterTheme.objects.count(), Coding.objects.live().count()) == (1, 3)
    assert (told("group.sorted"), told("coding.applied")) == (1, 3)
    row = ClusterTheme.objects.get()
    gone: list[int] = []
    assert at_once(*[lambda: gone.append(actions.undo_theme(row, by=analyst))] * 4) == []
    assert sorted(gone) == [0, 0, 0, 3]
    assert (Coding.objects.live().count(), told("group.unsorted")) == (0, 1)


def test_two_groups_under_one_topic_at_once_while_a_note_goes_over_count_it_once(analyst: User) -> None:
    femi, story = facilitator(), deciding.theme("T7", "Telling my story again")
    stage = board()
    one, notes = group(stage, "Which number?", "Three numbers.", "Rang twice.", "Passed on.")
    two, others = group(stage, "Late", "In May.", "In June.")
    card, other = card_of(notes[0]), card_of(others[0])
    works: list[Callable[[], Any]] = [
        lambda: actions.confirm_theme(one, story, by=analyst),
        lambda: actions.confirm_theme(two, story, by=analyst),
        lambda: boards.group(card, other, who=femi),
        lambda: actions.confirm_theme(two, story, by=analyst),
    ]
    assert at_once(*works) == []
    assert Coding.objects.live().count() >= 4  # it may have gone over between the two, and waits for the next
    actions.confirm_theme(two, story, by=analyst)
    sorted_now = Coding.objects.live().values_list("wording__contribution", flat=True)
    assert len(sorted_now) == len(set(sorted_now)) == 5


@pytest.mark.parametrize("again", range(6))
def test_a_group_is_confirmed_made_an_idea_and_taken_apart_at_once(analyst: User, again: int) -> None:
    """Nobody waits for another in a ring, whoever comes first."""
    femi, story = facilitator(), deciding.theme("T7", "Telling my story again")
    stage = board()
    numbers, notes = group(stage, "Which number?", "Three numbers.", "Rang twice.", "Passed on.")
    place = Engagement.objects.get(stages=stage)
    works: list[Callable[[], Any]] = [
        lambda: actions.confirm_theme(numbers, story, by=analyst),
        lambda: actions.propose(place, [numbers], asked(), by=femi, key="k"),
        lambda: boards.dissolve(numbers, who=femi),
        lambda: boards.take_back(notes[1], participant=notes[1].participant),  # type: ignore[arg-type]
    ]
    turned = works[again % 4 :] + works[: again % 4]
    assert at_once(*[quietly(work) for work in turned]) == []
    assert not Cluster.objects.exists()
    # Either it happened whole before the group went, or not at all.
    assert ClusterTheme.objects.count() == told("group.sorted")
    assert Coding.objects.live().count() in ((2, 3) if ClusterTheme.objects.exists() else (0,))
    assert Basis.objects.count() == Proposal.objects.count() == told("proposal.written")


def test_one_idea_put_forward_changed_and_thrown_away_at_once_ends_as_one_of_them() -> None:
    femi, fay = facilitator("Femi"), facilitator("Fay")
    numbers = group(board(), "Which number?", "Three numbers.", "Rang twice.")[0]
    row = idea(numbers, femi, forward=False)
    works: list[Callable[[], Any]] = [
        lambda: actions.put_forward(row, by=femi),
        lambda: actions.put_forward(row, by=fay),
        lambda: actions.change(row, [numbers], asked(title="What if sooner?"), by=fay),
        lambda: actions.put_forward(row, by=femi),
    ]
    assert at_once(*[quietly(work) for work in works]) == []
    assert told("proposal.put-forward") == 1
    stands = Proposal.objects.get()
    assert not stands.is_draft and stands.title in ("What if it was one card?", "What if sooner?")
    assert Basis.objects.get().notes.count() == 2


def test_one_form_sent_four_times_at_once_is_one_idea() -> None:
    femi = facilitator()
    numbers = group(board(), "Which number?", "Three numbers.", "Rang twice.")[0]
    place = Engagement.objects.get(stages=numbers.stage)
    works = [lambda: actions.propose(place, [numbers], asked(), by=femi, key="k")] * 4
    assert at_once(*works) == []
    assert (Proposal.objects.count(), Basis.objects.count(), told("proposal.written")) == (1, 1, 1)


def test_put_forward_and_thrown_away_at_once_is_one_or_the_other() -> None:
    femi = facilitator()
    numbers = group(board(), "Which number?", "Three numbers.", "Rang twice.")[0]
    row = idea(numbers, femi, forward=False)
    works: list[Callable[[], Any]] = [
        lambda: actions.put_forward(row, by=femi),
        lambda: actions.throw_away(row, by=femi),
    ] * 2
    failed = at_once(*[quietly(work) for work in works])
    assert [type(one) for one in failed if not isinstance(one, Proposal.DoesNotExist)] == []
    assert told("proposal.put-forward") + told("proposal.thrown-away") == 1
    assert Proposal.objects.count() == told("proposal.put-forward")
