"""Publication freezes the questions; what has been answered is put in new words at most."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from collaborative.consultations.models import ConsultationPage, Question, QuestionWording
from collaborative.consultations.questions import Sheet
from collaborative.errors import Refused
from collaborative.people.models import User
from tests.consultations.making import Respondent, block, consultation, draft, five_kinds, option, publish
from tests.engagements.test_gates import posted

pytestmark = pytest.mark.django_db


def republish(questions: list[Any], **changed: Any) -> None:
    page = ConsultationPage.objects.get()
    page.questions = questions
    for name, value in changed.items():
        setattr(page, name, value)
    page.save_revision().publish()


def answered() -> None:
    someone = Respondent(consultation())
    someone.fill()
    assert someone.send().status_code == 302


def test_lng_3_each_edition_has_its_words_under_one_key() -> None:
    easy = block("feel", "text", "Long words?", young="Rubbish?", easy_read="Bad?")
    engagement = publish(draft([easy, block("plain")]))
    sheet = Sheet(engagement)
    assert sheet.editions == ["standard", "young", "easy-read"]
    assert [one.text for one in sheet.asked("easy-read")] == ["Bad?", "What about plain?"]
    assert [one.key for one in sheet.asked("young")] == ["feel", "plain"]


def test_publishing_again_without_a_change_writes_nothing() -> None:
    consultation()
    before = set(QuestionWording.objects.values_list("pk", "from_date"))
    republish(five_kinds())
    assert set(QuestionWording.objects.values_list("pk", "from_date")) == before


def test_before_anyone_answered_everything_may_change() -> None:
    consultation()
    republish([block("when", "text", "When?"), block("new")])
    assert [one.key for one in Sheet(Question.objects.first().engagement).asked("standard")] == [
        "when",
        "new",
    ]
    assert Question.objects.get(key="feel").retired


def test_after_the_first_answer_new_words_are_a_new_dated_wording() -> None:
    answered()
    now = timezone.now()
    changed = five_kinds()
    changed[2][1]["text"] = "What should it never, ever feel like?"
    republish(changed)
    first, second = QuestionWording.objects.filter(question__key="feel", edition="standard").order_by(
        "number"
    )
    assert first.text == "What should it never feel like?"
    assert (second.number, second.text) == (2, "What should it never, ever feel like?")
    assert first.from_date < now <= second.from_date


def kind(questions: list[Any]) -> list[Any]:
    questions[3][1].update(type="text", options=[])
    return questions


def choices(questions: list[Any]) -> list[Any]:
    questions[0][1]["options"] = [option("p6", "In P6"), option("other", "Another time")]
    return questions


def gone(questions: list[Any]) -> list[Any]:
    return questions[:4]


@pytest.mark.parametrize("change", [kind, choices, gone])
def test_after_the_first_answer_kind_choices_and_presence_stand(
    change: Callable[[list[Any]], list[Any]],
) -> None:
    answered()
    before = list(Question.objects.values())
    with pytest.raises(Refused, match="answered"):
        republish(change(five_kinds()))
    assert list(Question.objects.values()) == before


def test_labels_of_choices_may_be_put_in_new_words() -> None:
    answered()
    changed = five_kinds()
    changed[0][1]["options"][0]["label"] = "In primary 6"
    republish(changed)
    assert Sheet(Question.objects.first().engagement).asked("standard")[0].options[0] == (
        "p6",
        "In primary 6",
    )


@pytest.mark.parametrize(
    "questions, match",
    [
        ([], "at least one question"),
        ([block("a"), block("a")], "Another question has this key"),
        ([block("has space")], "letters, digits"),
        ([block("a-why")], "letters, digits"),
        ([block("a", "one")], "at least two choices"),
        ([block("a", "one", options=[option("x", "X"), option("x", "Y")])], "key of its own"),
        ([block("a", "text", options=[option("x", "X"), option("y", "Y")])], "no choices"),
    ],
)
def test_questions_that_cannot_be_asked_are_refused(questions: list[Any], match: str) -> None:
    with pytest.raises(Refused, match=match):
        publish(draft(questions))
    assert not Question.objects.exists()


def test_an_edition_for_young_people_is_whole_or_not_promised() -> None:
    with pytest.raises(Refused, match="Question 1: There is an edition for young people"):
        publish(draft([block("a")], editions=["young"]))


def test_the_editor_sees_the_message_at_the_question(
    editor: User, client_for: Callable[[User], Client]
) -> None:
    answered()
    client, page = client_for(editor), ConsultationPage.objects.get()
    data = posted(page, client)
    data |= {"questions-3-value-type": "many"}
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answer = client.post(address, {**data, "action-publish": "1"})
    error = answer.context["form"].errors["questions"].as_data()[0]
    assert list(error.block_errors) == [3]
    assert "its kind cannot change" in str(error.block_errors[3].block_errors["type"])
    assert "its kind cannot change" in answer.content.decode()
    assert client.post(address, data).status_code == 302  # as a draft it saves


def test_fbk_1_we_did_needs_its_date_and_a_decision() -> None:
    consultation()
    with pytest.raises(Refused) as refusal:
        republish(five_kinds(), we_did="We changed it.")
    assert len(refusal.value.messages) == 2
