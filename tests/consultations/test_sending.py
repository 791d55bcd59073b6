"""Sent once, whatever is clicked twice, retried or gone back to."""

import threading

import pytest
from django.db import connection
from django.test import Client

from collaborative import codes
from collaborative.consultations import actions
from collaborative.consultations.models import ChoiceAnswer
from collaborative.contributions import drafts
from collaborative.contributions.models import Contribution, Draft, LedgerEvent, Receipt, State
from tests.consultations.making import Respondent, consultation


def ready() -> Respondent:
    someone = Respondent(consultation())
    someone.fill()
    return someone


@pytest.mark.django_db
def test_sending_twice_makes_one_response_and_shows_one_code() -> None:
    someone = ready()
    first = someone.send()
    assert first.headers["Location"] == someone.address("sent")
    code = someone.get("sent").context["code"]
    assert someone.send().headers["Location"] == someone.address("sent")
    assert someone.get("sent").context["code"] == code
    assert Receipt.objects.get().code_hash == codes.hashed(code)
    assert (Contribution.objects.count(), ChoiceAnswer.objects.count()) == (2, 2)
    assert LedgerEvent.objects.filter(verb="response.received").count() == 1


@pytest.mark.django_db
def test_going_back_after_sending_leads_to_the_code_and_writes_nothing() -> None:
    someone = ready()
    someone.send()
    assert someone.get("q-feel").headers["Location"] == someone.address("sent")
    assert someone.post("q-feel", text="More.").headers["Location"] == someone.address("sent")
    assert Contribution.objects.count() == 2 and not Draft.objects.exists()


@pytest.mark.django_db
def test_another_person_may_answer_from_the_same_browser() -> None:
    someone = ready()
    someone.send()
    someone.fill()
    someone.send()
    assert Receipt.objects.count() == 2


@pytest.mark.django_db
def test_everything_is_held_until_a_person_has_read_it() -> None:
    ready().send()
    assert set(Contribution.objects.values_list("state", flat=True)) == {State.HELD}
    assert not Contribution.objects.public().exists()


@pytest.mark.django_db
def test_the_code_is_kept_nowhere() -> None:
    someone = ready()
    someone.send()
    code = someone.get("sent").context["code"]
    kept = str(Receipt.objects.values()) + str(LedgerEvent.objects.values()) + str(Draft.objects.values())
    assert code not in kept


@pytest.mark.django_db
def test_the_page_with_the_code_says_what_happens_next() -> None:
    someone = ready()
    someone.send()
    page = someone.get("sent").content.decode()
    for words in ("Received", "Read by a person", "Sorted into topics", "Answer to everyone", "no-store"):
        assert words in page or words in someone.get("sent")["Cache-Control"]


@pytest.mark.django_db
def test_nobody_else_sees_the_code() -> None:
    someone = ready()
    someone.send()
    assert Client().get(someone.address("sent")).status_code == 302


@pytest.mark.django_db
def test_a_send_that_fails_half_way_keeps_the_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    someone = ready()

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(ChoiceAnswer.objects, "bulk_create", fail)
    someone.client.raise_request_exception = False
    assert someone.send().status_code == 500
    assert not Receipt.objects.exists() and not Contribution.objects.exists()
    monkeypatch.undo()
    assert someone.send().status_code == 302
    assert Receipt.objects.count() == 1


@pytest.mark.django_db
def test_sending_costs_the_same_however_much_was_said(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    someone = ready()
    with django_assert_max_num_queries(24):
        assert someone.send().status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_make_one_response() -> None:
    engagement = consultation()
    someone = Respondent(engagement)
    someone.fill()
    token = someone.client.cookies["answers"].value
    receipts, faults = [], []
    together = threading.Barrier(4)

    def click() -> None:
        try:
            together.wait()
            receipts.append(actions.send(engagement, token).pk)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert len(receipts) == 4 and len(set(receipts)) == 1
    assert (Receipt.objects.count(), Contribution.objects.count(), ChoiceAnswer.objects.count()) == (1, 2, 2)
    assert not Draft.objects.exists()
    assert codes.hashed(drafts.receipt_code(token)) == Receipt.objects.get().code_hash


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["", "   "])
def test_a_response_without_one_answer_is_not_sent_and_not_counted(words: str) -> None:
    someone = Respondent(consultation())
    someone.post("age", age="26-plus")
    someone.post("about", kind="individual", group="parents")
    someone.post("q-feel", text=words)
    someone.post("permission", permission="anonymous")
    someone.post("contact", recontact="no")
    answer = someone.send()
    assert answer.status_code == 422 and "You have not answered anything yet" in answer.content.decode()
    assert Draft.objects.exists() and not Receipt.objects.exists()
    someone.post("q-when", chosen="p7")
    assert someone.send().status_code == 302 and Receipt.objects.count() == 1


@pytest.mark.django_db
def test_another_device_that_is_still_open_is_told_that_the_answers_went_elsewhere() -> None:
    first = ready()
    code = first.get("leave").context["code"]
    second = Respondent(first.engagement)
    second.client.post("/join/", {"code": code})
    assert "You carried on from another device" in first.get("q-feel").content.decode()
    second.send()
    assert "These answers were sent" in first.get("q-feel").content.decode()
    assert "These answers were sent" in first.send().content.decode()
    assert Receipt.objects.count() == 1
