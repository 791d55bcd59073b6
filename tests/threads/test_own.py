"""Changing and taking back what one said, supporting what others said, saying whether it still holds."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import State, Wording
from collaborative.threads import actions
from collaborative.threads.models import Comment
from tests.threads import talking

pytestmark = pytest.mark.django_db


def test_an_edit_keeps_the_earlier_words_and_says_so() -> None:
    thread, user = talking.thread(), talking.person_of("Ann")
    comment = talking.say(thread, "Before.", user=user)
    actions.change(comment, "After.", voice=comment.voice, user=user)
    comment = talking.again(comment)
    assert comment.edited_at and comment.shown  # adults post at once here, and edit at once
    rows = Wording.objects.filter(contribution=comment.contribution).order_by("number")
    assert [(row.kind, row.text) for row in rows] == [("given", "Before."), ("edited", "After.")]


def test_an_edit_where_comments_are_checked_waits_again() -> None:
    thread = talking.thread(talking.for_all())
    comment = talking.shown(thread, "Before.")
    actions.change(comment, "After.", voice=comment.voice)
    comment = talking.again(comment)
    assert (comment.shown, comment.contribution.state) == (False, State.HELD)
    talking.release(comment)
    assert talking.words(comment) == "After."


def test_the_same_words_are_no_edit() -> None:
    thread = talking.thread()
    comment = talking.shown(thread, "Same.")
    actions.change(comment, " Same. ", voice=comment.voice)
    assert talking.again(comment).edited_at is None and talking.again(comment).shown


def test_after_half_an_hour_it_stands() -> None:
    thread = talking.thread()
    comment = talking.say(thread)
    with pytest.raises(NotPossible):
        actions.change(
            comment, "Later.", voice=comment.voice, now=timezone.now() + timedelta(minutes=30, seconds=1)
        )


def test_nobody_changes_or_takes_back_what_is_not_theirs() -> None:
    thread = talking.thread()
    comment, other = talking.shown(thread), talking.voice(thread)
    with pytest.raises(NotPossible):
        actions.change(comment, "Mine now.", voice=other)
    with pytest.raises(PermissionDenied):
        actions.take_back(comment, voice=other)
    with pytest.raises(PermissionDenied):
        actions.say_it_holds(comment, "yes", "The sentence.", voice=other)


def test_what_was_refused_or_had_words_removed_is_not_reworded() -> None:
    thread = talking.thread()
    comment = talking.say(thread)
    talking.refuse(comment)
    with pytest.raises(NotPossible):
        actions.change(comment, "Again.", voice=comment.voice)


def test_taking_back_twice_is_once() -> None:
    thread = talking.thread()
    comment = talking.shown(thread)
    for _turn in range(2):
        actions.take_back(talking.again(comment), voice=comment.voice)
    assert talking.again(comment).contribution.state == State.WITHDRAWN
    assert talking.counts(thread) == (0, 0)


def test_support_counts_each_voice_once_and_not_its_author() -> None:
    thread = talking.thread()
    comment, other = talking.shown(thread), talking.voice(thread)
    assert actions.support(comment, voice=other) == 1
    assert actions.support(comment, voice=other) == 1
    assert actions.support(comment, voice=other, on=False) == 0
    assert actions.support(comment, voice=other, on=False) == 0
    with pytest.raises(NotPossible):
        actions.support(comment, voice=comment.voice)


def test_there_is_no_support_where_young_people_are_invited() -> None:
    thread = talking.thread(talking.for_all())
    comment = talking.shown(thread)
    with pytest.raises(NotPossible):
        actions.support(comment, voice=talking.voice(thread))


def test_its_author_says_whether_it_still_holds() -> None:
    thread = talking.thread()
    comment = talking.shown(thread, about_words="The old sentence.")
    actions.say_it_holds(comment, "yes", "The new sentence.", voice=comment.voice)
    row = Comment.objects.get(pk=comment.pk)
    assert (row.holds, row.holds_of) == ("yes", "The new sentence.")
    with pytest.raises(NotPossible):
        actions.say_it_holds(comment, "perhaps", "The new sentence.", voice=comment.voice)


def test_nobody_releases_words_that_were_changed_after_they_were_read() -> None:
    from collaborative.moderation import actions as moderation

    thread = talking.thread(talking.for_all())
    comment = talking.say(thread, "Before.")
    looked = timezone.now().timestamp()
    actions.change(comment, "After, unread.", voice=comment.voice)
    said = talking.again(comment).contribution
    with pytest.raises(NotPossible, match="changed it since"):
        moderation.decide(said, rule=None, by=talking.moderator(), seen=f"held@{looked}")
    found = moderation.decide_together(
        [said.reference], rule=None, by=talking.moderator(), looked=str(looked)
    )
    assert found.left == [said] and not talking.again(comment).shown
    now = timezone.now().timestamp()
    moderation.decide(said, rule=None, by=talking.moderator(), seen=f"held@{now}")
    assert talking.again(comment).shown


def test_the_queue_says_when_it_was_made(client_for: Any) -> None:
    thread = talking.thread(talking.for_all())
    comment = talking.say(thread, "Before.")
    client, said = client_for(talking.moderator()), comment.contribution
    body = client.get(f"/admin/waiting/{said.reference}/").content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', body)
    assert seen and seen[1].startswith("held@")
    actions.change(comment, "After, unread.", voice=comment.voice)
    client.post(f"/admin/waiting/{said.reference}/", {"do": "release", "verb": "release", "seen": seen[1]})
    assert talking.again(comment).contribution.state == State.HELD
    listed = client.get("/admin/waiting/").content.decode()
    assert re.search(r'name="looked" value="\d+\.\d{6}"', listed)
