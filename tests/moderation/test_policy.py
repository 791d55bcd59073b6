"""Held or shown: every combination of place, setting, age, account and what was noticed (promise 4)."""

import itertools

import pytest
from django.contrib.auth.models import AnonymousUser

from collaborative.contributions.models import Contribution, LedgerEvent, State
from collaborative.engagements.models import Engagement, Moderation
from collaborative.moderation import actions, policy
from collaborative.moderation.models import Check, Flag
from collaborative.moderation.policy import Why, decide
from collaborative.people.models import AgeBand, User
from tests.moderation.giving import engagement, said

GROWN = {"18-25", "26-plus"}
SWITCHED_OFF = User(email="off@example.org", is_active=False)
PEOPLE = {
    "none": None,
    "anonymous": AnonymousUser(),
    "account": User(email="a@example.org"),
    "off": SWITCHED_OFF,
}
EVERY = list(
    itertools.product(
        [True, False], Moderation.values, [*AgeBand.values, "", "unheard-of"], PEOPLE, [(), (Flag.LINK,)]
    )
)


@pytest.mark.parametrize(("young_invited", "setting", "band", "who", "flags"), EVERY)
def test_mod_1_osa_1_only_an_unremarkable_signed_in_adult_is_shown_at_once_and_only_where_that_is_the_setting(
    young_invited: bool, setting: str, band: str, who: str, flags: tuple[Flag, ...]
) -> None:
    where = Engagement(invites_under_18=young_invited, moderation=setting)
    found = decide(where, age_band=band, author=PEOPLE[who], flags=flags)
    adult_at_home = band in GROWN and who == "account" and not flags
    assert found.shown == (not young_invited and setting == "strangers" and adult_at_home)
    assert found.shown == (found.why == Why.AT_ONCE)


def test_osa_1_what_comes_of_the_box_holds_everything() -> None:
    assert not decide(Engagement(), age_band="26-plus", author=User(email="a@example.org")).shown


def test_the_reason_given_is_the_first_rule_that_holds() -> None:
    where = Engagement(invites_under_18=False, moderation=Moderation.STRANGERS)
    adult = User(email="a@example.org")
    assert decide(where, age_band="13-15", author=None).why == Why.YOUNG
    assert decide(where, age_band="26-plus", author=None).why == Why.STRANGER
    assert decide(where, age_band="26-plus", author=adult, flags=[Flag.LINK]).why == Why.NOTICED
    where.moderation = Moderation.EVERYONE
    assert decide(where, age_band="26-plus", author=adult).why == Why.SETTING
    where.invites_under_18 = True
    assert decide(where, age_band="26-plus", author=adult).why == Why.INVITES_YOUNG


def test_saf_4_what_was_noticed_raises_the_priority_and_never_lowers_it() -> None:
    where = Engagement(invites_under_18=True)
    none = decide(where, age_band="13-15", author=None).priority
    for flag in Flag:
        assert decide(where, age_band="13-15", author=None, flags=[flag]).priority >= none
        both = decide(where, age_band="13-15", author=None, flags=[flag, Flag.SAFETY]).priority
        assert both == policy.priority([Flag.SAFETY])


@pytest.mark.django_db
def test_what_stands_at_once_is_recorded_as_read_by_nobody() -> None:
    row = said(where=engagement(moderation=Moderation.STRANGERS))
    actions.shown_at_once(row)
    check = Check.objects.get()
    assert (row.state, row.read_at) == (State.RELEASED, None)
    assert (check.outcome, check.by) == (Check.Outcome.BY_RULE, None)
    assert Contribution.objects.public().get() == row
    assert LedgerEvent.objects.get(verb="contribution.released").data["reason"] == "by-rule"
