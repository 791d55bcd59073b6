"""Who may do what in a thread. Plain predicates, for views, templates, sockets and tests alike."""

from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser

from collaborative.contributions.models import State
from collaborative.people.models import HANDLED_AS_UNDER_18, User
from collaborative.people.roles import Role, has_role
from collaborative.threads.models import Comment, Thread, Voice

Anyone = User | AnonymousUser

CHANGE_FOR = timedelta(minutes=30)
OFFICIAL = (Role.EDITORS, Role.FACILITATORS, Role.BOARD)
RUNNING = (Role.EDITORS, Role.FACILITATORS, Role.ADMINISTRATORS)


def user_may_run_threads(user: Anyone) -> bool:
    """Open a thread, word it, write its summary."""
    return has_role(user, *RUNNING)


def user_may_calm_threads(user: Anyone) -> bool:
    """Close one, slow it down, pause it, pin: also those who check what comes in."""
    return has_role(user, *RUNNING, Role.MODERATORS)


def user_may_see_threads(user: Anyone) -> bool:
    return user_may_calm_threads(user) or user_may_answer(user)


def user_may_answer(user: Anyone) -> bool:
    """Speak for the organisers, also to somebody under 18."""
    return has_role(user, *OFFICIAL)


def user_may_follow(user: Anyone, thread: int) -> bool:
    """Be told what happens in a thread as it happens: whoever may read it. One query."""
    return Thread.objects.readable().filter(pk=thread).exists()


def may_reply(comment: Comment) -> bool:
    """Only staff reply to somebody under 18, or of unknown age, and nobody to what is not shown.

    Replies stand one level deep. Expects `contribution` to be loaded.
    """
    if not comment.shown or comment.parent_id is not None:
        return False
    said = comment.contribution
    return said is None or said.age_band not in HANDLED_AS_UNDER_18


def voice_may_change(voice: Voice | None, comment: Comment, now: datetime) -> bool:
    """For half an hour, its author alone, while it waits or stands. Expects `contribution` to be loaded."""
    said = comment.contribution
    return (
        _is_own(voice, comment)
        and said is not None
        and comment.taken_back_at is None
        # A concern that was passed on looks like any comment that waits: a new wording joins the others, and
        # those named for safety read the first.
        and said.state in {State.HELD, State.RELEASED, State.ESCALATED}
        and now < comment.created_at + CHANGE_FOR
    )


def voice_may_take_back(voice: Voice | None, comment: Comment) -> bool:
    """At any time, its author alone. Expects `contribution` to be loaded."""
    said = comment.contribution
    return (
        _is_own(voice, comment)
        and said is not None
        and comment.taken_back_at is None
        and said.state != State.WITHDRAWN
    )


def voice_may_support(voice: Voice | None, comment: Comment) -> bool:
    """Any voice but its author's, where support is counted at all."""
    counted = comment.shown and not comment.official and comment.thread.has_support
    return voice is not None and counted and not _is_own(voice, comment)


def _is_own(voice: Voice | None, comment: Comment) -> bool:
    return voice is not None and comment.voice_id == voice.pk
