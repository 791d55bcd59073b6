"""An independent recount of the figures of checking, from raw rows, and of what their page prints (MOD-3)."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from tests.whole.rawcount import rows
from tests.whole.recounting import adds_up, true

pytestmark = pytest.mark.usefixtures("open_demonstration")
HERE = ZoneInfo("Europe/London")
DECIDED = {"released", "redacted", "withheld", "refused"}


def moment(value: Any) -> datetime:
    """A time of either engine: SQLite keeps text in UTC."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(HERE)


def due(came: datetime, days: int) -> datetime:
    """One step after the other: to the next working day, so many times."""
    while came.weekday() > 4:
        came = datetime.combine(came.date() + timedelta(1), time(), HERE)
    for _turn in range(days):
        came = came.replace(tzinfo=None) + timedelta(1)
        while came.weekday() > 4:
            came += timedelta(1)
        came = came.replace(tzinfo=HERE)
    return came


class Checked:
    """Every look that was not put back, and every thing that came."""

    def __init__(self) -> None:
        self.looks = [
            (contribution, outcome, rule, moment(at))
            for contribution, outcome, rule, at in rows(
                "SELECT c.contribution_id, c.outcome, r.number, c.at FROM moderation_check c"
                " LEFT JOIN moderation_houserule r ON r.id = c.rule_id WHERE c.undone_at IS NULL"
            )
        ]
        self.came = {
            pk: (reference, moment(at))
            for pk, reference, at in rows("SELECT id, reference, created_at FROM contributions_contribution")
        }
        self.gone = {
            subject.removeprefix("contribution:"): moment(at)
            for subject, at in rows(
                "SELECT subject, at FROM contributions_ledgerevent WHERE verb = 'contribution.withdrawn'"
            )
        }
        self.appeals = [
            (moment(asked), outcome, moment(decided) if decided else None)
            for asked, outcome, decided in rows("SELECT asked_at, outcome, decided_at FROM moderation_appeal")
        ]

    def counts(self, start: datetime, end: datetime, days: int) -> Counter[Any]:
        found: Counter[Any] = Counter()
        for _pk, outcome, rule, at in self.looks:
            if start <= at < end:
                found[outcome] += 1
                if outcome == "refused":
                    found["rule", rule] += 1
        found["decided"] = sum(found[outcome] for outcome in DECIDED)
        found["at_once"] = found["by-rule"]
        found["received"] = sum(start <= at < end for _reference, at in self.came.values())
        found["late"] = sum(self.is_late(pk, start, end, days) for pk in self.came)
        found["asked"] = sum(start <= asked < end for asked, _outcome, _at in self.appeals)
        for name, wanted in (("stood", "stands"), ("changed", "changed")):
            found[name] = sum(
                at is not None and start <= at < end and outcome == wanted
                for _asked, outcome, at in self.appeals
            )
        return found

    def is_late(self, pk: int, start: datetime, end: datetime, days: int) -> bool:
        reference, came = self.came[pk]
        by = due(came, days)
        in_time = any(one == pk and at <= by for one, _outcome, _rule, at in self.looks)
        taken_back = reference in self.gone and self.gone[reference] <= by
        return start <= by < end and not in_time and not taken_back

    def minutes(self, start: datetime, end: datetime) -> list[int]:
        first: dict[int, datetime] = {}
        apart = {pk for pk, outcome, _rule, _at in self.looks if outcome in {"escalated", "by-rule"}}
        for pk, outcome, _rule, at in self.looks:
            if outcome != "stands":
                first[pk] = min(at, first.get(pk, at))
        return sorted(
            math.ceil((at - self.came[pk][1]).total_seconds() / 60)
            for pk, at in first.items()
            if start <= at < end and pk not in apart
        )


@pytest.fixture(scope="module")
def checked(demonstration: Any, django_db_blocker: Any) -> Iterator[Checked]:
    with django_db_blocker.unblock():
        yield Checked()


PERIODS = ["month", "year"]


def bounds(period: dict[str, Any]) -> tuple[datetime, datetime]:
    first, last = date.fromisoformat(period["from"]), date.fromisoformat(period["to"])
    return datetime.combine(first, time(), HERE), datetime.combine(last + timedelta(1), time(), HERE)


def test_the_periods_are_the_last_whole_month_and_the_last_whole_year(released: dict[str, Any]) -> None:
    cut = moment(rows("SELECT cut_at FROM figures_release ORDER BY number DESC LIMIT 1")[0][0])
    (start, end), (begins, ends) = (bounds(released["moderation"][name]) for name in PERIODS)
    assert end == cut.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    assert start == (end - timedelta(days=1)).replace(day=1)
    assert (begins.year, begins.month, begins.day) == (cut.year - 1, 1, 1)
    assert (ends.year, ends.month, ends.day) == (cut.year, 1, 1)


@pytest.mark.parametrize("name", PERIODS)
def test_every_figure_of_checking_is_as_counted(
    name: str, released: dict[str, Any], checked: Checked
) -> None:
    table = released["moderation"]
    period = table[name]
    exact = checked.counts(*bounds(period), table["target_days"])
    for figure, shown in period["counts"].items():
        true(shown, exact[figure], f"{name} {figure}")
    for row in period["rules"]:
        true(row["n"], exact["rule", row["number"]], f"{name} rule {row['number']}")
    by_outcome = [period["counts"][outcome] for outcome in sorted(DECIDED)]
    adds_up(period["counts"]["decided"], by_outcome, f"{name} decided")
    adds_up(period["counts"]["refused"], [row["n"] for row in period["rules"]], f"{name} refused")


@pytest.mark.parametrize("name", PERIODS)
def test_how_long_it_took_is_as_counted(name: str, released: dict[str, Any], checked: Checked) -> None:
    period = released["moderation"][name]
    minutes = checked.minutes(*bounds(period))
    wanted = {
        figure: minutes[math.ceil(share * len(minutes)) - 1] if len(minutes) >= least else None
        for figure, share, least in (("median_minutes", 0.5, 5), ("p90_minutes", 0.9, 10))
    }
    assert {figure: period[figure] for figure in wanted} == wanted


def test_the_demonstration_has_a_month_worth_reading(released: dict[str, Any]) -> None:
    assert released["moderation"]["month"]["counts"]["decided"]
    assert released["moderation"]["month"]["median_minutes"]


def test_the_page_prints_what_was_released(released: dict[str, Any]) -> None:
    html = Client().get("/house-rules/figures/").content.decode()
    cells = re.findall(r'<td class="cs_num">(.*?)</td>', html, re.S)
    printed = [re.sub(r"<[^>]+>|\s", "", cell) for cell in cells]
    counts = [released["moderation"][name]["counts"] for name in PERIODS]
    order = [
        "received",
        "decided",
        "released",
        "redacted",
        "withheld",
        "refused",
        "at_once",
        "late",
        "asked",
        "stood",
        "changed",
    ]
    wanted = [
        f"{one[figure]:,}" if one[figure] is not None else "hidden" for figure in order for one in counts
    ]
    assert printed[: len(wanted)] == wanted
    rules = [released["moderation"][name]["rules"] for name in PERIODS]
    by_rule = [row["n"] for pair in zip(*rules, strict=True) for row in pair]
    assert printed[-len(by_rule) :] == ["hidden" if n is None else f"{n:,}" for n in by_rule]
