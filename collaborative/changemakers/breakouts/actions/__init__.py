"""What can happen to small groups, by noun.

Every verb takes the lock of the part first, then the streams: so two people cannot have one last place, and
two facilitators mix the groups once. Each says how things shall be: twice is no error.
"""

from collaborative.changemakers.breakouts.actions.adults import record_adult, send_adult, take_off_adult
from collaborative.changemakers.breakouts.actions.choosing import (
    arrived,
    call,
    choose,
    come_in,
    leaving,
    refuse,
    settled,
)
from collaborative.changemakers.breakouts.actions.placing import move, reshuffle, spread
from collaborative.changemakers.breakouts.actions.running import (
    add_group,
    change_group,
    name_note_taker,
    take_away,
)

__all__ = [
    "add_group",
    "arrived",
    "call",
    "change_group",
    "choose",
    "come_in",
    "leaving",
    "move",
    "name_note_taker",
    "record_adult",
    "refuse",
    "reshuffle",
    "send_adult",
    "settled",
    "spread",
    "take_away",
    "take_off_adult",
]
