"""The chain, walked from a receipt: what was said, its topic, the decision, the sentence that changed."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from collaborative.analysis.actions import retract
from collaborative.analysis.models import Coding
from collaborative.contributions.models import State
from collaborative.flow import trace
from collaborative.flow.actions import cut_release
from collaborative.moderation import actions as moderation
from tests.flow import world
from tests.outcomes import deciding

pytestmark = pytest.mark.django_db


@pytest.fixture
def where(db: None) -> Any:
    return deciding.engagement()


@pytest.fixture
def topic(db: None) -> Any:
    return deciding.theme("T1", "Ask me first")


def only(said: Any) -> trace.Said:
    [one] = trace.of(said.receipt).said
    return one


def test_each_step_has_its_day(where: Any, topic: Any) -> None:
    said = world.speak(where)
    assert (only(said).read, only(said).sorted_on, only(said).answered_on) == (None, None, None)
    moderation.release(said, by=world.moderator())
    assert only(said).read is not None
    world.sort(said, topic)
    assert only(said).sorted_on is not None
    page = world.decided(where, topic)
    assert only(said).answered_on == page.decided_on
    assert only(said).tone == "no"


def test_a_decision_that_did_not_hear_this_consultation_is_no_answer_to_it(where: Any, topic: Any) -> None:
    said = world.speak(where, sort_as=topic)
    world.decided(deciding.engagement("elsewhere"), topic)
    [reply] = only(said).replies
    assert reply.tone == "wait"
    assert reply.decision is None


def test_a_decision_that_takes_the_place_of_another_answers_instead(where: Any, topic: Any) -> None:
    said = world.speak(where, sort_as=topic)
    first = world.decided(where, topic, 1)
    world.decided(where, topic, 2, given="adopted", replaces=first)
    [reply] = only(said).replies
    assert (reply.decision.number, reply.tone) == (2, "yes")


def test_the_trace_and_the_figures_agree_on_what_answered(where: Any, topic: Any) -> None:
    said = world.speak(where, sort_as=topic)
    world.crowd(where, topic, {"young-people": 9})
    elsewhere = deciding.engagement("elsewhere")
    world.crowd(elsewhere, topic, {"young-people": 7})
    world.decided(elsewhere, topic, 2)
    world.decided(where, topic)
    cut_release()
    [reply] = only(said).replies
    assert reply.raised == 10  # of those who were answered by the same decision, not of all 17
    assert reply.tone == "no"


def test_two_topics_in_one_text_get_two_replies_in_the_order_of_the_words(where: Any, topic: Any) -> None:
    other = deciding.theme("T2", "Too late")
    said = world.speak(where, "First the one thing. Then another.", sort_as=None)
    moderation.release(said, by=world.moderator())
    wording = said.wordings.get()
    for start, end, theme in ((21, 34, topic), (0, 20, other)):
        deciding.apply_theme(wording, start, end, theme, by=deciding.analyst(), key=f"{start}")
    assert [reply.topic for reply in only(said).replies] == ["Too late", "Ask me first"]


def test_a_sorting_that_was_taken_back_leaves_the_trace(where: Any, topic: Any) -> None:
    said = world.speak(where, sort_as=topic)
    retract(Coding.objects.get(), by=deciding.analyst(), reason="Not about this.")
    assert only(said).replies == []


def test_what_is_refused_after_it_was_sorted_says_so_and_nothing_else(where: Any, topic: Any) -> None:
    from collaborative.moderation.models import HouseRule

    rule = HouseRule.objects.create(number=1, title="Be kind", text="x", kind_reason="Kindly, please.")
    said = world.speak(where, sort_as=topic)
    moderation.refuse(said, rule, by=world.moderator())
    one = only(said)
    assert (one.state, one.replies, one.refusal) == ("refused", [], "Kindly, please.")


@pytest.mark.parametrize("state", State.values)
def test_no_state_is_told_by_a_name_of_its_own_but_those_that_may(where: Any, state: str) -> None:
    said = world.speak(where)
    type(said).objects.filter(pk=said.pk).update(state=state)
    said.refresh_from_db()
    assert only(said).state in {"waiting", "checked", "refused", "withdrawn"}
    if state in (State.ESCALATED, State.HELD):
        assert only(said).state == "waiting"


def test_lateness_is_admitted_only_where_something_waits(topic: Any) -> None:
    where = deciding.engagement("late")
    where.decides_by = timezone.localdate() - timedelta(days=1)
    where.save()
    said = world.speak(where, sort_as=topic)
    assert trace.of(said.receipt).late
    world.decided(where, topic)
    assert not trace.of(said.receipt).late


def test_a_trace_costs_the_same_whatever_was_said(
    where: Any, topic: Any, django_assert_max_num_queries: Any
) -> None:
    said = world.speak(where, sort_as=topic)
    for number in range(2, 9):
        world.sort(said, deciding.theme(f"T{number}", f"Topic {number}"))
        world.decided(where, deciding.theme(f"T{number}", f"Topic {number}"), number)
    with django_assert_max_num_queries(14):
        trace.of(said.receipt)
