"""The notes of a workshop as rows of a download: where each stands on its board, and what `Reader` lets
leave of it.

On this floor since it needs the boards and the downloads, whose rooms stand side by side below. Who sat
where, and who would rather be in no small group, is never asked for.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from collaborative.changemakers.boards.actions.standing import columns_of
from collaborative.changemakers.models import Note, Stage
from collaborative.changemakers.polls.reading import result
from collaborative.changemakers.room.models import Kind
from collaborative.consultations.exports.reading import TAKEN_BACK, Reader, Response, Said
from collaborative.consultations.exports.tables import BETWEEN, WHO, Extra, Table, Tables, codes_of
from collaborative.contributions.models import Permission, State
from collaborative.engagements.models import Engagement

COLUMNS: dict[str, Any] = {
    "stage_number": _("The place of the part in the agenda"),
    "stage": _("The part of the workshop"),
    "column": _("The column of the board"),
    "note_group": _("The group that it was put into, by its name"),
    "card": _("The card that it is on. Notes on one card were merged: they say the same."),
    "table": _("The small group or the table that it came from"),
    "written_by": _("Who wrote it down"),
    "signed": _("The name of who wrote it, where they put it on the note for all to see"),
    "reflection": _("“yes”: a reflection from practice, said by who does the work"),
    "note": _("What was written; of a vote, what could be chosen"),
    "votes": _("Of a vote: how many people chose this"),
    "score": _("Of a vote: the dots, or the mean of the scale or of the places"),
    "voters": _("Of a vote: how many people voted"),
}
HEAD = [
    *("response", "received", "group", "group_in_words", "age_band", "permission", "permission_in_words"),
    *("excluded", "reference", "stage_number", "stage", "column", "note_group", "card", "table"),
    *("written_by", "signed", "reflection", "note", "state", "left_out", "wording", "topics"),
    *("votes", "score", "voters"),
]
ABOUT, VOTES = 8, 3  # how many columns these parts have
RAW = ["before", "why_changed"]
OF_NOTE = (
    *("contribution_id", "pk", "stage_id", "card_id", "card__column", "card__rank", "card__cluster_id"),
    *("card__cluster__number", "card__cluster__name", "card__cluster__rank", "table", "source", "named"),
    *("reflection", "contribution__permission", "contribution__receipt__name"),
)
Key = tuple[int, ...]
Row = tuple[Key, list[str]]


def extra() -> Extra:
    return Extra(
        kind=Engagement.Kind.SESSION,
        title=_("Notes"),
        table=table,
        columns=COLUMNS,
        values={"written_by": Note.Source.choices},
    )


def table(tables: Tables) -> Table:
    raw = [*RAW, *WHO] if tables.raw else []
    return Table(HEAD + raw, lambda: (cells for _key, cells in sorted(_rows(tables), key=_order)))


def _order(row: Row) -> Key:
    return row[0]


def _rows(tables: Tables) -> Iterator[Row]:
    """In no order: who puts them into that of the boards holds all, some thousand short ones at most."""
    stages = {stage.pk: stage for stage in Stage.objects.of(tables.engagement)}
    for batch in Reader(tables.engagement, raw=tables.raw).responses():
        notes = Note.objects.filter(contribution__receipt__in=[one.pk for one in batch])
        placed = {row[0]: row[1:] for row in notes.values_list(*OF_NOTE)}
        for one in batch:
            for said in one.said:
                if said.pk in placed:
                    yield _note(tables, one, said, stages, placed[said.pk])
    for stage in stages.values():
        # How an open vote stands is kept from the room until it is revealed: from a file as well.
        if stage.kind == Kind.POLL and stage.has_begun and (stage.revealed or not stage.is_open):
            yield from _votes(tables, stage)


def _note(
    tables: Tables, one: Response, said: Said, stages: dict[int, Stage], placed: tuple[Any, ...]
) -> Row:
    pk, stage_id, card, column, rank, cluster, number, name, cluster_rank, at, source, named = placed[:12]
    reflection, permission, written_as = placed[12:]
    stage = stages[stage_id]
    where: list[str] = [str(stage.number), stage.title]
    if said.left_out == TAKEN_BACK:  # nothing of what its author did is left but that it came
        where += [""] * 7
    else:
        columns = columns_of(stage)
        group = (name or str(_("Group %(number)s") % {"number": number})) if cluster else ""
        signed = written_as if named and _may_sign(one, said, permission) else ""
        where += [columns[min(column, len(columns) - 1)], group, f"K-{card}", at, source, signed]
        where += ["yes" if reflection else "no"]
    about = [one.label, one.day, one.group, one.group_name, one.age, one.permission]
    about += [tables.permissions.get(one.permission, ""), one.exclusion]
    words = [said.text, said.stands, said.left_out, said.kind, BETWEEN.join(codes_of([said]))]
    cells = [*about, said.reference, *where, *words, *([""] * VOTES)]
    if tables.raw:
        cells += [said.before, said.why_changed, one.name, one.organisation, one.recontact, one.email]
    first = cluster_rank if cluster else rank
    return (stage.number, 0, column, first, cluster or 0, rank, pk), cells


def _may_sign(one: Response, said: Said, permission: str) -> bool:
    """Where the room and everybody else may read the name beside the words (RIF-2)."""
    wanted = one.permission == permission == Permission.NAMED
    return wanted and not said.left_out and not one.exclusion and said.stands == State.RELEASED


def _votes(tables: Tables, stage: Stage) -> Iterator[Row]:
    found = result(stage)
    for place, line in enumerate(found.lines):
        cells = [""] * ABOUT + ["", str(stage.number), stage.title] + [""] * 7
        score = f"{line.score:g}" if line.score else ""
        cells += [line.label, "", "", "", "", str(line.n), score, str(found.base)]
        yield (stage.number, 1, place), cells + ([""] * len([*RAW, *WHO]) if tables.raw else [])
