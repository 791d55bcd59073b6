"""Who may do what when: every persona, every state of a thread, every verb, over HTTP as a browser asks.

- a stranger who has never spoken here · S one who has, known by a cookie · O the author of the comment ·
A somebody with an account who has spoken · Y somebody of 13 to 15 who has spoken · E an editor who has not.
Whoever stands in a cell may; the effect is looked for in the database, not in the answer alone.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from collaborative import codes
from collaborative.contributions.models import State
from collaborative.moderation import actions as moderation
from collaborative.threads import actions
from collaborative.threads.models import Comment, Support, Thread
from collaborative.threads.permissions import user_may_follow
from collaborative.threads.visit import cookie_of
from tests.threads import talking
from tests.threads.test_writing import ABOUT

pytestmark = pytest.mark.django_db
ALL, NOBODY = "-SOAYE", ""

# verb: {state: who may}
TABLE: dict[str, dict[str, str]] = {
    "read": {"open": ALL, "closed": ALL, "paused": ALL, "coming": ALL, "taken down": NOBODY},
    "catch up": {"open": ALL, "closed": ALL, "paused": ALL, "coming": ALL, "taken down": NOBODY},
    "post": {"open": ALL, "closed": NOBODY, "paused": NOBODY, "coming": NOBODY, "taken down": NOBODY},
    "reply": {"open": ALL, "closed": NOBODY, "paused": NOBODY, "coming": NOBODY, "taken down": NOBODY},
    "reply to young": dict.fromkeys(["open", "closed", "paused", "coming", "taken down"], NOBODY),
    "change": {"open": "O", "closed": NOBODY, "paused": "O", "coming": NOBODY, "taken down": NOBODY},
    "take back": {"open": "O", "closed": "O", "paused": "O", "coming": "O", "taken down": NOBODY},
    "support": {"open": "SA", "closed": NOBODY, "paused": "SA", "coming": NOBODY, "taken down": NOBODY},
    "support where young people are": dict.fromkeys(
        ["open", "closed", "paused", "coming", "taken down"], NOBODY
    ),
    "say it holds": {"open": "O", "closed": "O", "paused": "O", "coming": "O", "taken down": NOBODY},
}


class World:
    """A thread with a comment of an adult and one of somebody under 18, and everybody in a browser."""

    def __init__(self, *, young: bool) -> None:
        self.thread = talking.thread(talking.for_all() if young else talking.adults_only())
        author = talking.voice(self.thread)
        self.comment = talking.shown(self.thread, "Ask us.", by=author)
        self.browsers = {"-": Client(), "S": self._with(), "O": Client(), "A": Client(), "E": Client()}
        self._enter(self.browsers["O"], author)
        account = talking.person_of("Ann")
        talking.voice(self.thread, account)
        for letter, user in (("A", account), ("E", talking.person_of("Edwina"))):
            self.browsers[letter].force_login(user, "django.contrib.auth.backends.ModelBackend")
        if young:
            self.young = talking.shown(self.thread, "I am young.", age_band="13-15")
            self.browsers["Y"] = self._with(age_band="13-15")

    def _with(self, **about: Any) -> Client:
        client = Client()
        self._enter(client, talking.voice(self.thread, **about))
        return client

    def _enter(self, client: Client, voice: Any) -> None:
        """Give the browser the cookie of that voice: its token is not stored, so it gets a new one."""
        token = f"token of {voice.pk}"
        type(voice).objects.filter(pk=voice.pk).update(token_hash=codes.hashed_token(token))
        client.cookies[cookie_of(self.thread.engagement)] = token

    def address(self, rest: str = "") -> str:
        return f"/comments/{self.thread.pk}/{rest}"


def put_into(state: str, thread: Thread) -> None:
    now = timezone.now()
    if state == "closed":
        Thread.objects.filter(pk=thread.pk).update(closed_at=now)
    elif state == "paused":
        Thread.objects.filter(pk=thread.pk).update(paused_until=now + timedelta(hours=1))
    elif state == "coming":
        thread.engagement.opens_at = now + timedelta(days=1)
        thread.engagement.save()
    elif state == "taken down":
        Page.objects.filter(pk=thread.page_id).update(live=False)


def _read(world: World, client: Client) -> bool:
    return "Ask us." in client.get(world.address()).content.decode()


def _catch_up(world: World, client: Client) -> bool:
    answer = client.get("/live/catch-up/", {"s": world.thread.stream, "after": 0})
    return answer.status_code == 200 and "Ask us." in answer.content.decode()


def _write(rest: str) -> Callable[[World, Client], bool]:
    def write(world: World, client: Client) -> bool:
        before = Comment.objects.count()
        where = rest.format(comment=world.comment.pk, young=getattr(getattr(world, "young", None), "pk", 0))
        client.post(world.address(where), {"text": "Hello.", "key": f"key of {id(client)} {where}", **ABOUT})
        return Comment.objects.count() > before

    return write


def _change(world: World, client: Client) -> bool:
    client.post(world.address(f"{world.comment.pk}/change/"), {"text": f"Other words {id(client)}."})
    return talking.words(world.comment) == f"Other words {id(client)}."


def _take_back(world: World, client: Client) -> bool:
    client.post(world.address(f"{world.comment.pk}/take-back/"))
    return talking.again(world.comment).contribution.state == State.WITHDRAWN


def _support(world: World, client: Client) -> bool:
    before = Support.objects.count()
    client.post(world.address(f"{world.comment.pk}/support/"), {"on": "yes"})
    return Support.objects.count() > before


def _holds(world: World, client: Client) -> bool:
    client.post(world.address(f"{world.comment.pk}/still-holds/"), {"holds": "no"})
    held = Comment.objects.filter(pk=world.comment.pk, holds="no").exists()
    Comment.objects.update(holds="")
    return held


VERBS: dict[str, tuple[bool, Callable[[World, Client], bool]]] = {
    "read": (True, _read),
    "catch up": (True, _catch_up),
    "post": (True, _write("add/")),
    "reply": (True, _write("{comment}/reply/")),
    "reply to young": (True, _write("{young}/reply/")),
    "change": (True, _change),
    "take back": (True, _take_back),
    "support": (False, _support),
    "support where young people are": (True, _support),
    "say it holds": (True, _holds),
}


@pytest.mark.parametrize(
    ("verb", "state"), [(verb, state) for verb, row in TABLE.items() for state in row], ids=lambda each: each
)
def test_who_may_do_what_when(verb: str, state: str) -> None:
    young, act = VERBS[verb]
    world = World(young=young)
    put_into(state, world.thread)
    wanted = TABLE[verb][state]
    # Whoever may not goes first: what the others do would stand in the way.
    order = sorted(world.browsers, key=lambda letter: letter in wanted)
    did = {letter for letter in order if act(world, world.browsers[letter])}
    assert did == set(wanted) & set(world.browsers)


@pytest.mark.parametrize("state", ["open", "closed", "paused", "coming", "taken down"])
def test_whoever_may_read_may_follow_by_one_query(state: str, django_assert_num_queries: Any) -> None:
    world = World(young=True)
    put_into(state, world.thread)
    for user in (None, talking.person_of("Ann"), talking.moderator()):
        with django_assert_num_queries(1):
            assert user_may_follow(user, world.thread.pk) is (state != "taken down")  # type: ignore[arg-type]


@pytest.mark.parametrize("state", [one for one in State.values if one != State.RELEASED])
def test_nobody_reaches_a_comment_that_is_not_shown(state: str) -> None:
    world = World(young=False)
    said, author = world.comment.contribution, world.comment.voice
    ways: dict[str, Callable[[], object]] = {
        State.HELD: lambda: actions.change(world.comment, "It waits.", voice=author),
        State.REFUSED: lambda: talking.refuse(world.comment),
        State.WITHDRAWN: lambda: _take_back(world, world.browsers["O"]),
        State.ESCALATED: lambda: moderation.escalate(said, by=talking.moderator()),
        State.HIDDEN: lambda: _hidden(world),
    }
    made = ways[state]()
    comment = made if isinstance(made, Comment) else world.comment
    assert talking.again(comment).contribution.state == state
    for client in (world.browsers["-"], world.browsers["A"], world.browsers["E"]):
        assert "Ask us." not in client.get(world.address(), {"at": comment.pk}, follow=True).content.decode()
        for rest in ("", "reply/", "support/"):
            answer = client.get(world.address(f"{comment.pk}/{rest}"), follow=True)
            assert answer.status_code == 200
            assert "Ask us." not in answer.content.decode() and "It waits." not in answer.content.decode()
        assert not _support(world, client)


def _hidden(world: World) -> Comment:
    reply = talking.shown(world.thread, "It waits.", parent=world.comment)
    talking.refuse(world.comment)
    return reply
