"""A write-up drafts itself: what was said in a workshop, in the order of its agenda. Nothing is made up, and
no word of anyone is kept: of what people said, only which it was."""

from collections.abc import Callable
from typing import Any

from django.utils.formats import date_format

from collaborative.changemakers import listing
from collaborative.changemakers.boards import reading as boards
from collaborative.changemakers.boards.models import Note
from collaborative.changemakers.clock import when_of
from collaborative.changemakers.models import SessionPage
from collaborative.changemakers.room.models import Kind, Stage
from collaborative.changemakers.writeup import figures
from collaborative.changemakers.writeup.models import WriteUp
from collaborative.contributions.models import Contribution

Content = dict[str, Any]


def arrange(write_up: WriteUp, page: SessionPage) -> Content:
    """What would be published now, as JSON.

    {"title", "when", "introduction", "method": {…}, "attendance": {…}, "parts": [{"key", "title",
    "text", "kind", "words", "columns": [{"name", "things": [{"group", "cards": [[contribution]]}]}],
    "comments": [contribution], "votes": {…} or None}]}. Two queries, and four for each board, two for each
    vote, one for each discussion.
    """
    engagement = write_up.engagement
    stages = [one for one in Stage.objects.of(engagement) if one.kind != Kind.BREAK]
    begun = [one for one in stages if one.has_begun] or stages
    numbers = write_up.attendance or figures.attendance(engagement, page.attended)
    return {
        "title": engagement.title,
        "when": str(when_of(engagement)),
        "introduction": write_up.introduction,
        "method": _method(write_up, page),
        "attendance": numbers["shown"],
        "parts": [
            _part(stage, write_up.parts.get(stage.key, {}), careful=numbers["careful"]) for stage in begun
        ],
    }


def _method(write_up: WriteUp, page: SessionPage) -> dict[str, Any]:
    """REC-1: what was done, by whom, with whom, and what could come of it."""
    return {
        "done": write_up.done,
        "reached": write_up.reached,
        "where": listing.where(page),
        "minutes": when_of(write_up.engagement).minutes,
        "for": page.audience_text,
        "ran_by": page.facilitator.get_full_name() if page.facilitator else "",
        "can_change": listing.lines(page.can_change),
        "cannot_change": listing.lines(page.cannot_change),
        "who_decides": page.who_decides,
        "decides_by": date_format(page.decides_by, "j F Y") if page.decides_by else "",
    }


def _part(stage: Stage, added: dict[str, Any], *, careful: bool) -> dict[str, Any]:
    left_out = set(added.get("left_out", []))
    return {
        "key": stage.key,
        "title": stage.title,
        "text": stage.text,
        "kind": stage.kind,
        "words": added.get("words", ""),
        "columns": _columns(stage, left_out) if stage.kind == Kind.BOARD else [],
        "comments": _comments(stage, left_out) if stage.thread_id else [],
        "votes": figures.votes(stage, careful=careful) if stage.kind == Kind.POLL else None,
    }


def _columns(stage: Stage, left_out: set[int]) -> list[dict[str, Any]]:
    said = dict(Note.objects.filter(stage=stage).values_list("pk", "contribution_id"))
    columns = [
        {"name": column.name, "things": [_thing(one, said, left_out) for one in column.things]}
        for column in boards.board(stage)
    ]
    return [column | {"things": _filled(column["things"])} for column in columns if _filled(column["things"])]


def _filled(things: Any) -> list[dict[str, Any]]:
    return [one for one in things if one["cards"]]


def _thing(thing: boards.Shown | boards.Group, said: dict[int, int], left_out: set[int]) -> dict[str, Any]:
    cards = thing.cards if isinstance(thing, boards.Group) else [thing]
    kept = [[said[one.pk] for one in card.said if said[one.pk] not in left_out] for card in cards]
    return {
        "group": thing.cluster.title if isinstance(thing, boards.Group) else "",
        "cards": [card for card in kept if card],
    }


def _comments(stage: Stage, left_out: set[int]) -> list[int]:
    """What was said in a discussion and anyone may read, in the order in which it was said."""
    rows = Contribution.objects.public().filter(comment__thread=stage.thread_id, comment__shown=True)
    return [pk for pk in rows.order_by("comment__seq").values_list("pk", flat=True) if pk not in left_out]


def said_in(content: Content) -> list[int]:
    """All that people said which a write-up points at, each once, in its order."""
    found: dict[int, None] = {}
    _each(content, lambda pk: found.setdefault(pk))
    return list(found)


def _each(content: Content, tell: Callable[[int], Any]) -> None:
    for part in content["parts"]:
        for column in part["columns"]:
            for thing in column["things"]:
                for card in thing["cards"]:
                    for pk in card:
                        tell(pk)
        for pk in part["comments"]:
            tell(pk)
