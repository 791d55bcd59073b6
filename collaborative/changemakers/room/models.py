"""A workshop while it lasts: its parts as they were published, and who is in the room.

What people write there is no row of this module: notes and comments are contributions, with a receipt.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.contributions.models import Permission, Receipt
from collaborative.engagements.models import Engagement
from collaborative.people.models import HANDLED_AS_UNDER_16, HANDLED_AS_UNDER_18, AgeBand, StakeholderGroup
from collaborative.threads.models import Thread


class Kind(models.TextChoices):
    TALK = "talk", _("Talk")
    DISCUSSION = "discussion", _("Discussion")
    BOARD = "board", _("Board")
    POLL = "poll", _("Vote")
    BREAK = "break", _("Break")
    BREAKOUTS = "breakouts", _("Small groups")


WITH_NOTES = (Kind.BOARD, Kind.BREAKOUTS)  # parts in which people write notes: small groups have a board too


class StageQuerySet(models.QuerySet["Stage"]):
    def of(self, engagement: Engagement) -> "StageQuerySet":
        """In the order of the agenda."""
        return self.filter(engagement=engagement).order_by("number")

    def reachable(self) -> "StageQuerySet":
        """Of workshops whose page is published."""
        return self.filter(engagement__page__live=True).select_related("engagement")


class Stage(models.Model):
    """One part of a workshop, frozen from the page when it is published. `key` is the id of its block."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Not yet")
        OPEN = "open", _("Now")
        CLOSED = "closed", _("Over")

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="stages")
    key = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    minutes = models.PositiveIntegerField()
    # Of a board {"columns": [name]}; of a vote {"poll": kind, "options": [{"key", "label"}], "budget": n};
    # of small groups {"columns", "how": who chooses, "most": in one or 0, "groups": [{"name", "where"}]}
    settings = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    opened_at = models.DateTimeField(null=True, blank=True)  # the last time that it was opened
    closed_at = models.DateTimeField(null=True, blank=True)
    extra_minutes = models.PositiveIntegerField(default=0)  # given by the facilitator since it was opened
    revealed = models.BooleanField(default=False)  # of a vote: the room may see how it stands
    thread = models.OneToOneField(
        Thread, null=True, blank=True, on_delete=models.SET_NULL, related_name="stage"
    )
    # How often small groups were mixed anew: a form sent twice, or by two people, mixes them once.
    mixed = models.PositiveIntegerField(default=0)

    objects = StageQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "key"], name="one_stage_per_block"),
            # The room does one thing at a time, whoever pressed what at the same moment.
            models.UniqueConstraint(
                fields=["engagement"], condition=Q(state="open"), name="one_open_stage_in_a_room"
            ),
            models.CheckConstraint(name="stage_kind_known", condition=Q(kind__in=Kind.values)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def has_begun(self) -> bool:
        return self.opened_at is not None

    @property
    def ends_at(self) -> datetime | None:
        """When its time is up; nothing happens by itself then. None while it is not open."""
        if not self.is_open or self.opened_at is None:
            return None
        return self.opened_at + timedelta(minutes=self.minutes + self.extra_minutes)


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def here(self) -> "ParticipantQuerySet":
        """Who joined and has not said that they leave."""
        return self.filter(left_at=None)


class Participant(models.Model):
    """Somebody in the room, known by a cookie. No account, no password, no address."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="participants")
    key_hash = models.CharField(max_length=64, unique=True)  # of the cookie
    name = models.CharField(max_length=60)  # made for them, or typed by them; shown only where they said so
    age_band = models.CharField(max_length=10, choices=AgeBand.choices)
    group = models.ForeignKey(
        StakeholderGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    permission = models.CharField(max_length=14, choices=Permission.choices)
    # Made at the first thing that they give: who says nothing is no response.
    receipt = models.OneToOneField(
        Receipt, null=True, blank=True, on_delete=models.PROTECT, related_name="participant"
    )
    joined_at = models.DateTimeField()
    table = models.CharField(max_length=40, blank=True)  # where they sit, as the facilitator calls it
    left_at = models.DateTimeField(null=True, blank=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        constraints = [
            # KC-7: nobody who is, or may be, under 16 is shown by a name.
            models.CheckConstraint(
                name="kc_7_nobody_under_16_named_in_a_room",
                condition=~Q(permission="named") | Q(age_band__in=["16-17", "18-25", "26-plus"]),
            ),
            models.CheckConstraint(
                name="rif_1_of_a_participant",
                condition=Q(permission__in=Permission.values) & Q(age_band__in=AgeBand.values),
            ),
        ]
        indexes = [
            # Who is here, and who of which group has said nothing.
            models.Index(fields=["engagement", "left_at"], name="participant_of_room"),
        ]

    def __str__(self) -> str:
        return f"Participant {self.pk}"

    @property
    def is_here(self) -> bool:
        return self.left_at is None

    @property
    def under_16(self) -> bool:
        return self.age_band in HANDLED_AS_UNDER_16

    @property
    def under_18(self) -> bool:
        return self.age_band in HANDLED_AS_UNDER_18

    @property
    def shown_name(self) -> str:
        """The name that others may see; empty unless they chose it."""
        return self.name if self.permission == Permission.NAMED else ""


class Room(models.Model):
    """What the facilitator said to everybody, and whether the workshop has been ended."""

    engagement = models.OneToOneField(Engagement, on_delete=models.PROTECT, related_name="room")
    said = models.CharField(max_length=200, blank=True)
    said_at = models.DateTimeField(null=True, blank=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Room {self.pk}"

    def is_over(self, now: datetime | None = None) -> bool:
        return self.ended_at is not None and self.ended_at <= (now or timezone.now())


class Breakout(models.Model):
    """One of the small groups of a part."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="breakouts")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=40, blank=True)  # as long as a note has room for where it was written
    where = models.CharField(max_length=120, blank=True)  # a table, a room, or how to get there online
    note_taker = models.ForeignKey(
        Participant, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    called_at = models.DateTimeField(null=True, blank=True)  # somebody in it asks for the facilitator

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["stage", "number"], name="breakout_numbered_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return self.name or str(_("Group %(number)s") % {"number": self.number})


class BreakoutSeat(models.Model):
    """Where somebody is in a part with small groups; without a breakout, they would rather not."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="breakout_seats")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="breakout_seats")
    breakout = models.ForeignKey(
        Breakout, null=True, blank=True, on_delete=models.CASCADE, related_name="seats"
    )
    chosen = models.BooleanField(default=False)  # by themselves: a reshuffle leaves it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stage", "participant"], name="one_breakout_for_each"),
        ]

    def __str__(self) -> str:
        return f"Seat {self.pk}"


class NamedAdult(models.Model):
    """An adult who may go with people under 18 into a small group, and who recorded that their PVG scheme
    check was seen. Left out: the check itself; it stays with who made it. Taken off, the row stays: who went
    with whom may be asked about later."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="named_adults")
    name = models.CharField(max_length=120)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    taken_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "name"], name="adult_named_once"),
        ]

    def __str__(self) -> str:
        return self.name


class AdultInGroup(models.Model):
    """Which small group of a part a named adult goes with: one at a time."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="adults", db_index=False)
    adult = models.ForeignKey(NamedAdult, on_delete=models.CASCADE, related_name="groups")
    breakout = models.ForeignKey(Breakout, on_delete=models.CASCADE, related_name="adults")

    class Meta:
        constraints = [
            # Also finds the adults of a part.
            models.UniqueConstraint(fields=["stage", "adult"], name="one_group_for_an_adult"),
        ]

    def __str__(self) -> str:
        return f"Adult in group {self.pk}"
