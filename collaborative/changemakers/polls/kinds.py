"""What a vote asks, and whether a ballot keeps to it. No database."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from collaborative.changemakers.polls.models import MOST
from collaborative.changemakers.room.models import Stage

Votes = dict[str, int]  # the key of a choice, and what it counts for


class Kind(models.TextChoices):
    ONE = "one", lazy("Choose one")
    MANY = "many", lazy("Choose any that you like")
    AGREE = "agree", lazy("Say how far you agree")
    RANK = "rank", lazy("Put them in order")
    DOTS = "dots", lazy("Share out your dots")


AGREEMENT = [
    (5, lazy("Agree strongly")),
    (4, lazy("Agree")),
    (3, lazy("Neither")),
    (2, lazy("Disagree")),
    (1, lazy("Disagree strongly")),
]


@dataclass(frozen=True)
class Asked:
    """The vote of a stage, as it was frozen."""

    kind: str
    options: list[tuple[str, str]]  # key, label
    budget: int

    @property
    def keys(self) -> list[str]:
        return [key for key, _label in self.options]


def asked(stage: Stage) -> Asked:
    found: dict[str, Any] = stage.settings
    kind = found.get("poll") or Kind.ONE
    options = [(one["key"], one["label"]) for one in found.get("options", [])]
    if kind == Kind.AGREE and not options:
        options = [("o1", stage.title)]
    budget = min(MOST, max(1, found.get("budget") or 3))
    return Asked(kind if kind in Kind.values else Kind.ONE, options, budget)


def problem(poll: Asked, votes: Votes) -> str:
    """Why these votes cannot be taken; empty when they can."""
    if not votes:
        return _("Choose something first.")
    if set(votes) - set(poll.keys):
        return _("One of these choices is not in this vote. Load the page again.")
    if poll.kind == Kind.ONE and len(votes) != 1:
        return _("Choose one.")
    if poll.kind in (Kind.ONE, Kind.MANY) and set(votes.values()) != {1}:
        return _("Each choice counts once.")
    if poll.kind == Kind.AGREE and not set(votes.values()) <= {1, 2, 3, 4, 5}:
        return _("Choose how far you agree.")
    if poll.kind == Kind.RANK and sorted(votes.values()) != list(range(1, len(votes) + 1)):
        return _("Give each place once, from 1 on, and leave none out.")
    if poll.kind == Kind.DOTS:
        return _dots(poll, votes)
    return ""


def _dots(poll: Asked, votes: Votes) -> str:
    if min(votes.values()) < 1:
        return _("A choice has some dots or none.")
    used = sum(votes.values())
    if used > poll.budget:
        text = _("You have %(budget)s dots, and these are %(used)s. Take %(over)s away.")
        return text % {"budget": poll.budget, "used": used, "over": used - poll.budget}
    return ""
