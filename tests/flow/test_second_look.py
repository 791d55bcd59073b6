"""Asking on the receipt page for a second person to look: with the code, or signed in, and once."""

import re
from typing import Any

import pytest
from django.test import Client

from collaborative import limits
from collaborative.contributions.models import Contribution
from collaborative.moderation import actions as moderation
from collaborative.moderation.models import Appeal
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.cast import person
from tests.flow.test_receipt import given, open_code, page, plain
from tests.moderation.giving import rule
from tests.outcomes import deciding

pytestmark = pytest.mark.django_db
ASK = "Ask a second person to look"


@pytest.fixture
def where(db: None) -> Any:
    return deciding.engagement("fair-tastes")


@pytest.fixture
def other(db: None) -> User:
    return person("Max", Role.MODERATORS)


def refused(where: Any, by: User, **about: Any) -> tuple[str, Contribution]:
    code, row = given(where, **about)
    # What the world's helper released is looked at again and refused.
    moderation.refuse(row, rule(), by=by, seen=row.state)
    return code, row


def ask(code: str, row: Contribution, client: Client | None = None) -> Any:
    browser = client or Client()
    return browser.post("/receipt/second-look/", {"code": code, "reference": row.reference}, follow=True)


def test_kc_6_a_refusal_names_its_rule_and_a_second_person_can_be_asked_once(
    where: Any, moderator: User, other: User
) -> None:
    code, row = refused(where, moderator)
    before = page(code)
    assert rule().kind_reason in before and "house rule 1" in before and ASK in before
    answer = plain(ask(code, row).content.decode())
    assert "A second person will look at it." in answer and ASK not in answer
    assert "You asked for a second person to look." in page(code)
    ask(code, row)
    assert Appeal.objects.count() == 1
    moderation.uphold(row, by=other)
    after = page(code)
    assert "They came to the same answer as the first." in after and ASK not in after
    assert "It cannot be asked again." in plain(ask(code, row).content.decode())


def test_kc_6_when_it_was_decided_anew_the_page_says_so(where: Any, moderator: User, other: User) -> None:
    code, row = refused(where, moderator)
    ask(code, row)
    moderation.release(row, by=other, seen="refused")
    assert "They decided it differently from the first." in page(code)


def test_kc_6_words_taken_out_can_be_looked_at_again(where: Any, moderator: User) -> None:
    code, row = given(where, "Ask Dan in P7.")
    moderation.release_redacted(row, "Ask [removed] in P7.", "A name.", by=moderator, seen=row.state)
    assert "We took some words out" in page(code) and ASK in page(code)
    ask(code, row)
    assert Appeal.objects.get().contribution == row


def test_what_was_released_as_it_stood_has_no_button(where: Any) -> None:
    code, _row = given(where)
    assert ASK not in page(code)


@pytest.mark.parametrize("band", ["13-15", "26-plus"])
def test_saf_2_once_passed_to_safeguarding_it_looks_like_any_that_waits(
    band: str, where: Any, moderator: User, other: User
) -> None:
    code, row = refused(where, moderator, age_band=band)
    ask(code, row)
    moderation.escalate(row, by=other)
    shown = page(code)
    for word in ("second person", "house rule", "do not show it", rule().kind_reason):
        assert word not in shown
    assert "A person reads this next." in shown


def test_a_code_asks_only_for_what_was_said_under_it(where: Any, moderator: User) -> None:
    code, _mine = refused(where, moderator)
    _other_code, theirs = refused(where, moderator)
    assert ask(code, theirs).status_code == 422
    assert ask("MOSS-0000-00", theirs).status_code == 422
    assert ask("", theirs).status_code == 422
    assert not Appeal.objects.exists()


def test_an_account_reads_and_asks_without_a_code(
    where: Any, moderator: User, signed_in_person: User, client_for: Any, editor: User
) -> None:
    _code, row = refused(where, moderator)
    Contribution.objects.filter(pk=row.pk).update(author=signed_in_person)
    browser = client_for(signed_in_person)
    shown = plain(browser.get("/receipt/mine/").content.decode())
    assert rule().kind_reason in shown and ASK in shown
    assert ask("", row, client_for(editor)).status_code == 422
    assert "A second person will look" in plain(ask("", row, browser).content.decode())
    assert Appeal.objects.get().contribution == row
    theirs = plain(client_for(editor).get("/receipt/mine/").content.decode())
    assert "You have not said anything while you were signed in." in theirs


def test_a_stranger_is_asked_to_sign_in_for_what_is_kept_by_account(stranger: Client) -> None:
    assert "/accounts/login/" in stranger.get("/receipt/mine/")["Location"]


def test_asking_is_limited(where: Any, moderator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    few = limits.Bucket(1, 1)
    monkeypatch.setitem(limits.LIMITS, "appeal", limits.Limit(each=few, network=few, school=few))
    code, row = refused(where, moderator)
    browser = Client()
    ask(code, row, browser)
    assert ask(code, row, browser).status_code == 429


def test_the_form_carries_a_token_and_nothing_of_the_words(where: Any, moderator: User) -> None:
    code, _row = refused(where, moderator)
    html = open_code(code).content.decode()
    form = re.search(r'<form method="post" action="/receipt/second-look/".*?</form>', html, re.S)
    assert form and "csrfmiddlewaretoken" in form[0] and "I would rather be asked" not in form[0]
    assert Client(enforce_csrf_checks=True).post("/receipt/second-look/", {"code": code}).status_code == 403
