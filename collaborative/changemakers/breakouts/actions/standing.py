"""What every verb asks first, and how it puts somebody into a group."""

from django.utils.translation import gettext as _

from collaborative.changemakers.boards.actions.standing import locked as locked_part
from collaborative.changemakers.breakouts import groups
from collaborative.changemakers.room.actions.running import stream as room_stream
from collaborative.changemakers.room.giving import refuse_if_stopped
from collaborative.changemakers.room.models import Breakout, BreakoutSeat, Kind, Participant, Stage
from collaborative.changemakers.room.permissions import user_may_facilitate
from collaborative.contributions.actions import NotPossible
from collaborative.live.actions import announce
from collaborative.people.models import User

MIXED, TAKEN, CALL = "mixed", "taken", "call"  # events; live.py says what follows from each


def stream(stage: Stage) -> str:
    return f"breakouts.{stage.pk}"


def locked(stage: Stage) -> Stage:
    """The part under its lock, read after the wait for it."""
    row = locked_part(stage.pk)
    if row.kind != Kind.BREAKOUTS:
        raise NotPossible(_("This part has no small groups."))
    return row


def of_facilitator(stage: Stage, by: User) -> Stage:
    row = locked(stage)
    if not user_may_facilitate(by, row.engagement):
        raise NotPossible(_("You do not run this workshop."))
    return row


def of_participant(stage: Stage, participant: Participant) -> Stage:
    """While it lasts and before it, so that they can say beforehand what they would rather."""
    row = locked(stage)
    if participant.engagement_id != row.engagement_id or not participant.is_here:
        raise NotPossible(_("You are not in this workshop any more. Join again with its code."))
    if row.state == Stage.State.CLOSED:
        raise NotPossible(_("The small groups are over."))
    return row


def group_in(stage: Stage, group: Breakout) -> Breakout:
    """As it is now that we have the lock."""
    found = next((one for one in groups.counted(stage) if one.pk == group.pk), None)
    if found is None:
        raise NotPossible(_("This group is not there any more."))
    return found


def refuse_unless_safe(group: Breakout, participant: Participant) -> None:
    """SAF-1: whoever is, or may be, under 18 is in a group with named adults only. `group`: of `counted`."""
    if participant.under_18:
        refuse_if_stopped(participant)
        if not groups.is_for_young(group):
            raise NotPossible(needs_adults())


def needs_adults() -> str:
    return _(
        "Two adults whose checks we have seen must be in a group with somebody who is, or may be, under 18. "
        "This group does not have two."
    )


def seat(stage: Stage, participant: Participant, group: Breakout | None, *, chosen: bool) -> None:
    """They sit there from now on, and take notes nowhere else. Without a group they would rather not."""
    values = {"breakout": group, "chosen": chosen}
    BreakoutSeat.objects.update_or_create(stage=stage, participant=participant, defaults=values)
    forget_notes_of(stage, participant.pk, group)


def forget_notes_of(stage: Stage, participant: int, group: Breakout | None) -> None:
    taking = Breakout.objects.filter(stage=stage, note_taker=participant)
    taking.exclude(pk=group.pk if group else 0).update(note_taker=None)


def changed(*stages: Stage) -> None:
    """Everybody looks again, also who is still in the part before. The stages are of one workshop."""
    rooms = {(room_stream(stage.engagement_id), "groups", stage.engagement_id) for stage in stages}
    announce(*((stream(stage), MIXED, stage.pk) for stage in stages), *rooms)
