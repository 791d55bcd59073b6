"""What becomes of a note when its words are released, refused, passed on, taken back or changed."""

from collaborative.changemakers.boards.models import Note
from collaborative.changemakers.room.models import Stage
from collaborative.contributions.actions import move
from collaborative.contributions.models import Contribution, Receipt, State
from collaborative.contributions.models.contribution import PUBLISHABLE
from collaborative.live.actions import announce


def follow(contribution: Contribution, before: str) -> None:
    """Called by `contributions.actions` in its transaction, with the contribution's row locked."""
    note = Note.objects.select_related("contribution__receipt").filter(contribution=contribution).first()
    if note is None:  # it is being stored, or it was never on a board
        return
    if note.taken_back_at and contribution.state == State.HELD:
        move(contribution, State.WITHDRAWN, by=None)  # taken back while it was with safeguarding
        return
    shown, was = may_show(contribution, note.contribution.receipt), note.shown
    if not shown and not was:
        return
    # Somebody may be merging it with another just now: which card it is on is read after the wait for them.
    Stage.objects.select_for_update().values_list("pk").get(pk=note.stage_id)
    Note.objects.filter(pk=note.pk).update(shown=shown)
    card = Note.objects.values_list("card_id", flat=True).get(pk=note.pk)
    announce((f"board.{note.stage_id}", "card", card))


def may_show(contribution: Contribution, receipt: Receipt) -> bool:
    """What `Contribution.objects.public()` asks of a row; that the page is published is asked on the page."""
    return (
        contribution.state == State.RELEASED
        and contribution.permission in PUBLISHABLE
        and not contribution.withheld
        and not receipt.exclusion
    )
