"""Where the notes of a workshop stand. Their words are contributions, and are nowhere in these tables.

A card is what is moved: it has one note, or several that say the same and were merged. A group holds cards.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from collaborative.changemakers.room.models import Participant, Stage
from collaborative.contributions.models import Contribution, Permission


class Placed(models.Model):
    """Something with a place in a column, in the order of `rank`."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="%(class)ss", db_index=False)
    column = models.PositiveSmallIntegerField(default=0)  # by its place in the settings of the stage
    rank = models.BigIntegerField()  # with room between two, so that moving one writes one row

    class Meta:
        abstract = True


class Cluster(Placed):
    """Cards that somebody put together. Its name is the facilitator's: what others call it is not checked."""

    name = models.CharField(max_length=120, blank=True)
    number = models.PositiveIntegerField()  # "Group 3", as long as it has no name

    class Meta:
        constraints = [
            # Also finds the groups of a board.
            models.UniqueConstraint(fields=["stage", "number"], name="cluster_numbered_once"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return self.name or str(_("Group %(number)s") % {"number": self.number})


class Card(Placed):
    cluster = models.ForeignKey(
        Cluster, null=True, blank=True, on_delete=models.PROTECT, related_name="cards"
    )  # whose column it then shares; `rank` orders it within

    class Meta:
        indexes = [
            # A board from top to bottom, and what stands beside a card.
            models.Index(fields=["stage", "column", "rank"], name="card_in_its_place"),
        ]

    def __str__(self) -> str:
        return f"Card {self.pk}"


class Note(models.Model):
    class Source(models.TextChoices):
        ROOM = "room", _("Written in the room")
        FLIPCHART = "flipchart", _("Typed in from paper")
        FILE = "file", _("From a file")
        GROUP = "group", _("Taken down for a small group")

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="notes")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="notes")
    contribution = models.OneToOneField(Contribution, on_delete=models.PROTECT, related_name="note")
    # None for what the facilitator typed in, and once the room has been forgotten.
    participant = models.ForeignKey(
        Participant, null=True, blank=True, on_delete=models.SET_NULL, related_name="notes"
    )
    named = models.BooleanField(default=False)  # by their own choice, and only where they permit it at all
    shown = models.BooleanField(default=False)  # kept in step with the contribution by `actions.follow`
    source = models.CharField(max_length=9, choices=Source.choices, default=Source.ROOM)
    table = models.CharField(max_length=40, blank=True)  # where it was written
    reflection = models.BooleanField(default=False)  # from practice: said by who does the work
    key = models.CharField(max_length=64, unique=True)  # a retried request makes one note
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # One's own notes on a board.
            models.Index(fields=["participant", "stage"], name="note_of_participant"),
        ]

    def __str__(self) -> str:
        return f"Note {self.pk}"

    @property
    def name(self) -> str:
        """Who said it, where they want that to be seen. Asks for contribution and receipt."""
        if self.named and self.contribution.permission == Permission.NAMED:
            return self.contribution.receipt.name
        return ""
