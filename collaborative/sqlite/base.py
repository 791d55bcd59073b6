"""Django's SQLite backend, with a shelf of open connections for the next request.

Each request runs in a thread of its own, so Django opens the file anew for each. That costs several
milliseconds here: SQLite reads the whole schema, and Django registers its functions. A connection that was
closed in good order is laid on the shelf instead and taken by whoever comes next
(docs/decisions/0048-connections-to-sqlite.md).
"""

import os
import sqlite3
import threading
from collections import deque
from contextlib import suppress
from typing import Any
from weakref import WeakSet

from django.db.backends.sqlite3 import base

MOST = 8  # idle connections of a process

File = tuple[int, int]  # device and inode: a file that was put in the place of another is not the same


class Shelf:
    """Idle connections to one file, the one used last on top. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._file: File | None = None
        self._idle: deque[sqlite3.Connection] = deque()

    def take(self, file: File | None) -> sqlite3.Connection | None:
        """One that is open on that very file, or None. Those on another file are closed."""
        with self._lock:
            if file is not None and file == self._file and self._idle:
                return self._idle.pop()
            stale = self._clear() if file != self._file else []
        _close(stale)
        return None

    def give(self, link: sqlite3.Connection, file: File) -> bool:
        """Whether it was laid down; otherwise it is the caller's to close."""
        with self._lock:
            stale = self._clear() if file != self._file else []
            self._file = file
            room = len(self._idle) < MOST
            if room:
                self._idle.append(link)
        _close(stale)
        return room

    def _clear(self) -> list[sqlite3.Connection]:
        links = list(self._idle)
        self._idle.clear()
        return links


def _close(links: list[sqlite3.Connection]) -> None:
    for link in links:
        with suppress(sqlite3.Error):
            link.close()


shelves: dict[tuple[int, str], Shelf] = {}  # by process, so that a fork never shares a connection, and path


def shelf_of(path: str) -> Shelf:
    return shelves.setdefault((os.getpid(), path), Shelf())


def file_at(path: str) -> File | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


class DatabaseWrapper(base.DatabaseWrapper):
    """`_file` is what the connection in hand was opened on; None for a database in memory."""

    _file: File | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cursors: WeakSet[sqlite3.Cursor] = WeakSet()

    def create_cursor(self, name: str | None = None) -> sqlite3.Cursor:
        cursor = super().create_cursor(name)
        self._cursors.add(cursor)
        return cursor

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        path = str(conn_params["database"])
        file = file_at(path)
        link = shelf_of(path).take(file) if file else None
        if link is None:
            link = super().get_new_connection(conn_params)
            # A file that came to be while it was opened is the one it was opened on.
            file = file_at(path) if file is None else file
        self._file = file
        return link

    def _close(self) -> None:
        kept = self._may_be_kept() and self._file
        self._cursors.clear()
        if not (kept and shelf_of(self._path()).give(self.connection, kept)):
            super()._close()  # type: ignore[misc]  # unknown to the stubs

    def _path(self) -> str:
        return str(self.settings_dict["NAME"])

    def _may_be_kept(self) -> bool:
        """Only what was left in good order, and as it was opened: no transaction, no error, checks on."""
        link = self.connection
        if link is None or self.in_atomic_block or self.errors_occurred or self.needs_rollback:
            return False
        with suppress(sqlite3.Error):
            for cursor in list(self._cursors):  # half read, it would show the next request what was, not is
                cursor.close()
            return not link.in_transaction and link.execute("PRAGMA foreign_keys").fetchone()[0] == 1
        return False
