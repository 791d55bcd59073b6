"""A teacher asks for a class: nothing typed is lost, nothing is asked for twice, and a letter says so."""

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from collaborative import limits, outbox
from collaborative.consultations.classes import times
from collaborative.consultations.models import ClassSession
from collaborative.contributions.models import LedgerEvent
from collaborative.people.models import User
from tests.consultations.classes.making import CONTACT, CONTACT_HOW
from tests.consultations.making import consultation

pytestmark = pytest.mark.django_db

ADDRESS = "/consultations/starting/class/"


def filled(**changed: str) -> dict[str, str]:
    day = timezone.localdate() + timedelta(days=3)
    whole = {
        "key": "one",
        "teacher": "Ms Baird",
        "email": "baird@school.example",
        "school": "Inverallan High",
        "years": "S1",
        "youngest": "12",
        "pupils": "24",
        "day": day.isoformat(),
        "starts": "10:15",
        "ends": "11:05",
        "contact_name": CONTACT,
        "contact_how": CONTACT_HOW,
        "contact_hours": "Monday to Friday",
        "told": "yes",
    }
    return {**whole, **changed}


def test_a_teacher_without_an_account_asks_and_gets_a_letter(stranger: Client) -> None:
    consultation()
    assert stranger.get(ADDRESS).status_code == 200
    answer = stranger.post(ADDRESS, filled())
    assert answer.headers["Location"] == f"{ADDRESS}asked/"
    assert "second e-mail" in stranger.get(f"{ADDRESS}asked/").content.decode()
    session = ClassSession.objects.get()
    assert (session.state, session.account, session.pupils) == ("asked", None, 24)
    assert timezone.localtime(session.opens_at).strftime("%H:%M") == "10:15"
    outbox.sweep()
    (letter,) = mail.outbox
    assert letter.to == ["baird@school.example"]
    assert "Starting the conversation" in letter.body
    for typed in ("Ms Baird", "Inverallan", CONTACT, CONTACT_HOW):  # anyone may have typed the address
        assert typed not in letter.body


def test_the_record_says_that_it_was_asked_for_and_holds_no_word_of_it(stranger: Client) -> None:
    consultation()
    stranger.post(ADDRESS, filled())
    event = LedgerEvent.objects.get(verb="class.asked")
    assert "Baird" not in str(event.data)
    assert event.subject == f"class:{ClassSession.objects.get().pk}"


def test_the_same_form_sent_twice_asks_once(stranger: Client) -> None:
    consultation()
    for _time in range(2):
        assert stranger.post(ADDRESS, filled()).status_code == 302
    assert ClassSession.objects.count() == 1
    outbox.sweep()
    assert len(mail.outbox) == 1


def test_an_account_saves_typing(signed_in_person: User, client_for: Any) -> None:
    consultation()
    client = client_for(signed_in_person)
    assert signed_in_person.email in client.get(ADDRESS).content.decode()
    client.post(ADDRESS, filled())
    assert ClassSession.objects.get().account == signed_in_person


