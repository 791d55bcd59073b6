"""A crowd that asks the same at once is answered from one reading."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from collaborative.live.catchup import Answer, Flights, Question

QUESTION: Question = ("slate.3", 1, 100, "en-gb")
ANOTHER: Question = ("slate.3", 2, 100, "en-gb")
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


def test_a_crowd_is_answered_by_two_readings_and_nobody_from_before_they_asked() -> None:
    flights, reading = Flights(), Reading()
    with ThreadPoolExecutor(CROWD) as crowd:
        first = crowd.submit(asked, flights, reading)
        assert reading.begun.wait(10)
        others = [crowd.submit(asked, flights, reading) for _ in range(CROWD - 1)]
        another = flights.share(ANOTHER, lambda: {"number": "another"})
        assert another == {"number": "another"}, "who asks for something else waits for nobody"
        threading.Timer(0.3, reading.end.set).start()
        assert first.result(10) == {"number": 1}
        answers = [one.result(10) for one in others]
    assert answers == [{"number": 2}] * (CROWD - 1), "what was read before they asked is not for them"
    assert reading.times == 2


def test_who_asks_later_is_read_to_anew() -> None:
    flights, reading = Flights(), Reading()
    reading.end.set()
    assert [asked(flights, reading), asked(flights, reading)] == [{"number": 1}, {"number": 2}]


def test_a_reading_that_fails_fails_for_nobody_else() -> None:
    flights, slow, failing = Flights(), Reading(), Reading(fails=True)
    failing.end.set()
    with ThreadPoolExecutor(3) as crowd:
        first = crowd.submit(asked, flights, slow)
        assert slow.begun.wait(10)
        second = crowd.submit(asked, flights, failing)
        while QUESTION not in flights._boarding:
            time.sleep(0.01)
        third = crowd.submit(asked, flights, lambda: {"number": "its own"})
        threading.Timer(0.3, slow.end.set).start()
        assert first.result(10) == {"number": 1}
        with pytest.raises(OSError, match="away"):
            second.result(10)
        assert third.result(10) == {"number": "its own"}
    assert asked(flights, failing) == {"number": 2}, "and the next is read to"
