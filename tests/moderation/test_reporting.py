"""A report on everything that a person wrote: without account or script, telling nothing to whoever asks."""

import re
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from collaborative.contributions.models import Contribution, State
from collaborative.moderation import actions
from collaborative.moderation.models import Flag, Report
from collaborative.people.models import User
from tests.moderation.giving import said

pytestmark = pytest.mark.django_db
CANARY = "zqwlmcanary"


def public(by: User, words: str = CANARY) -> Contribution:
    row = said(words)
    actions.release(row, by=by)
    return row


def open_form(browser: Client, reference: str) -> str:
    return browser.get("/help/wrong/", {"about": reference}).content.decode()


def send(browser: Client, row: Contribution, about: str = "words", key: str = "one") -> Any:
    sent = {"key": key, "what": row.reference, "about": about, "message": "This is about me."}
    return browser.post("/help/wrong/", sent)


def test_saf_3_the_form_shows_what_it_is_about_and_the_report_keeps_it(
    stranger: Client, moderator: User
) -> None:
    row = public(moderator)
    shown = open_form(stranger, row.reference)
    assert CANARY in shown and "goes against the house rules" in shown
    assert send(stranger, row)["Location"].startswith("/help/wrong/sent/")
    assert (Report.objects.get().contribution, Report.objects.get().about) == (row, "words")


def test_without_words_the_form_does_not_ask_whether_it_is_about_words(stranger: Client) -> None:
    assert "goes against the house rules" not in stranger.get("/help/wrong/").content.decode()


@pytest.mark.parametrize("state", ["held", "refused", "escalated", "withdrawn"])
def test_what_is_not_public_looks_like_what_was_never_there(
    state: str, stranger: Client, moderator: User
) -> None:
    row = said(CANARY)
    Contribution.objects.filter(pk=row.pk).update(state=state)

    def page(reference: str) -> str:
        html = open_form(stranger, reference).replace(reference, "C-X")
        return re.sub(r'name="(key|csrfmiddlewaretoken)" value="[^"]+"', "", html)

    assert CANARY not in page(row.reference)
    assert page(row.reference) == page("C-7KQ4M3XXXX")
    assert send(stranger, row).status_code == 302


@pytest.mark.parametrize("junk", ["", "x" * 500, "<script>alert(1)</script>", "\x00", "C-'; drop"])
def test_no_junk_in_the_address_breaks_it(junk: str, stranger: Client) -> None:
    answer = stranger.get("/help/wrong/", {"about": junk})
    assert answer.status_code == 200 and b"<script>alert" not in answer.content
    sent = {"what": junk, "about": "site", "message": "x", "key": "k"}
    assert stranger.post("/help/wrong/", sent).status_code in {200, 302}


def test_saf_4_a_report_lifts_it_in_the_queue_and_hides_nothing(stranger: Client, moderator: User) -> None:
    shown, first, second = public(moderator), said("First"), said("Second")
    for key, row in enumerate((shown, second)):
        send(stranger, row, key=str(key))
    assert list(Contribution.objects.held()) == [second, first]
    assert second.flags.get().flag == Flag.REPORTED
    assert Contribution.objects.public().get() == shown and shown.state == State.RELEASED


def test_saf_2_a_report_about_safety_is_told_at_once_without_a_word(
    stranger: Client, moderator: User, safeguarding_lead: User
) -> None:
    send(stranger, public(moderator), about="safety")
    (message,) = mail.outbox
    assert message.to == [safeguarding_lead.email]
    assert CANARY not in message.body and "This is about me" not in message.body


CAST = ["moderator", "administrator", "safeguarding_lead", "analyst", "editor"]
# What stands on the report's page for each role: the words where they are public or it may check them.
TABLE = {
    ("released", "words"): {"moderator": "WD", "administrator": "W"},
    ("held", "words"): {"moderator": "WD", "administrator": ""},
    ("escalated", "words"): {"moderator": "", "administrator": ""},
    # What is about safety is read on its case alone (tests/moderation/test_case_screens.py).
    ("released", "safety"): {},
    ("held", "safety"): {},
    ("escalated", "safety"): {},
}


@pytest.mark.parametrize("cast", CAST)
@pytest.mark.parametrize(("state", "about"), TABLE)
def test_saf_2_each_reads_on_a_report_what_they_may_read_anyway(
    cast: str,
    state: str,
    about: str,
    moderator: User,
    stranger: Client,
    client_for: Any,
    request: pytest.FixtureRequest,
) -> None:
    row = said(CANARY)
    if state == "released":
        actions.release(row, by=moderator)
    elif state == "escalated":
        actions.escalate(row, by=moderator)
    send(stranger, row, about=about)
    answer = client_for(request.getfixturevalue(cast)).get(
        reverse("moderation_report", args=[Report.objects.get().pk])
    )
    allowed = TABLE[state, about].get(cast)
    if allowed is None:
        assert answer.status_code in {302, 403}
        return
    html = answer.content.decode()
    found = "W" * (CANARY in html) + "D" * ("Look at it and decide" in html) + "C" * ("Open its case" in html)
    assert found == allowed


def test_the_list_of_reports_costs_the_same_however_many_are_about_words(
    moderator: User, stranger: Client, client_for: Any
) -> None:
    browser = client_for(moderator)
    counts = []
    for turn in range(2):
        for n in range(4):
            send(stranger, public(moderator, f"Words {turn}.{n}"), key=f"{turn}.{n}")
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(reverse("moderation_reports")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