@pytest.mark.parametrize(
    "name, value, message",
    [
        ("teacher", "", "Write your name."),
        ("email", "nobody", "Write an e-mail address"),
        ("youngest", "26-plus", "Choose from the ages"),
        ("pupils", "many", "Write a number"),
        ("pupils", "5000", "Ask for one class at a time."),
        ("day", "soon", "Write the day like this"),
        ("starts", "25:99", "Write the time like this"),
        ("ends", "10:00", "It must end after it begins."),
        ("ends", "18:00", "up to 4 hours"),
        ("day", "2020-01-01", "This time has passed"),
        ("day", "2099-01-01", "not open at that time"),
        ("contact_how", "", "telephone number"),
        ("contact_name", "x" * 121, "shorter"),
        ("told", "", "Tell families first"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    stranger: Client, name: str, value: str, message: str
) -> None:
    consultation()
    answer = stranger.post(ADDRESS, filled(**{name: value}))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert message in text
    assert f'id="{name}-error"' in text
    kept = {"school": "Inverallan High", "contact_hours": "Monday to Friday"}
    kept |= {name: value} if name != "youngest" else {}  # what no list offers is not shown again
    for typed in kept.values():
        assert typed in text
    assert not ClassSession.objects.exists()


def test_a_forged_request_asks_nothing_and_keeps_what_was_typed() -> None:
    consultation()
    answer = Client(enforce_csrf_checks=True).post(ADDRESS, filled())
    assert answer.status_code == 403
    assert "Inverallan High" in answer.content.decode()
    assert not ClassSession.objects.exists()


def test_one_network_cannot_ask_without_end(stranger: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    consultation()
    few = limits.Bucket(1, 1)
    monkeypatch.setitem(limits.LIMITS, "ask", limits.Limit(each=few, network=few, school=few))
    assert stranger.post(ADDRESS, filled()).status_code == 302
    answer = stranger.post(ADDRESS, filled(key="two"))
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "Inverallan High" in answer.content.decode()


def test_nobody_is_sent_letter_after_letter_because_their_address_was_typed() -> None:
    consultation()
    answers = [
        Client(REMOTE_ADDR=f"192.0.2.{n}").post(ADDRESS, filled(key=f"k{n}")).status_code for n in range(8)
    ]
    assert answers == [302] * 6 + [429] * 2


@pytest.mark.parametrize("changed", [{"invites_under_18": False}, {"closes_at": "past"}])
def test_only_what_is_open_to_young_people_can_be_asked_for(
    stranger: Client, changed: dict[str, Any]
) -> None:
    if changed.get("closes_at"):
        now = timezone.now()
        changed = {"opens_at": now - timedelta(days=99), "closes_at": now - timedelta(days=1)}
    consultation(**changed)
    assert stranger.get(ADDRESS).status_code == 404
    assert stranger.post(ADDRESS, filled()).status_code == 404
    assert "/class/" not in stranger.get("/consultations/starting/").content.decode()


def test_the_page_of_an_open_consultation_leads_there(stranger: Client) -> None:
    consultation()
    assert f'href="{ADDRESS}"' in stranger.get("/consultations/starting/").content.decode()


# Clocks -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "day, opens",
    [
        ("2027-03-26", datetime(2027, 3, 26, 10, 15, tzinfo=UTC)),  # the Friday before summer time
        ("2027-03-29", datetime(2027, 3, 29, 9, 15, tzinfo=UTC)),  # the Monday after
        ("2027-10-29", datetime(2027, 10, 29, 9, 15, tzinfo=UTC)),
        ("2027-11-01", datetime(2027, 11, 1, 10, 15, tzinfo=UTC)),
    ],
)
def test_a_quarter_past_ten_is_that_on_the_wall_in_summer_and_in_winter(
    stranger: Client, day: str, opens: datetime
) -> None:
    asks_on = opens - timedelta(days=20)  # in the other half of the year
    with mock.patch.object(timezone, "now", lambda: asks_on):
        consultation()
        assert stranger.post(ADDRESS, filled(day=day)).status_code == 302
    session = ClassSession.objects.get()
    assert session.opens_at == opens
    assert "10:15am to 11:05am" in times.window(session)


def test_an_hour_that_the_clocks_leave_out_is_refused_in_words(stranger: Client) -> None:
    with mock.patch.object(timezone, "now", lambda: datetime(2027, 3, 20, 12, tzinfo=UTC)):
        consultation()
        answer = stranger.post(ADDRESS, filled(day="2027-03-28", starts="01:15", ends="02:30"))
    assert answer.status_code == 422
    assert "leave this time out" in answer.content.decode()


def test_an_hour_that_comes_twice_is_the_first_of_the_two(stranger: Client) -> None:
    with mock.patch.object(timezone, "now", lambda: datetime(2027, 10, 20, 12, tzinfo=UTC)):
        consultation()
        stranger.post(ADDRESS, filled(day="2027-10-31", starts="01:15", ends="01:45"))
    assert ClassSession.objects.get().opens_at == datetime(2027, 10, 31, 0, 15, tzinfo=UTC)
