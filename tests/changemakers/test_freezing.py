"""Publishing a workshop freezes its parts."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from collaborative.changemakers.models import Participant, SessionPage, Stage
from collaborative.changemakers.room import kinds
from collaborative.errors import Refused
from tests.changemakers.workshops import draft, publish, stages, workshop

pytestmark = pytest.mark.django_db


def made(*rows: dict) -> object:
    blocks = [{"type": "stage", "value": {"minutes": 5, "title": "Part", "text": "", **row}} for row in rows]
    return SessionPage._meta.get_field("stages").stream_block.to_python(blocks)


def frozen(page: SessionPage) -> list[Stage]:
    return list(Stage.objects.of(page.engagement))


def test_nothing_is_frozen_before_publication():
    draft()
    assert not Stage.objects.exists()


def test_publishing_freezes_every_part_in_order():
    page = workshop()
    assert [(one.number, one.title, one.minutes) for one in frozen(page)] == [
        (1, "Part 1", 10),
        (2, "Part 2", 20),
        (3, "Part 3", 30),
    ]


def test_publishing_again_keeps_the_rows_and_takes_new_words():
    page = workshop()
    before = [one.pk for one in frozen(page)]
    page.stages[0].value["title"] = "Welcome"
    publish(page)
    assert [one.pk for one in frozen(page)] == before
    assert frozen(page)[0].title == "Welcome"


def test_a_part_that_nobody_saw_may_be_taken_out():
    page = workshop()
    del page.stages[1]
    publish(page)
    assert [one.title for one in frozen(page)] == ["Part 1", "Part 3"]


def test_a_part_that_has_begun_cannot_be_taken_out_and_its_page_stays():
    page = workshop()
    Stage.objects.filter(title="Part 2").update(opened_at="2026-01-01T10:00Z")
    del page.stages[1]
    page.title = "Another name"
    with pytest.raises(Refused, match="cannot be taken out"):
        publish(page)
    assert len(frozen(page)) == 3
    assert SessionPage.objects.get(pk=page.pk).title != "Another name"


def test_the_kind_of_a_part_stands_once_somebody_has_taken_part(monkeypatch):
    page = workshop()
    monkeypatch.setattr(kinds.Plain, "is_used", lambda self, stage: stage.title == "Part 2")
    page.stages[0].value["kind"] = "break"
    publish(page)
    page.stages[1].value["kind"] = "break"
    with pytest.raises(Refused, match="something else"):
        publish(page)


def test_columns_and_choices_are_kept_with_the_part():
    poll = {"kind": "dots", "options": ["Ferry", " ", "Bus"], "budget": 4}
    page = workshop(
        stages=made({"kind": "board", "columns": ["Now", "Later"]}, {"kind": "poll", "poll": poll})
    )
    board, vote = frozen(page)
    assert board.settings == {"columns": ["Now", "Later"]}
    assert vote.settings == {
        "poll": "dots",
        "options": [{"key": "o1", "label": "Ferry"}, {"key": "o2", "label": "Bus"}],
        "budget": 4,
    }


def test_a_refusal_names_every_part_at_once():
    page = workshop(stages=stages(10, 20))
    Stage.objects.update(opened_at="2026-01-01T10:00Z")
    page.stages = stages(5)
    with pytest.raises(Refused) as refused:
        publish(page)
    assert len(refused.value.messages) == 2


def test_kc_7_the_table_refuses_a_named_participant_under_16():

    engagement = workshop().engagement
    with pytest.raises(IntegrityError), transaction.atomic():
        Participant.objects.create(
            engagement=engagement,
            key_hash="x",
            name="Ada",
            age_band="13-15",
            permission="named",
            joined_at=timezone.now(),
        )


def test_rif_1_a_receipt_is_made_once_at_the_first_thing_given():
    from collaborative.changemakers.room.giving import receipt_of
    from collaborative.contributions.models import Receipt

    engagement = workshop(starts=timezone.now() - timedelta(minutes=1)).engagement
    person = Participant.objects.create(
        engagement=engagement,
        key_hash="x",
        name="Puffin",
        age_band="26-plus",
        permission="anonymous",
        joined_at=timezone.now(),
    )
    again = Participant.objects.get(pk=person.pk)
    assert receipt_of(person) == receipt_of(again) == Receipt.objects.get()
    assert (Receipt.objects.get().channel, Receipt.objects.get().name) == ("workshop", "")
    assert Participant.objects.get().receipt == Receipt.objects.get()
