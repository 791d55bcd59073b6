"""Answers that anyone may read: found by question, group and words, and downloaded."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collaborative import pagecache
from collaborative.consultations import published
from collaborative.consultations.published import Answers, Wanted
from collaborative.contributions.models import Contribution, State
from collaborative.figures.models import Release, Table
from collaborative.moderation import actions as moderation
from collaborative.people.models import User
from collaborative.sheets import unguarded
from collaborative.streaming import PART, streamed_commas
from tests.consultations.making import Respondent, consultation, group
from tests.consultations.test_pages import answer, closed, page, release

pytestmark = pytest.mark.django_db
READ = "/consultations/starting/responses/"
DOWNLOAD = f"{READ}data.csv"


def printed(*slugs: str, hidden: tuple[str, ...] = ()) -> None:
    """A release that prints the numbers of these groups, and hides those of others."""
    rows = [{"slug": slug, "name": slug.title(), "n": 12} for slug in slugs]
    rows += [{"slug": slug, "name": slug.title(), "n": None} for slug in hidden]
    release(groups=rows)
    pagecache.shelf.clear()


def lines(client: Client, **headers: str) -> list[list[str]]:
    response = client.get(DOWNLOAD, headers=headers)
    assert response.status_code == 200 and response["Content-Type"].startswith("text/csv")
    whole = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return [[unguarded(cell) for cell in line] for line in csv.reader(io.StringIO(whole, newline=""))]


def test_words_are_looked_for_in_what_may_be_read_and_nowhere_else(stranger: Client) -> None:
    engagement = closed()
    answer(engagement, "Ask the BUS driver.")
    answer(engagement, "Ask a teacher.")
    answer(engagement, "Canary bus.", state=State.HELD)
    answer(engagement, "Canary bus.", permission="not-published")
    text = page(stranger, f"{READ}?show=feel&q=bus")
    assert "BUS driver" in text and "a teacher" not in text and "Canary" not in text
    assert "1 answer found" in text
    for nothing in ("canary", "%", "_", "zzz", "\x00", "Parents"):
        text = page(stranger, f"{READ}?show=feel&q={nothing.replace('%', '%25')}")
        assert "Canary" not in text


def test_a_whole_response_is_shown_where_a_part_of_it_was_looked_for(stranger: Client) -> None:
    engagement = closed()
    answer(engagement, "by bus")
    answer(engagement, "on foot")
    text = page(stranger, f"{READ}?view=response&q=why+by+bus")
    assert "by bus" in text and "Why by bus" in text and "on foot" not in text
    assert "1 response found" in text


def test_sdc_1_a_group_is_named_and_chosen_only_where_its_number_is_printed(stranger: Client) -> None:
    engagement = closed()
    answer(engagement, "Of a parent.")
    answer(engagement, "Of an employer.", group=group("employers"))
    printed("parents", hidden=("employers",))
    text = page(stranger, f"{READ}?show=feel")
    assert "Parents, name not shown" in text and "Employers" not in text
    of_parents = page(stranger, f"{READ}?show=feel&group=parents")
    assert "Of a parent." in of_parents and "Of an employer." not in of_parents
    # Asking for a small group by hand is asking for everyone.
    by_hand = page(stranger, f"{READ}?show=feel&group=employers")
    assert "Of a parent." in by_hand and "Of an employer." in by_hand
    assert [line[3] for line in lines(stranger)[1:]] == ["Parents, name not shown"] * 2 + [
        "Name not shown"
    ] * 2


def test_before_the_first_release_no_group_is_named(stranger: Client) -> None:
    answer(closed(), "Of a parent.")
    assert "Parents" not in page(stranger, f"{READ}?show=feel")
    assert not Release.objects.exists() and not Table.objects.exists()


def test_what_was_chosen_stays_chosen_on_the_next_page(stranger: Client) -> None:
    engagement = closed()
    for n in range(21):
        answer(engagement, f"Bus number {n}.")
    printed("parents")
    text = page(stranger, f"{READ}?show=feel&group=parents&q=bus")
    assert "?show=feel&amp;group=parents&amp;q=bus&amp;page=2" in text
    assert "Bus number 0." in page(stranger, f"{READ}?show=feel&group=parents&q=bus&page=2")
    assert "21 answers found" in text and "?show=when&amp;group=parents&amp;q=bus" in text


def test_rif_2_the_download_holds_what_may_be_read_and_nothing_else(stranger: Client) -> None:
    engagement = closed()
    answer(engagement, "Shown.", permission="named", name="Sheena Auld")
    answer(engagement, "Canary: not to be published.", permission="not-published")
    for state in (State.HELD, State.REFUSED, State.ESCALATED, State.WITHDRAWN):
        answer(engagement, f"Canary: {state}.", state=state)
    head, *rows = lines(stranger)
    assert head == ["Question", "Response", "Answer", "Who", "Edition", "Language", "Words"]
    assert {row[6] for row in rows} == {"Shown.", "Why Shown."}
    assert {row[3] for row in rows} == {"Sheena Auld"} and len({row[1] for row in rows}) == 1
    references = set(Contribution.objects.public().values_list("reference", flat=True))
    assert {row[2] for row in rows} == references


@pytest.mark.parametrize("early", [False, True])
def test_the_download_waits_as_the_page_does(early: bool, stranger: Client) -> None:
    answer(consultation(responses_while_open=early), "Said early.")
    assert stranger.get(DOWNLOAD).status_code == (200 if early else 404)


def test_the_download_asks_as_often_for_many_answers_as_for_few(stranger: Client) -> None:
    engagement = closed()
    costs = []
    for more in (1, 12):
        for n in range(more):
            answer(engagement, f"Number {n}.")
        pagecache.epoch.forget()
        with CaptureQueriesContext(connection) as queries:
            rows = lines(stranger)
        costs.append((len(rows), len(queries)))
    assert costs == [(1 + 2 * 1, 6), (1 + 2 * 13, 6)]


def test_the_download_is_whole_however_many_are_read_at_once(
    stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(published, "AT_ONCE", 3)
    engagement = closed()
    for n in range(4):
        answer(engagement, f"Number {n}.")
    rows = lines(stranger)[1:]
    assert len(rows) == len({row[2] for row in rows}) == 8
    assert [row[1] for row in rows] == [row[1] for row in rows[::2] for _twice in range(2)]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_what_goes_out_can_be_read_back_and_none_of_it_runs(cells: list[str]) -> None:
    whole = b"".join(streamed_commas([], [cells], name="x.csv").streaming_content)  # type: ignore[arg-type]
    rows = list(csv.reader(io.StringIO(whole.decode("utf-8-sig"), newline="")))
    assert [[unguarded(cell) for cell in row] for row in rows] == [cells]
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]


async def test_parts_are_sent_as_they_are_made() -> None:
    made: list[int] = []

    def many() -> Any:
        for number in range(40):
            made.append(number)
            yield ["x" * 10_000]

    parts = streamed_commas([["Head"]], many(), name="x.csv").__aiter__()
    first = await anext(parts)
    assert len(first) >= PART and len(made) < 10
    assert sum([len(part) async for part in parts]) > 320_000 and len(made) == 40


def test_twenty_of_many_answers_are_read_in_the_order_of_an_index() -> None:
    """Neither sorted nor all read: a page of a hundred thousand costs what one of twenty costs."""
    engagement = consultation()
    answers = Answers(engagement, Wanted(question="feel"))
    rows = answers.rows().order_by("-created_at", "-pk").values_list("pk", flat=True)[:20]
    if connection.vendor == "sqlite":
        plan = rows.explain()
        assert "contribution_by_question" in plan and "TEMP B-TREE" not in plan, plan


def test_why_somebody_chose_stands_with_the_question(moderator: User) -> None:
    someone = Respondent(consultation())
    someone.fill()
    someone.send()
    for said in Contribution.objects.all():
        moderation.release(said, by=moderator)
    found = Answers(someone.engagement, Wanted(question="when")).page()
    assert [said.prompt_key for said in found] == ["when-why"]
    whole = Answers(someone.engagement, Wanted(view="response")).page()
    assert (whole.paginator.count, len(next(iter(whole)).said)) == (1, 2)
