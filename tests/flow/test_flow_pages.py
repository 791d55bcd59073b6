"""How views shaped decisions: by everyone, by group, by topic, as a file; and before anything is counted."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from collaborative import pagecache
from collaborative.figures.models import Table
from collaborative.flow.actions import cut_release
from collaborative.people.models import StakeholderGroup
from tests.flow import world
from tests.outcomes import deciding

pytestmark = pytest.mark.django_db
ALL_PAGES = ["/flow/", "/groups/", "/groups/young-people/", "/themes/", "/themes/ask-me-first/"]


@pytest.fixture
def where(db: None) -> Any:
    return deciding.engagement()


@pytest.fixture
def topic(db: None) -> Any:
    return deciding.theme("T1", "Ask me first")


@pytest.fixture
def counted(where: Any, topic: Any) -> None:
    """12 and 8 raised a topic that was answered no; 9 and 6 raised one that waits."""
    world.crowd(where, topic, {"young-people": 12, "practitioners": 8}, stance="for")
    world.crowd(where, deciding.theme("T2", "Too late"), {"young-people": 9, "practitioners": 6})
    world.decided(where, topic)
    cut_release()


def get(address: str) -> str:
    pagecache.shelf.clear()
    answer = Client().get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def queries(address: str) -> int:
    get(address)  # what a process reads once is read now
    pagecache.epoch.forget()
    with CaptureQueriesContext(connection) as captured:
        get(address)
    return len(captured)


# Before anything is counted ---------------------------------------------------------------------


def test_an_empty_site_says_what_will_stand_there(db: None) -> None:
    assert "The first figures stand here" in get("/flow/")
    assert "No groups are set up yet." in get("/groups/")
    assert "No topics are set up yet." in get("/themes/")
    assert lines() == []


def test_groups_and_topics_without_a_release_have_their_pages(where: Any, topic: Any) -> None:
    world.groups()
    for address in ALL_PAGES:
        get(address)
    assert "Nothing counted yet." in get("/themes/ask-me-first/")
    assert "Nothing counted yet." in get("/groups/")


def test_a_release_of_nothing_breaks_no_page(where: Any, topic: Any) -> None:
    world.groups()
    cut_release()
    for address in [*ALL_PAGES, "/flow/data.csv"]:
        get(address)


@pytest.mark.parametrize("address", ["/groups/nobody/", "/themes/nothing/", "/flow/?group=nobody"])
def test_what_is_not_there_is_a_page_that_says_so(db: None, address: str) -> None:
    assert Client().get(address, follow=True).status_code == 404


# With figures ---------------------------------------------------------------------------------------


def test_the_sentence_comes_with_its_base_and_its_caveat(counted: None) -> None:
    page = " ".join(get("/flow/").split())
    assert "35 responses raised 2 topics: 1 no, 1 not yet decided." in page
    assert "This is not a vote" in page


def test_no_is_as_large_as_yes_and_comes_with_its_reason(counted: None) -> None:
    page = get("/flow/")
    assert page.count("cs_answer--big cs_no") == page.count("cs_answer--big cs_wait") == 1
    assert "No, we will not." in page


def test_one_filter_at_a_time_from_a_fixed_menu(counted: None) -> None:
    answer = Client().get("/flow/?group=young-people")
    assert (answer.status_code, answer["Location"]) == (302, "/groups/young-people/")
    page = get("/groups/young-people/")
    assert 'href="/groups/young-people/" aria-current="true"' in page


def test_a_wide_table_can_be_scrolled_with_the_keyboard_and_is_explained_beside_it(counted: None) -> None:
    page = get("/flow/")
    region = '<div class="cs_table" role="region" aria-labelledby="table" tabindex="0">'
    assert region in page and page.count('id="table"') == page.count('id="counted"') == 1
    assert 'aria-describedby="counted"' in page.split(region)[1].split("</table>")[0]


def test_a_small_group_leads_to_the_one_it_is_counted_with(counted: None) -> None:
    young = StakeholderGroup.objects.get(slug="young-people")
    StakeholderGroup.objects.create(slug="young-carers", name="Young carers", parent=young, sensitive=True)
    answer = Client().get("/groups/young-carers/")
    assert (answer.status_code, answer["Location"]) == (302, "/groups/young-people/")


def test_hidden_numbers_are_said_to_be_hidden_everywhere(where: Any, topic: Any) -> None:
    world.crowd(where, topic, {"young-people": 12, "practitioners": 3})
    world.crowd(where, deciding.theme("T2", "Too late"), {"young-people": 2, "practitioners": 9})
    cut_release()
    for address in ("/flow/", "/groups/practitioners/", "/themes/ask-me-first/"):
        assert "hidden" in get(address), address
    assert ">3<" not in get("/themes/ask-me-first/")


def test_a_topic_shows_words_only_through_the_public_door(where: Any, topic: Any) -> None:
    shown = world.speak(where, "Words for all to read.", sort_as=topic)
    world.speak(where, "Words for nobody.", sort_as=topic, permission="not-published")
    world.crowd(where, topic, {"young-people": 6})
    cut_release()
    page = get("/themes/ask-me-first/")
    assert "Words for all to read." in page
    assert "Words for nobody." not in page
    assert shown.receipt.name == ""


def test_a_quote_names_a_group_only_where_its_number_is_shown(where: Any, topic: Any) -> None:
    """A rare topic, a rare group and its words are together a person (ANALYSIS, rule 7)."""
    young, _practitioners = world.groups()
    world.crowd(where, topic, {"young-people": 12, "practitioners": 8})
    world.speak(where, "As the only one here.", sort_as=topic, group=deciding.group())
    world.speak(where, "As one of many.", sort_as=topic, group=young)
    cut_release()
    page = get("/themes/ask-me-first/")
    alone, of_many = (
        page.split(words)[1].split("<footer>")[1].split("<br>")[0]
        for words in ("As the only one here.", "As one of many.")
    )
    assert alone == "Name not shown"
    assert of_many == "Children and young people, name not shown"


@pytest.mark.parametrize("address", ALL_PAGES)
def test_pages_cost_the_same_however_many_answered(where: Any, topic: Any, address: str) -> None:
    analyst = deciding.analyst()
    world.crowd(where, topic, {"young-people": 6, "practitioners": 6})
    world.decided(where, topic)
    cut_release(by=analyst, reason="Few.")
    few = queries(address)
    world.crowd(where, topic, {"young-people": 25, "practitioners": 25})
    cut_release(by=analyst, reason="Many.")
    assert queries(address) == few
    assert few <= 25


# The file -------------------------------------------------------------------------------------------


def lines() -> list[dict[str, str]]:
    answer = Client().get("/flow/data.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_file_has_the_columns_that_were_promised(counted: None) -> None:
    found = lines()
    assert list(found[0]) == ["group", "theme", "decision", "answer", "change", "responses", "marker"]
    row = next(r for r in found if r["group"] == "young-people" and r["theme"] == "Ask me first")
    assert row["decision"] == "decision-1"
    assert (row["answer"], row["responses"], row["marker"]) == ("no", "12", "")


def test_a_hidden_number_is_marked_and_a_blank_never_means_zero(where: Any, topic: Any) -> None:
    world.crowd(where, topic, {"young-people": 12, "practitioners": 3})
    world.crowd(where, deciding.theme("T2", "Too late"), {"young-people": 9, "practitioners": 9})
    cut_release()
    for row in lines():
        assert (row["responses"] == "") == (row["marker"] == "[c]")
    assert any(row["marker"] == "[c]" for row in lines())


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_title_cannot_become_a_formula(where: Any, start: str) -> None:
    nasty = deciding.theme("T1", f"{start}HYPERLINK(A1)")
    world.crowd(where, nasty, {"young-people": 12})
    cut_release()
    answer = Client().get("/flow/data.csv").content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(answer)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert any("HYPERLINK" in cell for cell in cells)


def test_the_file_and_the_page_come_from_one_release(counted: None, where: Any, topic: Any) -> None:
    world.crowd(where, topic, {"young-people": 9})
    release = Table.objects.now("flow").release
    assert f"release-{release.number}.csv" in Client().get("/flow/data.csv")["Content-Disposition"]
    row = next(r for r in lines() if r["group"] == "young-people" and r["theme"] == "Ask me first")
    assert row["responses"] == "12"


# The same for machines ------------------------------------------------------------------------------


def record(address: str) -> Any:
    pagecache.shelf.clear()
    answer = Client().get(address, headers={"Accept": "application/json"})
    assert answer["Content-Type"] == "application/json" and "Accept" in answer["Vary"]
    return answer.json()


def test_machines_get_cell_for_cell_what_the_file_says(where: Any, topic: Any) -> None:
    world.crowd(where, topic, {"young-people": 12, "practitioners": 3})
    world.crowd(where, deciding.theme("T2", "Too late"), {"young-people": 9, "practitioners": 9})
    world.decided(where, topic)
    cut_release()
    found = record("/flow/")
    assert found["release"] == Table.objects.now("flow").release.number and found["group"] is None
    cells = []
    for cell in found["cells"]:
        n = cell["responses"]["n"]
        told = "" if n is None else str(n), cell["responses"].get("marker", "")
        cells.append((cell["group"], cell["answer"], *told))
    assert cells == [(row["group"], row["answer"], row["responses"], row["marker"]) for row in lines()]
    assert any(marker == "[c]" for *_rest, marker in cells)
    named = next(cell for cell in found["cells"] if cell["theme"] == "ask-me-first")
    assert named["decision"] == "/decisions/decision-1/"


def test_the_record_of_a_group_has_its_own_row_alone(counted: None) -> None:
    found = record("/groups/young-people/")
    assert found["group"]["slug"] == "young-people" and "cells" not in found
    table = Table.objects.now("flow.young-people")
    assert [row["responses"]["n"] for row in found["groups"]] == [row["all"] for row in table.get("rows")]


def test_before_the_first_release_a_machine_is_told_that_there_is_none(db: None) -> None:
    assert record("/flow/") == {"group": None, "release": None}
