"""Two moderators at one desk: claims, many at once and back again, the note for the next, the target."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from collaborative.contributions.actions import NotPossible, withdraw
from collaborative.contributions.models import Contribution, LedgerEvent, State
from collaborative.moderation import actions, target
from collaborative.moderation.models import CLAIM, UNDO, Batch, Check, Claim, Desk, HandOver
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.cast import person
from tests.moderation.giving import rule, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(db: None) -> User:
    return person("Max", Role.MODERATORS)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Move the clock on."""
    real = timezone.now

    def move(by: timedelta) -> None:
        monkeypatch.setattr(timezone, "now", lambda: real() + by)

    return move


DECISIONS: list[Callable[[Contribution, User], Any]] = [
    lambda row, by: actions.release(row, by=by),
    lambda row, by: actions.refuse(row, rule(), by=by),
    lambda row, by: actions.release_redacted(row, "Ask [removed].", "A name.", by=by),
]


@pytest.mark.parametrize("decide", DECISIONS)
def test_mod_2_what_one_has_open_the_other_cannot_decide_and_is_told_who_has_it(
    moderator: User, other: User, decide: Callable[[Contribution, User], Any]
) -> None:
    row = said("Ask Dan.")
    actions.claim(row, by=moderator)
    found = actions.claim(row, by=other)
    assert (found.by, found.stands_at(timezone.now())) == (moderator, True)
    with pytest.raises(NotPossible):
        decide(row, other)
    assert Contribution.objects.get(pk=row.pk).state == State.HELD and not Check.objects.exists()
    decide(row, moderator)
    assert not Claim.objects.exists()


@pytest.mark.parametrize("decide", DECISIONS)
def test_mod_2_a_claim_lapses_after_ten_minutes(
    moderator: User,
    other: User,
    decide: Callable[[Contribution, User], Any],
    later: Callable[[timedelta], None],
) -> None:
    row = said("Ask Dan.")
    actions.claim(row, by=moderator)
    later(CLAIM - timedelta(seconds=1))
    assert actions.claim(row, by=other).by == moderator
    later(CLAIM)
    assert actions.claim(row, by=other).by == other
    with pytest.raises(NotPossible):
        decide(row, moderator)
    decide(row, other)


def test_mod_2_letting_go_frees_it_at_once_and_only_ones_own(moderator: User, other: User) -> None:
    row = said()
    actions.claim(row, by=moderator)
    actions.let_go(row, by=other)
    assert Claim.objects.get().by == moderator
    actions.let_go(row, by=moderator)
    assert actions.claim(row, by=other).by == other


def test_saf_2_nobodys_claim_stops_a_concern(moderator: User, other: User) -> None:
    row = said()
    actions.claim(row, by=moderator)
    actions.escalate(row, by=other)
    assert Contribution.objects.get(pk=row.pk).state == State.ESCALATED


def test_only_moderators_sit_at_the_desk(analyst: User, safeguarding_lead: User) -> None:
    row = said()
    for nobody in (analyst, safeguarding_lead):
        for verb in (
            lambda by: actions.claim(row, by=by),
            lambda by: actions.hand_over("Hello", by=by),
            lambda by: actions.work_as(by, veiled=True),
            lambda by: actions.decide_together([row.reference], rule=None, by=by),
        ):
            with pytest.raises(PermissionDenied):
                verb(nobody)
    assert not (Claim.objects.exists() or HandOver.objects.exists() or Desk.objects.exists())


def snapshot() -> list[tuple[Any, ...]]:
    return list(Contribution.objects.order_by("pk").values_list("pk", "state", "read_at", "priority"))


@pytest.mark.parametrize("refuse", [True, False])
def test_undo_puts_many_back_exactly(moderator: User, refuse: bool) -> None:
    rows = [said(f"Number {n}") for n in range(4)]
    actions.release(rows[0], by=moderator)  # read before, then sent back to the queue
    Contribution.objects.filter(pk=rows[0].pk).update(state=State.HELD)
    before = snapshot()
    found = actions.decide_together(
        [row.reference for row in rows], rule=rule() if refuse else None, by=moderator
    )
    assert len(found.done) == 4 and not found.left and found.batch
    assert set(Contribution.objects.values_list("state", flat=True)) == {"refused" if refuse else "released"}
    back = actions.undo(found.batch, by=moderator)
    assert len(back.done) == 4 and snapshot() == before
    assert not Contribution.objects.public().exists()
    assert Check.objects.standing().count() == 1  # what happened before the press
    assert "batch.undone" in LedgerEvent.objects.values_list("verb", flat=True)


