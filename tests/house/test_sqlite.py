"""The shelf of connections to SQLite: kept when left in good order, with nothing of whoever had them last."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from collaborative.env import sqlite
from collaborative.sqlite import base

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]

DEFAULTS: dict[str, Any] = {
    "ATOMIC_REQUESTS": False,
    "AUTOCOMMIT": True,
    "CONN_MAX_AGE": 0,
    "CONN_HEALTH_CHECKS": False,
    "TIME_ZONE": None,
    "USER": "",
    "PASSWORD": "",
    "HOST": "",
    "PORT": "",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "site.sqlite3"


@pytest.fixture
def wrapper(path: Path) -> Iterator[base.DatabaseWrapper]:
    made = opened(path)
    with made.cursor() as cursor:
        cursor.execute("CREATE TABLE said (id INTEGER PRIMARY KEY, words TEXT UNIQUE)")
        cursor.executemany("INSERT INTO said (words) VALUES (%s)", [(f"word {n}",) for n in range(2000)])
    yield made
    made.close()
    base.shelves.clear()


def opened(path: Path) -> base.DatabaseWrapper:
    return base.DatabaseWrapper(DEFAULTS | sqlite(path), "another")


def link_of(wrapper: base.DatabaseWrapper) -> sqlite3.Connection:
    wrapper.ensure_connection()
    return wrapper.connection


def count(wrapper: base.DatabaseWrapper) -> int:
    with wrapper.cursor() as cursor:
        return int(cursor.execute("SELECT count(*) FROM said").fetchone()[0])


def test_the_next_request_takes_the_connection_of_the_last(wrapper: Any, path: Path) -> None:
    first = link_of(wrapper)
    wrapper.close()
    assert wrapper.connection is None
    other = opened(path)
    assert link_of(other) is first
    assert count(other) == 2000
    assert link_of(wrapper) is not first, "one connection is never in two hands"


def test_one_that_was_left_within_a_transaction_is_thrown_away(wrapper: Any, path: Path) -> None:
    first = link_of(wrapper)
    first.execute("BEGIN")
    first.execute("DELETE FROM said")
    wrapper.close()
    assert link_of(wrapper) is not first
    assert count(wrapper) == 2000, "and what it had begun did not happen"


def test_one_that_met_an_error_is_thrown_away(wrapper: Any) -> None:
    first = link_of(wrapper)
    with pytest.raises(OperationalError), wrapper.cursor() as cursor:
        cursor.execute("SELECT words FROM nowhere")
    wrapper.close()
    assert link_of(wrapper) is not first


def test_one_without_its_checks_is_thrown_away(wrapper: Any) -> None:
    first = link_of(wrapper)
    wrapper.disable_constraint_checking()
    wrapper.close()
    assert link_of(wrapper) is not first


def test_a_cursor_that_was_half_read_holds_no_old_view(wrapper: Any, path: Path) -> None:
    half = wrapper.cursor()
    half.execute("SELECT * FROM said").fetchone()
    first = link_of(wrapper)
    wrapper.close()
    writer = opened(path)
    taken = link_of(writer)
    assert taken is first
    other = opened(path)
    with other.cursor() as cursor:
        cursor.execute("INSERT INTO said (words) VALUES ('and one more')")
    assert count(writer) == 2001
    other.close()
    writer.close()


def test_a_file_in_the_place_of_another_is_opened_anew(wrapper: Any, path: Path, tmp_path: Path) -> None:
    first = link_of(wrapper)
    first.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    wrapper.close()
    copy = tmp_path / "copy.sqlite3"
    shutil.copy(path, copy)
    with sqlite3.connect(copy) as link:
        link.execute("DELETE FROM said")
    link.close()
    copy.replace(path)
    assert link_of(wrapper) is not first
    assert count(wrapper) == 0
    with pytest.raises(sqlite3.ProgrammingError):
        first.execute("SELECT 1")


def test_no_more_than_a_handful_lie_idle(wrapper: Any, path: Path) -> None:
    many = [opened(path) for _ in range(base.MOST + 3)]
    links = [link_of(one) for one in many]
    for one in many:
        one.close()
    kept = [link_of(opened(path)) for _ in range(base.MOST)]
    assert {id(link) for link in kept} <= {id(link) for link in links}
    assert len({id(link) for link in kept}) == base.MOST
    closed = [link for link in links if link not in kept]
    assert len(closed) == 3
    for link in closed:
        with pytest.raises(sqlite3.ProgrammingError):
            link.execute("SELECT 1")


def test_a_fork_takes_none(wrapper: Any, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = link_of(wrapper)
    wrapper.close()
    monkeypatch.setattr(base.os, "getpid", lambda: -1)
    assert link_of(wrapper) is not first


def test_what_was_committed_is_there_for_the_next(wrapper: Any, path: Path) -> None:
    with wrapper.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE")
        cursor.execute("INSERT INTO said (words) VALUES ('stays')")
        cursor.execute("COMMIT")
    wrapper.close()
    assert count(opened(path)) == 2001
