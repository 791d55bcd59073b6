"""What moved behind a theme since it was decided on (ANA-2, ANA-3, RIF-6, GDP-2)."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from collaborative.analysis.actions import apply_theme, confirm_campaign, define_theme, retract
from collaborative.analysis.evidence import Enough, Evidence, Kind, enough, moved, standing
from collaborative.analysis.models import Coding, Stance, Theme
from collaborative.contributions.actions import NotPossible, add_wording, exclude, keep_back, move, withdraw
from collaborative.contributions.models import Contribution, Exclusion, Receipt, State, Wording
from tests.outcomes import deciding

pytestmark = pytest.mark.django_db
MANY = Enough(1000, 0)  # so that new views alone move nothing


@pytest.fixture
def where() -> Any:
    return deciding.engagement()


@pytest.fixture
def topic() -> Any:
    return deciding.theme("T3")


def now(topic: Theme, *places: Any) -> Evidence:
    return standing([topic.pk], [place.pk for place in places])[topic.pk]


def kinds(before: Evidence, after: Evidence, limit: Enough = MANY) -> dict[Kind, int]:
    return {move.kind: move.n for move in moved(before, after, limit)}


def of(coding: Coding) -> Contribution:
    return Contribution.objects.get(pk=coding.wording.contribution_id)


def again(coding: Coding, stance: str = Stance.FOR) -> Coding:
    end, by = coding.end, deciding.analyst()
    return apply_theme(coding.wording, 0, end, coding.theme, by=by, key=uuid4().hex, stance=stance)


def reword(topic: Theme, words: str) -> None:
    parts = {"includes": "This", "excludes": "That", "example": "Words"}
    define_theme(topic.code, label="Topic T3", definition=words, by=deciding.analyst(), **parts)


def test_nothing_moved_is_told_as_nothing(where: Any, topic: Any) -> None:
    deciding.said("Ask in private", where, topic)
    assert kinds(now(topic, where), now(topic, where), Enough(1, 0)) == {}


def test_another_stance_is_told_and_the_same_again_is_not(where: Any, topic: Any) -> None:
    coding = deciding.said("Ask in private", where, topic)
    before = now(topic, where)
    retract(coding, by=deciding.analyst())
    assert kinds(before, now(topic, where)) == {Kind.RECODED: 1}
    same = again(coding)
    assert kinds(before, now(topic, where)) == {}
    retract(same, by=deciding.analyst())
    again(coding, Stance.AGAINST)
    assert kinds(before, now(topic, where)) == {Kind.RECODED: 2}  # one passage less, one more


def test_a_reworded_topic_is_told_until_the_old_words_come_back(where: Any, topic: Any) -> None:
    before = now(topic, where)
    reword(topic, "Something else")
    assert kinds(before, now(topic, where)) == {Kind.REWORDED: 1}
    reword(topic, "What it is")
    assert kinds(before, now(topic, where)) == {}


def test_gdp_2_what_is_taken_back_is_told_though_its_coding_stays(where: Any, topic: Any) -> None:
    coding = deciding.said("Ask in private", where, topic)
    before = now(topic, where)
    withdraw(coding.wording.contribution.receipt)
    assert Coding.objects.live().filter(pk=coding.pk).exists()
    assert kinds(before, now(topic, where)) == {Kind.WITHDRAWN: 1}
    assert now(topic, where).weights() == {}


@pytest.mark.parametrize("state", [State.HELD, State.REFUSED, State.ESCALATED, State.HIDDEN])
def test_saf_2_words_that_left_are_all_told_alike(where: Any, topic: Any, state: str) -> None:
    coding = deciding.said("Ask in private", where, topic)
    before = now(topic, where)
    move(of(coding), state, by=deciding.analyst())
    assert kinds(before, now(topic, where)) == {Kind.HIDDEN: 1}


def test_ana_2_what_is_left_out_is_told(where: Any, topic: Any) -> None:
    coding = deciding.said("Ask in private", where, topic)
    before = now(topic, where)
    exclude(of(coding).receipt, Exclusion.values[0], by=deciding.analyst())
    assert kinds(before, now(topic, where)) == {Kind.HIDDEN: 1}


def test_rif_6_words_kept_back_or_removed_are_told_and_still_count(where: Any, topic: Any) -> None:
    coding = deciding.said("Ask Morag in private", where, topic)
    before = now(topic, where)
    keep_back(of(coding), True, by=None)
    assert kinds(before, now(topic, where)) == {Kind.HIDDEN: 1}
    kept = now(topic, where)
    keep_back(of(coding), False, by=None)
    assert kinds(before, now(topic, where)) == {}
    assert kinds(kept, now(topic, where)) == {Kind.RETURNED: 1}
    add_wording(of(coding), Wording.Kind.REDACTED, "Ask [name] in private", by=None)
    assert kinds(before, now(topic, where)) == {Kind.CHANGED: 1}
    assert now(topic, where).weights() == {("employers", "for"): 1}


def test_words_that_count_again_are_back_though_they_stay_off_the_page(where: Any, topic: Any) -> None:
    coding = deciding.said("Ask in private", where, topic)
    keep_back(of(coding), True, by=None)
    move(of(coding), State.HIDDEN, by=None)
    away = now(topic, where)
    assert away.weights() == {}
    move(of(coding), State.RELEASED, by=None)
    assert now(topic, where).weights() == {("employers", "for"): 1}
    assert kinds(away, now(topic, where)) == {Kind.RETURNED: 1}


def test_a_response_that_counts_with_another_group_is_told(where: Any, topic: Any) -> None:
    coding = deciding.said("Ask in private", where, topic)
    before = now(topic, where)
    other = deciding.group("adults", "Adults")
    Receipt.objects.filter(pk=of(coding).receipt_id).update(group=other)
    assert now(topic, where).weights() == {("adults", "for"): 1}
    assert kinds(before, now(topic, where)) == {Kind.REGROUPED: 1}


def test_ana_3_a_confirmed_campaign_is_told_and_counts_once(where: Any, topic: Any) -> None:
    codings = [deciding.said("The same words", where, topic) for _n in range(3)]
    before = now(topic, where)
    receipts = [of(coding).receipt for coding in codings]
    confirm_campaign(where, "Same words", identical=receipts, by=deciding.analyst())
    assert kinds(before, now(topic, where)) == {Kind.CAMPAIGN: 3}
    assert before.weights() == {("employers", "for"): 3}
    assert now(topic, where).weights() == {("employers", "for"): 1}


def test_new_views_are_told_from_the_limit_on(where: Any, topic: Any) -> None:
    for _n in range(10):
        deciding.said("Old", where, topic)
    before = now(topic, where)
    deciding.said("New", where, topic)
    deciding.said("Elsewhere", deciding.engagement("elsewhere"), topic)
    after = now(topic, where)
    assert kinds(before, after, Enough(2, 10)) == {}
    assert kinds(before, after, Enough(1, 11)) == {}
    assert kinds(before, after, Enough(1, 10)) == {Kind.NEW: 1}


def test_the_site_says_how_much_is_much() -> None:
    assert [enough().reached(n, 10) for n in (4, 5)] == [False, True]
    assert [enough().reached(n, 100) for n in (9, 10)] == [False, True]


def test_reading_costs_as_many_queries_for_many_as_for_one(where: Any, topic: Any) -> None:
    other = deciding.theme("T4")
    for about in (topic, topic, other):
        deciding.said("Words", where, about)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        standing([topic.pk, other.pk], [where.pk])
    assert len(asked) == 3


STEPS = (
    "retract",
    "again",
    "against",
    "reword",
    "restore",
    "withdraw",
    "hide",
    "show",
    "keep",
    "let",
    "redact",
)


class World:
    """Plays steps on rows, and writes down by itself what a reader would see: the other side of the test."""

    def __init__(self) -> None:
        self.where, self.topic = deciding.engagement(f"e-{uuid4().hex[:8]}"), deciding.theme("T3")
        self.first = [deciding.said(f"Words {n}", self.where, self.topic) for n in range(2)]
        self.definition = "What it is"
        self.stances = [{Stance.FOR.value} for _one in self.first]
        self.state = [["released", False, 0] for _one in self.first]

    def seen(self) -> Any:
        rows = [(sorted(s), list(state)) for s, state in zip(self.stances, self.state, strict=True)]
        return self.definition, rows

    def play(self, step: str, n: int) -> None:
        try:
            with transaction.atomic():
                getattr(self, step)(n)
        except NotPossible:
            pass  # refused: nothing moved, and nothing was written down

    def retract(self, n: int) -> None:
        for coding in Coding.objects.live().filter(wording=self.first[n].wording):
            retract(coding, by=deciding.analyst())
        self.stances[n] = set()

    def again(self, n: int) -> None:
        again(self.first[n])
        self.stances[n].add(Stance.FOR.value)

    def against(self, n: int) -> None:
        again(self.first[n], Stance.AGAINST)
        self.stances[n].add(Stance.AGAINST.value)

    def reword(self, n: int) -> None:
        reword(self.topic, f"Other {n}")
        self.definition = f"Other {n}"

    def restore(self, _n: int) -> None:
        reword(self.topic, "What it is")
        self.definition = "What it is"

    def withdraw(self, n: int) -> None:
        withdraw(of(self.first[n]).receipt)
        self.state[n][0] = "withdrawn"

    def hide(self, n: int) -> None:
        move(of(self.first[n]), State.HIDDEN, by=None)
        self.state[n][0] = "hidden"

    def show(self, n: int) -> None:
        move(of(self.first[n]), State.RELEASED, by=None)
        self.state[n][0] = "released"

    def keep(self, n: int) -> None:
        if self.state[n][0] == "released":
            keep_back(of(self.first[n]), True, by=None)
            self.state[n][1] = True

    def let(self, n: int) -> None:
        if self.state[n][0] == "released":
            keep_back(of(self.first[n]), False, by=None)
            self.state[n][1] = False

    def redact(self, n: int) -> None:
        if self.state[n][0] == "released":
            add_wording(of(self.first[n]), Wording.Kind.REDACTED, "[removed]", by=None)
            self.state[n][2] += 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 1)), max_size=7))
def test_something_moved_exactly_when_what_was_seen_differs(steps: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        world = World()
        seen, before = world.seen(), now(world.topic, world.where)
        for step, n in steps:
            world.play(step, n)
            found = moved(before, now(world.topic, world.where), MANY)
            assert bool(found) == (world.seen() != seen), (steps, step, n, found)
        transaction.set_rollback(True)
