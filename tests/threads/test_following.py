"""What becomes of a comment when its words are released, refused, passed on, changed or taken back."""

from collections.abc import Callable

import pytest

from collaborative.contributions import actions as contributions
from collaborative.contributions.models import Contribution, State
from collaborative.live.models import Event
from collaborative.moderation import actions as moderation
from collaborative.threads import actions
from collaborative.threads.actions import counting
from collaborative.threads.models import Comment, Thread
from tests.threads import talking

pytestmark = pytest.mark.django_db


def kinds(thread: Thread) -> list[tuple[str, int]]:
    rows = Event.objects.filter(stream__key=thread.stream).order_by("seq")
    return [row for row in rows.values_list("kind", "object_id") if row[0] != "thread"]


def kept_is_counted(thread: Thread) -> None:
    row = Thread.objects.get(pk=thread.pk)
    assert {name: getattr(row, name) for name in counting.counted(row)} == counting.counted(row)
    for comment in thread.comments.top():
        standing = comment.replies.filter(shown=True)
        assert comment.reply_count == standing.count()
        assert comment.answer_count == standing.filter(official=True).count()


def test_a_released_comment_gets_its_number_then_and_not_before() -> None:
    thread = talking.thread()
    first, second = talking.say(thread, "First said."), talking.say(thread, "Second said.")
    talking.release(second)
    talking.release(first)
    assert [talking.again(one).seq for one in (first, second)] == [2, 1]
    assert talking.counts(thread) == (2, 0)
    assert kinds(thread) == [("shown", second.pk), ("shown", first.pk)]


LEAVING: dict[str, Callable[[Comment], object]] = {
    "refused": lambda comment: talking.refuse(comment),
    "passed on": lambda comment: moderation.escalate(comment.contribution, by=talking.moderator()),
    "taken back": lambda comment: actions.take_back(comment, voice=comment.voice),
    "withdrawn by its code": lambda comment: contributions.withdraw(comment.contribution.receipt),
    "erased": lambda comment: contributions.erase(comment.contribution),
    "not to be published": lambda comment: contributions.change_permission(
        comment.contribution.receipt, "not-published"
    ),
    "left out": lambda comment: contributions.exclude(comment.contribution.receipt, "test", by=None),
    "edited": lambda comment: actions.change(comment, "Other words.", voice=comment.voice),
}


@pytest.mark.parametrize("way", LEAVING)
def test_whatever_makes_it_leave_takes_its_replies_along(way: str) -> None:
    thread = talking.thread(talking.for_all())
    comment = talking.shown(thread)
    reply = talking.shown(thread, "A reply.", parent=comment)
    actions.answer(
        thread, "Thank you.", by=talking.person_of("Edwina"), key="a", under=talking.again(comment)
    )
    assert talking.counts(thread) == (2, 1)
    LEAVING[way](talking.again(comment))
    comment, reply = talking.again(comment), talking.again(reply)
    assert not comment.shown and not reply.shown
    assert reply.contribution.state == State.HIDDEN
    assert talking.counts(thread) == (0, 0)
    assert kinds(thread)[-1] == ("gone", comment.pk)
    kept_is_counted(thread)


def test_replies_come_back_with_what_they_answer() -> None:
    thread = talking.thread()
    comment = talking.shown(thread)
    reply = talking.shown(thread, "A reply.", parent=comment)
    waiting = talking.say(thread, "Another.", parent=comment)
    actions.answer(thread, "Thank you.", by=talking.person_of("Edwina"), key="a", under=comment)
    talking.refuse(comment)
    talking.release(waiting)  # nobody sees it yet: what it answers is not there
    assert talking.again(waiting).contribution.state == State.HIDDEN
    talking.release(comment)
    assert [talking.again(one).shown for one in (comment, reply, waiting)] == [True, True, True]
    assert talking.again(comment).reply_count == 3
    assert talking.counts(thread) == (3, 1)
    kept_is_counted(thread)


def test_it_keeps_its_number_when_it_comes_back() -> None:
    thread = talking.thread()
    comment = talking.shown(thread)
    talking.shown(thread, "Another.")
    talking.refuse(comment)
    talking.release(comment)
    assert talking.again(comment).seq == 1


def test_a_reply_that_goes_is_counted_out_of_its_parent() -> None:
    thread = talking.thread()
    comment = talking.shown(thread)
    reply = talking.shown(thread, "A reply.", parent=comment)
    talking.refuse(reply)
    assert talking.again(comment).reply_count == 0
    kept_is_counted(thread)


def test_words_removed_from_a_shown_comment_are_announced() -> None:
    thread = talking.thread()
    comment = talking.shown(thread, "Ask Morag Weir about it.")
    said = Contribution.objects.get(pk=comment.contribution_id)
    moderation.release_redacted(
        said, "Ask [removed] about it.", "A name of somebody else.", by=talking.moderator()
    )
    assert kinds(thread)[-1] == ("changed", comment.pk)
    assert talking.words(comment) == "Ask [removed] about it."


def test_what_was_taken_back_while_with_safeguarding_goes_when_its_case_closes() -> None:
    thread = talking.thread()
    comment = talking.shown(thread)
    case = moderation.escalate(comment.contribution, by=talking.moderator())
    actions.take_back(talking.again(comment), voice=comment.voice)
    assert talking.again(comment).contribution.state == State.ESCALATED  # frozen with its case (SAF-2)
    from collaborative.people.roles import Role

    lead = talking.person_of("Saoirse", Role.SAFEGUARDING)
    moderation.close_case(case, "All is well.", by=lead, back_to_queue=True)
    assert talking.again(comment).contribution.state == State.WITHDRAWN


def test_a_repaired_count_is_the_counted_one() -> None:
    thread = talking.thread()
    comment = talking.shown(thread)
    talking.shown(thread, "A reply.", parent=comment)
    Thread.objects.filter(pk=thread.pk).update(released_count=40, answered_count=3, last_seq=9)
    Comment.objects.filter(pk=comment.pk).update(reply_count=7)
    actions.recount(thread)
    kept_is_counted(thread)
    assert talking.counts(thread) == (2, 0)


def test_a_failing_room_undoes_the_release(monkeypatch: pytest.MonkeyPatch) -> None:
    thread = talking.thread()
    comment = talking.say(thread)

    def fail(*_happened: object) -> None:
        raise RuntimeError("no streams today")

    monkeypatch.setattr("collaborative.threads.actions.following.announce", fail)
    with pytest.raises(RuntimeError):
        talking.release(comment)
    comment = talking.again(comment)
    assert (comment.shown, comment.contribution.state) == (False, State.HELD)
    assert talking.counts(thread) == (0, 0)
