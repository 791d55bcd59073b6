"""The screens of a write-up: those who took part, everyone, and whoever writes it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from collaborative import pagecache
from collaborative.changemakers.boards.models import Note
from collaborative.changemakers.room import giving
from collaborative.changemakers.room.access import cookie_of, path_of
from collaborative.changemakers.seats import keys
from collaborative.changemakers.writeup import actions
from collaborative.changemakers.writeup.models import Correction, WriteUp, WriteUpVersion
from collaborative.contributions import actions as contributions
from collaborative.engagements.models import Engagement
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.cast import confirm_second_factor
from tests.cast import person as account
from tests.changemakers import boarding
from tests.changemakers.boarding import person, said
from tests.changemakers.writeup import writing
from tests.changemakers.writeup.registering import registered
from tests.changemakers.writeup.writing import address, long_shared, note, over, running, shared

pytestmark = pytest.mark.django_db


@pytest.fixture
def femi(db: None) -> User:
    return boarding.facilitator()


def in_room(place: Engagement, token: str) -> Client:
    browser = Client()
    browser.cookies[cookie_of(place)] = token
    browser.cookies[cookie_of(place)]["path"] = path_of(place)
    return browser


def text(browser: Client, url: str) -> str:
    pagecache.epoch.forget()  # a process remembers it for a second
    return browser.get(url, follow=True).content.decode()


def staff(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    confirm_second_factor(browser, user)
    return browser


@pytest.fixture
def place(femi: User) -> Engagement:
    """Shown to those who took part: Ann said "Tuesday" with the cookie "ann"."""
    found = running()
    note(found, "We meet on Tuesday", person(found, token="ann"))
    boarding.note(writing.part(found, "board"), person(found), "Canary that is held")
    return shared(over(found), femi).engagement


def test_before_it_is_shown_nobody_finds_it(femi: User) -> None:
    found = over(running())
    for more in ("", "yours/", "code/", "versions/1/", "from/abc/"):
        assert Client().get(address(found, more)).status_code == 404


def test_a_stranger_is_asked_for_a_code_and_reads_nothing(place: Engagement) -> None:
    page = text(Client(), address(place))
    assert "Your code" in page and "Tuesday" not in page and "People want one door" not in page
    wrong = Client().post(address(place, "code/"), {"code": "MOSS-4TC9-7W"})
    assert wrong.status_code == 422 and "Tuesday" not in wrong.content.decode()


@pytest.mark.parametrize("way", ["room", "code", "letter"])
def test_who_took_part_reads_it_first_and_puts_it_right(place: Engagement, way: str) -> None:
    ann = Note.objects.get(contribution__state="released").participant
    assert ann is not None
    if way == "room":
        browser = in_room(place, "ann")
    elif way == "code":
        browser = Client()
        answer = browser.post(address(place, "code/"), {"code": giving.receipt_code(ann)})
        assert answer["Location"] == address(place, "yours/")
    else:
        browser = Client()
        token = keys.token_of(registered(place, "ann@example.org"))
        assert browser.get(address(place, f"from/{token}/")).status_code == 302
    page = text(browser, address(place, "yours/"))
    assert "We meet on Tuesday" in page and "Canary" not in page
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    empty = browser.post(address(place, "yours/"), {"key": found[1], "text": " "})
    assert empty.status_code == 422 and "Write what we should put right" in empty.content.decode()
    browser.post(address(place, "yours/"), {"key": found[1], "text": "Canary: it was Monday"})
    assert Correction.objects.count() == 1
    assert "Canary: it was Monday" in text(browser, address(place, "yours/"))
    assert "Canary: it was Monday" not in text(Client(), address(place))


def test_a_form_from_another_site_stores_nothing_and_keeps_what_was_typed(place: Engagement) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies.update(in_room(place, "ann").cookies)
    answer = browser.post(address(place, "yours/"), {"key": "k", "text": "Typed with care"})
    assert answer.status_code == 403 and "Typed with care" in answer.content.decode()
    assert not Correction.objects.exists()


def test_a_code_of_another_workshop_or_one_taken_back_opens_nothing(place: Engagement, femi: User) -> None:
    other = running()
    elsewhere = note(other, "Elsewhere", person(other)).participant
    assert elsewhere is not None
    code = giving.receipt_code(elsewhere)
    assert Client().post(address(place, "code/"), {"code": code}).status_code == 422
    ann = Note.objects.get(contribution__state="released", stage__engagement=place).participant
    assert ann is not None and ann.receipt is not None
    contributions.withdraw(ann.receipt)
    assert Client().post(address(place, "code/"), {"code": giving.receipt_code(ann)}).status_code == 422


def test_closing_the_page_forgets_the_code_in_this_browser(place: Engagement) -> None:
    ann = Note.objects.get(contribution__state="released").participant
    assert ann is not None
    browser = Client()
    browser.post(address(place, "code/"), {"code": giving.receipt_code(ann)})
    browser.post(address(place, "yours/"), {"do": "close"})
    assert "Tuesday" not in text(browser, address(place, "yours/"))


def test_the_receipt_leads_to_it_and_shows_the_answer(place: Engagement, femi: User) -> None:
    ann = Note.objects.get(contribution__state="released").participant
    assert ann is not None
    browser = in_room(place, "ann")
    browser.post(address(place, "yours/"), {"key": "k", "text": "It was the fourteenth"})
    from collaborative.changemakers.writeup import correcting

    correcting.answer(Correction.objects.get(), True, "You are right about that.", by=femi)
    reader = Client()
    page = reader.post("/receipt/", {"code": giving.receipt_code(ann)}, follow=True).content.decode()
    assert "Read the write-up" in page and "You are right about that." in page
    assert "keeps it off the page" not in page


def test_everyone_reads_what_is_published_and_each_version(femi: User) -> None:
    found = running()
    kept, gone = note(found, "We meet on Tuesday"), note(found, "Canary taken back")
    draft = long_shared(over(found), femi)
    actions.publish(draft, by=femi)
    page = text(Client(), address(found))
    assert "We meet on Tuesday" in page and "Canary taken back" in page
    assert "People want one door" in text(Client(), f"/changemakers/{found.slug}/")
    contributions.withdraw(said(gone).receipt)
    page = text(Client(), address(found))
    assert "Canary" not in page and "are not shown any more" in page and "Tuesday" in page
    draft.refresh_from_db()
    actions.edit(draft, writing.Written(introduction="Two doors.", done="D", reached="R"), by=femi)
    actions.publish(draft, by=femi, changes="Two and not one.")
    assert "People want one door" in text(Client(), address(found, "versions/1/"))
    newest = text(Client(), address(found))
    assert "Two doors." in newest and "Two and not one." in newest
    assert Client().get(address(found, "versions/3/")).status_code == 404
    assert kept


def test_what_is_published_costs_few_queries_however_much_was_said(
    femi: User, django_assert_max_num_queries: Any
) -> None:
    found = running()
    ann = person(found)
    for number in range(12):
        note(found, f"Thing {number}", ann)
    actions.publish(long_shared(over(found), femi), by=femi)
    Client().get(address(found))
    version = WriteUpVersion.objects.get()
    from collaborative.changemakers.writeup import reading

    with django_assert_max_num_queries(1):
        reading.shown(version.content)


# The admin --------------------------------------------------------------------------------------


def test_whoever_runs_it_writes_shows_answers_and_publishes(femi: User) -> None:
    found = running()
    one = note(found, "We meet on Tuesday", person(found, token="ann"))
    boarding.note(writing.part(found, "board"), person(found), "Canary that is held")
    found = over(found)
    browser, url = staff(femi), f"/admin/write-ups/{found.pk}/"
    assert found.title in text(browser, "/admin/write-ups/")
    page = text(browser, url)
    assert "We meet on Tuesday" in page and "Canary" not in page and "Before anyone is shown it" in page
    key = one.stage.key
    fields = {"do": "save", "introduction": "One door.", "done": "Notes.", "reached": "By post."}
    long = browser.post(url, fields | {"introduction": "x" * 6000})
    assert long.status_code == 422 and "By post." in long.content.decode()
    assert browser.post(url, fields | {f"words-{key}": "It was quiet."}).status_code == 302
    assert browser.post(url, {"do": "share", "days": "2"}).status_code == 422
    assert browser.post(url, {"do": "share", "days": "3"}).status_code == 302
    in_room(found, "ann").post(address(found, "yours/"), {"key": "k", "text": "It was the fourteenth"})
    made = Correction.objects.get()
    assert "It was the fourteenth" in text(browser, url)
    answer = f"{url}put-right/{made.pk}/"
    assert browser.post(answer, {"answer": "not"}).status_code == 422
    assert browser.post(answer, {"answer": "not", "reason": "We checked."}).status_code == 302
    WriteUp.objects.update(
        shared_at=timezone.now() - timedelta(days=9), ends_at=timezone.now() - timedelta(days=1)
    )
    assert browser.post(url, {"do": "publish"}).status_code == 302
    public = text(Client(), address(found))
    assert "It was quiet." in public and "fourteenth" not in public and "We checked" not in public


@pytest.mark.parametrize("role", [Role.EDITORS, Role.ANALYSTS, Role.MODERATORS, Role.BOARD])
def test_nobody_else_of_the_team_comes_in(femi: User, role: Role) -> None:
    found = over(running())
    writing.written(found, femi)
    browser = staff(account(f"No{role.value[:5]}", role))
    assert browser.get(f"/admin/write-ups/{found.pk}/").status_code in (302, 403)
    assert browser.get("/admin/write-ups/").status_code == 302


def test_kid_2_the_code_opens_nothing_once_the_workshop_is_over(femi: User) -> None:
    from collaborative.changemakers.room import codes

    found = running()
    code = codes.make(found, by=None)
    found = over(found)
    from collaborative.engagements.models import JoinCode

    JoinCode.objects.filter(engagement=found).update(valid_until=found.closes_at)
    assert codes.standing(found) == ""
    answer = Client().post("/join/", {"code": code})
    assert answer.status_code == 422 or "/live/" not in answer.get("Location", "")
