"""Putting cards together: into a group that keeps them apart, or onto one card that keeps every wording."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from collaborative.changemakers.boards.actions import places
from collaborative.changemakers.boards.actions.moving import Place, again, put, tidy
from collaborative.changemakers.boards.actions.standing import Who, locked, refuse_unless_theirs, stream
from collaborative.changemakers.boards.models import Card, Cluster, Note
from collaborative.changemakers.room.models import Stage
from collaborative.contributions.actions import NotPossible
from collaborative.live.actions import announce
from collaborative.people.models import User

MOST_IN_A_GROUP = 200


def group(card: Card, beside: Card, *, who: Who) -> Cluster:
    """Put a card together with another: into the group of that one, or into a new one in its place."""
    with transaction.atomic():
        board, one, other = _both(card, beside, who)
        if other.cluster_id is not None and one.cluster_id == other.cluster_id:
            return Cluster.objects.get(pk=other.cluster_id)
        cluster, happened = _group_of(board, other)
        happened += put(board, one, Place(cluster=cluster.pk, column=cluster.column))
        announce(*happened)
    return cluster


def _group_of(board: Stage, card: Card) -> tuple[Cluster, list[tuple[str, str, int]]]:
    if card.cluster is not None:
        return card.cluster, []
    highest = Cluster.objects.filter(stage=board).aggregate(m=Max("number"))["m"] or 0
    cluster = Cluster.objects.create(stage=board, column=card.column, rank=card.rank, number=highest + 1)
    card.cluster, card.rank = cluster, places.STEP
    card.save()
    return cluster, [(stream(board), "group", cluster.pk), (stream(board), "card", card.pk)]


def ungroup(card: Card, *, who: Who) -> None:
    """Out of its group, behind it. A card that is in none stays where it is."""
    with transaction.atomic():
        board = locked(card.stage_id)
        refuse_unless_theirs(board, who)
        row = _there(card)
        if row.cluster_id is not None:
            announce(*put(board, row, Place(column=row.column, after=f"group.{row.cluster_id}")))


def merge(card: Card, into: Card, *, who: Who) -> Card:
    """Two that say the same become one card with both wordings. Nothing that was said is lost by it."""
    with transaction.atomic():
        board, one, other = _both(card, into, who)
        Note.objects.filter(card=one).update(card=other)
        left, gone = one.cluster_id, one.pk
        one.delete()
        happened = [(stream(board), "card", gone), (stream(board), "card", other.pk)]
        announce(*happened, *(tidy(board, left) if left else []))
    return other


def part(note: Note, *, who: Who) -> Card:
    """Take one wording off a card that has several: it stands on a card of its own, behind the other."""
    with transaction.atomic():
        board = locked(note.stage_id)
        refuse_unless_theirs(board, who)
        row = Note.objects.select_related("card__cluster").get(pk=note.pk)
        card = row.card
        if not Note.objects.filter(card=card).exclude(pk=row.pk).exists():
            return card
        alone = Card(stage=board, column=card.column, cluster=card.cluster, rank=card.rank)
        alone.save()
        Note.objects.filter(pk=row.pk).update(card=alone)
        where = Place(column=card.column, cluster=card.cluster_id, after=f"card.{card.pk}")
        announce(*put(board, alone, where), (stream(board), "card", card.pk))
    return alone


def name_group(cluster: Cluster, name: str, *, by: User) -> None:
    """What the facilitator calls it. Everybody reads it, unchecked: so it is theirs alone to give."""
    with transaction.atomic():
        board = locked(cluster.stage_id)
        refuse_unless_theirs(board, by)
        name = " ".join(name.replace("\x00", "").split())[:120]
        if not Cluster.objects.filter(pk=cluster.pk).update(name=name):
            raise NotPossible(_("That group is not on the board any more."))
        announce((stream(board), "group", cluster.pk))


def dissolve(cluster: Cluster, *, who: Who) -> None:
    """Its cards stay, in its place and in their order. Twice is no error."""
    with transaction.atomic():
        board = locked(cluster.stage_id)
        refuse_unless_theirs(board, who)
        row = Cluster.objects.filter(pk=cluster.pk).first()
        if row is None:
            return
        happened = []
        after = f"group.{row.pk}"
        for card in places.things_in(board, row.column, row):
            happened += put(board, card, Place(column=row.column, after=after))  # type: ignore[arg-type]
            after = f"card.{card.pk}"
        Cluster.objects.filter(pk=row.pk).delete()
        announce(*happened, (stream(board), "group", row.pk))


def _both(card: Card, other: Card, who: Who) -> tuple[Stage, Card, Card]:
    board = locked(card.stage_id)
    refuse_unless_theirs(board, who)
    if card.pk == other.pk or other.stage_id != card.stage_id:
        raise NotPossible(_("Choose another note."))
    return board, _there(card), _there(other)


def _there(card: Card) -> Card:
    row = again(card)
    if not isinstance(row, Card):
        raise NotPossible(_("This is not on the board any more."))
    return row
