"""What is taken back, refused, redacted or no longer permitted is gone from every page at once (GDP-2).

The page cache remembers its epoch for a second; here no time passes at all between the act and the look.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from collaborative import pagecache
from collaborative.contributions import actions as contributions
from collaborative.contributions.models import Contribution, Exclusion
from collaborative.moderation import actions as moderation
from collaborative.moderation.models import HouseRule
from tests.database import forget_caches
from tests.whole.canaries import CLOSED, Nest
from tests.whole.demonstrated import Keeper, afresh

WAYS = [
    "withdrawn by its code",
    "permission changed",
    "withdrawn",
    "erased",
    "refused",
    "passed to safeguarding",
    "words removed",
    "left out",
]


@dataclass
class Said:
    contribution: Contribution
    word: str
    name: str
    code: str


class Stage:
    """One published answer with a name for every way in which it may go."""

    def __init__(self) -> None:
        self.nest = Nest()
        self.said = {way: self._publish(way) for way in WAYS}
        self.pages = [
            f"/themes/{self.nest.theme.slug}/",
            *(f"/themes/{self.nest.theme.slug}/?page={n}" for n in range(1, 5)),
            f"/consultations/{CLOSED}/responses/?view=response",
            *(f"/consultations/{CLOSED}/responses/?show=one_thing&page={n}" for n in range(1, 4)),
            *(f"/consultations/{CLOSED}/responses/?view=response&page={n}" for n in range(1, 4)),
            "/feed/",
            "/flow/data.csv",
        ]

    def _publish(self, way: str) -> Said:
        name = self.nest.word(f"name: {way}", shown=True)
        said = self.nest.released(way, shown=True, permission="named", name=name)
        word = next(word for word, place in self.nest.shown.items() if place == f"{way} ({CLOSED})")
        return Said(said, word, name, self.nest.codes[way])

    def read(self) -> str:
        return "".join(Client().get(page).content.decode() for page in self.pages)


@pytest.fixture(scope="module")
def stage(demonstration: Keeper, django_db_blocker: Any) -> Iterator[Stage]:
    yield Stage()
    afresh(demonstration)


@pytest.fixture
def still_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second for which a process remembers the epoch does not end during a test."""
    monkeypatch.setattr(pagecache, "EPOCH_SECONDS", 10_000.0)


@pytest.mark.parametrize("way", WAYS)
def test_gdp_2_it_is_gone_from_every_page_at_once(
    stage: Stage, still_time: None, django_db_blocker: Any, way: str
) -> None:
    nest, said = stage.nest, stage.said[way]
    forget_caches()
    row = said.contribution
    rule = HouseRule.objects.order_by("number")[0]
    before = stage.read()
    assert said.word in before
    assert said.name in before
    assert stage.read() == before  # out of the cache, and there until something happens
    acts: dict[str, Callable[[], object]] = {
        "withdrawn by its code": lambda: Client().post(
            "/receipt/delete/", {"code": said.code, "sure": "yes"}
        ),
        "permission changed": lambda: contributions.change_permission(row.receipt, "not-published"),
        "withdrawn": lambda: contributions.withdraw(row.receipt),
        "erased": lambda: contributions.erase(row),
        "refused": lambda: moderation.refuse(row, rule, by=nest.moderator),
        "passed to safeguarding": lambda: moderation.escalate(row, by=nest.moderator),
        "words removed": lambda: moderation.release_redacted(
            row,
            row.wordings.get().text.replace(said.word, "[removed]"),
            "It names somebody.",
            by=nest.moderator,
        ),
        "left out": lambda: contributions.exclude(row.receipt, Exclusion.TEST, by=nest.analyst),
    }
    acts[way]()
    after = stage.read()
    assert said.word not in after
    if way != "words removed":
        assert said.name not in after


def test_a_name_goes_when_only_the_words_may_stay(
    stage: Stage, still_time: None, django_db_blocker: Any
) -> None:
    said = stage._publish("name taken back")
    assert said.name in stage.read()
    contributions.change_permission(said.contribution.receipt, "anonymous")
    after = stage.read()
    assert said.name not in after
    assert said.word in after
