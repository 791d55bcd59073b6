"""What figures are taken on: SQLite always, and PostgreSQL where one answers and lets us make a database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from bench.site import Lab


def postgresql_server() -> str:
    return os.environ.get("TEST_DATABASE_URL", "postgres://127.0.0.1:5432/postgres")


def postgresql_answers() -> bool:
    try:
        psycopg.connect(postgresql_server().partition("?")[0], connect_timeout=3).close()
    except psycopg.Error as error:
        print(f"  PostgreSQL was not measured: {error}", flush=True)
        return False
    return True


@contextmanager
def postgresql_database(name: str) -> Iterator[str]:
    """The address of an empty database of that name, which is dropped afterwards."""
    server = postgresql_server().partition("?")[0]

    def execute(statement: str) -> None:
        with psycopg.connect(server, autocommit=True) as link:
            link.execute(sql.SQL(statement).format(sql.Identifier(name)))

    execute("CREATE DATABASE {}")
    try:
        yield f"{server.rpartition('/')[0]}/{name}"
    finally:
        execute("DROP DATABASE {} WITH (FORCE)")


def engines(lab: Lab, purpose: str) -> Iterator[tuple[str, dict[str, str]]]:
    """(name, environment) of an empty database on each. It stands until the next is asked for."""
    yield "SQLite", {**lab.environment, "DATABASE_URL": lab.url(purpose)}
    if postgresql_answers():
        with postgresql_database(f"collaborative_bench_{purpose}_{os.getpid()}") as url:
            yield "PostgreSQL", {**lab.environment, "DATABASE_URL": url}
