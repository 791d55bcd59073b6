"""Test databases, copied from a migrated template instead of being flushed.

A flush would delete what migrations made (Wagtail's root page, site and locale, the roles), and the
append-only triggers refuse it. So the migrations run once into a template named after everything that
shapes it, each pytest process gets a copy of its own, and a test that committed gets a fresh copy.
"""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, connections
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "test"
TEMPLATES_KEPT = 4
PREFIX = "collaborative"
# A server that a browser test talks to must not find pages of an earlier test under the same epoch.
NEW_EPOCH = (
    "INSERT INTO collaborative_epoch (id, number) VALUES (1, {0})"
    " ON CONFLICT (id) DO UPDATE SET number = excluded.number"
)

Link = psycopg.Connection[tuple[Any, ...]]

generation = 0


def cache_key(key: str, prefix: str, version: int) -> str:
    """Keys of an earlier test are out of reach, in every thread, without emptying a shared Redis."""
    return f"{prefix}:test{os.getpid()}:{generation}:{version}:{key}"


def forget_caches() -> None:
    global generation
    generation += 1


def fingerprint() -> str:
    """16 digits that change with any migration and anything that runs after migrate."""
    files = [ROOT / "requirements.txt", ROOT / "collaborative" / "appendonly.py"]
    for room in (ROOT / "home", ROOT / "collaborative"):
        files += room.glob("**/migrations/*.py")
        files += room.glob("**/apps.py")
        files += room.glob("**/roles.py")
    digest = hashlib.sha256(" ".join(settings.INSTALLED_APPS).encode())
    for file in sorted(set(files)):
        digest.update(str(file.relative_to(ROOT)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Processes that share this machine take turns."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with open(KEPT / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def migrate(database_url: str) -> None:
    """Run the migrations into an empty database, in a process of its own."""
    environment = {**os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"The template database could not be migrated:\n{done.stdout}{done.stderr}")


def alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


class SQLiteCopies:
    """Files in var/test, copied with SQLite's own backup, which is safe while others have them open."""

    def __init__(self) -> None:
        self.template = KEPT / f"template-{fingerprint()}.sqlite3"
        self.path = KEPT / f"process-{os.getpid()}.sqlite3"
        self.url = f"sqlite:///{self.path.relative_to(ROOT)}"

    def make(self) -> None:
        with one_at_a_time("sqlite"):
            for old in KEPT.glob("process-*.sqlite3*"):
                if not alive(old.name.removeprefix("process-").partition(".")[0]):
                    old.unlink(missing_ok=True)
            if not self.template.exists():
                self._make_template()
        self.restore()
        point_django_at(str(self.path))

    def _make_template(self) -> None:
        draft = self.template.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        migrate(f"sqlite:///{draft.relative_to(ROOT)}")
        with closing(sqlite3.connect(draft)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.execute("PRAGMA journal_mode=DELETE")
        draft.rename(self.template)
        templates = sorted(KEPT.glob("template-*.sqlite3"), key=lambda path: path.stat().st_mtime)
        for old in templates[:-TEMPLATES_KEPT]:
            old.unlink()

    def restore(self) -> None:
        with closing(sqlite3.connect(self.path, timeout=20)) as copy:
            with closing(sqlite3.connect(f"file:{self.template}?mode=ro", uri=True)) as template:
                template.backup(copy)
            copy.execute(NEW_EPOCH.format(time.time_ns()))
            copy.commit()

    def remove(self) -> None:
        for suffix in ("", "-wal", "-shm", "-journal"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)


class Rewound:
    """The rows of a fresh copy, to be put back after a test that committed."""

    SHAPE = """
        SELECT md5(string_agg(line, ',' ORDER BY line)) FROM (
            SELECT format('%s %s %s', c.relname, a.attname, a.atttypid) FROM pg_class c
                JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = 'public'::regnamespace
            UNION ALL
            SELECT format('%s %s %s', t.tgrelid::regclass, t.tgname, t.tgenabled) FROM pg_trigger t
        ) AS shape (line)
    """

    @staticmethod
    def possible(link: Link) -> bool:
        """Only a superuser may pass over the triggers that keep append-only tables."""
        return link.execute("SHOW is_superuser").fetchone() == ("on",)

    def __init__(self, link: Link) -> None:
        self.shape = link.execute(self.SHAPE).fetchone()
        self.tables = [
            name for (name,) in link.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ]
        self.rows = {name: self._read(link, name) for name in self._with_rows(link)}
        self.sequences = link.execute(
            "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
        ).fetchall()

    @staticmethod
    def _read(link: Link, table: str) -> bytes:
        with link.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
            return b"".join(bytes(part) for part in copy)

    def _with_rows(self, link: Link) -> list[str]:
        asked = [
            sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})").format(
                sql.Literal(name), sql.Identifier(name)
            )
            for name in self.tables
        ]
        return [name for (name,) in link.execute(sql.SQL(" UNION ALL ").join(asked))]

    def rewind(self, link: Link) -> bool:
        """Put every row and sequence back; False where a test changed tables or triggers."""
        if link.execute(self.SHAPE).fetchone() != self.shape:
            return False
        # A request of the server may still be under way: it must not write into the next test.
        link.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        with link.transaction():
            link.execute("SET LOCAL session_replication_role = replica")
            for name in self._with_rows(link):
                link.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
            for name, rows in self.rows.items():
                with link.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as copy:
                    copy.write(rows)
            for name, last in self.sequences:
                link.execute(
                    "SELECT setval(%s::regclass, %s, %s)", [f'"{name}"', last or 1, last is not None]
                )
        return True


