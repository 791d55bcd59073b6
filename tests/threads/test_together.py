"""Many at once, each on a connection of their own: one attempt is one comment, and numbers have no gaps."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from collaborative.contributions.actions import NotPossible
from collaborative.moderation import actions as moderation
from collaborative.threads import actions
from collaborative.threads.actions import counting, running
from collaborative.threads.models import Comment, Thread, Voice
from tests.threads import talking

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], Any]) -> list[BaseException]:
    """Run them together; what they raised."""
    failed: list[BaseException] = []
    start = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> None:
        try:
            start.wait(10)
            work()
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert not any(each.is_alive() for each in threads)
    return failed


def assert_whole(thread: Thread) -> None:
    row = Thread.objects.get(pk=thread.pk)
    assert counting.counted(row) == {
        "released_count": row.released_count,
        "answered_count": row.answered_count,
        "last_seq": row.last_seq,
    }
    given = sorted(row.comments.exclude(seq=None).values_list("seq", flat=True))
    assert given == list(range(1, row.last_seq + 1))


def test_a_first_comment_sent_five_times_at_once_is_one() -> None:
    thread = talking.thread()
    token = actions.token_for(thread.engagement, None, "k")
    found: list[int] = []

    def send() -> None:
        said = actions.Post(text="Once.", key="k")
        found.append(actions.post(thread, said, about=talking.about(), token=token)[0].pk)

    assert at_once(*[send] * 5) == []
    assert len(set(found)) == 1 and len(found) == 5
    assert (Comment.objects.count(), Voice.objects.count()) == (1, 1)


def test_ten_post_in_one_thread_without_a_gap() -> None:
    thread = talking.thread()
    voices = [talking.voice(thread, talking.person_of(f"Ann{n}")) for n in range(10)]

    def work(voice: Voice) -> Callable[[], None]:
        def post() -> None:
            for n in range(4):
                talking.say(thread, f"Comment {n} of {voice.pk}, not like the others.", by=voice)

        return post

    assert at_once(*(work(voice) for voice in voices)) == []
    assert talking.counts(thread) == (40, 0)
    assert_whole(thread)


@pytest.mark.parametrize("turn", range(3))
def test_a_reply_released_while_its_parent_goes_is_never_left_alone(turn: int) -> None:
    thread = talking.thread()
    parent = talking.shown(thread)
    reply = talking.say(thread, "A reply.", parent=parent)
    moderator = talking.moderator()
    talking.rule()
    failed = at_once(
        lambda: moderation.release(talking.again(reply).contribution, by=moderator),
        lambda: talking.refuse(talking.again(parent)),
    )
    assert failed == []
    assert not talking.again(parent).shown and not talking.again(reply).shown
    assert_whole(thread)


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Taking down lingers in its middle, so that whoever comes meanwhile meets what it has locked."""
    record = running.ledger.record

    def linger(verb: str, *arguments: Any, **data: Any) -> Any:
        if verb == "comment.taken-down":
            time.sleep(0.3)
        return record(verb, *arguments, **data)

    monkeypatch.setattr(running.ledger, "record", linger)


def test_an_answer_is_taken_down_while_what_it_answers_is_refused(slowly: None) -> None:
    thread, editor = talking.thread(), talking.person_of("Edwina")
    parent = talking.shown(thread)
    answer = actions.answer(thread, "Thanks.", by=editor, key="k", under=parent)
    moderator = talking.moderator()
    talking.rule()

    def refuse() -> None:
        time.sleep(0.1)
        moderation.refuse(talking.again(parent).contribution, talking.rule(), by=moderator)

    assert at_once(lambda: actions.take_down(talking.again(answer), by=editor), refuse) == []
    assert not talking.again(parent).shown and talking.again(answer).taken_back_at
    assert_whole(thread)
    moderation.release(talking.again(parent).contribution, by=moderator)
    assert talking.again(parent).shown and not talking.again(answer).shown
    assert_whole(thread)


def test_what_the_organisers_said_is_taken_down_while_a_reply_to_it_is_released(slowly: None) -> None:
    thread, editor = talking.thread(), talking.person_of("Edwina")
    said = actions.answer(thread, "Welcome.", by=editor, key="k")
    reply = talking.say(thread, "A reply.", parent=said)
    moderator = talking.moderator()

    def release() -> None:
        time.sleep(0.1)
        moderation.release(talking.again(reply).contribution, by=moderator)

    assert at_once(lambda: actions.take_down(talking.again(said), by=editor), release) == []
    assert not talking.again(said).shown and not talking.again(reply).shown
    assert_whole(thread)


@pytest.mark.parametrize("turn", range(6))
def test_everything_at_once_leaves_true_counts(turn: int) -> None:
    thread, editor = talking.thread(), talking.person_of("Edwina")
    parent = talking.shown(thread, user=talking.person_of("Ann"))
    reply = talking.shown(thread, "A reply.", parent=parent)
    other, talker = talking.voice(thread), talking.voice(thread, talking.person_of("Bea"))
    talking.moderator()
    talking.rule()
    failed = at_once(
        lambda: talking.refuse(talking.again(parent)),
        lambda: actions.take_back(talking.again(reply), voice=reply.voice),
        lambda: actions.answer(thread, "Thanks.", by=editor, key="k", under=talking.again(parent)),
        lambda: actions.support(talking.again(parent), voice=other),
        lambda: talking.say(thread, "Another one.", by=talker, parent=talking.again(parent)),
        lambda: actions.change(talking.again(parent), "Other words.", voice=parent.voice),
        lambda: actions.close(thread, by=talking.moderator()),
    )
    assert all(isinstance(error, NotPossible) for error in failed), failed
    assert_whole(thread)
    alone = Comment.objects.filter(shown=True, parent__shown=False)
    assert not alone.exists()


def test_on_postgresql_a_post_that_waits_holds_up_no_reader() -> None:
    """Readers take no lock: a page opens while a release is under way."""
    thread = talking.thread()
    talking.shown(thread, "There.")
    if connection.vendor != "postgresql":
        return
    from django.db import transaction
    from django.test import Client

    seen: list[int] = []
    with transaction.atomic():
        Thread.objects.select_for_update().get(pk=thread.pk)
        assert at_once(lambda: seen.append(Client().get(f"/comments/{thread.pk}/").status_code)) == []
    assert seen == [200]
