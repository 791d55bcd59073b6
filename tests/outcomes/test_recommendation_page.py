"""Recommendations: whole or not at all, each piece of evidence linked, sources shown (REC-2 to REC-6)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from collaborative.errors import Refused
from collaborative.outcomes.models import Assessment, Clause, EvidenceRecord, RecommendationPage
from collaborative.people.models import User
from tests.outcomes import deciding
from tests.outcomes.editing import form_data, send, stream

pytestmark = pytest.mark.django_db

# Of the same anatomy as the published recommendations, with text of its own and of their length.
BULLETS = [
    "Help works best where it starts from the life that somebody leads, sees how people differ, and follows "
    "what each one says they need rather than what a programme has to offer that year",
    "Some people can reach help on any day of the week and some cannot reach it at all",
    "What schools offer goes mostly to pupils who were picked out as likely to struggle. Being asked "
    "in feels like a mark, and those who were not picked out take it that nothing is meant for them",
    "People are asked what they need, but often only after a “score” or a talk among staff has settled it",
    "Some were sent on to schemes that did not fit, as a rule about who may join was read before they were",
    "Young people want to decide for themselves, and for that they need words for what they want.",
]
CHANGES = [
    "From starting with what is wrong (which sorts people by need and reaches only those who are worst off) "
    "to starting with what somebody is good at (which can be offered to everyone, and at any age, without "
    "a label and without an end date)",
    "What young people say is where every later change begins",
    "Help is closer to life, does more, and is open to all",
    "Staff have time to look again at what somebody needs, more than once",
    "Records move on with a person when they agree (and only as far as the law on data allows).",
]
STEPS = [
    "The board will write down what every place offers, from the last years of primary school on",
    "The plan will say how records may move on with a person",
    "The offer will be larger than today, and may need more money and more people.",
]
EQUALITY = (
    "Talk with each person about their life, what they like and what they can do, so that they can tell it."
)
DEPENDS = (
    "How far this can go depends on what is decided about the curriculum and about exams in the last years "
    "of school, which is not in our hands."
)


def evidence(ref: str = "Ev-07") -> EvidenceRecord:
    return EvidenceRecord.objects.create(
        ref=ref,
        title=f"Title of {ref}",
        author="A panel",
        kind="survey",
        month="2026-01-01",
        sample=412,
        sample_unit="people",
        limits="Online only.",
        summary="What it says.",
    )


def whole(number: int = 3, **changed: Any) -> RecommendationPage:
    """A recommendation with everything, not saved."""
    fields = {
        "title": f"Help that starts from the person {number}",
        "slug": f"recommendation-{number}",
        "number": number,
        "statement": "People should be asked what they need before anyone settles it for them.",
        "outcome_statement": "I know that they see me, that they are there, and that they help me get on.",
        "equality": EQUALITY,
        "why": [
            ("evidence", {"text": text, "evidence": evidence(f"Ev-{number}{n}")})
            for n, text in enumerate(BULLETS)
        ],
    }
    return RecommendationPage(**{**fields, **changed})


def published(page: RecommendationPage) -> RecommendationPage:
    deciding.recommendation_index().add_child(instance=page)
    return page


def words(url: str) -> str:
    answered = Client().get(url)
    assert answered.status_code == 200
    return " ".join(answered.content.decode().split())


def test_rec_5_it_holds_a_whole_recommendation_with_nothing_left_over() -> None:
    made = Assessment.objects.create(
        slug="eia", title="Equality", kinds="EQIA", date="2026-01-01", summary="S"
    )
    page = whole(
        change=[("shift", {"from_": "", "to": text}) for text in CHANGES],
        next_steps=[
            ("step", {"text": text, "owner": "", "due": None, "state": "on-track"}) for text in STEPS
        ],
        dependencies=[
            ("dependency", {"policy": DEPENDS, "body": "", "date": None, "state": "waiting", "note": ""})
        ],
        clauses="O4, P1",
    )
    Clause.objects.create(key="11111111-1111-4111-8111-111111111111", ref="P1", kind="principle")
    published(page).assessments.add(made)
    page.full_clean()
    page.save()
    shown = words(page.url)
    for text in [*BULLETS, *CHANGES, *STEPS, EQUALITY, DEPENDS, page.statement, page.outcome_statement]:
        assert " ".join(text.split()) in shown, text
    assert f'href="{made.get_absolute_url()}"' in shown
    assert 'href="/model/clauses/P1/">Principle 1</a>' in shown
    assert "/model/clauses/O4/" not in shown
    assert "On track" in shown
    assert shown.count("<h1") == 1


def test_rec_3_every_bullet_links_to_its_evidence_record() -> None:
    page = published(whole())
    shown = words(page.url)
    for block_ in page.why:
        assert f'href="/evidence/{block_.value["evidence"].ref}/"' in shown


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("statement", " ", "The statement is missing"),
        ("outcome_statement", "", "The outcome is missing"),
        ("equality", "", "The equality statement is missing"),
        ("why", [], "The evidence is missing"),
    ],
)
def test_rec_2_publication_names_what_is_missing(field: str, value: Any, message: str) -> None:
    page = published(whole(live=False))
    setattr(page, field, value)
    with pytest.raises(Refused, match=message):
        page.save_revision().publish()
    assert not RecommendationPage.objects.get(pk=page.pk).live


def test_rec_2_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(Refused) as refused:
        published(whole(statement="", outcome_statement="", equality="", why=[]))
    assert len(refused.value.messages) == 4


def test_rec_3_a_bullet_without_a_record_is_refused() -> None:
    with pytest.raises(Refused, match="Choose the evidence record behind “Said once”"):
        published(whole(why=[("evidence", {"text": "Said once", "evidence": None})]))


def test_rec_4_official_wording_needs_its_source_and_shows_it() -> None:
    with pytest.raises(Refused, match="Give the source of the official wording"):
        published(whole(official_text="The wording as it was published."))
    source = "https://example.org/recommendation-3"
    page = published(whole(4, official_text="The wording as it was published.", official_source=source))
    shown = words(page.url)
    assert "The wording as it was published." in shown
    assert f'<a href="{source}">' in shown


def test_rec_2_the_editor_is_told_beside_each_field(client_for: Any) -> None:
    browser = client_for(User.objects.create_superuser("ada@example.org", "a long password for tests"))
    page = published(whole(live=False))
    gaps = form_data(page, why=stream([("evidence", {"text": "Said once", "evidence": ""}, "")]))
    gaps |= {"statement": "", "equality": ""}
    assert send(browser, page, gaps).status_code == 302
    errors = send(browser, page, gaps, publish=True).context["form"].errors
    assert errors["statement"] == ["The statement is missing: the recommendation in one sentence."]
    assert "equality" in errors
    at_block = errors["why"].as_data()[0].as_json_data()["blockErrors"][0]["blockErrors"]["evidence"]
    assert at_block == {"messages": ["Choose the evidence record behind “Said once”."]}
    assert not RecommendationPage.objects.get(pk=page.pk).live
    assert send(browser, page, form_data(page), publish=True).status_code == 302
    assert RecommendationPage.objects.get(pk=page.pk).live


def test_rec_6_what_it_depends_on_and_how_the_world_moved_stay_visible() -> None:
    notes = [
        ("note", {"date": "2025-02-01", "text": "A review was announced."}),
        ("note", {"date": "2026-03-01", "text": "The review reported."}),
    ]
    waits = {
        "policy": "School timetable",
        "body": "A ministry",
        "date": None,
        "state": "waiting",
        "note": "So do we.",
    }
    shown = words(published(whole(context_notes=notes, dependencies=[("dependency", waits)])).url)
    for text in (
        "A review was announced.",
        "The review reported.",
        "1 February 2025",
        "School timetable",
        "So do we.",
    ):
        assert text in shown


def test_the_list_is_by_number_with_status() -> None:
    for number in (10, 2):
        published(whole(number, status="in delivery"))
    shown = words("/recommendations/")
    assert shown.index("Recommendation 2") < shown.index("Recommendation 10")
    assert "In delivery" in shown
    assert reverse("evidence") in shown


def test_a_draft_is_nowhere() -> None:
    page = published(whole(live=False))
    assert Client().get(page.get_url()).status_code == 404
    assert page.title not in words("/recommendations/")


def test_every_text_of_a_recommendation_is_escaped() -> None:
    nasty = '<script>alert("x")</script>'
    record = evidence()
    EvidenceRecord.objects.update(title=nasty)
    record.refresh_from_db()
    fields = dict.fromkeys(("title", "statement", "outcome_statement", "equality", "status"), nasty)
    page = whole(
        **fields,
        why=[("evidence", {"text": nasty, "evidence": record})],
        change=[("shift", {"from_": nasty, "to": nasty})],
        next_steps=[("step", {"text": nasty, "owner": nasty, "due": None, "state": "done"})],
        dependencies=[
            ("dependency", {"policy": nasty, "body": nasty, "date": None, "state": nasty, "note": nasty})
        ],
        context_notes=[("note", {"date": "2025-02-01", "text": nasty})],
        official_text=nasty,
        official_source="https://example.org/",
    )
    published(page)
    for url in (page.url, "/recommendations/", "/evidence/Ev-07/", "/evidence/"):
        shown = words(url)
        assert "&lt;script&gt;alert" in shown
        assert "<script>alert" not in shown


def test_decisions_about_it_are_listed() -> None:
    page = published(whole())
    decision = deciding.draft(
        1, answers=[deciding.answer(deciding.theme())], engagements=[deciding.engagement()]
    )
    decision.recommendations.add(page)
    decision.save()
    assert "Decision 1: Decision 1" not in words(page.url)
    deciding.publish(decision)
    assert "Decision 1: Decision 1" in words(page.url + "?show=x")
