import pytest

from collaborative.figures.reconcile import NotReconciled, Part, reconcile, require_reconciled

REASONS = [Part("duplicates", 6), Part("blank", 3), Part("test", 2)]


def test_ana_2_received_is_analysed_and_left_out_by_reason():
    assert reconcile(177, [Part("analysed", 166), Part("left out", 11, REASONS)]) == []


def test_ana_2_a_total_that_does_not_add_up_says_where_and_by_how_much():
    (found,) = reconcile(180, [Part("analysed", 166), Part("left out", 11, REASONS)], "received")
    assert str(found) == (
        "received: the total is 180, but analysed 166 + left out 11 = 177 (3 missing from the parts)."
    )


def test_ana_2_a_disagreement_deep_inside_is_found_too():
    (found,) = reconcile(
        178, [Part("analysed", 166), Part("left out", 12, [*REASONS, Part("late", 2)])], "received"
    )
    assert found.where == ("received", "left out")
    assert (found.total, found.sum) == (12, 13)
    assert str(found).endswith("(1 too many in the parts).")


def test_parts_below_zero_disagree_even_when_the_sum_is_right():
    (found,) = reconcile(10, [Part("analysed", 12), Part("gone", -2)])
    assert "below zero" in str(found)


def test_ana_2_publication_is_refused_with_every_disagreement_at_once():
    with pytest.raises(NotReconciled) as caught:
        require_reconciled(9, [Part("a", 3, [Part("x", 1)]), Part("b", 5)])
    assert [one.where for one in caught.value.disagreements] == [("total",), ("total", "a")]
    assert str(caught.value).count("\n") == 1


def test_what_agrees_passes():
    require_reconciled(0, [])
    require_reconciled(5, [Part("a", 5)])
