"""Taking the demonstration set away again: exactly what was made, or nothing at all."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.serializers import deserialize, serialize
from django.db import models, transaction
from wagtail.models import Page, Site

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
        "moderation.Claim",
        "moderation.Desk",
        "live.Stream",
        "live.Event",
        "sessions.Session",
        "django_tasks_database.DBTaskResult",
    }
)
DERIVED_ROOMS = frozenset({"wagtailcore", "wagtailsearch", "wagtailusers", "account", "mfa", "taggit"})
KEPT = frozenset({"home.DemoSet", "collaborative.Epoch", "contenttypes.ContentType", "auth.Permission"})
CHUNK = 500
PAGE_ROWS = "rows of pages before"

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


def page_rows() -> str:
    """The rows of all pages and of the site, as they stand before the set writes on the pages laid out."""
    kept = [model for _label, model in _tables() if issubclass(model, Page | Site)]
    return serialize("json", [row for model in kept for row in _rows(model)])


def _write_back(*rows: str) -> None:
    for row in (row for text in rows for row in deserialize("json", text)):
        row.save()  # as it was, without the rules of publishing: it is their undoing


def strangers(made: dict[str, list[str]], before: Iterable[str] = ()) -> dict[str, int]:
    """How many rows stand that the set did not make, by model: answers that visitors gave, say."""
    found = {}
    for label, keys in every_key().items():
        if label in DERIVED or label in KEPT or _room(label) in DERIVED_ROOMS:
            continue
        extra = keys - set(made.get(label, ())) - set(made.get(f"{label}:before", ()))
        extra -= _of_its_pages(apps.get_model(label), made) if extra else set()
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
            gone += _delete(model, sorted(_goes(label, model, row.made)))
        _write_back(*row.made.get(PAGE_ROWS, ()))
        row.delete()
        pagecache.touch()
    return gone


def _goes(label: str, model: type[models.Model], made: dict[str, list[str]]) -> set[str]:
    """The keys of the rows that go: of bookkeeping also what came since, such as drafts and sign-ins."""
    if label in KEPT:
        return set()
    if label in DERIVED or _room(label) in DERIVED_ROOMS:
        stand = set(map(str, _rows(model).values_list("pk", flat=True)))
        return stand if label in DERIVED else stand - set(made.get(f"{label}:before", ()))
    return set(made.get(label, ())) | _of_its_pages(model, made)


def _of_its_pages(model: type[models.Model], made: dict[str, list[str]]) -> set[str]:
    """Rows that belong to a page of the set: publishing a page anew writes some of them anew."""
    pages = made.get("wagtailcore.Page", [])
    found: set[str] = set()
    for field in model._meta.concrete_fields:
        to_page = isinstance(field.related_model, type) and issubclass(field.related_model, Page)
        if to_page and not field.primary_key and not issubclass(model, Page | Site):
            for start in range(0, len(pages), CHUNK):
                rows = _rows(model).filter(**{f"{field.attname}__in": pages[start : start + CHUNK]})
                found |= set(map(str, rows.values_list("pk", flat=True)))
    return found


def _room(label: str) -> str:
    return label.partition(".")[0]


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
