"""A workshop with a board that is open, another with a vote, and people in both; in the database of the
environment. `python -m bench.board_world make 60 60` prints their numbers and the people's cookies;
`… last 5` prints how far the stream of board 5 is.
"""

import json
import secrets
import sys
from datetime import timedelta
from typing import Any


def make(cards: int, people: int) -> dict[str, Any]:
    from collaborative.changemakers.boards.models import Card

    asked = {
        "poll": "dots",
        "options": [{"key": f"o{n}", "label": f"Way {n}"} for n in (1, 2, 3)],
        "budget": 3,
    }
    board, cookies = _room("a-busy-board", "board", {"columns": ["Red", "Amber", "Green"]}, people)
    poll, vote_cookies = _room("a-busy-vote", "poll", asked, people)
    _notes(board, cards)
    return {
        "slug": board.engagement.slug,
        "board": board.pk,
        "cards": list(Card.objects.filter(stage=board).values_list("pk", flat=True)),
        "cookies": cookies,
        "vote_slug": poll.engagement.slug,
        "poll": poll.pk,
        "vote_cookies": vote_cookies,
    }


def _room(slug: str, kind: str, settings: dict[str, Any], people: int) -> tuple[Any, list[str]]:
    """One part that is open, and adults with accounts in it: what they write stands at once."""
    from django.utils import timezone
    from wagtail.models import Page, Site

    from collaborative.changemakers.room.models import Stage
    from collaborative.engagements.models import Engagement, Moderation

    now = timezone.now()
    root = Site.objects.get(is_default_site=True).root_page
    page = root.add_child(instance=Page(title=slug, slug=slug))
    engagement = Engagement.objects.create(
        kind=Engagement.Kind.SESSION,
        slug=slug,
        title=slug,
        page=page,
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(hours=5),
        moderation=Moderation.STRANGERS,
    )
    stage = Stage.objects.create(
        engagement=engagement,
        key=slug,
        number=1,
        kind=kind,
        title=slug,
        minutes=60,
        settings=settings,
        state=Stage.State.OPEN,
        opened_at=now,
    )
    return stage, [_person(engagement, number) for number in range(1, people + 1)]


def _person(engagement: Any, number: int) -> str:
    """Somebody signed in and in the room. Returns both cookies."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from collaborative import codes
    from collaborative.changemakers.room.access import cookie_of
    from collaborative.changemakers.room.models import Participant
    from collaborative.people.models import User

    name = f"{engagement.slug}-{number}"
    user = User.objects.create_user(email=f"{name}@bench.example", password=None, first_name=name)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    token = secrets.token_urlsafe(24)
    Participant.objects.create(
        engagement=engagement,
        key_hash=codes.hashed_token(token),
        name=name,
        age_band="26-plus",
        permission="anonymous",
        joined_at=timezone.now(),
    )
    cookies = {settings.SESSION_COOKIE_NAME: session.session_key, cookie_of(engagement): token}
    return "; ".join(f"{key}={value}" for key, value in cookies.items())


def _notes(board: Any, cards: int) -> None:
    """Each note is one card, and nothing else makes cards: so a note has the number of its card."""
    from collaborative.changemakers.boards import actions
    from collaborative.changemakers.room.models import Participant
    from collaborative.people.models import User

    participant = Participant.objects.filter(engagement=board.engagement).order_by("pk")[0]
    user = User.objects.get(email=f"{participant.name}@bench.example")
    for number in range(cards):
        written = actions.Written(
            text=f"Thing {number} that stands there.", key=f"n{number}", column=number % 3
        )
        actions.add(board, written, participant=participant, user=user)


def last(number: int) -> dict[str, Any]:
    from collaborative.live.models import Stream

    seq = Stream.objects.filter(key=f"board.{number}").values_list("last_seq", flat=True).first()
    return {"last": seq or 0}


if __name__ == "__main__":
    import django

    django.setup()
    verb, *numbers = sys.argv[1:]
    print(json.dumps({"make": make, "last": last}[verb](*map(int, numbers))))
