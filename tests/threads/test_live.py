"""What sockets are told of a thread: as it is now, the same for everyone, nothing that may not be read."""

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page

from collaborative.live.models import Event
from collaborative.moderation import actions as moderation
from collaborative.threads import actions
from collaborative.threads.live import Threads
from collaborative.threads.models import Thread
from tests.threads import talking

pytestmark = pytest.mark.django_db


def told(thread: Thread, after: int = 0) -> list[Any]:
    events = Event.objects.filter(stream__key=thread.stream, seq__gt=after).order_by("seq")
    return Threads().render(thread.pk, list(events.select_related("stream")))


def test_a_comment_comes_with_its_place_and_the_count() -> None:
    thread = talking.thread()
    comment = talking.shown(thread, "Hello.")
    last = told(thread)[-1]
    assert (last.kind, last.id, last.data["parent"], last.data["seq"]) == ("shown", comment.pk, None, 1)
    assert "Hello." in last.html and last.html.strip().startswith("<li") and last.data["count"] == "1 comment"


def test_what_is_sent_is_the_same_for_everyone() -> None:
    thread, user = talking.thread(), talking.person_of("Ann")
    talking.shown(thread, "Hello.", user=user)
    html = told(thread)[-1].html
    assert "Change it" not in html and "csrf" not in html


def test_several_events_of_one_comment_are_one_change_as_it_is_now() -> None:
    thread, user = talking.thread(), talking.person_of("Ann")
    comment = talking.shown(thread, "Before.", user=user)
    actions.change(talking.again(comment), "After.", voice=comment.voice, user=user)
    changes = [change for change in told(thread) if change.kind != "thread"]
    assert [(change.kind, change.id) for change in changes] == [("shown", comment.pk)]
    assert "After." in changes[0].html and "Before." not in changes[0].html


def test_what_has_gone_is_told_as_gone_and_nothing_else() -> None:
    thread = talking.thread()
    comment = talking.shown(thread, "Hello.")
    reply = talking.shown(thread, "A reply.", parent=comment)
    talking.refuse(comment)
    changes = {change.id: change for change in told(thread) if change.kind != "thread"}
    assert (changes[comment.pk].kind, changes[comment.pk].html) == ("gone", None)
    assert changes[reply.pk].html is None


def test_what_comes_back_comes_with_its_replies() -> None:
    thread = talking.thread()
    comment = talking.shown(thread, "Hello.")
    talking.shown(thread, "A reply.", parent=comment)
    actions.answer(thread, "Thanks.", by=talking.person_of("Edwina"), key="k", under=talking.again(comment))
    talking.refuse(comment)
    before = Event.objects.order_by("-seq")[0].seq
    talking.release(comment)
    last = told(thread, before)[-1]
    assert last.kind == "shown" and "A reply." in last.html and "Thanks." in last.html
    assert last.data["count"] == "2 comments, 1 answered by the partnership"


def test_words_removed_are_in_nothing_that_is_told() -> None:
    thread = talking.thread()
    comment = talking.shown(thread, "Ask Morag Weir.")
    said = talking.again(comment).contribution
    moderation.release_redacted(said, "Ask [removed].", "A name.", by=talking.moderator())
    assert all("Morag" not in (change.html or "") for change in told(thread))


def test_the_state_of_the_thread_is_told_in_words() -> None:
    thread = talking.thread()
    actions.close(thread, by=talking.moderator())
    last = told(thread)[-1]
    assert (last.kind, last.html, last.data["condition"]) == ("thread", None, "closed")
    assert "Closed on" in last.data["words"]


def test_support_pins_and_official_words_are_told() -> None:
    thread = talking.thread()
    comment = talking.shown(thread, "Hello.")
    actions.support(comment, voice=talking.voice(thread))
    actions.pin(comment, by=talking.moderator())
    reply = actions.answer(thread, "Thanks.", by=talking.person_of("Edwina"), key="k", under=comment)
    after = Event.objects.get(kind="supported").seq - 1
    by_id = {change.id: change for change in told(thread, after)}
    assert by_id[comment.pk].kind == "pinned" and "1 supports this" in by_id[comment.pk].html
    assert "Pinned" in by_id[comment.pk].html
    assert f'<li id="c{comment.pk}"' in by_id[comment.pk].html and "data-pinned=" in by_id[comment.pk].html
    assert by_id[reply.pk].data == {
        "count": "1 comment, 1 answered by the partnership",
        "parent": comment.pk,
        "seq": 2,
        "official": True,
    }


def test_a_pin_that_was_missed_is_told_although_the_words_changed_since() -> None:
    thread, user = talking.thread(), talking.person_of("Ann")
    comment = talking.shown(thread, "Before.", user=user)
    after = Event.objects.order_by("-seq")[0].seq
    actions.pin(comment, by=talking.moderator())
    actions.change(talking.again(comment), "After.", voice=comment.voice, user=user)
    change = told(thread, after)[-1]
    assert change.kind == "pinned" and "data-pinned=" in change.html and "After." in change.html


def test_nothing_of_a_thread_that_nobody_may_read_any_more() -> None:
    thread = talking.thread()
    talking.shown(thread, "Hello.")
    Page.objects.filter(pk=thread.page_id).update(live=False)
    assert all(change.html is None and change.data == {} for change in told(thread))
    answer = Client().get("/live/catch-up/", {"s": thread.stream, "after": 0})
    assert answer.status_code in (403, 404) and "Hello." not in answer.content.decode()


def test_a_comment_that_was_just_said_is_rendered_by_one_query(django_assert_num_queries: Any) -> None:
    thread = talking.thread()
    talking.shown(thread, "Hello.", user=talking.person_of("Ann"))
    event = list(Event.objects.filter(kind="shown").select_related("stream"))
    with django_assert_num_queries(1):
        Threads().render(thread.pk, event)
