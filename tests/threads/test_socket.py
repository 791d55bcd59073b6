"""The socket of a thread, over the real application: whoever may read it may follow it, and nobody else."""

from collections.abc import Callable

import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from collaborative.live import catchup
from collaborative.people.models import User
from collaborative.threads.models import Thread
from tests.live.sockets import Socket
from tests.threads import talking

pytestmark = pytest.mark.django_db(transaction=True)
STATES = ["readable", "unpublished", "behind a password"]


def world(state: str, client_for: Callable[[User], Client]) -> tuple[Thread, dict[str, str]]:
    """A thread with a comment in it, and the cookie by which each persona comes."""
    thread = talking.thread()
    talking.shown(thread, "Ask us.")
    if state == "unpublished":
        Page.objects.filter(pk=thread.page_id).update(live=False)
    elif state == "behind a password":
        how = PageViewRestriction.PASSWORD
        PageViewRestriction.objects.create(page=thread.page, restriction_type=how, password="secret")
    name = settings.SESSION_COOKIE_NAME
    users = {"an account": talking.person_of("Ann"), "a moderator": talking.moderator()}
    cookies = {who: f"{name}={client_for(user).cookies[name].value}" for who, user in users.items()}
    return thread, {"a stranger": "", **cookies}


@pytest.mark.parametrize("state", STATES)
async def test_a_socket_is_for_whoever_may_read(state: str, client_for: Callable[[User], Client]) -> None:
    catchup.shelf.clear()
    thread, personas = await database_sync_to_async(world)(state, client_for)
    for who, cookie in personas.items():
        socket = Socket(f"s={thread.stream}:0", cookie=cookie)
        assert await socket.opened(), who
        if state == "readable":
            frame = await socket.frame("stream")
            assert "Ask us." in frame["changes"][-1]["html"], who
            await socket.bye()
        else:
            assert await socket.next() == {"close": 4403}, who
