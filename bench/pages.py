"""What a page costs: for a stranger, out of the page cache, and made anew for somebody signed in."""

from collections.abc import Iterator

from bench import load
from bench.effort import Effort
from bench.figure import MOST, Figure, ratio_of
from bench.site import Server

PAGES = {
    "home": "/",
    "plan": "/model/",
    "consultation": "/consultations/starting-the-conversation-in-p7/",
    "decision": "/decisions/decision-4/",
}
GOAL_RATIO, GOAL_QUERIES, GOAL_MS = 0.5, 24, 150


def strangers(server: Server, effort: Effort) -> Iterator[Figure]:
    """Requests a second of each page against a bare view that returns as many bytes."""
    for name, path in PAGES.items():
        length = len(server.page(path))
        ways = {
            "a bare view": f"/bench/bytes/{length}/",
            "a bare view without middleware": f"/bare/bytes/{length}/",
        }
        if any(len(server.page(way)) != length for way in ways.values()):
            raise RuntimeError("The bare view does not return what it is asked for.")
        samples: dict[str, list[tuple[float, float]]] = {floor: [] for floor in ways}
        for _round in range(effort.rounds):
            for floor, bare_path in ways.items():
                bare = load.rate(server.host, server.port, bare_path, effort.seconds)
                real = load.rate(server.host, server.port, path, effort.seconds)
                samples[floor].append((real, bare))
        for floor, pairs in samples.items():
            value, real, bare = ratio_of(pairs)
            yield Figure(
                name=f"{name}, stranger, against {floor}",
                value=value,
                unit="×",
                goal=GOAL_RATIO,
                measured=real,
                floor=bare,
                per="requests/s",
                samples=len(pairs),
            )


def signed_in(server: Server, effort: Effort) -> Iterator[Figure]:
    """Queries and milliseconds of each page for an editor, whose pages are never kept."""
    session = _Session()
    cookie = {"Cookie": f"{session.name}={session.key}"}
    for name, path in PAGES.items():
        yield Figure(
            name=f"{name}, signed in, queries",
            value=_queries(path, session),
            unit="queries",
            goal=GOAL_QUERIES,
            side=MOST,
        )
        bare = f"/bench/bytes/{len(server.page(path, cookie))}/"
        pairs = [
            (server.seconds(path, cookie), server.seconds(bare, cookie)) for _view in range(effort.views)
        ]
        _ratio, real, floor = ratio_of(pairs)
        yield Figure(
            name=f"{name}, signed in, uncached",
            value=real * 1000,
            unit="ms",
            goal=GOAL_MS,
            side=MOST,
            measured=real * 1000,
            floor=floor * 1000,
            per="ms",
            samples=len(pairs),
        )


class _Session:
    """Of one of the demonstration's editors."""

    def __init__(self) -> None:
        from django.conf import settings
        from django.test import Client

        from collaborative.people.models import User
        from collaborative.people.roles import Role

        editor = User.objects.filter(groups__name=Role.EDITORS.value).order_by("pk")[0]
        self.client = Client(SERVER_NAME="127.0.0.1")
        self.client.force_login(editor, "django.contrib.auth.backends.ModelBackend")
        self.name = settings.SESSION_COOKIE_NAME
        self.key = self.client.cookies[self.name].value


def _queries(path: str, session: _Session) -> int:
    """Of the second view: the first also reads what a process reads once (content types, the site)."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    session.client.get(path)
    with CaptureQueriesContext(connection) as queries:
        response = session.client.get(path)
    if response.status_code != 200:
        raise RuntimeError(f"{path} answered {response.status_code}")
    return len(queries)
