"""What becomes of a comment when its words are released, refused, passed on, taken back or changed."""

from collaborative.contributions.actions import move, move_all
from collaborative.contributions.models import Contribution, State
from collaborative.contributions.models.contribution import PUBLISHABLE
from collaborative.live.actions import announce
from collaborative.threads.actions import counting, mailing
from collaborative.threads.models import Comment


def follow(contribution: Contribution, before: str) -> None:
    """Called by `contributions.actions` in its transaction, with the contribution's row locked."""
    rows = Comment.objects.select_related("thread", "parent", "contribution__receipt")
    comment = rows.filter(contribution=contribution).first()
    if comment is None:  # it is being stored: `posting` sees to the rest
        return
    if comment.taken_back_at and contribution.state == State.HELD:
        move(contribution, State.WITHDRAWN, by=None)  # taken back while it was with safeguarding
        return
    public = may_show(contribution, comment)
    if public and comment.parent is not None and not comment.parent.shown:
        move(contribution, State.HIDDEN, by=None, reason="with-parent")
    elif public and not comment.shown:
        came(comment)
    elif comment.shown and not public:
        went(comment)
    elif comment.shown:
        announce((comment.thread.stream, "changed", comment.pk))


def may_show(contribution: Contribution, comment: Comment) -> bool:
    """What `Contribution.objects.public()` asks of a row; that the page is published is asked on the page."""
    assert comment.contribution is not None
    return (
        contribution.state == State.RELEASED
        and contribution.permission in PUBLISHABLE
        and not contribution.withheld
        and not comment.contribution.receipt.exclusion
    )


def came(comment: Comment) -> None:
    """It may be shown, and what was hidden with it comes back."""
    replies: list[Comment] = []
    if comment.parent_id is None:
        back = [row for row in _locked_replies(comment) if row.state == State.HIDDEN]
        if back:
            move_all(back, State.RELEASED, by=None, reason="with-parent")
        replies = _that_may_show(comment)
    first = comment.seq is None
    counting.came(comment, replies)
    if first:
        mailing.replied(comment)
    announce((comment.thread.stream, "shown", comment.pk))


def went(comment: Comment) -> None:
    """It may not be shown any more: nor may what answers it."""
    replies: list[Comment] = []
    if comment.parent_id is None:
        hold(comment)
        # Read again: a reply that stood at once may have come while we waited for the thread.
        gone = [row for row in _locked_replies(comment) if row.state == State.RELEASED]
        if gone:
            move_all(gone, State.HIDDEN, by=None, reason="with-parent")
        replies = list(comment.replies.filter(shown=True))
    counting.went(comment, replies)
    announce((comment.thread.stream, "gone", comment.pk))


def hold(comment: Comment) -> None:
    """Keep still what hiding it touches: what answers it, then the thread, as everything else locks them."""
    if comment.parent_id is None:
        _locked_replies(comment)
    counting.lock(comment.thread)


def _locked_replies(comment: Comment) -> list[Contribution]:
    """All of them, whatever their state: one that is being released just now waits for us, or we for it.

    Locked before the thread, as everything else does it.
    """
    rows = Contribution.objects.select_for_update(of=("self",)).filter(comment__parent=comment)
    return list(rows.order_by("pk"))


def _that_may_show(comment: Comment) -> list[Comment]:
    """Replies that stand when their parent does: checked ones, and official ones not taken down."""
    rows = comment.replies.select_related("contribution__receipt")
    return [
        reply
        for reply in rows
        if (reply.official and reply.taken_back_at is None and reply.seq is not None)
        or (reply.contribution is not None and may_show(reply.contribution, reply))
    ]
