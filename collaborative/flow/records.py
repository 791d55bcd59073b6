"""The flow for machines: the figures of the page, from the same release, with its markers."""

from typing import Any

from django.urls import reverse

from collaborative.figures.markers import in_record
from collaborative.figures.models import Table
from collaborative.people.models import StakeholderGroup

Record = dict[str, Any]


def flow(table: Table | None, chosen: StakeholderGroup | None) -> Record:
    """Responses by group and answer. The whole flow has every path as well, as the file beside it does.

    A response can raise several topics, so that answers of a group do not add up to its responses.
    """
    found: Record = {
        "group": {"slug": chosen.slug, "name": chosen.name} if chosen else None,
        "release": table.release.number if table else None,
    }
    if table is None:
        return found
    found |= {
        "answers": list(table.get("columns")),
        "groups": [_row(row) for row in table.get("rows")],
        "csv": reverse("flow_data"),
    }
    if chosen is None:
        found["cells"] = [_cell(cell, table.get("paths")) for cell in table.get("cells")]
    return found


def _row(row: Record) -> Record:
    answers = {answer: in_record(n) for answer, n in row["cells"].items()}
    return {"slug": row["slug"], "name": row["name"], "responses": in_record(row["all"]), "answers": answers}


def _cell(cell: Record, paths: list[Record]) -> Record:
    path = paths[cell["path"]]
    return {
        "group": cell["group"],
        "theme": path["theme"],
        "decision": f"/decisions/{path['decision']}/" if path["decision"] else None,
        "answer": path["tone"],
        "change": path["change_title"],
        "responses": in_record(cell["n"]),
    }
