"""What can happen in a thread, by noun.

Locks are always taken in this order, so that no two people wait for each other in a ring: contributions,
the thread, the streams.
"""

from collaborative.threads.actions.own import change, say_it_holds, support, take_back
from collaborative.threads.actions.posting import Post, post, standing
from collaborative.threads.actions.running import (
    answer,
    change_answer,
    close,
    open_thread,
    pause,
    pin,
    recount,
    reopen,
    reword,
    slow_down,
    summarise,
    take_down,
)
from collaborative.threads.actions.voices import token_for, voice_of

__all__ = [
    "Post",
    "answer",
    "change",
    "change_answer",
    "close",
    "open_thread",
    "pause",
    "pin",
    "post",
    "recount",
    "reopen",
    "reword",
    "say_it_holds",
    "slow_down",
    "standing",
    "summarise",
    "support",
    "take_back",
    "take_down",
    "token_for",
    "voice_of",
]
