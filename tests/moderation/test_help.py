"""Help, the house rules, and telling us that something is wrong."""

import datetime

import pytest
from django.core import mail
from django.test import Client

from collaborative import limits
from collaborative.contributions.models import LedgerEvent
from collaborative.moderation.models import Contact, HouseRule, Report
from collaborative.people.models import User
from tests.moderation.giving import rule

pytestmark = pytest.mark.django_db

SENT = {"about": "site", "message": "My name is shown.", "key": "one-key"}


def contact() -> Contact:
    return Contact.objects.create(
        name="A helpline",
        what_for="To talk",
        how="Ring the number on the poster",
        last_checked=datetime.date(2030, 3, 9),
    )


def test_help_says_what_to_do_now_and_when_each_contact_was_last_checked(stranger: Client) -> None:
    contact()
    content = stranger.get("/help/").content.decode()
    for words in ("call", "999", "A helpline", "Ring the number on the poster", "9 March 2030", 'id="wrong"'):
        assert words in content


def test_help_works_before_anybody_entered_a_contact(stranger: Client) -> None:
    assert "999" in stranger.get("/help/").content.decode()


def test_help_and_the_house_rules_come_out_of_the_page_cache_and_set_no_cookie(
    stranger: Client, django_assert_num_queries: object
) -> None:
    rule()
    for address in ("/help/", "/house-rules/"):
        assert not stranger.get(address).cookies
        with django_assert_num_queries(0):
            assert stranger.get(address).status_code == 200


def test_a_contact_that_changes_is_on_the_page_at_once(stranger: Client) -> None:
    row = contact()
    stranger.get("/help/")
    row.how = "Ring the new number"
    row.save()
    from collaborative import pagecache

    pagecache.epoch.forget()
    assert "Ring the new number" in stranger.get("/help/").content.decode()


def test_kc_6_the_published_house_rules_are_the_ones_that_moderators_choose_from(stranger: Client) -> None:
    rule(1)
    HouseRule.objects.create(number=2, title="No hate", text="Nobody is put down.", kind_reason="Tell us.")
    content = stranger.get("/house-rules/").content.decode()
    for row in HouseRule.objects.all():
        assert row.title in content
        assert row.text in content
        assert row.kind_reason in content


def test_unc_3_anyone_can_tell_us_without_an_account(stranger: Client) -> None:
    response = stranger.post("/help/wrong/", {**SENT, "page": "/model/", "reply_to": "my gran"})
    assert response.url == "/help/wrong/sent/"
    row = Report.objects.get()
    assert (row.about, row.message) == ("site", "My name is shown.")
    assert (row.page, row.reply_to) == ("/model/", "my gran")
    assert "What happens next" in stranger.get(response.url).content.decode()


def test_unc_3_sending_twice_makes_one(stranger: Client) -> None:
    for _turn in range(2):
        assert stranger.post("/help/wrong/", SENT).status_code == 302
    assert Report.objects.count() == 1
    assert LedgerEvent.objects.filter(verb="report.received").count() == 1


def test_unc_3_nothing_typed_is_lost_when_something_is_missing(stranger: Client) -> None:
    content = stranger.post("/help/wrong/", {"message": "My own words", "key": "k"}).content.decode()
    assert "My own words" in content
    assert 'value="k"' in content
    assert content.count("Choose what it is about.") == 2
    assert "<title>Error:" in content
    assert not Report.objects.exists()


def test_saf_2_what_is_about_safety_is_told_to_the_safeguarding_role_without_a_word_of_it(
    stranger: Client, safeguarding_lead: User, moderator: User
) -> None:
    stranger.post("/help/wrong/", {**SENT, "about": "safety", "message": "Canary"})
    assert [message.to for message in mail.outbox] == [[safeguarding_lead.email]]
    assert "Canary" not in mail.outbox[0].body


def test_too_many_at_once_are_asked_to_wait_and_keep_what_they_wrote(
    stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = limits.Bucket(1, 1)
    monkeypatch.setitem(limits.LIMITS, "wrong", limits.Limit(each=one, network=one, school=one))
    stranger.post("/help/wrong/", SENT)
    response = stranger.post("/help/wrong/", {**SENT, "message": "The second", "key": "another"})
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert "The second" in response.content.decode()


def test_the_form_is_never_kept_by_a_cache(stranger: Client) -> None:
    for _turn in range(2):  # the second time the visitor has a cookie for the token already
        assert "no-store" in stranger.get("/help/wrong/")["Cache-Control"]


def test_the_form_is_guarded_against_other_sites() -> None:
    assert Client(enforce_csrf_checks=True).post("/help/wrong/", SENT).status_code == 403


@pytest.mark.parametrize("address", ["/help/", "/help/wrong/", "/help/wrong/sent/", "/house-rules/"])
def test_each_page_has_one_heading_of_the_first_order(stranger: Client, address: str) -> None:
    assert stranger.get(address).content.decode().count("<h1") == 1
