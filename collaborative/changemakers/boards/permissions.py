"""Who checks the notes of a board."""

from collaborative.changemakers.boards.models import Note
from collaborative.changemakers.room.permissions import user_may_facilitate
from collaborative.contributions.models import Contribution
from collaborative.people.models import User


def user_may_check_note(user: User, contribution: Contribution) -> bool:
    """Whoever runs the workshop lets the room see what was written in it, besides the moderators: sixty
    people cannot wait for a queue. What is escalated is out of their sight as of everyone's (SAF-2)."""
    note = Note.objects.select_related("stage__engagement").filter(contribution=contribution).first()
    return note is not None and user_may_facilitate(user, note.stage.engagement)
