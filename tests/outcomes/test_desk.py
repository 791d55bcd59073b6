"""The decider's desk: what waits, answered by one decision, put off with a reason, closed off (DEC-1)."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collaborative import pagecache
from collaborative.analysis.models import Coding, Theme
from collaborative.contributions.actions import withdraw
from collaborative.contributions.models import LedgerEvent, Receipt
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.outcomes import desk
from collaborative.outcomes.actions import desk as actions
from collaborative.outcomes.answering import answering_decisions
from collaborative.outcomes.models import ClosedOff, DecisionPage, PutOff
from collaborative.people.models import User
from collaborative.people.roles import Role
from home.tree import lay_out
from tests.cast import person
from tests.outcomes import deciding

pytestmark = pytest.mark.django_db
Open = Callable[[User], Client]
WHY = "We wait for the costs."


@pytest.fixture(autouse=True)
def pages(db: None) -> None:
    lay_out()


@pytest.fixture
def place() -> Engagement:
    return deciding.engagement()


@pytest.fixture
def first() -> Theme:
    return deciding.theme("T1", "Ask me first")


@pytest.fixture
def second() -> Theme:
    return deciding.theme("T2", "Too late")


@pytest.fixture
def said(place: Engagement, first: Theme, second: Theme) -> list[Coding]:
    found = [deciding.said(f"Ask in private {n}", place, first) for n in range(3)]
    found.append(deciding.said("No need to ask", place, first, stance="against"))
    return [*found, deciding.said("It came too late", place, second, stance="none")]


@pytest.fixture
def secretary() -> User:
    return person("Sorcha", Role.SECRETARY)


def soon(days: int = 30) -> date:
    return timezone.localdate() + timedelta(days=days)


def names(topics: list[Theme]) -> list[str]:
    return [topic.name for topic in topics]


def test_every_topic_stands_there_with_its_weight_and_some_words(
    place: Engagement, said: list[Coding]
) -> None:
    ask, late = desk.topics(place)
    assert (ask.theme.name, ask.responses, late.theme.name, late.responses) == (
        "Ask me first",
        4,
        "Too late",
        1,
    )
    assert [(row.group, row.in_order) for row in ask.rows] == [("Employers", [3, 1, 0, 0])]
    assert [quote.text for quote in ask.words] == ["Ask in private 0", "No need to ask"]
    assert {quote.by for quote in ask.words} == {"Name not shown"}
    assert ask.waits and late.waits


def test_words_that_are_gone_weigh_nothing_and_stand_nowhere(place: Engagement, said: list[Coding]) -> None:
    for coding in (said[0], said[4]):
        withdraw(Receipt.objects.get(pk=coding.wording.contribution.receipt_id))
    (ask,) = desk.topics(place)
    assert ask.responses == 3 and [quote.text for quote in ask.words] == [
        "Ask in private 1",
        "No need to ask",
    ]


def test_ana_3_a_text_that_many_sent_counts_once(place: Engagement, said: list[Coding]) -> None:
    campaign = place.campaigns.create(name="Small hosts", confirmed_at=timezone.now())
    for n, coding in enumerate(said[:3]):
        campaign.members.create(receipt_id=coding.wording.contribution.receipt_id, varied=n == 2)
    ask = desk.topics(place)[0]
    assert ask.responses == 3 and [(c.alike, c.varied) for c in desk.campaigns(place)] == [(2, 1)]


def test_what_was_said_elsewhere_is_not_weighed_here(
    place: Engagement, said: list[Coding], first: Theme, secretary: User
) -> None:
    elsewhere = deciding.engagement("another", closed=60)
    deciding.said("Ask here too", elsewhere, first)
    actions.put_off(elsewhere, first, WHY, soon(), by=secretary)
    assert desk.topics(place)[0].responses == 4 and len(desk.waiting(place)) == 2
    assert [one.slug for one in desk.engagements()] == ["host-pledge", "another"]


# Putting off ------------------------------------------------------------------------------------


def test_put_off_is_read_by_everyone_and_taken_up_again(
    place: Engagement, said: list[Coding], first: Theme, secretary: User
) -> None:
    for _press in range(2):
        actions.put_off(place, first, WHY, soon(), by=secretary)
    assert PutOff.objects.count() == 1 and names(desk.waiting(place)) == ["Too late"]
    assert LedgerEvent.objects.filter(verb="topic.put_off").count() == 1
    line = f"Put off. The board looks at it again by {soon().day} "
    assert line in topic_page() and WHY in topic_page()
    assert line in deciding.receipt(said[0]) and WHY in deciding.receipt(said[0])
    assert WHY not in deciding.receipt(said[4])
    actions.put_off(place, first, "Other words.", soon(60), by=secretary)
    assert "Other words." in topic_page() and WHY not in topic_page()
    actions.take_up(place, first, by=secretary)
    actions.take_up(place, first, by=secretary)
    assert PutOff.objects.count() == 3 and len(desk.waiting(place)) == 2
    assert "Put off" not in topic_page() and "Put off" not in deciding.receipt(said[0])


def test_nothing_is_said_of_a_place_that_is_not_public(
    place: Engagement, said: list[Coding], first: Theme, secretary: User
) -> None:
    actions.put_off(place, first, WHY, soon(), by=secretary)
    place.page.unpublish()
    assert WHY not in topic_page() and place.title not in topic_page()
    assert WHY in deciding.receipt(said[0]), "who spoke of it reads it all the same"


def test_one_place_is_told_apart_of_a_decision_on_several(
    place: Engagement, said: list[Coding], first: Theme
) -> None:
    other = deciding.engagement("another")
    page = deciding.publish(deciding.draft(1, answers=[deciding.answer(first)], engagements=[place, other]))
    assert answering_decisions(place) == {(place.pk, first.pk): page.pk}
    assert answering_decisions() == {(one.pk, first.pk): page.pk for one in (place, other)}


def test_an_answer_ends_it_by_itself(
    place: Engagement, said: list[Coding], first: Theme, secretary: User
) -> None:
    actions.put_off(place, first, WHY, soon(), by=secretary)
    deciding.publish(deciding.draft(1, answers=[deciding.answer(first)], engagements=[place]))
    assert WHY not in topic_page() and WHY not in deciding.receipt(said[0])
    assert desk.topics(place)[-1].decision is not None


@pytest.mark.parametrize(
    ("reason", "until"), [(" ", soon()), (WHY, None), (WHY, timezone.localdate()), ("x" * 2_001, soon())]
)
def test_put_off_needs_a_reason_and_a_day_to_come(
    place: Engagement, said: list[Coding], first: Theme, secretary: User, reason: str, until: date | None
) -> None:
    with pytest.raises(Refused):
        actions.put_off(place, first, reason, until, by=secretary)
    assert not PutOff.objects.exists()


def test_what_does_not_wait_is_not_put_off(
    place: Engagement, said: list[Coding], first: Theme, secretary: User
) -> None:
    deciding.publish(deciding.draft(1, answers=[deciding.answer(first)], engagements=[place]))
    for topic in (first, deciding.theme("T3")):
        with pytest.raises(Refused, match="has an answer"):
            actions.put_off(place, topic, WHY, soon(), by=secretary)


@pytest.mark.parametrize("role", [None, Role.EDITORS, Role.ANALYSTS, Role.MODERATORS])
def test_who_does_not_decide_puts_nothing_off(
    place: Engagement, said: list[Coding], first: Theme, role: Role | None
) -> None:
    by = person("Other", *([role] if role else []))
    for verb in (
        lambda: actions.put_off(place, first, WHY, soon(), by=by),
        lambda: actions.take_up(place, first, by=by),
        lambda: actions.close_off(place, by=by),
    ):
        with pytest.raises(PermissionDenied):
            verb()


@pytest.mark.parametrize("model", [PutOff, ClosedOff])
def test_what_was_said_about_it_is_never_altered(
    place: Engagement, said: list[Coding], first: Theme, second: Theme, secretary: User, model: Any
) -> None:
    for topic in (first, second):
        actions.put_off(place, topic, WHY, soon(), by=secretary)
    actions.close_off(place, by=secretary)
    for change in (lambda rows: rows.update(at=timezone.now()), lambda rows: rows._raw_delete(rows.db)):
        with pytest.raises(IntegrityError), transaction.atomic():
            change(model.objects.all())


# Closing off ------------------------------------------------------------------------------------


def test_nothing_is_left_without_an_answer_when_it_is_closed_off(
    place: Engagement, said: list[Coding], first: Theme, second: Theme, secretary: User
) -> None:
    deciding.publish(deciding.draft(1, answers=[deciding.answer(first)], engagements=[place]))
    with pytest.raises(Refused, match="“Too late”"):
        actions.close_off(place, by=secretary)
    actions.put_off(place, second, WHY, soon(), by=secretary)
    done = actions.close_off(place, by=secretary)
    assert actions.close_off(place, by=secretary) == done and ClosedOff.objects.count() == 1


def test_what_is_still_open_is_not_closed_off(secretary: User) -> None:
    with pytest.raises(Refused, match="still open"):
        actions.close_off(deciding.engagement(closed=-5), by=secretary)


# One decision for several -----------------------------------------------------------------------


def test_one_decision_is_begun_for_several_topics(
    place: Engagement, said: list[Coding], first: Theme, second: Theme, editor: User
) -> None:
    page = actions.begin_decision(place, [first, second], by=editor)
    assert actions.begin_decision(place, [second, first], by=editor) == page  # pressed twice
    draft = page.get_latest_revision_as_object()
    assert [(b.value["theme"], b.value["answer"], b.value["reason"]) for b in draft.answers] == [
        (first, "", ""),
        (second, "", ""),
    ]
    assert not page.live and list(draft.engagements.all()) == [place] and draft.number == 1
    other = actions.begin_decision(place, [first], by=editor)
    assert other.number == 2 and other.slug == "decision-2"
    assert len(desk.waiting(place)) == 2, "a draft answers nothing"
    with pytest.raises(Refused, match="at least one"):
        actions.begin_decision(place, [deciding.theme("T9")], by=editor)


def test_only_who_may_write_decisions_begins_one(place: Engagement, said: list[Coding], first: Theme) -> None:
    with pytest.raises(PermissionDenied):
        actions.begin_decision(place, [first], by=person("Plain"))
    assert not DecisionPage.objects.exists()


# The screens ------------------------------------------------------------------------------------


def test_the_desk_in_the_admin(
    place: Engagement, said: list[Coding], first: Theme, second: Theme, secretary: User, client_for: Open
) -> None:
    browser = client_for(secretary)
    assert place.title in text(browser, "/admin/to-decide/")
    here = f"/admin/to-decide/{place.pk}/"
    found = text(browser, here)
    assert "2 topics wait for an answer." in found and "“Ask in private 0”" in found
    assert LedgerEvent.objects.filter(verb="desk.seen", actor=secretary).count() == 1
    refused = browser.post(f"{here}close-off/")
    assert refused.status_code == 422 and "“Ask me first”, “Too late”" in refused.content.decode()
    form = f"{here}{first.pk}/"
    wrong = browser.post(form, {"reason": "Kept words.", "until": ""})
    assert wrong.status_code == 422 and "Kept words." in wrong.content.decode()
    assert browser.post(form, {"reason": WHY, "until": soon().isoformat()})["Location"] == here
    assert "1 topic waits" in text(browser, here) and WHY in text(browser, here)
    browser.post(f"{here}{second.pk}/", {"reason": WHY, "until": soon().isoformat()})
    assert browser.post(f"{here}close-off/")["Location"] == here
    assert "Closed off on" in text(browser, here) and "Nothing waits" in text(browser, "/admin/to-decide/")
    browser.post(form, {"do": "take-up"})
    assert "Since then more was sorted, and waits." in text(browser, here)


def test_ticked_topics_lead_to_the_draft_of_one_decision(
    place: Engagement, said: list[Coding], first: Theme, second: Theme, editor: User, client_for: Open
) -> None:
    browser, here = client_for(editor), f"/admin/to-decide/{place.pk}/"
    assert browser.post(f"{here}decision/", {}).status_code == 422
    answer = browser.post(f"{here}decision/", {"topic": [first.pk, second.pk, "x"]})
    page = DecisionPage.objects.get()
    assert answer["Location"] == f"/admin/pages/{page.pk}/edit/"
    assert browser.get(answer["Location"]).status_code == 200


def test_the_desk_costs_the_same_for_few_topics_and_for_many(
    place: Engagement, said: list[Coding], secretary: User, client_for: Open
) -> None:
    browser, here = client_for(secretary), f"/admin/to-decide/{place.pk}/"
    browser.get(here)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(here).status_code == 200
        return len(asked)

    few = cost()
    for n in range(3, 9):
        deciding.said(f"More {n}", place, deciding.theme(f"T{n}"))
    assert cost() == few


def text(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def topic_page() -> str:
    pagecache.shelf.clear()
    pagecache.epoch.forget()
    return text(Client(), "/themes/ask-me-first/")
