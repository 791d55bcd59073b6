"""What people see: how many places are left, the form, and the private page of their place."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from collaborative import limits, pagecache
from collaborative.changemakers.models import SessionPage
from collaborative.changemakers.seats import keys
from collaborative.changemakers.seats.models import AccessNeed, Registration
from collaborative.engagements.models import Engagement
from tests.changemakers.seats import seating

pytestmark = pytest.mark.django_db
REGISTER = "/changemakers/meeting/register/"


def text(client: Client, address: str = "/changemakers/meeting/") -> str:
    pagecache.epoch.forget()  # as a second later: what a test does is never committed
    return client.get(address).content.decode()


def typed(**fields: str) -> dict[str, str]:
    whole = {"key": "k", "name": "Ann", "email": "ann@example.org", "age_band": "26-plus", "group": "none"}
    return whole | fields


def own(row: Registration) -> str:
    return f"/changemakers/meeting/place/{keys.token_of(row)}/"


def test_the_page_says_how_many_places_are_left_and_never_who(
    stranger: Client, django_assert_max_num_queries: Any
) -> None:
    page = seating.with_places(2)
    assert "2 places left" in text(stranger) and "Register" in text(stranger)
    seating.someone(page, "Zebedee")
    found = text(stranger)
    assert "1 place left" in found
    for private in ("Zebedee", "zebedee@example.org", "Room 2", "talk.example"):
        assert private not in found
    seating.someone(page, "Bea")
    assert "It is full. You can join the waiting list." in text(stranger)
    pagecache.shelf.clear()
    with django_assert_max_num_queries(26):
        text(stranger)


def test_the_page_says_for_whom_places_are_kept_and_not_how_many_came_of_whom(stranger: Client) -> None:
    page = seating.with_places(3, group_seats=seating.kept(young=1, parents=1))
    assert "3 places left" in text(stranger) and "Some are kept for: Parents, Young." in text(stranger)
    seating.someone(page, "Ann")
    assert "They are kept for: Parents, Young. Everybody else can join the waiting list." in text(stranger)
    seating.someone(page, "Bea", group=seating.group("young"))
    assert "They are kept for: Parents." in text(stranger)


def test_the_page_says_when_registration_opens_and_that_it_has_closed(stranger: Client) -> None:
    page = seating.with_places(2, registration_from=timezone.now() + timedelta(days=1))
    assert "You can register from" in text(stranger)
    assert stranger.get(REGISTER).status_code == 302
    page = SessionPage.objects.get(pk=page.pk)
    page.registration_from, page.registration_until = None, timezone.now() - timedelta(minutes=1)
    page.save_revision().publish()
    assert "Registration has closed." in text(stranger)
    assert stranger.post(REGISTER, typed()).status_code == 302 and not Registration.objects.exists()


def test_somebody_registers_without_an_account(stranger: Client) -> None:
    seating.with_places(1)
    response = stranger.post(REGISTER, typed(needs="A ramp."))
    assert response.status_code == 302 and response["Location"] == f"{REGISTER}sent/"
    row = Registration.objects.get()
    assert (row.name, row.is_seated, row.group, row.account) == ("Ann", True, None, None)
    assert row.access_need.text == "A ramp."


def test_whether_an_address_is_registered_is_not_told(stranger: Client) -> None:
    page = seating.with_places(2)
    seating.someone(page, "Ann")
    answers = [
        stranger.post(REGISTER, typed(key=key, email=email), follow=True)
        for key, email in (("a", "ann@example.org"), ("b", "new@example.org"))
    ]
    assert answers[0].redirect_chain == answers[1].redirect_chain
    assert answers[0].content == answers[1].content


def test_somebody_who_signed_in_types_less(client_for: Any, signed_in_person: Any) -> None:
    seating.with_places(1)
    client = client_for(signed_in_person)
    assert 'value="pat@example.org"' in client.get(REGISTER).content.decode()
    client.post(REGISTER, typed(email="pat@example.org"))
    assert Registration.objects.get().account == signed_in_person


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Write what we should call you."),
        ({"email": "ann"}, "such as name@example.org"),
        ({"email": ""}, "Write an e-mail address."),
        ({"age_band": ""}, "Choose your age."),
        ({"age_band": "13-15"}, "for people who are 18 or over"),
        ({"age_band": "not-said"}, "an adult who comes along registers"),
        ({"group": "martians"}, "Choose from the groups"),
        ({"needs": "x" * 1001}, "Please make this shorter."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    stranger: Client, wrong: dict[str, str], said: str
) -> None:
    seating.with_places(1)
    response = stranger.post(REGISTER, typed(**{"needs": "Kept words.", **wrong}))
    found = response.content.decode()
    assert response.status_code == 422 and said in found and "Error:" in found
    (name,) = ["by_adult"] if wrong == {"age_band": "not-said"} else wrong
    assert f'id="{name}-error"' in found and f'href="#{name}"' in found
    assert name == "needs" or "Kept words." in found
    assert not Registration.objects.exists()


def test_a_page_that_was_open_too_long_keeps_what_was_typed() -> None:
    seating.with_places(1)
    response = Client(enforce_csrf_checks=True).post(REGISTER, typed(needs="Kept words."))
    assert response.status_code == 403 and "Kept words." in response.content.decode()
    assert not Registration.objects.exists()


def test_a_flood_is_slowed_and_keeps_what_was_typed(stranger: Client, monkeypatch: Any) -> None:
    page = seating.with_places(100)
    most = limits.LIMITS["register"].network.capacity
    for number in range(most):
        assert (
            stranger.post(REGISTER, typed(key=str(number), email=f"a{number}@example.org")).status_code == 302
        )
    response = stranger.post(REGISTER, typed(key="x", email="one-more@example.org", needs="Kept words."))
    assert response.status_code == 429 and int(response["Retry-After"]) > 0
    assert "Kept words." in response.content.decode()
    assert Registration.objects.of(page.engagement).count() == most


def test_one_address_is_not_written_to_all_day(stranger: Client) -> None:
    seating.with_places(3)
    codes = [stranger.post(REGISTER, typed(key=str(n))).status_code for n in range(7)]
    assert codes == [302] * 6 + [429]


def test_a_workshop_that_nobody_may_see_takes_nobody(stranger: Client) -> None:
    page = seating.with_places(1)
    SessionPage.objects.get(pk=page.pk).unpublish()
    assert stranger.get(REGISTER).status_code == 404
    assert stranger.post(REGISTER, typed()).status_code == 404
    assert stranger.get("/changemakers/nothing/register/").status_code == 404


def test_the_private_page_shows_the_room_to_who_has_a_place_and_not_to_who_waits(stranger: Client) -> None:
    page = seating.with_places(1)
    row, waits = seating.someone(page, "Ann"), seating.someone(page, "Bea")
    response = stranger.get(own(row))
    found = response.content.decode()
    assert "You have a place" in found and "Room 2" in found and "https://talk.example/room" in found
    assert "no-store" in response["Cache-Control"]
    found = text(stranger, own(waits))
    assert "You are on the waiting list" in found and "Room 2" not in found and "talk.example" not in found
    assert stranger.get(f"/changemakers/meeting/place/{'0' * 40}/").status_code == 404


def test_opening_the_link_gives_nothing_back_and_pressing_the_button_does(stranger: Client) -> None:
    page = seating.with_places(1)
    row = seating.someone(page, "Ann")
    seating.someone(page, "Bea")
    for _turn in range(2):
        stranger.get(own(row) + "?cancel=yes")
        stranger.head(own(row))
    assert seating.states(page) == {"Ann": "seat", "Bea": "waiting"}
    for _turn in range(2):
        stranger.post(own(row), {"cancel": "yes"})
    assert seating.states(page) == {"Ann": "cancelled", "Bea": "seat"}
    found = text(stranger, own(row))
    assert "You do not have a place" in found and "Room 2" not in found


def test_somebody_changes_what_they_told_us(stranger: Client) -> None:
    page = seating.with_places(1)
    row = seating.someone(page, "Ann")
    stranger.post(own(row), {"name": "Annie", "needs": "Captions."})
    assert Registration.objects.get().name == "Annie" and AccessNeed.objects.get().text == "Captions."
    found = text(stranger, own(row))
    assert "Annie" in found and "Captions." in found and "ann@example.org" not in found
    wrong = stranger.post(own(row), {"name": "", "needs": "Kept words."})
    assert wrong.status_code == 422 and "Kept words." in wrong.content.decode()
    stranger.post(own(row), {"name": "Annie", "needs": ""})
    assert not AccessNeed.objects.exists()


def test_a_forged_press_gives_nothing_back() -> None:
    page = seating.with_places(1)
    row = seating.someone(page, "Ann")
    Client(enforce_csrf_checks=True).post(own(row), {"cancel": "yes"})
    assert seating.states(page) == {"Ann": "seat"}


def test_on_the_day_the_private_link_leads_into_the_room_for_who_has_a_place(stranger: Client) -> None:
    page = seating.with_places(1)
    ann, bea = seating.someone(page, "Ann"), seating.someone(page, "Bea")
    into = "/changemakers/meeting/live/join/?place="
    before = text(stranger, own(ann))
    assert into not in before and "On the day, open this page again" in before
    now = timezone.now()
    Engagement.objects.filter(pk=page.engagement.pk).update(
        opens_at=now - timedelta(minutes=5), closes_at=now + timedelta(hours=1)
    )
    assert f"{into}{keys.token_of(ann)}" in text(stranger, own(ann))
    assert into not in text(stranger, own(bea))
    assert "Before you come in" in text(stranger, f"{into}{keys.token_of(ann)}")
    for other in (keys.token_of(bea), "a" * 40, ""):
        assert stranger.get(f"{into}{other}")["Location"] == "/join/"


def test_a_private_link_may_be_pasted_where_a_code_is_asked_for(stranger: Client) -> None:
    page = seating.with_places(1)
    row = seating.someone(page, "Ann")
    for pasted in (keys.link(row), f"  https://elsewhere.example{own(row)} ", own(row).rstrip("/")):
        assert stranger.post("/join/", {"code": pasted})["Location"] == own(row)
    wrong = own(row).replace(keys.token_of(row), "a" * 40)
    assert stranger.post("/join/", {"code": wrong}).status_code == 422
    assert stranger.post("/join/", {"code": own(row).replace("meeting", "other")}).status_code == 422
