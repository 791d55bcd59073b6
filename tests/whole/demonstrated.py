"""The demonstration set, laid once into a template of its own and copied from there.

Laying it goes through the same actions as people use and takes its time, so the copy is kept under a name
that changes with everything that shapes it: the code that lays it, its texts, the tables, and the hour, for
its workshop of today is over an hour and a half after the hour in which it was laid.
"""

import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

import psycopg
from django.db import connections
from django.utils import timezone

from tests.database import (
    KEPT,
    PREFIX,
    ROOT,
    PostgreSQLCopies,
    SQLiteCopies,
    fingerprint,
    forget_caches,
    one_at_a_time,
)

PASSWORD = "the password of every demonstration login"
MADE_KEPT = 3
# What only shows things has no part in laying them.
ONLY_SHOWS = frozenset({"urls.py", "views.py", "wagtail_hooks.py", "feeds.py", "sitemaps.py", "search.py"})

Keeper = SQLiteCopies | PostgreSQLCopies


def mark() -> str:
    """16 digits that change with anything that may change what is laid."""
    digest = hashlib.sha256(f"{fingerprint()} {timezone.localtime():%Y-%m-%d %H}".encode())
    files = [
        file
        for room in (ROOT / "home", ROOT / "collaborative")
        for kind in ("**/*.py", "**/*.toml")
        for file in room.glob(kind)
        if file.name not in ONLY_SHOWS and "views" not in file.parts
    ]
    for file in sorted(files):
        digest.update(str(file.relative_to(ROOT)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def load(url: str) -> None:
    """Lay the set in an empty, migrated database, by the command that people use."""
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DEMO_PASSWORD": PASSWORD,
    }
    command = [sys.executable, "manage.py", "load_demo"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"The demonstration set could not be laid:\n{done.stdout}{done.stderr}")


def _sqlite(keeper: SQLiteCopies) -> object:
    made = KEPT / f"demo-{mark()}.sqlite3"
    if not made.exists():
        draft = made.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        with closing(sqlite3.connect(keeper.template)) as bare, closing(sqlite3.connect(draft)) as copy:
            bare.backup(copy)
        load(f"sqlite:///{draft.relative_to(ROOT)}")
        with closing(sqlite3.connect(draft)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.execute("PRAGMA journal_mode=DELETE")
        draft.rename(made)
        for old in sorted(KEPT.glob("demo-*.sqlite3"), key=lambda path: path.stat().st_mtime)[:-MADE_KEPT]:
            old.unlink()
    return made


def _postgresql(keeper: PostgreSQLCopies) -> object:
    made, draft = f"{PREFIX}_demo_{mark()}", f"{PREFIX}_demodraft_{os.getpid()}"
    if made not in keeper._named("demo"):
        keeper._drop(draft)
        keeper._execute("CREATE DATABASE {} TEMPLATE {}", draft, keeper.template)
        load(keeper._url(draft))
        keeper._execute("ALTER DATABASE {} RENAME TO {}", draft, made)
        for old in keeper._named("demo")[:-MADE_KEPT]:
            with suppress(psycopg.Error):
                keeper._drop(old)
    return made


@contextmanager
def demonstrated(keeper: Keeper) -> Iterator[Keeper]:
    """Inside, this process's test database is a demonstration site, also for tests that commit."""
    bare = keeper.template
    with one_at_a_time(f"demo-{'sqlite' if isinstance(keeper, SQLiteCopies) else 'postgresql'}"):
        made = _sqlite(keeper) if isinstance(keeper, SQLiteCopies) else _postgresql(keeper)
    keeper.template = made  # type: ignore[assignment]
    try:
        afresh(keeper)
        yield keeper
    finally:
        keeper.template = bare
        afresh(keeper)


def afresh(keeper: Keeper) -> None:
    """This process's test database, as its template is."""
    connections.close_all()
    keeper.restore()
    forget_caches()


def lay() -> None:
    """Both templates of the engine in use, so that no test waits: `python -m tests.whole.demonstrated`."""
    import django

    django.setup()
    from tests.database import copies

    keeper = copies()
    keeper.make()
    with demonstrated(keeper):
        pass
    keeper.remove()


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    lay()
