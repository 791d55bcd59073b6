"""Being told by e-mail: asked for, confirmed, stopped by one press; nothing lost, twice or removed in it."""

from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from collaborative import outbox
from collaborative.contributions import actions as contributions
from collaborative.contributions.actions import NotPossible
from collaborative.models import Message
from collaborative.moderation import actions as moderation
from collaborative.threads import actions
from collaborative.threads.actions import mailing
from collaborative.threads.models import Comment, Subscription, Thread
from tests.threads import talking

pytestmark = pytest.mark.django_db
Committed = Callable[..., Any]


@pytest.fixture
def sent(django_capture_on_commit_callbacks: Committed) -> Committed:
    """`with sent():` what is written down inside goes out at its end."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def told(thread: Thread, how: str = "replies") -> tuple[Comment, Subscription]:
    """Somebody with an account who has said something and wants to hear."""
    user = talking.person_of("Ann")
    comment = talking.shown(thread, "What about the boats?", user=user)
    row = mailing.subscribe(thread, how, voice=comment.voice, user=user)
    return comment, row


def stop_link(message: Any) -> str:
    return message.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")


def test_a_reply_is_told_once_it_stands(sent: Committed) -> None:
    thread = talking.thread()
    comment, _row = told(thread)
    with sent():
        reply = talking.say(thread, "They sail on Tuesdays.", parent=comment)
    assert mail.outbox == []  # it waits to be checked
    with sent():
        talking.release(reply)
    message = mail.outbox[0]
    assert message.to == ["ann@example.org"] and "They sail on Tuesdays." in message.body
    assert f"/comments/{thread.pk}/?at={reply.pk}" in message.body
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    talking.refuse(reply)
    with sent():
        talking.release(reply)  # back again: no news
    assert len(mail.outbox) == 1


def test_an_official_reply_is_told_and_ones_own_is_not(sent: Committed) -> None:
    thread = talking.thread()
    comment, _row = told(thread)
    with sent():
        actions.answer(thread, "Daily.", by=talking.person_of("Edwina"), key="k", under=comment)
        talking.say(thread, "Thanks!", by=comment.voice, parent=talking.again(comment))
    assert ["Daily." in one.body for one in mail.outbox] == [True]


def test_nobody_is_told_who_did_not_ask(sent: Committed) -> None:
    thread = talking.thread()
    comment = talking.shown(thread)
    with sent():
        talking.shown(thread, "A reply.", parent=comment)
    assert mail.outbox == [] and not Message.objects.exists()


GOING: dict[str, Callable[[Comment], object]] = {
    "refused": talking.refuse,
    "passed on": lambda c: moderation.escalate(c.contribution, by=talking.moderator()),
    "taken back": lambda c: actions.take_back(c, voice=c.voice),
    "erased": lambda c: contributions.erase(c.contribution),
    "kept private": lambda c: contributions.change_permission(c.contribution.receipt, "not-published"),
    "its page taken down": lambda c: Page.objects.filter(pk=c.thread.page_id).update(live=False),
}


@pytest.mark.parametrize("way", GOING)
def test_removed_text_is_in_no_message_that_was_not_sent_yet(way: str) -> None:
    thread = talking.thread()
    comment, _row = told(thread)
    reply = talking.shown(thread, "They sail on Tuesdays.", parent=comment)
    daily = talking.person_of("Bea")
    mailing.subscribe(thread, "daily", voice=talking.voice(thread, daily), user=daily)
    Subscription.objects.filter(how="daily").update(last_seq=0)
    assert mailing.digests() == 1 and Message.objects.count() == 2
    GOING[way](talking.again(reply))
    outbox.sweep()
    assert all("They sail" not in message.body for message in mail.outbox)
    assert Message.objects.get(kind=mailing.REPLY).state == "dropped"


def test_words_removed_meanwhile_are_not_in_the_message() -> None:
    thread = talking.thread()
    comment, _row = told(thread)
    reply = talking.shown(thread, "Ask Morag Weir.", parent=comment)
    moderation.release_redacted(
        talking.again(reply).contribution, "Ask [removed].", "A name.", by=talking.moderator()
    )
    outbox.sweep()
    assert "Ask [removed]." in mail.outbox[0].body and "Morag" not in mail.outbox[0].body


def test_the_daily_message_tells_what_is_new_once() -> None:
    thread = talking.thread()
    _comment, _row = told(thread, "daily")
    for n in range(3):
        talking.shown(thread, f"News {n}.")
    assert mailing.digests() == 1
    assert mailing.digests() == 0
    outbox.sweep()
    body = mail.outbox[0].body
    assert all(f"News {n}." in body for n in range(3)) and "What about the boats?" not in body
    assert mailing.digests() == 0 and len(mail.outbox) == 1


def test_rfc_8058_one_press_of_a_mail_program_stops_it() -> None:
    thread = talking.thread()
    comment, row = told(thread)
    talking.shown(thread, "One.", parent=comment)
    outbox.sweep()
    link = stop_link(mail.outbox[0])
    program = Client(enforce_csrf_checks=True)
    assert "No more e-mail about this?" in program.get(link).content.decode()
    assert Subscription.objects.active().exists()  # opening it is no press
    talking.shown(thread, "Two.", parent=talking.again(comment))  # written down, not sent yet
    assert program.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    row.refresh_from_db()
    assert row.stopped_at and row.email == ""
    outbox.sweep()
    assert len(mail.outbox) == 1
    assert program.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert program.post(link.replace("stop/", "stop/x"), {}).status_code == 404


def test_an_address_without_an_account_is_confirmed_first(sent: Committed) -> None:
    thread = talking.thread()
    comment = talking.shown(thread)
    with sent():
        mailing.subscribe(thread, "replies", voice=comment.voice, email="pat@example.net")
    talking.shown(thread, "A reply.", parent=comment)
    outbox.sweep()
    assert len(mail.outbox) == 1 and "A reply." not in mail.outbox[0].body
    link = next(line for line in mail.outbox[0].body.splitlines() if "/mail/confirm/" in line)
    link = link.removeprefix("http://127.0.0.1:8000")
    browser = Client()
    assert "Is this your address?" in browser.get(link).content.decode()
    assert not Subscription.objects.active().exists()
    browser.post(link)
    assert Subscription.objects.active().exists()
    talking.shown(thread, "Another reply.", parent=comment)
    outbox.sweep()
    assert "Another reply." in mail.outbox[-1].body


def confirming_links() -> list[str]:
    lines = [line for message in mail.outbox for line in message.body.splitlines()]
    return [line.removeprefix("http://127.0.0.1:8000").strip() for line in lines if "/mail/confirm/" in line]


def test_nobody_confirms_an_address_that_is_not_theirs(sent: Committed) -> None:
    thread = talking.thread()
    comment = talking.shown(thread)
    for address in ("mine@example.net", "yours@example.net"):
        with sent():
            mailing.subscribe(thread, "replies", voice=comment.voice, email=address)
    assert [message.to for message in mail.outbox] == [["mine@example.net"], ["yours@example.net"]]
    of_mine, of_yours = confirming_links()
    assert "example.net" not in of_mine and of_mine != of_yours
    browser = Client()
    for answer in (browser.get(of_mine), browser.post(of_mine)):
        assert "This link does not count any more" in answer.content.decode()
    row = Subscription.objects.get()
    stopping = of_mine.replace(of_mine.split("/")[-2], mailing.token_of(row))
    assert browser.post(stopping).status_code == 404
    mailing.confirm(Subscription(pk=row.pk, email="mine@example.net"))  # it was read, and changed meanwhile
    assert not Subscription.objects.active().exists()
    assert "You will hear from us" in browser.post(of_yours).content.decode()
    assert Subscription.objects.active().get().email == "yours@example.net"


def test_a_link_of_what_was_stopped_starts_nothing(sent: Committed) -> None:
    thread = talking.thread()
    comment = talking.shown(thread)
    with sent():
        row = mailing.subscribe(thread, "replies", voice=comment.voice, email="mine@example.net")
    mailing.stop(row)
    assert "This was stopped" in Client().post(confirming_links()[0]).content.decode()
    assert not Subscription.objects.active().exists()


@pytest.mark.parametrize("band", ["13-15", "not-said"])
def test_kc_8_no_address_of_anyone_who_may_be_under_16(band: str) -> None:
    thread = talking.thread(talking.for_all())
    voice = talking.voice(thread, age_band=band)
    with pytest.raises(NotPossible):
        mailing.subscribe(thread, "replies", voice=voice, email="zoe@example.net")
    assert not Subscription.objects.exists()


def test_the_screen_that_asks(client_for: Any) -> None:
    thread, user = talking.thread(), talking.person_of("Ann")
    talking.shown(thread, user=user)
    client = client_for(user)
    assert "Tell me by e-mail" in client.get(f"/comments/{thread.pk}/").content.decode()
    address = f"/comments/{thread.pk}/mail/"
    assert "We write to ann@example.org" in client.get(address).content.decode()
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"how": "daily"}).status_code == 302
    assert Subscription.objects.active().get().how == "daily"
    client.post(address, {"how": "stop"})
    assert not Subscription.objects.active().exists()
    assert Client().get(address).status_code == 302


# The table of messages --------------------------------------------------------------------------


@pytest.fixture
def writer() -> Any:
    outbox.register("test", lambda about: EmailMessage("Hello", "You.", None, ["a@example.org"]))
    yield
    del outbox._writers["test"]


def test_the_same_news_twice_is_one_message(writer: Any, sent: Committed) -> None:
    with sent():
        for _turn in range(2):
            outbox.put("test", "news", {})
    assert len(mail.outbox) == 1 and Message.objects.get().state == "sent"
    outbox.sweep()
    outbox.deliver.call("news")
    assert len(mail.outbox) == 1


def test_a_worker_that_died_loses_nothing(writer: Any) -> None:
    outbox.put("test", "news", {})  # committed, and the process died before the task was there
    assert mail.outbox == []
    outbox.sweep()
    assert len(mail.outbox) == 1


def test_a_worker_that_died_over_it_is_followed_by_another_with_the_same_id(writer: Any) -> None:
    outbox.put("test", "news", {})
    row = outbox._take(Message.objects.filter(key="news"))
    assert row is not None
    outbox.sweep()
    assert mail.outbox == []  # it may be sending at this moment
    outbox._deliver(Message.objects.filter(key="news"))
    assert mail.outbox == []
    Message.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    outbox.sweep()
    assert [one.extra_headers["Message-ID"] for one in mail.outbox] == [f"<outbox-{row.pk}@127.0.0.1>"]


def test_what_rolls_back_is_never_sent(writer: Any, sent: Committed) -> None:
    from django.db import transaction

    with sent(), pytest.raises(RuntimeError), transaction.atomic():
        outbox.put("test", "news", {})
        raise RuntimeError
    assert mail.outbox == [] and not Message.objects.exists()


def test_a_mail_server_that_is_down_gets_it_later(writer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox.put("test", "news", {})

    def refuse(self: Any, *_args: Any, **_kwargs: Any) -> int:
        raise SMTPException("busy")

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", refuse)
        outbox.sweep()
    row = Message.objects.get()
    assert (row.state, row.attempts) == ("waiting", 1) and row.not_before > timezone.now()
    outbox.sweep(timezone.now() + timedelta(minutes=6))
    assert mail.outbox == []  # `deliver` goes by the clock of the machine
    Message.objects.update(not_before=timezone.now())
    outbox.sweep()
    assert len(mail.outbox) == 1
    Message.objects.update(state="waiting", attempts=outbox.TRIES)
    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", refuse)
        outbox.sweep()
    assert Message.objects.get().state == "failed"


def test_old_messages_are_forgotten(writer: Any) -> None:
    outbox.put("test", "news", {})
    outbox.sweep()
    assert outbox.forget_old() == 0
    assert outbox.forget_old(timezone.now() + timedelta(days=31)) == 1
