"""What staff see of who comes, and do for them. What somebody needs is read by those who run the room."""

from typing import Any

import pytest
from django.test import Client

from collaborative.changemakers.models import SessionPage
from collaborative.changemakers.seats.models import AccessNeed, Registration
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.cast import person
from tests.changemakers.seats import seating

pytestmark = pytest.mark.django_db


def address(page: SessionPage, more: str = "") -> str:
    return f"/admin/places/{page.engagement.pk}/{more}"


def read(client: Client, at: str) -> str:
    response = client.get(at)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


@pytest.fixture
def page(db: None) -> SessionPage:
    page = seating.with_places(1, group_seats=seating.kept(young=1))
    seating.someone(page, "Ann", group=seating.group("young"), needs="A quokka.")
    seating.someone(page, "Bea")
    return page


def test_staff_see_who_comes_and_only_those_who_run_it_what_they_need(
    page: SessionPage, client_for: Any, editor: User, administrator: User, facilitator: User
) -> None:
    for user, needs in ((editor, False), (administrator, False), (facilitator, True)):
        found = read(client_for(user), address(page))
        assert "Ann" in found and "bea@example.org" in found and "Young" in found
        assert ("quokka" in found) is needs


def test_whoever_is_named_on_the_page_runs_it(page: SessionPage, client_for: Any) -> None:
    named = person("Nell", Role.ANALYSTS)
    assert client_for(named).get(address(page)).status_code == 302
    SessionPage.objects.filter(pk=page.pk).update(facilitator=named)
    assert "quokka" in read(client_for(named), address(page))
    assert client_for(named).get(address(page, "door.csv")).status_code == 200


@pytest.mark.parametrize("more", ["", "add/", "door.csv", "off/1/"])
def test_others_see_nothing_of_it(page: SessionPage, client_for: Any, analyst: User, more: str) -> None:
    assert client_for(analyst).get(address(page, more)).status_code == 302


def test_the_list_costs_the_same_for_many(
    page: SessionPage, client_for: Any, facilitator: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        seating.someone(page, f"W{number}", needs="A ramp.")
    client = client_for(facilitator)
    read(client, address(page))
    with django_assert_max_num_queries(24):
        read(client, address(page))
    with django_assert_max_num_queries(16):
        read(client, "/admin/places/")


def test_somebody_is_added_by_hand_once(page: SessionPage, client_for: Any, facilitator: User) -> None:
    client = client_for(facilitator)
    typed = {"key": "k", "name": "Cat", "email": "cat@example.org", "age_band": "26-plus", "group": "young"}
    for _turn in range(2):
        assert client.post(address(page, "add/"), typed | {"needs": "Captions."}).status_code == 302
    row = Registration.objects.get(name="Cat")
    assert row.added_by == facilitator and row.is_waiting and row.access_need.text == "Captions."
    again = client.post(address(page, "add/"), typed | {"key": "other"}, follow=True)
    assert "registered already" in again.content.decode()
    wrong = client.post(address(page, "add/"), typed | {"email": "cat", "needs": "Kept words."})
    assert wrong.status_code == 422
    assert "such as name@example.org" in wrong.content.decode() and "Kept words." in wrong.content.decode()


def test_an_editor_who_adds_somebody_is_not_asked_what_they_need(
    page: SessionPage, client_for: Any, editor: User
) -> None:
    client = client_for(editor)
    assert 'name="needs"' not in read(client, address(page, "add/"))
    typed = {"key": "k", "name": "Cat", "email": "cat@example.org", "age_band": "26-plus", "group": "young"}
    assert client.post(address(page, "add/"), typed | {"needs": "Slipped in."}).status_code == 302
    assert AccessNeed.objects.count() == 1


def test_somebody_is_taken_off_with_a_reason(page: SessionPage, client_for: Any, facilitator: User) -> None:
    client, row = client_for(facilitator), Registration.objects.get(name="Ann")
    off = address(page, f"off/{row.pk}/")
    assert "Take Ann off the list" in read(client, off)
    empty = client.post(off, {"reason": ""})
    assert empty.status_code == 422 and "Say why. They read it." in empty.content.decode()
    assert client.post(off, {"reason": "It is for employers."}).status_code == 302
    found = read(client, address(page))
    assert "It is for employers." in found and "Taken off by Fergus" in found and "quokka" not in found
    assert client.get(off).status_code == 404


def test_the_list_for_the_door_holds_names_and_nothing_else(
    page: SessionPage, client_for: Any, editor: User, facilitator: User
) -> None:
    Registration.objects.filter(name="Ann").update(name="=Ann()")
    assert client_for(editor).get(address(page, "door.csv")).status_code == 302
    response = client_for(facilitator).get(address(page, "door.csv"))
    found = response.content.decode("utf-8-sig")
    assert "'=Ann()" in found and "Young" in found, "no cell runs"
    assert not [word for word in ("Bea", "example.org", "quokka") if word in found]
    assert "no-store" in response["Cache-Control"]
