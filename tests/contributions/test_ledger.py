"""The record: every event sealed once, in order, and a changed row shows."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.utils import timezone

from collaborative import appendonly
from collaborative.contributions import ledger
from collaborative.contributions.models import LedgerEvent, LedgerSeal
from collaborative.people.models import User
from tests.moderation.giving import said


def later() -> object:
    return timezone.now() + timedelta(hours=1)


@pytest.mark.django_db
def test_seals_are_chained_and_cover_each_event_once() -> None:
    for number in range(3):
        ledger.record("thing.happened", f"thing:{number}")
        ledger.seal(later())
    seals = list(LedgerSeal.objects.order_by("number"))
    assert [seal.number for seal in seals] == [1, 2, 3]
    assert [seal.previous_hash for seal in seals] == ["", seals[0].hash, seals[1].hash]
    assert all(one.last_event < two.first_event for one, two in pairwise(seals))
    assert seals[-1].last_event == LedgerEvent.objects.order_by("pk").last().pk
    assert ledger.broken_seals() == []


@pytest.mark.django_db
def test_the_newest_events_wait_until_slower_transactions_stand() -> None:
    ledger.record("thing.happened", "thing:1")
    assert ledger.seal() == 0
    assert ledger.seal(later()) >= 1


@pytest.mark.django_db
def test_an_event_that_is_older_than_its_number_waits_for_those_before_it() -> None:
    """Times and numbers do not run quite in step: two transactions at once, or an event of another day."""
    ledger.record("thing.happened", "thing:1")
    early = ledger.event("thing.happened", "thing:2")
    early.at -= timedelta(days=1)
    early.save(force_insert=True)
    ledger.seal()
    assert not LedgerSeal.objects.filter(last_event__gte=early.pk).exists()
    assert ledger.seal(later()) == 2
    assert ledger.broken_seals() == []


@pytest.mark.django_db
def test_sealing_again_seals_nothing() -> None:
    ledger.record("thing.happened", "thing:1")
    ledger.seal(later())
    assert ledger.seal(later()) == 0


@pytest.mark.django_db(transaction=True)
def test_an_event_altered_behind_the_guards_breaks_its_seal() -> None:
    for number in range(2):
        ledger.record("thing.happened", f"thing:{number}")
        ledger.seal(later())
    first = LedgerSeal.objects.get(number=1)
    appendonly._remove(connection)
    LedgerEvent.objects.filter(pk=first.last_event).update(verb="nothing.happened")
    appendonly.install(connection)
    assert ledger.broken_seals() == [1]


@pytest.mark.django_db(transaction=True)
def test_an_event_taken_out_behind_the_guards_breaks_its_seal() -> None:
    for number in range(2):
        ledger.record("thing.happened", f"thing:{number}")
    ledger.seal(later())
    appendonly._remove(connection)
    LedgerEvent.objects.order_by("pk").first().delete()
    appendonly.install(connection)
    assert ledger.broken_seals() == [1]


@pytest.mark.django_db
def test_an_account_that_goes_leaves_its_key_in_the_record_and_the_seal_whole() -> None:
    from tests.cast import person

    somebody = person("Gone")
    event = ledger.record("thing.happened", "thing:1", somebody)
    ledger.seal(later())
    key = f"user:{somebody.pk}"
    User.objects.filter(pk=somebody.pk).delete()
    event.refresh_from_db()
    assert (event.actor_id, event.actor_key) == (None, key)
    assert ledger.broken_seals() == []


@pytest.mark.django_db
def test_no_words_of_anybody_stand_in_the_record() -> None:
    row = said("Canary words of a person")
    events = LedgerEvent.objects.all()
    assert events.exists()
    assert "Canary" not in " ".join(f"{e.verb} {e.subject} {e.data}" for e in events)
    assert row.wordings.get().text == "Canary words of a person"
