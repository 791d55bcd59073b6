"""The write-up of a workshop. It holds what the facilitator writes, and of what people said only which it
was: their words are read through `Contribution.objects.public()` each time, so that what is taken back is
gone."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.appendonly import AppendOnly
from collaborative.contributions.models import Contribution, State
from collaborative.engagements.models import Engagement


class WriteUp(models.Model):
    engagement = models.OneToOneField(Engagement, on_delete=models.PROTECT, related_name="write_up")
    introduction = models.TextField(blank=True)
    done = models.TextField(blank=True)  # REC-1: how people worked
    reached = models.TextField(blank=True)  # REC-1: how people heard of it
    # {key of the stage: {"words": what the facilitator adds, "left_out": [contribution]}}
    parts = models.JSONField(default=dict, blank=True)
    # As `figures.attendance` gives it: worked out once, so that no figure moves with one person.
    attendance = models.JSONField(null=True, blank=True)
    began_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    shared_at = models.DateTimeField(null=True, blank=True)  # with those who took part
    ends_at = models.DateTimeField(null=True, blank=True)  # until then they may correct it
    shared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            # Nobody is asked to look at it without a time until which they may.
            models.CheckConstraint(
                name="write_up_shared_for_a_time",
                condition=Q(shared_at=None, ends_at=None)
                | Q(shared_at__isnull=False, ends_at__gt=models.F("shared_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"Write-up {self.pk}"

    def is_checked_at(self, now: datetime) -> bool:
        """Whether those who took part may correct it now."""
        return self.ends_at is not None and now < self.ends_at

    @property
    def is_checked(self) -> bool:
        return self.is_checked_at(timezone.now())


class VersionQuerySet(models.QuerySet["WriteUpVersion"]):
    def standing(self, engagement: Engagement) -> "WriteUpVersion | None":
        """What is published of a workshop; None before it is. One query."""
        rows = self.filter(write_up__engagement=engagement).select_related("write_up")
        return rows.order_by("-number").first()


class WriteUpVersion(AppendOnly):
    """What was published, as it stood then; the newest stands, the others stay readable."""

    may_change = ("published_by",)

    write_up = models.ForeignKey(WriteUp, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()  # as `drafting.arrange` gives it: no word of anyone who took part
    changes = models.CharField(max_length=300, blank=True)  # what is different from the one before
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            # Also finds the newest.
            models.UniqueConstraint(fields=["write_up", "number"], name="one_write_up_per_number"),
            models.CheckConstraint(
                name="later_write_up_says_what_changed", condition=Q(number=1) | ~Q(changes="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.write_up_id}.{self.number}"


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def readable(self) -> "CorrectionQuerySet":
        """By whoever runs the workshop: neither what is with safeguarding (SAF-2) nor what was refused."""
        rows = self.filter(contribution__state__in=(State.HELD, State.RELEASED))
        return rows.select_related("contribution__group", "about")

    def annotate_words(self) -> "CorrectionQuerySet":
        """`words` of each, and `about_words`: what it is about, where anyone may read that."""
        words = Contribution.objects.with_newest_text("text").filter(pk=OuterRef("contribution"))
        about = Contribution.objects.public().filter(pk=OuterRef("about"))
        return self.annotate(
            words=Subquery(words.values("text")[:1]),  # type: ignore[misc]  # annotated above
            about_words=Subquery(about.values("public_text")[:1]),  # type: ignore[misc]  # as well
        )

    def waiting(self) -> "CorrectionQuerySet":
        """Those of them that nobody has answered."""
        return self.readable().filter(answer="")


class Correction(models.Model):
    """What somebody who took part puts right. Its words are a contribution of a kind that is never public."""

    class Answer(models.TextChoices):
        TAKEN_IN = "taken-in", _("We changed the write-up")
        NOT_TAKEN_IN = "not", _("We did not change the write-up")

    write_up = models.ForeignKey(WriteUp, on_delete=models.PROTECT, related_name="corrections")
    contribution = models.OneToOneField(Contribution, on_delete=models.PROTECT, related_name="correction")
    about = models.ForeignKey(
        Contribution, null=True, blank=True, on_delete=models.PROTECT, related_name="corrections"
    )  # which of their own words
    answer = models.CharField(max_length=8, blank=True, choices=Answer.choices)
    reason = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    key = models.CharField(max_length=64, unique=True)  # a retried request makes one

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        constraints = [
            # Whoever corrected it reads why.
            models.CheckConstraint(
                name="correction_answered_with_a_reason",
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"Correction {self.pk}"
