"""The clock: when it opens and closes, moved with a public reason, and what is typed when it closes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from collaborative.consultations.closing import move_closing
from collaborative.consultations.models import ClosingMove, ConsultationPage
from collaborative.contributions import drafts
from collaborative.contributions.models import Draft, LedgerEvent, Receipt
from collaborative.demonstration import as_of
from collaborative.errors import Refused
from collaborative.outcomes.models import DecisionPage
from collaborative.people.models import User
from tests.consultations.making import WORDS, Respondent, consultation, draft, publish
from tests.engagements.test_gates import posted as form_of
from tests.outcomes import deciding

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)
WHY = "A postal strike held up the paper forms."


def local(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def posted(closes: datetime, why: str = WHY) -> dict[str, str]:
    here = timezone.localtime(closes)
    return {"day": here.strftime("%Y-%m-%d"), "time": here.strftime("%H:%M"), "reason": why}


# By the clock -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "opens, closes, first, last",
    [
        # Through the spring change: 9am in winter time, 5pm in summer time.
        ("2027-03-01T09:00", "2027-06-01T17:00", "2027-03-01T09:00Z", "2027-06-01T16:00Z"),
        # Through the autumn change, the other way round.
        ("2027-09-01T09:00", "2027-12-01T17:00", "2027-09-01T08:00Z", "2027-12-01T17:00Z"),
        # On the very nights: an hour after midnight is still winter time, and still summer time.
        ("2027-03-28T00:30", "2027-10-31T00:30", "2027-03-28T00:30Z", "2027-10-30T23:30Z"),
        # Just after the hour that is left out, and after the one that comes twice.
        ("2027-03-28T02:00", "2027-10-31T02:00", "2027-03-28T01:00Z", "2027-10-31T02:00Z"),
    ],
)
def test_it_opens_and_closes_by_the_clock_on_the_wall_across_summer_time(
    opens: str, closes: str, first: str, last: str
) -> None:
    begins, ends = datetime.fromisoformat(first), datetime.fromisoformat(last)
    with as_of(begins - WEEK):
        page = draft(opens_at=local(opens), closes_at=local(closes), decides_by=(ends + WEEK).date())
        engagement = publish(page)
    second = timedelta(seconds=1)
    wanted = [
        (begins - second, 302, "Not open"),
        (begins, 200, ""),
        (ends - second, 200, ""),
        (ends, 410, "This has closed"),
    ]
    someone = Respondent(engagement)
    for now, status, words in wanted:
        with as_of(now):
            answer = someone.get("age")
            assert answer.status_code == status, now
            assert status == 302 or words in text(answer)
    with as_of(ends):
        at = timezone.localtime(ends).strftime("%-I%p").lower() if ends.minute == 0 else "12:30am"
        assert f"at {at}" in text(someone.get("age"))


@pytest.mark.parametrize(
    "typed, words",
    [
        ("2027-03-28 01:30", "leave this time out"),
        ("2027-10-31 01:30", "show this time twice"),
    ],
)
def test_the_editor_is_told_in_plain_words_about_an_hour_that_is_not_one_moment(
    typed: str, words: str, editor: User, client_for: Callable[[User], Client]
) -> None:
    page, staff = draft(), client_for(editor)
    data = {**form_of(page, staff, closes_at=typed), "action-publish": "1"}
    answer = staff.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)
    assert answer.status_code == 200
    assert words in str(answer.context["form"].errors["closes_at"])


@pytest.mark.parametrize("typed, words", [("2027-03-28", "leave this time out"), ("2027-10-31", "twice")])
def test_so_is_whoever_moves_the_closing(
    typed: str, words: str, editor: User, client_for: Callable[[User], Client]
) -> None:
    engagement = consultation(decides_by=datetime(2029, 1, 1).date())
    address = reverse("move_closing", args=[engagement.pk])
    answer = client_for(editor).post(address, {"day": typed, "time": "01:30", "reason": WHY})
    assert answer.status_code == 422
    assert words in text(answer) and WHY in text(answer) and 'value="01:30"' in text(answer)
    assert not ClosingMove.objects.exists()


# Moved ------------------------------------------------------------------------------------------


def test_a_day_that_people_were_told_is_not_changed_by_editing_it(editor: User) -> None:
    engagement = consultation()
    page = ConsultationPage.objects.get()
    standing = engagement.closes_at
    page.closes_at = page.closes_at + WEEK
    assert [rule.words for rule in page.checklist() if not rule.met] == [
        "It has opened, so its days are what people were told."
    ]
    with pytest.raises(Refused, match="Move the closing"):
        page.save_revision().publish()
    page = ConsultationPage.objects.get()
    page.opens_at = timezone.now() + WEEK
    with pytest.raises(Refused, match="It has opened"):
        page.save_revision().publish()
    engagement.refresh_from_db()
    assert engagement.closes_at == standing == ConsultationPage.objects.get().closes_at


def test_before_it_opens_its_days_are_only_a_plan() -> None:
    now = timezone.now()
    engagement = consultation(opens_at=now + WEEK, closes_at=now + 14 * WEEK)
    page = ConsultationPage.objects.get()
    page.opens_at, page.closes_at = now + 2 * WEEK, now + 15 * WEEK
    page.save_revision().publish()
    engagement.refresh_from_db()
    assert engagement.closes_at == now + 15 * WEEK and not ClosingMove.objects.exists()


@pytest.mark.parametrize(
    "later, verb, words",
    [
        (timedelta(days=7), "extended", "We gave more time."),
        (timedelta(days=-60), "shortened", "We brought the end forward."),
    ],
)
def test_an_extension_and_an_early_end_stand_on_the_page_with_their_reason_and_in_the_record(
    later: timedelta,
    verb: str,
    words: str,
    editor: User,
    client_for: Callable[[User], Client],
    stranger: Client,
) -> None:
    engagement = consultation()
    page = ConsultationPage.objects.get()
    page.summary = "A draft that somebody is writing."
    page.save_revision()
    to = (engagement.closes_at + later).replace(second=0, microsecond=0)
    staff = client_for(editor)
    address = reverse("move_closing", args=[engagement.pk])
    answer = staff.post(address, posted(to))
    assert answer.status_code == 302
    staff.post(address, posted(to))  # a second press
    move = ClosingMove.objects.get()
    assert (move.after, move.reason, move.by, move.verb) == (to, WHY, editor, verb)
    event = LedgerEvent.objects.get(verb=f"consultation.{verb}")
    assert (event.actor, event.subject) == (editor, f"engagement:{engagement.pk}")
    assert WHY not in str(event.data)
    shown = text(stranger.get("/consultations/starting/"))
    assert words in shown and WHY in shown and "Edith" not in shown
    assert "Edith" in text(staff.get(address))
    engagement.refresh_from_db()
    page = ConsultationPage.objects.get()
    assert engagement.closes_at == page.closes_at == to
    # What was being drafted can still be published, and carries the new day.
    page.get_latest_revision().publish()
    page.refresh_from_db()
    assert (page.closes_at, page.summary) == (to, "A draft that somebody is writing.")


def test_the_record_of_a_moved_closing_only_grows(editor: User) -> None:
    engagement = consultation()
    move_closing(engagement, engagement.closes_at + WEEK, WHY, by=editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClosingMove.objects.update(reason="Another reason.")
    with pytest.raises(IntegrityError), transaction.atomic():
        ClosingMove.objects.all().delete()


def test_con_3_an_early_end_says_why_it_was_open_for_less_than_12_weeks(
    editor: User, stranger: Client
) -> None:
    engagement = consultation()
    move_closing(engagement, timezone.now(), WHY, by=editor)
    page = ConsultationPage.objects.get()
    assert page.short_period_reason == WHY
    page.we_asked = "When?"
    page.we_asked_on = timezone.localdate()
    page.save_revision().publish()  # and so the page can go on
    assert text(stranger.get("/consultations/starting/")).count(WHY) == 1


@pytest.mark.parametrize(
    "days, why, message",
    [
        (7, " ", "Say why: people will read it."),
        (7, "x" * 1001, "at most 1000 characters"),
        (-80, WHY, "Choose a time from now on."),
        (0, WHY, "It closes at that time already."),
        (200, WHY, "they decide by"),
    ],
)
def test_what_cannot_be_comes_back_with_what_was_typed(
    days: int, why: str, message: str, editor: User, client_for: Callable[[User], Client]
) -> None:
    closes = (timezone.now() + timedelta(days=64)).replace(second=0, microsecond=0)
    engagement = consultation(closes_at=closes)
    answer = client_for(editor).post(
        reverse("move_closing", args=[engagement.pk]), posted(closes + timedelta(days=days), why)
    )
    assert answer.status_code == 422
    assert message in text(answer) and why.strip() in text(answer)
    assert not ClosingMove.objects.exists()


def test_who_does_not_publish_does_not_move(
    moderator: User, client_for: Callable[[User], Client], stranger: Client
) -> None:
    engagement = consultation()
    address = reverse("move_closing", args=[engagement.pk])
    to = engagement.closes_at + WEEK
    for browser in (client_for(moderator), stranger):
        assert browser.post(address, posted(to)).status_code == 302
    with pytest.raises(PermissionDenied):
        move_closing(engagement, to, WHY, by=moderator)
    assert not ClosingMove.objects.exists()


def test_the_editor_leads_there_once_it_has_opened(
    editor: User, client_for: Callable[[User], Client]
) -> None:
    staff = client_for(editor)
    now = timezone.now()
    coming = consultation(slug="coming", opens_at=now + WEEK, closes_at=now + 14 * WEEK)
    opened = consultation()
    for engagement, there in ((coming, False), (opened, True)):
        page = text(staff.get(reverse("wagtailadmin_pages:edit", args=[engagement.page_id])))
        assert (reverse("move_closing", args=[engagement.pk]) in page) is there
    refused = staff.post(reverse("move_closing", args=[coming.pk]), posted(now + 16 * WEEK))
    assert refused.status_code == 422 and "change the day in the editor" in text(refused)


# In the middle of an answer ---------------------------------------------------------------------


def test_closing_in_the_middle_of_an_answer_loses_nothing_and_more_time_lets_it_be_sent(editor: User) -> None:
    engagement = consultation(contact_email="late@example.org")
    someone = Respondent(engagement)
    someone.fill(words="An earlier answer.")
    code = someone.get("leave").context["code"]
    after = engagement.closes_at + timedelta(minutes=1)
    with as_of(after):
        answer = someone.post("q-feel", text=WORDS)
        assert answer.status_code == 410
        shown = text(answer)
        assert WORDS in shown and "Before the summer." in shown and "In P7" in shown
        assert "late@example.org" in shown and code in shown
        assert someone.client.cookies["answers"]["max-age"] > 13 * 24 * 3600
        # It is kept, and can be neither sent nor opened elsewhere.
        assert WORDS in text(someone.get("check"))
        assert someone.send().status_code == 410
        assert Client().post("/join/", {"code": code}).status_code == 422
        assert drafts.throw_away_expired() == 0
    with as_of(after + timedelta(days=1)):
        move_closing(engagement, engagement.closes_at + WEEK, WHY, by=editor)
        assert ClosingMove.objects.get().verb == "reopened"
        assert WORDS in text(someone.get("q-feel"))
        assert someone.send().headers["Location"] == someone.address("sent")
    given = Receipt.objects.get().contributions.with_newest_text()
    assert WORDS in {one.newest_text for one in given} and not Draft.objects.exists()


def test_what_was_begun_goes_two_weeks_after_the_close_or_at_once(stranger: Client) -> None:
    engagement = consultation()
    someone, other = Respondent(engagement), Respondent(engagement)
    someone.fill()
    other.fill()
    with as_of(engagement.closes_at + timedelta(days=1)):
        assert someone.post("leave").status_code == 302
        assert WORDS not in text(someone.get("check"))
    assert Draft.objects.count() == 1
    assert drafts.throw_away_expired(engagement.closes_at + timedelta(days=13)) == 0
    assert drafts.throw_away_expired(engagement.closes_at + timedelta(days=14)) == 1


def test_an_early_end_stops_whoever_is_in_the_middle(editor: User) -> None:
    engagement = consultation()
    someone = Respondent(engagement)
    someone.fill()
    move_closing(engagement, timezone.now(), WHY, by=editor)
    answer = someone.post("check")
    assert answer.status_code == 410 and WORDS in text(answer)
    assert not Receipt.objects.exists()


def test_what_was_answered_is_not_opened_again(editor: User) -> None:
    engagement = consultation()
    move_closing(engagement, timezone.now(), WHY, by=editor)
    deciding.draft(answers=[], engagements=[engagement])
    DecisionPage.objects.update(live=True)  # whether it may be published is tested where decisions are
    with pytest.raises(Refused, match="A decision has answered it"):
        move_closing(engagement, timezone.now() + WEEK, WHY, by=editor)
