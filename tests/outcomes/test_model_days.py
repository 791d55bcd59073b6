"""What the plan said on a day, and why (TOM-3); and the same addresses read by machine."""

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from collaborative.outcomes import actions, reading
from collaborative.outcomes.models import ModelPage, ModelVersion
from tests.outcomes.plan import KEYS, changed, draft, new_page, stored, without
from tests.outcomes.plan import blocks as first_blocks
from tests.outcomes.test_model_pages import a_decision, forget_pages, release, text_of

pytestmark = pytest.mark.django_db
HERE = ZoneInfo("Europe/London")
FIRST = datetime(2026, 3, 28, 23, 30, tzinfo=HERE)
SECOND = datetime(2026, 5, 7, 0, 30, tzinfo=HERE)  # still 6 May where clocks stand at UTC
THIRD = datetime(2026, 6, 1, 12, tzinfo=HERE)
AS_JSON = {"Accept": "application/json"}


@pytest.fixture
def plan(db: None) -> ModelPage:
    """Three versions: P1 reworded with the second by decision 2, P2 taken out with the third."""
    page = new_page()
    draft(page, first_blocks())
    publish_at(page, FIRST)
    decision = a_decision()
    words = {"statement": "You asked me first, and again.", "reason": "Asked once is not enough."}
    body = changed(stored(ModelPage.objects.get(pk=page.pk)), "P1", decision=decision.pk, **words)
    draft(page, body)
    publish_at(page, SECOND)
    said = {"ref": "P2", "reason": "P1 says it better.", "decision": None}
    body = without(stored(ModelPage.objects.get(pk=page.pk)), "P2")
    draft(page, body, retired=[{"type": "sentence", "id": KEYS["V"], "value": said}])
    publish_at(page, THIRD)
    return ModelPage.objects.get(pk=page.pk)


def publish_at(page: ModelPage, moment: datetime) -> None:
    fresh = ModelPage.objects.get(pk=page.pk)
    assert actions.publish_model(fresh, at=moment, skip_permission_checks=True) is not None


def read(address: str) -> Any:
    forget_pages()
    answer = Client().get(address, headers=AS_JSON)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/json"
    assert "Accept" in answer["Vary"]
    return json.loads(answer.content)


def on(ref: str, day: str) -> str:
    """What the page of a sentence tells of a day."""
    return text_of(f"/model/clauses/{ref}/?on={day}").partition("What did it say on a day?")[2]


@pytest.mark.parametrize(
    ("ref", "day", "told"),
    [
        ("P1", "2026-03-27", "At the end of 27 March 2026 this sentence was not in our plan yet."),
        ("P1", "2026-03-28", "it read as it came with version 1: “You asked me first.”"),
        ("P1", "2026-05-06", "it read as it came with version 1: “You asked me first.”"),
        ("P1", "2026-05-07", "it read as it came with version 2: “You asked me first, and again.”"),
        ("P1", "7 May 2026", "Why: Decision 2: Question 2? . Asked once is not enough."),
        ("P2", "2026-05-31", "“It was there all the way.”"),
        ("P2", "2026-06-01", "this sentence was no longer in our plan. It was taken out with version 3."),
        ("P2", "2026-06-01", "P1 says it better."),
    ],
)
def test_tom_3_a_sentence_tells_what_it_said_on_a_day_and_why(
    plan: ModelPage, ref: str, day: str, told: str
) -> None:
    assert told in on(ref, day)


@pytest.mark.parametrize("day", ["", "yesterday", "2026-02-30", "<script>", "99999-01-01", "2026-05-07\x00"])
def test_a_day_that_is_none_gets_a_message_beside_it_and_stays(plan: ModelPage, day: str) -> None:
    forget_pages()
    answer = Client().get("/model/clauses/P1/", {"on": day})
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="on-error"' in shown and "Choose" in shown
    assert "<script>" not in shown.partition("<main")[2].partition("</main")[0]
    if day == "yesterday":
        assert 'value="yesterday"' in shown


def test_a_day_to_come_is_told_so(plan: ModelPage) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert "This day has not come yet." in on("P1", tomorrow.isoformat())
    assert "This day has not come yet." not in on("P1", timezone.localdate().isoformat())


