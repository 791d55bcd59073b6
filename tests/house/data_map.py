"""Reading docs/data-map.md, and what the tables really hold."""

import re
from pathlib import Path

from django.apps import apps
from django.db import models
from wagtail.models import Page

MAP = Path(__file__).resolve().parents[2] / "docs" / "data-map.md"
ROOMS = ("collaborative", "home")
KINDS: tuple[tuple[type[models.Field], str], ...] = (
    (models.EmailField, "e-mail"),
    (models.BooleanField, "yes or no"),
    (models.DateTimeField, "moment"),
    (models.DateField, "day"),
    (models.JSONField, "data"),
    (models.IntegerField, "number"),
    (models.CharField, "words"),
    (models.TextField, "text"),
)
FIELD = re.compile(r"`([a-z_0-9]+)` ([^,|]+)")


def own_models() -> list[type[models.Model]]:
    """Every table of our own, in the order of its name."""
    found = [model for model in apps.get_models() if model.__module__.startswith(ROOMS)]
    return sorted(found, key=lambda model: model._meta.label)


def own_fields(model: type[models.Model]) -> dict[str, str]:
    """What it holds beyond its key and what every Wagtail page has: {field: kind}."""
    inherited = {field.name for field in Page._meta.concrete_fields} if issubclass(model, Page) else set()
    return {
        field.name: kind(field)
        for field in model._meta.concrete_fields
        if field.name not in inherited and not (field.primary_key and not field.remote_field)
        if field.name != "page_ptr"
    }


def kind(field: models.Field) -> str:
    """One word for what a field holds. A link names the table that it leads to."""
    if field.remote_field is not None:
        return f"→ {field.remote_field.model._meta.label}"
    found = next((word for known, word in KINDS if isinstance(field, known)), type(field).__name__)
    size = getattr(field, "max_length", None)
    return f"{found} {size}" if found == "words" and size else found


def mapped() -> dict[str, dict[str, str]]:
    """What the map says: {table: {field: kind}}, from both of its lists."""
    found: dict[str, dict[str, str]] = {}
    for line in MAP.read_text(encoding="utf-8").splitlines():
        table = re.match(r"\| `([a-z]+\.[A-Za-z]+)` \|", line)
        if table:
            fields = FIELD.findall(line.split("|")[2])
            found[table[1]] = {name: what.strip() for name, what in fields}
    return found


PEOPLE = frozenset(
    {
        "people.User",
        "contributions.Receipt",
        "contributions.Contribution",
        "contributions.Wording",
        "threads.Voice",
    }
)
TELLING = re.compile(
    r"name|mail|phone|tel$|address|birth|postcode|ip$|contact|person|holder|owner|author|_by$|^by$|reply"
)


def telling(model: type[models.Model], name: str) -> bool:
    """Whether a field of a table that is not about people may still lead to one, by its kind or its name."""
    field = model._meta.get_field(name)
    leads = field.remote_field is not None and field.remote_field.model._meta.label in PEOPLE
    return leads or isinstance(field, models.EmailField) or bool(TELLING.search(name))
