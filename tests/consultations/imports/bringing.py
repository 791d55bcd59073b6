"""A file of answers to the consultation of five questions, and what becomes of it."""

import csv
import tempfile
from pathlib import Path
from typing import Any

from django.utils import timezone

from collaborative import sheets
from collaborative.consultations.imports import actions, columns, work
from collaborative.consultations.models import Import
from collaborative.contributions.models import Receipt
from collaborative.engagements.models import Engagement
from collaborative.people.models import User

Rows = list[list[str]]
HEADINGS = [
    "ID",
    "Age",
    "Permission",
    "When should it happen?",
    "Why?",
    "Who should lead it?",
    "Words",
    "Order",
]
TARGETS = ["key", "age", "permission", "q-when", "why-when", "q-who", "q-feel", "q-promises"]
REST = {"kind": "individual", "received": ""}


def row(key: str = "1", **changed: str) -> list[str]:
    cells = {
        "ID": key,
        "Age": "26 or over",
        "Permission": "Publish without my name",
        "When should it happen?": "In P7",
        "Why?": "Before the summer.",
        "Who should lead it?": "In P6; In S1",
        "Words": f"Words of {key}.",
        "Order": "1. In S1; 2. In P6",
    }
    return list({**cells, **changed}.values())


def mapping(rest: dict[str, str] | None = None, targets: list[str] | None = None) -> columns.Mapping:
    found = {str(number): target for number, target in enumerate(targets or TARGETS) if target}
    return {"columns": found, "rest": {**REST, **today(), **(rest or {})}}


def today() -> dict[str, str]:
    return {"received": timezone.localdate().isoformat()}


def bring(
    engagement: Engagement, rows: Rows, by: User, *, kind: str = "csv", name: str = "answers.csv"
) -> Import:
    """As others write CSV ("csv"), as we do ("ours"), or as a workbook ("xlsx")."""
    """Bring a file of these rows beneath HEADINGS. A row of another length is taken as it stands."""
    return bring_whole(engagement, [HEADINGS, *rows], by, kind=kind, name=name)


def bring_whole(
    engagement: Engagement, rows: Rows, by: User, *, kind: str = "csv", name: str = "answers.csv"
) -> Import:
    """As others write CSV ("csv"), as we do ("ours"), or as a workbook ("xlsx")."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "file"
        if kind != "xlsx":
            with path.open("w", newline="", encoding="utf-8-sig") as file:
                csv.writer(file).writerows(rows) if kind == "csv" else sheets.write_commas(file, rows)
        else:
            with path.open("wb") as binary:
                sheets.write_book(binary, rows)
        return actions.bring(engagement, path, name, by=by)


def work_on(one: Import, seconds: float = 60) -> Import:
    """What the worker would do, until there is nothing left to do."""
    while work.step(one.pk, seconds):
        pass
    return Import.objects.get(pk=one.pk)


def checked(one: Import, by: User, told: columns.Mapping | None = None) -> Import:
    actions.tell_columns(one, told or mapping(), by=by)
    return work_on(one)


def come_in(one: Import, by: User, *, good_only: bool = False) -> Import:
    actions.let_in(one, good_only=good_only, by=by)
    return work_on(one)


def brought_in(engagement: Engagement, rows: Rows, by: User, **options: Any) -> Import:
    """The whole way of a file without problems."""
    one = checked(bring(engagement, rows, by, **options), by)
    assert one.state == Import.State.CHECKED, one.trouble
    return come_in(one, by)


def problems(one: Import) -> list[tuple[int, int | None, str]]:
    return list(one.problems.order_by("row", "column").values_list("row", "column", "message"))


def said(receipt: Receipt) -> dict[str, str]:
    """{which question: the words}."""
    rows = receipt.contributions.order_by("pk").values_list("prompt_key", "wordings__text")
    return dict(rows)
