"""The public pages of the plan: what stands on them, what does not, and what they cost."""

import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page

from collaborative import pagecache
from collaborative.figures.models import Release, Table
from collaborative.outcomes import actions
from collaborative.outcomes.models import Change, Clause, ClauseVersion, DecisionPage, ModelPage, ModelVersion
from tests.outcomes.plan import (
    KEYS,
    Block,
    blocks,
    changed,
    draft,
    principle,
    publish,
    published_page,
    stored,
    without,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(db: None) -> ModelPage:
    return published_page()


def forget_pages() -> None:
    """What a commit does to the page cache; a test never commits."""
    pagecache.shelf.clear()
    pagecache.epoch.forget()


def text_of(address: str, status: int = 200) -> str:
    """What a reader gets: the text of the page, tags and runs of space taken out."""
    forget_pages()
    response = Client().get(address)
    assert response.status_code == status
    shown = response.content.decode()
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", shown.partition("<main")[2]).split()))


def queries(address: str) -> int:
    client = Client()
    client.get(address)
    forget_pages()
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def a_decision(number: int = 2, **fields: Any) -> DecisionPage:
    """A decision in public; its rows are made by hand, since only the plan is looked at here."""
    home = Page.objects.filter(depth=2).order_by("path")[0]
    decision = DecisionPage(
        title=f"Question {number}?",
        slug=f"decision-{number}",
        number=number,
        live=False,
        overall_answer="adopted",
        decided_on=timezone.localdate(),
        **fields,
    )
    home.add_child(instance=decision)
    Page.objects.filter(pk=decision.pk).update(live=True)
    return DecisionPage.objects.get(pk=decision.pk)


def release(**tables: Any) -> None:
    moment = timezone.now()
    number = Release.objects.count() + 1
    made = Release.objects.create(number=number, cut_at=moment, reason="test", policy={}, content_hash="0")
    for key, content in tables.items():
        Table.objects.create(release=made, key=key.replace("__", "."), content=content)


def version_two(page: ModelPage, decision: DecisionPage | None = None) -> None:
    body = changed(
        stored(page),
        "P1",
        statement="You asked me first, and again.",
        reason="Asked once is not enough.",
        decision=decision.pk if decision else None,
    )
    body = changed(body, "O1", adult="My comment got an answer in time.", reason="Answers came late.")
    publish(page, body, version_summary="Two sentences changed.")


def test_before_the_first_version_the_page_says_what_will_stand_there() -> None:
    assert "has not been published yet" in text_of("/model/")
    assert "has not been published yet" in text_of("/model/versions/")


def test_the_plan_shows_vision_how_outcomes_and_principles(page: ModelPage) -> None:
    shown = text_of("/model/")
    for words in (
        "Everyone can shape a working life.",
        "We plan together.",
        "What should be true for you: 1 outcome",
        "“I was heard.”",
        "How we will know: Not yet measured",
        "How we go about it: 2 principles",
        "From less to more",
        "“You asked me first.”",
    ):
        assert words in shown
    whole = Client().get("/model/").content.decode()
    assert 'id="p1"' in whole
    band = whole.partition("cs_band--navy")[2].partition("</section>")[0]
    assert band.count("<details") == 2, "who shaped the vision and the how is told under their words"


def test_the_words_of_each_audience_are_a_link_away(page: ModelPage) -> None:
    assert "“My comment got an answer.”" not in text_of("/model/")
    assert "“My comment got an answer.”" in text_of("/model/?who=adult")
    assert "Not said for them yet." in text_of("/model/?who=employer")
    shown = Client().get("/model/?who=<script>").content.decode()
    assert "“I was heard.”" in shown and "<script>" not in shown.partition("<main")[2]
    assert re.search(
        r'href="\?who=adult#outcomes" aria-current="true"', Client().get("/model/?who=adult").content.decode()
    )


def test_what_changed_is_marked_with_its_version_and_for_whom(page: ModelPage) -> None:
    assert "in version 1" not in text_of("/model/")
    version_two(page)
    shown = text_of("/model/")
    assert "Principle 1 · Changed in version 2" in shown
    assert "Outcome 1 · Changed in version 2 (Adult)" in shown
    assert "Principle 2 · " not in shown
    editorial = changed(
        stored(ModelPage.objects.get()), "P2", statement="It was there.", reason="Shorter.", editorial=True
    )
    publish(page, editorial)
    shown = text_of("/model/")
    assert "Principle 2 · Small correction in version 3" in shown
    assert "Principle 1 · " not in shown


def test_beside_a_sentence_stands_who_shaped_it(page: ModelPage) -> None:
    version_two(
        page, a_decision(answer_sentence="Yes, we will ask again.", against_heard="One council said no.")
    )
    groups = [
        {"slug": "adults", "name": "Adults", "n": 12},
        {"slug": "employers", "name": "Employers", "n": None},
        {"slug": "communities", "name": "Communities", "n": 0},
    ]
    release(clause__P1={"base": 40, "groups": groups, "decisions": ["decision-2"]})
    shown = text_of("/model/")
    assert "40 responses raised the topics behind these words. Adults: 12 Employers: hidden" in shown
    assert "Communities" not in shown
    assert "Yes Decision 2: Question 2? Yes, we will ask again." in shown
    assert "added: , and again (end of added words)" in shown
    assert "Why: Asked once is not enough." in shown
    assert "Heard but not followed One council said no." in shown


def test_numbers_come_from_the_newest_release_and_from_nowhere_else(page: ModelPage) -> None:
    version_two(page, a_decision())
    assert "No responses have been counted" in text_of("/model/")
    release(clause__P1={"base": 4711, "groups": [], "decisions": []})
    assert "4711 responses" in text_of("/model/clauses/P1/")
    release(clause__P1={"base": None, "groups": [], "decisions": []})
    for address in ("/model/", "/model/clauses/P1/"):
        shown = text_of(address)
        assert "4711" not in shown
        assert "How many is hidden, to protect people" in shown


def test_a_decision_that_is_a_draft_is_not_named(page: ModelPage) -> None:
    decision = a_decision(answer_sentence="A secret so far.")
    Page.objects.filter(pk=decision.pk).update(live=False)
    version_two(page, DecisionPage.objects.get(pk=decision.pk))
    for address in ("/model/", "/model/clauses/P1/", "/model/compare/1/2/"):
        shown = text_of(address)
        assert "Asked once is not enough." in shown
        assert "A secret so far." not in shown and "Question 2?" not in shown


def test_what_is_decided_and_not_yet_in_the_plan_is_announced(page: ModelPage) -> None:
    decision = a_decision()
    change = Change.objects.create(
        decision=decision,
        key=KEYS["V"],
        clause=Clause.objects.get(ref="P1"),
        part="statement",
        intended="Ask again.",
    )
    assert "Decided, and not in the plan yet Decision 2: Question 2?" in text_of("/model/")
    version_two(page, decision)
    change.refresh_from_db()
    assert change.made_by == ClauseVersion.objects.get(clause__ref="P1", number=2)
    assert "not in the plan yet" not in text_of("/model/")


def test_a_change_is_made_only_by_words_that_name_its_decision_and_its_part(page: ModelPage) -> None:
    decision, other = a_decision(2), a_decision(3)
    clause = Clause.objects.get(ref="P1")
    wrong_part = Change.objects.create(
        decision=decision, key=KEYS["V"], clause=clause, part="name", intended="x"
    )
    wrong_decision = Change.objects.create(decision=other, key=KEYS["H"], clause=clause, intended="x")
    version_two(page, decision)
    for change in (wrong_part, wrong_decision):
        change.refresh_from_db()
        assert change.made_by is None
    late = Change.objects.create(
        decision=decision, key=KEYS["P1"], clause=clause, part="statement", intended="x"
    )
    assert actions.mark_made([decision.pk]) == 1
    late.refresh_from_db()
    assert late.made_by is not None


@pytest.mark.parametrize("with_board", [True, False])
def test_a_draft_is_announced_without_one_of_its_words(with_board: bool, page: ModelPage) -> None:
    secret = changed(
        stored(page), "P1", statement="Canary words.", reason="Canary reason.", name="Canary name"
    )
    draft(page, secret, version_summary="Canary summary.", introduction="Canary introduction.")
    if with_board:
        fresh = ModelPage.objects.get(pk=page.pk)
        fresh.get_workflow().start(fresh, None)
    for address in (
        "/model/",
        "/model/versions/",
        "/model/versions/1/",
        "/model/clauses/P1/",
        "/model/compare/1/1/",
    ):
        assert "Canary" not in Client().get(address).content.decode()
    shown = text_of("/model/")
    assert (
        "A draft of version 2 has been with the board" if with_board else "Version 2 is being written"
    ) in shown


def test_the_page_of_the_tree_only_leads_to_the_plan(page: ModelPage) -> None:
    home = Page.objects.filter(depth=2).order_by("path")[0]
    response = Client().get(f"/{page.slug}/")
    assert (response.status_code, response.headers["Location"]) == (302, "/model/")
    assert home.get_children().get(slug=page.slug).specific.url == "/model/"


def test_tom_3_every_version_keeps_its_address_and_its_words(page: ModelPage) -> None:
    first = text_of("/model/versions/1/").replace(
        "This is our plan today. Read who shaped each sentence .", ""
    )
    version_two(page)
    again = text_of("/model/versions/1/")
    assert "This is an earlier version, as it was approved." in again
    assert "“You asked me first.”" in again and "“You asked me first.”" in first
    assert "“You asked me first, and again.”" in text_of("/model/versions/2/")
    shown = text_of("/model/versions/")
    assert shown.index("Version 2, now") < shown.index("Version 1")
    assert "Two sentences changed." in shown
    assert "The board" in shown


def test_versions_do_not_change_when_the_revision_they_were_made_from_does(page: ModelPage) -> None:
    """Autosave may write into it, and somebody may delete it."""
    before = text_of("/model/versions/1/")
    revision = ModelPage.objects.get(pk=page.pk).live_revision
    revision.content = {**revision.content, "body": "[]", "title": "Overwritten"}
    revision.save()
    assert text_of("/model/versions/1/") == before
    assert "“You asked me first.”" in text_of("/model/")


@pytest.mark.parametrize(
    "address",
    [
        "/model/versions/9/",
        "/model/versions/0/",
        "/model/compare/1/9/",
        "/model/compare/9/1/",
        "/model/clauses/P9/",
        "/model/clauses/x%27/",
    ],
)
def test_what_never_was_is_not_found(address: str, page: ModelPage) -> None:
    assert Client().get(address).status_code == 404


def test_two_versions_are_compared_either_way_round(page: ModelPage) -> None:
    version_two(page, a_decision())
    there = text_of("/model/compare/1/2/")
    assert "2 sentences differ, 3 are the same." in there
    assert "added: , and again (end of added words)" in there
    assert "Why: Decision 2: Question 2? . Asked once is not enough." in there
    assert "Show the 3 sentences that are the same" in there
    back = text_of("/model/compare/2/1/")
    assert "removed: , and again (end of removed words)" in back
    assert "Asked once is not enough." in back
    assert "Every sentence reads the same in both." in text_of("/model/compare/2/2/")


def test_versions_far_apart_give_every_reason_in_between(page: ModelPage) -> None:
    version_two(page)
    third = changed(stored(ModelPage.objects.get()), "P1", statement="Ask me.", reason="Shorter is better.")
    publish(page, third)
    shown = text_of("/model/compare/1/3/")
    assert "Why, in version 3: Shorter is better." in shown
    assert "Why, in version 2: Asked once is not enough." in shown


def test_added_and_retired_sentences_are_compared_too(page: ModelPage) -> None:
    key = "22222222-0000-4000-8000-000000000009"
    new = {"type": "principle", "id": key, "value": principle("P3", "Same door.", reason="Doors differ.")}
    said = {"ref": "P2", "reason": "P1 says it better.", "decision": None}
    publish(
        page,
        [*without(stored(page), "P2"), new],
        retired=[{"type": "sentence", "id": KEYS["V"], "value": said}],
    )
    for address in ("/model/compare/1/2/", "/model/compare/2/1/"):
        shown = text_of(address)
        for words in (
            "Same door.",
            "It was there all the way.",
            "Doors differ.",
            "P1 says it better.",
            "Not there",
        ):
            assert words in shown


def test_the_choice_of_versions_leads_to_their_comparison(page: ModelPage) -> None:
    version_two(page)
    for query, leads_to in (
        ("?a=1&b=2", "/model/compare/1/2/"),
        ("?a=2&b=1", "/model/compare/2/1/"),
        ("?a=7&b=x", "/model/compare/1/2/"),
        ("", "/model/compare/1/2/"),
    ):
        assert Client().get(f"/model/compare/{query}").headers["Location"] == leads_to


def test_every_sentence_has_an_address_that_tells_its_history(page: ModelPage) -> None:
    version_two(page, a_decision())
    shown = text_of("/model/clauses/P1/")
    assert "“You asked me first, and again.”" in shown
    assert shown.index("Version 2 : Changed") < shown.index("Version 1 : Added")
    assert "Asked once is not enough." in shown and "People asked for it." in shown
    assert Client().get("/model/clauses/p1/").headers["Location"] == "/model/clauses/P1/"


def test_a_retired_sentence_still_answers(page: ModelPage) -> None:
    said = {"ref": "P2", "reason": "P1 says it better.", "decision": None}
    publish(page, without(stored(page), "P2"), retired=[{"type": "sentence", "id": KEYS["V"], "value": said}])
    assert "It was there all the way." not in text_of("/model/")
    shown = text_of("/model/clauses/P2/")
    assert "This sentence was taken out with version 2" in shown
    assert "P1 says it better." in shown
    assert "“It was there all the way.”" in shown


def test_what_an_editor_types_is_never_markup(page: ModelPage) -> None:
    evil = '<script>alert("x")</script>'
    body = changed(stored(page), "P1", statement=evil, name=evil, from_=evil, to=evil, reason=evil)
    body = changed(body, "O1", young_person=evil, measure=evil, reason=evil)
    publish(page, changed(body, "V", statement=evil, reason=evil), approved_by=evil, version_summary=evil)
    for address in (
        "/model/",
        "/model/versions/",
        "/model/versions/2/",
        "/model/compare/1/2/",
        "/model/clauses/P1/",
    ):
        assert "<script>alert" not in Client().get(address).content.decode()


def many(count: int) -> list[Block]:
    return [
        *blocks(),
        *(
            {
                "type": "principle",
                "id": f"33333333-0000-4000-8000-{number:012d}",
                "value": principle(f"P{number}", f"Words {number}."),
            }
            for number in range(3, count)
        ),
    ]


def test_the_pages_cost_the_same_however_many_sentences_there_are(page: ModelPage) -> None:
    decision = a_decision()
    version_two(page, decision)
    release(clause__P1={"base": 40, "groups": [], "decisions": []})
    addresses = ("/model/", "/model/versions/2/", "/model/compare/1/2/", "/model/clauses/P1/")
    few = {address: queries(address) for address in addresses}
    body = [*stored(ModelPage.objects.get()), *many(60)[5:]]
    publish(page, changed(body, "H", statement="We plan.", reason="Shorter.", decision=decision.pk))
    assert {address: queries(address) for address in addresses} == few
    assert few["/model/"] <= 15
    assert ModelVersion.objects.count() == 3


def test_a_new_introduction_is_public_at_once_and_makes_no_version(page: ModelPage) -> None:
    text_of("/model/")
    number = pagecache.epoch.read()
    draft(page, introduction="Read this first.").publish()
    assert pagecache.epoch.read() != number
    assert "Read this first." in text_of("/model/")
    assert ModelVersion.objects.count() == 1
