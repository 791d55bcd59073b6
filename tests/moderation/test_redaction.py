"""Taking words out and nothing else, and marking what looks private."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collaborative.moderation.redaction import REMOVED, leaves_words, pieces, redacts

OLD = "Ask Dan in P7, or ring 01632 960123 after school."


@pytest.mark.parametrize(
    "new",
    [
        "Ask [removed] in P7, or ring 01632 960123 after school.",
        "Ask [removed] in P7, or ring [removed] after school.",
        "[removed] in P7, or ring 01632 960123 after school.",
        "Ask Dan in P7, or ring [removed]",
        "[removed]",
    ],
)
def test_rif_6_passages_may_be_replaced(new: str) -> None:
    assert redacts(OLD, new)


@pytest.mark.parametrize(
    "new",
    [
        OLD,
        OLD.replace("Dan", "[REMOVED]"),
        OLD.replace("Dan", "my friend"),
        OLD.replace("Dan", "[removed]").replace("P7", "P6"),
        OLD + "[removed]",
        OLD + " [removed] And one more thing.",
        "Ask in P7, or ring 01632 960123 after school.",
        OLD.replace("Dan", "Dan[removed]"),
        "",
    ],
)
def test_rif_6_nothing_else_may_change(new: str) -> None:
    assert not redacts(OLD, new)


def test_words_that_were_removed_earlier_stay_removed() -> None:
    once = "Ask [removed] in P7."
    assert redacts(once, "Ask [removed] in [removed].")
    assert redacts(once, "[removed] in P7.")
    assert not redacts("Ask Dan in P7 and Dan.", "Ask [removed] in P7 and Ann.")
    assert not redacts(once, "Ask Dan in P7.")


TEXT = st.text(st.sampled_from("ab \n👩‍👧é[]"), max_size=30)


@given(TEXT.filter(bool), st.data())
def test_any_passages_that_are_taken_out_are_accepted_and_not_shown(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    after = text[:start] + REMOVED + text[end:]
    assert redacts(text, after) or after == text


@given(TEXT, TEXT)
def test_what_is_accepted_is_made_of_the_old_words_in_their_order(before: str, after: str) -> None:
    if redacts(before, after):
        position = 0
        for piece in after.split(REMOVED):
            found = before.find(piece, position)
            assert found >= position
            position = found + len(piece)


def test_nothing_but_the_mark_leaves_no_words() -> None:
    assert not leaves_words("[removed] … [removed]!")
    assert leaves_words("[removed] é")


@pytest.mark.parametrize(
    "private",
    [
        "01632 960123",
        "07700 900123",
        "+44 7700 900 123",
        "(01632) 960-123",
        "0131.496.0000",
        "ann@example.org",
        "ann.b+c@mail.example.co.uk",
        "@ann_b",
    ],
)
def test_mod_2_what_looks_like_a_number_or_an_address_is_marked(private: str) -> None:
    found = pieces(f"Write to {private}, please.")
    assert [piece.text for piece in found if piece.private] == [private]
    assert "".join(piece.text for piece in found) == f"Write to {private}, please."


@pytest.mark.parametrize("plain", ["In P7 we had 12 of 30.", "It cost 400 and 20,000.", "at 9:30 on 01/02"])
def test_ordinary_numbers_are_not_marked(plain: str) -> None:
    assert not any(piece.private for piece in pieces(plain))


@given(st.text(max_size=200))
def test_marking_never_changes_a_text(text: str) -> None:
    assert "".join(piece.text for piece in pieces(text)) == text
