"""The author is told, with the rule, and may ask once for a second person to look (KC-5, KC-6)."""

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail

from collaborative.contributions.actions import NotPossible, withdraw
from collaborative.contributions.models import Contribution, LedgerEvent, State
from collaborative.moderation import actions, notices
from collaborative.moderation.models import Appeal, Check, Flag
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.cast import person
from tests.moderation.giving import rule, said

pytestmark = pytest.mark.django_db
CANARY = "zqwlmcanary"


@pytest.fixture
def other(db: None) -> User:
    return person("Max", Role.MODERATORS)


def refused(by: User, **about: Any) -> Contribution:
    row = said(f"{CANARY} Dan did it.", **about)
    actions.refuse(row, rule(), by=by)
    return row


def redacted(by: User, **about: Any) -> Contribution:
    row = said(f"{CANARY} Dan did it.", **about)
    actions.release_redacted(row, f"{CANARY} [removed] did it.", "A name.", by=by)
    return row


def test_kc_6_a_refusal_is_told_by_mail_with_the_rule_and_not_one_of_the_words(moderator: User) -> None:
    refused(moderator, contact_email="kim@example.org")
    (message,) = mail.outbox
    assert message.to == ["kim@example.org"]
    for part in (rule().title, rule().text, rule().kind_reason, "/receipt/", "second person"):
        assert part in message.body
    assert CANARY not in message.body + message.subject and "C-" not in message.body


def test_kc_6_taking_words_out_is_told_too_and_a_plain_release_is_not(moderator: User) -> None:
    redacted(moderator, contact_email="kim@example.org")
    assert "took some words out" in mail.outbox[0].body and CANARY not in mail.outbox[0].body
    actions.release(said(contact_email="kim@example.org"), by=moderator)
    assert len(mail.outbox) == 1


def test_an_account_is_told_at_its_own_address_and_where_to_read_it_without_a_code(
    moderator: User, signed_in_person: User
) -> None:
    row = said(CANARY)
    Contribution.objects.filter(pk=row.pk).update(author=signed_in_person)
    actions.refuse(Contribution.objects.get(pk=row.pk), rule(), by=moderator)
    (message,) = mail.outbox
    assert message.to == [signed_in_person.email] and "/receipt/mine/" in message.body


def test_without_an_address_nobody_is_written_to(moderator: User) -> None:
    refused(moderator)
    assert mail.outbox == []


def test_the_message_waits_until_the_decision_cannot_be_taken_back_by_a_press(
    moderator: User, settings: Any
) -> None:
    from django_tasks_db.models import DBTaskResult

    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
    row = said(CANARY, contact_email="kim@example.org")
    found = actions.decide_together([row.reference], rule=rule(), by=moderator)
    task = DBTaskResult.objects.get(task_path__endswith="tell_decision")
    assert found.batch and task.run_after >= found.batch.until and mail.outbox == []
    assert CANARY not in str(task.args_kwargs)
    actions.undo(found.batch, by=moderator)
    notices.tell_decision.func(Check.objects.get().pk)
    assert mail.outbox == []


@pytest.mark.parametrize("since", ["escalated", "withdrawn", "released"])
def test_saf_2_nothing_is_told_once_something_else_has_happened(
    since: str, moderator: User, other: User
) -> None:
    row = refused(moderator, contact_email="kim@example.org")
    mail.outbox.clear()
    if since == "escalated":
        actions.escalate(row, by=other)
    elif since == "withdrawn":
        withdraw(row.receipt)
    else:
        actions.release(row, by=other)
    mail.outbox.clear()
    notices.tell_decision.func(Check.objects.order_by("pk")[0].pk)
    assert mail.outbox == []


def test_a_mail_server_that_is_down_is_asked_again(moderator: User, settings: Any) -> None:
    from django_tasks_db.models import DBTaskResult

    row = refused(moderator, contact_email="kim@example.org")
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
    settings.EMAIL_BACKEND = "tests.moderation.no_mail.Backend"
    notices.tell_decision.func(row.checks.get().pk)
    assert DBTaskResult.objects.get(task_path__endswith="tell_decision").args_kwargs["args"][1] == 2


