"""Cutting a release: who may, what is refused, what waits, and that nothing of it ever changes."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from collaborative.contributions.actions import change_permission, exclude, withdraw
from collaborative.contributions.models import LedgerEvent
from collaborative.figures.models import Release, Table
from collaborative.figures.reconcile import NotReconciled
from collaborative.flow import engagement_tables
from collaborative.flow.actions import NIGHTLY, cut_release
from collaborative.models import Epoch
from collaborative.people.models import User
from tests.flow import world
from tests.outcomes import deciding

pytestmark = pytest.mark.django_db
WHY = "The board meets tomorrow."


@pytest.fixture
def where(db: None) -> Any:
    return deciding.engagement()


@pytest.fixture
def topic(db: None) -> Any:
    return deciding.theme("T1", "Ask me first")


def numbers(content: Any) -> list[int]:
    """Every number in a table."""
    if isinstance(content, dict):
        return [n for key, value in content.items() if key != "decision_number" for n in numbers(value)]
    if isinstance(content, list):
        return [n for value in content for n in numbers(value)]
    return [content] if isinstance(content, int) and not isinstance(content, bool) else []


# Who -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["analyst", "secretary"])
def test_analysts_and_the_secretary_may_cut_one(request: pytest.FixtureRequest, who: str) -> None:
    user: User = request.getfixturevalue(who)
    release = cut_release(by=user, reason=WHY)
    assert (release.cut_by, release.reason) == (user, WHY)
    event = LedgerEvent.objects.get(verb="release.cut")
    assert (event.actor, event.data["reason"]) == (user, WHY)


@pytest.mark.parametrize(
    "who",
    ["editor", "board_member", "moderator", "safeguarding_lead", "facilitator", "administrator"]
    + ["signed_in_person"],
)
def test_nobody_else_may(request: pytest.FixtureRequest, who: str) -> None:
    with pytest.raises(PermissionDenied):
        cut_release(by=request.getfixturevalue(who), reason=WHY)
    assert not Release.objects.exists()


# All or nothing -----------------------------------------------------------------------------------


def test_parts_that_do_not_add_up_leave_everything_as_it_was(
    where: Any, topic: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.crowd(where, topic, {"young-people": 7})
    first = cut_release()
    world.crowd(where, topic, {"young-people": 7})
    before = (Table.objects.count(), LedgerEvent.objects.count(), list(Epoch.objects.values()))
    atoms = engagement_tables._atoms

    def one_lost() -> Any:
        found = atoms()
        for counter in found.values():
            counter[next(iter(counter))] -= 1
        return found

    monkeypatch.setattr(engagement_tables, "_atoms", one_lost)
    with pytest.raises(NotReconciled, match="received"):
        cut_release()
    assert Release.objects.current() == first
    assert (Table.objects.count(), LedgerEvent.objects.count(), list(Epoch.objects.values())) == before


def test_unchanged_figures_make_no_new_release(where: Any, topic: Any) -> None:
    world.crowd(where, topic, {"young-people": 7})
    first = cut_release()
    tables = Table.objects.count()
    assert cut_release() == first
    assert cut_release(by=deciding.analyst(), reason=WHY) == first
    assert (Release.objects.count(), Table.objects.count()) == (1, tables)


def test_changed_figures_make_the_next_release_and_the_first_stays(where: Any, topic: Any) -> None:
    world.crowd(where, topic, {"young-people": 7})
    first = cut_release()
    said = Table.objects.get(release=first, key="theme.ask-me-first").content
    world.crowd(where, topic, {"young-people": 6})
    second = cut_release()
    assert second.number == first.number + 1
    assert Table.objects.now("theme.ask-me-first").get("base") == 13
    assert Table.objects.get(release=first, key="theme.ask-me-first").content == said
    assert said["base"] == 7


@pytest.mark.parametrize("table", ["figures_release", "figures_table"])
@pytest.mark.parametrize("how", ["UPDATE {} SET id = id + 1000", "DELETE FROM {}"])
def test_the_database_refuses_to_change_a_release(where: Any, topic: Any, table: str, how: str) -> None:
    world.crowd(where, topic, {"young-people": 7})
    cut_release()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(how.format(table))


def test_pages_in_the_cache_are_out_of_reach_after_a_release(where: Any, topic: Any) -> None:
    world.crowd(where, topic, {"young-people": 7})
    before = Epoch.objects.get(pk=1).number
    cut_release()
    assert Epoch.objects.get(pk=1).number > before


# Small numbers --------------------------------------------------------------------------------------


def test_sdc_1_no_small_number_is_in_any_table(where: Any, topic: Any) -> None:
    other = deciding.theme("T2", "Too late")
    world.crowd(where, topic, {"young-people": 3, "practitioners": 9}, stance="for")
    world.crowd(where, topic, {"young-people": 6, "practitioners": 2}, stance="against")
    world.crowd(where, other, {"young-people": 1})
    world.decided(where, topic)
    cut_release()
    # The table of checking holds days and numbers of rules too; its counts are looked at with that room.
    for table in Table.objects.exclude(key__startswith="flow").exclude(key="moderation"):
        assert not [n for n in numbers(table.content) if 0 < n < 5], table.key
    for table in Table.objects.filter(key__startswith="flow"):
        counted = [cell["n"] for cell in table.get("cells")] + [path["n"] for path in table.get("paths")]
        assert not [n for n in counted if n is not None and 0 < n < 5], table.key


def test_sdc_1_a_base_of_a_few_responses_is_hidden(where: Any, topic: Any) -> None:
    world.crowd(where, topic, {"young-people": 3})
    world.decided(where, topic)
    cut_release()
    table = Table.objects.now("decision.decision-1")
    assert table.get("base") is None
    assert Table.objects.now(f"engagement.{where.slug}").get("counted") is None


def test_sdc_1_when_nearly_everyone_raised_a_topic_the_few_who_did_not_are_hidden(
    where: Any, topic: Any
) -> None:
    """Otherwise "38 of 40" would say that two did not, and who they are may be known."""
    world.crowd(where, topic, {"young-people": 20, "practitioners": 18})
    world.crowd(where, deciding.theme("T2", "Too late"), {"young-people": 2})
    world.decided(where, topic)
    cut_release()
    table = Table.objects.now("decision.decision-1")
    assert table.get("base") == 40
    assert table.get("n") is None
    assert table.get("silent") is None
    assert Table.objects.now("theme.ask-me-first").get("base") is None


def test_ana_3_a_campaign_counts_once(where: Any, topic: Any) -> None:
    from collaborative.analysis.actions import confirm_campaign

    world.crowd(where, topic, {"young-people": 6})
    same = [world.speak(where, "One text for all.", sort_as=topic).receipt for _turn in range(8)]
    confirm_campaign(where, "Small Hosts", identical=same, by=deciding.analyst())
    cut_release()
    assert Table.objects.now("theme.ask-me-first").get("base") == 7
    table = Table.objects.now(f"engagement.{where.slug}")
    assert (table.get("analysed"), table.get("counted")) == (14, 7)
    assert table.get("campaigns") == [{"name": "Small Hosts", "identical": 8, "varied": 0}]


def test_rif_3_what_may_not_be_published_is_counted_all_the_same(where: Any, topic: Any) -> None:
    world.crowd(where, topic, {"young-people": 6}, permission="not-published")
    cut_release()
    assert Table.objects.now("theme.ask-me-first").get("base") == 6


# Two releases side by side ------------------------------------------------------------------------


def test_sdc_1_a_release_that_one_answer_would_tell_apart_waits(where: Any, topic: Any) -> None:
    world.crowd(where, topic, {"young-people": 7, "practitioners": 6})
    first = cut_release()
    for turn in range(4):
        world.crowd(where, topic, {"young-people": 1})
        assert cut_release() == first, f"{turn + 1} answers since"
    assert Table.objects.now("theme.ask-me-first").get("base") == 13
    world.crowd(where, topic, {"practitioners": 1})
    assert cut_release().number == first.number + 1
    assert Table.objects.now("theme.ask-me-first").get("base") == 18


CHANGES: dict[str, Callable[[Any], object]] = {
    "taken back": lambda said: withdraw(said.receipt),
    "left out": lambda said: exclude(said.receipt, "test", by=deciding.analyst()),
    "another permission": lambda said: change_permission(said.receipt, "not-published"),
    "sorted elsewhere": lambda said: world.sort(said, deciding.theme("T9", "Elsewhere")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_sdc_1_one_answer_that_goes_or_moves_waits_too(where: Any, topic: Any, change: str) -> None:
    world.crowd(where, topic, {"young-people": 7, "practitioners": 6})
    said = [world.speak(where, sort_as=topic) for _turn in range(5)]
    first = cut_release()
    for one in said[:-1]:
        CHANGES[change](one)
    assert cut_release() == first
    CHANGES[change](said[-1])
    assert cut_release() != first


def test_several_events_of_one_answer_are_one(where: Any, topic: Any) -> None:
    world.crowd(where, topic, {"young-people": 7})
    first = cut_release()
    said = world.speak(where, sort_as=topic)
    for number in range(2, 9):
        world.sort(said, deciding.theme(f"T{number}", f"Topic number {number}"))
    assert cut_release() == first


def test_somebody_who_says_why_need_not_wait(where: Any, topic: Any) -> None:
    world.crowd(where, topic, {"young-people": 7})
    first = cut_release()
    world.crowd(where, topic, {"young-people": 1})
    analyst = deciding.analyst()
    for no_reason in (NIGHTLY, "", "  "):
        assert cut_release(by=analyst, reason=no_reason) == first
    assert cut_release(reason=WHY) == first  # a reason without a name is nobody's
    second = cut_release(by=analyst, reason=WHY)
    assert second != first
    assert LedgerEvent.objects.filter(verb="release.cut").latest("id").data["reason"] == WHY


def test_a_decision_does_not_wait_since_no_answer_changed(where: Any, topic: Any) -> None:
    world.crowd(where, topic, {"young-people": 7})
    first = cut_release()
    world.decided(where, topic)
    second = cut_release()
    assert second != first
    assert Table.objects.now("decision.decision-1").get("n") == 7


# What it costs ------------------------------------------------------------------------------------


def test_counting_costs_the_same_however_many_answered(where: Any, topic: Any) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            cut_release(by=deciding.analyst(), reason=WHY)
        return len(captured)

    world.crowd(where, topic, {"young-people": 6})
    world.decided(where, topic)
    cost()
    world.crowd(where, topic, {"young-people": 6})
    few = cost()
    world.crowd(where, topic, {"young-people": 20, "practitioners": 20})
    assert cost() <= few + 1


def test_what_is_released_can_be_read_back_as_it_was(where: Any, topic: Any) -> None:
    world.crowd(where, topic, {"young-people": 6})
    release = cut_release()
    content = {table.key: table.content for table in release.tables.all()}
    import hashlib

    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    assert hashlib.sha256(text.encode()).hexdigest() == release.content_hash
    assert release.policy["k"] == 5
