"""Where things stand in a column, or in a group. All of it under the lock of the stage."""

from collections.abc import Sequence

from django.db.models import Max

from collaborative.changemakers.boards.actions.standing import STEP
from collaborative.changemakers.boards.models import Card, Cluster
from collaborative.changemakers.room.models import Stage

Thing = Card | Cluster


def things_in(stage: Stage, column: int, cluster: Cluster | None) -> list[Thing]:
    """From top to bottom: the cards of a group, or the groups and lone cards of a column."""
    if cluster is not None:
        return sorted(Card.objects.filter(cluster=cluster), key=place_of)
    cards = Card.objects.filter(stage=stage, column=column, cluster=None)
    return sorted([*cards, *Cluster.objects.filter(stage=stage, column=column)], key=place_of)


def place_of(thing: Thing) -> tuple[int, bool, int]:
    return thing.rank, isinstance(thing, Card), thing.pk


def last_rank(stage: Stage, column: int, cluster: Cluster | None = None) -> int:
    """The rank after everything there."""
    if cluster is not None:
        found = Card.objects.filter(cluster=cluster).aggregate(m=Max("rank"))["m"]
        return (found or 0) + STEP
    tops = [
        Card.objects.filter(stage=stage, column=column, cluster=None).aggregate(m=Max("rank"))["m"],
        Cluster.objects.filter(stage=stage, column=column).aggregate(m=Max("rank"))["m"],
    ]
    return max(top or 0 for top in tops) + STEP


def rank_after(others: Sequence[Thing], after: Thing | None) -> tuple[int, bool]:
    """(the rank behind `after`, at the top where that is None; whether the others had to be spread anew)."""
    rank = _between(others, after)
    if rank is not None:
        return rank, False
    for number, thing in enumerate(others, 1):
        thing.rank = number * STEP
    Card.objects.bulk_update([one for one in others if isinstance(one, Card)], ["rank"])
    Cluster.objects.bulk_update([one for one in others if isinstance(one, Cluster)], ["rank"])
    return _between(others, after) or STEP // 2, True


def _between(others: Sequence[Thing], after: Thing | None) -> int | None:
    """None where there is no room."""
    index = next((i for i, one in enumerate(others) if after and _same(one, after)), -1)
    below = others[index].rank if index >= 0 else 0
    if index + 1 >= len(others):
        return below + STEP
    above = others[index + 1].rank
    return (below + above) // 2 if above - below > 1 else None


def _same(one: Thing, other: Thing) -> bool:
    return type(one) is type(other) and one.pk == other.pk
