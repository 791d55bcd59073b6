"""Staff approve a class or say why not; whom to ring at the school is theirs and safeguarding's alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collaborative import outbox
from collaborative.consultations.classes import actions, keys
from collaborative.consultations.models import ClassSession
from collaborative.contributions.models import Contribution, Draft, LedgerEvent
from collaborative.engagements.models import Engagement, JoinCode
from collaborative.errors import Refused
from collaborative.moderation import actions as moderation
from collaborative.people.models import User
from tests.consultations.classes import making
from tests.consultations.classes.making import CONTACT, CONTACT_HOW, approved, asked
from tests.consultations.making import consultation

pytestmark = pytest.mark.django_db


def test_an_approved_class_has_a_code_in_its_window_and_a_letter_with_a_private_link(editor: User) -> None:
    session = asked()
    actions.approve(session, by=editor, reason="See you on Tuesday.")
    session.refresh_from_db()
    code = session.join_code
    assert code is not None
    assert (code.kind, code.valid_from, code.valid_until) == (
        JoinCode.Kind.CLASS,
        session.opens_at,
        session.closes_at,
    )
    assert LedgerEvent.objects.get(verb="class.approved").actor == editor
    mail.outbox.clear()
    outbox.sweep()
    letter = next(one for one in mail.outbox if "private" in one.body or "yours" in one.body)
    assert keys.link(session) in letter.body
    assert "See you on Tuesday." in letter.body
    for secret in (CONTACT, CONTACT_HOW, keys.class_code(session)):
        assert secret not in letter.body


def test_approving_twice_makes_one_code_and_one_letter(editor: User) -> None:
    session = asked()
    for _time in range(2):
        actions.approve(session, by=editor)
    outbox.sweep()
    assert JoinCode.objects.count() == 1
    assert len(mail.outbox) == 1  # and not "we have your request", which says less


def test_a_class_is_refused_with_a_reason_that_its_teacher_reads(editor: User) -> None:
    session = asked()
    with pytest.raises(Refused, match="Say why"):
        actions.refuse(session, by=editor, reason=" ")
    actions.refuse(session, by=editor, reason="We cannot reach your school.")
    outbox.sweep()
    assert any("We cannot reach your school." in one.body for one in mail.outbox)
    session.refresh_from_db()
    assert (session.state, session.join_code) == ("refused", None)
    with pytest.raises(Refused, match="differently"):
        actions.approve(session, by=editor)


@pytest.mark.parametrize(
    "gap, words",
    [
        ({"safeguarding_deputy": None}, "name the deputy"),
        ({"cover_times": {}}, "somebody can be reached"),
        ({"lundy_audience": ""}, "name who listens"),
        ({"invites_under_18": False}, "18 or over"),
    ],
)
def test_saf_1_lun_1_nothing_is_approved_while_the_gate_is_not_whole(
    editor: User, client_for: Any, gap: dict[str, Any], words: str
) -> None:
    session = asked()
    Engagement.objects.update(**gap)
    with pytest.raises(Refused, match=words):
        actions.approve(ClassSession.objects.get(), by=editor)
    answer = client_for(editor).post(f"/admin/classes/{session.pk}/", {"do": "approve", "reason": "Fine."})
    assert words in answer.content.decode()
    session.refresh_from_db()
    assert (session.state, JoinCode.objects.count()) == ("asked", 0)


def test_age_1_a_class_below_the_floor_is_not_approved(editor: User, settings: Any) -> None:
    session = asked()
    settings.WITH_ADULT_FROM = 12
    with pytest.raises(Refused, match="below the age"):
        actions.approve(session, by=editor)


def test_a_class_whose_time_has_passed_is_not_approved(editor: User) -> None:
    session = asked()
    with pytest.raises(Refused, match="passed"):
        actions.approve(session, by=editor, now=timezone.now() + timedelta(hours=2))


@pytest.mark.parametrize("who", ["board_member", "analyst", "moderator", "safeguarding_lead", "secretary"])
def test_who_may_not_make_codes_decides_nothing_and_sees_no_contact(
    who: str, request: pytest.FixtureRequest, client_for: Any
) -> None:
    session, user = asked(), request.getfixturevalue(who)
    for act in (actions.approve, actions.refuse, actions.stop):
        with pytest.raises(PermissionDenied):
            act(session, by=user, reason="Yes.")  # type: ignore[operator]
    for address in ("/admin/classes/", f"/admin/classes/{session.pk}/"):
        answer = client_for(user).get(address, follow=True)
        assert CONTACT not in answer.content.decode()


@pytest.mark.parametrize("who", ["editor", "facilitator", "administrator"])
def test_those_who_may_make_codes_see_whom_to_ring_and_decide(
    who: str, request: pytest.FixtureRequest, client_for: Any
) -> None:
    session, client = asked(), client_for(request.getfixturevalue(who))
    assert session.label in client.get("/admin/classes/").content.decode()
    assert CONTACT not in client.get("/admin/classes/").content.decode()
    page = client.get(f"/admin/classes/{session.pk}/")
    assert CONTACT_HOW in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    answer = client.post(f"/admin/classes/{session.pk}/", {"do": "approve", "reason": ""})
    assert answer.headers["Location"] == "/admin/classes/"
    session.refresh_from_db()
    assert session.is_approved


def test_saying_no_without_a_reason_keeps_the_screen(editor: User, client_for: Any) -> None:
    session = asked()
    answer = client_for(editor).post(f"/admin/classes/{session.pk}/", {"do": "refuse", "reason": ""})
    assert "Say why. The teacher reads it." in answer.content.decode()
    assert ClassSession.objects.get().state == "asked"


def test_the_list_asks_the_database_the_same_for_twenty_as_for_one(
    editor: User, client_for: Any, django_assert_max_num_queries: Any
) -> None:
    engagement, client = consultation(), client_for(editor)
    asked(engagement)
    client.get("/admin/classes/")
    with CaptureQueriesContext(connection) as one:
        client.get("/admin/classes/")
    for n in range(19):
        asked(engagement, key=f"k{n}")
    with django_assert_max_num_queries(len(one)):
        client.get("/admin/classes/")


# Stopping ---------------------------------------------------------------------------------------


def test_kid_2_a_class_that_staff_stop_has_no_code_and_its_teacher_reads_why(editor: User) -> None:
    session = approved()
    sent = making.sends(session, words="Ask me first.")
    writing = making.pupil(session)
    with pytest.raises(Refused, match="Say why"):
        actions.stop(session, by=editor, reason=" ")
    for _twice in range(2):
        actions.stop(session, by=editor, reason="Your school tells us that nobody knows of this.")
    mail.outbox.clear()
    outbox.sweep()
    letters = [one.body for one in mail.outbox]
    assert len(letters) == 1 and "nobody knows of this" in letters[0]  # and none with the private link
    session.refresh_from_db()
    assert session.stopped and session.is_over() and not session.is_open()
    late = Client().post("/join/", {"code": keys.class_code(session)})
    assert "Location" not in late.headers
    assert session.engagement.receipts.count() == 1 and sent is not writing
    assert LedgerEvent.objects.filter(verb="class.stopped", actor=editor).count() == 1
    page = Client().get(f"/class/{keys.token_of(session)}/").content.decode()
    assert "We stopped it on" in page


def test_a_class_before_its_time_can_be_stopped_and_one_that_is_over_or_waits_cannot(editor: User) -> None:
    later = {
        "opens_at": timezone.now() + timedelta(days=1),
        "closes_at": timezone.now() + timedelta(days=1.02),
    }
    session = approved(**later)
    actions.stop(session, by=editor, reason="The consultation is put off.")
    session.refresh_from_db()
    assert session.is_over() and session.join_code is not None
    assert session.join_code.valid_until < session.opens_at
    waits = asked(session.engagement, key="waits")
    over = approved(session.engagement, key="over")
    actions.end(over)
    for other in (waits, over):
        with pytest.raises(Refused, match="nothing to stop"):
            actions.stop(other, by=editor, reason="Too late.")


def test_the_press_that_stops_a_class(editor: User, client_for: Any) -> None:
    session, client = approved(), client_for(editor)
    address = f"/admin/classes/{session.pk}/"
    assert "Stop this class" in client.get(address).content.decode()
    without = client.post(address, {"do": "stop", "reason": ""})
    assert (without.status_code, "Say why." in without.content.decode()) == (422, True)
    client.post(address, {"do": "stop", "reason": "A mistake of ours."})
    page = client.get(address).content.decode()
    assert "Stopped by us on" in page and "A mistake of ours." in page
    assert 'value="stop"' not in page
    assert "Stopped" in client.get("/admin/classes/").content.decode()


# Forgetting -------------------------------------------------------------------------------------


def test_ret_1_who_asked_and_whom_to_ring_is_forgotten_after_a_month() -> None:
    session = approved()
    assert actions.forget_old(session.closes_at + timedelta(days=29)) == 0
    assert actions.forget_old(session.closes_at + timedelta(days=31)) == 1
    session.refresh_from_db()
    kept = [session.teacher, session.email, session.contact_name, session.contact_how, session.contact_hours]
    assert kept == [""] * 5
    assert actions.forget_old(session.closes_at + timedelta(days=32)) == 0
    assert outbox.sweep() == 0 or not any(CONTACT in one.body for one in mail.outbox)


def test_saf_2_while_a_case_from_the_class_is_open_nobody_forgets_whom_to_ring(moderator: User) -> None:
    session = approved()
    making.sends(session, words="I am not safe at home.")
    moderation.escalate(Contribution.objects.get(), by=moderator)
    assert actions.forget_old(session.closes_at + timedelta(days=31)) == 0
    session.refresh_from_db()
    assert session.contact_how == CONTACT_HOW


def test_saf_2_the_same_while_a_teacher_has_told_us_something(stranger: Client) -> None:
    session = approved()
    moderation.report("A pupil.", about="safety", page=f"Class: {session.label}", key="told")
    assert actions.forget_old(session.closes_at + timedelta(days=31)) == 0


def test_what_was_begun_in_a_class_and_not_sent_goes_the_day_after() -> None:
    session = approved()
    making.pupil(session).post("age", age="12")
    actions.forget_old(session.closes_at + timedelta(hours=1))
    assert Draft.objects.count() == 1
    actions.forget_old(session.closes_at + timedelta(days=1, minutes=1))
    assert Draft.objects.count() == 0
