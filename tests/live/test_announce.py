"""announce(): numbers without gaps, in the transaction of what happened, on both engines."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from collaborative.live import hints
from collaborative.live.actions import announce, prune
from collaborative.live.models import Event, Stream


def seqs(key: str) -> list[int]:
    return list(Event.objects.filter(stream__key=key).order_by("seq").values_list("seq", flat=True))


def at_once(threads: int, work: Callable[[int], None]) -> None:
    """Run `work(number)` in that many threads which start together; what one of them raises is raised."""
    start = threading.Barrier(threads)
    raised: list[BaseException] = []

    def run(number: int) -> None:
        try:
            start.wait(20)
            work(number)
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    running = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(120)
    assert raised == []
    assert not any(thread.is_alive() for thread in running)


@pytest.mark.django_db
def test_it_works() -> None:
    with transaction.atomic():
        first = announce(("thread.5", "posted", 11))
        both = announce(("thread.5", "edited", 11), ("slate.3", "moved", 7), ("thread.5", "posted", 12))
    assert [event.seq for event in first] == [1]
    assert [(e.stream.key, e.seq, e.kind, e.object_id) for e in both] == [
        ("thread.5", 2, "edited", 11),
        ("slate.3", 1, "moved", 7),
        ("thread.5", 3, "posted", 12),
    ]
    assert seqs("thread.5") == [1, 2, 3]
    assert dict(Stream.objects.values_list("key", "last_seq")) == {"thread.5": 3, "slate.3": 1}


@pytest.mark.django_db
def test_it_costs_two_queries(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        announce(("thread.5", "posted", 1))
    with django_assert_num_queries(2):
        announce(("thread.5", "posted", 2), ("thread.5", "edited", 1))


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        announce(("thread.5", "posted", 1))
    assert not Stream.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["thread", "thread.0", "thread.-1", "Thread.1", "thread.1:2", "a.1\n", "a.١"])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="not the key"):
        announce((key, "posted", 1))


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_no_number_and_tells_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[list[int]] = []
    monkeypatch.setattr(hints, "send", lambda events: told.append([event.seq for event in events]))
    with transaction.atomic():
        announce(("thread.5", "posted", 1))
    with pytest.raises(RuntimeError), transaction.atomic():
        announce(("thread.5", "posted", 2), ("slate.3", "moved", 2))
        raise RuntimeError
    with transaction.atomic():
        announce(("thread.5", "posted", 3))
    assert seqs("thread.5") == [1, 2]
    assert told == [[1], [2]]
    assert not Stream.objects.filter(key="slate.3").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("threads", "each"), [(8, 25), pytest.param(16, 200, marks=pytest.mark.long)], ids=["some", "many"]
)
def test_many_writers_leave_no_gap_and_a_reader_never_sees_one(threads: int, each: int) -> None:
    stop = threading.Event()
    seen: list[int] = []

    def read() -> None:
        """What polling `after` gives while others write: a number that came late would be missed here."""
        while True:
            last = stop.is_set()
            rows = Event.objects.filter(stream__key="thread.5", seq__gt=len(seen)).order_by("seq")
            seen.extend(rows.values_list("seq", flat=True))
            if last:
                break
        connection.close()

    def write(number: int) -> None:
        for count in range(each):
            with transaction.atomic():
                announce(("thread.5", "posted", number * each + count))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        at_once(threads, write)
    finally:
        stop.set()
        reader.join(60)
    expected = list(range(1, threads * each + 1))
    assert seqs("thread.5") == expected
    assert seen == expected
    assert Event.objects.values("object_id").distinct().count() == threads * each


@pytest.mark.django_db(transaction=True)
def test_two_streams_named_either_way_round_do_not_wait_for_each_other() -> None:
    forth = (("slate.3", "moved", 1), ("thread.5", "posted", 1))

    def write(number: int) -> None:
        for _ in range(15):
            with transaction.atomic():
                announce(*(forth if number % 2 else forth[::-1]))

    at_once(6, write)
    assert seqs("thread.5") == seqs("slate.3") == list(range(1, 91))


@pytest.mark.django_db
def test_events_are_forgotten_after_a_week_and_the_number_stays() -> None:
    now = timezone.now()
    announce(*(("thread.5", "posted", number) for number in range(1, 4)))
    Event.objects.filter(seq__lte=2).update(at=now - timedelta(days=7, seconds=1))
    Event.objects.filter(seq=3).update(at=now - timedelta(days=6, hours=23))
    assert prune(now) == 2
    assert seqs("thread.5") == [3]
    assert Stream.objects.get().last_seq == 3


@pytest.mark.django_db
def test_pruning_goes_on_until_nothing_old_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collaborative.live.actions.PRUNED_AT_ONCE", 2)
    announce(*(("thread.5", "posted", number) for number in range(1, 6)))
    assert prune(timezone.now() + timedelta(days=8)) == 5
    assert not Event.objects.exists()
