"""What was found on looking at an answer again stands wherever that answer stands, and says the same (I7)."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from collaborative import pagecache
from collaborative.analysis.models import Coding, Theme
from collaborative.contributions.actions import withdraw
from collaborative.contributions.models import Receipt
from collaborative.outcomes.actions import reviews
from collaborative.outcomes.models import DecisionPage, Disposition, Suspicion
from collaborative.people.models import User
from home.tree import lay_out
from tests.outcomes import deciding, plan

pytestmark = pytest.mark.django_db
FOUND = "Two of three still ask for it."


@pytest.fixture
def topic() -> Theme:
    return deciding.theme("T1", "Ask me first")


@pytest.fixture
def said(topic: Theme) -> list[Coding]:
    place = deciding.engagement()
    return [deciding.said(f"Ask in private {n}", place, topic) for n in range(3)]


@pytest.fixture
def decision(topic: Theme, said: list[Coding]) -> DecisionPage:
    """It changed principle 1 of the plan."""
    lay_out()
    place = said[0].wording.contribution.engagement
    page = deciding.publish(
        deciding.draft(1, answers=[deciding.answer(topic, "adopted")], engagements=[place])
    )
    model = plan.published_page()
    words = {"statement": "We ask first.", "reason": "They asked.", "decision": page.pk}
    plan.publish(model, plan.changed(plan.stored(model), "P1", **words))
    return page


def moved(said: list[Coding], days: int = 0) -> reviews.Moves:
    withdraw(Receipt.objects.get(pk=said[0].wording.contribution.receipt_id))
    reviews.look_for_moves(timezone.now() - timedelta(days=days))
    return Suspicion.objects.get().moves


def read(address: str, accept: str = "text/html") -> str:
    pagecache.shelf.clear()
    pagecache.epoch.forget()
    answer = Client().get(address, headers={"accept": accept})
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", answer.content.decode())


def everywhere(decision: DecisionPage, said: list[Coding]) -> dict[str, str]:
    return {
        "the decision": read(decision.url),
        "the topic": read("/themes/ask-me-first/"),
        "the sentence": read("/model/clauses/P1/"),
        "the receipt": deciding.receipt(said[1]),
    }


def test_dec_1_what_somebody_found_stands_wherever_the_answer_stands(
    decision: DecisionPage, said: list[Coding], board_member: User
) -> None:
    seen = moved(said)
    assert not [name for name, text in everywhere(decision, said).items() if "ooked at again on" in text]
    assert "We looked again" not in read("/feed/")
    assert Client().get("/model/clauses/P1/", headers={"accept": "application/json"}).json()["answers"] == [
        {
            "topic": "Ask me first",
            "answer": "adopted",
            "reason": "Because of this.",
            "looked_at_again": None,
            "new_views_since": None,
        }
    ]
    reviews.review(Disposition.objects.get(), "still-holds", FOUND, by=board_member, seen=seen)
    for name, text in everywhere(decision, said).items():
        assert "Looked at again on" in text and "The answer still holds" in text and FOUND in text, name
    feed = read("/feed/")
    assert "We looked again at “Ask me first”" in feed and f"The answer still holds. {FOUND}" in feed
    assert f"{decision.url}#topic-ask-me-first" in feed and 'id="topic-ask-me-first"' in read(decision.url)
    pagecache.shelf.clear()
    (answer,) = Client().get("/model/clauses/P1/", headers={"accept": "application/json"}).json()["answers"]
    today = timezone.localdate().isoformat()
    assert answer["looked_at_again"] == {"on": today, "verdict": "still-holds", "reason": FOUND}


def test_after_28_days_every_page_says_it_by_itself_and_none_how_much(
    decision: DecisionPage, said: list[Coding]
) -> None:
    moved(said, days=27)
    assert not [name for name, text in everywhere(decision, said).items() if "New views since" in text]
    Suspicion.objects.update(since=timezone.now() - timedelta(days=29))
    for name, text in everywhere(decision, said).items():
        assert "New views since" in text and "taken back" not in text, name
    assert "New views" not in read("/feed/"), "it tells what somebody found, not that nobody looked"


def test_of_several_findings_the_last_stands(
    decision: DecisionPage, said: list[Coding], board_member: User
) -> None:
    for turn, verdict in enumerate(("still-holds", "reopen")):
        withdraw(Receipt.objects.get(pk=said[turn].wording.contribution.receipt_id))
        reviews.look_for_moves()
        seen = Suspicion.objects.get().moves
        reviews.review(Disposition.objects.get(), verdict, f"Finding {turn}.", by=board_member, seen=seen)
    for address in (decision.url, "/themes/ask-me-first/", "/model/clauses/P1/", "/feed/"):
        text = read(address)
        assert "Finding 1." in text and "Finding 0." not in text, address
