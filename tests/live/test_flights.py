"""A crowd that asks the same at once is answered from one reading."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from collaborative.live.catchup import Answer, Flights, Key

QUESTION: Key = ("slate.3", 1, 100, 9, "en-gb")
LATER: Key = ("slate.3", 1, 100, 10, "en-gb")
CROWD = 20


class Reading:
    """Reads slowly enough that everybody is there before it ends."""

    def __init__(self, fails: bool = False) -> None:
        self.times, self.fails = 0, fails
        self.begun, self.end = threading.Event(), threading.Event()

    def __call__(self) -> Answer:
        self.times += 1
        self.begun.set()
        assert self.end.wait(10)
        if self.fails and self.times == 1:
            raise OSError("the database is away")
        return {"number": self.times}


def asked(flights: Flights, reading: Callable[[], Answer]) -> Answer:
    return flights.share(QUESTION, reading)


def test_all_who_ask_meanwhile_get_what_one_of_them_reads() -> None:
    flights, reading = Flights(), Reading()
    with ThreadPoolExecutor(CROWD) as crowd:
        first = crowd.submit(asked, flights, reading)
        assert reading.begun.wait(10)
        others = [crowd.submit(asked, flights, lambda: {"number": "another"}) for _ in range(CROWD - 1)]
        assert flights.share(LATER, lambda: {"number": "later"}) == {"number": "later"}, (
            "who asks after the next change does not get what was before it"
        )
        threading.Timer(0.3, reading.end.set).start()
        answers = [one.result(10) for one in (first, *others)]
    assert answers == [{"number": 1}] * CROWD
    assert reading.times == 1


def test_who_asks_later_is_read_to_anew() -> None:
    flights, reading = Flights(), Reading()
    reading.end.set()
    assert [asked(flights, reading), asked(flights, reading)] == [{"number": 1}, {"number": 2}]


def test_a_reading_that_fails_fails_for_nobody_else() -> None:
    flights, reading = Flights(), Reading(fails=True)
    with ThreadPoolExecutor(2) as crowd:
        first = crowd.submit(asked, flights, reading)
        assert reading.begun.wait(10)
        other = crowd.submit(asked, flights, lambda: {"number": "its own"})
        threading.Timer(0.3, reading.end.set).start()
        assert other.result(10) == {"number": "its own"}
        with pytest.raises(OSError, match="away"):
            first.result(10)
    assert asked(flights, reading) == {"number": 2}, "and the next is read to"
