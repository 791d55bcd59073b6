"""How a vote stands, counted by the database each time."""

from dataclasses import dataclass, field

from django.db.models import Count

from collaborative.changemakers.polls import kinds
from collaborative.changemakers.polls.kinds import AGREEMENT, Kind, Votes
from collaborative.changemakers.polls.models import MOST, Ballot, Vote
from collaborative.changemakers.room.models import Participant, Stage


@dataclass
class Line:
    """One choice: how many chose it, and the number that it is put in order by."""

    key: str
    label: str
    n: int = 0  # ballots that name it
    score: float = 0  # dots, the mean of the scale, or the mean place
    parts: list[tuple[str, int]] = field(default_factory=list)  # of a scale: (words, how many)
    share: int = 0  # of 100, for the bar


@dataclass
class Result:
    base: int  # ballots
    lines: list[Line]


def result(stage: Stage) -> Result:
    """Two queries, whatever the number of votes."""
    poll = kinds.asked(stage)
    rows = Vote.objects.filter(ballot__stage=stage).values_list("option", "value")
    counted: dict[str, dict[int, int]] = {key: {} for key in poll.keys}
    for option, value, n in rows.annotate(n=Count("pk")).order_by("option", "value"):
        counted.setdefault(option, {})[value] = n
    lines = [_line(poll.kind, key, label, counted[key]) for key, label in poll.options]
    most = max((line.n if poll.kind != Kind.DOTS else line.score for line in lines), default=0)
    for line in lines:
        line.share = _share(poll.kind, line, most, len(lines))
    lines.sort(key=lambda line: _order(poll.kind, line))
    return Result(Ballot.objects.filter(stage=stage).count(), lines)


def _line(kind: str, key: str, label: str, values: dict[int, int]) -> Line:
    n = sum(values.values())
    total = sum(value * times for value, times in values.items())
    line = Line(key, label, n)
    if kind == Kind.DOTS:
        line.score = total
    elif kind in (Kind.AGREE, Kind.RANK):
        line.score = round(total / n, 1) if n else 0
    if kind == Kind.AGREE:
        line.parts = [(str(words), values.get(value, 0)) for value, words in AGREEMENT]
    return line


def _share(kind: str, line: Line, most: float, lines: int) -> int:
    if not line.n:
        return 0
    if kind == Kind.AGREE:
        return round(line.score * 20)
    if kind == Kind.RANK:
        return round((lines + 1 - line.score) * 100 / lines)
    return round((line.score if kind == Kind.DOTS else line.n) * 100 / most)


def _order(kind: str, line: Line) -> tuple[bool, float]:
    if kind == Kind.RANK:
        return (not line.n, line.score)  # the first place is the smallest number
    return (not line.n, -(line.score if kind in (Kind.DOTS, Kind.AGREE) else line.n))


def mine(stage: Stage, participant: Participant | None) -> Votes:
    """What they voted. One query."""
    if participant is None:
        return {}
    rows = Vote.objects.filter(ballot__stage=stage, ballot__participant=participant)
    return dict(rows.values_list("option", "value"))


def places(poll: kinds.Asked) -> range:
    """What can be chosen for a line of this vote."""
    return range(1, 1 + (len(poll.options) if poll.kind == Kind.RANK else min(poll.budget, MOST)))
