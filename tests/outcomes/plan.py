"""A small plan to test with: what stands on its page, and every door through which it can be published."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Revision

from collaborative.outcomes.models import Clause, ClauseVersion, ModelPage, ModelVersion

KEYS = {
    "V": "11111111-0000-4000-8000-000000000001",
    "H": "11111111-0000-4000-8000-000000000002",
    "O1": "11111111-0000-4000-8000-000000000003",
    "P1": "11111111-0000-4000-8000-000000000004",
    "P2": "11111111-0000-4000-8000-000000000005",
}
SUMMARY = "What version %(n)s changes."
WHY = {"reason": "People asked for it.", "decision": None, "editorial": False}
Block = dict[str, Any]


def principle(ref: str, words: str, **more: Any) -> dict[str, Any]:
    return {
        "ref": ref,
        "name": f"Name of {ref}",
        "from_": "less",
        "to": "more",
        "statement": words,
        **WHY,
        **more,
    }


def blocks() -> list[Block]:
    """Version 1, as the raw value of `body`."""
    outcome = {
        "ref": "O1",
        "name": "Being heard",
        "young_person": "I was heard.",
        "adult": "My comment got an answer.",
        "parent_carer": "",
        "practitioner": "",
        "employer": "",
        "measure": "Not yet measured",
        **WHY,
    }
    values = [
        ("vision", "V", {"statement": "Everyone can shape a working life.", **WHY}),
        ("how", "H", {"statement": "We plan together.", **WHY}),
        ("outcome", "O1", outcome),
        ("principle", "P1", principle("P1", "You asked me first.")),
        ("principle", "P2", principle("P2", "It was there all the way.")),
    ]
    return [{"type": kind, "id": KEYS[ref], "value": value} for kind, ref, value in values]


def changed(old: list[Block], which: str, /, **values: Any) -> list[Block]:
    """The same blocks with some values of one sentence replaced."""
    return [{**b, "value": {**b["value"], **values}} if b["id"] == KEYS.get(which) else b for b in old]


def without(old: list[Block], ref: str) -> list[Block]:
    return [block for block in old if block["id"] != KEYS[ref]]


def stored(page: ModelPage) -> list[Block]:
    return list(page.body.raw_data)


def new_page(**fields: Any) -> ModelPage:
    """The page of the plan, a draft that was never published."""
    home = Page.objects.filter(depth=2).order_by("path")[0]
    page = ModelPage(title="Our plan", slug="our-plan-page", live=False, approved_by="The board", **fields)
    return home.add_child(instance=page)


def draft(page: ModelPage, body: list[Block] | None = None, user: Any = None, **fields: Any) -> Revision:
    """Save a draft as the editor does: a revision, and the live words untouched."""
    fresh = ModelPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    if body is not None:
        fresh.body = ModelPage.body.field.to_python(body)
    fields.setdefault("version_summary", SUMMARY % {"n": ModelVersion.objects.count() + 1})
    for name, value in fields.items():
        setattr(fresh, name, ModelPage.retired.field.to_python(value) if name == "retired" else value)
    return fresh.save_revision(user=user, clean=False)


def publish(page: ModelPage, body: list[Block] | None = None, **fields: Any) -> ModelVersion | None:
    """Save a draft and publish it; the newest version afterwards."""
    draft(page, body, **fields).publish()
    return ModelVersion.objects.current()


def published_page() -> ModelPage:
    """The plan with version 1 public."""
    page = new_page()
    publish(page, blocks())
    return ModelPage.objects.get(pk=page.pk)


def state(page: ModelPage) -> tuple[Any, ...]:
    """Everything that publication moves: equal before and after means that nothing happened."""
    fresh = ModelPage.objects.get(pk=page.pk)
    return (
        fresh.live_revision_id,
        fresh.live,
        stored(fresh),
        list(ModelVersion.objects.values_list("number", "layout")),
        list(ClauseVersion.objects.values_list("clause__ref", "number", "fingerprint")),
        Clause.objects.count(),
    )


def form_data(body: list[Block], retired: Iterable[Block] = (), **more: Any) -> dict[str, Any]:
    """What the editor posts."""
    data: dict[str, Any] = {
        "title": "Our plan",
        "slug": "our-plan-page",
        "introduction": "",
        "version_summary": SUMMARY % {"n": ModelVersion.objects.count() + 1},
        "approved_by": "The board",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
        **more,
    }
    for name, found in (("body", list(body)), ("retired", list(retired))):
        data[f"{name}-count"] = str(len(found))
        for index, block in enumerate(found):
            at = f"{name}-{index}"
            data |= {f"{at}-id": block["id"], f"{at}-type": block["type"], f"{at}-order": str(index)}
            data[f"{at}-deleted"] = ""
            for field, value in block["value"].items():
                if field != "editorial" or value:
                    data[f"{at}-value-{field}"] = "on" if value is True else value or ""
    return data


def edit_url(page: ModelPage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


Door = Callable[[ModelPage, list[Block], Client, Any], None]


def by_editor(page: ModelPage, body: list[Block], client: Client, user: Any) -> None:
    client.post(edit_url(page), form_data(body, **{"action-publish": "1"}))


def by_bulk(page: ModelPage, body: list[Block], client: Client, user: Any) -> None:
    draft(page, body)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{address}?id={page.pk}")


def by_workflow(page: ModelPage, body: list[Block], client: Client, user: Any) -> None:
    draft(page, body)
    fresh = ModelPage.objects.get(pk=page.pk)
    fresh.get_workflow().start(fresh, None)
    task = fresh.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task.pk])
    client.post(address)


def by_schedule(page: ModelPage, body: list[Block], client: Client, user: Any) -> None:
    """A revision approved to go live earlier, as scheduling leaves it, and then the job that publishes."""
    revision = draft(page, body)
    moment = timezone.now() - timedelta(minutes=1)
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=moment)
    call_command("publish_scheduled")


def by_command(page: ModelPage, body: list[Block], client: Client, user: Any) -> None:
    draft(page, body).publish()


def by_page_publish(page: ModelPage, body: list[Block], client: Client, user: Any) -> None:
    revision = draft(page, body)
    ModelPage.objects.get(pk=page.pk).publish(revision, user=user)


DOORS: dict[str, Door] = {
    "editor": by_editor,
    "bulk": by_bulk,
    "workflow": by_workflow,
    "schedule": by_schedule,
    "command": by_command,
    "page": by_page_publish,
}