def test_a_day_leads_from_all_versions_to_the_one_that_stood(plan: ModelPage) -> None:
    def led(day: str) -> str:
        return Client().get("/model/versions/", {"on": day}).headers["Location"]

    assert led("2026-03-28") == led("2026-05-06") == "/model/versions/1/"
    assert led("2026-05-07") == "/model/versions/2/"
    assert led("2026-07-01") == "/model/versions/3/"
    assert "Our plan was not published yet on that day." in text_of("/model/versions/?on=2020-01-01")


def test_machines_read_a_sentence_with_all_its_wordings(plan: ModelPage) -> None:
    groups = [{"slug": "a", "name": "Adults", "n": 12}, {"slug": "e", "name": "Employers", "n": None}]
    release(clause__P1={"base": 40, "groups": groups, "decisions": []})
    found = read("/model/clauses/P1/?on=2026-05-06")
    assert found["words"]["statement"] == "You asked me first, and again." and found["stands"]
    assert found["heard"]["responses"] == {"n": 40}
    assert found["heard"]["groups"] == [
        {"name": "Adults", "n": 12},
        {"name": "Employers", "n": None, "marker": "[c]"},
    ]
    assert found["on"]["words"]["statement"] == "You asked me first."
    assert found["on"]["why"]["version"] == 1
    newest, oldest = found["history"]
    assert newest["decision"]["url"] == "/decisions/decision-2/"
    assert newest["reason"] == "Asked once is not enough." and newest["since"] == "2026-05-07"
    assert oldest["since"] == "2026-03-28" and oldest["words"]["statement"] == "You asked me first."
    gone = read("/model/clauses/P2/?on=2026-06-02")
    assert not gone["stands"] and gone["on"]["words"] is None and "words" not in gone["history"][0]


def test_machines_read_versions_and_what_differs(plan: ModelPage) -> None:
    assert [one["version"] for one in read("/model/versions/")["versions"]] == [3, 2, 1]
    first = read("/model/versions/1/")
    assert [one["ref"] for one in first["sentences"]] == ["V", "H", "O1", "P1", "P2"]
    assert first["approved_on"] == "2026-03-28"
    assert read("/model/") == read("/model/versions/3/")
    there = read("/model/compare/1/3/")
    assert {one["ref"] for one in there["differences"]} == {"P1", "P2"}
    one = next(one for one in there["differences"] if one["ref"] == "P1")
    assert one["parts"] == [
        {
            "part": "statement",
            "before": "You asked me first.",
            "after": "You asked me first, and again.",
        }
    ]
    assert one["why"][0]["decision"]["number"] == 2
    assert there["same"] == ["V", "H", "O1"]


def test_a_page_that_is_kept_is_never_given_to_a_machine_nor_the_other_way_round(plan: ModelPage) -> None:
    forget_pages()
    address = "/model/clauses/P1/"
    page, record, again = (
        Client().get(address, headers={"Accept": kind})
        for kind in ("text/html", "application/json", "text/html")
    )
    assert page["Content-Type"].startswith("text/html") and again.content == page.content
    assert record["Content-Type"] == "application/json"
    assert "Accept" in page["Vary"]


@pytest.mark.parametrize("kind", ["text/html", "application/json"])
def test_looking_back_costs_the_same_for_every_day_and_no_more_than_not_looking(
    plan: ModelPage, kind: str
) -> None:
    def cost(address: str) -> int:
        forget_pages()
        with CaptureQueriesContext(connection) as seen:
            assert Client().get(address, headers={"Accept": kind}).status_code == 200
        return len(seen)

    cost("/model/clauses/P1/")  # what a process reads once
    early, late = (cost(f"/model/clauses/P1/?on={day}") for day in ("2026-03-28", "2026-06-01"))
    assert early == late <= cost("/model/clauses/P1/")


@given(days=st.lists(st.integers(0, 40), min_size=1, max_size=6), asked=st.integers(-2, 42))
def test_on_any_day_stands_the_last_version_approved_by_then(days: list[int], asked: int) -> None:
    """The rule said another way: of all versions up to that day, the one with the highest number."""
    start = datetime(2026, 3, 20, 12, tzinfo=HERE)
    book = object.__new__(reading.Book)
    ordered = sorted(days)
    book.versions = [
        ModelVersion(number=n + 1, approved_at=start + timedelta(days=day)) for n, day in enumerate(ordered)
    ][::-1]
    stood = book.on(start.date() + timedelta(days=asked))
    by_then = [n + 1 for n, day in enumerate(ordered) if day <= asked]
    assert (stood.number if stood else None) == (max(by_then) if by_then else None)
