"""The database is locked, full or away: a clear page that gives back what was typed, and sending works."""

from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client

from collaborative.moderation.models import Report

FORM = "/help/wrong/"
WORDS = "The times of the bus are wrong.\nIt leaves at ten <b>past</b>."
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
            there.execute("LOCK TABLE moderation_report IN ACCESS EXCLUSIVE MODE")
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


def assert_given_back_and_sent_once(client: Client, answer: HttpResponse) -> None:
    page = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5" and answer["Cache-Control"] == "no-store"
    assert "nothing of it is lost" in page
    assert "It leaves at ten &lt;b&gt;past&lt;/b&gt;." in page
    fields = Hidden(page).fields
    assert fields["message"] == WORDS
    for _click in range(2):
        assert client.post(FORM, fields).status_code == 302
    assert Report.objects.get().message == WORDS


def test_a_locked_database_gives_back_what_was_sent() -> None:
    client = visitor()
    with locked():
        answer = client.post(FORM, SENT)
    assert_given_back_and_sent_once(client, answer)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a full disk is made with SQLite's own limit")
def test_a_full_disk_gives_back_what_was_sent() -> None:
    client = visitor()
    with full():
        answer = client.post(FORM, SENT | {"message": (WORDS + " ") * 77})
    assert answer.status_code == 503
    assert Hidden(answer.content.decode()).fields["message"] == (WORDS + " ") * 77
    assert client.post(FORM, SENT).status_code == 302


def test_a_script_is_told_in_its_own_language() -> None:
    with locked():
        answer = visitor().post(FORM, SENT, headers={"accept": "application/json"})
    assert answer.status_code == 503
    [error] = answer.json()["errors"]
    assert "still here" in error["message"]


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
