"""How threads look to sockets: who may follow one, and each change as it is now, the same for everyone."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.template.loader import render_to_string

from collaborative.contributions.models import Contribution
from collaborative.live.models import Event
from collaborative.live.registry import Change
from collaborative.threads import anchors, reading, states
from collaborative.threads.models import Comment, Thread
from collaborative.threads.models.thread import readable
from collaborative.threads.permissions import user_may_follow
from collaborative.threads.reading import Shown

OF_THREAD = "thread"  # its state, summary or words; every other kind is of a comment
WEIGHT = {"shown": 2, "pinned": 1}  # these come with the comment's place, the others with its words alone


class Threads:
    def may_follow(self, user: Any, object_id: int) -> bool:
        return user_may_follow(user, object_id)

    def render(self, object_id: int, events: Sequence[Event]) -> list[Change]:
        """One change for each comment, by its last event, and one for the thread. Two queries for what a
        person has just said; some more for replies, official words and comments on earlier words."""
        last = {(event.kind == OF_THREAD, event.object_id): event for event in events}
        kinds = _kinds(events)
        comments = [pk for is_thread, pk in last if not is_thread]
        found, thread = _standing(object_id, comments)
        if thread is None:
            thread = Thread.objects.readable().whole().filter(pk=object_id).first()
        count = counted(thread) if thread else ""  # once, however many comments there are
        changes = []
        for (is_thread, pk), event in last.items():
            if thread is None:  # nobody may read it any more
                changes.append(Change(event.seq, event.kind, pk, None, {}))
            elif is_thread:
                changes.append(Change(event.seq, OF_THREAD, pk, None, of_thread(thread, count)))
            else:
                changes.append(_change(event, kinds[pk], found.get(pk), thread, count))
        return sorted(changes, key=lambda change: change.seq)


def _kinds(events: Sequence[Event]) -> dict[int, str]:
    """What became of each comment in these events: who missed that it came, or that it moved, hears that, not
    of its edit."""
    kinds: dict[int, str] = {}
    for event in events:
        before = WEIGHT.get(kinds.get(event.object_id, ""), 0)
        if event.kind != OF_THREAD and (WEIGHT.get(event.kind, 0) >= before or event.kind == "gone"):
            kinds[event.object_id] = event.kind
    return kinds


def _standing(number: int, pks: Sequence[int]) -> tuple[dict[int, Shown], Thread | None]:
    """Those that anyone may read now, and their thread. One query where people said them all.

    It is what a comment costs that was just said, so it carries nothing that a comment does not show: who
    wrote a summary is asked where there is one.
    """
    if not pks:
        return {}, None
    said = (
        Contribution.objects.public()
        .filter(readable("comment__thread__", "engagement__"), comment__in=pks, comment__thread=number)
        .filter(Q(comment__parent=None) | Q(comment__parent__shown=True), comment__shown=True)
        .select_related("receipt", "group", "comment__thread__page", "engagement")
    )
    found: dict[int, Shown] = {}
    thread: Thread | None = None
    for row in said:
        comment = row.comment
        comment.contribution, thread = row, comment.thread
        thread.engagement = row.engagement  # whoever says something in a thread says it to its engagement
        name, who = reading.speaker(row)
        found[comment.pk] = Shown(comment, row.public_text, name, who)  # type: ignore[attr-defined]
    missing = [pk for pk in pks if pk not in found]
    if missing:
        official = Comment.objects.shown().filter(pk__in=missing, thread=number, official=True)
        found |= {
            one.pk: one for one in reading.show(official.select_related("thread__engagement", "parent"))
        }
    return found, thread


def _change(event: Event, kind: str, one: Shown | None, thread: Thread, count: str) -> Change:
    data: dict[str, Any] = {"count": count}
    if one is None:
        return Change(event.seq, "gone", event.object_id, None, data)
    one.comment.thread = thread
    data |= {"parent": one.comment.parent_id, "seq": one.comment.seq, "official": one.official}
    if one.comment.about_words:
        one.sentence = anchors.resolve(thread).words
    name = "threads/comment.html"
    if kind in WEIGHT:
        if one.comment.reply_count and one.is_top:
            one.replies = reading.first_replies(one.comment)
        name = "threads/item.html" if one.is_top else "threads/reply.html"
    html = render_to_string(name, {"one": one, "thread": thread})
    return Change(event.seq, kind, event.object_id, html, data)


def counted(thread: Thread) -> str:
    return render_to_string("threads/count.html", {"thread": thread}).strip()


def of_thread(thread: Thread, count: str) -> dict[str, Any]:
    """How the thread is doing, for a page that stands open."""
    now = states.condition(thread)
    return {
        "condition": now.code,
        "seconds": now.seconds,
        "words": now.words,
        "more": now.more,
        "title": thread.title,
        "count": count,
        "summary": render_to_string("threads/summary.html", {"thread": thread}),
    }
