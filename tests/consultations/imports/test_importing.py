"""CON-2: a file of answers comes in by the rules of the web form, all of it or what is good, once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collaborative.consultations.imports import actions, work
from collaborative.consultations.models import ChoiceAnswer, Import, ImportPiece, ImportRow
from collaborative.contributions.actions import withdraw
from collaborative.contributions.models import Contribution, LedgerEvent, Receipt, State
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.moderation.models import Flagged
from collaborative.people.models import User
from tests.consultations import making
from tests.consultations.imports.bringing import (
    bring,
    bring_whole,
    brought_in,
    checked,
    come_in,
    mapping,
    problems,
    row,
    said,
    work_on,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement(db: None) -> Engagement:
    return making.consultation()


def test_con_2_a_row_becomes_a_held_response_with_its_channel_and_who_brought_it(
    engagement: Engagement, editor: User
) -> None:
    one = brought_in(engagement, [row("R1"), row("R2", Words="")], editor)
    assert (one.state, one.good, one.done, one.bad, one.already) == (Import.State.DONE, 2, 2, 0, 0)
    first, second = Receipt.objects.order_by("pk")
    assert first.channel == "import" and first.age_band == "26-plus" and first.permission == "anonymous"
    assert said(first) == {"when-why": "Before the summer.", "feel": "Words of R1."}
    assert said(second) == {"when-why": "Before the summer."}
    assert {row.state for row in Contribution.objects.all()} == {State.HELD}
    assert {row.author_id for row in Contribution.objects.all()} == {None}
    chosen = dict(ChoiceAnswer.objects.filter(receipt=first).values_list("wording__question__key", "value"))
    assert chosen == {"when": ["p7"], "who": ["p6", "s1"], "promises": ["s1", "p6"]}
    event = LedgerEvent.objects.get(verb="response.received", subject=f"receipt:{first.pk}")
    assert event.actor == editor and event.data["file"] == one.pk
    assert [e.actor for e in LedgerEvent.objects.filter(subject=f"import:{one.pk}").order_by("pk")] == [
        *(editor, editor, None, editor, None)
    ]


def test_the_file_and_what_was_read_of_it_go_once_it_is_in(engagement: Engagement, editor: User) -> None:
    one = brought_in(engagement, [row()], editor)
    assert not ImportRow.objects.exists() and not ImportPiece.objects.exists() and one.samples == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_second_import_of_the_same_rows_knows_them(engagement: Engagement, editor: User, kind: str) -> None:
    brought_in(engagement, [row("R1"), row("R2")], editor)
    again = brought_in(engagement, [row("R2"), row("R3"), row("R1")], editor, kind=kind)
    assert (again.good, again.done, again.already) == (1, 1, 2)
    assert Receipt.objects.count() == 3


def test_rows_that_are_in_already_with_something_else_are_told_apart_and_kept_as_they_were(
    engagement: Engagement, editor: User, client_for: Any
) -> None:
    brought_in(engagement, [row("R1"), row("R2"), row("R3"), row("R4")], editor)
    taken_back = Receipt.objects.order_by("pk")[3]
    withdraw(taken_back)
    again = [
        row("R1"),
        row("R2", Words="Other words.", Permission="Do not publish"),
        row("R3", **{"Who should lead it?": "In P7"}),
        row("R4", Words="Other words."),
        row("R5"),
    ]
    one = checked(bring(engagement, again, editor), editor)
    assert (one.good, one.already, one.same, one.different, one.bad) == (1, 4, 2, 2, 0)
    assert [(place, column) for place, column, _text in problems(one)] == [(3, 2), (3, 6), (4, 5)]
    page = client_for(editor).get(reverse("imports_file", args=[one.pk])).content.decode()
    assert "2 rows say something else" in page and "Let 1 row in" in page and "What differs" in page
    done = come_in(one, editor)
    assert (done.done, done.same, done.different, len(problems(done))) == (1, 2, 2, 3)
    assert said(Receipt.objects.order_by("pk")[1])["feel"] == "Words of R2."
    page = client_for(editor).get(reverse("imports_file", args=[one.pk])).content.decode()
    assert "2 rows say something else" in page


def test_a_column_that_the_file_does_not_have_is_not_compared(engagement: Engagement, editor: User) -> None:
    brought_in(engagement, [row("R1")], editor)
    fewer = bring_whole(engagement, [["ID", "Words"], ["R1", "Words of R1."]], editor)
    told = {**mapping(), "columns": {"0": "key", "1": "q-feel"}}
    one = checked(fewer, editor, told)
    assert (one.already, one.different) == (1, 0)


def test_without_a_key_rows_are_known_by_what_they_say_and_how_often(
    engagement: Engagement, editor: User
) -> None:
    """Two people may say the same: both count. The same file again brings neither a second time."""
    for rows, wanted in (([row(""), row("")], 2), ([row(""), row("")], 2), ([row("")] * 3, 3)):
        brought_in(engagement, rows, editor)
        assert Receipt.objects.count() == wanted


def test_a_key_twice_in_a_file_is_a_problem_of_the_second(engagement: Engagement, editor: User) -> None:
    one = checked(bring(engagement, [row("R1"), row("R1", Words="Other.")], editor), editor)
    assert problems(one) == [(3, None, "A row further up has the same number or code.")]


def test_another_consultation_knows_nothing_of_the_rows_of_this(engagement: Engagement, editor: User) -> None:
    other = making.consultation(slug="other", title="Other")
    for place in (engagement, other):
        brought_in(place, [row("R1")], editor)
    assert engagement.receipts.count() == other.receipts.count() == 1


def test_every_problem_is_told_by_row_and_column_and_nothing_comes_in(
    engagement: Engagement, editor: User
) -> None:
    rows = [
        row("R1"),
        row("R2", Age="middle-aged", Permission="perhaps"),
        row("R3", **{"When should it happen?": "In P9", "Who should lead it?": "In P6; In P7; In S1"}),
        row("R4", Order="In S1; In S1", Words="x" * 100_001),
        [*row("R5"), "outside"],
        ["R6", "", "", "", "", "", "", ""],
    ]
    one = checked(bring(engagement, rows, editor), editor)
    found = problems(one)
    assert [(place, column) for place, column, _text in found] == [
        *((3, 1), (3, 2), (4, 3), (4, 5), (5, 6), (5, 7), (6, 8), (7, None))
    ]
    texts = [text for _row, _column, text in found]
    assert texts[0].startswith("“middle-aged” is not known. Write one of: Under 12; 12; 13 to 15")
    assert "none of the answers: In P6; In P7; In S1" in texts[2] and texts[3] == "Choose up to 2."
    assert texts[4].startswith("1 characters too long")
    assert (one.good, one.bad) == (1, 5)
    with pytest.raises(Refused, match="nothing came in"):
        actions.let_in(one, good_only=False, by=editor)
    assert not Receipt.objects.exists()
    done = come_in(one, editor, good_only=True)
    assert (done.state, done.done) == (Import.State.DONE, 1) and len(problems(done)) == 8


def test_a_missing_permission_means_do_not_publish_and_a_missing_age_that_it_was_not_said(
    engagement: Engagement, editor: User
) -> None:
    brought_in(engagement, [row("R1", Permission="", Age="")], editor)
    receipt = Receipt.objects.get()
    assert (receipt.permission, receipt.age_band) == ("not-published", "not-said")


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"Age": "11"}, 1),
        ({"Age": "12"}, 1),
        ({"Age": "13-15", "Permission": "Publish with my name"}, 2),
        ({"Age": "", "Permission": "with name"}, 2),
        ({"Permission": "Publish with my name"}, None),
    ],
    ids=["under 12", "12", "named at 14", "named, of unknown age", "named without a name"],
)
def test_age_1_kc_7_what_the_form_on_the_web_refuses_is_refused_here(
    engagement: Engagement, editor: User, cells: dict[str, str], column: int | None
) -> None:
    one = checked(bring(engagement, [row("R1", **cells)], editor), editor)
    assert [place for _row, place, _text in problems(one)] == [column]


def test_saf_1_nobody_under_18_comes_in_where_they_are_not_invited_or_it_is_paused(editor: User) -> None:
    grown_up = making.publish(making.draft(slug="grown-up"))
    one = checked(bring(grown_up, [row("R1", Age="14")], editor), editor)
    assert problems(one) == [(2, 1, "For people who are 18 or over")]
    paused = making.consultation(slug="paused")
    one = checked(bring(paused, [row("R1", Age="14")], editor), editor)
    assert not problems(one)
    paused.safeguarding_lead.groups.clear()
    stopped = come_in(one, editor)
    assert stopped.state == Import.State.CHECKED and "this age" in stopped.trouble
    assert not Receipt.objects.exists()


def test_the_channel_and_the_day_of_a_row_are_its_own_where_it_says_so(
    engagement: Engagement, editor: User
) -> None:
    day = timezone.localdate() - timedelta(days=3)
    rows = [["Source", "Date", "Words"], ["letter", day.strftime("%d/%m/%Y"), "One."], ["", "", "Two."]]
    told = mapping(targets=["channel", "received", "letter"])
    one = checked(bring_whole(engagement, rows, editor), editor, told)
    come_in(one, editor)
    first, second = Receipt.objects.order_by("pk")
    assert (first.channel, timezone.localdate(first.created_at)) == ("paper", day)
    assert (second.channel, timezone.localdate(second.created_at)) == ("import", timezone.localdate())
    assert said(first) == {"_letter": "One."}


@pytest.mark.parametrize("text", ["31/02/2026", "soon", "2199-01-01", "2001-01-01"])
def test_a_day_that_cannot_be_is_refused(engagement: Engagement, editor: User, text: str) -> None:
    rows = [["Date", "Words"], [text, "One."]]
    one = checked(bring_whole(engagement, rows, editor), editor, mapping(targets=["received", "letter"]))
    assert [place for _row, place, _text in problems(one)] == [0]


def test_a_column_for_each_choice_is_read_too(engagement: Engagement, editor: User) -> None:
    rows = [
        ["Who should lead it? - In P6", "Who should lead it? - In P7", "Who should lead it? - In S1"],
        ["x", "", "1"],
        ["In P6", "no", ""],
    ]
    one = checked(bring_whole(engagement, rows, editor), editor, mapping(targets=["q-who"] * 3))
    come_in(one, editor)
    assert [answer.value for answer in ChoiceAnswer.objects.order_by("pk")] == [["p6", "s1"], ["p6"]]


def test_long_words_come_in_whole(engagement: Engagement, editor: User) -> None:
    words = "A long answer. " * 3_400
    one = checked(bring_whole(engagement, [["Words"], [words]], editor), editor, mapping(targets=["q-feel"]))
    come_in(one, editor)
    assert said(Receipt.objects.get()) == {"feel": words} and len(words) > 50_000


def test_what_is_noticed_in_words_lifts_them_as_on_the_web(engagement: Engagement, editor: User) -> None:
    brought_in(engagement, [row("R1", Words="Ring me on 01632 960123"), row("R2")], editor)
    lifted = Contribution.objects.filter(priority__gt=0)
    assert [said.prompt_key for said in lifted] == ["feel"]
    assert Flagged.objects.filter(contribution=lifted[0], flag="contact").exists()


def test_the_same_headings_are_offered_the_same_mapping(engagement: Engagement, editor: User) -> None:
    told = mapping(rest={"channel": "paper"})
    checked(bring(engagement, [row("R1")], editor), editor, told)
    assert actions.offered(bring(engagement, [row("R2")], editor)) == told
    other = making.consultation(slug="other", title="Other")
    assert actions.offered(bring(other, [row("R2")], editor))["rest"] == {}


def test_headings_suggest_what_they_say(engagement: Engagement, editor: User) -> None:
    found = actions.offered(bring(engagement, [row("R1")], editor))["columns"]
    assert found == {"0": "key", "1": "age", "2": "permission", "3": "q-when", "5": "q-who"}


def test_a_mapping_that_cannot_be_is_refused(engagement: Engagement, editor: User) -> None:
    one = bring(engagement, [row("R1")], editor)
    for targets, rest, message in (
        (["key"], {}, "which column holds an answer"),
        (["age", "age", "letter"], {}, "Another column"),
        (["letter"], {"kind": ""}, "people or organisations"),
        (["nonsense", "letter"], {}, "Choose from the list"),
    ):
        with pytest.raises(Refused, match=message):
            actions.tell_columns(one, mapping(rest, targets), by=editor)


def test_columns_may_be_told_anew_after_the_dry_run(engagement: Engagement, editor: User) -> None:
    one = checked(bring(engagement, [row("R1", Age="old")], editor), editor)
    assert one.bad == 1
    again = checked(
        one,
        editor,
        mapping(targets=["key", "", "permission", "q-when"]),
    )
    assert (again.good, again.bad, problems(again)) == (1, 0, [])


def test_letting_in_twice_brings_nothing_twice(engagement: Engagement, editor: User) -> None:
    one = brought_in(engagement, [row("R1")], editor)
    actions.let_in(one, good_only=True, by=editor)
    assert work_on(one).done == 1 and Receipt.objects.count() == 1


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(work, "BATCH", 3)
    monkeypatch.setattr(work, "SLICE", 0)
    yield


def test_in_slices_it_goes_on_where_it_was(engagement: Engagement, editor: User, small_batches: Any) -> None:
    one = bring(engagement, [row(f"R{n}") for n in range(10)], editor)
    actions.tell_columns(one, mapping(), by=editor)
    assert work.step(one.pk, seconds=-1)
    assert work_on(one, seconds=-1).good == 10
    actions.let_in(one, good_only=False, by=editor)
    assert work.step(one.pk, seconds=-1) and Receipt.objects.count() == 3
    assert work_on(one, seconds=-1).done == 10 and Receipt.objects.count() == 10


def test_one_that_was_cancelled_stops_keeps_what_is_in_and_comes_in_whole_the_next_time(
    engagement: Engagement, editor: User, small_batches: Any
) -> None:
    rows = [row(f"R{n}") for n in range(8)] + [row("bad", Age="?")]
    one = checked(bring(engagement, rows, editor), editor)
    actions.let_in(one, good_only=True, by=editor)
    work.step(one.pk, seconds=-1)
    actions.cancel(one, by=editor)
    stopped = work_on(one)
    assert stopped.state == Import.State.CANCELLED and stopped.done == 3 == Receipt.objects.count()
    assert not ImportRow.objects.exists() and not ImportPiece.objects.exists()
    again = come_in(checked(bring(engagement, rows[:8], editor), editor), editor)
    assert (again.already, again.done) == (3, 5)


def test_all_or_nothing_is_carried_through_once_it_has_begun(
    engagement: Engagement, editor: User, small_batches: Any
) -> None:
    one = checked(bring(engagement, [row(f"R{n}") for n in range(5)], editor), editor)
    actions.let_in(one, good_only=False, by=editor)
    work.step(one.pk, seconds=-1)
    with pytest.raises(Refused, match="carried through"):
        actions.cancel(one, by=editor)
    assert work_on(one).done == 5


def test_whoever_died_over_it_is_replaced(
    engagement: Engagement, editor: User, small_batches: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Gone in the middle of a batch: it leaves nothing, and the next worker begins it anew."""
    one = checked(bring(engagement, [row(f"R{n}") for n in range(7)], editor), editor)
    actions.let_in(one, good_only=False, by=editor)
    work.step(one.pk, seconds=-1)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt), transaction.atomic():
        patch.setattr(ChoiceAnswer.objects, "bulk_create", _die)
        work.step(one.pk, seconds=-1)
    Import.objects.filter(pk=one.pk).update(claim="dead", claimed_until=timezone.now() + work.TAKEN_FOR)
    assert not work.step(one.pk) and Receipt.objects.count() == 3  # not while somebody may still be at it
    later = timezone.now() + 2 * work.TAKEN_FOR
    assert Import.objects.get(pk=one.pk).has_stopped(later)
    Import.objects.filter(pk=one.pk).update(claimed_until=timezone.now() - work.TAKEN_FOR)
    assert work.sweep() == 1
    assert work_on(one).done == 7 == Receipt.objects.count()


