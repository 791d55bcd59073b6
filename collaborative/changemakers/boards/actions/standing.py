"""What every verb of a board asks first: the stage under its lock, and whether this is the time for it."""

from django.utils.translation import gettext as _

from collaborative.changemakers.room.models import WITH_NOTES, Participant, Stage
from collaborative.changemakers.room.permissions import user_may_facilitate
from collaborative.contributions.actions import NotPossible
from collaborative.people.models import User

Who = Participant | User
STEP = 2**32  # between two places: room for 32 things that are put between the same two
COLUMNS = 12


def stream(stage: Stage) -> str:
    return f"board.{stage.pk}"


def columns_of(stage: Stage) -> list[str]:
    """The names of the columns; one without a name where none was given."""
    names: list[str] = stage.settings.get("columns") or []
    return names[:COLUMNS] or [""]


def locked(stage_id: int) -> Stage:
    """The board under its lock, read after the wait for it."""
    Stage.objects.select_for_update().values_list("pk").get(pk=stage_id)
    return Stage.objects.select_related("engagement__page").get(pk=stage_id, kind__in=WITH_NOTES)


def refuse_unless_theirs(stage: Stage, who: Who) -> None:
    """People in the room while the board is open; who runs it also before and after, to tidy it up."""
    if isinstance(who, User):
        if not user_may_facilitate(who, stage.engagement):
            raise NotPossible(_("You do not run this workshop."))
        return
    if who.engagement_id != stage.engagement_id or not who.is_here:
        raise NotPossible(_("You are not in this workshop any more. Join again with its code."))
    if not stage.is_open:
        raise NotPossible(_("This board is closed. Nobody can change it any more."))
