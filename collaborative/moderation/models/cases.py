"""Concerns that left moderation, and what was done about them."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from collaborative.appendonly import AppendOnly
from collaborative.contributions.models import Contribution, Wording
from collaborative.engagements.models import Engagement
from collaborative.moderation.models.reports import Report
from collaborative.people.models import User
from collaborative.people.roles import Role, has_role, who_look_after_safety


class SafeguardingCaseQuerySet(models.QuerySet["SafeguardingCase"]):
    def open(self) -> "SafeguardingCaseQuerySet":
        return self.filter(closed_at=None)

    def unseen(self) -> "SafeguardingCaseQuerySet":
        """Open, and nobody named for it has looked since it was last raised."""
        return self.filter(closed_at=None, looked_at=None)

    def open_first(self) -> "SafeguardingCaseQuerySet":
        """Open cases before closed ones, the oldest first; of the closed the newest first."""
        return self.order_by(F("closed_at").desc(nulls_first=True), "opened_at", "pk")

    def for_user(self, user: User | AnonymousUser) -> "SafeguardingCaseQuerySet":
        """Need to know (SAF-2): the lead and the deputy of where it was said; where neither of them can open
        a case, or it was said nowhere in particular, everyone in the safeguarding role."""
        if not has_role(user, Role.SAFEGUARDING):
            return self.none()
        lead, deputy = "engagement__safeguarding_lead", "engagement__safeguarding_deputy"
        able = who_look_after_safety().filter(Q(pk=OuterRef(lead)) | Q(pk=OuterRef(deputy)))
        return self.filter(Q(**{lead: user.pk}) | Q(**{deputy: user.pk}) | ~Exists(able))


class SafeguardingCase(models.Model):
    """About something that somebody wrote, or about what somebody told us; or about both.

    It is kept, and the words with it, until it is closed: whatever its author takes back, and whatever is
    cleared away elsewhere in the meantime.
    """

    contribution = models.OneToOneField(
        Contribution, null=True, blank=True, on_delete=models.PROTECT, related_name="case"
    )
    # The newest wording when the concern was raised. Words that came later do not replace it.
    frozen = models.ForeignKey(Wording, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    report = models.OneToOneField(
        Report, null=True, blank=True, on_delete=models.PROTECT, related_name="case"
    )
    engagement = models.ForeignKey(
        Engagement, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    raised_at = models.DateTimeField()  # when it began to wait for somebody, the last time
    looked_at = models.DateTimeField(null=True, blank=True)  # first look since then
    alerted_at = models.DateTimeField(null=True, blank=True)
    alerts = models.PositiveSmallIntegerField(default=0)  # how many rounds went out since it was raised
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    outcome = models.TextField(blank=True)

    objects = SafeguardingCaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_case_is_about_something",
                condition=Q(contribution__isnull=False) | Q(report__isnull=False),
            ),
        ]
        indexes = [
            # What is open and unseen: the nightly net, and the admin's first page.
            models.Index(fields=["closed_at", "looked_at"], name="case_waiting"),
        ]

    def __str__(self) -> str:
        return f"Case {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def subject(self) -> str:
        """How the record names it."""
        return f"case:{self.pk}"


class CaseNote(AppendOnly):
    """One thing that was done, as it was written down. Never changed; a mistake gets a note of its own."""

    may_change = ("by",)
    may_empty = ("text",)  # once the case is closed and its time is over

    class Kind(models.TextChoices):
        RAISED = "raised", _("Concern raised")
        NOTE = "note", _("Note")
        SPOKE = "spoke", _("Spoke to somebody")
        PASSED_ON = "passed-on", _("Passed on to people who can help")
        CLOSED = "closed", _("Closed")
        REOPENED = "reopened", _("Opened again")

    # What somebody may choose; the others are written by what happens.
    BY_HAND = (Kind.NOTE, Kind.SPOKE, Kind.PASSED_ON)

    case = models.ForeignKey(SafeguardingCase, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id}"
