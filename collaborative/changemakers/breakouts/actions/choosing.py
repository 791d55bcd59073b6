"""What people do for themselves: choose a group, rather not, come in late, call the facilitator."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.changemakers.breakouts import groups
from collaborative.changemakers.breakouts.actions import placing
from collaborative.changemakers.breakouts.actions.standing import (
    CALL,
    TAKEN,
    forget_notes_of,
    group_in,
    locked,
    needs_adults,
    of_facilitator,
    of_participant,
    refuse_unless_safe,
    seat,
    stream,
)
from collaborative.changemakers.breakouts.tables import group_of
from collaborative.changemakers.room.models import Breakout, BreakoutSeat, Kind, Participant, Stage
from collaborative.contributions.actions import NotPossible
from collaborative.live.actions import announce
from collaborative.people.models import User


def choose(stage: Stage, group: Breakout, *, participant: Participant) -> None:
    """Go into this group, as long as it has room. Raises NotPossible: they stay where they are."""
    with transaction.atomic():
        row = of_participant(stage, participant)
        if groups.how(row) != groups.CHOSEN:
            raise NotPossible(_("In this part the facilitator gives the places."))
        there = group_in(row, group)
        standing = group_of(row, participant)
        if standing == there:
            return
        refuse_unless_safe(there, participant)
        most = groups.most(row)
        if most and there.n >= most:  # type: ignore[attr-defined]
            raise NotPossible(_("“%(group)s” is full. Choose another group.") % {"group": there.title})
        seat(row, participant, there, chosen=True)
        announce((stream(row), TAKEN, row.pk))


def refuse(stage: Stage, *, participant: Participant) -> None:
    """They would rather stay in the main room. Nobody asks why, and nobody gives them a place."""
    with transaction.atomic():
        row = of_participant(stage, participant)
        standing = BreakoutSeat.objects.filter(stage=row, participant=participant).first()
        if standing is None or standing.breakout_id is not None:
            seat(row, participant, None, chosen=True)
            announce((stream(row), TAKEN, row.pk))


def come_in(stage: Stage, *, participant: Participant) -> None:
    """A place where the facilitator gives them: for who came late, or thinks again. Raises NotPossible."""
    with transaction.atomic():
        row = of_participant(stage, participant)
        if groups.how(row) != groups.ASSIGNED:
            raise NotPossible(_("Choose a group."))
        if group_of(row, participant) is not None:
            return
        BreakoutSeat.objects.filter(stage=row, participant=participant).delete()
        _given, left = placing.place(row, [participant])
        if left:
            raise NotPossible(needs_adults() if participant.under_18 else _("All groups are full."))
        announce((stream(row), TAKEN, row.pk))


def arrived(participant: Participant) -> None:
    """Who comes late gets a place where the others have theirs already. Called when somebody has joined."""
    parts = Stage.objects.filter(engagement=participant.engagement_id, kind=Kind.BREAKOUTS)
    for stage in parts.exclude(state=Stage.State.CLOSED).filter(breakout_seats__isnull=False).distinct():
        with transaction.atomic():
            row = of_participant(stage, participant)
            seated = BreakoutSeat.objects.filter(stage=row, participant=participant).exists()
            if groups.how(row) == groups.ASSIGNED and not seated and placing.place(row, [participant])[0]:
                announce((stream(row), TAKEN, row.pk))


def leaving(participant: Participant) -> None:
    """Somebody goes: their place is free for another, and every screen says so. Called in the transaction."""
    seats = BreakoutSeat.objects.filter(participant=participant, participant__left_at=None)
    for stage in Stage.objects.filter(pk__in=seats.exclude(breakout=None).values("stage")).order_by("pk"):
        row = locked(stage)
        forget_notes_of(row, participant.pk, None)
        announce((stream(row), TAKEN, row.pk))


def call(stage: Stage, *, participant: Participant) -> None:
    """Their group asks for the facilitator. It shows on the console, and stays until somebody clears it."""
    with transaction.atomic():
        row = of_participant(stage, participant)
        group = group_of(row, participant)
        if group is None or not row.is_open:
            raise NotPossible(_("You are in no group now. Write to the facilitator below."))
        if Breakout.objects.filter(pk=group.pk, called_at=None).update(called_at=timezone.now()):
            announce((stream(row), CALL, group.pk))


def settled(stage: Stage, group: Breakout, *, who: Participant | User) -> None:
    """The facilitator was there, or the group does without. Twice is no error."""
    with transaction.atomic():
        if isinstance(who, User):
            row = of_facilitator(stage, who)
        else:
            row = of_participant(stage, who)
            if group_of(row, who) != group:
                raise NotPossible(_("This is not your group."))
        called = Breakout.objects.filter(stage=row, pk=group.pk).exclude(called_at=None)
        if called.update(called_at=None):
            announce((stream(row), CALL, group.pk))
