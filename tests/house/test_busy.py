"""The database is locked, full or away: a clear page that gives back what was typed, and sending works."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client

from collaborative.moderation.models import Report
from collaborative.threads.models import Comment
from tests.threads import talking

FORM = "/help/wrong/"
WORDS = "The times of the bus are wrong.\nIt leaves at ten <b>past</b>."
LONG = "àèìòù " * 490  # more bytes than a page of SQLite has room for
SENT = {"about": "site", "message": WORDS, "key": "one-attempt"}

pytestmark = pytest.mark.django_db(transaction=True)


class Hidden(HTMLParser):
    """The fields of a page's form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        if tag == "input" and found.get("type") == "hidden":
            self.fields[str(found["name"])] = found.get("value") or ""


@contextmanager
def locked() -> Iterator[None]:
    """Somebody else holds what a write needs, for longer than anybody waits."""
    other = connection.copy()
    sqlite = connection.vendor == "sqlite"
    impatient = "PRAGMA busy_timeout=100" if sqlite else "SET lock_timeout='100ms'"
    with other.cursor() as there, connection.cursor() as here:
        here.execute(impatient)
        there.execute("BEGIN IMMEDIATE" if sqlite else "BEGIN")
        if not sqlite:
            there.execute("LOCK TABLE moderation_report, threads_comment IN ACCESS EXCLUSIVE MODE")
        yield
        there.execute("ROLLBACK")
    other.close()
    connection.close()


@contextmanager
def full() -> Iterator[None]:
    """SQLite may not grow by another page, and the last one is written to its end."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE filled (bytes)")
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count={pages}")
        for size in (100_000, 4000, 400, 40, 4):
            with pytest.raises(OperationalError, match="full"):
                while True:
                    cursor.execute(f"INSERT INTO filled VALUES (zeroblob({size}))")
        yield
        cursor.execute("PRAGMA max_page_count=1073741823")
        cursor.execute("DROP TABLE filled")


def visitor() -> Client:
    return Client(raise_request_exception=False)


@dataclass
class Form:
    """What somebody types into, where it goes, and what is kept of it in the end."""

    client: Client
    address: str
    sent: dict[str, str]
    field: str
    kept: Callable[[], list[str]]


def of_a_report() -> Form:
    return Form(visitor(), FORM, SENT, "message", lambda: [row.message for row in Report.objects.all()])


def of_a_comment() -> Form:
    thread, user = talking.thread(), talking.person_of("Ann")
    talking.voice(thread, user)
    client = visitor()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    sent = {"text": WORDS, "key": "a-key-of-this-attempt", "then": "post"}
    address = f"/comments/{thread.pk}/add/"
    return Form(client, address, sent, "text", lambda: [talking.words(row) for row in Comment.objects.all()])


@pytest.fixture(params=[of_a_report, of_a_comment], ids=["report", "comment"])
def form(request: pytest.FixtureRequest) -> Form:
    return request.param()


def assert_given_back_and_sent_once(form: Form, answer: HttpResponse) -> None:
    page = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5" and answer["Cache-Control"] == "no-store"
    assert "nothing of it is lost" in page
    assert "It leaves at ten &lt;b&gt;past&lt;/b&gt;." in page
    fields = Hidden(page).fields
    assert fields[form.field] == WORDS
    for _click in range(2):
        assert form.client.post(form.address, fields).status_code == 302
    assert form.kept() == [WORDS]


def test_a_locked_database_gives_back_what_was_sent(form: Form) -> None:
    with locked():
        answer = form.client.post(form.address, form.sent)
    assert_given_back_and_sent_once(form, answer)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a full disk is made with SQLite's own limit")
def test_a_full_disk_gives_back_what_was_sent(form: Form) -> None:
    with full():
        answer = form.client.post(form.address, form.sent | {form.field: LONG})
    assert answer.status_code == 503
    assert Hidden(answer.content.decode()).fields[form.field] == LONG
    assert form.kept() == []
    assert form.client.post(form.address, form.sent).status_code == 302
    assert form.kept() == [WORDS]


SCRIPT = {"accept": "application/json"}


def assert_told(answer: HttpResponse) -> None:
    assert answer.status_code == 503
    [error] = json.loads(answer.content)["errors"]
    assert "still here" in error["message"]


def test_a_script_is_told_in_its_own_language(form: Form) -> None:
    with locked():
        assert_told(form.client.post(form.address, form.sent, headers=SCRIPT))
    assert form.kept() == []


@pytest.mark.parametrize("way", ["locked", "full"])
def test_a_script_keeps_what_was_typed_and_posts_it_once(way: str) -> None:
    if way == "full" and connection.vendor != "sqlite":
        pytest.skip("a full disk is made with SQLite's own limit")
    form = of_a_comment()
    with locked() if way == "locked" else full():
        assert_told(form.client.post(form.address, form.sent | {"text": LONG}, headers=SCRIPT))
    told = [form.client.post(form.address, form.sent, headers=SCRIPT).json() for _press in range(2)]
    assert told[0]["ok"] and told[0]["id"] == told[1]["id"]
    assert form.kept() == [WORDS]


def test_a_password_is_never_written_onto_a_page() -> None:
    client = visitor()
    with locked():
        answer = client.post(FORM, SENT | {"password": "horse staple"})
    assert answer.status_code == 503
    assert "staple" not in answer.content.decode()


def test_another_fault_stays_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(*arguments: object, **words: object) -> None:
        raise RuntimeError("not the database")

    monkeypatch.setattr("collaborative.moderation.actions.report", fall)
    answer = visitor().post(FORM, SENT)
    assert answer.status_code == 500
    assert "Something went wrong" in answer.content.decode()
