"""The teacher's page: a private link, two numbers, questions to open and close, and never who or what."""

from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collaborative import pagecache
from collaborative.consultations.classes import actions, counts, keys
from collaborative.consultations.models import ClassSession
from collaborative.contributions import actions as contributions
from collaborative.contributions.models import Contribution, LedgerEvent, Receipt
from collaborative.errors import Refused
from collaborative.moderation import actions as moderation
from collaborative.moderation.models import Report, SafeguardingCase
from collaborative.people.roles import Role
from tests.cast import person
from tests.consultations.classes.making import (
    CONTACT,
    CONTACT_HOW,
    Teacher,
    approved,
    asked,
    pupil,
    sends,
)

pytestmark = pytest.mark.django_db


def at(moment: Any) -> Any:
    return mock.patch.object(timezone, "now", lambda: moment)


def test_the_private_link_shows_code_picture_and_sheet_and_is_kept_nowhere() -> None:
    session = approved()
    teacher = Teacher(session)
    for what in ("", "sheet/"):
        page = teacher.page(what)
        assert keys.class_code(session) in page
        assert keys.reading_code(session) in page
        assert "<svg" in page
    answer = teacher.client.get(teacher.address)
    assert "no-store" in answer.headers["Cache-Control"]
    # Not "no-referrer": then browsers say nothing of where a form came from, and it would pass for forged.
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_the_picture_leads_to_the_code_in_its_field_and_joins_nobody(stranger: Client) -> None:
    session = approved()
    link = keys.join_link(session)
    page = stranger.get(link.split("127.0.0.1:8000")[-1] if "127" in link else link).content.decode()
    assert f'value="{keys.class_code(session)}"' in page
    session.refresh_from_db()
    assert session.began == 0


@pytest.mark.parametrize("what", ["", "sheet/", "numbers/"])
def test_a_link_that_we_did_not_make_opens_nothing(stranger: Client, what: str) -> None:
    session = approved()
    forged = signing.dumps(session.pk, salt="something else")
    waiting = keys.token_of(asked(session.engagement, key="waits"))
    for token in (forged, "x", str(session.pk), waiting, keys.token_of(session)[:-1]):
        assert stranger.get(f"/class/{token}/{what}").status_code == 404
        assert stranger.post(f"/class/{token}/", {"end": "now"}).status_code == 404
    session.refresh_from_db()
    assert session.ended_at is None


def test_the_link_runs_out_two_weeks_after_the_class(stranger: Client) -> None:
    session = approved()
    address = f"/class/{keys.token_of(session)}/"
    with at(session.closes_at + timedelta(days=13, hours=23)):
        assert stranger.get(address).status_code == 200
    with at(session.closes_at + timedelta(days=14)):
        answer = stranger.get(address)
        assert (answer.status_code, stranger.get(f"{address}sheet/").status_code) == (410, 410)
        assert stranger.get(f"{address}numbers/").status_code == 404
        assert keys.class_code(session) not in answer.content.decode()
        stranger.post(address, {"close": "feel"})
    session.refresh_from_db()
    assert session.closed_questions == []


def test_kc_11_a_teacher_sees_how_many_and_never_who_or_a_word() -> None:
    session = approved()
    for n in range(3):
        sends(session, words=f"canary words {n}", band="13-15")
    began = pupil(session)
    began.post("age", age="12")
    began.post("q-feel", text="canary words begun")
    teacher = Teacher(session)
    page = teacher.page() + teacher.page("sheet/") + teacher.page("numbers/")
    assert "canary words" not in page
    assert "<dd>4</dd>" in teacher.page("numbers/")  # began
    assert "<dd>3</dd>" in teacher.page("numbers/")  # sent
    for private in (CONTACT, CONTACT_HOW, "13 to 15"):
        assert private not in page


def test_kid_1_a_pupil_who_stops_is_counted_like_any_other() -> None:
    session = approved()
    before = _numbers(session)
    someone = pupil(session)
    someone.post("age", age="12")
    during = _numbers(session)
    someone.post("leave")
    assert (before, during, _numbers(session)) == ((0, 0), (1, 0), (1, 0))


