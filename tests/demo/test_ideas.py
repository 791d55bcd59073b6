"""The chain of the demonstration set, walked from a note to a sentence of the plan and back (CHG-1)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from collaborative.changemakers.clusters import reading
from collaborative.changemakers.demo import ISLANDS
from collaborative.changemakers.models import Cluster, ClusterTheme, Note
from collaborative.engagements.models import Engagement
from collaborative.flow import trace
from collaborative.outcomes.models import ClauseVersion, ProposalAnswer
from collaborative.people.models import User
from tests.whole.demonstrated import Keeper, demonstrated

pytestmark = pytest.mark.usefixtures("indexed")


@pytest.fixture
def demonstration(django_db_setup: Keeper, django_db_blocker: Any) -> Iterator[Keeper]:
    with django_db_blocker.unblock(), demonstrated(django_db_setup) as keeper:
        yield keeper


def test_from_a_note_to_the_sentence_and_back(demonstration: Keeper) -> None:
    group = Cluster.objects.get(name="Which number do I ring?")
    note = Note.objects.filter(card__cluster=group, shown=True).order_by("pk")[0]
    # There: note, group, topic, idea, decision, sentence.
    assert group.themes.get().theme.code == "T7"
    receipt = note.contribution.receipt
    said = next(one for one in trace.of(receipt).said if one.reference == note.contribution.reference)
    (idea,) = said.ideas
    assert idea.standing.decision is not None and idea.standing.decision.number == 2
    (reply,) = [one for one in said.replies if one.topic_slug == group.themes.get().theme.slug]
    assert reply.decision == idea.standing.decision
    (sentence,) = reply.sentences
    assert sentence.version.clause.ref == "P3"
    # And back.
    version = ClauseVersion.objects.newest().get(clause__ref="P3")
    answer = ProposalAnswer.objects.current().get(decision=version.decision)
    assert answer.proposal == idea.standing.proposal
    assert note in {one for basis in answer.proposal.bases.all() for one in basis.notes.all()}


def test_the_three_ideas_are_answered_and_two_groups_wait_with_a_suggestion(demonstration: Keeper) -> None:
    engagement = Engagement.objects.get(slug=ISLANDS)
    tones = [one.standing.tone for one in reading.ideas(engagement)]
    assert tones == ["partly", "yes", "later"]
    assert ClusterTheme.objects.count() == 5
    callum = User.objects.get(email="callum@demo.example")
    waiting = {one.title: one for one in reading.groups(engagement, callum) if not one.topics}
    assert {title: one.suggested[0].version.theme.code for title, one in waiting.items()} == {
        "You were here before. What happened?": "T11",
        "No signal": "T12",
    }
    text = Client().get(engagement.page.url).content.decode()
    assert "Ideas that were put forward" in text and "What if it came to us?" in text
