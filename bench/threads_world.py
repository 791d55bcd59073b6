"""Two threads, one with few comments and one with many, and somebody signed in; in the database of the
environment. `python -m bench.threads_world 50 100000` prints their numbers, the cookie, and how many
questions each page asks of the database.
"""

import json
import secrets
import sys
from typing import Any

from bench import live_world

AT_ONCE = 2_000
WORDS = "A bus that leaves before the office opens is no help to anybody, and nobody has asked us."


def make(few: int, many: int) -> dict[str, Any]:
    made = live_world.make(2, 1)
    for number, comments in zip(made["threads"], (few, many), strict=True):
        _fill(number, comments)
    (cookie,) = made["cookies"]
    ways = {"stranger": {}, "signed in": {made["cookie"]: cookie}}
    asked = {way: [_queries(number, cookies) for number in made["threads"]] for way, cookies in ways.items()}
    return {"threads": made["threads"], "cookie": f"{made['cookie']}={cookie}", "queries": asked}


def _fill(number: int, comments: int) -> None:
    """Comments that stand, as if each had been posted and let stand. Past the actions, to be done today."""
    from django.utils import timezone

    from collaborative.contributions.actions import Given, contribution_rows, wording_row
    from collaborative.contributions.models import Contribution, State, Wording
    from collaborative.threads.models import Comment, Thread, Voice

    now, voice, thread = (
        timezone.now(),
        Voice.objects.select_related("receipt").get(),
        Thread.objects.get(pk=number),
    )
    for start in range(0, comments, AT_ONCE):
        here = range(start + 1, min(start + AT_ONCE, comments) + 1)
        given = [
            Given(prompt_key=thread.prompt_key, prompt=thread.title, text=f"{WORDS} ({seq})", kind="comment")
            for seq in here
        ]
        rows, texts = contribution_rows(voice.receipt, given, voice.user, now, State.RELEASED)
        Contribution.objects.bulk_create(rows)
        Wording.objects.bulk_create(
            wording_row(row, 1, Wording.Kind.GIVEN, text, voice.user, "", now)
            for row, text in zip(rows, texts, strict=True)
        )
        Comment.objects.bulk_create(
            Comment(
                thread=thread,
                contribution=row,
                voice=voice,
                seq=seq,
                shown=True,
                key=secrets.token_hex(32),
                created_at=now,
            )
            for row, seq in zip(rows, here, strict=True)
        )
    Thread.objects.filter(pk=number).update(last_seq=comments, released_count=comments)


def _queries(number: int, cookies: dict[str, str]) -> int:
    """Of the second view: the first also reads what a process reads once."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="127.0.0.1", headers={"Authorization": "Bench"})
    client.cookies.load(cookies)
    for _view in range(2):
        with CaptureQueriesContext(connection) as asked:
            response = client.get(f"/comments/{number}/")
    if response.status_code != 200:
        raise RuntimeError(f"/comments/{number}/ answered {response.status_code}")
    return len(asked)


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(make(*map(int, sys.argv[1:]))))
