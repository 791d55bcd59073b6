"""Pupils of a class: they join, skip, stop, share a device, and are told when the lesson ends."""

from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone

from collaborative.consultations.classes import actions, keys
from collaborative.consultations.models import ClassSession
from collaborative.contributions.models import Contribution, Draft, Permission, Receipt
from collaborative.engagements.actions import make_join_code
from collaborative.engagements.models import JoinCode
from tests.consultations.classes.making import approved, pupil, sends
from tests.consultations.making import Respondent, block, consultation

pytestmark = pytest.mark.django_db


def at(moment: Any) -> Any:
    return mock.patch.object(timezone, "now", lambda: moment)


def begun(session: ClassSession, words: str = "") -> Respondent:
    someone = pupil(session)
    someone.post("age", age="12")
    if words:
        someone.post("q-feel", text=words)
    return someone


def test_kc_7_nothing_is_chosen_for_a_pupil_and_no_name_is_offered() -> None:
    someone = begun(approved(), "Mine.")
    page = someone.get("permission").content.decode()
    assert "checked" not in page
    assert 'value="named"' not in page
    assert someone.post("permission", permission="named").status_code == 422
    someone.post("permission", permission="not-published", name="Rowan", email="r@example.org")
    someone.send()
    receipt = Receipt.objects.get()
    assert (receipt.permission, receipt.name, receipt.contact_email) == (Permission.NOT_PUBLISHED, "", "")
    assert receipt.join_code == ClassSession.objects.get().join_code


def test_kid_1_a_pupil_can_skip_everything_but_one_and_nothing_shows_who() -> None:
    session = approved(consultation(questions=[block("a", required=True), block("b", required=True)]))
    someone = begun(session)
    assert "Skip this question" in someone.get("q-a").content.decode()
    someone.post("q-a")
    someone.post("q-b", text="Fine.")
    someone.post("permission", permission="not-published")
    assert someone.send().status_code == 302
    assert Contribution.objects.get().prompt_key == "b"


# Questions that open and close ------------------------------------------------------------------


def test_pupils_are_asked_what_their_teacher_has_opened() -> None:
    session = approved()
    for key in ("when", "who", "agree", "promises"):
        actions.set_question(session, key, open_=False)
    someone = begun(session)
    assert someone.get("q-when").headers["Location"] == someone.address("q-feel")
    assert "Question 1 of 1" in someone.get("q-feel").content.decode()
    assert someone.post("q-feel", text="Mine.").headers["Location"] == someone.address("wait")
    assert "That is all for now" in someone.get("wait").content.decode()
    someone.post("wait", then="on")
    someone.post("permission", permission="not-published")
    assert someone.send().headers["Location"] == someone.address("sent")


def test_whoever_waits_comes_to_the_question_that_opens() -> None:
    session = approved()
    for key in ("who", "feel", "agree", "promises"):
        actions.set_question(session, key, open_=False)
    someone = begun(session)
    assert someone.post("q-when", chosen="p7").headers["Location"] == someone.address("wait")
    seen = someone.get("wait").content.decode().split('name="seen" value="')[1].split('"')[0]
    assert someone.post("wait", then="look", seen=seen).headers["Location"].endswith("wait/?looked=1")
    assert "Nothing new yet." in someone.get("wait", looked="1").content.decode()
    actions.set_question(session, "feel", open_=True)
    assert someone.post("wait", then="look", seen=seen).headers["Location"] == someone.address("q-feel")


def test_before_any_question_is_open_pupils_wait_and_cannot_send_nothing() -> None:
    session = approved()
    for key in ("when", "who", "feel", "agree", "promises"):
        actions.set_question(session, key, open_=False)
    someone = pupil(session)
    assert someone.post("age", age="12").headers["Location"] == someone.address("wait")
    page = someone.get("wait").content.decode()
    assert "No question is open yet" in page
    assert "Finish my answers" not in page
    someone.post("permission", permission="not-published")
    assert someone.send().status_code == 422
    assert not Receipt.objects.exists()


def test_an_answer_to_a_question_that_was_just_closed_is_kept() -> None:
    session = approved()
    someone = begun(session)
    assert someone.get("q-feel").status_code == 200
    actions.set_question(session, "feel", open_=False)
    assert someone.post("q-feel", text="I was still writing.").status_code == 302
    assert "I was still writing." in someone.get("q-feel").content.decode()
    someone.post("permission", permission="not-published")
    someone.send()
    assert Contribution.objects.get().wordings.get().text == "I was still writing."


def test_what_a_teacher_closed_is_still_asked_of_everybody_else() -> None:
    session = approved()
    actions.set_question(session, "feel", open_=False)
    someone = Respondent(session.engagement)
    someone.post("age", age="26-plus")
    assert someone.get("q-feel").status_code == 200
    assert someone.get("wait").status_code == 302


# One device, several pupils ---------------------------------------------------------------------


def test_finishing_clears_the_screen_for_the_next_pupil() -> None:
    session = approved()
    someone = sends(session, words="canary words")
    page = someone.get("sent").content.decode()
    assert "Finish and clear this screen" in page
    assert "Open my page now" not in page
    done = someone.post("sent")
    assert done.headers["Location"] == f"/join/?cleared=1&c={keys.class_code(session)}"
    assert done.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert someone.client.cookies["answers"].value == ""
    assert someone.client.cookies["class-visit"].value == ""
    next_page = someone.client.get(done.headers["Location"]).content.decode()
    assert "This screen is clear" in next_page
    assert keys.class_code(session) in next_page
    for step in ("sent", "check", "q-feel", "permission", ""):  # what the Back button asks for
        found = someone.client.get(someone.address(step), follow=True).content.decode()
        assert "canary words" not in found


