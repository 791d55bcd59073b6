"""How much of everything a run does: the whole, or the quick one that only shows that it works."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    rounds: int  # samples of each rate, in turn with its floor
    seconds: float  # each
    views: int  # times that a page is asked for to find its usual time
    responses: int  # sent in each round of the submit figure
    few: int  # contributions of the smaller site
    many: int


WHOLE = Effort(rounds=5, seconds=2, views=25, responses=60, few=1_000, many=100_000)
QUICK = Effort(rounds=1, seconds=0.3, views=3, responses=4, few=100, many=300)
