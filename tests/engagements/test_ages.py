"""Who may take part, by age, and the pause when nobody looks after safety any more (AGE-1, SAF-1)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from collaborative import env
from collaborative.contributions.actions import About, Given, NotPossible, receive
from collaborative.contributions.models import Channel, Draft, Receipt
from collaborative.engagements.ages import Stop, stop
from collaborative.engagements.models import Engagement
from collaborative.people.models import AgeBand, User
from collaborative.people.roles import Role
from tests.consultations import making
from tests.consultations.making import Respondent

pytestmark = pytest.mark.django_db
KNOWN_YOUNG = ["under-12", "12", "13-15", "16-17"]


def stops(engagement: Engagement, *, led_by_adult: bool = False) -> dict[str, str | None]:
    return {band: stop(engagement, band, led_by_adult=led_by_adult) for band in AgeBand.values}


def test_age_1_thirteen_and_over_alone_and_younger_with_an_adult() -> None:
    engagement = making.consultation()
    alone = stops(engagement)
    assert {band for band, why in alone.items() if why == Stop.ADULT} == {"under-12", "12"}
    assert {band for band, why in alone.items() if why is None} == set(AgeBand.values) - {"under-12", "12"}
    assert set(stops(engagement, led_by_adult=True).values()) == {None}


def test_age_1_the_ages_are_settings(settings: Any) -> None:
    engagement = making.consultation()
    settings.ALONE_FROM, settings.WITH_ADULT_FROM = 16, 12
    assert stops(engagement) | {"under-12": Stop.TOO_YOUNG, "12": Stop.ADULT, "13-15": Stop.ADULT} == stops(
        engagement
    )
    in_class = stops(engagement, led_by_adult=True)
    assert {band for band, why in in_class.items() if why} == {"under-12"}


@pytest.mark.parametrize("value", ["12", "0", "14"])
def test_age_1_the_floor_stops_the_start(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALONE_FROM", value)
    with pytest.raises(ImproperlyConfigured, match="UK law"):
        env.one_of("ALONE_FROM", (13, 16, 18), "below 13 UK law wants a parent's consent.")


def test_saf_1_nobody_we_know_to_be_under_18_where_they_are_not_invited() -> None:
    engagement = making.consultation(invites_under_18=False)
    found = stops(engagement, led_by_adult=True)
    assert {band for band, why in found.items() if why == Stop.GROWN_UPS} == set(KNOWN_YOUNG)


# The pause --------------------------------------------------------------------------------------


def close_account(person: User) -> None:
    person.is_active = False
    person.save()


def take_role(person: User) -> None:
    person.groups.filter(name=Role.SAFEGUARDING.value).delete()


def leave_group(person: User) -> None:
    person.groups.clear()


def delete(person: User) -> None:
    person.delete()


WAYS = [close_account, leave_group, take_role, delete]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("role", ["safeguarding_lead", "safeguarding_deputy"])
def test_saf_1_without_lead_or_deputy_people_under_18_wait_and_others_go_on(
    role: str, way: Callable[[User], None]
) -> None:
    engagement = making.consultation()
    way(getattr(engagement, role))
    found = stops(Engagement.objects.get(), led_by_adult=True)
    assert {band for band, why in found.items() if why == Stop.PAUSED} == set(KNOWN_YOUNG)
    assert found["26-plus"] is None


@pytest.mark.parametrize(
    "gap", [{"cover_times": {}}, {"lundy_audience": " "}, {"lundy_influence": ""}, {"lundy_space": ""}]
)
def test_saf_1_lun_1_a_gap_that_comes_later_pauses_too(gap: dict[str, Any]) -> None:
    engagement = making.consultation()
    Engagement.objects.update(**gap)
    assert not engagement.pauses_under_18()
    assert Engagement.objects.get().pauses_under_18()


def test_saf_1_naming_somebody_else_opens_it_again() -> None:
    engagement = making.consultation()
    close_account(engagement.safeguarding_lead)
    page = engagement.page.consultationpage
    page.safeguarding_lead = making.protector("Successor")
    page.save_revision().publish()
    assert not Engagement.objects.get().pauses_under_18()


def test_saf_1_asking_costs_one_query_and_none_for_adults(django_assert_num_queries: Callable) -> None:
    making.consultation()
    engagement = Engagement.objects.get()
    with django_assert_num_queries(1):
        stop(engagement, "13-15", led_by_adult=False)
    with django_assert_num_queries(0):
        stop(engagement, "26-plus", led_by_adult=False)


# Every door by which words come in ---------------------------------------------------------------


def give(engagement: Engagement, band: str, channel: str = Channel.WEB) -> Receipt:
    about = About(
        age_band=band,
        respondent_kind="individual",
        permission="anonymous",
        recontact=False,
        group=making.group("young-people"),
        channel=channel,
    )
    given = [Given(prompt_key="feel", prompt="How?", text="Words")]
    return receive(engagement, about, given, code=f"{band} {channel}")[0]


@pytest.mark.parametrize("band", KNOWN_YOUNG)
def test_saf_1_no_words_of_anyone_under_18_are_stored_during_a_pause(band: str) -> None:
    engagement = making.consultation()
    close_account(engagement.safeguarding_lead)
    with pytest.raises(NotPossible, match="this age"):
        give(Engagement.objects.get(), band, Channel.CLASS)
    assert not Receipt.objects.exists()


def test_age_1_no_words_of_a_child_alone_are_stored_whatever_the_form_let_through() -> None:
    engagement = making.consultation()
    for band in ("under-12", "12"):
        with pytest.raises(NotPossible):
            give(engagement, band)
        assert give(engagement, band, Channel.CLASS)


def sent(respondent: Respondent) -> str:
    respondent.fill(age="13-15")
    return respondent.send().content.decode()


def test_saf_1_somebody_half_way_reads_a_kind_word_and_loses_nothing(stranger: Client) -> None:
    engagement = making.consultation()
    respondent = Respondent(engagement, stranger)
    respondent.fill(age="13-15")
    close_account(engagement.safeguarding_lead)
    after = respondent.client.post(respondent.address("q-feel"), {"text": "More words"}, follow=True)
    for page in (after.content.decode(), respondent.get("q-feel").content.decode(), sent(respondent)):
        assert "Please come back soon" in page
        assert "What you wrote is kept." in page
        assert "Lead" not in page
    assert not Receipt.objects.exists()
    draft = Draft.objects.get()
    assert draft.answers["age"] == "13-15"
    assert draft.answers["q-feel"]["text"]
    User.objects.filter(pk=engagement.safeguarding_lead_id).update(is_active=True)
    respondent.send()
    assert Receipt.objects.get().age_band == "13-15"


def test_saf_1_an_adult_half_way_notices_nothing(stranger: Client) -> None:
    engagement = making.consultation()
    respondent = Respondent(engagement, stranger)
    respondent.fill()
    close_account(engagement.safeguarding_lead)
    respondent.send()
    assert Receipt.objects.count() == 1


def test_saf_1_choosing_an_age_during_a_pause_keeps_nothing(stranger: Client) -> None:
    engagement = making.consultation()
    close_account(engagement.safeguarding_deputy)
    page = Respondent(engagement, stranger).post("age", age="16-17").content.decode()
    assert "Please come back soon" in page
    assert "We have kept nothing that you told us." in page
    assert not Draft.objects.exists()


def test_saf_1_people_under_18_are_kindly_told_that_it_is_for_adults(stranger: Client) -> None:
    engagement = making.consultation(invites_under_18=False)
    page = Respondent(engagement, stranger).post("age", age="13-15").content.decode()
    assert "This one is for people who are 18 or over" in page
    assert 'href="/help/"' in page
    assert not Draft.objects.exists()


def test_age_1_the_page_names_the_age_of_the_setting(stranger: Client, settings: Any) -> None:
    settings.ALONE_FROM = 16
    page = Respondent(making.consultation(), stranger).post("age", age="13-15").content.decode()
    assert "If you are 15 or under" in page


def test_kc_3_whoever_would_rather_not_say_their_age_may_take_part(stranger: Client) -> None:
    respondent = Respondent(making.consultation(invites_under_18=False), stranger)
    respondent.fill(age="not-said")
    respondent.send()
    assert Receipt.objects.get().age_band == "not-said"


def test_saf_1_the_page_says_to_visitors_that_people_under_18_wait(stranger: Client) -> None:
    engagement = making.consultation()
    assert "come back soon" not in stranger.get("/consultations/starting/").content.decode()
    close_account(engagement.safeguarding_lead)
    from collaborative import pagecache

    pagecache.shelf.clear()
    page = stranger.get("/consultations/starting/").content.decode()
    assert "People under 18 cannot take part here just now" in page
    assert "come back soon" in page
