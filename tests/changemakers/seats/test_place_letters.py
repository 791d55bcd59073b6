"""Letters about places, and the entry in somebody's calendar: read back as a calendar program reads it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from collaborative import outbox
from collaborative.changemakers.models import SessionPage
from collaborative.changemakers.seats import actions, keeping, keys
from collaborative.changemakers.seats.models import AccessNeed, Registration
from tests.changemakers.seats import seating
from tests.changemakers.workshops import publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mailbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []


def sent() -> list[EmailMessage]:
    """What went out since it was asked last."""
    outbox.sweep()
    found, mail.outbox = list(mail.outbox), []
    return found


def entry(letter: EmailMessage) -> tuple[str, Any]:
    """(method, event) of what is attached."""
    ((_name, content, kind),) = letter.attachments
    return read(content, kind)


def read(content: Any, kind: str) -> tuple[str, Any]:
    whole = Calendar.from_ical(content)
    (event,) = whole.walk("VEVENT")
    assert f"method={whole['METHOD']}" in kind or not kind
    return str(whole["METHOD"]), event


def change(page: SessionPage, **fields: Any) -> SessionPage:
    page = SessionPage.objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(page, name, value)
    return publish(page)


def test_who_has_a_place_gets_the_room_the_link_and_an_entry_and_who_waits_does_not() -> None:
    page = seating.with_places(1)
    row = seating.someone(page, "Ann")
    seating.someone(page, "Bea")
    place, waits = sent()
    assert place.to == ["ann@example.org"] and keys.link(row) in place.body
    assert "Room 2" in place.body and "https://talk.example/room" in place.body
    assert "Room 2" not in waits.body and "talk.example" not in waits.body and not waits.attachments
    assert "waiting list" in waits.body
    method, event = entry(place)
    assert method == "REQUEST" and event["STATUS"] == "CONFIRMED"
    assert "Room 2" in event["LOCATION"] and "talk.example" in event["DESCRIPTION"]
    assert str(event["ATTENDEE"]) == "mailto:ann@example.org" and str(event["ORGANIZER"]).startswith(
        "mailto:"
    )
    assert event.decoded("DTSTART") == page.engagement.opens_at.replace(microsecond=0)
    assert keys.token_of(row) not in str(event), "calendars are shared with others"


def test_nothing_that_was_typed_into_the_form_is_in_a_letter() -> None:
    page = seating.with_places(1)
    for name in ("Zebedee", "Quentin"):
        seating.someone(page, name, email=f"{name[0]}@example.org", needs="Buy my watches.")
    for letter in sent():
        assert not [
            word for word in ("Zebedee", "Quentin", "watches") if word in letter.body + letter.subject
        ]


def test_a_change_of_time_or_place_changes_the_entry_in_place_and_other_words_write_to_nobody() -> None:
    page = seating.with_places(1)
    row = seating.someone(page, "Ann")
    seating.someone(page, "Bea")
    _method, first = entry(sent()[0])
    page = change(page, about="<p>Other words.</p>")
    assert sent() == []
    page = change(page, closes_at=page.closes_at + timedelta(minutes=30))
    letters = {letter.to[0]: letter for letter in sent()}
    assert set(letters) == {"ann@example.org", "bea@example.org"}
    assert not letters["bea@example.org"].attachments
    method, second = entry(letters["ann@example.org"])
    assert method == "REQUEST" and second["UID"] == first["UID"] and second["SEQUENCE"] > first["SEQUENCE"]
    page = change(page, link="https://talk.example/other")
    assert "https://talk.example/other" in sent()[0].body
    actions.cancel(row)
    gone = next(letter for letter in sent() if letter.to == ["ann@example.org"])
    method, third = entry(gone)
    assert method == "CANCEL" and third["STATUS"] == "CANCELLED"
    assert third["UID"] == first["UID"] and third["SEQUENCE"] > second["SEQUENCE"]
    assert "LOCATION" not in third and "talk.example" not in str(third)


def test_two_changes_before_the_first_letter_goes_are_told_once() -> None:
    page = seating.with_places(1)
    seating.someone(page, "Ann")
    sent()
    page = change(page, place="Town hall")
    change(page, place="Castle")
    (letter,) = sent()
    assert "Castle" in letter.body and "Town hall" not in letter.body


def test_a_workshop_taken_down_is_cancelled_for_all_once_and_comes_back_in_place() -> None:
    page = seating.with_places(1)
    row = seating.someone(page, "Ann")
    seating.someone(page, "Bea")
    _method, first = entry(sent()[0])
    page = SessionPage.objects.get(pk=page.pk)
    page.unpublish()
    page.save()
    letters = {letter.to[0]: letter for letter in sent()}
    assert set(letters) == {"ann@example.org", "bea@example.org"}
    method, off = entry(letters["ann@example.org"])
    assert method == "CANCEL" and off["UID"] == first["UID"] and off["SEQUENCE"] > first["SEQUENCE"]
    with pytest.raises(Exception, match="not open"):
        seating.someone(page, "Cat")
    own = Client().get(f"/changemakers/meeting/place/{keys.token_of(row)}/")
    assert "This workshop is cancelled" in own.content.decode()
    publish(SessionPage.objects.get(pk=page.pk))
    back = next(letter for letter in sent() if letter.to == ["ann@example.org"])
    method, on = entry(back)
    assert method == "REQUEST" and on["SEQUENCE"] > off["SEQUENCE"]


def test_who_moves_up_is_told_so_and_a_letter_about_waiting_that_is_late_is_not_sent() -> None:
    page = seating.with_places(1)
    row = seating.someone(page, "Ann")
    seating.someone(page, "Bea")
    actions.cancel(row)
    letters = [letter for letter in sent() if letter.to == ["bea@example.org"]]
    assert [letter.subject for letter in letters] == ["A place has come free for you: Meeting"]


def test_the_entry_of_the_private_link_is_the_one_in_the_letter_and_goes_when_the_place_does() -> None:
    page = seating.with_places(1)
    row, waits = seating.someone(page, "Ann"), seating.someone(page, "Bea")
    path = f"/changemakers/meeting/place/{keys.token_of(row)}/calendar.ics"
    first = Client().get(path)
    assert first["Content-Type"] == "text/calendar; charset=utf-8" and "no-store" in first["Cache-Control"]
    assert read(first.content, "")[1]["UID"] == entry(sent()[0])[1]["UID"]
    assert Client().get(path.replace(keys.token_of(row), keys.token_of(waits))).status_code == 404
    actions.cancel(row)
    assert read(Client().get(path).content, "")[0] == "CANCEL"


def test_reminders_go_a_week_before_and_on_the_day_before_each_once() -> None:
    page = seating.with_places(1)
    seating.someone(page, "Ann")
    seating.someone(page, "Bea")
    sent()
    begins = page.opens_at
    for days, wanted in ((9, 0), (7, 1), (6, 1), (2, 0), (1, 1), (0.05, 1)):
        assert keeping.remind(begins - timedelta(days=days)) == wanted, days
    letters = sent()
    assert [letter.to for letter in letters] == [["ann@example.org"]] * 2
    assert all(entry(letter)[0] == "REQUEST" for letter in letters)


def test_who_registered_the_evening_before_is_not_reminded_in_the_night() -> None:
    page = seating.with_places(1)
    late = page.opens_at - timedelta(hours=20)
    actions.register(page.engagement, seating.wish(), key="k", now=late)
    assert keeping.remind(late + timedelta(hours=2)) == 0


def test_ret_1_what_somebody_needs_goes_after_a_week_and_who_they_are_after_a_month() -> None:
    page = seating.with_places(2)
    row = seating.someone(page, "Ann", needs="A ramp.", group=seating.group("employers"))
    over = page.closes_at
    assert keeping.forget_old(over + timedelta(days=6)) == 0 and AccessNeed.objects.exists()
    assert keeping.forget_old(over + timedelta(days=8)) == 0 and not AccessNeed.objects.exists()
    assert keeping.forget_old(over + timedelta(days=31)) == 1
    assert keeping.forget_old(over + timedelta(days=32)) == 0
    token = keys.token_of(row)
    row = Registration.objects.get()
    assert (row.name, row.email, row.email_hash, row.token_hash) == ("", "", "", None)
    assert row.group is not None and row.is_seated, "that somebody of a group came is counted"
    assert Client().get(f"/changemakers/meeting/place/{token}/").status_code == 404
    assert sent() == [], "and nobody is written to any more"


def test_a_letter_never_goes_to_the_past() -> None:
    page = seating.with_places(1)
    seating.someone(page, "Ann")
    sent()
    keeping.remind(page.opens_at - timedelta(days=1))
    page.engagement.opens_at = timezone.now() - timedelta(minutes=1)
    page.engagement.save()
    assert sent() == []
