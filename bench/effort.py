"""How much of everything a run does: the whole, or the quick one that only shows that it works."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    rounds: int  # samples of each rate, in turn with its floor
    seconds: float  # each
    views: int  # times that a page is asked for to find its usual time
    responses: int  # sent in each round of the submit figure
    import_rows: int  # of a file of answers, in each round
    answers: int  # of a download
    few: int  # contributions of the smaller site
    many: int
    sockets: tuple[int, ...]  # pages that stand open
    room: tuple[int, ...]  # people in the room of a workshop
    live_seconds: int  # of posting while they do
    rate_seconds: float  # of posting as fast as it goes, each round


WHOLE = Effort(
    rounds=5,
    seconds=2,
    views=25,
    responses=60,
    import_rows=3_000,
    answers=1_000_000,
    few=1_000,
    many=100_000,
    sockets=(500, 2_000),
    room=(60, 300),
    live_seconds=60,
    rate_seconds=5,
)
QUICK = Effort(
    rounds=1,
    seconds=0.3,
    views=3,
    responses=4,
    import_rows=200,
    answers=2_000,
    few=100,
    many=300,
    sockets=(100,),
    room=(60,),
    live_seconds=10,
    rate_seconds=1,
)
