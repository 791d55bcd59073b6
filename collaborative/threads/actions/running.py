"""What staff do with a thread: open it, close it, calm it, answer in it, pin, and say what it came to."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from collaborative import codes, pagecache
from collaborative.contributions import ledger
from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Contribution
from collaborative.engagements.models import Engagement
from collaborative.live.actions import announce
from collaborative.people.models import User
from collaborative.people.roles import Role, has_role
from collaborative.threads import anchors
from collaborative.threads.actions import counting, following, mailing
from collaborative.threads.actions.posting import MOST_CHARACTERS
from collaborative.threads.models import Anchor, Comment, OfficialWording, Thread
from collaborative.threads.permissions import (
    user_may_answer,
    user_may_calm_threads,
    user_may_run_threads,
)

SLOWEST = 60 * 60


def open_thread(
    engagement: Engagement,
    page: Page,
    *,
    title: str,
    by: User,
    kind: str = Anchor.PAGE,
    key: str = "",
    intro: str = "",
    now: datetime | None = None,
) -> Thread:
    """Let people comment on a page, or on one thing on it. One thread for each engagement and thing."""
    _only(user_may_run_threads(by))
    if not title.strip():
        raise NotPossible(_("Write a title."))
    if not page.live or not engagement.page.live:
        raise NotPossible(_("Publish the page first."))
    if not anchors.exists(page, kind, key):
        raise NotPossible(_("That does not stand on this page any more."))
    fields = {"title": title.strip()[:200], "intro": intro.strip(), "created_by": by}
    try:
        with transaction.atomic():
            thread = Thread.objects.create(
                engagement=engagement,
                page=page,
                anchor_kind=kind,
                anchor_key=key,
                created_at=now or timezone.now(),
                **fields,
            )
            _told("opened", thread, by, kind=kind, key=key)
            pagecache.touch()  # the page has a link to it from now on
    except IntegrityError:
        raise NotPossible(_("There are comments on this already.")) from None
    return thread


def reword(thread: Thread, *, title: str, intro: str, by: User) -> None:
    _only(user_may_run_threads(by))
    if not title.strip():
        raise NotPossible(_("Write a title."))
    _change(thread, "reworded", by, title=title.strip()[:200], intro=intro.strip())
    pagecache.touch()


def close(thread: Thread, *, by: User) -> None:
    """Nobody comments from now on. What people are typing stays with them, and their page says so at once."""
    _only(user_may_calm_threads(by))
    if thread.closed_at is None:
        _change(thread, "closed", by, closed_at=timezone.now())


def reopen(thread: Thread, *, by: User) -> None:
    _only(user_may_calm_threads(by))
    _change(thread, "reopened", by, closed_at=None)


def slow_down(thread: Thread, seconds: int, *, by: User) -> None:
    """So long between two comments of one person; 0: as fast as anyone likes."""
    _only(user_may_calm_threads(by))
    if not 0 <= seconds <= SLOWEST:
        raise NotPossible(_("Choose up to an hour."))
    _change(thread, "slowed", by, slow_mode_seconds=seconds)


def pause(thread: Thread, minutes: int, *, by: User) -> None:
    """Nobody comments for so many minutes; 0: go on now."""
    _only(user_may_calm_threads(by))
    if not 0 <= minutes <= 24 * 60:
        raise NotPossible(_("Choose up to a day."))
    until = timezone.now() + timedelta(minutes=minutes) if minutes else None
    _change(thread, "paused", by, paused_until=until)


def summarise(thread: Thread, text: str, *, by: User) -> None:
    """What the comments came to, in the words of staff; empty takes it away."""
    _only(user_may_run_threads(by))
    text = text.strip()
    if text != thread.summary:
        at = timezone.now() if text else None
        _change(thread, "summarised", by, summary=text, summary_at=at, summary_by=by if text else None)


def answer(
    thread: Thread,
    text: str,
    *,
    by: User,
    key: str,
    under: Comment | None = None,
    now: datetime | None = None,
) -> Comment:
    """Speak for the organisers: a reply pinned under a comment, or a comment of its own.

    It stands at once, is marked, and is no answer of anyone: neither counted nor sorted. The same key again
    gives the one that stands.
    """
    _only(user_may_answer(by))
    words, hashed = _clean(text), codes.hashed_token(f"answer:{thread.pk}:{by.pk}:{key}")
    now = now or timezone.now()
    try:
        with transaction.atomic():
            if under is not None:
                _lock(under)
                if under.thread_id != thread.pk or under.parent_id is not None or not under.shown:
                    raise NotPossible(_("You cannot reply to this comment."))
            comment = Comment(
                thread=thread,
                parent=under,
                official=True,
                pinned_at=now if under else None,
                pinned_by=by if under else None,
                key=hashed,
                created_at=now,
            )
            counting.begin(comment)
            _word(comment, 1, words, by, now)
            mailing.replied(comment)
            ledger.record("comment.answered", f"thread:{thread.pk}", by, comment=comment.pk)
            announce((thread.stream, "shown", comment.pk))
    except IntegrityError:
        standing = Comment.objects.filter(key=hashed).first()
        if standing is None:
            raise
        return standing
    return comment


def change_answer(comment: Comment, text: str, *, by: User, now: datetime | None = None) -> None:
    """Word an official reply anew. Earlier wordings are kept."""
    _only(user_may_answer(by) and comment.official)
    words, now = _clean(text), now or timezone.now()
    with transaction.atomic():
        Thread.objects.select_for_update().get(pk=comment.thread_id)
        newest = comment.official_wordings.order_by("-number")[0]
        if newest.text == words:
            return
        _word(comment, newest.number + 1, words, by, now)
        Comment.objects.filter(pk=comment.pk).update(edited_at=now)
        ledger.record("comment.answer-changed", f"thread:{comment.thread_id}", by, comment=comment.pk)
        announce((comment.thread.stream, "changed", comment.pk))
    comment.edited_at = now


def take_down(comment: Comment, *, by: User) -> None:
    """Take an official reply down. What people said goes through checking instead.

    Also one that went with what it answers: it does not come back with it. Twice is once.
    """
    _only(user_may_answer(by) and comment.official)
    with transaction.atomic():
        following.hold(comment)
        row = Comment.objects.select_related("thread").get(pk=comment.pk)
        if row.taken_back_at is None:
            Comment.objects.filter(pk=row.pk).update(taken_back_at=timezone.now())
            ledger.record("comment.taken-down", f"thread:{row.thread_id}", by, comment=row.pk)
            if row.shown:
                following.went(row)
    comment.shown = False


def pin(comment: Comment, *, by: User, on: bool = True) -> None:
    """Put a comment before the others, three at most, or an official reply before the other replies."""
    _only(user_may_calm_threads(by))
    at = timezone.now() if on else None
    with transaction.atomic():
        counting.lock(comment.thread)
        comment.refresh_from_db(fields=["shown", "pinned_at"])
        if not comment.shown or (comment.parent_id is not None and not comment.official):
            raise NotPossible(_("This cannot be pinned."))
        if (comment.pinned_at is not None) == on:
            return
        if on and comment.parent_id is None and not counting.has_room_above(comment.thread_id):
            raise NotPossible(_("Three comments are pinned already. Unpin one first."))
        Comment.objects.filter(pk=comment.pk).update(pinned_at=at, pinned_by=by if on else None)
        ledger.record(
            "comment.pinned" if on else "comment.unpinned",
            f"thread:{comment.thread_id}",
            by,
            comment=comment.pk,
        )
        announce((comment.thread.stream, "pinned", comment.pk))
    comment.pinned_at = at


def recount(thread: Thread) -> None:
    """Repair the numbers that are kept, from the rows."""
    with transaction.atomic():
        Thread.objects.select_for_update().get(pk=thread.pk)
        counting.repair(thread)
    thread.refresh_from_db(fields=["released_count", "answered_count", "last_seq"])


def _only(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def _clean(text: str) -> str:
    words = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if not words:
        raise NotPossible(_("Write what you want to say."))
    if len(words) > MOST_CHARACTERS:
        raise NotPossible(_("This is too long."))
    return words


def _lock(comment: Comment) -> None:
    """What hides the comment takes this row first: an answer never lands under what has just gone."""
    if comment.contribution_id:
        Contribution.objects.select_for_update().get(pk=comment.contribution_id)
    comment.refresh_from_db(fields=["shown"])


def _word(comment: Comment, number: int, words: str, by: User, now: datetime) -> None:
    OfficialWording.objects.create(
        comment=comment,
        number=number,
        text=words,
        name=by.get_full_name() or _("The organisers"),
        role=role_of(by),
        at=now,
        by=by,
    )


def role_of(user: User) -> str:
    """As whom somebody speaks, in words for the public."""
    if has_role(user, Role.BOARD):
        return _("Board member, for the partnership")
    if has_role(user, Role.FACILITATORS):
        return _("Facilitator, for the partnership")
    return _("For the partnership")


def _change(thread: Thread, verb: str, by: User, **fields: Any) -> None:
    with transaction.atomic():
        Thread.objects.filter(pk=thread.pk).update(**fields)
        _told(verb, thread, by)
    for name, value in fields.items():
        setattr(thread, name, value)


def _told(verb: str, thread: Thread, by: User, **data: Any) -> None:
    ledger.record(f"thread.{verb}", f"thread:{thread.pk}", by, **data)
    announce((thread.stream, "thread", thread.pk))
