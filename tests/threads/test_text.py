"""Plain text on a page: paragraphs, line breaks, links that are safe, and nothing else."""

import pytest

from collaborative.threads import text
from collaborative.threads.anchors import survives

LINK = '<a href="{0}" rel="nofollow ugc noopener">{0}</a>'


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("One.", "<p>One.</p>"),
        ("One.\nTwo.", "<p>One.<br>Two.</p>"),
        ("One.\r\n\r\nTwo.\n\n\n\nThree.", "<p>One.</p><p>Two.</p><p>Three.</p>"),
        ("a < b & c > d", "<p>a &lt; b &amp; c &gt; d</p>"),
        ("See https://example.org/a.", f"<p>See {LINK.format('https://example.org/a')}.</p>"),
        ("(http://example.org)", f"<p>({LINK.format('http://example.org')})</p>"),
        (
            "https://example.org https://example.net",
            f"<p>{LINK.format('https://example.org')}&#32;{LINK.format('https://example.net')}</p>",
        ),
        ("https://example.org/?a=1&b=2", f"<p>{LINK.format('https://example.org/?a=1&amp;b=2')}</p>"),
        ("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
        ("ftp://example.org mailto:a@b.example", "<p>ftp://example.org mailto:a@b.example</p>"),
        ("https://bank.example@evil.example/", "<p>https://bank.example@evil.example/</p>"),
        ("www.example.org", "<p>www.example.org</p>"),
        ("", ""),
        (" \n \n ", ""),
    ],
)
def test_what_becomes_of_what_is_typed(typed: str, shown: str) -> None:
    assert text.html(typed) == shown


def test_marks_that_turn_the_direction_are_left_out() -> None:
    assert text.html("safe \u202eevil\u2066\u200f") == "<p>safe evil</p>"


def test_a_long_text_is_cut_between_words_for_the_list() -> None:
    long = "word " * 400
    head, cut = text.excerpt(long)
    assert cut and head.endswith("word …") and len(head) <= text.EXCERPT + 2
    assert text.excerpt("short") == ("short", False)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Ring 01632 960123", ["a phone number"]),
        ("a@example.org", ["an e-mail address"]),
        ("I am @someone there", ["a user name"]),
        ("In 2026 we had 14 answers.", []),
    ],
)
def test_what_may_lead_to_a_person(typed: str, found: list[str]) -> None:
    assert text.signs(typed) == found


@pytest.mark.parametrize(
    ("about", "now", "stands"),
    [
        ("", "Anything.", True),
        ("One number.", "There is one number to ring.", True),
        ("didn’t mean", "It didn't mean starting again.", True),
        ("One number.", "There is one good number to ring.", False),
        ("number one", "There is one number.", False),
        ("One number.", "", False),
        ("One  NUMBER", "one number", True),
    ],
)
def test_words_survive_where_they_still_stand_one_after_the_other(about: str, now: str, stands: bool) -> None:
    assert survives(about, now) is stands
