"""A comment: its place in the thread. Its words are a contribution's, or the organisers' own."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from collaborative.appendonly import AppendOnly
from collaborative.contributions.models import Contribution
from collaborative.threads.models.thread import Thread, Voice

# The conditions of the indexes, in the very words of the queries that they serve.
LISTED = Q(parent=None, shown=True, pinned_at__isnull=True)
PINNED = Q(parent=None, shown=True, pinned_at__isnull=False)
MOST_PINNED = 3  # above the list of a thread
REPLIES = Q(shown=True, pinned_at__isnull=True)
PINNED_REPLIES = Q(shown=True, pinned_at__isnull=False)


class CommentQuerySet(models.QuerySet["Comment"]):
    def shown(self) -> "CommentQuerySet":
        """What stands on the page: it does, and what it answers. No words come with it."""
        return self.filter(Q(parent=None) | Q(parent__shown=True), shown=True)

    def top(self) -> "CommentQuerySet":
        return self.filter(parent=None, shown=True)

    def listed(self) -> "CommentQuerySet":
        """What pages of 20 are made of."""
        return self.filter(LISTED)


class Comment(models.Model):
    """`seq` is given when it is first shown, so that what waits leaves neither gaps nor counts."""

    class Holds(models.TextChoices):
        YES = "yes", _("It still holds")
        NO = "no", _("It no longer holds")

    thread = models.ForeignKey(
        Thread, on_delete=models.PROTECT, related_name="comments", db_index=False
    )  # found by the constraint below
    # None for a reply of the organisers: theirs are no answers, and are neither checked, sorted nor counted.
    contribution = models.OneToOneField(
        Contribution, null=True, blank=True, on_delete=models.PROTECT, related_name="comment"
    )
    voice = models.ForeignKey(Voice, null=True, blank=True, on_delete=models.PROTECT, related_name="comments")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )  # one level
    seq = models.PositiveIntegerField(null=True, blank=True)
    shown = models.BooleanField(default=False)  # kept in step with the contribution by `actions.following`
    official = models.BooleanField(default=False)
    pinned_at = models.DateTimeField(null=True, blank=True)
    pinned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    support_count = models.PositiveIntegerField(default=0)
    reply_count = models.PositiveIntegerField(default=0)  # shown ones
    answer_count = models.PositiveIntegerField(default=0)  # of these, by the organisers
    about_words = models.TextField(blank=True)  # the words it was about, as they read then
    holds = models.CharField(max_length=3, choices=Holds.choices, blank=True)
    holds_of = models.TextField(blank=True)  # the words of which its author said so
    key = models.CharField(max_length=64, unique=True)  # a retried request makes one comment
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "seq"], name="one_comment_per_seq"),
            models.CheckConstraint(
                name="a_comment_has_its_words",
                condition=Q(official=True, contribution=None, voice=None)
                | Q(official=False, contribution__isnull=False, voice__isnull=False),
            ),
            models.CheckConstraint(name="shown_in_order", condition=Q(shown=False) | Q(seq__isnull=False)),
        ]
        indexes = [
            # Each index holds only what its pages show, in their order: SQLite finds no place by a boolean.
            # Pages of 20 by cursor, newest or oldest first.
            models.Index(fields=["thread", "seq"], condition=LISTED, name="comment_in_order"),
            # The same, most supported first.
            models.Index(
                fields=["thread", "support_count", "seq"], condition=LISTED, name="comment_by_support"
            ),
            # What is pinned above them.
            models.Index(fields=["thread", "pinned_at"], condition=PINNED, name="comment_pinned"),
            # The first replies of a comment, and the page with all of them.
            models.Index(fields=["parent", "seq"], condition=REPLIES, name="comment_replies"),
            models.Index(
                fields=["parent", "pinned_at"], condition=PINNED_REPLIES, name="comment_pinned_replies"
            ),
            # One's own, and the last one for slow mode.
            models.Index(fields=["voice", "thread", "created_at"], name="comment_of_voice"),
        ]

    def __str__(self) -> str:
        return f"Comment {self.pk}"


class OfficialWording(AppendOnly):
    """What the organisers said, in each wording. Who said it is kept in words: accounts go."""

    may_change = ("by",)

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="official_wordings")
    number = models.PositiveIntegerField()
    text = models.TextField()
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=120)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            # Also serves "the newest wording of these".
            models.UniqueConstraint(fields=["comment", "number"], name="one_official_wording_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id}.{self.number}"


class Support(models.Model):
    """One voice supports one comment. Counted, never listed: nobody is ranked."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="supports")
    voice = models.ForeignKey(Voice, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "voice"], name="one_support_of_a_voice"),
        ]

    def __str__(self) -> str:
        return f"Support {self.pk}"
