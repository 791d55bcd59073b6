"""Who has a place at a workshop and who waits for one. What people say there is no part of this."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.engagements.models import Engagement
from collaborative.people.models import HANDLED_AS_UNDER_16, AgeBand, StakeholderGroup

SIXTEEN_AND_OVER = sorted(set(AgeBand.values) - set(HANDLED_AS_UNDER_16))


class Seating(models.Model):
    """What the page said about places when it was published last. Its row is locked by whoever gives a place
    or takes one, so that two people never get the same.

    `kept` are places for groups: {id of a group: number}. `place_exact` and `link` are read only by those who
    have a place.
    """

    engagement = models.OneToOneField(Engagement, on_delete=models.PROTECT, related_name="seating")
    capacity = models.PositiveIntegerField(null=True)  # None: nobody registers for it
    kept = models.JSONField(default=dict)
    registration_from = models.DateTimeField(null=True)
    registration_until = models.DateTimeField(null=True)
    place = models.CharField(max_length=200, blank=True)
    place_exact = models.CharField(max_length=300, blank=True)
    link = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)  # grows with what stands in a calendar (RFC 5545)
    details = models.CharField(max_length=64, blank=True)  # a hash of the time and place people were told
    called_off_at = models.DateTimeField(null=True)  # its page was taken down before its day

    def __str__(self) -> str:
        return f"Places at {self.engagement_id}"


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def of(self, engagement: Engagement) -> "RegistrationQuerySet":
        return self.filter(engagement=engagement)

    def seated(self) -> "RegistrationQuerySet":
        return self.filter(state=Registration.State.SEAT)

    def waiting(self) -> "RegistrationQuerySet":
        """In the order in which they move up."""
        return self.filter(state=Registration.State.WAITING).order_by("registered_at", "pk")

    def standing(self) -> "RegistrationQuerySet":
        """With a place or waiting for one."""
        return self.filter(state__in=Registration.STANDING)

    def counted(self, engagements: list[int]) -> dict[tuple[int, str], int]:
        """{(engagement, state): how many}. One query."""
        rows = self.filter(engagement__in=engagements).order_by().values_list("engagement", "state")
        return {(engagement, state): n for engagement, state, n in rows.annotate(n=models.Count("pk"))}

    def over_since(self, moment: datetime) -> "RegistrationQuerySet":
        """Of workshops that were over by then."""
        return self.filter(engagement__closes_at__lt=moment)


class Registration(models.Model):
    """Somebody who has a place, waits for one or gave it back. Under 16, name and address are those of an
    adult who comes along (KC-8). The private link is made from `key` and the site's secret, and found by its
    hash, so a copy of the database opens nothing."""

    class State(models.TextChoices):
        SEAT = "seat", _("Has a place")
        WAITING = "waiting", _("On the waiting list")
        CANCELLED = "cancelled", _("Does not come")

    STANDING = (State.SEAT.value, State.WAITING.value)

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="registrations")
    key = models.CharField(max_length=64, unique=True)  # of the form that asked, so that it asks once
    token_hash = models.CharField(max_length=64, unique=True, null=True)
    state = models.CharField(max_length=9, choices=State.choices)
    name = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    email_hash = models.CharField(max_length=64, blank=True)
    group = models.ForeignKey(
        StakeholderGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    age_band = models.CharField(max_length=10, choices=AgeBand.choices)
    by_adult = models.BooleanField(default=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    registered_at = models.DateTimeField()
    seated_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(  # None: by themselves
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # By the private link. Who they are in the room is not linked: what is said there stays without a name.
    came_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)  # why staff took the place back; they read it
    forgotten_at = models.DateTimeField(null=True, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        constraints = [
            # However often and from however many windows: one address has one place or waits once.
            models.UniqueConstraint(
                fields=["engagement", "email_hash"],
                condition=Q(state__in=["seat", "waiting"]) & ~Q(email_hash=""),
                name="one_place_for_an_address",
            ),
            models.CheckConstraint(
                name="kc_8_an_adult_registers_under_16",
                condition=Q(age_band__in=SIXTEEN_AND_OVER) | Q(by_adult=True),
            ),
            models.CheckConstraint(
                name="registration_state_known", condition=Q(state__in=["seat", "waiting", "cancelled"])
            ),
        ]
        indexes = [
            # Who moves up next, and who has a place, asked under the lock of the seating.
            models.Index(fields=["engagement", "state", "registered_at"], name="registration_in_turn"),
        ]

    def __str__(self) -> str:
        return f"Registration {self.pk}"

    @property
    def is_seated(self) -> bool:
        return self.state == self.State.SEAT

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_cancelled(self) -> bool:
        return self.state == self.State.CANCELLED

    @property
    def moved_up(self) -> bool:
        """They waited first."""
        return self.seated_at is not None and self.seated_at > self.registered_at


class AccessNeed(models.Model):
    """What somebody needs in order to take part: apart from everything else, read by facilitators alone, and
    destroyed a week after the workshop (PAR-2)."""

    registration = models.OneToOneField(Registration, on_delete=models.CASCADE, related_name="access_need")
    text = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Access need {self.pk}"