def test_what_somebody_else_has_or_has_dealt_with_is_left_out_of_the_press(
    moderator: User, other: User
) -> None:
    free, open_before_max, dealt_with = said("One"), said("Two"), said("Three")
    actions.claim(open_before_max, by=other)
    actions.refuse(dealt_with, rule(), by=other)
    references = [row.reference for row in (free, open_before_max, dealt_with)]
    found = actions.decide_together(references, rule=None, by=moderator)
    assert found.done == [free] and set(found.left) == {open_before_max, dealt_with}
    assert Contribution.objects.get(pk=open_before_max.pk).state == State.HELD


def test_kc_6_many_are_refused_by_one_rule_and_each_says_which(moderator: User) -> None:
    rows = [said(f"Number {n}") for n in range(2)]
    actions.decide_together([row.reference for row in rows], rule=rule(7), by=moderator)
    assert list(Check.objects.values_list("rule__number", flat=True)) == [7, 7]


def test_undo_leaves_what_has_gone_on_since(moderator: User, other: User) -> None:
    rows = [said(f"Number {n}") for n in range(3)]
    found = actions.decide_together([row.reference for row in rows], rule=None, by=moderator)
    actions.escalate(rows[0], by=other)
    withdraw(rows[1].receipt)
    assert found.batch
    back = actions.undo(found.batch, by=moderator)
    assert back.done == [rows[2]]
    states = dict(Contribution.objects.values_list("pk", "state"))
    assert [states[row.pk] for row in rows] == [State.ESCALATED, State.WITHDRAWN, State.HELD]


def test_undo_is_for_whoever_pressed_within_minutes_and_once(
    moderator: User, other: User, later: Callable[[timedelta], None]
) -> None:
    rows = [said(f"Number {n}") for n in range(2)]
    found = actions.decide_together([row.reference for row in rows], rule=None, by=moderator)
    assert found.batch
    with pytest.raises(PermissionDenied):
        actions.undo(found.batch, by=other)
    actions.undo(found.batch, by=moderator)
    assert actions.undo(found.batch, by=moderator).done == []
    late = actions.decide_together([row.reference for row in rows], rule=None, by=moderator)
    later(UNDO)
    assert late.batch
    with pytest.raises(NotPossible):
        actions.undo(late.batch, by=moderator)


def test_a_press_that_did_nothing_leaves_nothing_behind(moderator: User) -> None:
    found = actions.decide_together(["C-NONE-NONE"], rule=None, by=moderator)
    assert found.batch is None and not Batch.objects.exists()
    with pytest.raises(NotPossible):
        actions.decide_together([], rule=None, by=moderator)


def test_the_note_for_the_next_is_kept_with_who_and_when_and_a_double_click_is_one(
    moderator: User, other: User
) -> None:
    actions.hand_over(" All of P7 is done. ", by=moderator)
    actions.hand_over("All of P7 is done.", by=moderator)
    actions.hand_over("Nothing new.", by=other)
    assert list(HandOver.objects.values_list("text", "by")) == [
        ("Nothing new.", other.pk),
        ("All of P7 is done.", moderator.pk),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        HandOver.objects.update(text="Never said")
    with pytest.raises(NotPossible):
        actions.hand_over("  ", by=moderator)


def test_each_works_in_their_own_way(moderator: User, other: User) -> None:
    actions.work_as(moderator, veiled=True)
    actions.work_as(moderator, keys=False)
    desk = Desk.objects.get(user=moderator)
    assert (desk.veiled, desk.keys) == (True, False)
    assert not Desk.objects.filter(user=other).exists()


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(timezone.make_aware)


@given(came=MOMENTS, now=MOMENTS, days=st.integers(1, 4))
def test_mod_3_the_bound_that_a_query_uses_is_the_target(came: datetime, now: datetime, days: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(target.settings, "CHECK_TARGET_DAYS", days, raising=False)
        assert (came <= target.late_before(now)) == (target.due(came) <= now)


@pytest.mark.parametrize(
    ("came", "by"),
    [
        ("2026-11-16 09:30", "2026-11-17 09:30"),  # Monday
        ("2026-11-20 16:00", "2026-11-23 16:00"),  # Friday
        ("2026-11-21 11:00", "2026-11-24 00:00"),  # Saturday
        ("2026-11-22 23:59", "2026-11-24 00:00"),  # Sunday
        ("2026-11-27 16:00", "2026-12-01 16:00"),  # Friday; Monday is St Andrew's Day
        ("2026-12-24 15:00", "2026-12-29 15:00"),  # Christmas Eve, and Boxing Day is given on the Monday
        ("2027-01-01 09:00", "2027-01-06 00:00"),  # two holidays and a weekend between them
    ],
)
def test_mod_3_one_working_day(came: str, by: str) -> None:
    at, wanted = (timezone.make_aware(datetime.fromisoformat(text)) for text in (came, by))
    assert target.due(at) == wanted
