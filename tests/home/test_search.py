"""Search finds what is public and nothing else, whatever is typed."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from collaborative.analysis.actions import define_theme
from collaborative.analysis.models import Theme
from collaborative.outcomes.models import EvidenceRecord
from home import search
from tests.changemakers.workshops import draft, workshop
from tests.home import scene
from tests.outcomes import deciding

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("indexed")]


def ask(client: Client, query: str, page: str = "") -> str:
    response = client.get("/search/", {"q": query, **({"page": page} if page else {})})
    assert response.status_code == 200
    return response.content.decode()


def test_it_finds_pages_sentences_decisions_and_evidence(stranger: Client) -> None:
    scene.two_versions()
    scene.decision(1, answer_sentence="The zebra crossing stays.")
    scene.standard("zoo", "The zebra house")
    workshop("stripes", title="Draw a zebra")
    EvidenceRecord.objects.create(
        ref="Ev-90",
        title="A zebra survey",
        author="Us",
        kind="survey",
        month=date(2026, 1, 1),
        limits="Few",
        summary="Many.",
    )
    html = ask(stranger, "zebra")
    for words in (
        "4 results for “zebra”",
        "The zebra house",
        "Draw a zebra",
        "zebra crossing",
        "Ev-90: A zebra survey",
    ):
        assert words in html, words
    html = ask(stranger, "GLADLY asked")
    assert f'href="{reverse("model_clause", args=["P1"])}"' in html and "1 result for" in html


def test_only_the_version_that_stands_is_found(stranger: Client) -> None:
    page = scene.two_versions()
    later = scene.plan.changed(
        scene.plan.stored(page), "P1", statement="You listened.", reason="It says it better."
    )
    scene.plan.publish(page, later)
    assert "Nothing found" in ask(stranger, "asked gladly")
    assert "You listened." in ask(stranger, "listened")


@pytest.mark.parametrize(
    "query",
    [
        *(
            '"',
            "'",
            '"""',
            '" "',
            "*",
            "(",
            "a AND",
            "NEAR(a b)",
            "-",
            "^a",
            "a:b",
            "title:zebra",
            "\\",
            "%",
            "&",
            "|",
        ),
        *(
            "!",
            "a'b",
            "a\x00b",
            "\x00",
            "<->",
            ":*",
            "zebra*",
            "{a}",
            "ё",
            "🦓",
            "a" * 5000,
            'one "two three',
            "NOT",
            "OR",
        ),
    ],
)
def test_whatever_is_typed_the_page_answers(stranger: Client, query: str) -> None:
    scene.standard("zoo", "The zebra house")
    ask(stranger, query)


def test_what_was_typed_is_kept_and_harmless(stranger: Client) -> None:
    html = ask(stranger, '"><script>alert(1)</script>')
    assert "<script>alert" not in html
    assert 'value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in html


def test_nothing_found_says_where_to_go(stranger: Client) -> None:
    html = ask(stranger, "xyzzy")
    assert "Nothing found for “xyzzy”" in html and 'href="/model/"' in html


def test_nothing_asked_is_no_error(stranger: Client) -> None:
    html = ask(stranger, "  ")
    assert "You can look for words" in html and "Nothing found" not in html


def test_private_unpublished_and_draft_pages_are_never_found(stranger: Client) -> None:
    scene.private(scene.standard("one", "Quagga one"))
    below = scene.standard("two", "Two")
    scene.standard("three", "Quagga three", under=below)
    scene.private(below)
    scene.standard("four", "Quagga four").unpublish()
    draft("five", title="Quagga five")
    page = scene.standard("six", "Six")
    page.title, page.introduction = "Quagga six", "Quagga"
    page.save_revision()
    html = ask(stranger, "quagga")
    assert "Nothing found" in html


def test_a_topic_is_found_by_what_its_page_says_of_it(stranger: Client) -> None:
    scene.home()
    words = {"includes": "Herds", "excludes": "Donkeys", "example": "A quagga bit me"}
    define_theme("T7", label="Okapi", definition="Shy and stripy.", by=deciding.analyst(), **words)
    html = ask(stranger, "okapi stripy herds")
    assert f'href="{reverse("theme", args=["okapi"])}"' in html
    assert "1 result for" in html and "Shy and stripy." in html
    for unsaid in ("quagga", "donkeys", "T7"):
        assert "Nothing found" in ask(stranger, unsaid)
    Theme.objects.update(retired=True)
    assert "Nothing found" in ask(stranger, "okapi")


def test_what_people_wrote_is_not_searched(stranger: Client) -> None:
    scene.home()
    deciding.said("A quagga in the corridor", deciding.engagement(), deciding.theme())
    assert "Nothing found" in ask(stranger, "quagga")


def test_many_results_come_ten_to_a_page(stranger: Client, django_assert_max_num_queries) -> None:
    for number in range(12):
        scene.standard(f"page-{number}", f"Zebra {number}")
    with django_assert_max_num_queries(16):
        html = ask(stranger, "zebra")
    assert html.count("search__hit") == 10 and "12 results" in html and "?q=zebra&amp;page=2" in html
    assert ask(stranger, "zebra", "2").count("search__hit") == 2
    assert ask(stranger, "zebra", "99").count("search__hit") == 2
    assert ask(stranger, "zebra", "x").count("search__hit") == 10


def test_every_word_has_to_be_there(stranger: Client) -> None:
    scene.standard("one", "Zebra stripes")
    scene.standard("two", "Zebra hooves")
    html = ask(stranger, "zebra hooves")
    assert "1 result for" in html and "Zebra hooves" in html


def test_a_query_is_cut_and_made_one_line() -> None:
    assert search.clean(" a\n\tb\x00c ") == "a b c"
    assert len(search.clean("a" * 500)) == search.LONGEST_QUERY


def test_an_outcome_is_shown_in_the_words_that_match(stranger: Client) -> None:
    scene.two_versions()
    html = ask(stranger, "comment answer")
    assert "My comment got an answer." in html and "Outcome 1: Being heard" in html
