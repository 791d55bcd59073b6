"""What is counted about checking, when, and what is hidden (MOD-3)."""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from collaborative import pagecache
from collaborative.contributions.actions import withdraw
from collaborative.contributions.models import Contribution
from collaborative.figures.suppression import Policy
from collaborative.flow.actions import cut_release
from collaborative.moderation import actions, figures
from collaborative.moderation.models import HouseRule
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.cast import person
from tests.moderation.giving import receipt, rule

pytestmark = pytest.mark.django_db
NOW = timezone.make_aware(datetime(2026, 11, 11, 12))  # a Wednesday


def at(text: str) -> AbstractContextManager[Any]:
    """Let everything inside happen then."""
    moment = timezone.make_aware(datetime.fromisoformat(f"2026-{text}"))
    return mock.patch.object(timezone, "now", lambda: moment)


@pytest.fixture
def other(db: None) -> User:
    return person("Max", Role.MODERATORS)


def given_then(day: str, many: int = 1) -> list[Contribution]:
    rows = list(receipt(*(f"Words {n}" for n in range(many))).contributions.order_by("pk"))
    moment = timezone.make_aware(datetime.fromisoformat(f"2026-{day}"))
    Contribution.objects.filter(pk__in=[row.pk for row in rows]).update(created_at=moment)
    return [Contribution.objects.get(pk=row.pk) for row in rows]


def month() -> Counter[str]:
    start, end = (timezone.make_aware(datetime(2026, number, 1)) for number in (10, 11))
    return Counter({"/".join(atom): n for atom, n in figures.count(start, end).atoms.items() if n})


def test_mod_3_decisions_count_in_the_month_in_which_they_were_made(moderator: User) -> None:
    for day, decided in (
        ("10-01T10:00", "10-01T12:00"),
        ("09-30T10:00", "10-01T00:00"),
        ("10-31T09:00", "11-01T00:00"),
    ):
        (row,) = given_then(day)
        with at(decided):
            actions.release(row, by=moderator)
    assert month()["released"] == 2 and month()["received"] == 2


def test_mod_3_what_was_put_back_or_passed_to_safeguarding_is_no_decision(moderator: User) -> None:
    undone, concern, kept = given_then("10-05T10:00", 3)
    with at("10-05T11:00"):
        found = actions.decide_together([undone.reference], rule=None, by=moderator)
        assert found.batch
        actions.undo(found.batch, by=moderator)
        actions.escalate(concern, by=moderator)
        actions.refuse(kept, rule(3), by=moderator)
    assert month() == {"received": 3, "refused/3": 1, "late": 1}  # the one that was put back


@pytest.mark.parametrize(
    ("came", "decided", "late"),
    [
        ("10-05T10:00", "10-06T10:00", 0),  # Monday to Tuesday, on the minute
        ("10-05T10:00", "10-06T10:01", 1),
        ("10-09T10:00", "10-12T10:00", 0),  # over a weekend
        ("10-09T10:00", "10-12T10:01", 1),
        ("10-05T10:00", None, 1),
        ("09-29T10:00", None, 0),  # was due in September
        ("10-30T10:00", None, 0),  # is due in November
    ],
)
def test_mod_3_what_is_late_counts_in_the_month_in_which_it_was_due(
    moderator: User, came: str, decided: str | None, late: int
) -> None:
    (row,) = given_then(came)
    if decided:
        with at(decided):
            actions.release(row, by=moderator)
    assert month()["late"] == late


def test_what_its_author_took_back_in_time_is_not_late(moderator: User) -> None:
    for hour in ("10", "12"):
        (row,) = given_then("10-05T11:00")
        with at(f"10-06T{hour}:00"):
            withdraw(row.receipt)
    assert month()["late"] == 1


def test_how_long_it_took_is_until_the_first_decision_and_leaves_out_what_a_rule_let_stand(
    moderator: User, other: User
) -> None:
    rows = given_then("10-05T10:00", 3)
    with at("10-05T11:30"):
        actions.refuse(rows[0], rule(), by=moderator)
        actions.shown_at_once(rows[1])
        actions.escalate(rows[2], by=moderator)
    with at("10-06T10:00"):
        actions.release(rows[0], by=other, seen="refused")
    start, end = (timezone.make_aware(datetime(2026, number, 1)) for number in (10, 11))
    assert figures.count(start, end).minutes == [90]


def test_second_looks_count_when_they_were_asked_and_when_they_ended(moderator: User, other: User) -> None:
    rows = given_then("10-05T10:00", 3)
    with at("10-05T11:00"):
        for row in rows:
            actions.refuse(row, rule(), by=moderator)
            actions.ask_again(row)
        actions.uphold(rows[0], by=other)
        actions.release(rows[1], by=other, seen="refused")
    with at("11-02T10:00"):
        actions.uphold(rows[2], by=other)
    counted = month()
    assert (counted["asked"], counted["stood"], counted["changed"]) == (3, 1, 1)


@pytest.mark.parametrize(("share", "wanted"), [(0.5, 3), (0.9, 5)])
def test_a_quantile_is_one_of_the_values(share: float, wanted: int) -> None:
    assert figures.quantile([1, 2, 3, 4, 5], share) == wanted
    assert figures.quantile([7], share) == 7