def _die(*_args: Any, **_kwargs: Any) -> None:
    raise KeyboardInterrupt


def test_what_nobody_finished_is_thrown_away_after_a_month(engagement: Engagement, editor: User) -> None:
    one = bring(engagement, [row("R1")], editor)
    done = come_in(
        checked(bring(engagement, [row("R2"), row("R3", Age="?")], editor), editor), editor, good_only=True
    )
    month = timezone.now() - work.KEPT - work.TAKEN_FOR
    Import.objects.update(changed_at=month)
    work.sweep()
    assert work_on(one).state == Import.State.CANCELLED and work_on(done).state == Import.State.DONE
    assert not ImportPiece.objects.exists() and not problems(done)


def test_only_those_who_run_consultations_bring_files(
    engagement: Engagement, editor: User, moderator: User, administrator: User, facilitator: User
) -> None:
    one = bring(engagement, [row("R1")], editor)
    for user in (moderator, administrator, facilitator):
        with pytest.raises(PermissionDenied):
            bring(engagement, [row("R1")], user)
        with pytest.raises(PermissionDenied):
            actions.tell_columns(one, mapping(), by=user)
        with pytest.raises(PermissionDenied):
            actions.let_in(one, good_only=True, by=user)
        with pytest.raises(PermissionDenied):
            actions.cancel(one, by=user)


def test_a_row_costs_no_query_of_its_own(engagement: Engagement, editor: User) -> None:
    def cost(rows: int) -> int:
        one = bring(engagement, [row(f"{rows}-{n}", Age="14") for n in range(rows)], editor)
        with CaptureQueriesContext(connection) as caught:
            come_in(checked(one, editor), editor)
        return len(caught)

    cost(1)
    assert cost(60) - cost(2) < 10  # an engine takes only so many values in one statement
