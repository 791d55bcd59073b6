"""Words and passages are counted in code points, whatever a browser counts in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collaborative.analysis.models import Coding
from collaborative.analysis.passages import between_words, segments, words
from collaborative.contributions.actions import NotPossible

FAMILY = "👩\u200d👧"  # three code points, five UTF-16 units, one thing to see
TEXT = f"Cafe\u0301 {FAMILY} said:\n\nask me"


def test_a_joined_emoji_and_a_combining_accent_belong_to_their_word() -> None:
    assert [TEXT[start:end] for start, end in words(TEXT)] == ["Cafe\u0301", FAMILY, "said:", "ask", "me"]


def test_words_from_and_to_give_code_points() -> None:
    start, end = between_words(TEXT, 2, 4)
    assert TEXT[start:end] == f"{FAMILY} said:\n\nask"


@pytest.mark.parametrize(("first", "last"), [(0, 1), (2, 1), (1, 6), (6, 6)])
def test_words_that_are_not_there_are_refused(first: int, last: int) -> None:
    with pytest.raises(NotPossible):
        between_words(TEXT, first, last)


def test_overlapping_codings_are_cut_where_either_begins_or_ends() -> None:
    one, two = Coding(start=0, end=8), Coding(start=4, end=10)
    found = segments("Ask us now", [one, two])
    covered = [(piece.text, len(piece.codings)) for piece in found]
    assert covered == [("Ask", 1), (" ", 1), ("us", 2), (" ", 2), ("n", 2), ("ow", 1)]
    assert [piece.ends for piece in found if piece.ends] == [[one], [two]]


def test_a_word_that_a_coding_cuts_keeps_one_number() -> None:
    found = segments("before decided", [Coding(start=2, end=9)])
    assert [(p.text, p.word, p.begins_word) for p in found] == [
        ("be", 1, True),
        ("fore", 1, False),
        (" ", 0, False),
        ("de", 2, True),
        ("cided", 2, False),
    ]


SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 10)), max_size=5)


@given(st.text(st.sampled_from("ab é\n" + FAMILY + "\u0301"), max_size=40), SPANS)
def test_the_pieces_are_the_text_and_each_coding_covers_exactly_its_code_points(
    text: str, spans: list[tuple[int, int]]
) -> None:
    codings = [
        Coding(start=start, end=start + length) for start, length in spans if start + length <= len(text)
    ]
    found = segments(text, codings)
    assert "".join(piece.text for piece in found) == text
    assert [piece.start for piece in found] == [0, *[piece.end for piece in found]][: len(found)]
    for one in codings:
        covered = [piece.text for piece in found if any(other is one for other in piece.codings)]
        assert "".join(covered) == text[one.start : one.end]
