"""Something is killed in the middle of posting: nothing acknowledged is lost, nothing stands twice."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections

from collaborative.people.models import User
from collaborative.threads.models import Thread
from tests.services.breakable import PostgreSQL, Redis, Wire, postgresql_binaries
from tests.services.fleet import fleet
from tests.services.people import Follower, Person
from tests.threads import talking

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]

SPREAD = "tests.services.spread"
DOWN = 1.5  # seconds
PATIENCE = 90  # seconds; other work shares this machine
CAUGHT_UP = 15  # seconds after the site answers again
NEEDS_POSTGRESQL = pytest.mark.skipif(
    not settings.REDIS_URL, reason="for PostgreSQL with Redis and two processes"
)
WORDING = "SELECT text FROM contributions_wording w WHERE w.contribution_id = c.contribution_id"
SHOWN = (
    f"SELECT c.id, c.seq, ({WORDING} ORDER BY number DESC LIMIT 1) FROM threads_comment c"
    " WHERE c.thread_id = %s AND c.shown ORDER BY c.seq"
)


@dataclass
class Room:
    """A thread where adults post at once, the people in it, and the addresses by which they come."""

    thread: Thread
    cookies: list[str]
    addresses: list[str]
    read: Callable[[], list[tuple[int, int, str]]]

    def people(self) -> list[Person]:
        return [
            Person(self.addresses[n % len(self.addresses)], self.thread.pk, cookie, f"203.0.113.{n + 1}")
            for n, cookie in enumerate(self.cookies)
        ]


def signed_in(how_many: int, client_for: Callable[[User], Any]) -> tuple[Thread, list[str]]:
    thread = talking.thread()
    cookies = []
    for number in range(how_many):
        user = talking.person_of(f"Person{number}")
        talking.voice(thread, user)
        cookies.append(client_for(user).cookies[settings.SESSION_COOKIE_NAME].value)
    return thread, cookies


def shown_now(thread: Thread) -> list[tuple[int, int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(SHOWN, [thread.pk])
        return [tuple(row) for row in cursor.fetchall()]


def processes() -> int:
    return 2 if settings.REDIS_URL else 1


def talk(room: Room, each: int, disturb: Callable[[], None], report: Callable[[str, object], None]) -> None:
    """Everybody posts `each` comments while `disturb` happens; then all that must hold is looked at."""
    people = room.people()
    followers = [Follower(one.address, room.thread.pk, one.cookie) for one in people]
    with running(followers):
        wait(lambda: all(one.connections for one in followers), "every page has its socket")
        failures: list[BaseException] = []
        posting = [
            threading.Thread(target=post_all, args=[person, number, each, failures], daemon=True)
            for number, person in enumerate(people)
        ]
        for one in posting:
            one.start()
        said = len(people) * each
        a_quarter = said // 4
        wait(lambda: failures or sum(len(one.acknowledged) for one in people) > a_quarter, "a quarter stands")
        assert not failures, failures[:3]
        disturb()
        mended = time.monotonic()
        for one in posting:
            one.join(PATIENCE)
        assert not failures, failures[:3]
        rows = room.read()
        wanted = [number for number, _seq, _text in rows]
        wait(lambda: all(sorted(one.shown) == sorted(wanted) for one in followers), "every page shows it all")
        caught_up = time.monotonic() - mended
        report("seconds until every page showed it all", round(caught_up, 1))
    assert caught_up <= CAUGHT_UP, "everybody has everything soon after the site answers again"
    look(rows, people, followers, said)


def look(
    rows: list[tuple[int, int, str]], people: list[Person], followers: list[Follower], said: int
) -> None:
    acknowledged = {text: number for one in people for text, number in one.acknowledged.items()}
    assert len(acknowledged) == said
    assert {text: number for number, _seq, text in rows} == acknowledged, "all that was acknowledged"
    assert len(rows) == said, "and nothing twice"
    assert [seq for _number, seq, _text in rows] == sorted({seq for _number, seq, _text in rows})
    for one in followers:
        assert one.seen == sorted(set(one.seen)), "in order, each change once"


def post_all(person: Person, number: int, each: int, failures: list[BaseException]) -> None:
    try:
        for count in range(each):
            text = f"Person {number} says thing {count}."
            person.post(text, until=time.monotonic() + PATIENCE)
    except BaseException as error:
        failures.append(error)


@contextmanager
def running(followers: list[Follower]) -> Iterator[None]:
    for one in followers:
        one.start()
    try:
        yield
    finally:
        for one in followers:
            one.stop()


def wait(holds: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.05)


@pytest.fixture
def database(django_db_setup: Any, transactional_db: None) -> Any:
    return django_db_setup


@pytest.mark.parametrize(("people", "each"), [(10, 8), (50, 4)])
def test_a_web_process_is_killed_and_comes_back(
    database: Any, client_for: Callable[[User], Any], people: int, each: int, record_property: Any
) -> None:
    thread, cookies = signed_in(people, client_for)
    with fleet(processes(), database.url, SPREAD) as webs:

        def disturb() -> None:
            for web in webs:
                web.kill()
            time.sleep(DOWN)
            for web in webs:
                web.start()

        room = Room(thread, cookies, [web.address for web in webs], lambda: shown_now(thread))
        talk(room, each, disturb, record_property)


def test_the_network_is_cut(database: Any, client_for: Callable[[User], Any], record_property: Any) -> None:
    thread, cookies = signed_in(50, client_for)
    with fleet(processes(), database.url, SPREAD) as webs, ExitStack() as stack:
        wires = [Wire(web.port) for web in webs]
        for wire in wires:
            stack.callback(wire.close)

        def disturb() -> None:
            for wire in wires:
                wire.cut()
            time.sleep(DOWN)
            for wire in wires:
                wire.mend()

        room = Room(thread, cookies, [wire.address for wire in wires], lambda: shown_now(thread))
        talk(room, 4, disturb, record_property)


@NEEDS_POSTGRESQL
@pytest.mark.skipif(shutil.which("redis-server") is None, reason="redis-server is not installed")
def test_redis_is_killed_and_comes_back_empty(
    database: Any, client_for: Callable[[User], Any], record_property: Any
) -> None:
    thread, cookies = signed_in(50, client_for)
    with (
        Redis().running() as redis,
        fleet(2, database.url, SPREAD, REDIS_URL=redis.url) as webs,
    ):

        def disturb() -> None:
            redis.kill()
            time.sleep(DOWN)
            redis.start()

        room = Room(thread, cookies, [web.address for web in webs], lambda: shown_now(thread))
        talk(room, 4, disturb, record_property)


@NEEDS_POSTGRESQL
@pytest.mark.skipif(postgresql_binaries() is None, reason="initdb and pg_ctl are not installed")
def test_postgresql_is_stopped_at_once_and_comes_back(
    database: Any, client_for: Callable[[User], Any], record_property: Any, tmp_path: Path
) -> None:
    import psycopg

    thread, cookies = signed_in(50, client_for)
    connections.close_all()
    with PostgreSQL(tmp_path).running() as own:
        own.copy_from(database.url)

        def read() -> list[tuple[int, int, str]]:
            with psycopg.connect(own.url) as link:
                return link.execute(SHOWN, [thread.pk]).fetchall()

        def disturb() -> None:
            own.stop()
            time.sleep(DOWN)
            own.start()

        with fleet(2, own.url, SPREAD) as webs:
            room = Room(thread, cookies, [web.address for web in webs], read)
            talk(room, 4, disturb, record_property)
