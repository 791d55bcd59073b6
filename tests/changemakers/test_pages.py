"""What the pages of workshops show, and what they do not."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from collaborative import pagecache
from collaborative.changemakers.clock import When, agenda, clock
from collaborative.changemakers.listing import attended
from collaborative.people.models import User
from tests.changemakers.workshops import draft, publish, someone, workshop
from tests.outcomes import deciding

LONDON = ZoneInfo("Europe/London")
OVER = timedelta(days=-20)


def read(client: Client, slug: str = "meeting") -> str:
    pagecache.epoch.forget()  # as a second later: what a test does is never committed
    response = client.get(f"/changemakers/{slug}/")
    assert response.status_code == 200
    return response.content.decode()


def test_times_are_said_as_people_say_them() -> None:
    assert clock(datetime(2026, 7, 1, 16, 0, tzinfo=LONDON)) == "4pm"
    assert clock(datetime(2026, 7, 1, 0, 5, tzinfo=LONDON)) == "12:05am"
    assert clock(datetime(2026, 7, 1, 12, 30, tzinfo=LONDON)) == "12:30pm"
    summer = When(datetime(2026, 7, 1, 10, tzinfo=LONDON), datetime(2026, 7, 1, 11, 30, tzinfo=LONDON))
    assert str(summer) == "Wednesday 1 July 2026, 10am to 11:30am, UK time (BST)"
    winter = When(datetime(2026, 12, 1, 22, tzinfo=LONDON), datetime(2026, 12, 2, 1, tzinfo=LONDON))
    assert str(winter) == "Tuesday 1 December 2026, 10pm to 1am on Wednesday 2 December 2026, UK time (GMT)"


def test_parts_follow_one_another_through_a_change_of_clocks() -> None:
    start = datetime(2026, 3, 29, 0, 30, tzinfo=LONDON)
    assert agenda(start, [20, 30, 10]) == ["12:30am", "12:50am", "2:20am"]


@pytest.mark.django_db
def test_the_page_says_when_where_who_and_what_can_change(stranger: Client) -> None:
    starts = timezone.localtime(timezone.now() + timedelta(days=40)).replace(hour=10, minute=0)
    workshop(
        starts=starts,
        online=True,
        access_support="A hearing loop.",
        expenses="Ferry is paid.",
        facilitator=someone("Femi"),
    )
    text = read(stranger)
    for words in (
        *("10am to 11am, UK time", "Village hall, and online", "Anyone", "A hearing loop.", "Ferry is paid."),
        *("<li>the day</li>", "<li>the money</li>", "The board decides by 1 January 2100", "Femi", "10:30am"),
    ):
        assert words in text, words
    assert "femi@example.org" not in text


@pytest.mark.django_db
def test_a_past_workshop_shows_what_came_of_it_and_who_answered(stranger: Client) -> None:
    page = workshop(starts=timezone.now() + OVER, output="Three proposals.", decides_by=date(2000, 1, 1))
    assert "It is late, and we are sorry." in read(stranger)
    decision = deciding.draft(answers=[deciding.answer(deciding.theme())], engagements=[page.engagement])
    assert "Should we do number 1?" not in read(stranger), "a draft is nobody's business"
    decision.save_revision().publish()
    text = read(stranger)
    assert "Three proposals." in text and "Should we do number 1?" in text
    assert "It is late" not in text


@pytest.mark.django_db
def test_sdc_1_a_small_attendance_is_not_shown(stranger: Client) -> None:
    page = draft(starts=timezone.now() + OVER, attended=4)
    assert attended(page) is None
    page.attended = 5
    assert attended(page) == 5
    page.invites_under_18 = True
    assert attended(page) is None
    page.attended = 10
    assert attended(page) == 10


@pytest.mark.django_db
def test_the_list_parts_now_coming_and_past(stranger: Client, django_assert_max_num_queries) -> None:
    now = timezone.now()
    for slug, starts in (("old", OVER), ("running", timedelta(minutes=-5)), ("next", timedelta(days=3))):
        workshop(slug, now + starts)
    draft("secret", now + timedelta(days=4))
    with django_assert_max_num_queries(14):
        text = stranger.get("/changemakers/").content.decode()
    order = [
        text.index(words) for words in ("Live now", "Running", "Coming", "Next", "Past workshops", "Old")
    ]
    assert order == sorted(order)
    assert "Secret" not in text


@pytest.mark.django_db
def test_the_list_costs_the_same_with_many(stranger: Client, django_assert_max_num_queries) -> None:
    for number in range(6):
        workshop(f"coming-{number}", timezone.now() + timedelta(days=number + 1))
    with django_assert_max_num_queries(14):
        stranger.get("/changemakers/")


@pytest.mark.django_db
def test_a_preview_shows_the_draft(client_for, editor: User) -> None:
    page = publish(draft())
    page.title = "Another name"
    page.save_revision()
    response = client_for(editor).get(f"/admin/pages/{page.pk}/view_draft/")
    assert "Another name" in response.content.decode()
