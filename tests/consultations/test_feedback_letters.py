"""FBK-2: who asked to be told is told, once, and may stop it by one press."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from collaborative import outbox
from collaborative.consultations import letters
from collaborative.consultations.models import Feedback
from collaborative.contributions.actions import withdraw
from collaborative.contributions.models import LedgerEvent, Receipt
from collaborative.engagements.models import Engagement
from collaborative.flow.actions import cut_release
from collaborative.models import Message
from tests.consultations.telling import WORDS, answer, closed, crowd, decided, parts, told

pytestmark = pytest.mark.django_db
Committed = Callable[..., Any]


@pytest.fixture
def where(db: None) -> Iterator[Engagement]:
    made = closed()
    crowd(made, 6)
    decided(made)
    yield made


@pytest.fixture
def publish(django_capture_on_commit_callbacks: Committed) -> Committed:
    """Publish parts; what is written down then goes out."""

    def now(*names: str, **more: Any) -> None:
        cut_release()
        with django_capture_on_commit_callbacks(execute=True):
            told(**parts(*names, **more))

    return now


def to() -> list[str]:
    return sorted(one.to[0] for one in mail.outbox)


def stop_link(message: Any) -> str:
    return message.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")


def test_fbk_2_those_who_asked_are_told_and_nobody_else(where: Engagement, publish: Committed) -> None:
    answer(where, contact_email="ann@example.org")
    answer(where, contact_email="bob@example.org", age_band="16-17")
    answer(where, contact_email="not@example.org", recontact=False)
    young = answer(where, age_band="13-15", recontact=True)
    assert not young.contact_email  # KC-8: the table holds none
    publish("we_asked", "you_said")
    assert to() == ["ann@example.org", "bob@example.org"]
    letter = mail.outbox[0]
    assert f"/consultations/{where.slug}/feedback/" in letter.body
    assert "We asked" in letter.body and "You said" in letter.body and "We did" not in letter.body
    assert WORDS not in letter.body and "These words." not in letter.body
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_fbk_2_each_part_is_told_once_whatever_is_published_again(
    where: Engagement, publish: Committed
) -> None:
    answer(where, contact_email="ann@example.org")
    publish("you_said")
    publish("you_said")
    publish("you_said", words="A correction.")
    assert len(mail.outbox) == 1
    row = Feedback.objects.get(number=1)
    Feedback.objects.filter(pk=row.pk).update(told_to=0, told_at=None)
    letters.tell.func(row.pk)  # a worker that began again
    outbox.sweep()
    assert len(mail.outbox) == 1
    publish("you_said", "we_did", words="A correction.")
    assert len(mail.outbox) == 2 and "We did" in mail.outbox[1].body and "You said" not in mail.outbox[1].body


def test_one_address_gets_one_letter(where: Engagement, publish: Committed) -> None:
    first = answer(where, contact_email="ann@example.org")
    answer(where, contact_email="Ann@Example.org")
    publish("we_asked")
    assert len(mail.outbox) == 1
    assert Message.objects.get().about["receipt"] == first.pk
    assert "ann" not in Message.objects.get().key


@pytest.mark.parametrize("words", [WORDS, ""])
def test_nobody_is_written_to_who_took_their_answers_back(
    where: Engagement, publish: Committed, words: str
) -> None:
    """Also where there were only choices, of which nothing else tells that they were taken back."""
    withdraw(answer(where, words, contact_email="ann@example.org"))
    publish("we_asked")
    assert mail.outbox == []


def test_what_changes_between_writing_down_and_sending_counts(where: Engagement) -> None:
    gone, stays = (answer(where, contact_email=f"{name}@example.org") for name in ("ann", "bob"))
    told(**parts("we_asked"))
    letters.tell.func(Feedback.objects.get().pk)
    assert Message.objects.count() == 2
    withdraw(gone)
    outbox.sweep()
    assert to() == ["bob@example.org"] and stays.recontact


def test_the_other_answers_of_an_address_stand_in_for_one_that_was_taken_back(where: Engagement) -> None:
    first = answer(where, contact_email="ann@example.org")
    answer(where, contact_email="ann@example.org")
    told(**parts("we_asked"))
    letters.tell.func(Feedback.objects.get().pk)
    withdraw(first)
    outbox.sweep()
    assert to() == ["ann@example.org"]


def test_one_press_stops_it_without_a_cookie_and_opening_does_not(
    where: Engagement, publish: Committed
) -> None:
    receipt = answer(where, contact_email="ann@example.org")
    again = answer(where, contact_email="ann@example.org")
    publish("we_asked")
    link, browser = stop_link(mail.outbox[0]), Client(enforce_csrf_checks=True)
    assert browser.get(link).status_code == 200
    assert Receipt.objects.filter(recontact=True, pk__in=[receipt.pk, again.pk]).count() == 2
    for _press in range(2):
        answered = browser.post(link, {"List-Unsubscribe": "One-Click"})
        assert answered.status_code == 200 and not answered.cookies
    assert not Receipt.objects.filter(recontact=True, pk__in=[receipt.pk, again.pk]).exists()
    assert LedgerEvent.objects.filter(verb="response.recontact").count() == 2
    publish("we_asked", "you_said")
    assert len(mail.outbox) == 1


def test_a_link_that_we_did_not_make_stops_nothing(where: Engagement) -> None:
    receipt = answer(where, contact_email="ann@example.org")
    token = letters.token_of(receipt)
    for wrong in (token[:-1], "junk", token.replace(":", ".")):
        assert Client().post(f"/consultations/letters/stop/{wrong}/").status_code == 404
    assert Receipt.objects.get(pk=receipt.pk).recontact


def test_letters_are_written_down_in_batches_and_go_on_after_a_stop(
    where: Engagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(5):
        answer(where, contact_email=f"p{n}@example.org")
    monkeypatch.setattr(letters, "AT_ONCE", 2)
    told(**parts("we_asked"))
    row = Feedback.objects.get()
    assert letters._tell_some(row.pk) and Message.objects.count() == 2
    assert letters.go_on(timezone.now()) == 0  # somebody is at it
    letters.go_on(timezone.now() + timedelta(hours=1))
    row.refresh_from_db()
    assert Message.objects.count() == 5 and row.told_at is not None


def test_no_letter_while_the_page_is_not_there(where: Engagement) -> None:
    answer(where, contact_email="ann@example.org")
    page = told(**parts("we_asked"))
    letters.tell.func(Feedback.objects.get().pk)
    page.unpublish()
    outbox.sweep()
    assert mail.outbox == []
