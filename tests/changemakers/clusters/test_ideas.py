"""An idea made of groups of notes: drafted, put forward, answered by a decision (CHG-1)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from collaborative import pagecache
from collaborative.changemakers.boards import actions as boards
from collaborative.changemakers.clusters import actions, reading
from collaborative.changemakers.models import Basis, Cluster
from collaborative.contributions.actions import NotPossible, withdraw
from collaborative.contributions.models import LedgerEvent
from collaborative.engagements.models import Engagement
from collaborative.flow import trace
from collaborative.moderation import actions as moderation
from collaborative.outcomes.models import Proposal
from collaborative.people.models import User
from tests.changemakers.boarding import board, facilitator, release, said
from tests.changemakers.clusters.grouping import answering, asked, deciding, group, held_in, idea, over

pytestmark = pytest.mark.django_db


@pytest.fixture
def femi() -> User:
    return facilitator()


@pytest.fixture
def numbers() -> Cluster:
    return group(board(), "Which number?", "Three numbers.", "Rang twice.")[0]


def behind(row: Proposal) -> set[str]:
    notes = [one for basis in Basis.objects.filter(proposal=row) for one in basis.notes.all()]
    return {said(one).wordings.get().text for one in notes}


def page_of(row: Proposal) -> str:
    """As it stands now: a page may be kept for a second."""
    pagecache.epoch.forget()
    return Client().get(row.engagement.page.url).content.decode()


def test_a_draft_is_seen_by_nobody_until_it_is_put_forward(numbers: Cluster, femi: User) -> None:
    place = over(numbers.stage)
    row = idea(numbers, femi, forward=False)
    assert row.title not in page_of(row)
    assert not reading.ideas(place)
    receipt = said(numbers.cards.order_by("pk")[0].notes.get()).receipt
    assert not trace.of(receipt).said[0].ideas
    actions.put_forward(row, by=femi)
    assert row.title in page_of(row)
    assert trace.of(receipt).said[0].ideas[0].standing.proposal == row


def test_the_same_key_makes_one_and_two_ideas_have_two_numbers(numbers: Cluster, femi: User) -> None:
    first, again = idea(numbers, femi, forward=False), idea(numbers, femi, forward=False)
    assert first == again
    assert idea(numbers, femi, forward=False, key="k2").number == first.number + 1
    assert Proposal.objects.count() == 2


def test_what_is_put_forward_stands(numbers: Cluster, femi: User) -> None:
    row = idea(numbers, femi)
    with pytest.raises(NotPossible, match="its words stand"):
        actions.change(row, [numbers], asked(title="Something else"), by=femi)
    with pytest.raises(NotPossible, match="its words stand"):
        actions.throw_away(row, by=femi)
    at = row.put_forward_at
    assert actions.put_forward(row, by=femi).put_forward_at == at
    assert LedgerEvent.objects.filter(verb="proposal.put-forward").count() == 1
    assert Proposal.objects.get().title == row.title


def test_a_draft_changes_and_goes(numbers: Cluster, femi: User) -> None:
    row = idea(numbers, femi, forward=False)
    other = group(numbers.stage, "Too late", "In May.", "In June.")[0]
    actions.change(row, [other], asked(title="What if sooner?"), by=femi)
    assert Proposal.objects.get().title == "What if sooner?"
    assert behind(row) == {"In May.", "In June."}
    actions.throw_away(row, by=femi)
    actions.throw_away(row, by=femi)
    assert not Proposal.objects.exists() and not Basis.objects.exists()


def test_which_notes_are_behind_it_is_settled_when_it_is_put_forward(numbers: Cluster, femi: User) -> None:
    row = idea(numbers, femi, forward=False)
    held_in(numbers, "Came later.")
    actions.put_forward(row, by=femi)
    held_in(numbers, "Came too late.")
    assert behind(row) == {"Three numbers.", "Rang twice.", "Came later."}
    boards.dissolve(numbers, who=femi)
    assert len(behind(row)) == 3
    assert Basis.objects.get().title == "Which number?"


def test_who_may_write_one(
    numbers: Cluster, femi: User, editor: User, analyst: User, moderator: User
) -> None:
    place = Engagement.objects.get(stages=numbers.stage)
    for other in (analyst, moderator):
        with pytest.raises(PermissionDenied):
            actions.propose(place, [numbers], asked(), by=other, key="no")
    row = actions.propose(place, [numbers], asked(), by=editor, key="yes")
    for verb in (actions.put_forward, actions.throw_away):
        with pytest.raises(PermissionDenied):
            verb(row, by=analyst)
    with pytest.raises(PermissionDenied):
        actions.change(row, [numbers], asked(), by=analyst)


def test_it_rests_on_a_group_of_its_own_workshop(numbers: Cluster, femi: User) -> None:
    elsewhere = group(board(), "Elsewhere", "One.", "Two.")[0]
    place = Engagement.objects.get(stages=numbers.stage)
    for wrong in ([], [elsewhere], [numbers, elsewhere]):
        with pytest.raises(NotPossible, match="at least one group"):
            actions.propose(place, wrong, asked(), by=femi, key="k")
    with pytest.raises(NotPossible, match="Give it a title"):
        actions.propose(place, [numbers], asked(words="  "), by=femi, key="k")
    assert not Proposal.objects.exists()


# What people read --------------------------------------------------------------------------------


def test_it_waits_until_the_day_and_is_late_after_it(numbers: Cluster, femi: User) -> None:
    over(numbers.stage)
    today = timezone.localdate()
    waits = idea(numbers, femi, answer_by=today)
    late = idea(numbers, femi, key="k2", title="What if sooner?", answer_by=today - timedelta(days=1))
    text = page_of(waits)
    assert "Waiting for an answer by" in text
    assert "This is late." in text and "An answer was due by" in text
    found = {one.proposal: one.standing.is_late for one in reading.ideas(waits.engagement)}
    assert found == {waits: False, late: True}


def test_chg_1_the_receipt_says_what_became_of_the_idea(
    numbers: Cluster, femi: User, analyst: User, client: Client
) -> None:
    topic = deciding.theme("T7", "Telling my story again")
    row = idea(numbers, femi)
    over(numbers.stage)
    actions.confirm_theme(numbers, topic, by=analyst)
    note = numbers.cards.order_by("pk")[0].notes.get()
    receipt = said(note).receipt
    (one,) = trace.of(receipt).said
    assert one.ideas[0].standing.tone == "wait"
    decision = answering(row, topic)
    (one,) = trace.of(receipt).said
    assert one.ideas[0].standing.tone == "yes"
    assert one.ideas[0].standing.decision == decision
    assert one.ideas[0].url == f"{row.engagement.page.url}#idea-1"


def test_a_note_that_waits_or_was_taken_back_says_nothing_of_ideas(numbers: Cluster, femi: User) -> None:
    waits, escalated = held_in(numbers, "I wait."), held_in(numbers, "I am scared.")
    row = idea(numbers, femi)
    assert len(behind(row)) == 4
    moderation.escalate(said(escalated), by=femi)
    for one in (waits, escalated):
        assert not trace.of(said(one).receipt).said[0].ideas
    release(waits)
    assert trace.of(said(waits).receipt).said[0].ideas
    withdraw(said(waits).receipt)
    assert not trace.of(said(waits).receipt).said[0].ideas


def test_the_chain_is_walked_both_ways(numbers: Cluster, femi: User, analyst: User) -> None:
    """Note, group, topic, idea, decision; and from the decision back to the note."""
    topic = deciding.theme("T7", "Telling my story again")
    place = over(numbers.stage)
    confirmed = actions.confirm_theme(numbers, topic, by=analyst).row
    row = idea(numbers, femi)
    decision = answering(row, topic)
    note = numbers.cards.order_by("pk")[0].notes.get()
    # There
    assert note.card.cluster == numbers
    assert numbers.themes.get() == confirmed and confirmed.theme == topic
    assert note.bases.get().proposal == row
    (found,) = reading.ideas(place)
    assert found.standing.decision == decision
    assert found.topics == [(topic.name, topic.slug)] and found.bases == ["Which number?"]
    # And back
    (answer,) = decision.proposal_answers.all()
    assert answer.proposal == row and answer.seen == row.fingerprint
    assert {n.pk for basis in row.bases.all() for n in basis.notes.all()} >= {note.pk}
    shown = Client().get(decision.url).content.decode()
    assert "This answers an idea from the workshop" in shown
    assert f"{place.page.url}#{row.anchor}" in shown
    text = page_of(row)
    assert decision.url in text and f"/themes/{topic.slug}/" in text


def test_no_word_of_a_note_stands_beside_an_idea(numbers: Cluster, femi: User) -> None:
    held_in(numbers, "Kestrel waits here.")
    row = idea(numbers, femi)
    over(numbers.stage)
    text = page_of(row)
    assert row.title in text
    for words in ("Three numbers.", "Rang twice.", "Kestrel"):
        assert words not in text
