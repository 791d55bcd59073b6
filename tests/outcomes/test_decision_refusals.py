"""A decision goes out whole or not at all, through every door (promise 5, DEC-1, DEC-2, EQ-2, RIF-3)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from collaborative.contributions.models import LedgerEvent, Permission
from collaborative.errors import Refused
from collaborative.outcomes.models import (
    Assessment,
    Change,
    Clause,
    DecisionPage,
    Disposition,
    Dissent,
    Promise,
)
from tests.outcomes import deciding
from tests.outcomes.deciding import answer, block, draft, nothing, promise, publish, write

pytestmark = pytest.mark.django_db


def refusal(page: DecisionPage) -> str:
    """What the person is told. Nothing may have become public, and no row may stand."""
    before = Disposition.objects.count(), Change.objects.count(), Promise.objects.count()
    was_live = DecisionPage.objects.get(pk=page.pk).live
    with pytest.raises(Refused) as refused:
        publish(page)
    assert (Disposition.objects.count(), Change.objects.count(), Promise.objects.count()) == before
    assert DecisionPage.objects.get(pk=page.pk).live == was_live
    return "\n".join(refused.value.messages)


@pytest.fixture
def where() -> Any:
    return deciding.engagement()


@pytest.fixture
def topic() -> Any:
    return deciding.theme("T3", "Depends who you know")


def test_a_whole_decision_is_published(where: Any, topic: Any) -> None:
    page = publish(draft(answers=[answer(topic)], engagements=[where]))
    assert page.live
    assert page.overall_answer == "not-adopted"
    assert page.dispositions.get().reason == "Because of this."


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"given": ""}, "“Depends who you know” has no answer."),
        ({"reason": "  "}, "“Depends who you know” has no reason."),
    ],
)
def test_promise_5_every_topic_needs_an_answer_and_a_reason(
    where: Any, topic: Any, given: dict[str, str], message: str
) -> None:
    page = draft(answers=[answer(topic, **given)], engagements=[where])
    assert refusal(page) == message


def test_a_topic_answered_twice_is_refused(where: Any, topic: Any) -> None:
    page = draft(answers=[answer(topic), answer(topic, "adopted")], engagements=[where])
    assert refusal(page) == "“Depends who you know” is answered twice."


def test_a_decision_without_any_topic_is_refused(where: Any) -> None:
    assert refusal(draft(answers=[], engagements=[where])) == "Answer at least one topic."


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"decided_on": None}, "Say on which day it was decided."),
        (
            {"decided_on": timezone.localdate() + timedelta(days=2)},
            "The day of the decision has not come yet.",
        ),
        ({"why": " "}, "Say why."),
        ({"body_name": ""}, "Say who decided."),
        ({"answer_sentence": ""}, "Give the answer in one sentence."),
        ({"for_heard": ""}, "Say what was said for it, or that nobody spoke for it."),
        ({"against_heard": ""}, "Say what was said against it, or that nobody spoke against it."),
        ({"reopen_if": []}, "Say what would make you look again."),
        ({"reopen_if": [block("line", " ")]}, "Say what would make you look again."),
        ({"changes_made": []}, "Say what it changes: a sentence, a promise, or nothing, because…"),
        ({"changes_made": [nothing("  ")]}, "Say why nothing changes."),
        ({"changes_made": [promise(text=" ")]}, "Say what you promise."),
        ({"changes_made": [promise(owner="")]}, "Say who owns the promise."),
        ({"engagements": []}, "Say which consultations or workshops it answers."),
        (
            {"strategic": True},
            "A strategic decision needs an assessment, or a reason why there is none.",
        ),
    ],
)
def test_dec_2_what_is_missing_is_named(where: Any, topic: Any, fields: dict[str, Any], message: str) -> None:
    page = draft(**{"answers": [answer(topic)], "engagements": [where], **fields})
    assert refusal(page) == message


def test_eq_2_an_assessment_or_a_reason_lets_a_strategic_decision_through(where: Any, topic: Any) -> None:
    page = draft(answers=[answer(topic)], engagements=[where], strategic=True)
    made = Assessment.objects.create(slug="a", title="A", kinds="EQIA", date="2026-01-01", summary="S")
    page.assessments.add(made)
    assert publish(page).live
    other = deciding.theme("T4")
    reasoned = draft(
        2, answers=[answer(other)], engagements=[where], strategic=True, no_assessment_reason="Under way."
    )
    assert publish(reasoned).live


def test_dec_1_an_open_engagement_is_refused(topic: Any) -> None:
    page = draft(answers=[answer(topic)], engagements=[deciding.engagement("still-open", closed=-10)])
    assert "“Still-open” is open until" in refusal(page)


def test_dec_1_a_decision_dated_before_the_closing_day_is_refused(where: Any, topic: Any) -> None:
    page = draft(
        answers=[answer(topic)], engagements=[where], decided_on=timezone.localdate() - timedelta(days=31)
    )
    assert "is open until" in refusal(page)


def test_dec_1_interim_needs_a_public_reason(topic: Any) -> None:
    page = draft(
        answers=[answer(topic)], engagements=[deciding.engagement("still-open", closed=-10)], interim=True
    )
    assert refusal(page) == "Say in public why it could not wait."
    page = write(page, interim_reason="The school year begins.")
    assert publish(page).live


def test_a_topic_that_another_decision_answered_is_refused_unless_replaced(where: Any, topic: Any) -> None:
    first = publish(draft(1, answers=[answer(topic)], engagements=[where]))
    second = draft(2, answers=[answer(topic, "adopted")], engagements=[where])
    assert "“Depends who you know” is answered by decision 1" in refusal(second)
    second = publish(write(second, replaces=first))
    assert [row.decision_id for row in Disposition.objects.current()] == [second.pk]


def test_another_engagement_may_be_answered_about_the_same_topic(where: Any, topic: Any) -> None:
    publish(draft(1, answers=[answer(topic)], engagements=[where]))
    elsewhere = deciding.engagement("workshop")
    assert publish(draft(2, answers=[answer(topic, "later")], engagements=[elsewhere])).live


def test_a_topic_once_answered_cannot_be_taken_out(where: Any, topic: Any) -> None:
    other = deciding.theme("T10", "Paperwork")
    page = publish(draft(answers=[answer(topic), answer(other)], engagements=[where]))
    page = write(page, answers=[answer(other)])
    assert "“Depends who you know” was answered here in public." in refusal(page)


def test_a_sentence_that_does_not_stand_in_the_plan_is_refused(where: Any, topic: Any) -> None:
    change = block("clause", {"ref": "P99", "part": "statement", "intended": "More."})
    page = draft(answers=[answer(topic)], engagements=[where], changes_made=[change])
    assert refusal(page) == "There is no sentence “P99” in the plan."


def test_a_change_says_whose_words_of_an_outcome_change(where: Any, topic: Any) -> None:
    Clause.objects.create(key="11111111-1111-4111-8111-111111111111", ref="O4", kind="outcome")
    change = block("clause", {"ref": "o4", "part": "", "intended": "More."})
    page = draft(answers=[answer(topic)], engagements=[where], changes_made=[change])
    assert refusal(page) == "Say whose words of “O4” are to change."


def test_it_cannot_change_a_sentence_and_nothing(where: Any, topic: Any) -> None:
    Clause.objects.create(key="11111111-1111-4111-8111-111111111111", ref="P3", kind="principle")
    change = block("clause", {"ref": "P3", "part": "statement", "intended": "More."})
    page = draft(answers=[answer(topic)], engagements=[where], changes_made=[change, nothing()])
    assert refusal(page) == "It cannot change a sentence and change nothing."


def test_a_promise_made_in_public_keeps_its_words(where: Any, topic: Any) -> None:
    made = promise("We will ask.")
    page = publish(draft(answers=[answer(topic)], engagements=[where], changes_made=[made]))
    assert "“We will ask.” was promised in public." in refusal(write(page, changes_made=[nothing()]))
    reworded = {**made, "value": {**made["value"], "text": "We might ask."}}
    assert "“We will ask.” was promised in public." in refusal(write(page, changes_made=[reworded]))


def test_rif_3_words_that_may_not_be_published_cannot_be_quoted(where: Any, topic: Any) -> None:
    secret = deciding.said("Not for others", where, topic, permission=Permission.NOT_PUBLISHED)
    quote = block("quote", {"side": "for", "passage": secret.pk})
    page = draft(answers=[answer(topic)], engagements=[where], quotes=[quote])
    assert refusal(page) == "These words may not be quoted here. Choose others."


def test_rif_3_words_about_another_topic_cannot_be_quoted(where: Any, topic: Any) -> None:
    elsewhere = deciding.said("Too many forms", where, deciding.theme("T10"))
    quote = block("quote", {"side": "for", "passage": elsewhere.pk})
    page = draft(answers=[answer(topic)], engagements=[where], quotes=[quote])
    assert refusal(page) == "These words may not be quoted here. Choose others."


def test_the_same_number_twice_is_refused(where: Any, topic: Any) -> None:
    publish(draft(1, answers=[answer(topic)], engagements=[where]))
    page = draft(1, slug="again", answers=[answer(deciding.theme("T10"))], engagements=[where])
    assert refusal(page) == "There is a decision 1 already."


def test_a_page_made_live_without_a_revision_is_held_to_the_same_rules(where: Any) -> None:
    page = DecisionPage(title="Straight in", slug="straight-in", number=9)
    with pytest.raises(Refused):
        deciding.index().add_child(instance=page)
    assert not DecisionPage.objects.filter(slug="straight-in").exists()


def test_a_copy_cannot_be_published_with_the_promises_of_another(where: Any, topic: Any) -> None:
    page = publish(draft(answers=[answer(topic)], engagements=[where], changes_made=[promise()]))
    page.copy(update_attrs={"slug": "copy", "title": "Copy", "number": 2, "live": False}, keep_live=False)
    copy = write(DecisionPage.objects.get(slug="copy"), answers=[answer(deciding.theme("T10"))])
    assert "This was copied from another decision. Write it afresh." in refusal(copy)


@pytest.mark.parametrize("way", ["unpublish", "expire", "delete"])
def test_a_decision_that_answered_people_stays(where: Any, topic: Any, way: str) -> None:
    page = publish(draft(answers=[answer(topic)], engagements=[where]))
    with pytest.raises(Refused, match="has answered people in public"):
        page.delete() if way == "delete" else page.unpublish(set_expired=way == "expire")
    assert DecisionPage.objects.get(pk=page.pk).live


def test_a_draft_that_nobody_saw_may_go(where: Any, topic: Any) -> None:
    draft(answers=[answer(topic)], engagements=[where]).delete()
    assert not DecisionPage.objects.exists()


def test_a_failing_freeze_rolls_the_publication_back(where: Any, topic: Any, monkeypatch: Any) -> None:
    page = draft(answers=[answer(topic)], engagements=[where], dissent=[])
    events = LedgerEvent.objects.filter(verb__startswith="decision").count()

    def fail(*args: Any, **kwargs: Any) -> None:
        raise Refused("The disk is full.")

    monkeypatch.setattr("collaborative.outcomes.actions.decisions._freeze_dissent", fail)
    assert refusal(page) == "The disk is full."
    assert not Dissent.objects.exists()
    assert LedgerEvent.objects.filter(verb__startswith="decision").count() == events
