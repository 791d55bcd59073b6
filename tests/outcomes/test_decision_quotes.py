"""Quotes beside a decision: only what may be shown now, none by name who did not ask (RIF-3, RIF-4)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from collaborative import pagecache
from collaborative.analysis.actions import apply_theme, retract
from collaborative.contributions.actions import add_wording, move, withdraw
from collaborative.contributions.models import Contribution, Permission, State
from collaborative.outcomes import quotes
from tests.outcomes import deciding
from tests.outcomes.deciding import answer, block, draft, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def where() -> Any:
    return deciding.engagement()


@pytest.fixture
def topic() -> Any:
    return deciding.theme("T3", "Depends who you know")


def texts(*codings: Any) -> list[str]:
    found = quotes.shown([coding.pk for coding in codings], [])
    return [found[coding.pk].text for coding in codings if coding.pk in found]


def test_words_that_may_be_published_are_quoted(where: Any, topic: Any) -> None:
    assert texts(deciding.said("Ça va 🙂 très bien", where, topic)) == ["Ça va 🙂 très bien"]


def test_a_passage_counts_in_code_points(where: Any, topic: Any) -> None:
    whole = deciding.said("🙂🙂 dè tha dol? Tha.", where, topic)
    part = apply_theme(whole.wording, 3, 14, topic, by=deciding.analyst(), key="a part")
    assert texts(part) == ["dè tha dol?"]


def test_rif_3_do_not_publish_is_never_quoted(where: Any, topic: Any) -> None:
    assert texts(deciding.said("Between us", where, topic, permission=Permission.NOT_PUBLISHED)) == []


@pytest.mark.parametrize("state", [State.HELD, State.REFUSED, State.ESCALATED, State.HIDDEN])
def test_rif_3_words_that_left_the_public_are_not_quoted(where: Any, topic: Any, state: str) -> None:
    coding = deciding.said("Once public", where, topic)
    move(coding.wording.contribution, state, by=deciding.analyst())
    assert texts(coding) == []


def test_rif_3_withdrawn_words_are_not_quoted(where: Any, topic: Any) -> None:
    coding = deciding.said("Taken back", where, topic)
    withdraw(coding.wording.contribution.receipt)
    assert texts(coding) == []


def test_rif_3_a_retracted_coding_is_not_quoted(where: Any, topic: Any) -> None:
    coding = deciding.said("Sorted wrongly", where, topic)
    retract(coding, by=deciding.analyst())
    assert texts(coding) == []


def test_rif_3_redacted_words_vanish_and_the_rest_stays(where: Any, topic: Any) -> None:
    whole = deciding.said("Ask Fiona Brown at the pier. She is kind.", where, topic)
    rest = apply_theme(whole.wording, 29, 41, topic, by=deciding.analyst(), key="the rest")
    add_wording(
        whole.wording.contribution,
        "redacted",
        "Ask [a name] at the pier. She is kind.",
        by=deciding.analyst(),
        reason="A name",
    )
    assert texts(whole, rest) == ["She is kind."]


def test_rif_3_an_unpublished_engagement_is_not_quoted(where: Any, topic: Any) -> None:
    coding = deciding.said("Public once", where, topic)
    where.page.unpublish()
    assert texts(coding) == []


def test_rif_4_an_organisation_is_named_when_it_said_so(where: Any, topic: Any) -> None:
    named = deciding.said("Ours", where, topic, permission=Permission.NAMED, organisation="Kestrel Ltd")
    silent = deciding.said("Theirs", where, topic, organisation="Quiet Ltd")
    found = quotes.shown([named.pk, silent.pk], ["employers"])
    assert found[named.pk].by == "Kestrel Ltd"
    assert found[silent.pk].by == "Employers, name not shown"


def test_rif_4_a_person_is_never_named(where: Any, topic: Any) -> None:
    coding = deciding.said("Mine", where, topic, permission=Permission.NAMED, name="Fiona Brown")
    assert quotes.shown([coding.pk], ["employers"])[coding.pk].by == "Employers, name not shown"


def test_a_group_is_named_only_where_the_release_prints_its_number(where: Any, topic: Any) -> None:
    coding = deciding.said("Mine", where, topic)
    quote = block("quote", {"side": "for", "passage": coding.pk})
    page = publish(draft(answers=[answer(topic)], engagements=[where], quotes=[quote]))
    hidden = {"slug": "employers", "name": "Employers", "n": None, "for": None, "against": None}

    def names_it() -> bool:
        pagecache.shelf.clear()
        shown = Client().get(page.url).content.decode()
        assert "“Mine”" in shown
        return "Employers, name not shown" in shown

    assert not names_it()
    deciding.figures(page.slug, [hidden])
    assert not names_it()
    deciding.figures(page.slug, [{**hidden, "n": 12}])
    assert names_it()


def test_all_quotes_are_one_query(where: Any, topic: Any, django_assert_num_queries: Any) -> None:
    codings = [deciding.said(f"Voice {n}", where, topic) for n in range(6)]
    with django_assert_num_queries(1):
        assert len(quotes.shown([coding.pk for coding in codings], ["employers"])) == 6


def test_rif_3_the_chooser_lists_only_what_may_be_quoted(
    where: Any, topic: Any, editor: Any, client_for: Any
) -> None:
    shown = deciding.said("May be quoted", where, topic)
    deciding.said("Kept between us", where, topic, permission=Permission.NOT_PUBLISHED)
    deciding.said("Another topic", where, deciding.theme("T10"))
    deciding.said("Another place", deciding.engagement("workshop"), topic)
    page = draft(answers=[answer(topic)], engagements=[where])
    browser = client_for(editor)
    answered = browser.get(reverse("passage_chooser:choose"), {"decision": page.pk}).json()["html"]
    assert "May be quoted" in answered
    for hidden in ("Kept between us", "Another topic", "Another place"):
        assert hidden not in answered
    assert "May be quoted" not in browser.get(reverse("passage_chooser:choose")).json()["html"]
    chosen = browser.get(reverse("passage_chooser:chosen", args=[shown.pk])).json()
    assert chosen["result"]["title"] == "May be quoted"


def test_rif_3_the_chooser_refuses_words_that_may_not_be_published(
    where: Any, topic: Any, editor: Any, client_for: Any
) -> None:
    secret = deciding.said("Kept between us", where, topic, permission=Permission.NOT_PUBLISHED)
    answered = client_for(editor).get(reverse("passage_chooser:chosen", args=[secret.pk]))
    assert answered.status_code == 404
    assert Contribution.objects.public().count() == 0
