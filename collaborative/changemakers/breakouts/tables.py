"""In which small group somebody sits. Boards ask it too, and mark a note with it."""

from collaborative.changemakers.room.models import Breakout, Kind, Participant, Stage


def group_of(stage: Stage, participant: Participant) -> Breakout | None:
    """One query for small groups, none for any other part."""
    if stage.kind != Kind.BREAKOUTS:
        return None
    return Breakout.objects.filter(seats__stage=stage, seats__participant=participant).first()
