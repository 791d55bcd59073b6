"""A write-up as it is read: its frame, and into it the words that anyone may read just now."""

from dataclasses import dataclass
from typing import Any

from collaborative.changemakers.writeup.drafting import Content, said_in
from collaborative.changemakers.writeup.models import WriteUp
from collaborative.contributions.attribution import public_name
from collaborative.contributions.models import Contribution
from collaborative.engagements.models import Engagement


@dataclass
class Said:
    """One wording; without words it is not shown any more."""

    pk: int
    words: str = ""
    name: str = ""
    table: str = ""
    reflection: bool = False
    wider: bool = False  # a comment, not a note


def shown(content: Content) -> Content:
    """The same with a `Said` for every number of a contribution. One query, through the one door (RIF-2)."""
    rows = Contribution.objects.public().filter(pk__in=said_in(content))
    words = {row.pk: _said(row) for row in rows.select_related("receipt", "note")}

    def put(pk: int) -> Said:
        return words.get(pk) or Said(pk)

    parts = [
        part
        | {
            "columns": [
                column
                | {
                    "things": [
                        thing | {"cards": [[put(pk) for pk in card] for card in thing["cards"]]}
                        for thing in column["things"]
                    ]
                }
                for column in part["columns"]
            ],
            "comments": [put(pk) for pk in part["comments"]],
        }
        for part in content["parts"]
    ]
    return content | {"parts": parts, "counts": counts(content)}


def _said(row: Any) -> Said:
    note = getattr(row, "note", None)
    if note is None:
        return Said(row.pk, row.public_text, public_name(row), wider=True)
    name = public_name(row) if note.named else ""
    return Said(row.pk, row.public_text, name, note.table, note.reflection)


def counts(content: Content) -> dict[str, int]:
    """{"notes", "groups", "comments"}: how many of each stand in it, whether they are still shown or not."""
    things = [thing for part in content["parts"] for column in part["columns"] for thing in column["things"]]
    return {
        "notes": sum(len(card) for thing in things for card in thing["cards"]),
        "groups": sum(1 for thing in things if thing["group"]),
        "comments": sum(len(part["comments"]) for part in content["parts"]),
    }


def of(engagement: Engagement) -> WriteUp | None:
    """What there is of it, published or not. One query."""
    return WriteUp.objects.filter(engagement=engagement).select_related("engagement__page").first()
