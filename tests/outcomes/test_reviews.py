"""Answers of whose evidence something moved: found, told, looked at again, and said in public (I7, DEC-1)."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collaborative import outbox, pagecache
from collaborative.analysis import evidence
from collaborative.analysis.actions import define_theme
from collaborative.analysis.models import Coding, Theme
from collaborative.contributions.actions import move, withdraw
from collaborative.contributions.models import Contribution, LedgerEvent, State
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.outcomes.actions import reviews
from collaborative.outcomes.models import DecisionPage, Disposition, Reading, Review, Suspicion
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.cast import person
from tests.outcomes import deciding

pytestmark = pytest.mark.django_db
Open = Callable[[User], Client]
HOLDS = Review.Verdict.HOLDS


@pytest.fixture
def place() -> Engagement:
    return deciding.engagement()


@pytest.fixture
def topic() -> Theme:
    return deciding.theme("T1", "Ask me first")


@pytest.fixture
def said(place: Engagement, topic: Theme) -> list[Coding]:
    return [deciding.said(f"Ask in private {n}", place, topic) for n in range(3)]


@pytest.fixture
def page(place: Engagement, topic: Theme, said: list[Coding]) -> DecisionPage:
    return deciding.publish(deciding.draft(1, answers=[deciding.answer(topic)], engagements=[place]))


def of(coding: Coding) -> Contribution:
    return Contribution.objects.get(pk=coding.wording.contribution_id)


def suspect() -> list[list[list[Any]]]:
    reviews.look_for_moves()
    return [row.suspicion.moves for row in Disposition.objects.suspect().select_related("suspicion")]


def answer_of(page: DecisionPage) -> Disposition:
    return Disposition.objects.current().get(decision=page)


def public(page: DecisionPage) -> str:
    pagecache.epoch.forget()
    text = Client().get(page.url, headers={"authorization": "anew"}).content.decode()
    return re.sub(r"\s+", " ", text)


def test_what_was_seen_is_kept_when_it_is_published_and_nothing_has_moved(page: DecisionPage) -> None:
    kept = evidence.Evidence.of(Reading.objects.get().evidence)
    assert kept.weights() == {("employers", "for"): 3}
    assert suspect() == [] and not mail.outbox


def test_publishing_the_same_answer_again_keeps_what_was_seen_first(
    page: DecisionPage, said: list[Coding]
) -> None:
    withdraw(of(said[0]).receipt)
    deciding.publish(page)
    assert Reading.objects.count() == 1 and suspect() == [[["withdrawn", 1]]]


def test_a_changed_answer_is_given_on_what_stands_then(
    page: DecisionPage, topic: Theme, said: list[Coding]
) -> None:
    withdraw(of(said[0]).receipt)
    assert suspect()
    changed = deciding.write(page, answers=[deciding.answer(topic, "adopted", "Since they asked.")])
    deciding.publish(changed)
    assert Reading.objects.count() == 2
    assert suspect() == []  # the answer that was replaced stands no more


def test_i7_each_way_in_which_evidence_moves_is_found(
    page: DecisionPage, place: Engagement, topic: Theme, said: list[Coding]
) -> None:
    move(of(said[0]), State.HIDDEN, by=None)
    assert suspect() == [[["hidden", 1]]]
    move(of(said[0]), State.RELEASED, by=None)
    assert suspect() == []  # it is as it was seen
    define_theme(
        "T1",
        label="Ask me first",
        by=deciding.analyst(),
        definition="Something else",
        includes="This",
        excludes="That",
        example="Words",
    )
    assert suspect() == [[["reworded", 1]]]
    for number in range(5):
        deciding.said(f"Late {number}", place, topic)
    assert suspect() == [[["reworded", 1], ["new", 5]]]


def test_since_when_stays_while_more_moves(page: DecisionPage, said: list[Coding]) -> None:
    withdraw(of(said[0]).receipt)
    reviews.look_for_moves(timezone.now() - timedelta(days=5))
    before = Suspicion.objects.get().since
    withdraw(of(said[1]).receipt)
    assert suspect() == [[["withdrawn", 2]]]
    assert Suspicion.objects.get().since == before


def test_an_answer_from_before_readings_were_kept_is_read_from_now_on(
    page: DecisionPage, said: list[Coding]
) -> None:
    answer = answer_of(page)
    with connection.cursor() as cursor:  # as a database that was migrated has it
        table = Reading._meta.db_table
        drop = f"DROP TRIGGER {table}_no_delete" + (f" ON {table}" if connection.vendor != "sqlite" else "")
        cursor.execute(drop)
        cursor.execute(f"DELETE FROM {table}")
    withdraw(of(said[0]).receipt)
    assert suspect() == []
    withdraw(of(said[1]).receipt)
    assert suspect() == [[["withdrawn", 1]]]
    assert Reading.objects.get().disposition == answer


# The letter -------------------------------------------------------------------------------------


def test_who_looks_after_it_is_told_once(
    page: DecisionPage, said: list[Coding], editor: User, django_capture_on_commit_callbacks: Any
) -> None:
    DecisionPage.objects.filter(pk=page.pk).update(owner=editor)
    withdraw(of(said[0]).receipt)
    for _night in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            reviews.look_for_moves()
        outbox.sweep()
    assert [one.to for one in mail.outbox] == [[editor.email]]
    letter = mail.outbox[0]
    assert "Decision 1" in letter.subject and f"/admin/answers-again/{answer_of(page).pk}/" in letter.body
    assert "Ask in private" not in letter.body


def test_nobody_is_told_who_may_not_answer_for_it(page: DecisionPage, said: list[Coding]) -> None:
    DecisionPage.objects.filter(pk=page.pk).update(owner=person("Gone"))
    withdraw(of(said[0]).receipt)
    reviews.look_for_moves()
    outbox.sweep()
    assert not mail.outbox


def test_a_letter_that_waited_until_all_was_as_before_is_not_sent(
    page: DecisionPage, said: list[Coding], editor: User
) -> None:
    DecisionPage.objects.filter(pk=page.pk).update(owner=editor)
    move(of(said[0]), State.HIDDEN, by=None)
    reviews.look_for_moves()
    move(of(said[0]), State.RELEASED, by=None)
    reviews.look_for_moves()
    outbox.sweep()
    assert not mail.outbox


# The verdict ------------------------------------------------------------------------------------


def test_a_verdict_clears_it_and_is_what_is_compared_with_from_then_on(
    page: DecisionPage, said: list[Coding], board_member: User
) -> None:
    withdraw(of(said[0]).receipt)
    (moves,) = suspect()
    made = reviews.review(answer_of(page), HOLDS, "Two still ask.", by=board_member, seen=moves)
    assert made.moves == [["withdrawn", 1]] and suspect() == []
    again = reviews.review(answer_of(page), HOLDS, "Two still ask.", by=board_member, seen=moves)
    assert again == made and Review.objects.count() == 1  # sent twice
    assert LedgerEvent.objects.filter(verb="decision.reviewed").count() == 1
    withdraw(of(said[1]).receipt)
    assert suspect() == [[["withdrawn", 1]]]


def test_what_comes_while_a_verdict_is_stored_is_not_taken_for_seen(
    page: DecisionPage, said: list[Coding], board_member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    withdraw(of(said[0]).receipt)
    (moves,) = suspect()
    standing = evidence.standing

    def read_and_then_one_more_goes(*args: Any) -> Any:
        found = standing(*args)
        monkeypatch.setattr(evidence, "standing", standing)
        withdraw(of(said[1]).receipt)
        return found

    monkeypatch.setattr(evidence, "standing", read_and_then_one_more_goes)
    reviews.review(answer_of(page), HOLDS, "Two still ask.", by=board_member, seen=moves)
    assert suspect() == [[["withdrawn", 1]]]


def test_more_that_moved_than_they_saw_stores_nothing(
    page: DecisionPage, said: list[Coding], board_member: User
) -> None:
    withdraw(of(said[0]).receipt)
    (moves,) = suspect()
    withdraw(of(said[1]).receipt)
    with pytest.raises(Refused, match="More has moved"):
        reviews.review(answer_of(page), HOLDS, "Fine.", by=board_member, seen=moves)
    assert not Review.objects.exists() and Suspicion.objects.exists()


@pytest.mark.parametrize(("verdict", "reason"), [(HOLDS, " "), ("maybe", "Why"), (HOLDS, "x" * 2001)])
def test_a_verdict_that_makes_no_sense_is_refused(
    page: DecisionPage, said: list[Coding], board_member: User, verdict: str, reason: str
) -> None:
    withdraw(of(said[0]).receipt)
    (moves,) = suspect()
    with pytest.raises(Refused):
        reviews.review(answer_of(page), verdict, reason, by=board_member, seen=moves)
    assert Suspicion.objects.exists()


def test_nothing_that_moved_is_nothing_to_say(page: DecisionPage, board_member: User) -> None:
    with pytest.raises(Refused, match="looked at this already"):
        reviews.review(answer_of(page), HOLDS, "Fine.", by=board_member, seen=[])


@pytest.mark.parametrize("role", [None, Role.ANALYSTS, Role.MODERATORS, Role.FACILITATORS])
def test_who_does_not_decide_says_nothing(page: DecisionPage, said: list[Coding], role: Role | None) -> None:
    withdraw(of(said[0]).receipt)
    (moves,) = suspect()
    by = person("Other", *([role] if role else []))
    with pytest.raises(PermissionDenied):
        reviews.review(answer_of(page), HOLDS, "Fine.", by=by, seen=moves)


@pytest.mark.parametrize("model", [Reading, Review])
def test_what_was_seen_and_said_is_never_altered(
    page: DecisionPage, said: list[Coding], board_member: User, model: Any
) -> None:
    withdraw(of(said[0]).receipt)
    (moves,) = suspect()
    reviews.review(answer_of(page), HOLDS, "Fine.", by=board_member, seen=moves)
    for change in (lambda rows: rows.update(evidence={}), lambda rows: rows._raw_delete(rows.db)):
        with pytest.raises(IntegrityError), transaction.atomic():
            change(model.objects.all())


# What people read -------------------------------------------------------------------------------


def test_the_page_says_what_somebody_found(
    page: DecisionPage, said: list[Coding], board_member: User
) -> None:
    withdraw(of(said[0]).receipt)
    (moves,) = suspect()
    assert "Looked at again" not in public(page) and "New views" not in public(page)
    reviews.review(answer_of(page), "reopen", "One took it back.", by=board_member, seen=moves)
    text = public(page)
    assert "We look at it again" in text and "One took it back." in text and "taken back" not in text


def test_after_28_days_the_page_says_it_by_itself_and_not_how_much(
    page: DecisionPage, said: list[Coding]
) -> None:
    withdraw(of(said[0]).receipt)
    suspect()
    Suspicion.objects.update(since=timezone.now() - timedelta(days=27))
    assert "New views since" not in public(page)
    Suspicion.objects.update(since=timezone.now() - timedelta(days=28, minutes=1))
    text = public(page)
    assert "New views since" in text and "were taken back" not in text


def test_the_page_costs_the_same_before_and_after(
    page: DecisionPage, said: list[Coding], board_member: User
) -> None:
    def cost() -> int:
        public(page)
        with CaptureQueriesContext(connection) as asked:
            public(page)
        return len(asked)

    before = cost()
    withdraw(of(said[0]).receipt)
    (moves,) = suspect()
    reviews.review(answer_of(page), HOLDS, "Fine.", by=board_member, seen=moves)
    assert cost() == before


# The screens ------------------------------------------------------------------------------------


def test_the_list_and_the_form_in_the_admin(
    page: DecisionPage, said: list[Coding], board_member: User, client_for: Open
) -> None:
    browser, answer = client_for(board_member), answer_of(page)
    assert "Every answer rests on what was seen" in browser.get("/admin/answers-again/").content.decode()
    withdraw(of(said[0]).receipt)
    (moves,) = suspect()
    listed = browser.get("/admin/answers-again/").content.decode()
    assert "Ask me first" in listed and "Words were taken back (1)" in listed
    url = f"/admin/answers-again/{answer.pk}/"
    assert "Words were taken back: 1" in browser.get(url).content.decode()
    sent = {"verdict": "still-holds", "reason": "", "seen": '[["withdrawn", 1]]'}
    assert browser.post(url, sent).status_code == 422
    late = browser.post(url, sent | {"reason": "Fine.", "seen": "[]"})
    assert late.status_code == 422 and "More has moved" in late.content.decode()
    assert "Fine." in late.content.decode()  # what was typed comes back
    assert browser.post(url, sent | {"reason": "Fine."}).status_code == 302
    assert Review.objects.get().by == board_member and Review.objects.get().moves == moves
    assert "Fine." in browser.get(url).content.decode()


def test_the_list_costs_the_same_for_few_and_for_many(
    place: Engagement, topic: Theme, board_member: User, client_for: Open
) -> None:
    browser, costs, number = client_for(board_member), [], 0
    for many in (2, 6):
        for _one in range(many):
            number += 1
            other = deciding.theme(f"T{number + 1}")
            deciding.said("Something", place, other)
            made = deciding.draft(number, answers=[deciding.answer(other)], engagements=[place])
            deciding.publish(made)
        for row in Contribution.objects.filter(state=State.RELEASED):
            move(row, State.HIDDEN, by=None)
        reviews.look_for_moves()
        browser.get("/admin/answers-again/")
        with CaptureQueriesContext(connection) as asked:
            assert browser.get("/admin/answers-again/").status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1]
