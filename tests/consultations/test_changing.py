"""What somebody sent: a copy of it, and changing it until the closing."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from collaborative import outbox
from collaborative.consultations import changing, copies
from collaborative.consultations.models import ChoiceAnswer, CopyWanted
from collaborative.contributions.actions import NotPossible, withdraw
from collaborative.contributions.models import Contribution, LedgerEvent, Receipt, State, Wording
from collaborative.demonstration import as_of
from collaborative.models import Message
from collaborative.moderation import actions as moderation
from collaborative.people.models import User
from tests.consultations.making import WORDS, Respondent, consultation

pytestmark = pytest.mark.django_db
NEW = "It should feel like a talk with a friend."


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def answered(age: str = "26-plus", **changed: Any) -> tuple[Respondent, str]:
    """Somebody who has sent their answers, and their code."""
    someone = Respondent(consultation(**changed))
    someone.fill(age=age)
    someone.send()
    return someone, str(someone.get("sent").context["code"])


def change(code: str, question: str = "", **fields: Any) -> Any:
    more = {"question": question, "save": "1"} if fields else {"question": question}
    return Client().post("/receipt/change/", {"code": code, **more, **fields})


def words(key: str = "feel") -> Contribution:
    return Contribution.objects.get(prompt_key=key)


# A copy -----------------------------------------------------------------------------------------


def test_a_copy_stands_on_the_screen_to_print() -> None:
    someone, _code = answered()
    page = text(someone.get("sent"))
    assert WORDS in page and "Before the summer." in page and "In P7" in page


def test_kc_8_a_copy_is_sent_and_the_address_is_not_kept(
    django_capture_on_commit_callbacks: Any,
) -> None:
    someone, _code = answered()
    with django_capture_on_commit_callbacks():
        for _press in range(2):
            answer = someone.post("copy", email=" Me@example.org ")
            assert answer.headers["Location"] == someone.address("sent") + "?copy=1"
    assert "A copy is on its way" in text(someone.get("sent", copy="1"))
    outbox.sweep()
    assert [one.to for one in mail.outbox] == [["Me@example.org"]]
    body = mail.outbox[0].body
    assert WORDS in body and "In P7" in body and "/receipt/" in body
    assert not CopyWanted.objects.exists()
    assert "example.org" not in str(list(Message.objects.values())).lower()
    assert "example.org" not in str(list(Receipt.objects.values())).lower()
    outbox.sweep()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("age", ["13-15", "not-said"])
def test_kc_7_nobody_under_16_is_asked_for_an_address(age: str) -> None:
    someone, _code = answered(age)
    assert "Send me a copy" not in text(someone.get("sent"))
    assert someone.post("copy", email="me@example.org").status_code == 422
    with pytest.raises(NotPossible, match="under 16"):
        copies.ask(Receipt.objects.get(), "me@example.org")
    assert not Message.objects.exists() and not CopyWanted.objects.exists()


def test_a_wrong_address_comes_back_with_what_to_do() -> None:
    someone, _code = answered()
    answer = someone.post("copy", email="me at example")
    assert answer.status_code == 422
    assert 'value="me at example"' in text(answer) and "Write an e-mail address" in text(answer)


def test_nothing_is_sent_of_what_was_taken_back_and_no_more_than_three(
    django_capture_on_commit_callbacks: Any,
) -> None:
    answered()
    receipt = Receipt.objects.get()
    with django_capture_on_commit_callbacks():
        for name in ("a", "b", "c"):
            copies.ask(receipt, f"{name}@example.org")
        with pytest.raises(NotPossible, match="three"):
            copies.ask(receipt, "d@example.org")
    withdraw(receipt)
    ChoiceAnswer.objects.all().delete()
    outbox.sweep()
    assert not mail.outbox and not CopyWanted.objects.exists()


def test_an_address_that_was_left_behind_goes_the_next_night() -> None:
    answered()
    copies.ask(Receipt.objects.get(), "me@example.org")
    asked_at = CopyWanted.objects.get().asked_at
    assert copies.forget_old(asked_at + timedelta(hours=23)) == 0
    assert copies.forget_old(asked_at + timedelta(hours=25)) == 1


# Changing ---------------------------------------------------------------------------------------


def test_words_are_changed_by_the_code_and_checked_again(moderator: User) -> None:
    _someone, code = answered()
    row = words()
    moderation.release(row, by=moderator)
    assert Contribution.objects.public().filter(pk=row.pk).exists()
    assert WORDS in text(change(code)) and WORDS in text(change(code, "feel"))
    answer = change(code, "feel", text=NEW)
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.state == State.HELD
    assert not Contribution.objects.public().filter(pk=row.pk).exists()
    kinds = list(row.wordings.order_by("number").values_list("kind", "text"))
    assert kinds == [(Wording.Kind.GIVEN, WORDS), (Wording.Kind.EDITED, NEW)]
    change(code, "feel", text=NEW)  # the same once more changes nothing
    assert row.wordings.count() == 2
    event = LedgerEvent.objects.get(verb="response.changed")
    assert event.data == {"question": "feel"}
    moderation.release(row, by=moderator)
    assert Contribution.objects.public().get(pk=row.pk).public_text == NEW


def test_choices_and_what_was_skipped_are_changed_too() -> None:
    _someone, code = answered()
    change(code, "when", chosen="s1", why="After the holidays.")
    change(code, "agree", chosen="p6", why="")
    change(code, "who", chosen=[])
    chosen = {one.wording.question.key: one.value for one in ChoiceAnswer.objects.all()}
    assert chosen == {"when": ["s1"], "agree": ["p6"]}
    assert words("when-why").wordings.latest("number").text == "After the holidays."
    change(code, "when", chosen="s1", why=" ")
    assert words("when-why").state == State.WITHDRAWN


def test_what_cannot_be_taken_comes_back_as_it_was_typed() -> None:
    _someone, code = answered()
    answer = change(code, "feel", text="Too long. " * 2_001)
    assert answer.status_code == 422 and "10 characters too long" in text(answer)
    assert "Too long. Too long." in text(answer)
    assert change("MOSS-4TC9-7W", "feel", text=NEW).status_code == 422
    assert words().wordings.count() == 1


def test_gdp_2_after_the_closing_it_can_be_taken_back_and_not_changed() -> None:
    someone, code = answered()
    with as_of(someone.engagement.closes_at):
        answer = change(code, "feel", text=NEW)
        assert answer.status_code == 422 and "You can still take back" in text(answer)
        with pytest.raises(NotPossible, match="closed"):
            changing.change(Receipt.objects.get(), "feel", {"chosen": [], "text": NEW, "why": ""})
        seen = text(Client().post("/receipt/", {"code": code}, follow=True))
        assert "Change my answers" not in seen and "Take back what I said" in seen
        Client().post("/receipt/delete/", {"code": code, "sure": "yes"})
    assert words().state == State.WITHDRAWN


def test_saf_2_what_was_passed_on_looks_like_what_waits(moderator: User, safeguarding_lead: User) -> None:
    _someone, code = answered()
    moderation.escalate(words(), by=moderator)
    assert WORDS in text(change(code, "feel"))
    assert change(code, "feel", text=NEW).status_code == 302
    row = words()
    assert row.state == State.ESCALATED
    assert list(row.wordings.order_by("number").values_list("text", flat=True)) == [WORDS, NEW]


def test_what_had_words_taken_out_is_not_changed(moderator: User) -> None:
    _someone, code = answered()
    moderation.release_redacted(words(), WORDS.replace("a test", "[removed]"), "A name.", by=moderator)
    assert "Words were taken out of this" in text(change(code))
    change(code, "feel", text=NEW)
    assert words().wordings.count() == 2


def test_age_2_unread_words_of_somebody_under_18_are_not_read_out_and_not_lost() -> None:
    _someone, code = answered("13-15")
    assert WORDS not in text(change(code)) and WORDS not in text(change(code, "feel"))
    change(code, "feel", text="")
    assert words().state == State.HELD and words().wordings.count() == 1
    change(code, "feel", text=NEW)
    assert words().wordings.latest("number").text == NEW


def test_the_list_costs_the_same_whatever_was_said(django_assert_num_queries: Any) -> None:
    answered()
    receipt = Receipt.objects.select_related("engagement").get()
    with django_assert_num_queries(4):
        changing.sent(receipt)


def test_gdp_2_what_was_taken_back_whole_is_not_changed_any_more() -> None:
    _someone, code = answered()
    receipt = Receipt.objects.get()
    assert "Change my answers" in text(Client().post("/receipt/", {"code": code}, follow=True))
    withdraw(receipt)
    before = list(ChoiceAnswer.objects.values_list("value", flat=True))
    refused = change(code, "when", chosen="s1")
    assert refused.status_code == 422 and str(changing.TAKEN_BACK) in text(refused)
    assert "Change my answers" not in text(refused)
    one = changing.sent(receipt)[0].one
    with pytest.raises(NotPossible, match="took this back"):
        changing.change(receipt, one.key, {"chosen": ["s1"], "text": "", "why": ""})
    assert list(ChoiceAnswer.objects.values_list("value", flat=True)) == before
