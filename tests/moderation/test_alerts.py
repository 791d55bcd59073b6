"""Who is told of a concern, when again, and never a word of it (SAF-2)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from collaborative.demonstration import as_of
from collaborative.moderation import actions, alerts
from collaborative.moderation.models import SafeguardingCase, SafetySettings
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.cast import person
from tests.moderation.giving import engagement, said
from tests.moderation.naming import deputy_of, guarded, lead_of, weekday_hours

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(settings: Any) -> Any:
    """Tasks wait in the database, as they do on a real site, until this runs those that are due."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

    def run(moment: datetime | None = None) -> None:
        with as_of(moment or timezone.now()):
            while row := DBTaskResult.objects.ready().order_by("run_after").first():
                row.claim("test")
                row.task.call(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])
                row.set_successful(None)

    return run


def told() -> list[str]:
    """Who got a message since the last time, and how many."""
    found = sorted(message.to[0] for message in mail.outbox)
    mail.outbox.clear()
    return found


def addresses(*people: User) -> list[str]:
    return sorted(person.email for person in people)


def test_saf_2_the_lead_is_told_first_and_the_message_holds_no_content(
    moderator: User, safeguarding_lead: User
) -> None:
    where = guarded()
    case = actions.escalate(said("Canary words", where=where), by=moderator)
    (message,) = mail.outbox
    assert message.to == [lead_of(where).email]
    assert f"/admin/safeguarding/{case.pk}/" in message.body
    for private in ("Canary", where.title, case.contribution.reference, moderator.email, "13-15"):
        assert private not in message.body + message.subject


def test_saf_2_outside_the_hours_lead_and_deputy_are_told_at_once(moderator: User) -> None:
    where = guarded(hours=weekday_hours())
    actions.escalate(said(where=where), by=moderator)
    assert told() == addresses(lead_of(where), deputy_of(where))


def test_saf_2_on_a_day_without_cover_too(moderator: User) -> None:
    SafetySettings.objects.create(days_off=timezone.localdate().isoformat())
    where = guarded()
    actions.escalate(said(where=where), by=moderator)
    assert told() == addresses(lead_of(where), deputy_of(where))


def test_saf_2_the_whole_role_is_told_where_nobody_is_named(moderator: User, safeguarding_lead: User) -> None:
    other = person("Sorcha", Role.SAFEGUARDING)
    actions.escalate(said(where=engagement()), by=moderator)
    assert told() == addresses(other, safeguarding_lead)


def test_saf_2_whoever_is_named_and_cannot_open_it_is_not_told(
    moderator: User, safeguarding_lead: User
) -> None:
    where = guarded()
    User.objects.filter(pk=where.safeguarding_lead_id).update(is_active=False)
    actions.escalate(said(where=where), by=moderator)
    assert told() == addresses(deputy_of(where))
    deputy_of(where).groups.clear()
    actions.escalate(said(where=where), by=moderator)
    assert told() == addresses(safeguarding_lead)


def test_saf_2_told_again_and_to_more_people_until_somebody_opens_it(
    moderator: User, safeguarding_lead: User, later: Any
) -> None:
    where, now = guarded(), timezone.now()
    case = actions.escalate(said("Canary", where=where), by=moderator)
    named = addresses(lead_of(where), deputy_of(where))
    later()
    assert told() == addresses(lead_of(where))
    later(now + timedelta(minutes=59))
    assert told() == []
    later(now + timedelta(minutes=61))
    assert told() == named
    later(now + timedelta(minutes=125))
    assert sorted(message.to[0] for message in mail.outbox) == sorted([*named, safeguarding_lead.email])
    for message in mail.outbox:
        named_for_it = message.to[0] in named
        assert (f"/admin/safeguarding/{case.pk}/" in message.body) == named_for_it
        assert "Canary" not in message.body
        assert where.title not in message.body
    told()
    actions.view_case(SafeguardingCase.objects.get(), by=deputy_of(where))
    later(now + timedelta(days=2))
    assert told() == []


def test_saf_2_how_long_nobody_may_leave_it_unopened_is_a_setting(moderator: User, later: Any) -> None:
    SafetySettings.objects.create(unopened_minutes=10)
    where, now = guarded(), timezone.now()
    actions.escalate(said(where=where), by=moderator)
    later()
    told()
    later(now + timedelta(minutes=11))
    assert told() == addresses(lead_of(where), deputy_of(where))


def test_saf_2_a_case_that_was_closed_or_opened_is_told_to_nobody_again(moderator: User, later: Any) -> None:
    where, now = guarded(), timezone.now()
    actions.close_case(actions.escalate(said(where=where), by=moderator), "Ended", by=lead_of(where))
    later(now + timedelta(hours=5))
    assert told() == []


def test_saf_2_a_concern_raised_anew_has_an_alarm_of_its_own(moderator: User, later: Any) -> None:
    where, now = guarded(), timezone.now()
    case = actions.escalate(said(where=where), by=moderator)
    later()
    told()
    actions.close_case(case, "Ended", by=lead_of(where), back_to_queue=True)
    with as_of(now + timedelta(minutes=30)):
        case.contribution.refresh_from_db()
        actions.escalate(case.contribution, by=moderator)
    later(now + timedelta(minutes=61))
    assert told() == addresses(lead_of(where))  # of the second alarm; the first has nothing to say
    later(now + timedelta(minutes=95))
    assert told() == addresses(lead_of(where), deputy_of(where))


def test_saf_2_the_nightly_net_tells_what_a_dead_worker_did_not(moderator: User, later: Any) -> None:
    where, now = guarded(), timezone.now()
    actions.escalate(said(where=where), by=moderator)
    DBTaskResult.objects.all().delete()  # whatever was to happen is lost
    assert alerts.sweep() == 0
    with as_of(now + timedelta(hours=3)):
        assert alerts.sweep() == 1
    later(now + timedelta(hours=3))
    assert told() == addresses(lead_of(where), deputy_of(where))
    actions.view_case(SafeguardingCase.objects.get(), by=lead_of(where))
    assert alerts.sweep(now + timedelta(hours=9)) == 0


def test_saf_2_the_alarm_never_ends_by_itself(moderator: User, later: Any) -> None:
    where = guarded()
    actions.escalate(said(where=where), by=moderator)
    SafeguardingCase.objects.update(alerts=alerts.ROUNDS + 3)
    assert alerts.sweep(timezone.now() + timedelta(days=1)) == 1


def test_a_message_that_mail_does_not_take_is_tried_again_later(
    moderator: User, safeguarding_lead: User, later: Any, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "tests.moderation.no_mail.Backend"
    case = actions.escalate(said(), by=moderator)
    messages = DBTaskResult.objects.filter(task_path="collaborative.moderation.alerts.tell")
    assert [row.args_kwargs["args"] for row in messages] == [[safeguarding_lead.pk, case.pk, 1]]
    alerts.tell.call(safeguarding_lead.pk, case.pk, 1)
    again = messages.order_by("-enqueued_at").first()
    assert again.args_kwargs["args"][3] == 2
    assert again.run_after > again.enqueued_at


def test_nobody_to_tell_is_said_in_the_log(moderator: User, caplog: pytest.LogCaptureFixture) -> None:
    actions.escalate(said(), by=moderator)
    assert "nobody holds the safeguarding role" in caplog.text
    assert not mail.outbox