@pytest.mark.parametrize("make", [refused, redacted])
def test_kc_6_a_second_look_is_asked_once_and_decided_by_somebody_else(
    make: Callable[..., Contribution], moderator: User, other: User
) -> None:
    row = make(moderator)
    appeal = actions.ask_again(row)
    assert actions.ask_again(row) == appeal and Appeal.objects.open().get() == appeal
    assert row.flags.get().flag == Flag.APPEAL
    state = row.state
    for decide in (
        lambda: actions.uphold(row, by=moderator),
        lambda: actions.put_words_back(row, by=moderator),
        lambda: actions.refuse(row, rule(2), by=moderator, seen=state),
        lambda: actions.release(row, by=moderator, seen=state),
    ):
        with contextlib.suppress(NotPossible):
            decide()
        assert Contribution.objects.get(pk=row.pk).state == state
        assert row.wordings.count() == (1 if state == State.REFUSED else 2)
    assert Appeal.objects.get().is_open
    actions.uphold(row, by=other)
    appeal.refresh_from_db()
    assert (appeal.outcome, appeal.decided_by) == (Appeal.Outcome.STANDS, other)
    assert Check.objects.order_by("-pk")[0].outcome == Check.Outcome.STANDS
    actions.uphold(row, by=other)  # a double click
    assert Check.objects.filter(outcome=Check.Outcome.STANDS).count() == 1
    with pytest.raises(NotPossible):
        actions.ask_again(row)


def test_kc_6_the_second_person_may_release_it_and_the_first_may_not_undo_that(
    moderator: User, other: User
) -> None:
    row = refused(moderator, contact_email="kim@example.org")
    mail.outbox.clear()
    actions.ask_again(row)
    actions.release(row, by=other)
    appeal = Appeal.objects.get()
    assert (appeal.outcome, appeal.decided_by) == (Appeal.Outcome.CHANGED, other)
    (message,) = mail.outbox
    assert "decided it differently" in message.body and CANARY not in message.body
    with pytest.raises(NotPossible):
        actions.refuse(row, rule(), by=moderator)
    actions.escalate(row, by=moderator)  # but a concern always goes through


def test_kc_6_the_second_person_may_put_the_words_back_whole(moderator: User, other: User) -> None:
    row = redacted(moderator)
    actions.ask_again(row)
    actions.put_words_back(row, by=other)
    assert Contribution.objects.public().get().public_text == f"{CANARY} Dan did it."
    assert Appeal.objects.get().outcome == Appeal.Outcome.CHANGED
    assert [wording.number for wording in row.wordings.order_by("number")] == [1, 2, 3]


@pytest.mark.parametrize("state", ["held", "released", "escalated", "withdrawn"])
def test_only_what_was_refused_or_cut_can_be_looked_at_again(state: str, moderator: User) -> None:
    row = said()
    if state == "released":
        actions.release(row, by=moderator)
    elif state == "escalated":
        actions.escalate(row, by=moderator)
    elif state == "withdrawn":
        withdraw(row.receipt)
    with pytest.raises(NotPossible):
        actions.ask_again(row)
    assert not Appeal.objects.exists()


def test_saf_2_what_went_to_safeguarding_meanwhile_is_no_moderators_to_decide(
    moderator: User, other: User
) -> None:
    row = refused(moderator)
    actions.ask_again(row)
    actions.escalate(row, by=other)
    assert not Appeal.objects.open().exists()
    with pytest.raises(NotPossible):
        actions.uphold(row, by=other)


def test_the_record_says_that_it_was_asked_and_how_it_ended_without_a_word(
    moderator: User, other: User
) -> None:
    row = refused(moderator)
    actions.ask_again(row)
    actions.uphold(row, by=other)
    events = LedgerEvent.objects.filter(verb__startswith="appeal.")
    assert [event.verb for event in events.order_by("pk")] == ["appeal.asked", "appeal.decided"]
    assert CANARY not in str(list(events.values()))


def test_kc_6_where_nobody_is_there_to_look_again_both_who_waits_and_who_can_help_are_told(
    moderator: User, administrator: User, client_for: Callable[[User], Any]
) -> None:
    actions.ask_again(refused(moderator))
    alone, helper = client_for(moderator), client_for(administrator)
    assert "Nobody but you checks here" in alone.get("/admin/waiting/second-looks/").content.decode()
    assert "no second moderator" in helper.get("/admin/").content.decode()
    assert "no second moderator" not in alone.get("/admin/").content.decode()
    second = person("Max", Role.MODERATORS)
    assert "Nobody but you" not in alone.get("/admin/waiting/second-looks/").content.decode()
    assert "no second moderator" not in helper.get("/admin/").content.decode()
    User.objects.filter(pk=second.pk).update(is_active=False)
    assert Appeal.objects.stuck().count() == 1
    User.objects.filter(pk=moderator.pk).update(is_active=False)
    Check.objects.update(by=None)  # whoever decided first has gone; any moderator may look
    assert not Appeal.objects.stuck().exists()
