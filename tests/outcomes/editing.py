"""What a browser sends when an editor saves a decision or a recommendation."""

from typing import Any

from django.db.models import QuerySet
from django.forms import BaseForm
from django.test import Client
from django.urls import reverse
from wagtail.blocks import StreamValue
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data

Blocks = list[tuple[str, Any, str]]


def form_data(page: Page, **changed: Any) -> dict[str, Any]:
    """Every field of the form as it stands on the page, with `changed` laid over it."""
    form: BaseForm = page.get_edit_handler().get_form_class()(instance=page)
    fields: dict[str, Any] = {}
    several: dict[str, list[int]] = {}
    for name in form.fields:
        value = form.initial.get(name, form.fields[name].initial)
        if isinstance(value, StreamValue):
            fields[name] = stream([(block.block_type, block.value, block.id or "") for block in value])
        elif isinstance(value, bool):
            fields |= {name: "on"} if value else {}
        elif name == "themes":
            fields[name] = ",".join(map(str, value))
        elif isinstance(value, list | QuerySet):
            several[name] = [one.pk for one in value]
        else:
            fields[name] = "" if value is None else str(value)
    counts = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": ""}
    fields |= {f"comments-{name}": value for name, value in counts.items()}
    return {**nested_form_data({**fields, **changed}), **several}


def stream(blocks: Blocks) -> dict[str, Any]:
    """A stream field as the editor sends it, ids and all."""
    rows = {
        str(place): {"type": kind, "value": _flat(value), "id": key, "order": str(place), "deleted": ""}
        for place, (kind, value, key) in enumerate(blocks)
    }
    return {"count": str(len(blocks)), **rows}


def _flat(value: Any) -> Any:
    """Choosers send keys."""
    if hasattr(value, "items"):
        return {name: _flat(part) for name, part in value.items()}
    return "" if value is None else str(getattr(value, "pk", value))


def send(browser: Client, page: Page, data: dict[str, Any], *, publish: bool = False) -> Any:
    """Save a draft, or publish."""
    extra = {"action-publish": "action-publish"} if publish else {}
    return browser.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), {**data, **extra})
