"""Sending once more what arrived without an answer: it is told so, whatever became of the thread."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from collaborative import limits
from collaborative.engagements import ages
from collaborative.limits import Bucket, Limit
from collaborative.threads import actions
from collaborative.threads.models import Comment, Thread
from tests.threads import talking
from tests.threads.test_writing import ABOUT, WORDS

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}
KEY = "a-key-of-this-attempt"
Happens = Callable[[Thread, Comment, pytest.MonkeyPatch], object]


def spent(_thread: Thread, _parent: Comment, patch: pytest.MonkeyPatch) -> None:
    none = Bucket(0, 1)
    patch.setitem(limits.LIMITS, "post", Limit(each=none, network=none, school=none))


def paused(thread: Thread, _parent: Comment, _patch: pytest.MonkeyPatch) -> None:
    Thread.objects.filter(pk=thread.pk).update(paused_until=timezone.now() + timedelta(minutes=3))


HAPPENED: dict[str, Happens] = {
    "closed": lambda thread, parent, patch: actions.close(thread, by=talking.moderator()),
    "paused": paused,
    "what it answers gone": lambda thread, parent, patch: talking.refuse(parent),
    "too many at once": spent,
    "no young people for now": lambda thread, parent, patch: patch.setattr(
        ages, "stop", lambda *_args, **_words: "paused"
    ),
}


def send(client: Client, address: str, **how: Any) -> Any:
    """The whole form, as somebody sends it who speaks for the first time; others are not asked so much."""
    return client.post(address, {"text": WORDS, "key": KEY, "then": "post", **ABOUT}, **how)


@pytest.mark.parametrize("happened", HAPPENED)
@pytest.mark.parametrize("known", [True, False], ids=["known", "first"])
def test_a_retry_is_told_that_it_arrived(happened: str, known: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    thread = talking.thread()
    parent = talking.shown(thread, "What about the boats?")
    first, again = Client(), Client()
    if known:
        voiced = talking.person_of("Ann")
        talking.voice(thread, voiced)
        for client in (first, again):
            client.force_login(voiced, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/comments/{thread.pk}/{parent.pk}/reply/"
    assert send(first, address).status_code == 302
    (comment,) = Comment.objects.filter(parent=parent)
    HAPPENED[happened](thread, parent, monkeypatch)
    plain = send(again, address)
    assert plain.status_code == 302 and plain["Location"].startswith(f"/comments/{thread.pk}/")
    assert known or plain["Location"].endswith("/added/")
    assert again.cookies["posted"].value == KEY  # the draft in the browser may go
    if not known:
        again = Client()
    told = send(again, address, headers=JSON)
    assert (told.status_code, told.json()["id"]) == (200, comment.pk)
    assert Comment.objects.filter(parent=parent).count() == 1


@pytest.mark.parametrize("happened", ["closed", "paused", "what it answers gone"])
def test_another_attempt_is_still_refused(happened: str, monkeypatch: pytest.MonkeyPatch) -> None:
    thread = talking.thread()
    parent = talking.shown(thread, "What about the boats?")
    address = f"/comments/{thread.pk}/{parent.pk}/reply/"
    assert send(Client(), address).status_code == 302
    HAPPENED[happened](thread, parent, monkeypatch)
    other = {"text": WORDS, "key": "b-key-of-that-attempt", "then": "post", **ABOUT}
    for how in ({}, {"headers": JSON}):
        assert Client().post(address, other, **how).status_code == 409  # type: ignore[arg-type]
    assert Comment.objects.filter(parent=parent).count() == 1


def test_a_retry_from_elsewhere_is_told_nothing() -> None:
    thread = talking.thread()
    assert send(Client(), f"/comments/{thread.pk}/add/").status_code == 302
    actions.close(thread, by=talking.moderator())
    answer = send(Client(enforce_csrf_checks=True), f"/comments/{thread.pk}/add/")
    assert answer.status_code == 403 and "posted" not in answer.cookies


def test_what_arrived_while_it_closed_is_found_by_the_verb_too() -> None:
    thread = talking.thread()
    voice = talking.voice(thread)
    comment = talking.say(thread, "Once.", by=voice, key="k")
    actions.close(thread, by=talking.moderator())
    said = actions.Post(text="Once.", key="k")
    assert actions.post(talking.thread(), said, voice=voice) == (comment, False)
