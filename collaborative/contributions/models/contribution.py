"""What a person gave, in its words. `Contribution.objects.public()` is the only door to any page."""

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from collaborative.appendonly import AppendOnly
from collaborative.contributions.models.receipt import Channel, Edition, Permission, Receipt
from collaborative.engagements.models import Engagement
from collaborative.people.models import AgeBand, StakeholderGroup


class State(models.TextChoices):
    HELD = "held", _("Waiting to be checked")
    RELEASED = "released", _("Checked")
    REFUSED = "refused", _("Not shown")
    ESCALATED = "escalated", _("Passed on")
    WITHDRAWN = "withdrawn", _("Taken back")
    HIDDEN = "hidden", _("Hidden with what it answers")


# From each state, where an action may take it. Safeguarding alone moves something out of ESCALATED.
TRANSITIONS: dict[str, frozenset[str]] = {
    State.HELD: frozenset({State.RELEASED, State.REFUSED, State.ESCALATED, State.WITHDRAWN}),
    State.RELEASED: frozenset({State.HELD, State.REFUSED, State.ESCALATED, State.WITHDRAWN, State.HIDDEN}),
    State.REFUSED: frozenset({State.HELD, State.RELEASED, State.ESCALATED, State.WITHDRAWN}),
    State.ESCALATED: frozenset({State.HELD, State.REFUSED, State.WITHDRAWN}),
    State.HIDDEN: frozenset({State.RELEASED, State.ESCALATED, State.WITHDRAWN}),
    State.WITHDRAWN: frozenset(),
}

PUBLISHABLE = frozenset({Permission.NAMED, Permission.ANONYMOUS})
# Kinds that are said to those who run a place and to nobody else, whatever is decided about the words: public
# nowhere, no evidence, in no download. Every reader asks `openly()`, or `not_private` from another table.
PRIVATE = ("correction", "message")


def not_private(path: str = "") -> Q:
    """`path`: from the table that is asked to the contribution, as "wording__contribution__"."""
    return ~Q(**{f"{path}kind__in": PRIVATE})


class ContributionQuerySet(models.QuerySet["Contribution"]):
    def public(self) -> "ContributionQuerySet":
        """What anyone may read (RIF-2), each row with `public_text`: the newest wording.

        Default deny: released by a person or by the policy, permitted by its author, not withheld by staff,
        given to something that is published, and not left out as a duplicate, a blank or a test.
        """
        rows = self.permitted().with_newest_text("public_text")
        return rows.filter(public_text__gt="")  # type: ignore[misc]  # neither empty nor none, asked once

    def permitted(self) -> "ContributionQuerySet":
        """Those of `public()`, told without reading a word: for counting many, and choosing which to read.

        Nothing is shown by it. It differs only by words that were destroyed and stand as if they were not.
        """
        return self.openly().filter(
            state=State.RELEASED,
            permission__in=PUBLISHABLE,
            withheld=False,
            engagement__page__live=True,
            receipt__exclusion="",
        )

    def openly(self) -> "ContributionQuerySet":
        """All but what is said to staff alone."""
        return self.filter(not_private())

    def with_newest_text(self, name: str = "newest_text") -> "ContributionQuerySet":
        """Annotate the newest wording's text under `name`. For staff; `public()` is for everyone else."""
        newest = Wording.objects.filter(contribution=OuterRef("pk")).order_by("-number")
        return self.annotate(**{name: Subquery(newest.values("text")[:1])})

    def held(self) -> "ContributionQuerySet":
        """The checking queue: what presses most, then the oldest (MOD-3). Never escalated words."""
        return self.filter(state=State.HELD).order_by("-priority", "created_at", "pk")

    def analysable(self) -> "ContributionQuerySet":
        """What analysts sort: checked, not left out. Permission does not matter here (RIF-3)."""
        return self.openly().filter(state=State.RELEASED, receipt__exclusion="")


class Contribution(models.Model):
    class Kind(models.TextChoices):
        ANSWER = "answer", _("Answer")
        COMMENT = "comment", _("Comment")
        NOTE = "note", _("Workshop note")
        PROPOSAL = "proposal", _("Proposal")
        OBSERVATION = "observation", _("Observation")
        # PRIVATE: what somebody puts right in a write-up, for whoever wrote it; and what somebody in a room
        # tells its facilitator alone.
        CORRECTION = "correction", _("Correction of a write-up")
        MESSAGE = "message", _("Note to the facilitator")

    reference = models.CharField(max_length=12, unique=True)
    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="contributions")
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="contributions")
    prompt = models.TextField()  # as it was asked
    prompt_key = models.CharField(max_length=60)  # which question or stage, the same in every edition
    kind = models.CharField(max_length=12, choices=Kind.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    edition = models.CharField(max_length=10, choices=Edition.choices)
    language = models.CharField(max_length=10)
    group = models.ForeignKey(
        StakeholderGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    age_band = models.CharField(max_length=10, choices=AgeBand.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    permission = models.CharField(max_length=14, choices=Permission.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.HELD)
    # RIF-6: checked, sorted and counted, and kept off every page all the same.
    withheld = models.BooleanField(default=False, db_default=False)
    # How soon a person should look, set by whoever stores it. It decides nothing else (SAF-4).
    priority = models.PositiveSmallIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)  # when a person first checked it
    # When its author took it back while it was kept for a safeguarding case: it goes when that is closed.
    wanted_back_at = models.DateTimeField(null=True, blank=True)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        indexes = [
            # The checking queue: what presses most, then the oldest held.
            models.Index(fields=["state", "-priority", "created_at"], name="contribution_by_priority"),
            # Responses of one consultation, newest first, and the workbench's list by question.
            models.Index(
                fields=["engagement", "prompt_key", "state", "-created_at", "-id"],
                name="contribution_by_question",
            ),
        ]
        constraints = [
            models.CheckConstraint(name="contribution_state_known", condition=Q(state__in=State.values)),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_private(self) -> bool:
        return self.kind in PRIVATE


class Wording(AppendOnly):
    """The words themselves. Codings and quotes point here; erasure empties `text` and `key`, nothing else."""

    may_change = ("created_by",)
    may_empty = ("text", "key")

    class Kind(models.TextChoices):
        GIVEN = "given", _("As given")
        EDITED = "edited", _("Edited by its author")
        REDACTED = "redacted", _("With words removed")
        TRANSCRIPT = "transcript", _("Transcript")

    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="wordings")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.TextField()
    key = models.CharField(max_length=64)  # of the fingerprint; destroyed with the text
    fingerprint = models.CharField(max_length=64)
    reason = models.CharField(max_length=300, blank=True)  # RIF-6: why words were removed
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            # Also serves "the newest wording of this contribution".
            models.UniqueConstraint(fields=["contribution", "number"], name="one_wording_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id}.{self.number}"