def _numbers(session: ClassSession) -> tuple[int, int]:
    session.refresh_from_db()
    found = counts.now(session)
    return found["began"], found["sent"]


def test_the_page_costs_the_same_for_thirty_as_for_one() -> None:
    session = approved()
    teacher = Teacher(session)
    sends(session)
    teacher.page()
    pagecache.epoch.forget()  # so that asking for it is counted each time, however slow the machine
    with CaptureQueriesContext(connection) as one:
        teacher.page()
    for _n in range(5):
        sends(session)
    teacher.page()
    pagecache.epoch.forget()
    with CaptureQueriesContext(connection) as six:
        teacher.page()
    assert len(six) <= len(one)


# Questions --------------------------------------------------------------------------------------


def test_the_teacher_closes_and_opens_questions_and_the_record_says_so() -> None:
    session = approved()
    teacher = Teacher(session)
    for _time in range(2):
        assert teacher.post(close="feel").headers["Location"] == teacher.address
    session.refresh_from_db()
    assert session.closed_questions == ["feel"]
    assert LedgerEvent.objects.filter(verb="class.question-closed").count() == 1
    teacher.post(open="feel")
    session.refresh_from_db()
    assert session.closed_questions == []


def test_a_question_that_nobody_asks_and_a_class_that_is_over_change_nothing() -> None:
    session = approved()
    with pytest.raises(Refused):
        actions.set_question(session, "nowhere", open_=False)
    actions.end(session)
    with pytest.raises(Refused, match="over"):
        actions.set_question(session, "feel", open_=False)
    answer = Teacher(session).client.post(f"/class/{keys.token_of(session)}/", {"close": "feel"}, follow=True)
    assert answer.status_code == 200


def test_a_page_that_was_open_too_long_does_nothing_and_says_so() -> None:
    session = approved()
    client = Client(enforce_csrf_checks=True)
    answer = client.post(f"/class/{keys.token_of(session)}/", {"end": "now"}, follow=True)
    assert "Nothing was done" in answer.content.decode()
    session.refresh_from_db()
    assert session.ended_at is None


# The window -------------------------------------------------------------------------------------


def test_kid_2_the_code_opens_in_the_window_and_neither_before_nor_after(stranger: Client) -> None:
    session = approved()
    code = {"code": keys.class_code(session)}
    wrong = stranger.post("/join/", {"code": "MOSS-4TC9-7W"}).content.decode()
    for moment in (session.opens_at - timedelta(seconds=1), session.closes_at):
        with at(moment):
            answer = stranger.post("/join/", code)
            assert answer.status_code == 422
            assert _error(answer.content.decode()) == _error(wrong)
    for moment in (session.opens_at, session.closes_at - timedelta(seconds=1)):
        with at(moment):
            assert stranger.post("/join/", code).status_code == 302


def _error(page: str) -> str:
    return page.split('id="code-error"')[1].split("</p>")[0]


def test_kid_2_ending_early_ends_the_code_at_once_and_twice_is_no_error(stranger: Client) -> None:
    session = approved()
    teacher = Teacher(session)
    for _time in range(2):
        teacher.post(end="now")
    assert stranger.post("/join/", {"code": keys.class_code(session)}).status_code == 422
    assert LedgerEvent.objects.filter(verb="class.ended").count() == 1
    assert keys.class_code(session) not in teacher.page()


def test_the_second_code_opens_what_came_of_it_for_a_long_time_and_nothing_else(stranger: Client) -> None:
    session = approved()
    sends(session, words="canary words")
    code = {"code": keys.reading_code(session)}
    for moment in (session.opens_at - timedelta(days=1), session.closes_at + timedelta(days=200)):
        with at(moment):
            answer = stranger.post("/join/", code)
            assert answer.headers["Location"] == "/consultations/starting/feedback/"
            page = stranger.get(answer.headers["Location"]).content.decode()
            assert "canary words" not in page
            assert "Inverallan" not in page
    session.refresh_from_db()
    assert session.began == 1  # it joins nobody


def test_only_an_approved_class_has_a_second_code(stranger: Client) -> None:
    assert stranger.post("/join/", {"code": keys.reading_code(asked())}).status_code == 422


# Afterwards -------------------------------------------------------------------------------------


