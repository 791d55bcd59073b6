"""How checking went, for everyone to read (MOD-3): a table of each release, of months that have ended.

What was decided in a month that is over changes no more, so that two releases side by side point at nobody;
years are whole calendar years, which never overlap. What went to safeguarding is not counted among decisions.
A small number is hidden, and a year's where its months give it away.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Min
from django.utils import timezone

from collaborative.contributions.models import Contribution, LedgerEvent
from collaborative.figures.reconcile import Part, require_reconciled
from collaborative.figures.suppression import Policy, Quantity, Released, suppress
from collaborative.moderation import target
from collaborative.moderation.models import Appeal, Check, HouseRule

KEY = "moderation"
DECIDED = (
    Check.Outcome.RELEASED,
    Check.Outcome.REDACTED,
    Check.Outcome.WITHHELD,
    Check.Outcome.REFUSED,
)
ALONE = (
    "received",
    "at_once",
    "late",
    "asked",
    "stood",
    "changed",
)  # counted for themselves, parts of nothing
Atom = tuple[str, ...]  # ("released",), ("refused", "3") by the rule's number, ("received",) …


@dataclass
class Counted:
    """One month, exact."""

    atoms: Counter[Atom] = field(default_factory=Counter)
    minutes: list[int] = field(default_factory=list)  # from when it came to the first decision


def build(policy: Policy, now: datetime | None = None) -> dict[str, Any]:
    """The table of a new release: the last month that is over, and the last calendar year."""
    today = timezone.localtime(now or timezone.now())
    this_month = today.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    last_month = _month_before(this_month)
    months = [(today.year - 1, number) for number in range(1, 13)]
    year = {month: count(*_bounds(*month)) for month in months}
    rules = {rule.number: rule.title for rule in HouseRule.objects.all()}
    key = (last_month.year, last_month.month)
    month = year.get(key) or count(last_month, this_month)
    return {
        KEY: {
            "target_days": settings.CHECK_TARGET_DAYS,
            "month": _month_table(last_month, this_month, month, rules, policy),
            "year": _year_table(year, rules, policy),
        }
    }


def _month_before(first: datetime) -> datetime:
    return _start(*((first.year, first.month - 1) if first.month > 1 else (first.year - 1, 12)))


def _start(year: int, month: int) -> datetime:
    return datetime(year, month, 1, tzinfo=timezone.get_current_timezone())


def _bounds(year: int, month: int) -> tuple[datetime, datetime]:
    return _start(year, month), _start(*((year, month + 1) if month < 12 else (year + 1, 1)))


# Counting ------------------------------------------------------------------------------------------


def count(start: datetime, end: datetime) -> Counted:
    """What came, what was decided and how long it took, from `start` to before `end`. Six queries."""
    found = Counted()
    within = {"at__gte": start, "at__lt": end}
    decisions = Check.objects.standing().filter(**within).values_list("outcome", "rule__number")
    for outcome, rule in decisions.order_by().iterator():
        if outcome in DECIDED:
            found.atoms[(outcome, str(rule)) if outcome == Check.Outcome.REFUSED else (outcome,)] += 1
        elif outcome == Check.Outcome.BY_RULE:
            found.atoms[("at_once",)] += 1
    found.minutes = sorted(_first_decisions(start, end))
    found.atoms[("received",)] = Contribution.objects.filter(
        created_at__gte=start, created_at__lt=end
    ).count()
    found.atoms[("late",)] = sum(1 for _one in _late(start, end))
    found.atoms[("asked",)] = Appeal.objects.filter(asked_at__gte=start, asked_at__lt=end).count()
    ended = Appeal.objects.filter(decided_at__gte=start, decided_at__lt=end).values_list("outcome", flat=True)
    ends = Counter(ended.order_by())
    found.atoms[("stood",)] = ends[Appeal.Outcome.STANDS]
    found.atoms[("changed",)] = ends[Appeal.Outcome.CHANGED]
    return found


def _first_decisions(start: datetime, end: datetime) -> Iterator[int]:
    """Whole minutes, rounded up, until something was decided for the first time."""
    rows = (
        Check.objects.standing()
        .exclude(outcome=Check.Outcome.STANDS)
        .values("contribution", "contribution__created_at")
        .annotate(first=Min("at"))
        .filter(first__gte=start, first__lt=end)
        .order_by()
    )
    apart = Check.objects.filter(outcome__in=[Check.Outcome.ESCALATED, Check.Outcome.BY_RULE])
    for row in rows.exclude(contribution__in=apart.values("contribution")).iterator():
        yield math.ceil((row["first"] - row["contribution__created_at"]) / timedelta(minutes=1))


def _late(start: datetime, end: datetime) -> Iterator[int]:
    """Those due in this time that nobody had looked at by then, and that were not taken back before."""
    # Further back nothing is due any more: a weekend and the holidays beside it are four days.
    reach = timedelta(days=7 * (1 + settings.CHECK_TARGET_DAYS))
    came = Contribution.objects.filter(created_at__gte=start - reach, created_at__lt=end)
    looked = dict(
        Check.objects.standing()
        .filter(contribution__created_at__gte=start - reach, contribution__created_at__lt=end)
        .order_by()
        .values_list("contribution")
        .annotate(first=Min("at"))
    )
    due = {}
    for pk, reference, at in came.order_by().values_list("pk", "reference", "created_at").iterator():
        by = target.due(at)
        if start <= by < end and (pk not in looked or looked[pk] > by):
            due[f"contribution:{reference}"] = by
    taken_back = LedgerEvent.objects.filter(
        verb="contribution.withdrawn", at__gte=start - reach, at__lt=end
    ).values_list("subject", "at")
    gone = {subject for subject, at in taken_back.iterator() if subject in due and at <= due[subject]}
    yield from range(len(due) - len(gone))


# Making safe ---------------------------------------------------------------------------------------


def _names(rules: Mapping[int, str]) -> dict[str, frozenset[Atom]]:
    """The figures that are printed, and what each counts."""
    refused: frozenset[Atom] = frozenset((Check.Outcome.REFUSED.value, str(number)) for number in rules)
    shown: frozenset[Atom] = frozenset({(Check.Outcome.RELEASED.value,)})
    cut: frozenset[Atom] = frozenset({(Check.Outcome.REDACTED.value,)})
    kept: frozenset[Atom] = frozenset({(Check.Outcome.WITHHELD.value,)})
    return {
        "decided": shown | cut | kept | refused,
        "released": shown,
        "redacted": cut,
        "withheld": kept,
        "refused": refused,
        **{f"rule.{number}": frozenset({("refused", str(number))}) for number in rules},
        **{name: frozenset({(name,)}) for name in ALONE},
    }


LAST = 10  # the priority of what was printed before: hidden after everything else
KINDS = {
    "decided": ("all", 3),
    "refused": ("outcome", 2),
    "released": ("outcome", 1),
    "redacted": ("outcome", 1),
    "withheld": ("outcome", 1),
}


def _quantity(name: str, atoms: frozenset[Any]) -> Quantity:
    kind, priority = KINDS.get(name, ("rule" if name.startswith("rule.") else name, 0))
    return Quantity(name, atoms, kind, priority)


def _safe_month(found: Counted, rules: Mapping[int, str], policy: Policy) -> Released:
    names = _names(rules)
    atoms = {atom: found.atoms[atom] for part in names.values() for atom in part}
    return suppress(atoms, [_quantity(name, part) for name, part in names.items()], policy)


def _month_table(
    start: datetime, end: datetime, found: Counted, rules: Mapping[int, str], policy: Policy
) -> dict[str, Any]:
    _reconcile(found, rules)
    safe = _safe_month(found, rules, policy)
    return _table(start, end, lambda name: safe[name], found.minutes, rules, policy)


def _year_table(
    year: Mapping[tuple[int, int], Counted], rules: Mapping[int, str], policy: Policy
) -> dict[str, Any]:
    """Its months were printed as they ended, each by itself, and cannot be taken back: what is hidden so that
    no hidden month can be worked out are figures of the year. Where that were not enough, it is all of them.
    """
    names = _names(rules)
    alone = {month: _safe_month(found, rules, policy) for month, found in year.items()}
    every: frozenset[Atom] = frozenset().union(*names.values())
    atoms = {(month, atom): found.atoms[atom] for month, found in year.items() for atom in every}
    quantities = [
        _quantity(name, frozenset((m, a) for m in year for a in part)) for name, part in names.items()
    ]
    for month, printed in alone.items():
        for name, part in names.items():
            of = frozenset((month, atom) for atom in part)
            hidden = printed[name] is None
            quantities.append(Quantity((month, name), of, f"{name} of a month", LAST, withheld=hidden))
    safe = suppress(atoms, quantities, policy)
    as_printed = all(safe[month, name] == printed[name] for month, printed in alone.items() for name in names)
    whole = Counted(Counter(), sorted(minutes for found in year.values() for minutes in found.minutes))
    for found in year.values():
        whole.atoms.update(found.atoms)
    _reconcile(whole, rules)
    (first, *_rest, last) = sorted(year)
    end = _bounds(*last)[1]
    return _table(
        _start(*first), end, lambda name: safe[name] if as_printed else None, whole.minutes, rules, policy
    )


def _reconcile(found: Counted, rules: Mapping[int, str]) -> None:
    """What was decided is what was released, released in part, and refused by a rule that stands."""
    total = sum(n for atom, n in found.atoms.items() if atom[0] in DECIDED)
    parts = [Part(atom[0], found.atoms[atom]) for atom in sorted(_names(rules)["decided"])]
    require_reconciled(total, parts)


def _table(
    start: datetime, end: datetime, value: Any, minutes: list[int], rules: Mapping[int, str], policy: Policy
) -> dict[str, Any]:
    return {
        "from": start.date().isoformat(),
        "to": (end - timedelta(days=1)).date().isoformat(),
        "counts": {name: value(name) for name in _names(rules) if not name.startswith("rule.")},
        "rules": [
            {"number": n, "title": title, "n": value(f"rule.{n}")} for n, title in sorted(rules.items())
        ],
        "median_minutes": quantile(minutes, 0.5) if len(minutes) >= policy.k else None,
        "p90_minutes": quantile(minutes, 0.9) if len(minutes) >= policy.low_base else None,
    }


def quantile(ordered: list[int], share: float) -> int:
    """The nearest rank: the smallest that at least this share does not exceed."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
