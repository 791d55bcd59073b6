"""Two wordings held against each other, word by word (TOM-3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collaborative.outcomes.compare import (
    ADDED,
    GAP_ADDED,
    GAP_REMOVED,
    REMOVED,
    SAME,
    earlier,
    joined,
    later,
    words,
)

# Made of few letters, so that wordings share words, and of any text at all.
WORDINGS = st.one_of(
    st.text(), st.lists(st.sampled_from(["we", "plan", " ", ",", ".", "didn’t", "\n", "<b>"])).map("".join)
)


@given(WORDINGS, WORDINGS)
def test_the_pieces_give_back_both_wordings(old: str, new: str) -> None:
    pieces = words(old, new)
    assert joined(earlier(pieces)) == old
    assert joined(later(pieces)) == new
    assert all(text for _, text in pieces)
    assert {kind for kind, _ in pieces} <= {SAME, ADDED, REMOVED, GAP_ADDED, GAP_REMOVED}


@given(WORDINGS)
def test_a_wording_does_not_differ_from_itself(text: str) -> None:
    assert all(kind == SAME for kind, _ in words(text, text))


@given(WORDINGS, WORDINGS)
def test_back_and_forth_are_mirror_images_in_what_they_give(old: str, new: str) -> None:
    assert joined(later(words(new, old))) == joined(earlier(words(old, new)))


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        (
            "the youthclub.",
            "the youth club.",
            [(SAME, "the "), (REMOVED, "youthclub"), (ADDED, "youth club"), (SAME, ".")],
        ),
        (
            "I knew who to call.",
            "I knew who to call, on paper.",
            [(SAME, "I knew who to call"), (ADDED, ", on paper"), (SAME, ".")],
        ),
        ("I didn’t go", "I did go", [(SAME, "I "), (REMOVED, "didn’t"), (ADDED, "did"), (SAME, " go")]),
        ("one two three", "four five six", [(REMOVED, "one two three"), (ADDED, "four five six")]),
        (
            "I got what my cousin in the next council got.",
            "Moving from the island didn’t mean starting again.",
            [
                (REMOVED, "I got what my cousin in the next council got."),
                (ADDED, "Moving from the island didn’t mean starting again."),
            ],
        ),
        (
            "You asked me first.",
            "You asked me first and again.",
            [(SAME, "You asked me first"), (GAP_ADDED, " "), (ADDED, "and again"), (SAME, ".")],
        ),
        ("", "new", [(ADDED, "new")]),
    ],
)
def test_whole_words_change_and_never_half_ones(old: str, new: str, pieces: list[tuple[str, str]]) -> None:
    assert words(old, new) == pieces
