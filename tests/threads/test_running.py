"""What staff do with a thread, and who may."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from collaborative.contributions.actions import NotPossible
from collaborative.models import Epoch
from collaborative.people.roles import Role
from collaborative.threads import actions, reading
from collaborative.threads.models import Comment, Thread
from tests.threads import talking

pytestmark = pytest.mark.django_db

VERBS: dict[str, Callable[[Thread, Comment, Any], object]] = {
    "open": lambda thread, comment, by: actions.open_thread(
        thread.engagement, talking.for_all(f"by-{by.pk}").page, title="T", by=by
    ),
    "reword": lambda thread, comment, by: actions.reword(thread, title="Other", intro="", by=by),
    "close": lambda thread, comment, by: actions.close(thread, by=by),
    "reopen": lambda thread, comment, by: actions.reopen(thread, by=by),
    "slow": lambda thread, comment, by: actions.slow_down(thread, 60, by=by),
    "pause": lambda thread, comment, by: actions.pause(thread, 5, by=by),
    "summarise": lambda thread, comment, by: actions.summarise(thread, f"In short {by}.", by=by),
    "answer": lambda thread, comment, by: actions.answer(thread, "Thanks.", by=by, key="k", under=comment),
    "pin": lambda thread, comment, by: actions.pin(comment, by=by),
}
# E editors, F facilitators, D administrators, M moderators, B board; nobody else may do anything.
WHO = {
    "open": "EFD",
    "reword": "EFD",
    "summarise": "EFD",
    "close": "EFDM",
    "reopen": "EFDM",
    "slow": "EFDM",
    "pause": "EFDM",
    "pin": "EFDM",
    "answer": "EFB",
}
ROLES = {
    "E": Role.EDITORS,
    "F": Role.FACILITATORS,
    "D": Role.ADMINISTRATORS,
    "M": Role.MODERATORS,
    "B": Role.BOARD,
    "S": Role.SECRETARY,
    "A": Role.ANALYSTS,
    "G": Role.SAFEGUARDING,
    "P": None,
}


@pytest.mark.parametrize("verb", VERBS)
def test_who_may_do_what_with_a_thread(verb: str) -> None:
    thread = talking.thread()
    comment = talking.shown(thread)
    allowed = ""
    for letter, role in ROLES.items():
        by = talking.person_of(f"Someone{letter}", *([role] if role else []))
        try:
            VERBS[verb](thread, comment, by)
            allowed += letter
        except PermissionDenied:
            pass
    assert set(allowed) == set(WHO[verb])


def test_a_thread_opens_once_on_a_thing_and_moves_the_epoch() -> None:
    where, editor = talking.adults_only(), talking.person_of("Edwina", Role.EDITORS)
    before = Epoch.objects.get_or_create(pk=1)[0].number
    actions.open_thread(where, where.page, title="One", by=editor)
    assert Epoch.objects.get(pk=1).number > before
    with pytest.raises(NotPossible):
        actions.open_thread(where, where.page, title="Two", by=editor)
    with pytest.raises(NotPossible):
        actions.open_thread(where, where.page, title="Three", by=editor, kind="clause", key="P99")
    with pytest.raises(NotPossible):
        actions.open_thread(where, where.page, title=" ", by=editor)


def test_an_official_reply_is_pinned_counted_as_an_answer_and_nothing_else() -> None:
    thread, editor = talking.thread(), talking.person_of("Edwina", Role.EDITORS)
    comment = talking.shown(thread)
    first = actions.answer(thread, "Thank you.", by=editor, key="k", under=comment)
    assert actions.answer(thread, "Thank you.", by=editor, key="k", under=comment) == first
    assert first.pinned_at and first.official and first.contribution is None
    assert talking.counts(thread) == (1, 1)
    assert talking.again(comment).answer_count == 1
    actions.change_answer(first, "Thank you very much.", by=editor)
    assert [row.text for row in first.official_wordings.order_by("number")] == [
        "Thank you.",
        "Thank you very much.",
    ]
    actions.take_down(first, by=editor)
    assert talking.counts(thread) == (1, 0)


def test_staff_reply_to_somebody_under_18() -> None:
    thread, editor = talking.thread(talking.for_all()), talking.person_of("Edwina", Role.EDITORS)
    young = talking.shown(thread, age_band="13-15")
    assert actions.answer(thread, "Thank you.", by=editor, key="k", under=young).shown


def test_an_answer_never_lands_under_what_is_not_there() -> None:
    thread, editor = talking.thread(), talking.person_of("Edwina", Role.EDITORS)
    held = talking.say(thread)
    with pytest.raises(NotPossible):
        actions.answer(thread, "Thank you.", by=editor, key="k", under=held)


def test_closed_and_opened_again() -> None:
    thread, moderator = talking.thread(), talking.moderator()
    actions.close(thread, by=moderator)
    assert not Thread.objects.whole().get(pk=thread.pk).is_open_at(timezone.now())
    actions.reopen(thread, by=moderator)
    assert Thread.objects.whole().get(pk=thread.pk).is_open_at(timezone.now())


@pytest.mark.parametrize("seconds", [-1, 3601])
def test_slow_mode_has_its_bounds(seconds: int) -> None:
    with pytest.raises(NotPossible):
        actions.slow_down(talking.thread(), seconds, by=talking.moderator())


def test_three_are_pinned_at_most_and_none_vanishes() -> None:
    thread, moderator = talking.thread(), talking.moderator()
    rows = [talking.shown(thread, f"Comment {n}.") for n in range(4)]
    for _turn in range(2):
        for row in rows[:3]:
            actions.pin(row, by=moderator)
    with pytest.raises(NotPossible, match="Unpin one first"):
        actions.pin(rows[3], by=moderator)
    assert talking.again(rows[3]).pinned_at is None
    talking.refuse(rows[0])
    actions.pin(rows[3], by=moderator)
    talking.release(rows[0])  # its place was given away
    pinned = {row.pk for row in rows if talking.again(row).pinned_at}
    assert pinned == {rows[1].pk, rows[2].pk, rows[3].pk}
    assert {one.pk for one in reading.page(thread, "newest").pinned} == pinned
    assert [one.pk for one in reading.page(thread, "newest").shown] == [rows[0].pk]


def test_a_reply_of_a_person_is_not_pinned() -> None:
    thread = talking.thread()
    comment = talking.shown(thread)
    reply = talking.shown(thread, "A reply.", parent=comment)
    with pytest.raises(NotPossible):
        actions.pin(reply, by=talking.moderator())
    actions.pin(comment, by=talking.moderator())
    assert talking.again(comment).pinned_at
    actions.pin(comment, by=talking.moderator(), on=False)
    assert talking.again(comment).pinned_at is None