def test_too_few_decisions_have_neither_median_nor_ninth_tenth(moderator: User) -> None:
    def table(many: int) -> dict[str, Any]:
        for row in given_then("10-05T10:00", many):
            with at("10-05T11:00"):
                actions.release(row, by=moderator)
        return figures.build(Policy(), NOW)["moderation"]["month"]

    assert (table(4)["median_minutes"], table(0)["p90_minutes"]) == (None, None)
    assert (table(5)["median_minutes"], table(0)["p90_minutes"]) == (60, None)
    assert table(1)["p90_minutes"] == 60


COUNTS = st.integers(0, 12)
MONTHS = st.lists(
    st.fixed_dictionaries(
        {
            ("released",): COUNTS,
            ("redacted",): COUNTS,
            **{("refused", str(n)): COUNTS for n in (1, 2, 3)},
            **{(name,): COUNTS for name in figures.ALONE},
        }
    ),
    min_size=12,
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(months=MONTHS)
def test_sdc_1_a_year_gives_no_hidden_month_away(months: list[dict[Any, int]]) -> None:
    """Whoever noted every month as it was printed learns nothing from the year about a hidden one."""
    rules, policy = {n: f"Rule {n}" for n in (1, 2, 3)}, Policy()
    year = {(2025, n): figures.Counted(Counter(atoms)) for n, atoms in enumerate(months, 1)}
    printed = figures._year_table(year, rules, policy)
    whole = printed["counts"] | {f"rule.{row['number']}": row["n"] for row in printed["rules"]}
    for name, atoms in figures._names(rules).items():
        exact = {month: sum(one.atoms[atom] for atom in atoms) for month, one in year.items()}
        shown = {month: figures._safe_month(one, rules, policy)[name] for month, one in year.items()}
        if whole[name] is None:
            continue
        assert whole[name] == sum(exact.values())
        hidden = [month for month, value in shown.items() if value is None]
        rest = sum(exact[month] for month in hidden)
        assert len(hidden) != 1, f"{name}: one hidden month is the year less the others"
        assert rest == 0 or rest >= policy.k


def forget_pages() -> None:
    """Nothing is committed in these tests, so the page cache hears of nothing."""
    pagecache.shelf.clear()
    pagecache.epoch.forget()


def test_mod_3_the_page_shows_the_release_and_never_live_rows(moderator: User, stranger: Client) -> None:
    assert "once they are counted" in stranger.get("/house-rules/figures/").content.decode()
    HouseRule.objects.create(number=2, title="No names", text="Name nobody.", kind_reason="Say it without.")
    for row in given_then("10-05T10:00", 7):
        with at("10-05T12:00"):
            actions.refuse(row, rule(), by=moderator)
    for row in given_then("10-05T10:00", 2):
        with at("10-05T12:00"):
            actions.release(row, by=moderator)
    with at("11-11T12:00"):
        cut_release()
    forget_pages()
    html = stranger.get("/house-rules/figures/").content.decode()
    assert "1 Oct 2026 – 31 Oct 2026" in html and "120 minutes" not in html and "2 hours" in html
    table = figures.build(Policy(), NOW)["moderation"]["month"]
    assert not [n for n in [*table["counts"].values(), *(row["n"] for row in table["rules"])] if n and n < 5]
    assert table["counts"]["released"] is None and table["counts"]["received"] == 9
    assert {row["number"]: row["n"] for row in table["rules"]}[2] == 0
    for row in given_then("10-06T10:00", 9):
        with at("10-06T12:00"):
            actions.release(row, by=moderator)
    forget_pages()
    assert stranger.get("/house-rules/figures/").content.decode() == html


def test_kc_5_the_target_is_shown_with_how_often_it_was_missed(moderator: User, stranger: Client) -> None:
    for came, decided, many in (("10-05T10:00", "10-05T12:00", 9), ("10-12T10:00", "10-15T12:00", 7)):
        for row in given_then(came, many):
            with at(decided):
                actions.release(row, by=moderator)
    with at("11-11T12:00"):
        cut_release()
    forget_pages()
    html = stranger.get("/house-rules/figures/").content.decode()
    assert "We promise that a person looks within 1 working day." in html
    row = html.split("Looked at later than we promise")[1].split("</tr>")[0]
    assert ">7</td>" in row


def test_the_rules_lead_to_the_figures(stranger: Client) -> None:
    assert 'href="/house-rules/figures/"' in stranger.get("/house-rules/").content.decode()


def test_counting_costs_the_same_however_much_there_was(
    moderator: User, django_assert_max_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    start, end = (timezone.make_aware(datetime(2026, number, 1)) for number in (10, 11))
    for many in (1, 12):
        for row in given_then("10-05T10:00", many):
            with at("10-05T12:00"):
                actions.release(row, by=moderator)
        with django_assert_max_num_queries(8):
            figures.count(start, end)


def test_the_month_before_january_is_december() -> None:
    assert figures._month_before(timezone.make_aware(datetime(2026, 1, 1))).month == 12
    assert figures._bounds(2026, 12)[1] - timedelta(days=31) == figures._bounds(2026, 12)[0]
