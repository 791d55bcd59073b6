"""What publication of a decision writes, and that a given answer is never unwritten."""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from collaborative.analysis.actions import retract
from collaborative.analysis.models import Coding
from collaborative.contributions.models import LedgerEvent
from collaborative.outcomes.models import Change, Clause, ClauseVersion, Disposition, Dissent, Promise
from tests.outcomes import deciding
from tests.outcomes.deciding import answer, block, draft, nothing, promise, publish, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def where() -> Any:
    return deciding.engagement()


@pytest.fixture
def topic() -> Any:
    return deciding.theme("T3", "Depends who you know")


def test_it_writes_answers_changes_promises_and_dissent(where: Any, topic: Any) -> None:
    clause = Clause.objects.create(key=uuid.uuid4(), ref="P3", kind="principle")
    sentence = block("clause", {"ref": "p3", "part": "", "intended": "One number."})
    made = promise("We will ask.", due="2027-01-31", note="Begun.")
    dissent = block("dissent", {"by": "Tom", "text": "Too slow."})
    page = publish(
        draft(
            answers=[answer(topic, "adopted-in-part")],
            engagements=[where],
            changes_made=[sentence, made],
            dissent=[dissent],
        )
    )
    row = Disposition.objects.get()
    assert (row.decision, row.theme, row.number, row.answer) == (page, topic, 1, "adopted-in-part")
    assert row.theme_version == topic.newest_version()
    assert row.decided_at.date() == page.decided_on
    changes = {str(change.key): change for change in Change.objects.all()}
    assert changes[sentence["id"]].clause == clause
    assert changes[sentence["id"]].part == "statement"
    kept = Promise.objects.get()
    assert str(kept.key) == made["id"]
    assert changes[made["id"]].promise == kept
    assert (kept.owner, kept.due.isoformat(), kept.state, kept.note) == (
        "Grace",
        "2027-01-31",
        "on-track",
        "Begun.",
    )
    assert (Dissent.objects.get().by, str(Dissent.objects.get().key)) == ("Tom", dissent["id"])


def test_nothing_because_is_a_change_with_its_reason(where: Any, topic: Any) -> None:
    publish(draft(answers=[answer(topic)], engagements=[where], changes_made=[nothing("It says so.")]))
    change = Change.objects.get()
    assert (change.nothing, change.intended) == (True, "It says so.")


def test_publishing_the_same_words_again_writes_no_new_answer(where: Any, topic: Any) -> None:
    page = publish(draft(answers=[answer(topic)], engagements=[where]))
    publish(write(page, status="in delivery"))
    assert Disposition.objects.count() == 1
    assert Change.objects.count() == 1


def test_a_changed_answer_is_the_next_number_and_the_first_stays(where: Any, topic: Any) -> None:
    page = publish(draft(answers=[answer(topic)], engagements=[where]))
    publish(write(page, answers=[answer(topic, "later", "We look again in a year.")]))
    rows = Disposition.objects.order_by("number")
    assert [(row.number, row.answer) for row in rows] == [(1, "not-adopted"), (2, "later")]
    assert rows[1].decided_at.date() == timezone.localdate()
    assert Disposition.objects.current().get().answer == "later"


def test_a_promise_moves_and_the_record_says_so(where: Any, topic: Any) -> None:
    made = promise("We will ask.")
    page = publish(draft(answers=[answer(topic)], engagements=[where], changes_made=[made]))
    done = {**made, "value": {**made["value"], "state": "done", "note": "All asked."}}
    publish(write(page, changes_made=[done]))
    kept = Promise.objects.get()
    assert (str(kept.key), kept.state, kept.note) == (made["id"], "done", "All asked.")
    event = LedgerEvent.objects.filter(subject="decision:1").latest("pk")
    assert event.verb == "decision.published_again"
    assert event.data["promises"] == [[made["id"], "on-track", "done", None]]


def test_the_record_names_answers_and_no_words(where: Any, topic: Any, board_member: Any) -> None:
    publish(draft(answers=[answer(topic)], engagements=[where]), by=board_member)
    event = LedgerEvent.objects.get(verb="decision.published")
    assert event.actor == board_member
    assert event.data == {"answers": {"T3": "not-adopted"}, "promises": []}


def test_a_change_that_the_plan_has_made_stays_tied_to_it(where: Any, topic: Any) -> None:
    clause = Clause.objects.create(key=uuid.uuid4(), ref="P3", kind="principle")
    sentence = block("clause", {"ref": "P3", "part": "statement", "intended": "One number."})
    page = publish(draft(answers=[answer(topic)], engagements=[where], changes_made=[sentence]))
    version = ClauseVersion.objects.create(
        clause=clause,
        number=1,
        model_version_number=1,
        kind="added",
        parts={"statement": "One number."},
        reason="Asked for.",
        decision=page,
        fingerprint="0" * 64,
    )
    publish(write(page, status="done"))
    assert Change.objects.get().made_by == version
    publish(write(page, status="still done"))
    assert Change.objects.get().made_by == version


def test_what_the_decider_saw_moves_with_the_live_codings(where: Any, topic: Any) -> None:
    first = deciding.said("One", where, topic)
    deciding.said("Elsewhere", deciding.engagement("workshop"), topic)
    publish(draft(answers=[answer(topic)], engagements=[where]))

    def now() -> str:
        return Coding.objects.seen([topic.pk], [where.pk])[topic.pk]

    seen = Disposition.objects.get().seen
    assert len(seen) == 64
    assert now() == seen
    second = deciding.said("Two", where, topic)
    assert now() != seen
    retract(second, by=deciding.analyst())
    assert now() == seen
    retract(first, by=deciding.analyst())
    assert now() != seen


def test_the_database_itself_keeps_every_answer(where: Any, topic: Any) -> None:
    publish(draft(answers=[answer(topic)], engagements=[where]))
    for change in (
        lambda: Disposition.objects.update(answer="adopted"),
        lambda: Disposition.objects.update(reason="Another."),
        lambda: Disposition.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert Disposition.objects.get().answer == "not-adopted"
