"""What can happen in a room, by noun.

Locks are always taken in this order: the room, its parts, a thread, a participant, the streams. So whatever
two facilitators press at the same moment, one thing happens after the other.
"""

from collaborative.changemakers.room.actions.joining import Joining, join, leave
from collaborative.changemakers.room.actions.running import close, end, extend, open_stage, say
from collaborative.changemakers.room.actions.saying import comment, tell_facilitator

__all__ = [
    "Joining",
    "close",
    "comment",
    "end",
    "extend",
    "join",
    "leave",
    "open_stage",
    "say",
    "tell_facilitator",
]
