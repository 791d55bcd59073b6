"""Who voted, and for what. The choices are frozen in the settings of the stage; a vote names one."""

from django.db import models
from django.db.models import Q

from collaborative.changemakers.room.models import Participant, Stage
from collaborative.people.models import StakeholderGroup

MOST = 20  # dots, lines to put in order, steps of a scale: nothing counts for more


class Ballot(models.Model):
    """One person, one ballot, whatever is pressed twice. It outlives the room, without them."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="ballots", db_index=False)
    participant = models.ForeignKey(
        Participant, null=True, blank=True, on_delete=models.SET_NULL, related_name="ballots"
    )
    group = models.ForeignKey(
        StakeholderGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # of the voter, then: counted by group afterwards, and suppressed as every figure is
    cast_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            # Also finds the ballots of a stage.
            models.UniqueConstraint(fields=["stage", "participant"], name="one_ballot_for_each"),
        ]

    def __str__(self) -> str:
        return f"Ballot {self.pk}"


class Vote(models.Model):
    """`value`: 1 for what was chosen, dots, how far they agree (1 to 5), or the place (1 is first)."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="votes", db_index=False)
    option = models.CharField(max_length=8)
    value = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            # Also finds the votes of a ballot.
            models.UniqueConstraint(fields=["ballot", "option"], name="one_vote_for_an_option"),
            models.CheckConstraint(
                name="a_vote_counts_for_something", condition=Q(value__gte=1, value__lte=MOST)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ballot_id}.{self.option}"
