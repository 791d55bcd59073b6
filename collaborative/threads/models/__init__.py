"""Conversations on a page, a question, a sentence, a decision or a part of a workshop."""

from collaborative.threads.models.comment import Comment, CommentQuerySet, OfficialWording, Support
from collaborative.threads.models.mail import Subscription
from collaborative.threads.models.thread import Anchor, Thread, ThreadQuerySet, Voice

__all__ = [
    "Anchor",
    "Comment",
    "CommentQuerySet",
    "OfficialWording",
    "Subscription",
    "Support",
    "Thread",
    "ThreadQuerySet",
    "Voice",
]
