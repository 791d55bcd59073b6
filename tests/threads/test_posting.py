"""Saying something: what waits, what stands at once, and that one attempt makes one comment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Contribution, Receipt, State
from collaborative.live.models import Event
from collaborative.moderation.models import Check
from collaborative.threads import actions
from collaborative.threads.actions.posting import Wait
from collaborative.threads.models import Comment, Thread, Voice
from tests.threads import talking

pytestmark = pytest.mark.django_db


def test_what_a_stranger_says_waits_for_a_person() -> None:
    thread = talking.thread()
    comment = talking.say(thread)
    assert comment.contribution.state == State.HELD
    assert (comment.shown, comment.seq) == (False, None)
    assert talking.counts(thread) == (0, 0)


def test_a_signed_in_adult_stands_at_once_where_the_rules_say_so() -> None:
    thread = talking.thread()
    comment = talking.say(thread, user=talking.person_of("Ann"))
    assert comment.contribution.state == State.RELEASED
    assert (comment.shown, comment.seq) == (True, 1)
    assert talking.counts(thread) == (1, 0)
    assert Check.objects.get(contribution=comment.contribution).outcome == Check.Outcome.BY_RULE
    assert Event.objects.filter(stream__key=thread.stream, kind="shown", object_id=comment.pk).exists()


def test_mod_1_where_young_people_are_invited_everyone_waits() -> None:
    thread = talking.thread(talking.for_all())
    assert not talking.say(thread, user=talking.person_of("Ann")).shown


def test_what_was_noticed_is_looked_at_by_a_person_first() -> None:
    thread = talking.thread()
    comment = talking.say(thread, "Ring me on 07700 900123.", user=talking.person_of("Ann"))
    assert comment.contribution.state == State.HELD
    assert comment.contribution.flags.exists()


def test_what_may_not_be_published_is_stored_and_never_shown() -> None:
    thread = talking.thread()
    comment = talking.say(thread, user=talking.person_of("Ann"), permission="not-published")
    assert comment.contribution.state == State.RELEASED and not comment.shown
    assert talking.counts(thread) == (0, 0)


def test_the_same_key_makes_one_comment() -> None:
    thread = talking.thread()
    voice = talking.voice(thread)
    first = talking.say(thread, "Once.", by=voice, key="k")
    again, new = actions.post(thread, actions.Post(text="Once.", key="k"), voice=voice)
    assert again == first and not new
    assert Comment.objects.count() == Contribution.objects.count() == 1


def test_the_same_key_of_somebody_else_is_another_comment() -> None:
    thread = talking.thread()
    assert talking.say(thread, key="k") != talking.say(thread, key="k")


def test_a_first_comment_sent_twice_makes_one_voice_one_receipt_and_one_comment() -> None:
    thread = talking.thread()
    token = actions.token_for(thread.engagement, None, "k")
    said = actions.Post(text="Hello.", key="k")
    first = actions.post(thread, said, about=talking.about(), token=token)
    second = actions.post(thread, said, about=talking.about(), token=token)
    third = actions.post(thread, said, voice=actions.voice_of(thread.engagement, user=None, token=token))
    assert first[1] and not second[1] and not third[1]
    assert first[0] == second[0] == third[0]
    assert (Voice.objects.count(), Receipt.objects.count(), Comment.objects.count()) == (1, 1, 1)


def test_an_account_has_one_voice_in_an_engagement_whatever_it_sends() -> None:
    thread, user = talking.thread(), talking.person_of("Ann")
    for key in ("a", "b"):
        token = actions.token_for(thread.engagement, user, key)
        said = actions.Post(text=f"Hello {key}.", key=key)
        actions.post(thread, said, about=talking.about(), token=token, user=user)
    assert (Voice.objects.count(), Receipt.objects.count(), Comment.objects.count()) == (1, 1, 2)


@pytest.mark.parametrize("text", ["", "   \n", "\x00", "x" * 3001])
def test_nothing_and_too_much_are_refused(text: str) -> None:
    thread = talking.thread()
    with pytest.raises(NotPossible):
        talking.say(thread, text)
    assert not Comment.objects.exists()


def test_a_closed_thread_takes_nothing() -> None:
    thread = talking.thread(closed_at=timezone.now())
    with pytest.raises(NotPossible):
        talking.say(thread)


def test_a_thread_closes_with_its_engagement() -> None:
    thread = talking.thread()
    voice = talking.voice(thread)
    late = thread.engagement.closes_at + timedelta(seconds=1)
    with pytest.raises(NotPossible):
        actions.post(thread, actions.Post(text="Late.", key="k"), voice=voice, now=late)


def test_a_paused_thread_says_how_long() -> None:
    thread = talking.thread(paused_until=timezone.now() + timedelta(minutes=2))
    with pytest.raises(Wait) as refused:
        talking.say(thread)
    assert 60 < refused.value.seconds <= 121


def test_slow_mode_holds_one_voice_and_no_other() -> None:
    thread = talking.thread(slow_mode_seconds=60)
    voice = talking.voice(thread)
    talking.say(thread, "One.", by=voice, key="one")
    with pytest.raises(Wait) as refused:
        talking.say(thread, "Two.", by=voice)
    assert 0 < refused.value.seconds <= 61
    talking.say(thread, "Another person.")
    _again, new = actions.post(thread, actions.Post(text="One.", key="one"), voice=voice)
    assert not new  # a retry is no second comment


def test_too_many_at_once_pause_the_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collaborative.threads.actions.posting.BREAK_AT", 3)
    thread = talking.thread()
    for number in range(4):
        talking.say(thread, f"Number {number} of a flood.")
    thread = Thread.objects.whole().get(pk=thread.pk)
    assert thread.is_paused_at(timezone.now())
    with pytest.raises(Wait):
        talking.say(thread)


def test_a_reply_goes_under_what_it_answers() -> None:
    thread, user = talking.thread(), talking.person_of("Ann")
    parent = talking.shown(thread)
    reply = talking.say(thread, "Yes.", user=user, parent=parent)
    assert (reply.parent, reply.seq) == (parent, 2)
    assert talking.again(parent).reply_count == 1
    with pytest.raises(NotPossible):  # one level
        talking.say(thread, "No.", by=reply.voice, parent=talking.again(reply))


@pytest.mark.parametrize("band", ["under-12", "12", "13-15", "16-17", "not-said"])
def test_only_staff_reply_to_somebody_under_18(band: str) -> None:
    thread = talking.thread(talking.for_all())
    young = talking.shown(thread, age_band=band)
    with pytest.raises(NotPossible):
        talking.say(thread, "You are wrong.", parent=young)


def test_nobody_replies_to_what_is_not_shown() -> None:
    thread = talking.thread()
    held = talking.say(thread)
    with pytest.raises(NotPossible):
        talking.say(thread, "What?", parent=talking.again(held))


def test_a_post_takes_at_most_eleven_statements_of_its_own() -> None:
    thread, user = talking.thread(), talking.person_of("Ann")
    voice = talking.voice(thread, user)
    parent = talking.shown(thread)
    with talking.Statements() as asked:
        talking.say(thread, "At once.", by=voice, parent=parent)
    assert len(asked.said) <= 11, "\n".join(asked.said)
    stranger = talking.voice(thread)
    with talking.Statements() as asked:
        talking.say(thread, "It waits.", by=stranger)
    assert len(asked.said) <= 5, "\n".join(asked.said)
