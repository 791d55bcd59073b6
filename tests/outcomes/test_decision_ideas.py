"""A decision answers ideas as it answers topics: whole, with reasons, and never unwritten (CHG-1, DEC-1)."""

from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from collaborative.contributions.models import LedgerEvent
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.outcomes import actions, standing
from collaborative.outcomes.actions import Proposed
from collaborative.outcomes.models import DecisionPage, Proposal, ProposalAnswer
from tests.outcomes import deciding, editing
from tests.outcomes.deciding import answer, block, draft, publish, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def where() -> Engagement:
    return deciding.engagement()


@pytest.fixture
def topic() -> Any:
    return deciding.theme("T3", "Depends who you know")


def proposal(where: Engagement, title: str = "What if one card?", *, forward: bool = True) -> Proposal:
    by = deciding.analyst()
    day = timezone.localdate()
    asked = Proposed(title=title, words="One for all.", who_decides="The board", answer_by=day)
    row, _new = actions.write_proposal(where, asked, by=by, key=title)
    return actions.put_forward(row, by=by) if forward else row


def says(row: Proposal | None, given: str = "adopted", reason: str = "One is enough.") -> dict[str, Any]:
    return block("idea", {"proposal": row.pk if row else None, "answer": given, "reason": reason})


def refusal(page: DecisionPage) -> str:
    with pytest.raises(Refused) as refused:
        publish(page)
    assert not DecisionPage.objects.get(pk=page.pk).live
    assert not ProposalAnswer.objects.exists()
    return "\n".join(refused.value.messages)


def current() -> QuerySet[ProposalAnswer]:
    return ProposalAnswer.objects.current()


def test_publication_writes_the_answer_once_and_a_changed_one_beside_it(where: Any, topic: Any) -> None:
    row = proposal(where)
    page = publish(draft(answers=[answer(topic)], engagements=[where], proposals=[says(row)]))
    given = ProposalAnswer.objects.get()
    assert (given.decision, given.proposal, given.number, given.answer) == (page, row, 1, "adopted")
    assert given.seen == row.fingerprint
    assert timezone.localtime(given.decided_at).date() == page.decided_on
    publish(page)
    assert ProposalAnswer.objects.count() == 1
    publish(write(page, proposals=[says(row, "later", "Not this year.")]))
    assert [one.number for one in ProposalAnswer.objects.order_by("number")] == [1, 2]
    assert current().get().answer == "later"
    assert standing.of([row])[0].tone == "later"
    events = LedgerEvent.objects.filter(verb__startswith="decision.published").order_by("pk")
    assert events[0].data["proposals"] == {str(row.pk): "adopted"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"given": ""}, "“What if one card?” has no answer."),
        ({"reason": " "}, "“What if one card?” has no reason."),
    ],
)
def test_an_answer_and_a_reason_or_nothing(where: Any, topic: Any, wrong: Any, message: str) -> None:
    ideas = [says(proposal(where), **wrong)]
    assert message in refusal(draft(answers=[answer(topic)], engagements=[where], proposals=ideas))


def test_it_is_named_answered_once_put_forward_and_of_what_the_decision_answers(
    where: Any, topic: Any
) -> None:
    other = deciding.engagement("elsewhere")
    page = draft(answers=[answer(topic)], engagements=[where], proposals=[says(None)])
    assert "Choose the idea." in refusal(page)
    row = proposal(where)
    assert "answered twice" in refusal(write(page, proposals=[says(row), says(row, "later")]))
    held_back = proposal(where, "What if a van?", forward=False)
    assert "“What if a van?” is a draft." in refusal(write(page, proposals=[says(held_back)]))
    foreign = proposal(other, "What if elsewhere?")
    assert "comes from “Elsewhere”" in refusal(write(page, proposals=[says(foreign)]))


def test_dec_1_nothing_put_forward_by_a_workshop_that_is_on_is_answered(topic: Any) -> None:
    on = deciding.engagement("still-on", closed=-1)
    page = draft(answers=[answer(topic)], engagements=[on], proposals=[says(proposal(on))])
    assert "is open until" in refusal(page)


def test_what_was_answered_in_public_is_not_taken_away(where: Any, topic: Any) -> None:
    row = proposal(where)
    page = publish(draft(answers=[answer(topic)], engagements=[where], proposals=[says(row)]))
    with pytest.raises(Refused, match="was answered here in public"):
        publish(write(page, proposals=[]))
    assert current().get().proposal == row


def test_one_idea_has_one_answer_unless_a_newer_decision_takes_its_place(where: Any, topic: Any) -> None:
    row, second = proposal(where), deciding.theme("T4", "Travel and cost")
    first = publish(draft(answers=[answer(topic)], engagements=[where], proposals=[says(row)]))
    again = draft(2, answers=[answer(second)], engagements=[where], proposals=[says(row, "later")])
    with pytest.raises(Refused, match="is answered by decision 1"):
        publish(again)
    publish(write(again, replaces=first))
    assert [one.decision_id for one in current()] == [again.pk]
    assert standing.of([row])[0].tone == "later"


def test_the_page_shows_the_idea_where_it_is_from_and_the_answer(
    where: Any, topic: Any, client: Client
) -> None:
    row = proposal(where)
    page = publish(draft(answers=[answer(topic)], engagements=[where], proposals=[says(row)]))
    text = client.get(page.url).content.decode()
    assert "Ideas that it answers" in text and row.title in text and "One is enough." in text
    assert f"{where.page.url}#idea-1" in text


def test_an_editor_reads_at_the_block_what_is_missing(
    where: Any, topic: Any, editor: Any, client_for: Any
) -> None:
    row = proposal(where)
    page = draft(answers=[answer(topic)], engagements=[where], proposals=[says(row, reason="")])
    browser = client_for(editor)
    sent = editing.send(browser, page, editing.form_data(page), publish=True)
    assert sent.status_code == 200
    assert "has no reason." in sent.content.decode()
    assert not DecisionPage.objects.get(pk=page.pk).live


def test_the_list_to_choose_from_holds_what_was_put_forward(where: Any, editor: Any, client_for: Any) -> None:
    proposal(where)
    proposal(where, "What if nobody knows?", forward=False)
    text = client_for(editor).get("/admin/decisions/ideas/").content.decode()
    assert "What if one card?" in text
    assert "What if nobody knows?" not in text