def test_several_pupils_one_after_another_on_one_device() -> None:
    session = approved()
    client = Client()
    for n in range(3):
        someone = pupil(session, client)
        someone.post("age", age="12")
        assert "pupil" not in someone.get("q-feel").content.decode().replace("pupils", "")
        someone.post("q-feel", text=f"Said by pupil {n}.")
        someone.post("permission", permission="not-published")
        someone.send()
        someone.post("sent")
    assert Receipt.objects.count() == 3
    session.refresh_from_db()
    assert session.began == 3


def test_kid_1_stopping_throws_away_what_was_written_and_leaves_no_trace() -> None:
    session = approved()
    someone = begun(session)
    assert someone.post("q-feel", text="canary", then="leave").headers["Location"] == someone.address("leave")
    page = someone.get("leave").content.decode()
    assert "Stop and clear this screen" in page
    assert "Your code to come back with" not in page
    assert someone.post("leave").headers["Location"].startswith("/join/?cleared=1")
    assert (Draft.objects.count(), Receipt.objects.count()) == (0, 0)
    assert someone.client.cookies["answers"].value == ""


@pytest.mark.parametrize("step", ["age", "q-feel", "permission", "check", "wait", "leave"])
def test_nothing_of_a_class_outlives_the_browser_or_is_cached_in_it(step: str) -> None:
    session = approved()
    actions.set_question(session, "promises", open_=False)
    someone = begun(session, "Mine.")
    someone.post("permission", permission="not-published")
    answer = someone.get(step)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert "come back later" not in answer.content.decode()
    assert someone.client.cookies["answers"]["max-age"] == ""
    if step == "check":
        someone.send()
        assert someone.client.cookies["answers"]["max-age"] == ""


def test_outside_a_class_finishing_is_as_it_was() -> None:
    someone = Respondent(consultation())
    someone.fill()
    someone.send()
    assert "Open my page now" in someone.get("sent").content.decode()
    assert someone.post("sent").status_code == 200


# The end of the lesson --------------------------------------------------------------------------


def test_kid_2_a_lesson_that_ends_in_the_middle_of_an_answer_takes_nothing_away() -> None:
    session = approved()
    someone = begun(session)
    with at(session.closes_at + timedelta(minutes=2)):
        assert someone.post("q-feel", text="The bell rang.").status_code == 302
        page = someone.get("permission").content.decode()
        assert "The lesson ended at" in page
        assert "You can still send what you wrote, until" in page
        someone.post("permission", permission="not-published")
        assert someone.send().headers["Location"] == someone.address("sent")
    assert Contribution.objects.get().wordings.get().text == "The bell rang."


def test_kid_2_while_the_lesson_lasts_nothing_is_said_of_its_end() -> None:
    session = approved()
    someone = begun(session)
    with at(session.closes_at - timedelta(seconds=1)):
        assert "The lesson ended" not in someone.get("q-feel").content.decode()


@pytest.mark.parametrize("minutes", [10, 300])
def test_kid_2_after_the_grace_it_is_there_to_read_out_and_nothing_is_sent(minutes: int) -> None:
    session = approved()
    someone = begun(session, "Said before the bell.")
    someone.post("permission", permission="not-published")
    with at(session.closes_at + timedelta(minutes=minutes)):
        for answer in (
            someone.send(),
            someone.get("check"),
            someone.get(""),
            someone.post("q-feel", text="Typed after it."),
        ):
            assert answer.status_code == 410
            assert "The lesson is over" in answer.content.decode()
            assert "Said before the bell." in answer.content.decode()
        assert "Typed after it." in answer.content.decode()
        assert not Receipt.objects.exists()
        done = someone.post("leave")
        assert done.headers["Location"] == "/join/?cleared=1"  # no code: it is dead
    assert not Draft.objects.exists()


def test_kid_2_the_same_when_the_teacher_ends_it() -> None:
    session = approved()
    someone = begun(session, "Mine.")
    actions.end(session)
    assert "The lesson ended at" in someone.get("q-feel").content.decode()
    with at(timezone.now() + timedelta(minutes=11)):
        assert someone.get("q-feel").status_code == 410


def test_kid_2_a_code_that_staff_made_by_hand_ends_like_any_other() -> None:
    engagement = consultation()
    now = timezone.now()
    code = make_join_code(engagement, JoinCode.Kind.CLASS, now, now + timedelta(hours=1), None)
    someone = Respondent(engagement)
    someone.client.post("/join/", {"code": code})
    someone.post("age", age="12")
    with at(now + timedelta(minutes=65)):
        assert "The lesson ended at" in someone.get("q-feel").content.decode()
    with at(now + timedelta(minutes=75)):
        assert someone.get("q-feel").status_code == 410


def test_who_has_sent_keeps_their_code_on_the_screen_after_the_end() -> None:
    session = approved()
    someone = sends(session)
    with at(session.closes_at + timedelta(hours=1)):
        assert someone.get("sent").status_code == 200


def test_kid_2_the_end_holds_in_the_action_too() -> None:
    """A request that was on its way when the grace ran out."""
    from collaborative.consultations import actions as consultations
    from collaborative.contributions.actions import NotPossible

    session = approved()
    someone = begun(session, "Mine.")
    someone.post("permission", permission="not-published")
    token = someone.client.cookies["answers"].value
    with pytest.raises(NotPossible):
        consultations.send(session.engagement, token, session.grace_until)
    consultations.send(session.engagement, token, session.grace_until - timedelta(seconds=1))