class PostgreSQLCopies:
    """Databases made with CREATE DATABASE … TEMPLATE, and put back row by row where we may.

    Making and dropping a database waits for the disk; putting its rows back takes a tenth of that.
    """

    def __init__(self) -> None:
        self.settings: dict[str, Any] = dict(connection.settings_dict)
        self.template = f"{PREFIX}_template_{fingerprint()}"
        self.name = f"{PREFIX}_test_{os.getpid()}"
        self.url = self._url(self.name)
        self.copied = ""
        self.rewound: Rewound | None = None

    def _url(self, name: str) -> str:
        user = self.settings["USER"]
        password = f":{self.settings['PASSWORD']}" if self.settings["PASSWORD"] else ""
        where = f"{self.settings['HOST']}:{self.settings['PORT'] or 5432}"
        return f"postgres://{user}{password}{'@' if user else ''}{where}/{name}?pool=0"

    def _connect(self, name: str = "") -> Link:
        settings = self.settings
        keywords = {
            "dbname": name or settings["NAME"],
            "user": settings["USER"],
            "password": settings["PASSWORD"],
            "host": settings["HOST"],
            "port": settings["PORT"],
        }
        return psycopg.connect(autocommit=True, **{k: v for k, v in keywords.items() if v})

    def _execute(self, statement: str, *names: str) -> list[tuple[Any, ...]]:
        with self._connect() as link:
            cursor = link.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
            return cursor.fetchall() if cursor.description else []

    def _drop(self, name: str) -> None:
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _named(self, start: str) -> list[str]:
        rows = self._execute("SELECT datname FROM pg_database ORDER BY oid")
        return [name for (name,) in rows if name.startswith(f"{PREFIX}_{start}_")]

    def make(self) -> None:
        with one_at_a_time("postgresql"):
            for old in self._named("test"):
                if not alive(old.rpartition("_")[2]):
                    self._drop(old)
            if self.template not in self._named("template"):
                self._make_template()
            self._copy()
        point_django_at(self.name)
        self._new_epoch()

    def _new_epoch(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(NEW_EPOCH.format(time.time_ns()))
        connections.close_all()

    def _make_template(self) -> None:
        draft = f"{PREFIX}_draft_{os.getpid()}"
        self._drop(draft)
        self._execute("CREATE DATABASE {}", draft)
        migrate(self._url(draft))
        self._execute("ALTER DATABASE {} RENAME TO {}", draft, self.template)
        for old in self._named("template")[:-TEMPLATES_KEPT]:
            with suppress(psycopg.Error):
                self._drop(old)

    def _copy(self) -> None:
        self._drop(self.name)
        self._execute("CREATE DATABASE {} TEMPLATE {}", self.name, self.template)
        self.copied = self.template
        with self._connect(self.name) as link:
            self.rewound = Rewound(link) if Rewound.possible(link) else None

    def restore(self) -> None:
        if not self._rewind():
            with one_at_a_time("postgresql"):
                self._copy()
        self._new_epoch()

    def _rewind(self) -> bool:
        if self.rewound is None or self.copied != self.template:
            return False
        with self._connect(self.name) as link:
            return self.rewound.rewind(link)

    def remove(self) -> None:
        self._drop(self.name)


def point_django_at(name: str) -> None:
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def copies() -> SQLiteCopies | PostgreSQLCopies:
    """The keeper of this process's test database, for the engine in use."""
    return SQLiteCopies() if connection.vendor == "sqlite" else PostgreSQLCopies()
