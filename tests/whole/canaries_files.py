"""Canaries in the names of files that people sent, and in the files."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils import timezone

from collaborative.contributions import files
from collaborative.contributions.actions import exclude, withdraw
from collaborative.contributions.models import Contribution, Exclusion, SentFile
from collaborative.moderation import actions as moderation
from collaborative.moderation.models import HouseRule

if TYPE_CHECKING:
    from tests.whole.canaries import Nest


def plant(nest: Nest) -> None:
    """A canary for the name and one in the file: the walk follows every link, and guesses the rest."""
    rule = HouseRule.objects.order_by("number")[0]
    ways: dict[str, Callable[[Contribution], object]] = {
        "waiting": lambda said: None,
        "refused": lambda said: moderation.refuse(said, rule, by=nest.moderator),
        "passed on": lambda said: moderation.escalate(said, by=nest.moderator),
        "kept off the page": lambda said: moderation.withhold(
            said, nest.word("why a file is kept off"), by=nest.moderator
        ),
        "taken back": lambda said: withdraw(said.receipt),
        "left out": lambda said: exclude(said.receipt, Exclusion.TEST, by=nest.analyst),
    }
    for place, way in ways.items():
        said = nest.say(f"the name of a file: {place}")
        _file(nest, said, nest.word(f"in a file: {place}"))
        if place in ("kept off the page", "taken back", "left out"):
            moderation.release(said, by=nest.moderator)
        way(said)
    said = nest.released("the name of a file: do not publish", permission="not-published")
    _file(nest, said, nest.word("in a file: do not publish"))
    _file(nest, nest.released("the name of a file", shown=True), nest.word("in a file", shown=True))


def _file(nest: Nest, said: Contribution, word: str) -> None:
    nest.files.append(said.reference)
    content = f"It says {word}.".encode()
    SentFile.objects.create(
        stored=files.put([content]),
        contribution=said,
        question=said.prompt_key,
        kind="txt",
        size=len(content),
        created_at=timezone.now(),
    )
