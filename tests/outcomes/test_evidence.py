"""Evidence: found by its words, filtered by method, each record with its limits and uses (REC-3, EQ-1)."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from collaborative.outcomes.models import Assessment, EvidenceRecord, Seat
from collaborative.people.models import User
from tests.outcomes.test_recommendation_page import evidence, published, whole

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("indexed")]


def words(url: str, **query: str) -> str:
    answered = Client().get(url, query)
    assert answered.status_code == 200
    return " ".join(answered.content.decode().split())


def other(ref: str, **fields: Any) -> EvidenceRecord:
    plain = {"title": f"Title of {ref}", "author": "A", "kind": "workshop", "limits": "L", "summary": "S"}
    return EvidenceRecord.objects.create(ref=ref, month="2026-02-01", **{**plain, **fields})


def test_a_record_shows_how_it_was_found_out_and_where_it_falls_short() -> None:
    record = evidence()
    shown = words("/evidence/Ev-07/")
    for text in (
        "Title of Ev-07",
        "Survey",
        "412 people",
        "A panel, January 2026",
        "What it says.",
        "Online only.",
    ):
        assert text in shown
    assert record.get_absolute_url() == "/evidence/Ev-07/"
    assert "No recommendation rests on it yet." in shown


def test_rec_3_a_record_lists_the_recommendations_that_rest_on_it() -> None:
    page = published(whole(why=[("evidence", {"text": "Said", "evidence": evidence()})]))
    published(whole(4, live=False, slug="draft", title="Not yet", why=[]))
    shown = words("/evidence/Ev-07/")
    assert f'<a href="{page.url}">Recommendation 3: ' in shown
    assert "Not yet" not in shown


def test_it_is_found_by_words() -> None:
    other("Ev-01", summary="Pupils kept a diary about ferries.")
    other("Ev-02", summary="Employers were asked.")
    shown = words("/evidence/", q="diary ferries")
    assert "Title of Ev-01" in shown
    assert "Title of Ev-02" not in shown
    assert "1 record with “diary ferries”" in shown
    assert "Nothing was found." in words("/evidence/", q="volcano")


@pytest.mark.parametrize(
    "query",
    [
        '"',
        '"ferries',
        "' OR 1=1 --",
        "AND",
        "NEAR(",
        "*",
        "-",
        "a:b",
        "%",
        "(",
        "\\",
        "ferries\0",
        "x" * 500,
        "🙂",
    ],
)
def test_no_query_breaks_it(query: str) -> None:
    other("Ev-01", summary="Pupils kept a diary about ferries.")
    assert "<h1>Evidence</h1>" in words("/evidence/", q=query)


def test_a_query_is_escaped() -> None:
    shown = words("/evidence/", q='"><script>alert(1)</script>')
    assert "<script>alert" not in shown


def test_a_method_filters_and_keeps_the_words() -> None:
    other("Ev-01", summary="About ferries.")
    other("Ev-02", summary="About ferries.", kind="lived experience")
    shown = words("/evidence/", show="lived experience", q="ferries")
    assert "Title of Ev-02" in shown
    assert "Title of Ev-01" not in shown
    assert 'href="?q=ferries&amp;show=survey"' in shown
    assert 'href="?q=ferries&amp;show=lived+experience" aria-current="page"' in shown
    assert "Title of Ev-01" in words("/evidence/", show="nonsense")


def test_it_comes_in_pages_at_the_same_cost() -> None:
    for number in range(3):
        other(f"Ev-{number:02}")
    with CaptureQueriesContext(connection) as few:
        words("/evidence/", q="")
    for number in range(3, 45):
        other(f"Ev-{number:02}")
    with CaptureQueriesContext(connection) as many:
        shown = words("/evidence/", show="workshop")
    assert shown.count("<article") == 20
    assert "?show=workshop&amp;page=2" in shown
    assert words("/evidence/", page="3").count("<article") == 5
    assert abs(len(many) - len(few)) <= 1


def test_a_wrong_address_is_not_found() -> None:
    assert Client().get("/evidence/Ev-99/").status_code == 404
    assert Client().get("/evidence/assessments/none/").status_code == 404


def test_eq_1_an_assessment_is_read_without_opening_a_file() -> None:
    made = Assessment.objects.create(
        slug="eia",
        title="What it means",
        kinds="EQIA, CRWIA",
        version="2",
        date="2026-01-31",
        approved_by="The board",
        summary="We looked.",
        findings="First finding.\n\nSecond finding.",
    )
    page = published(whole())
    page.assessments.add(made)
    page.save()
    shown = words("/evidence/assessments/eia/")
    for text in (
        "Assessment (EQIA, CRWIA), 31 January 2026",
        "version 2",
        "We looked.",
        "<li>First finding.</li><li>Second finding.</li>",
        "Approved by the board.",
        f'href="{page.url}"',
    ):
        assert text in shown


def test_staff_keep_the_records_in_the_admin(client_for: Any) -> None:
    browser = client_for(User.objects.create_superuser("ada@example.org", "a long password for tests"))
    Seat.objects.create(kind="chair", holder="")
    for model in ("evidencerecord", "assessment", "seat"):
        assert browser.get(f"/admin/snippets/outcomes/{model}/").status_code == 200
        assert browser.get(f"/admin/snippets/outcomes/{model}/add/").status_code == 200
