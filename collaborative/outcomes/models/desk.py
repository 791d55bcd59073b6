"""What the board does with topics that it has not answered (decision 53): it puts one off with a reason, and
says of a whole consultation or workshop that nothing of it waits any more."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from collaborative.analysis.models import Theme
from collaborative.appendonly import AppendOnly
from collaborative.engagements.models import Engagement


class PutOffQuerySet(models.QuerySet["PutOff"]):
    def standing(self) -> Self:
        """The last word on each topic of each engagement, where that is that it was put off."""
        later = PutOff.objects.filter(
            engagement=OuterRef("engagement"), theme=OuterRef("theme"), number__gt=OuterRef("number")
        )
        return self.filter(~Exists(later), taken_up=False)


class PutOff(AppendOnly):
    """The board put a topic of one engagement off, or took it up again. An answer ends it by itself."""

    may_change: ClassVar[tuple[str, ...]] = ("by",)

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="put_off")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="put_off")
    number = models.PositiveIntegerField()
    taken_up = models.BooleanField(default=False)
    reason = models.TextField()  # public; empty where it was taken up again
    until = models.DateField(null=True)  # by when the board looks at it again
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    at = models.DateTimeField()

    objects = PutOffQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "theme", "number"], name="one_putting_off_per_number"
            ),
            models.CheckConstraint(
                name="put_off_with_a_reason_and_a_day",
                condition=Q(taken_up=True) | (~Q(reason="") & Q(until__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.theme_id} of {self.engagement_id}, {self.number}"


class ClosedOff(AppendOnly):
    """Every topic of this engagement was answered or put off on that day."""

    may_change: ClassVar[tuple[str, ...]] = ("by",)

    engagement = models.OneToOneField(Engagement, on_delete=models.PROTECT, related_name="closed_off")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.engagement_id} on {self.at:%Y-%m-%d}"
