"""How boards look to sockets: each card and group as it is now, the same for everyone."""

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string

from collaborative.changemakers.boards import reading
from collaborative.changemakers.boards.models import Card, Cluster
from collaborative.changemakers.room.models import WITH_NOTES, Stage
from collaborative.live.models import Event
from collaborative.live.registry import Change


class Boards:
    def may_follow(self, user: Any, object_id: int) -> bool:
        """Anyone, once it has been opened: what is sent is what `public()` lets everybody read."""
        return begun(object_id, *WITH_NOTES)

    def render(self, object_id: int, events: Sequence[Event]) -> list[Change]:
        """One change for each card and group, by its last event. At most three queries, or five."""
        last = {(event.kind, event.object_id): event for event in events}
        rows = Card.objects.filter(stage=object_id, pk__in=_keys(last, "card"))
        cards = reading.cards(rows)
        groups = _groups(object_id, _keys(last, "group"))
        changes = []
        for (kind, pk), event in last.items():
            if kind == "card":
                changes.append(_card(event, cards.get(pk)))
            elif kind == "group":
                changes.append(_group(event, groups.get(pk)))
            else:
                changes.append(Change(event.seq, "order", pk, None, {"ranks": _ranks(object_id)}))
        return sorted(changes, key=lambda change: change.seq)


def begun(stage_id: int, *of_kinds: str) -> bool:
    stages = Stage.objects.reachable().filter(pk=stage_id, kind__in=of_kinds, opened_at__isnull=False)
    return stages.exists()


def _keys(last: dict[tuple[str, int], Event], wanted: str) -> list[int]:
    return [pk for kind, pk in last if kind == wanted]


def _groups(stage_id: int, keys: list[int]) -> dict[int, Cluster]:
    return Cluster.objects.filter(stage=stage_id).in_bulk(keys) if keys else {}


def _card(event: Event, one: reading.Shown | None) -> Change:
    if one is None:
        return Change(event.seq, "card", event.object_id, None, {})
    html = render_to_string("changemakers/boards/card.html", {"one": one})
    return Change(event.seq, "card", one.pk, html, place(one.card))


def _group(event: Event, cluster: Cluster | None) -> Change:
    if cluster is None:
        return Change(event.seq, "group", event.object_id, None, {})
    html = render_to_string("changemakers/boards/group.html", {"one": reading.Group(cluster)})
    return Change(event.seq, "group", cluster.pk, html, place(cluster))


def place(thing: Card | Cluster) -> dict[str, Any]:
    found: dict[str, Any] = {"column": thing.column, "rank": thing.rank}
    if isinstance(thing, Card):
        found["cluster"] = thing.cluster_id
    return found


def _ranks(stage_id: int) -> dict[str, int]:
    """Of everything that stands there, when the places were spread anew. Hidden cards are left out."""
    cards = Card.objects.filter(stage=stage_id, notes__shown=True).values_list("pk", "rank").distinct()
    groups = Cluster.objects.filter(stage=stage_id).values_list("pk", "rank")
    return {f"k{pk}": rank for pk, rank in cards} | {f"g{pk}": rank for pk, rank in groups}
