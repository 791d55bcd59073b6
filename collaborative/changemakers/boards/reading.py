"""What stands on a board: the shape of it, with the words that anyone may read, or those of one person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from collaborative.changemakers.boards.actions.places import place_of
from collaborative.changemakers.boards.actions.standing import columns_of
from collaborative.changemakers.boards.models import Card, Cluster, Note
from collaborative.changemakers.room.models import Participant, Stage
from collaborative.contributions.models import Contribution, ContributionQuerySet, Permission, State


@dataclass
class Said:
    """One wording on a card."""

    pk: int
    words: str
    name: str = ""
    table: str = ""
    reflection: bool = False


@dataclass
class Shown:
    """A card as it is seen: the same for every viewer. `said` is never empty."""

    card: Card
    said: list[Said]

    @property
    def pk(self) -> int:
        return self.card.pk

    @property
    def rank(self) -> int:
        return self.card.rank

    @property
    def notes(self) -> str:
        return " ".join(str(one.pk) for one in self.said)


@dataclass
class Group:
    cluster: Cluster
    cards: list[Shown] = field(default_factory=list)

    @property
    def pk(self) -> int:
        return self.cluster.pk

    @property
    def rank(self) -> int:
        return self.cluster.rank


@dataclass
class Column:
    number: int
    name: str
    things: list[Shown | Group] = field(default_factory=list)


def cards(rows: Iterable[Card]) -> dict[int, Shown]:
    """Those of these cards that have words which anyone may read, by key. One query."""
    by_pk = {row.pk: row for row in rows}
    found: dict[int, Shown] = {}
    for said in _public().filter(note__card__in=list(by_pk)):
        note = said.note  # type: ignore[attr-defined]
        shown = found.setdefault(note.card_id, Shown(by_pk[note.card_id], []))
        shown.said.append(_said(said, note))
    return found


def board(stage: Stage) -> list[Column]:
    """The whole of it, in three queries, however full it is."""
    columns = [Column(number, name) for number, name in enumerate(columns_of(stage))]
    by_pk = {row.pk: row for row in Card.objects.filter(stage=stage)}
    groups = {row.pk: Group(row) for row in Cluster.objects.filter(stage=stage)}
    shown: dict[int, Shown] = {}
    for said in _public().filter(note__stage=stage):
        note = said.note  # type: ignore[attr-defined]
        if note.card_id in by_pk:
            one = shown.setdefault(note.card_id, Shown(by_pk[note.card_id], []))
            one.said.append(_said(said, note))
    for one in sorted(shown.values(), key=lambda each: place_of(each.card)):
        group = groups.get(one.card.cluster_id or 0)
        if group:
            group.cards.append(one)
        else:
            columns[min(one.card.column, len(columns) - 1)].things.append(one)
    for group in groups.values():
        columns[min(group.cluster.column, len(columns) - 1)].things.append(group)
    for column in columns:
        column.things.sort(key=_order)
    return columns


def _order(thing: Shown | Group) -> tuple[int, bool, int]:
    return place_of(thing.card if isinstance(thing, Shown) else thing.cluster)


def _public() -> ContributionQuerySet:
    """The one door to words (RIF-2), in the order in which they were said."""
    rows = Contribution.objects.public().filter(note__isnull=False)
    return rows.select_related("note", "receipt").order_by("note__pk")


def _said(said: Contribution, note: Note) -> Said:
    name = said.receipt.name if note.named and said.permission == Permission.NAMED else ""
    return Said(note.pk, said.public_text, name, note.table, note.reflection)  # type: ignore[attr-defined]


@dataclass
class Mine:
    """A note as its author sees it."""

    note: Note
    words: str
    state: str
    may_change: bool


def mine(stage: Stage, participant: Participant | None) -> list[Mine]:
    """Their notes here but for those taken back. One query."""
    if participant is None:
        return []
    rows = Contribution.objects.with_newest_text("own_text").filter(
        note__stage=stage, note__participant=participant, note__taken_back_at=None
    )
    rows = rows.exclude(state=State.WITHDRAWN).select_related("note").order_by("-note__pk")
    return [_mine(row, stage) for row in rows]


def _mine(row: Contribution, stage: Stage) -> Mine:
    # An escalated note looks like any that waits, and so do its words (SAF-2).
    if row.state == State.RELEASED:
        shown = row.note.shown  # type: ignore[attr-defined]
        state = "shown" if shown else "private"
    else:
        state = "refused" if row.state == State.REFUSED else "waiting"
    may_change = stage.is_open and row.state in (State.HELD, State.RELEASED)
    return Mine(row.note, row.own_text, state, may_change)  # type: ignore[attr-defined]


def waiting(stage: Stage) -> Sequence[Contribution]:
    """Notes that a person has to check, oldest first, for whoever may read them. One query."""
    rows = Contribution.objects.held().with_newest_text().filter(note__stage=stage)
    return list(rows.select_related("note", "group")[:100])


def visible_cards(viewer: Participant | None) -> Q:
    """Which cards somebody may lay hands on: those with words that all see, and those with their own."""
    seen = Q(notes__shown=True)
    return seen | Q(notes__participant=viewer) if viewer else seen
