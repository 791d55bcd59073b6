"""What can happen on a board, by noun.

Locks are always taken in this order, so that no two people wait for each other in a ring: contributions that
stood before, the stage, participants, the streams.
"""

from collaborative.changemakers.boards.actions.adding import Written, add, type_in
from collaborative.changemakers.boards.actions.following import follow
from collaborative.changemakers.boards.actions.grouping import (
    dissolve,
    group,
    merge,
    name_group,
    part,
    ungroup,
)
from collaborative.changemakers.boards.actions.moving import Place, move
from collaborative.changemakers.boards.actions.own import change, take_back

__all__ = [
    "Place",
    "Written",
    "add",
    "change",
    "dissolve",
    "follow",
    "group",
    "merge",
    "move",
    "name_group",
    "part",
    "take_back",
    "type_in",
    "ungroup",
]
