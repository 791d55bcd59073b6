"""Threads in which signed-in adults post at once, and people who are signed in; in the database of the
environment. `python -m bench.live_world make 100 40` prints the numbers of the threads and the cookies;
`… say 5 3` says three more things in thread 5 and prints how far its stream is.
"""

import json
import sys
import uuid
from datetime import timedelta
from typing import Any


def make(threads: int, people: int) -> dict[str, Any]:
    from django.conf import settings
    from django.utils import timezone
    from wagtail.models import Page, Site

    from collaborative.engagements.models import Engagement, Moderation
    from collaborative.people.models import StakeholderGroup, User
    from collaborative.people.roles import Role, give_role
    from collaborative.threads import actions

    now = timezone.now()
    root = Site.objects.get(is_default_site=True).root_page
    page = root.add_child(instance=Page(title="A busy place", slug="a-busy-place"))
    engagement = Engagement.objects.create(
        kind=Engagement.Kind.CONSULTATION,
        slug=page.slug,
        title=page.title,
        page=page,
        opens_at=now - timedelta(days=7),
        closes_at=now + timedelta(days=70),
        moderation=Moderation.STRANGERS,
    )
    editor = User.objects.create_user(email="editor@bench.example", password=None, first_name="Editor")
    give_role(editor, Role.EDITORS)
    editor = User.objects.get(pk=editor.pk)
    opened = []
    for number in range(1, threads + 1):
        below = page.add_child(instance=Page(title=f"Question {number}", slug=f"question-{number}"))
        opened.append(actions.open_thread(engagement, below, title=below.title, by=editor).pk)
    group = StakeholderGroup.objects.create(slug="bench", name="Bench")
    cookies = [_person(engagement, group, number) for number in range(1, people + 1)]
    return {"threads": opened, "cookies": cookies, "cookie": settings.SESSION_COOKIE_NAME}


def _person(engagement: Any, group: Any, number: int) -> str:
    """Somebody signed in who has answered what is asked before a first comment. Returns the cookie."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from collaborative.contributions.actions import About
    from collaborative.people.models import User
    from collaborative.threads import actions
    from collaborative.threads.actions import voices

    user = User.objects.create_user(email=f"p{number}@bench.example", password=None, first_name=f"P{number}")
    about = About(
        age_band="26-plus",
        respondent_kind="individual",
        permission="anonymous",
        recontact=False,
        group=group,
    )
    token = actions.token_for(engagement, user, uuid.uuid4().hex)
    voices.begin(engagement, about, user=user, token=token, now=timezone.now())
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def say(number: int, times: int) -> dict[str, Any]:
    """As another process does while the web process is down."""
    from collaborative.live.models import Stream
    from collaborative.threads import actions
    from collaborative.threads.models import Thread, Voice

    thread = Thread.objects.whole().get(pk=number)
    voices = Voice.objects.select_related("receipt__group", "user").order_by("pk")[:times]
    for count, voice in enumerate(voices):
        said = actions.Post(text=f"Thing {count}, said meanwhile.", key=uuid.uuid4().hex)
        actions.post(thread, said, voice=voice, user=voice.user)
    return {"last": Stream.objects.get(key=thread.stream).last_seq}


def last(number: int) -> dict[str, Any]:
    from collaborative.live.models import Stream

    return {
        "last": Stream.objects.filter(key=f"thread.{number}").values_list("last_seq", flat=True).first() or 0
    }


if __name__ == "__main__":
    import django

    django.setup()
    verb, *numbers = sys.argv[1:]
    print(json.dumps({"make": make, "say": say, "last": last}[verb](*map(int, numbers))))
