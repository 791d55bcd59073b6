"""What came of a consultation, as it was published: each part in its words, with the figures it stood on."""

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from collaborative.appendonly import AppendOnly
from collaborative.engagements.models import Engagement
from collaborative.figures.models import Table


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def standing(self) -> "FeedbackQuerySet":
        """The newest wording of each part."""
        same = Feedback.objects.filter(engagement=OuterRef("engagement"), part=OuterRef("part"))
        newest = same.order_by("-number").values("number")[:1]
        return self.annotate(newest=Subquery(newest)).filter(number=F("newest"))


class Feedback(AppendOnly):
    """One part of the feedback as it was published (FBK-1). Other words later are the next number.

    `table` is a table of a release, and no number is copied from it: what stands here is what was public
    then, made safe in one system with everything else.
    """

    may_change = ("published_by", "told_to", "told_at")

    class Part(models.TextChoices):
        ASKED = "asked", _("We asked")
        SAID = "said", _("You said")
        DID = "did", _("We did")

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="feedback")
    part = models.CharField(max_length=5, choices=Part.choices)
    number = models.PositiveIntegerField()
    text = models.TextField()
    on = models.DateField()
    decisions = models.JSONField(default=list)  # numbers of the decisions that answered when it was published
    table = models.ForeignKey(Table, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # FBK-2: up to which response those who asked have their letter, and when all of them had.
    told_to = models.PositiveBigIntegerField(default=0)
    told_at = models.DateTimeField(null=True, blank=True)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        constraints = [
            # Also serves "the newest wording of this part".
            models.UniqueConstraint(
                fields=["engagement", "part", "number"], name="one_feedback_per_part_and_number"
            ),
        ]
        indexes = [
            # The nightly net: whom a worker that died has not told.
            models.Index(fields=["published_at"], condition=models.Q(told_at=None), name="feedback_untold")
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()} {self.number} of {self.engagement_id}"
