"""What anyone sees of decisions: the answer first, numbers with their base, both sides, and nothing else."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collaborative import pagecache
from collaborative.outcomes.models import (
    Assessment,
    Clause,
    ClauseVersion,
    DecisionPage,
    EvidenceRecord,
    RecommendationPage,
)
from tests.outcomes import deciding
from tests.outcomes.deciding import answer, block, draft, nothing, promise, publish, write

pytestmark = pytest.mark.django_db

TEXTS = ("title", "question", "answer_sentence", "body_name", "interests", "why", "story") + (
    "for_heard",
    "against_heard",
    "status",
    "interim_reason",
)
NASTY = '<script>alert("x")</script><b onload=x>'


@pytest.fixture
def where() -> Any:
    return deciding.engagement()


@pytest.fixture
def topic() -> Any:
    return deciding.theme("T3", "Depends who you know")


def words(url: str, client: Client | None = None) -> str:
    """The text of a page, without white space between words."""
    answered = (client or Client()).get(url)
    assert answered.status_code == 200
    return " ".join(answered.content.decode().split())


def test_it_works(where: Any, topic: Any) -> None:
    page = publish(
        draft(
            answers=[answer(topic)],
            engagements=[where],
            votes_for=7,
            votes_against=2,
            votes_abstain=1,
            interests="Hamish said that his firm hosts.",
            dissent=[block("dissent", {"by": "Tom", "text": "Too slow."})],
            changes_made=[nothing("Outcome 3 says so."), promise("We will ask.", due="2027-06-30")],
        )
    )
    shown = words(page.url)
    for expected in (
        'cs_answer--big cs_no">No</span>',
        "No, we will not.",
        "Who decided: the board",
        "Outcome 3 says so.",
        "Depends who you know",
        "Because of this.",
        "30 June 2027",
        "On track",
        "if it does not work",
        "7 for, 2 against, 1 did not vote.",
        "Hamish said that his firm hosts.",
        "“Too slow.”",
        "Host-pledge",
        "is not a vote",
    ):
        assert expected in shown, expected
    assert shown.count("<h1") == 1


def test_the_answer_stands_before_the_reasons(where: Any, topic: Any) -> None:
    page = publish(draft(answers=[answer(topic)], engagements=[where]))
    shown = words(page.url)
    places = [
        shown.index(one)
        for one in (
            "No, we will not.",
            "We want honest words.",
            "What it changes",
            "What people said",
            "Our answer to each topic",
            "What would make us look again",
        )
    ]
    assert places == sorted(places)


def test_before_a_release_it_says_when_numbers_come(where: Any, topic: Any) -> None:
    page = publish(draft(answers=[answer(topic)], engagements=[where]))
    assert "appears here when the numbers are next released" in words(page.url)


def test_ana_1_every_number_has_its_base_and_the_caveat(where: Any, topic: Any) -> None:
    page = publish(draft(answers=[answer(topic)], engagements=[where]))
    groups = [{"slug": "employers", "name": "Employers", "n": 60, "for": 12, "against": None}]
    counted = [{"code": "T3", "slug": topic.slug, "name": topic.name, "answer": "not-adopted", "n": 91}]
    deciding.figures(page.slug, groups, themes=counted)
    shown = words(page.url)
    assert "For: 38 of 166" in shown
    assert "Against: 44 of 166" in shown
    assert "91 of 166 responses spoke of it." in shown
    assert "166 responses count for this decision." in shown
    assert "so this is not a vote, and it does not show what everyone thinks" in shown
    assert '<td class="cs_num">12</td> <td class="cs_num"><span class="cs_soft">hidden</span>' in shown


def test_promise_3_a_hidden_number_is_the_word_hidden(where: Any, topic: Any) -> None:
    page = publish(draft(answers=[answer(topic)], engagements=[where]))
    counted = [{"code": "T3", "slug": topic.slug, "name": topic.name, "answer": "not-adopted", "n": None}]
    deciding.figures(page.slug, themes=counted, **{"for": None, "mixed": None})
    shown = words(page.url)
    assert 'For: <span class="cs_soft">hidden</span>' in shown
    assert "How many spoke of it is hidden to protect people." in shown
    assert "None" not in shown


def test_it_shows_old_and_new_words_of_a_sentence(where: Any, topic: Any) -> None:
    clause = Clause.objects.create(key=uuid.uuid4(), ref="P3", kind="principle")
    sentence = block("clause", {"ref": "P3", "part": "statement", "intended": "One number to ring."})
    page = publish(draft(answers=[answer(topic)], engagements=[where], changes_made=[sentence]))
    assert "does not stand in our plan yet" in words(page.url)
    for number, statement, decision in (
        (1, "Starting again.", None),
        (2, "Starting again and one number.", page),
    ):
        ClauseVersion.objects.create(
            clause=clause,
            number=number,
            model_version_number=number,
            kind="changed",
            parts={"statement": statement},
            reason="Asked for.",
            decision=decision,
            fingerprint="0" * 64,
        )
    page = publish(write(page, status="done"))
    shown = words(page.url + "?show=again")
    assert "Principle 3" in shown
    assert "Starting again.”" in shown
    assert "<ins>" in shown
    assert "and one number<span" in shown
    assert "/model/versions/2/" in shown


def test_a_replaced_decision_says_so_on_both_pages(where: Any, topic: Any) -> None:
    first = publish(draft(1, answers=[answer(topic)], engagements=[where]))
    second = publish(draft(2, answers=[answer(topic, "adopted")], engagements=[where], replaces=first))
    assert "Decision 2 has taken the place of this one." in words(first.url)
    assert first.url in words(second.url)


def test_an_interim_decision_says_why(topic: Any) -> None:
    still_open = deciding.engagement("still-open", closed=-10)
    page = draft(
        answers=[answer(topic)], engagements=[still_open], interim=True, interim_reason="Term begins."
    )
    page = publish(page)
    assert "<b>For now only.</b> Term begins." in words(page.url)


def test_a_draft_is_nowhere(where: Any, topic: Any) -> None:
    page = draft(answers=[answer(topic)], engagements=[where])
    assert Client().get(page.get_url()).status_code == 404
    assert "Should we do number 1?" not in words("/decisions/")


def test_every_text_of_a_decision_is_escaped(where: Any) -> None:
    Clause.objects.create(key=uuid.uuid4(), ref="P3", kind="principle")
    topic = deciding.theme("TX", NASTY)
    coding = deciding.said(f"Say {NASTY}", where, topic, permission="named", organisation=f"Org {NASTY}")
    sentence = block("clause", {"ref": "P3", "part": "statement", "intended": NASTY})
    where.title = NASTY
    where.save()
    page = publish(
        draft(
            answers=[answer(topic, reason=NASTY)],
            engagements=[where],
            changes_made=[sentence, promise(NASTY, owner=NASTY, note=NASTY)],
            dissent=[block("dissent", {"by": NASTY, "text": NASTY})],
            reopen_if=[block("line", NASTY)],
            quotes=[block("quote", {"side": "for", "passage": coding.pk})],
            interim=True,
            **dict.fromkeys(TEXTS, NASTY),
        )
    )
    deciding.figures(page.slug, [{"slug": "g", "name": NASTY, "n": 9, "for": 9, "against": 0}])
    for url in (page.url, "/decisions/"):
        shown = words(url)
        assert "alert(&quot;x&quot;)" in shown
        assert "<script>alert" not in shown
        assert "<b onload" not in shown
    assert "Say &lt;script&gt;" in words(page.url + "?show=x")


def _world(where: Any, number: int, size: int) -> DecisionPage:
    """A decision with that many topics, quotes, promises, changes, assessments and recommendations."""
    topics = [deciding.theme(f"T{number}{n}") for n in range(size)]
    codings = [deciding.said(f"Voice {number} {n}", where, one) for n, one in enumerate(topics)]
    clauses = [
        Clause.objects.create(key=uuid.uuid4(), ref=f"P{number}{n}", kind="principle") for n in range(size)
    ]
    page = draft(
        number,
        answers=[answer(one) for one in topics],
        engagements=[where],
        quotes=[block("quote", {"side": "for", "passage": one.pk}) for one in codings],
        changes_made=[
            *(block("clause", {"ref": c.ref, "part": "statement", "intended": "x"}) for c in clauses),
            *(promise(f"Promise {n}") for n in range(size)),
        ],
    )
    for n in range(size):
        slug = f"a-{number}-{n}"
        made = Assessment.objects.create(slug=slug, title=slug, kinds="EQIA", date="2026-01-01", summary="S")
        page.assessments.add(made)
    page.save()
    deciding.figures(page.slug)
    page = publish(page)
    for clause in clauses:
        for version in (1, 2):
            ClauseVersion.objects.create(
                clause=clause,
                number=version,
                model_version_number=version,
                kind="changed",
                parts={"statement": f"Words {version}"},
                reason="Asked for.",
                decision=page if version == 2 else None,
                fingerprint="0" * 64,
            )
    return publish(page)


def _queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_a_decision_costs_the_same_however_much_is_on_it(
    where: Any, client_for: Any, signed_in_person: Any
) -> None:
    client = client_for(signed_in_person)
    small, large = _world(where, 1, 1), _world(where, 2, 7)
    few, many = _queries(client, small.url), _queries(client, large.url)
    assert few == many
    assert many <= 25


def test_the_list_costs_the_same_however_long_it_is(
    where: Any, client_for: Any, signed_in_person: Any
) -> None:
    client = client_for(signed_in_person)
    publish(draft(1, answers=[answer(deciding.theme("T1"))], engagements=[where]))
    few = _queries(client, "/decisions/")
    for number in range(2, 8):
        publish(draft(number, answers=[answer(deciding.theme(f"T{number}"))], engagements=[where]))
    many = _queries(client, "/decisions/")
    assert few == many
    assert many <= 25


def test_the_list_is_newest_first_and_filtered_by_answer(where: Any) -> None:
    today = timezone.localdate()
    for number, given in ((1, "adopted"), (2, "not-adopted"), (3, "later")):
        publish(
            draft(
                number,
                answers=[answer(deciding.theme(f"T{number}"), given)],
                engagements=[where],
                decided_on=today - timedelta(days=number),
                changes_made=[promise()],
            )
        )
    shown = words("/decisions/")
    assert [shown.index(f"number {n}?") for n in (1, 2, 3)] == sorted(
        shown.index(f"number {n}?") for n in (1, 2, 3)
    )
    assert "/flow/" in shown
    assert "No sentence of our plan changed. 1 promise." in shown
    only = words("/decisions/?show=no")
    assert "number 2?" in only
    assert "number 1?" not in only
    assert '<a href="?show=no" aria-current="page">No</a>' in only
    assert "number 1?" in words("/decisions/?show=nonsense")
    assert "No decision with this answer yet." in words("/decisions/?show=out")


def test_the_list_is_in_pages_of_20(where: Any) -> None:
    elsewhere = [deciding.engagement(f"e{n}") for n in range(21)]
    topic = deciding.theme("T1")
    for number, one in enumerate(elsewhere, 1):
        publish(draft(number, answers=[answer(topic)], engagements=[one]))
    assert words("/decisions/").count("<article") == 20
    assert words("/decisions/?page=2").count("<article") == 1
    assert words("/decisions/?page=x").count("<article") == 20


def test_an_empty_list_says_what_will_stand_there() -> None:
    deciding.index()
    assert "Decisions appear here once the board has made them" in words("/decisions/")


def test_the_chain_behind_it_is_linked(where: Any, topic: Any) -> None:
    record = EvidenceRecord.objects.create(
        ref="Ev-01", title="E", author="A", kind="survey", month="2026-01-01", limits="L", summary="S"
    )
    recommendation = RecommendationPage(
        title="R",
        slug="recommendation-6",
        number=6,
        statement="S",
        outcome_statement="I",
        equality="E",
        why=[("evidence", {"text": "T", "evidence": record})],
    )
    deciding.recommendation_index().add_child(instance=recommendation)
    made = Assessment.objects.create(slug="fsd", title="Fair", kinds="FSD", date="2026-01-01", summary="S")
    page = draft(answers=[answer(topic)], engagements=[where])
    page.assessments.add(made)
    page.recommendations.add(recommendation)
    page.save()
    shown = words(publish(page).url)
    for address in (
        "/recommendations/recommendation-6/",
        "/evidence/assessments/fsd/",
        where.page.url,
        f"/themes/{topic.slug}/",
    ):
        assert f'href="{address}"' in shown


def test_a_kept_page_is_gone_when_a_decision_is_published(where: Any) -> None:
    publish(draft(1, answers=[answer(deciding.theme("T1"))], engagements=[where]))
    assert "number 2?" not in words("/decisions/")
    publish(draft(2, answers=[answer(deciding.theme("T2"))], engagements=[where]))
    pagecache.epoch.forget()
    assert "number 2?" in words("/decisions/")
