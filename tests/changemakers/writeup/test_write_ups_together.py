"""Several people at once with one write-up, each on their own connection: once is once (REC-1, CHG-1)."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from collaborative.changemakers.writeup import actions, correcting
from collaborative.changemakers.writeup.access import Reader
from collaborative.changemakers.writeup.correcting import Put
from collaborative.changemakers.writeup.models import Correction, WriteUp, WriteUpVersion
from collaborative.contributions.models import LedgerEvent
from collaborative.errors import Refused
from collaborative.models import Message
from collaborative.people.models import User
from tests.changemakers import boarding
from tests.changemakers.boarding import facilitator
from tests.changemakers.writeup.registering import registered
from tests.changemakers.writeup.writing import WRITTEN, long_shared, note, over, running, written
from tests.threads.test_together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def told(verb: str) -> int:
    return LedgerEvent.objects.filter(verb=verb).count()


def quietly(work: Callable[[], Any]) -> Callable[[], None]:
    def run() -> None:
        with suppress(Refused):  # somebody else was faster
            work()

    return run


def test_four_who_press_at_once_begin_it_once_show_it_once_and_write_once() -> None:
    femi, fay = facilitator("Femi"), facilitator("Fay")
    place = running()
    note(place, "We meet on Tuesday")
    letters = [registered(place, f"p{n}@example.org").pk for n in range(3)]
    place = over(place)
    assert at_once(*[lambda by=by: actions.begin(place, by=by) for by in (femi, fay) * 2]) == []  # type: ignore[misc]
    assert (WriteUp.objects.count(), told("write-up.begun")) == (1, 1)
    draft = written(place, femi)
    assert at_once(*[lambda by=by: actions.share(draft, 7, by=by) for by in (femi, fay) * 2]) == []  # type: ignore[misc]
    assert told("write-up.shared") == 1
    rows = Message.objects.filter(kind=actions.SHARED).values_list("about__registration", flat=True)
    assert sorted(rows) == letters


def test_four_who_publish_at_once_publish_one_version_and_write_once() -> None:
    femi, fay = facilitator("Femi"), facilitator("Fay")
    place = running()
    note(place, "We meet on Tuesday")
    letters = [registered(place, f"p{n}@example.org").pk for n in range(3)]
    draft = long_shared(over(place), femi)
    four = [lambda by=by: actions.publish(draft, by=by) for by in (femi, fay) * 2]  # type: ignore[misc]
    assert at_once(*four) == []
    assert (WriteUpVersion.objects.get().number, told("write-up.published")) == (1, 1)
    rows = Message.objects.filter(kind=actions.PUBLISHED).values_list("about__registration", flat=True)
    assert sorted(rows) == letters
    # Two who each wrote something else, at once: what one of them wrote is on the page, whole, once.
    works: list[Callable[[], Any]] = [
        *[lambda text=text: change(draft, text, femi) for text in ("One door.", "One number.")],  # type: ignore[misc]
        *[lambda: actions.publish(draft, by=fay, changes="Said more clearly.")] * 3,
    ]
    assert at_once(*works) == []
    actions.publish(draft, by=fay, changes="Said more clearly.")
    numbers = list(WriteUpVersion.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1)) and 2 <= len(numbers) <= 3
    newest = WriteUpVersion.objects.order_by("-number").values_list("content", flat=True)[0]
    assert newest["introduction"] == WriteUp.objects.get().introduction
    assert Message.objects.filter(kind=actions.PUBLISHED).count() == 3


def change(draft: WriteUp, text: str, by: User) -> None:
    actions.edit(draft, replace(WRITTEN, introduction=text), by=by)


def test_nothing_is_published_while_somebody_puts_it_right_at_the_same_moment() -> None:
    """Either the correction was too late, or it is published after its answer."""
    femi = facilitator()
    place = running()
    ann = boarding.person(place)
    note(place, "We meet on Tuesday", ann)
    draft = long_shared(over(place), femi)
    ends = WriteUp.objects.values_list("ends_at", flat=True)[0]
    assert ends is not None
    ann.refresh_from_db()
    put = Put(text="I said Monday", key="k")
    reader = Reader(draft.engagement, participant=ann)
    just_before = ends - timedelta(seconds=1)
    works: list[Callable[[], Any]] = [
        *[lambda: correcting.correct(draft, reader, put, now=just_before)] * 3,
        *[lambda: actions.publish(draft, by=femi, now=ends)] * 2,
    ]
    assert at_once(*[quietly(work) for work in works]) == []
    assert Correction.objects.count() == 1
    (made,) = Correction.objects.all()
    two = (femi, facilitator("Fay"))
    answers = [lambda by=by: correcting.answer(made, True, "Yes.", by=by) for by in two]  # type: ignore[misc]
    assert at_once(*answers, *answers) == []
    assert told("write-up.answered") == 1
    assert actions.publish(draft, by=femi).number == 1
