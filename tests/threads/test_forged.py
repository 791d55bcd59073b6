"""A press that comes from elsewhere does nothing; from a page that was open too long, it is explained."""

from typing import Any

import pytest
from django.test import Client

from collaborative.threads.models import Comment, Subscription, Support
from tests.threads import talking

pytestmark = pytest.mark.django_db
PRESSES = {
    "change": {"text": "Words of somebody else."},
    "take-back": {},
    "still-holds": {"holds": "yes"},
    "support": {"on": "yes"},
}


@pytest.fixture
def ann() -> Any:
    """Somebody signed in, whose browser sends no token."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(talking.person_of("Ann"))
    return client


def kept(comment: Comment) -> tuple[Any, ...]:
    row = Comment.objects.get(pk=comment.pk)
    return row.edited_at, row.taken_back_at, row.holds, row.shown, talking.words(row)


@pytest.mark.parametrize("press", PRESSES)
def test_nothing_changes_and_the_page_says_so(ann: Client, press: str) -> None:
    thread, user = talking.thread(), talking.person_of("Ann")
    mine = talking.say(thread, "My words.", user=user, about_words="A sentence that is gone.")
    other = talking.say(thread, "Somebody else's.", user=talking.person_of("Ben"))
    comment = other if press == "support" else mine
    before = kept(comment)
    answer = ann.post(f"/comments/{thread.pk}/{comment.pk}/{press}/", PRESSES[press])
    body = answer.content.decode()
    assert "this page was open too long" in body and "csrfmiddlewaretoken" in body
    assert kept(comment) == before and not Support.objects.exists()
    if press == "change":
        assert answer.status_code == 422 and PRESSES[press]["text"] in body


def test_nobody_is_subscribed_by_another_site(ann: Client) -> None:
    thread = talking.thread()
    talking.say(thread, user=talking.person_of("Ann"))
    body = ann.post(
        f"/comments/{thread.pk}/mail/", {"how": "at-once", "email": "x@example.org"}
    ).content.decode()
    assert "this page was open too long" in body and not Subscription.objects.exists()
