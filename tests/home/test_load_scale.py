"""load_scale: as many as asked for, the same each time, whole by every rule, never where it is not wanted."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F
from django.test.utils import CaptureQueriesContext

from collaborative.analysis.models import Coding
from collaborative.contributions.actions import fingerprint
from collaborative.contributions.models import Contribution, LedgerEvent, Receipt, State, Wording
from collaborative.figures.models import Release, Table
from collaborative.models import Epoch
from collaborative.people.models import User
from home import scale
from tests.consultations import making
from tests.outcomes import deciding

N = 400


@pytest.fixture
def ground(db: None, settings: Any, moderator: User, analyst: User) -> None:
    """An open consultation, three topics, somebody who checks and somebody who sorts."""
    settings.DEMO = True
    making.consultation()
    for number in range(1, 4):
        deciding.theme(f"T{number}", f"Topic {number}")


def load(contributions: int = N, **options: Any) -> str:
    out = StringIO()
    call_command("load_scale", contributions=contributions, stdout=out, **options)
    return out.getvalue()


def what_was_said() -> list[tuple[Any, ...]]:
    rows = Wording.objects.order_by("pk")
    return list(
        rows.values_list(
            "text",
            "contribution__reference",
            "contribution__prompt_key",
            "contribution__state",
            "contribution__receipt__group__slug",
            "contribution__receipt__age_band",
            "contribution__receipt__permission",
            "contribution__receipt__code_hash",
        )
    )


def test_it_makes_as_many_as_asked_for_and_cuts_a_release_of_them(ground: None) -> None:
    said = load()
    assert Contribution.objects.count() == Wording.objects.count() == N
    release = Release.objects.current()
    assert release is not None
    assert f"{N} contributions" in said and f"release {release.number}" in said
    table = Table.objects.now("engagement.starting")
    assert table is not None and table.get("received") == Receipt.objects.count()
    flow = Table.objects.now("flow")
    assert flow is not None and flow.get("base") > 100


def test_the_answers_are_spread_as_real_ones_are(ground: None) -> None:
    load()
    for field, least in {"state": 3, "prompt_key": 2, "permission": 3, "age_band": 5, "group": 2}.items():
        assert len(set(Contribution.objects.values_list(field, flat=True))) >= least, field
    assert 0.7 < Coding.objects.count() / N < 1.8
    assert Receipt.objects.filter(choices__isnull=False).distinct().count() > 0.5 * Receipt.objects.count()


def test_the_same_seed_makes_the_same_answers_and_another_seed_others(ground: None) -> None:
    def once(seed: int) -> list[tuple[Any, ...]]:
        before = transaction.savepoint()
        load(60, seed=seed)
        said = what_was_said()
        transaction.savepoint_rollback(before)
        return said

    first, again, other = once(1), once(1), once(2)
    assert first == again
    assert first != other


def test_a_second_run_adds_others(ground: None) -> None:
    load(60)
    load(60)
    assert Contribution.objects.count() == 120
    assert len(set(Wording.objects.values_list("fingerprint", flat=True))) == 120


def test_every_passage_lies_in_words_that_were_checked(ground: None) -> None:
    load()
    rows = Coding.objects.select_related("wording__contribution__receipt", "theme").all()
    assert rows
    for coding in rows:
        words = coding.wording.text[coding.start : coding.end]
        assert coding.theme.name in words and words == words.strip()
        assert coding.wording.contribution.state == State.RELEASED
        assert coding.wording.contribution.receipt.exclusion == ""


def test_rows_agree_with_each_other_as_if_they_had_come_through_the_actions(ground: None) -> None:
    load()
    same = {f"{name}": F(f"receipt__{name}") for name in ("permission", "group", "age_band", "engagement")}
    assert Contribution.objects.filter(**same).count() == N
    assert all(fingerprint(one.key, one.text) == one.fingerprint for one in Wording.objects.all()[:20])
    checked = Contribution.objects.filter(state__in=[State.RELEASED, State.REFUSED])
    assert not checked.annotate(n=Count("checks")).exclude(n=1).exists()
    received = LedgerEvent.objects.filter(verb="response.received").values_list("subject", flat=True)
    assert set(received) == {f"receipt:{pk}" for pk in Receipt.objects.values_list("pk", flat=True)}


def test_kc_7_nobody_under_16_is_named(ground: None) -> None:
    load()
    assert Receipt.objects.filter(permission="named").exists()
    assert not Receipt.objects.exclude(name="").exclude(age_band__in=["16-17", "18-25", "26-plus"]).exists()


def test_kept_pages_are_out_of_reach_afterwards(ground: None) -> None:
    before = Epoch.objects.get(pk=1).number
    load(20)
    assert Epoch.objects.get(pk=1).number > before


def test_it_writes_in_many_short_transactions_of_few_statements(ground: None) -> None:
    """However many are made, what one transaction holds the lock for stays the same."""
    longest = 0
    for wanted in (300, 900):
        with CaptureQueriesContext(connection) as queries:
            scale.fill(wanted, 1, lambda done: None)
        ends = [n for n, query in enumerate(queries) if query["sql"].startswith("RELEASE SAVEPOINT")]
        writing = [b - a for a, b in zip([0, *ends], ends, strict=False)]
        longest = max(longest, *writing)
        assert len(ends) > wanted / scale.BATCH / 3
    assert longest < 60


def test_a_real_site_is_refused_unless_somebody_insists(ground: None, settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="--yes"):
        load()
    assert not Contribution.objects.exists()
    load(20, yes=True)
    assert Contribution.objects.count() == 20


def test_an_empty_site_is_told_what_it_lacks(db: None, settings: Any) -> None:
    settings.DEMO = True
    with pytest.raises(CommandError, match="load_demo"):
        load()


@pytest.mark.parametrize("wrong", [0, -5])
def test_fewer_than_one_is_refused(ground: None, wrong: int) -> None:
    with pytest.raises(CommandError, match="1 or more"):
        load(wrong)
