"""A class that answers together: asked for by its teacher, approved by staff, led by the teacher (P6)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.engagements.ages import UNDER_18
from collaborative.engagements.models import Engagement, JoinCode
from collaborative.people.models import AgeBand

# What was begun may still be sent for so long after the end: the bell goes in the middle of a sentence.
GRACE = timedelta(minutes=10)


class ClassSessionQuerySet(models.QuerySet["ClassSession"]):
    def waiting_first(self) -> "ClassSessionQuerySet":
        """What nobody has decided before what is decided; the soonest first."""
        waits = models.Case(models.When(state="asked", then=0), default=1)
        return self.order_by(waits, "opens_at", "pk")

    def over_since(self, moment: datetime) -> "ClassSessionQuerySet":
        """Whose time had passed by then, however it was decided."""
        return self.filter(closes_at__lt=moment)


class ClassSession(models.Model):
    """`contact_…` is the school's own child-protection contact: read by whoever approves, and by safeguarding
    on a case (SAF-2). Nothing here is about a pupil."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked for")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Not approved")

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="class_sessions")
    key = models.CharField(max_length=64, unique=True)  # of the form that asked; its codes are made from it
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    teacher = models.CharField(max_length=120)
    email = models.EmailField()
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    school = models.CharField(max_length=120)
    years = models.CharField(max_length=60)
    youngest = models.CharField(
        max_length=10, choices=[(one.value, one.label) for one in AgeBand if one in UNDER_18]
    )
    pupils = models.PositiveSmallIntegerField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    contact_name = models.CharField(max_length=120)
    contact_how = models.CharField(max_length=200)
    contact_hours = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.TextField(blank=True)
    join_code = models.OneToOneField(
        JoinCode, null=True, blank=True, on_delete=models.SET_NULL, related_name="class_session"
    )
    after_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)  # of the reading code
    closed_questions = models.JSONField(default=list)  # keys; what is not in it is open
    began = models.PositiveIntegerField(default=0)  # how often the code was typed
    ended_at = models.DateTimeField(null=True, blank=True)  # by its teacher or by staff, before its time
    stopped = models.BooleanField(default=False)  # by staff, who took the approval back
    summary = models.JSONField(null=True, blank=True)  # kept once, already suppressed
    forgotten_at = models.DateTimeField(null=True, blank=True)

    objects = ClassSessionQuerySet.as_manager()

    def __str__(self) -> str:
        return self.label

    @property
    def reference(self) -> str:
        return f"K-{self.pk}"

    @property
    def label(self) -> str:
        return f"{self.school}, {self.years} ({self.reference})"

    @property
    def is_approved(self) -> bool:
        return self.state == self.State.APPROVED

    @property
    def ends_at(self) -> datetime:
        return min(self.ended_at or self.closes_at, self.closes_at)

    @property
    def grace_until(self) -> datetime:
        return self.ends_at + GRACE

    def is_open(self, now: datetime | None = None) -> bool:
        return self.is_approved and self.opens_at <= (now or timezone.now()) < self.ends_at

    def is_over(self, now: datetime | None = None) -> bool:
        return self.is_approved and (now or timezone.now()) >= self.ends_at
