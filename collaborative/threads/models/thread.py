"""A thread: what it hangs on, who speaks in it, and how staff run it."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Length, Substr
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PageViewRestriction

from collaborative.contributions.models import Receipt
from collaborative.engagements.models import Engagement


class Anchor(models.TextChoices):
    """What a thread hangs on. The room that owns the thing says what it reads now (`anchors.register`)."""

    PAGE = "page", _("A whole page")
    QUESTION = "question", _("A question")
    CLAUSE = "clause", _("A sentence of the plan")
    DECISION = "decision", _("A decision")
    STAGE = "stage", _("A part of a workshop")


def readable(thread: str = "", engagement: str = "engagement__") -> Q:
    """That anyone may read it: the page and the engagement are published and behind no password.

    From the table that is asked: `thread` leads to the thread, as "comment__thread__", and `engagement` to
    its engagement. No query of its own, whatever the depth of the tree: restrictions hold for all below.
    """
    pages = (f"{thread}page__", f"{engagement}page__")
    behind = Q()
    for page in pages:
        behind |= Q(page__path=Substr(OuterRef(f"{page}path"), 1, Length(F("page__path"))))
    live = Q(**{f"{page}live": True for page in pages})
    return live & ~Q(Exists(PageViewRestriction.objects.filter(behind)))


class ThreadQuerySet(models.QuerySet["Thread"]):
    def readable(self) -> "ThreadQuerySet":
        """Threads that anyone may read."""
        return self.filter(readable())

    def whole(self) -> "ThreadQuerySet":
        """With everything that the rules and the page of a thread ask for."""
        return self.select_related("engagement", "page", "summary_by")


class Thread(models.Model):
    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="threads")
    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="threads")
    anchor_kind = models.CharField(max_length=10, choices=Anchor.choices, default=Anchor.PAGE)
    anchor_key = models.CharField(max_length=80, blank=True)  # "P3", a question's key, empty for the page
    title = models.CharField(_("title"), max_length=200)
    intro = models.TextField(_("introduction"), blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)  # by staff; the dates close it as well
    slow_mode_seconds = models.PositiveIntegerField(default=0)  # between two comments of one person
    paused_until = models.DateTimeField(null=True, blank=True)  # too much at once, or staff need a moment
    summary = models.TextField(blank=True)
    summary_at = models.DateTimeField(null=True, blank=True)
    summary_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Kept, so that a page costs the same at 100,000 comments as at 50; `actions.recount()` repairs them.
    last_seq = models.PositiveIntegerField(default=0)  # given out so far
    released_count = models.PositiveIntegerField(default=0)  # comments that anyone may read
    answered_count = models.PositiveIntegerField(default=0)  # of these, with a reply of the organisers
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ThreadQuerySet.as_manager()

    class Meta:
        constraints = [
            # One conversation about one thing; also serves the link on the page of that thing.
            models.UniqueConstraint(
                fields=["page", "anchor_kind", "anchor_key", "engagement"], name="one_thread_on_an_anchor"
            ),
            models.CheckConstraint(name="thread_anchor_known", condition=Q(anchor_kind__in=Anchor.values)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def stream(self) -> str:
        """The key of its live stream."""
        return f"thread.{self.pk}"

    @property
    def number(self) -> str:
        """As it stands in addresses."""
        return str(self.pk)

    @property
    def prompt_key(self) -> str:
        """The same key on what is said here, so that it is sorted and counted together."""
        return f"thread.{self.pk}"

    @property
    def has_support(self) -> bool:
        """Where young people are invited nobody is weighed by numbers."""
        return not self.engagement.invites_under_18

    def is_open_at(self, now: datetime) -> bool:
        return self.closed_at is None and self.engagement.state_at(now) == Engagement.State.OPEN

    def is_paused_at(self, now: datetime) -> bool:
        return self.paused_until is not None and now < self.paused_until


class Voice(models.Model):
    """Who speaks in the threads of one engagement: asked once (RIF-1), known by account or by a cookie."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="voices")
    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, related_name="voice")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    token_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)  # of the cookie

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "user"], name="one_voice_for_an_account"),
        ]

    def __str__(self) -> str:
        return f"Voice {self.pk}"
