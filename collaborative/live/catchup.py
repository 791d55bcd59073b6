"""What happened in a stream after a given number: for reconnecting, for gaps, where sockets are blocked."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from contextlib import suppress
from typing import Any

from django.utils.translation import get_language

from collaborative.live.models import Event, Stream
from collaborative.live.registry import Room

KEPT_SECONDS = 5.0
KEPT_ANSWERS = 64
PATIENCE = 5.0  # seconds that one reading may take others

Answer = dict[str, Any]
Changes = Sequence[dict[str, Any]]
Key = tuple[str, int, int, int, str | None]
Question = tuple[str, int, int, str | None]  # stream, after, limit, language


class Shelf:
    """Answers of the last seconds: after a restart a thousand browsers ask the same question.

    Filed under the stream's last number, which every change moves, so that nothing taken down is served
    from here. The seconds bound what changes without an event, such as "two minutes ago".
    """

    def __init__(self) -> None:
        self._answers: OrderedDict[Key, tuple[float, Answer]] = OrderedDict()

    def get(self, key: Key) -> Answer | None:
        until, answer = self._answers.get(key, (0.0, None))
        return answer if until > time.monotonic() else None

    def put(self, key: Key, answer: Answer) -> None:
        self._answers[key] = (time.monotonic() + KEPT_SECONDS, answer)
        while len(self._answers) > KEPT_ANSWERS:
            self._answers.popitem(last=False)

    def clear(self) -> None:
        self._answers.clear()


class Flights:
    """Answers that are being made, for a crowd whose line comes back and asks at once.

    Who asks while one is being made waits for the next, which begins when that one ends and is for all who
    asked meanwhile: a crowd costs a few readings, however often others post between two of its questions,
    and nobody is answered from before they asked.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._boarding: dict[Question, Future[Answer]] = {}
        self._flying: dict[Question, Future[Answer]] = {}

    def share(self, question: Question, make: Callable[[], Answer]) -> Answer:
        with self._lock:
            flight = self._boarding.get(question)
            before = self._flying.get(question)
            if ours := flight is None:
                flight = self._boarding[question] = Future()
        if ours:
            if before is not None:
                wait([before], PATIENCE)
            return self._fly(question, flight, make)
        with suppress(Exception):  # late, or it failed for whoever made it: make it ourselves
            return flight.result(2 * PATIENCE)
        return make()

    def _fly(self, question: Question, flight: "Future[Answer]", make: Callable[[], Answer]) -> Answer:
        with self._lock:
            del self._boarding[question]
            self._flying[question] = flight
        try:
            answer = make()
            flight.set_result(answer)
            return answer
        except BaseException as error:
            flight.set_exception(error)
            raise
        finally:
            with self._lock:
                if self._flying.get(question) is flight:
                    del self._flying[question]


shelf = Shelf()
flights = Flights()


def since(key: str, room: Room, object_id: int, after: int, limit: int) -> Answer:
    """`upto` is the number that whoever applies these changes has reached; `last` that of the stream.

    `reset` when the numbers asked for are forgotten, or never were: then only loading the page helps.
    """
    question = (key, after, limit, get_language())
    return flights.share(question, lambda: _kept_or_read(key, room, object_id, after, limit))


def _kept_or_read(key: str, room: Room, object_id: int, after: int, limit: int) -> Answer:
    # As it is when this is made, for all who wait: later than when any of them asked.
    last = Stream.objects.filter(key=key).values_list("last_seq", flat=True).first() or 0
    if after == last:
        return _answer(key, after, last, last)
    filed = (key, after, limit, last, get_language())
    answer = shelf.get(filed)
    if answer is None:
        answer = _read(key, room, object_id, after, limit, last)
        shelf.put(filed, answer)
    return answer


def _read(key: str, room: Room, object_id: int, after: int, limit: int, last: int) -> Answer:
    wanted = Event.objects.filter(stream__key=key, seq__gt=after, seq__lte=last)
    events = list(wanted.order_by("seq")[:limit])
    if not events or events[0].seq != after + 1:
        return _answer(key, after, last, last, reset=True)
    changes = [change._asdict() for change in room.render(object_id, events)]
    return _answer(key, after, events[-1].seq, last, changes)


def _answer(key: str, after: int, upto: int, last: int, changes: Changes = (), reset: bool = False) -> Answer:
    return {
        "stream": key,
        "after": after,
        "upto": upto,
        "last": last,
        "changes": list(changes),
        "reset": reset,
    }
