"""Order and counts of a thread, kept under its row's lock, so that a page never has to count.

Whoever comes here has locked the contributions first, and announces afterwards.
"""

from collections.abc import Sequence

from django.db import connection
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from collaborative.contributions.actions import NotPossible
from collaborative.threads.models import Comment, Thread
from collaborative.threads.models.comment import MOST_PINNED, PINNED

# One statement locks the row and moves its numbers. A comment that was shown before keeps its number.
TAKE = (
    "UPDATE threads_thread SET last_seq = last_seq + %s, released_count = released_count + %s "
    "WHERE id = %s RETURNING last_seq"
)


def begin(comment: Comment) -> None:
    """Store a comment that stands from its first moment."""
    comment.seq = _move(comment.thread_id, 1, _of_people(comment))
    comment.shown = True
    comment.save(force_insert=True)
    if comment.parent_id is not None:
        _of_parent(comment, +1)


def came(comment: Comment, replies: Sequence[Comment] = ()) -> None:
    """It stands on the page from now on, and these replies of it again with it."""
    new = [row for row in (comment, *replies) if row.seq is None]
    last = _move(comment.thread_id, len(new), _of_people(comment, *replies))
    for row in reversed(new):
        row.seq, last = last, last - 1
    comment.shown = True
    if comment.parent_id is None:
        comment.reply_count = len(replies)
        comment.answer_count = sum(reply.official for reply in replies)
    for row in replies:
        row.shown = True
    Comment.objects.bulk_update(replies, ["seq", "shown"], batch_size=500)
    if comment.parent_id is None and comment.pinned_at and not has_room_above(comment.thread_id):
        comment.pinned_at = comment.pinned_by = None  # others were pinned meanwhile: it takes nobody's place
    comment.save(update_fields=["seq", "shown", "reply_count", "answer_count", "pinned_at", "pinned_by"])
    if comment.parent_id is not None:
        _of_parent(comment, +1)
    elif comment.answer_count:
        _answered(comment.thread_id, +1)


def went(comment: Comment, replies: Sequence[Comment] = ()) -> None:
    """It left the page, and these replies with it."""
    _move(comment.thread_id, 0, -_of_people(comment, *replies))
    gone = [comment.pk, *(reply.pk for reply in replies)]
    Comment.objects.filter(pk__in=gone).update(shown=False)
    comment.shown = False
    if comment.parent_id is not None:
        _of_parent(comment, -1)
        return
    answered = any(reply.official for reply in replies)
    Comment.objects.filter(pk=comment.pk).update(reply_count=0, answer_count=0)
    if answered:
        _answered(comment.thread_id, -1)


def lock(thread: Thread) -> None:
    """From here to the end of the transaction nobody else shows or hides anything in it."""
    Thread.objects.select_for_update().only("pk").get(pk=thread.pk)


def has_room_above(thread: int) -> bool:
    """Whether one more can be pinned above the list. The thread is locked."""
    return Comment.objects.filter(PINNED, thread=thread).count() < MOST_PINNED


def _of_people(*comments: Comment) -> int:
    """How many of them count: what the organisers say themselves does not."""
    return sum(not comment.official for comment in comments)


def _move(thread: int, numbers: int, comments: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [numbers, comments, thread])
        return cursor.fetchone()[0]


def _of_parent(reply: Comment, step: int) -> None:
    """Count a reply with what it answers. The thread is locked: a first answer is known to be that, and a
    reply to what has just gone is refused.
    """
    assert reply.parent_id is not None
    parent = Comment.objects.filter(pk=reply.parent_id)
    if step > 0:
        parent = parent.filter(shown=True)
    if not reply.official:
        if not parent.update(reply_count=F("reply_count") + step):
            raise NotPossible(_("You cannot reply to this comment (any more)."))
        return
    before = Comment.objects.values_list("answer_count", flat=True).get(pk=reply.parent_id)
    if not parent.update(reply_count=F("reply_count") + step, answer_count=before + step):
        raise NotPossible(_("You cannot reply to this comment (any more)."))
    if (before > 0) != (before + step > 0):
        _answered(reply.thread_id, step)


def _answered(thread: int, step: int) -> None:
    Thread.objects.filter(pk=thread).update(answered_count=F("answered_count") + step)


def counted(thread: Thread) -> dict[str, int]:
    """What the kept numbers of a thread should be, counted from its rows."""
    shown = thread.comments.shown()
    return {
        "released_count": shown.filter(official=False).count(),
        "answered_count": thread.comments.top()
        .filter(replies__official=True, replies__shown=True)
        .distinct()
        .count(),
        "last_seq": thread.comments.order_by("-seq").exclude(seq=None).values_list("seq", flat=True).first()
        or 0,
    }


def repair(thread: Thread) -> None:
    """Write down what is counted, for the thread and each of its comments."""
    Thread.objects.filter(pk=thread.pk).update(**counted(thread))
    shown = Q(replies__shown=True)
    rows = thread.comments.filter(parent=None).annotate(
        counted_replies=Count("replies", filter=shown),
        counted_answers=Count("replies", filter=shown & Q(replies__official=True)),
    )
    for row in rows.iterator():
        if (row.reply_count, row.answer_count) != (row.counted_replies, row.counted_answers):
            Comment.objects.filter(pk=row.pk).update(
                reply_count=row.counted_replies, answer_count=row.counted_answers
            )
