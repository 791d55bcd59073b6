"""A person sorts a group of notes under a topic, once, and can take that back (CHG-1, ANA-4, RIF-3)."""

from collections import Counter

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collaborative.analysis.actions import apply_theme, retract
from collaborative.analysis.models import Coding, Theme
from collaborative.analysis.permissions import user_may_code
from collaborative.changemakers.boards import actions as boards
from collaborative.changemakers.clusters.actions import confirm_theme, undo_theme
from collaborative.changemakers.clusters.models import ClusterTheme
from collaborative.changemakers.models import Cluster
from collaborative.contributions.actions import NotPossible, exclude
from collaborative.contributions.models import LedgerEvent
from collaborative.people.models import User
from tests.changemakers.boarding import board, facilitator, release, said
from tests.changemakers.clusters.grouping import deciding, group, held_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def numbers() -> Cluster:
    return group(board(), "Which number?", "Three numbers.", "Rang twice.", "Passed on.")[0]


@pytest.fixture
def story(analyst: User) -> Theme:
    return deciding.theme("T7", "Telling my story again")


def sorted_notes(theme: Theme) -> set[str]:
    rows = Coding.objects.live().filter(theme=theme).select_related("wording")
    return {row.wording.text[row.start : row.end] for row in rows}


def test_chg_1_every_checked_note_of_the_group_is_sorted_whole(
    numbers: Cluster, story: Theme, analyst: User
) -> None:
    held_in(numbers, "This one waits.")
    done = confirm_theme(numbers, story, by=analyst)
    assert done.sorted_now == 3
    assert sorted_notes(story) == {"Three numbers.", "Rang twice.", "Passed on."}
    verbs = Counter(LedgerEvent.objects.values_list("verb", flat=True))
    assert (verbs["coding.applied"], verbs["group.sorted"]) == (3, 1)


def test_twice_is_once_and_what_came_since_is_added(numbers: Cluster, story: Theme, analyst: User) -> None:
    late = held_in(numbers, "This one waits.")
    first = confirm_theme(numbers, story, by=analyst)
    assert confirm_theme(numbers, story, by=analyst).sorted_now == 0
    release(late)
    again = confirm_theme(numbers, story, by=analyst)
    assert (again.row, again.sorted_now) == (first.row, 1)
    assert ClusterTheme.objects.count() == 1
    assert Coding.objects.count() == 4


def test_what_somebody_sorted_by_hand_is_not_doubled_and_stays_when_it_is_undone(
    numbers: Cluster, story: Theme, analyst: User
) -> None:
    wording = said(numbers.cards.order_by("pk")[0].notes.get()).wordings.get()
    apply_theme(wording, 0, 5, story, by=analyst, key="by hand", stance="for")
    done = confirm_theme(numbers, story, by=analyst)
    assert done.sorted_now == 2
    assert undo_theme(done.row, by=analyst) == 2
    assert [row.key for row in Coding.objects.live()] == ["by hand"]
    assert undo_theme(done.row, by=analyst) == 0


def test_undone_and_confirmed_again_it_is_sorted_again(numbers: Cluster, story: Theme, analyst: User) -> None:
    done = confirm_theme(numbers, story, by=analyst)
    undo_theme(done.row, by=analyst)
    assert not sorted_notes(story)
    again = confirm_theme(numbers, story, by=analyst)
    assert again.row != done.row
    assert len(sorted_notes(story)) == 3
    undo_theme(done.row, by=analyst)  # a page that was open since
    assert len(sorted_notes(story)) == 3


def test_one_note_that_somebody_took_out_by_hand_stays_out(
    numbers: Cluster, story: Theme, analyst: User
) -> None:
    confirm_theme(numbers, story, by=analyst)
    retract(Coding.objects.order_by("pk")[0], by=analyst)
    assert confirm_theme(numbers, story, by=analyst).sorted_now == 0
    assert len(sorted_notes(story)) == 2


def test_rif_3_a_note_that_is_not_for_publishing_is_sorted_and_one_left_out_is_not(
    story: Theme, analyst: User
) -> None:
    cluster, notes = group(board(), "Which number?", "One.", "Two.", permission="not-published")
    exclude(said(notes[0]).receipt, "test", by=analyst)
    assert confirm_theme(cluster, story, by=analyst).sorted_now == 1
    assert sorted_notes(story) == {"Two."}


def test_a_group_that_is_gone_and_a_topic_out_of_use_are_refused_and_the_codings_outlive_the_group(
    numbers: Cluster, story: Theme, analyst: User
) -> None:
    done = confirm_theme(numbers, story, by=analyst)
    boards.dissolve(numbers, who=facilitator())
    with pytest.raises(NotPossible, match="not on the board"):
        confirm_theme(numbers, story, by=analyst)
    done.row.refresh_from_db()
    assert (done.row.cluster, done.row.title) == (None, "Which number?")
    assert len(sorted_notes(story)) == 3
    assert undo_theme(done.row, by=analyst) == 3


def test_a_topic_that_is_retired_is_refused(numbers: Cluster, story: Theme, analyst: User) -> None:
    Theme.objects.filter(pk=story.pk).update(retired=True)
    with pytest.raises(NotPossible, match="in use"):
        confirm_theme(numbers, Theme.objects.get(pk=story.pk), by=analyst)
    assert not ClusterTheme.objects.exists()


def test_only_those_who_sort_may(numbers: Cluster, story: Theme, analyst: User, editor: User) -> None:
    done = confirm_theme(numbers, story, by=analyst)
    for other in (facilitator(), editor):
        with pytest.raises(PermissionDenied):
            confirm_theme(numbers, story, by=other)
        with pytest.raises(PermissionDenied):
            undo_theme(done.row, by=other)
    assert len(sorted_notes(story)) == 3


def test_thirty_notes_cost_what_three_do(numbers: Cluster, story: Theme, analyst: User) -> None:
    many, _notes = group(board(), "Many", *(f"Thing {n}." for n in range(30)))
    assert user_may_code(analyst)  # roles are read once
    costs = []
    for cluster in (numbers, many):
        with CaptureQueriesContext(connection) as seen:
            done = confirm_theme(cluster, story, by=analyst)
        costs.append(len(seen))
        with CaptureQueriesContext(connection) as undone:
            undo_theme(done.row, by=analyst)
        costs.append(len(undone))
    assert costs[:2] == costs[2:]
    assert costs[0] <= 20 and costs[1] <= 12
