"""Moving a card or a group: whoever comes last decides where it stands, and everybody sees where that is."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from collaborative.changemakers.boards.actions import places
from collaborative.changemakers.boards.actions.places import Thing
from collaborative.changemakers.boards.actions.standing import (
    Who,
    columns_of,
    locked,
    refuse_unless_theirs,
    stream,
)
from collaborative.changemakers.boards.models import Card, Cluster
from collaborative.changemakers.room.models import Stage
from collaborative.contributions.actions import NotPossible
from collaborative.live.actions import announce

TOP, END = "top", "end"


@dataclass(frozen=True, kw_only=True)
class Place:
    """`after`: TOP, END, "card.12" or "group.3"; where that is there no more, the end. `cluster` has the say
    over `column`."""

    column: int = 0
    cluster: int | None = None
    after: str = END


def move(thing: Thing, to: Place, *, who: Who) -> Thing:
    """Put it there. The same again changes nothing but what others did in between. Raises NotPossible."""
    with transaction.atomic():
        board = locked(thing.stage_id)
        refuse_unless_theirs(board, who)
        row = again(thing)
        if row is None:
            raise NotPossible(_("This is not on the board any more."))
        happened = put(board, row, to)
        announce(*happened)
    return row


def nudge(thing: Thing, by: int, *, who: Who) -> None:
    """One place up (-1) or down (1), past what people see there. At an end it stays."""
    with transaction.atomic():
        board = locked(thing.stage_id)
        refuse_unless_theirs(board, who)
        row = again(thing)
        if row is None:
            raise NotPossible(_("This is not on the board any more."))
        cluster = row.cluster if isinstance(row, Card) else None
        there = places.things_in(board, row.column, cluster)
        hidden = set(Card.objects.filter(stage=board).exclude(notes__shown=True).values_list("pk", flat=True))
        there = [one for one in there if _is(one, row) or isinstance(one, Cluster) or one.pk not in hidden]
        to = next(i for i, one in enumerate(there) if _is(one, row)) + by
        if not 0 <= to < len(there):
            return
        behind = there[to] if by > 0 else (there[to - 1] if to else None)
        after = f"{kind_of(behind)}.{behind.pk}" if behind else TOP
        group = cluster.pk if cluster else None
        announce(*put(board, row, Place(column=row.column, cluster=group, after=after)))


def again(thing: Thing) -> Thing | None:
    """As it is now that we have the lock; None where somebody else took it apart."""
    if isinstance(thing, Card):
        return Card.objects.filter(pk=thing.pk).first()
    return Cluster.objects.filter(pk=thing.pk).first()


def put(board: Stage, row: Thing, to: Place) -> list[tuple[str, str, int]]:
    """The move itself, under the lock. Returns what to announce."""
    if not 0 <= to.column < len(columns_of(board)):
        raise NotPossible(_("Choose a column."))
    cluster = _cluster(board, row, to)
    column = cluster.column if cluster else to.column
    left = row.cluster_id if isinstance(row, Card) else None
    others = [one for one in places.things_in(board, column, cluster) if not _is(one, row)]
    row.rank, spread = places.rank_after(others, _after(others, to.after))
    row.column = column
    if isinstance(row, Card):
        row.cluster = cluster
    row.save()
    if isinstance(row, Cluster):
        Card.objects.filter(cluster=row).update(column=column)
    happened = [(stream(board), kind_of(row), row.pk)]
    if spread:
        happened.append((stream(board), "order", board.pk))
    if left and left != (cluster.pk if cluster else None):
        happened += tidy(board, left)
    return happened


def _cluster(board: Stage, row: Thing, to: Place) -> Cluster | None:
    if to.cluster is None:
        return None
    if isinstance(row, Cluster):
        raise NotPossible(_("A group cannot stand in a group."))
    found = Cluster.objects.filter(stage=board, pk=to.cluster).first()
    if found is None:
        raise NotPossible(_("That group is not on the board any more."))
    return found


def _after(others: list[Thing], after: str) -> Thing | None:
    if after == TOP:
        return None
    last = others[-1] if others else None
    return next((one for one in others if f"{kind_of(one)}.{one.pk}" == after), last)


def _is(one: Thing, other: Thing) -> bool:
    return type(one) is type(other) and one.pk == other.pk


def kind_of(thing: Thing) -> str:
    return "card" if isinstance(thing, Card) else "group"


def tidy(board: Stage, cluster_id: int) -> list[tuple[str, str, int]]:
    """A group that nobody named and that lost its last card goes; a named one waits for others."""
    cluster = Cluster.objects.filter(pk=cluster_id, name="").first()
    if cluster is None or Card.objects.filter(cluster=cluster).exists():
        return []
    gone = cluster.pk
    cluster.delete()
    return [(stream(board), "group", gone)]
