"""Tables that only grow, held by the database itself.

A model that inherits `AppendOnly` may be inserted and read. Triggers on SQLite and PostgreSQL refuse
DELETE, whatever rewrites a row by another way, and UPDATE of every column but those that it names in
`may_change` (links that a deleted account sets to NULL) and `may_empty` (words that erasure destroys: they
may only become empty). Both engines raise IntegrityError.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from django.apps import apps
from django.core import checks
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper


class AppendOnly(models.Model):
    """Abstract base. `may_change` and `may_empty` hold field names."""

    may_change: ClassVar[tuple[str, ...]] = ()
    may_empty: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True


def guarded_models() -> list[type[AppendOnly]]:
    """Every concrete append-only model, in the order of their tables' names."""
    found = [m for m in apps.get_models() if issubclass(m, AppendOnly)]
    return sorted(found, key=lambda m: m._meta.db_table)


def _columns(model: type[AppendOnly]) -> tuple[list[str], list[str]]:
    """Column names that never change, and column names that may only become empty."""
    columns = {f.name: str(f.column) for f in model._meta.concrete_fields}
    emptied = [columns[name] for name in model.may_empty]
    free = {columns[name] for name in model.may_change} | set(emptied)
    return [c for c in columns.values() if c not in free], emptied


def _keys(model: type[AppendOnly]) -> list[list[str]]:
    """The columns of each key of which there may be one row only."""
    columns = {f.name: str(f.column) for f in model._meta.concrete_fields}
    keys = [[columns[f.name]] for f in model._meta.concrete_fields if f.unique]
    for one in model._meta.constraints:
        if isinstance(one, models.UniqueConstraint) and one.condition is None:
            keys.append([columns[name] for name in one.fields])
    return keys


def trigger_names(model: type[AppendOnly], vendor: str) -> list[str]:
    table = model._meta.db_table
    last = "no_replace" if vendor == "sqlite" else "no_truncate"
    names = [f"{table}_no_delete", f"{table}_no_update", f"{table}_{last}"]
    return names + [f"{table}_only_empty"] if model.may_empty else names


def _sqlite_statements(model: type[AppendOnly]) -> list[str]:
    table = model._meta.db_table
    fixed, emptied = _columns(model)
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
    # Not UPDATE OF: that does not see a row that is given another number by the name of "rowid".
    other = " OR ".join(f'OLD."{c}" IS NOT NEW."{c}"' for c in fixed)
    # INSERT OR REPLACE deletes the row in its way without firing a trigger for it.
    same = (" AND ".join(f'"{c}" = NEW."{c}"' for c in key) for key in _keys(model))
    taken = f'EXISTS (SELECT 1 FROM "{table}" WHERE {" OR ".join(f"({key})" for key in same)})'  # noqa: S608
    statements = [f'DROP TRIGGER IF EXISTS "{name}"' for name in trigger_names(model, "sqlite")]
    statements += [
        f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" {refuse}',
        f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" WHEN {other} {refuse}',
        f'CREATE TRIGGER "{table}_no_replace" BEFORE INSERT ON "{table}" WHEN {taken} {refuse}',
    ]
    if emptied:
        not_empty = " OR ".join(f"NEW.\"{c}\" <> ''" for c in emptied)
        columns = ", ".join(f'"{c}"' for c in emptied)
        statements.append(
            f'CREATE TRIGGER "{table}_only_empty" BEFORE UPDATE OF {columns} ON "{table}" '
            f"WHEN {not_empty} {refuse}"
        )
    return statements


def _postgresql_statements(model: type[AppendOnly]) -> list[str]:
    table = model._meta.db_table
    fixed, emptied = _columns(model)
    update_of = ", ".join(f'"{c}"' for c in fixed)
    call = "EXECUTE FUNCTION collaborative_only_grows()"
    statements = [
        # 23514 makes psycopg raise IntegrityError, as SQLite does.
        "CREATE OR REPLACE FUNCTION collaborative_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = '23514'; END $$"
    ]
    statements += [
        f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"' for name in trigger_names(model, "postgresql")
    ]
    statements += [
        f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" FOR EACH ROW {call}',
        f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}" {call}',
        f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE OF {update_of} ON "{table}" FOR EACH ROW {call}',
    ]
    if emptied:
        columns = ", ".join(f'"{c}"' for c in emptied)
        not_empty = " OR ".join(f"NEW.\"{c}\" <> ''" for c in emptied)
        statements.append(
            f'CREATE TRIGGER "{table}_only_empty" BEFORE UPDATE OF {columns} ON "{table}" '
            f"FOR EACH ROW WHEN ({not_empty}) {call}"
        )
    return statements


def install(connection: BaseDatabaseWrapper) -> None:
    """Lay the triggers of every append-only table that exists in this database. Idempotent."""
    tables = set(connection.introspection.table_names())
    build = _postgresql_statements if connection.vendor == "postgresql" else _sqlite_statements
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for model in guarded_models():
            if model._meta.db_table in tables:
                for statement in build(model):
                    cursor.execute(statement)


def _remove(connection: BaseDatabaseWrapper) -> None:
    on_table = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for model in guarded_models():
            table = model._meta.db_table
            for name in trigger_names(model, connection.vendor):
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"' + (f' ON "{table}"' if on_table else ""))


def installed(connection: BaseDatabaseWrapper) -> set[str]:
    """Names of the triggers that stand in this database."""
    if connection.vendor == "postgresql":
        sql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    else:
        sql = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {row[0] for row in cursor.fetchall()}


@contextmanager
def lifted(using: str = "default") -> Iterator[None]:
    """Take the triggers away for one transaction. For `load_demo --clear` alone: nothing else may call this.

    The demonstration set is the only evidence that may ever be deleted. DDL is transactional on both
    engines, so a failure inside puts rows and triggers back together.
    """
    connection = connections[using]
    with transaction.atomic(using=using):
        _remove(connection)
        yield
        install(connection)


def after_migrate(using: str, **kwargs: Any) -> None:
    install(connections[using])


def check_triggers(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """System check (database tag) `collaborative.W001`: a guard that is missing.

    A warning, since migrate runs the checks first and would refuse to lay the guards again; `make check`
    fails on warnings.
    """
    messages: list[checks.CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        tables = set(connection.introspection.table_names())
        standing = installed(connection)
        for model in guarded_models():
            missing = set(trigger_names(model, connection.vendor)) - standing
            if model._meta.db_table in tables and missing:
                messages.append(
                    checks.Warning(
                        f"{model._meta.db_table} can be altered: {', '.join(sorted(missing))} missing.",
                        hint="Run manage.py migrate: it lays the triggers again.",
                        id="collaborative.W001",
                    )
                )
    return messages
