"""Codes for classes and workshops, and the page that takes every kind of code."""

import time
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from collaborative import codes, limits
from collaborative.engagements.actions import find_join_code, make_join_code
from collaborative.engagements.codes_registry import WRONG_CODE
from collaborative.engagements.models import Engagement, JoinCode
from collaborative.errors import Refused
from collaborative.people.models import User
from tests.changemakers.workshops import workshop
from tests.consultations import making

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def class_code(engagement: Engagement, begins: timedelta = -HOUR, ends: timedelta = HOUR) -> str:
    now = timezone.now()
    return make_join_code(engagement, JoinCode.Kind.CLASS, now + begins, now + ends, None)


def test_kid_2_a_code_opens_inside_its_window_however_it_is_typed() -> None:
    engagement = making.consultation()
    code = class_code(engagement)
    for typed in (code, code.lower(), code.replace("-", " "), f"  {code} "):
        found = find_join_code(typed)
        assert found is not None and found.engagement == engagement


def test_kid_2_no_letters_that_look_alike_and_more_than_a_hundred_million_of_them() -> None:
    assert not set(codes.ALPHABET) & set("01OIL5S8BZ2UV")
    assert len(codes.WORDS) * len(codes.ALPHABET) ** codes.LETTERS > 10**8


def test_kid_2_only_the_hash_is_kept() -> None:
    code = class_code(making.consultation())
    kept = JoinCode.objects.values().get()
    assert code not in str(kept) and codes.normalise(code) not in str(kept)


@pytest.mark.parametrize("begins, ends", [(-2 * HOUR, -HOUR), (HOUR, 2 * HOUR)])
def test_kid_2_outside_the_window_it_opens_nothing(begins: timedelta, ends: timedelta) -> None:
    assert find_join_code(class_code(making.consultation(), begins, ends)) is None


def test_kid_2_a_class_code_ends_when_the_consultation_closes() -> None:
    engagement = making.consultation()
    code = class_code(engagement, ends=200 * 24 * HOUR)
    assert find_join_code(code, engagement.closes_at - HOUR) is not None
    assert find_join_code(code, engagement.closes_at + HOUR) is None


def test_a_code_of_an_unpublished_page_opens_nothing() -> None:
    engagement = making.consultation()
    code = class_code(engagement)
    engagement.page.unpublish()
    assert find_join_code(code) is None


def test_codes_are_made_by_those_who_run_things(moderator: User, facilitator: User) -> None:
    engagement, now = making.consultation(), timezone.now()
    with pytest.raises(PermissionDenied):
        make_join_code(engagement, JoinCode.Kind.CLASS, now, now + HOUR, moderator)
    assert make_join_code(engagement, JoinCode.Kind.CLASS, now, now + HOUR, facilitator)
    with pytest.raises(Refused):
        make_join_code(engagement, JoinCode.Kind.CLASS, now, now, facilitator)


@pytest.mark.parametrize("typed", ["x", "MOSS-4TC9-7W", "'; drop table", "\x00" * 9, "Ж" * 12, "A" * 5000])
def test_kid_2_whatever_is_wrong_the_answer_is_the_same(typed: str, stranger: Client) -> None:
    class_code(making.consultation(), HOUR, 2 * HOUR)
    answer = stranger.post("/join/", {"code": typed})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count(str(WRONG_CODE)) == 2  # beside the field and in the summary
    assert "<title>Error:" in page


def without(page: str, typed: str) -> list[str]:
    """The lines that do not repeat what was typed, nor a token that differs each time."""
    return [line for line in page.splitlines() if typed not in line and "csrf" not in line]


def test_kid_2_a_window_that_has_not_begun_sounds_like_a_wrong_code(stranger: Client) -> None:
    code = class_code(making.consultation(), HOUR, 2 * HOUR)
    early = stranger.post("/join/", {"code": code}).content.decode()
    wrong = stranger.post("/join/", {"code": "FERN-4TC9-7W"}).content.decode()
    assert without(early, code) == without(wrong, "FERN-4TC9-7W")


def test_kid_2_guessing_is_slowed_down(stranger: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr(limits.time, "time", lambda: now)
    answers = [stranger.post("/join/", {"code": "MOSS-4TC9-7W"}).status_code for _ in range(62)]
    assert answers[59] == 422 and answers[-1] == 429


def test_a_workshop_code_leads_to_the_workshop_with_a_line_about_the_day(stranger: Client) -> None:
    engagement = making.consultation()
    now = timezone.now()
    code = make_join_code(engagement, JoinCode.Kind.SESSION, now - HOUR, now + HOUR, None)
    answer = stranger.post("/join/", {"code": code}, follow=True)
    assert answer.redirect_chain[0][0].endswith(f"/{engagement.slug}/")
    assert "On the day" in answer.content.decode()


def test_a_workshop_code_afterwards_leads_to_what_came_of_it(stranger: Client) -> None:
    now = timezone.now()
    page = workshop(starts=now - 2 * HOUR, output="We drew three doors.")
    code = make_join_code(page.engagement, JoinCode.Kind.SESSION, now - HOUR, now + HOUR, None)
    answer = stranger.post("/join/", {"code": code}, follow=True)
    address, html = answer.redirect_chain[0][0], answer.content.decode()
    assert address.endswith("/meeting/#output") and 'id="output"' in html and "We drew three doors." in html
    assert "can be read on this page" in html and "On the day" not in html


def test_the_page_itself_asks_for_a_code(stranger: Client) -> None:
    answer = stranger.get("/join/")
    assert answer.status_code == 200 and 'name="code"' in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_nothing_typed_is_asked_for_and_not_called_unknown() -> None:
    page = Client().post("/join/", {"code": " "}).content.decode()
    assert "Type your code." in page and "do not know" not in page
