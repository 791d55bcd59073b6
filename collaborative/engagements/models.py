"""What something is given to: a consultation or a workshop, its dates, audiences, rules and gates.

Terms are written on the Wagtail page, where they can be drafted and previewed. Publication copies them
into an `Engagement`, which is what every rule asks: "is it open?", "are under-18s invited?".
"""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from collaborative.engagements import cover
from collaborative.engagements.week import WeekField
from collaborative.people.models import StakeholderGroup


class Moderation(models.TextChoices):
    EVERYONE = "everyone", _("Check everything before it is shown")
    STRANGERS = "strangers", _("Signed-in adults post at once")


class LawfulBasis(models.TextChoices):
    PUBLIC_TASK = "public-task", _("Public task")
    CONSENT = "consent", _("Consent")


class Terms(models.Model):
    """The terms of an engagement: on the page that is drafted, and on the row of what was published."""

    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    short_period_reason = models.TextField(_("why less than 12 weeks"), blank=True)  # CON-3
    can_change = models.TextField(_("what can change"), blank=True)  # PAR-1
    cannot_change = models.TextField(_("what cannot change"), blank=True)
    who_decides = models.CharField(_("who decides"), max_length=200, blank=True)
    decides_by = models.DateField(_("decides by"), null=True, blank=True)
    invites_under_18 = models.BooleanField(_("people under 18 are invited"), default=False)
    moderation = models.CharField(max_length=12, choices=Moderation.choices, default=Moderation.EVERYONE)
    lawful_basis = models.CharField(
        max_length=12, choices=LawfulBasis.choices, default=LawfulBasis.PUBLIC_TASK
    )
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    safeguarding_lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    safeguarding_deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    cover_times = WeekField(_("cover hours"), default=dict, blank=True)  # SAF-1
    cover_throughout = models.BooleanField(_("for as long as the workshop lasts"), default=False)
    cover_hours = models.CharField(_("more about the hours"), max_length=200, blank=True)
    lundy_space = models.TextField(_("space: the safe route, and who is missing"), blank=True)  # LUN-1
    lundy_voice = models.TextField(_("voice: the ways to take part"), blank=True)
    lundy_audience = models.TextField(_("audience: who listens, by name"), blank=True)
    lundy_influence = models.TextField(_("influence: the decision it feeds"), blank=True)

    class Meta:
        abstract = True

    @property
    def cover_words(self) -> str:
        """The hours as people read them, with what editors added."""
        parts = [cover.of(self).words(), self.cover_hours.strip()]
        return " ".join(f"{part.rstrip('.')}." for part in parts if part)


class EngagementQuerySet(models.QuerySet["Engagement"]):
    def open_at(self, now: datetime) -> "EngagementQuerySet":
        return self.filter(opens_at__lte=now).filter(Q(closes_at__gt=now) | Q(closes_at=None))

    def coming_at(self, now: datetime) -> "EngagementQuerySet":
        return self.filter(opens_at__gt=now)

    def closed_at(self, now: datetime) -> "EngagementQuerySet":
        return self.filter(closes_at__lte=now)


class Engagement(Terms):
    class Kind(models.TextChoices):
        CONSULTATION = "consultation", _("Consultation")
        SESSION = "session", _("Workshop")

    class State(models.TextChoices):
        COMING = "coming", _("Not open yet")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    slug = models.SlugField(unique=True, max_length=120)
    title = models.CharField(max_length=255)
    page = models.OneToOneField(Page, on_delete=models.PROTECT, related_name="engagement")
    audiences = models.ManyToManyField(StakeholderGroup, blank=True, related_name="+")

    objects = EngagementQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title

    def state_at(self, now: datetime) -> "Engagement.State":
        if self.opens_at is None or self.opens_at > now:
            return self.State.COMING
        if self.closes_at is not None and self.closes_at <= now:
            return self.State.CLOSED
        return self.State.OPEN

    @property
    def state(self) -> "Engagement.State":
        """Derived from the dates, never stored."""
        return self.state_at(timezone.now())

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    def pauses_under_18(self) -> bool:
        """SAF-1 and LUN-1 hold for as long as it is open: when an account is closed or a role taken away,
        people under 18 wait until the gaps are filled."""
        from collaborative.engagements import gates  # it reads the models

        return self.invites_under_18 and bool(gates.under_18(self, self.kind))

    def class_is_open(self, now: datetime | None = None) -> bool:
        """Whether a class is at work here: its school sits behind one address, and many write at once."""
        codes = self.join_codes.valid_at(now or timezone.now())  # type: ignore[attr-defined]
        return codes.filter(kind=JoinCode.Kind.CLASS).exists()


class JoinCodeQuerySet(models.QuerySet["JoinCode"]):
    def valid_at(self, now: datetime) -> "JoinCodeQuerySet":
        return self.filter(valid_from__lte=now, valid_until__gt=now)


class JoinCode(models.Model):
    """A code for a class or a workshop (KID-2). Only its hash is stored."""

    class Kind(models.TextChoices):
        CLASS = "class", _("Class")
        SESSION = "session", _("Workshop")

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="join_codes")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    label = models.CharField(max_length=120, blank=True)
    code_hash = models.CharField(max_length=64, unique=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()

    objects = JoinCodeQuerySet.as_manager()

    def __str__(self) -> str:
        return self.label or f"{self.kind} code {self.pk}"

    def valid_at(self, now: datetime) -> bool:
        return self.valid_from <= now < self.valid_until