def _afterwards(session: ClassSession) -> dict[str, Any]:
    session.refresh_from_db()
    with at(session.grace_until):
        found = counts.summary(session, timezone.now())
    assert found is not None
    return found


def _question(found: dict[str, Any], number: int) -> dict[str, Any]:
    return next(one for one in found["questions"] if one["number"] == number)


def test_no_summary_before_the_last_answer_can_have_come() -> None:
    session = approved()
    assert counts.summary(session, session.closes_at - timedelta(seconds=1)) is None
    assert counts.summary(session, session.grace_until - timedelta(seconds=1)) is None
    assert counts.summary(session, session.grace_until) is not None


def test_sdc_1_below_ten_everything_of_a_class_is_hidden() -> None:
    session = approved()
    for _n in range(9):
        sends(session, when="p7")
    found = _afterwards(session)
    assert found["sent"] is None
    assert {n for one in found["questions"] for _label, n in one["rows"]} <= {None, 0}
    with at(session.grace_until):
        assert "hidden" in Teacher(session).page()


def test_sdc_1_what_is_shown_is_ten_or_more_and_gives_no_small_number_away() -> None:
    session = approved()
    for n in range(24):
        sends(session, when="p7" if n < 12 else "p6" if n < 22 else "s1")
    found = _afterwards(session)
    assert found["sent"] == 24
    row = _question(found, 1)
    shown = dict(row["rows"])
    assert shown["In S1"] is None  # two pupils
    hidden = [label for label, n in shown.items() if n is None]
    assert len(hidden) >= 2, "one hidden part would follow from the rest"
    assert all(n is None or n == 0 or n >= 10 for n in [row["answered"], *shown.values()])
    assert sum(n for n in shown.values() if n) <= 14


def test_sdc_1_where_all_chose_alike_nobody_learns_what_each_chose() -> None:
    session = approved()
    for _n in range(12):
        sends(session, when="p7")
    assert dict(_question(_afterwards(session), 1)["rows"])["In P7"] is None


def test_kid_1_how_few_skipped_a_question_is_not_told() -> None:
    session = approved()
    for n in range(12):
        sends(session, when="p7" if n else "", words="Mine.")
    row = _question(_afterwards(session), 1)
    assert row["answered"] is None, "11 of 12 would say that one pupil skipped it"


def test_the_summary_is_worked_out_once_and_does_not_move_when_one_takes_it_back() -> None:
    session = approved()
    for _n in range(10):
        sends(session, when="p7", words="Mine.")
    before = _afterwards(session)
    contributions.withdraw(Receipt.objects.all()[0])
    assert _afterwards(session) == before


# Safety -----------------------------------------------------------------------------------------


def test_saf_2_tell_us_about_a_pupil_names_the_class_and_opens_a_case(client_for: Any) -> None:
    session = approved()
    teacher = Teacher(session)
    link = teacher.page().split('href="/help/wrong/')[1].split('"')[0].replace("&amp;", "&")
    form = teacher.client.get(f"/help/wrong/{link}").content.decode()
    assert session.label in form
    teacher.client.post(
        "/help/wrong/",
        {"about": "safety", "message": "A pupil.", "page": f"Class: {session.label}", "key": "k"},
    )
    assert Report.objects.get().page.endswith(session.label)
    lead = session.engagement.safeguarding_lead
    page = client_for(lead).get(f"/admin/safeguarding/{SafeguardingCase.objects.get().pk}/")
    assert CONTACT_HOW in page.content.decode()


def test_saf_2_on_a_case_from_a_class_safeguarding_sees_whom_to_ring(client_for: Any) -> None:
    session = approved()
    sends(session, words="I am not safe at home.")
    moderation.escalate(Contribution.objects.get(), by=person("Mod", Role.MODERATORS))
    address = f"/admin/safeguarding/{SafeguardingCase.objects.get().pk}/"
    page = client_for(session.engagement.safeguarding_lead).get(address).content.decode()
    assert CONTACT in page
    assert CONTACT_HOW in page
    assert LedgerEvent.objects.filter(verb__contains="case", subject__contains="case").exists()
    stranger = client_for(person("Ed", Role.EDITORS)).get(address, follow=True)
    assert CONTACT not in stranger.content.decode()
