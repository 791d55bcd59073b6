"""Taking the demonstration set away again: exactly what was made, or nothing at all."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models, transaction

from collaborative import appendonly, pagecache
from home.models import DemoSet

# Bookkeeping of the machine and of the framework: it names things of the set and goes with it.
DERIVED = frozenset(
    {
        "figures.Release",
        "figures.Table",
        "contributions.LedgerEvent",
        "contributions.LedgerSeal",
        "contributions.Draft",
        "sessions.Session",
        "django_tasks_database.DBTaskResult",
    }
)
DERIVED_ROOMS = frozenset({"wagtailcore", "wagtailsearch", "wagtailusers", "account", "mfa", "taggit"})
KEPT = frozenset({"home.DemoSet", "collaborative.Epoch", "contenttypes.ContentType", "auth.Permission"})
CHUNK = 500

Keys = dict[str, set[str]]


def every_key() -> Keys:
    """The keys of every row of every table, by model label."""
    return {label: set(map(str, _rows(model).values_list("pk", flat=True))) for label, model in _tables()}


def made_since(before: Keys) -> dict[str, list[str]]:
    """What stands now and did not stand in `before`."""
    return {
        label: sorted(keys - before.get(label, set()))
        for label, keys in every_key().items()
        if keys - before.get(label, set())
    }


def strangers(made: dict[str, list[str]], before: Iterable[str] = ()) -> dict[str, int]:
    """How many rows stand that the set did not make, by model: answers that visitors gave, say."""
    found = {}
    for label, keys in every_key().items():
        if label in DERIVED or label.split(".")[0] in DERIVED_ROOMS:
            continue
        extra = keys - set(made.get(label, ())) - set(made.get(f"{label}:before", ()))
        if extra:
            found[label] = len(extra)
    return found


def clear(row: DemoSet) -> int:
    """Delete what the set made, in one transaction; returns how many rows went.

    Constraints are checked at its end on both engines, so the order of the tables does not matter.
    """
    gone = 0
    with appendonly.lifted(), transaction.atomic():
        for label, model in _tables():
            keys = set(row.made.get(label, ()))
            if label in DERIVED:
                keys = set(map(str, _rows(model).values_list("pk", flat=True)))
            keys = {key for key in keys if label not in KEPT}
            gone += _delete(model, sorted(keys))
        row.delete()
        pagecache.touch()
    return gone


def _delete(model: type[models.Model], keys: list[str]) -> int:
    for start in range(0, len(keys), CHUNK):
        rows = _rows(model).filter(pk__in=keys[start : start + CHUNK])
        rows._raw_delete(rows.db)
    return len(keys)


def _rows(model: type[models.Model]) -> Any:
    return model._base_manager.all().order_by()


def _tables() -> list[tuple[str, type[models.Model]]]:
    found = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]
    return [(model._meta.label, model) for model in found]
