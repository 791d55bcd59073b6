"""`Contribution.objects.public()` is the only door to any page, and it is shut unless everything is right."""

from itertools import product

import pytest

from collaborative.contributions.actions import change_permission, erase, exclude, withdraw
from collaborative.contributions.models import Contribution, Exclusion, Permission, Receipt, State
from tests.moderation.giving import said

pytestmark = pytest.mark.django_db

EVERYTHING = list(product(State.values, Permission.values, [True, False], ["", *Exclusion.values]))


def test_rif_2_only_released_permitted_published_and_counted_words_are_public() -> None:
    """Every combination there is; one row goes through all of them."""
    row = said("Canary")
    for state, permission, live, exclusion in EVERYTHING:
        Contribution.objects.filter(pk=row.pk).update(state=state, permission=permission)
        Receipt.objects.filter(pk=row.receipt_id).update(exclusion=exclusion)
        row.engagement.page.__class__.objects.filter(pk=row.engagement.page_id).update(live=live)
        right = state == "released" and permission in {"named", "anonymous"} and live and exclusion == ""
        seen = [one.public_text for one in Contribution.objects.public()]
        assert seen == (["Canary"] if right else []), (state, permission, live, exclusion)


def test_the_table_covers_every_state_permission_and_exclusion() -> None:
    assert len(EVERYTHING) == 6 * 3 * 2 * 4


def test_what_was_just_given_is_not_public() -> None:
    said("Canary")
    assert not Contribution.objects.public().exists()


def released(text: str = "Canary") -> Contribution:
    row = said(text)
    Contribution.objects.filter(pk=row.pk).update(state=State.RELEASED)
    row.refresh_from_db()
    return row


def test_gdp_2_words_that_are_taken_back_are_gone_from_the_door() -> None:
    row = released()
    withdraw(row.receipt)
    assert not Contribution.objects.public().exists()


def test_rif_2_a_permission_counts_from_the_moment_it_changes() -> None:
    row = released()
    change_permission(row.receipt, Permission.NOT_PUBLISHED)
    assert not Contribution.objects.public().exists()
    change_permission(row.receipt, Permission.ANONYMOUS)
    assert Contribution.objects.public().count() == 1


def test_a_response_that_is_left_out_is_not_public() -> None:
    row = released()
    exclude(row.receipt, Exclusion.DUPLICATE, by=None)
    assert not Contribution.objects.public().exists()


def test_erased_words_are_not_public_even_if_somebody_set_the_state_back() -> None:
    row = released()
    erase(row)
    Contribution.objects.filter(pk=row.pk).update(state=State.RELEASED)
    assert not Contribution.objects.public().exists()


def test_erasure_destroys_text_and_key_and_nothing_else() -> None:
    row = released("My own words")
    before = row.wordings.values().get()
    erase(row)
    after = row.wordings.values().get()
    assert (after.pop("text"), after.pop("key")) == ("", "")
    assert before.pop("text") == "My own words"
    assert before.pop("key")
    assert after == before


def test_rif_3_words_that_may_not_be_published_are_analysed_all_the_same() -> None:
    row = said("Canary", permission="not-published")
    Contribution.objects.filter(pk=row.pk).update(state=State.RELEASED)
    assert Contribution.objects.analysable().get() == row
    assert not Contribution.objects.public().exists()
