"""The words of the code never reach the public: every page of the demonstration site is read for them.

What people said is left as they said it; so are the words that the partnership writes about them.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from tests.whole.crawler import Visit, crawl
from tests.whole.demonstrated import Keeper

pytestmark = pytest.mark.one_engine
BANNED = {
    "contribution": "what you said",
    "engagement": "consultation, workshop",
    "clause": "sentence",
    "disposition": "our answer",
    "coding": "sorting into topics",
    "theme": "topic",
    "flow": "how views shaped decisions",
    "ledger": "record",
    "suppressed": "hidden to protect people",
    "suspect": "new views since",
}
WORDS = re.compile(rf"\b({'|'.join(BANNED)})s?\b", re.I)
# A word of everyday speech, and a state of the code only where it stands by itself.
ALONE = re.compile(r"^\W*(held|released|escalated|refused)\W*(\d+)?\W*$", re.I)
LABELS = frozenset(
    ["h1", "h2", "h3", "h4", "h5", "h6", "th", "dt", "label", "legend", "button", "summary", "caption"]
    + ["option", "title", "figcaption"]
)
SPOKEN = ("alt", "aria-label", "aria-description", "title", "placeholder")
QUOTED = "blockquote, .cs_said-words, q, [lang]:not(html):not([lang^=en])"
# What editors write stands in these; a person, not the code, chose the word.
WRITTEN = ".cs_voice"


def visible(page: str) -> BeautifulSoup:
    """The page without what nobody reads and without what people said."""
    soup = BeautifulSoup(page, "html.parser")
    for hidden in soup.select(f"script, style, template, {QUOTED}, {WRITTEN}"):
        hidden.decompose()
    return soup


def labels(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    """(what it is, its words) of everything that names, heads or explains something."""
    for tag in soup.find_all(True):
        assert isinstance(tag, Tag)
        if tag.name in LABELS or tag.name in ("a", "text", "desc", "li", "dd", "td", "p", "span", "b"):
            yield tag.name, " ".join(tag.get_text(" ").split())
        for name in SPOKEN:
            if tag.get(name):
                yield f"{tag.name}[{name}]", str(tag[name])
        if tag.name == "input" and tag.get("type") in ("submit", "button"):
            yield "input", str(tag.get("value", ""))


@pytest.fixture(scope="module")
def pages(demonstration: Keeper, django_db_blocker: Any) -> dict[str, Visit]:
    with django_db_blocker.unblock():
        return {a: v for a, v in crawl(["/", "/receipt/", "/join/"]).items() if v.is_page and v.status == 200}


@pytest.mark.long
def test_no_label_uses_a_word_of_the_code(pages: dict[str, Visit]) -> None:
    found = {
        f"{address}: {kind} {text[:90]!r}: say {BANNED[match[1].lower()]!r}"
        for address, visit in pages.items()
        for kind, text in labels(visible(visit.body))
        if (match := WORDS.search(text))
    }
    assert not found, "\n".join(sorted(found)[:60])


def test_no_state_of_the_code_stands_as_a_label(pages: dict[str, Visit]) -> None:
    found = {
        f"{address}: {kind} {text!r}"
        for address, visit in pages.items()
        for kind, text in labels(visible(visit.body))
        if ALONE.match(text)
    }
    assert not found, "\n".join(sorted(found))


def test_the_full_name_of_our_plan_stands_beneath_it_and_in_no_menu(pages: dict[str, Visit]) -> None:
    assert "target operating model" in pages["/model/"].body.lower()
    found = {
        f"{address}: {kind} {text!r}"
        for address, visit in pages.items()
        for kind, text in labels(visible(visit.body))
        if (kind in LABELS or kind == "a" or "[" in kind) and "target operating model" in text.lower()
    }
    assert not found, "\n".join(sorted(found))


def test_the_menu_has_its_five_lines(pages: dict[str, Visit]) -> None:
    soup = BeautifulSoup(pages["/"].body, "html.parser")
    for words in ("Have your say", "Workshops", "What changed", "Our plan", "About us"):
        assert soup.find("a", string=re.compile(rf"^\s*{words}\s*$")), words


def test_the_reading_finds_a_word_where_there_is_one() -> None:
    page = "<h2>Themes of this flow</h2><blockquote>my theme</blockquote><img alt='the ledger'>"
    texts = [text for _kind, text in labels(visible(page)) if WORDS.search(text)]
    assert texts == ["Themes of this flow", "the ledger"]
