"""“Ask only if”: skipped on the way and on the server alike; what was typed there stays in the draft."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from collaborative.consultations.actions import respond
from collaborative.consultations.models import ChoiceAnswer, Question
from collaborative.contributions.actions import About
from collaborative.contributions.models import Contribution, Draft
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.people.models import User
from tests.consultations.making import Respondent, block, consultation, draft, only_if, option, publish
from tests.consultations.test_kinds import someone_reads, text
from tests.engagements.test_gates import posted

pytestmark = pytest.mark.django_db


def branching() -> list[tuple[str, dict[str, Any]]]:
    """One leads to two, both together to three, and three to four."""
    yes_no = [option("yes", "Yes"), option("no", "No"), option("maybe", "Perhaps")]
    return [
        block("one", "one", "Would you host?", options=yes_no),
        block("two", "many", "What helps?", options=yes_no, ask_if=[only_if("one", "yes, maybe")]),
        block("three", "text", "How?", ask_if=[only_if("one", "yes"), only_if("two", "maybe")]),
        block("four", "text", "Anything else?"),
    ]


def begun() -> Respondent:
    someone = Respondent(consultation(questions=branching(), editions=[]))
    someone.post("age", age="26-plus")
    someone.post("about", kind="individual", group="parents")
    return someone


def finish(someone: Respondent) -> Any:
    someone.post("permission", permission="anonymous")
    someone.post("contact", recontact="no")
    return someone.send()


def test_a_question_is_skipped_until_all_its_conditions_hold() -> None:
    someone = begun()
    assert someone.post("q-one", chosen="no").headers["Location"] == someone.address("q-four")
    assert "Question 2 of 2" in text(someone.get("q-four"))
    assert someone.get("q-two").headers["Location"] == someone.address("q-four")
    assert someone.post("q-one", chosen="maybe").headers["Location"] == someone.address("q-two")
    assert someone.post("q-two", chosen=["maybe"]).headers["Location"] == someone.address("q-four")
    assert someone.post("q-one", chosen="yes").headers["Location"] == someone.address("q-two")
    assert someone.post("q-two", chosen=["maybe", "no"]).headers["Location"] == someone.address("q-three")
    assert "Question 3 of 4" in text(someone.get("q-three"))


def test_what_is_no_longer_asked_is_kept_and_not_sent() -> None:
    someone = begun()
    someone.post("q-one", chosen="yes")
    someone.post("q-two", chosen=["maybe"])
    someone.post("q-three", text="With a plan.")
    someone.post("q-one", chosen="no")
    check = text(someone.get("check"))
    assert "With a plan." not in check and "What helps?" not in check
    kept = Draft.objects.get().answers
    assert kept["q-three"]["text"] == "With a plan." and kept["q-two"]["chosen"] == ["maybe"]
    someone.post("q-one", chosen="yes")  # back again: nothing was lost
    assert "With a plan." in text(someone.get("check"))
    someone.post("q-one", chosen="no")
    assert finish(someone).status_code == 302
    assert [row.wording.question.key for row in ChoiceAnswer.objects.all()] == ["one"]
    assert not Contribution.objects.exists()


def test_a_screen_left_open_in_another_window_keeps_what_was_typed() -> None:
    someone = begun()
    someone.post("q-one", chosen="yes")
    someone.post("q-two", chosen=["maybe"])
    someone.post("q-one", chosen="no")
    answer = someone.post("q-three", text="Typed in the other window.")
    assert answer.headers["Location"] == someone.address("q-four")
    assert Draft.objects.get().answers["q-three"]["text"] == "Typed in the other window."
    finish(someone)
    assert not Contribution.objects.exists()


def test_a_change_at_the_check_leads_to_what_it_newly_asks_and_back() -> None:
    someone = begun()
    someone.post("q-one", chosen="no")
    answer = someone.post("q-one", chosen="yes", back="check")
    assert answer.headers["Location"] == someone.address("q-two") + "?back=check"
    again = someone.post("q-two", chosen=["no"], back="check")
    assert again.headers["Location"] == someone.address("check")


def test_a_required_question_that_is_not_asked_holds_nobody_up() -> None:
    questions = branching()
    questions[2][1]["required"] = True
    someone = Respondent(consultation(questions=questions, invites_under_18=False))
    someone.post("age", age="26-plus")
    someone.post("about", kind="individual", group="parents")
    someone.post("q-one", chosen="no")
    assert finish(someone).status_code == 302


def test_would_rather_not_say_leads_nowhere() -> None:
    questions = branching()
    questions[0][1]["required"] = True
    someone = Respondent(consultation(questions=questions))
    someone.post("age", age="26-plus")
    answer = someone.post("q-one", chosen="yes", then="decline")
    assert answer.headers["Location"] == someone.address("q-four")


def test_the_server_leaves_out_what_is_not_asked_whatever_the_channel() -> None:
    engagement = consultation(questions=branching())
    about = About(
        age_band="26-plus", respondent_kind="individual", permission="anonymous", recontact=False, group=None
    )
    answers = {"one": {"chosen": ["no"]}, "two": {"chosen": ["maybe"]}, "three": {"text": "How"}}
    receipt, _new = respond(engagement, about, answers, code="ABCD-EFGH")
    assert [row.wording.question.key for row in receipt.choices.all()] == ["one"]
    assert not receipt.contributions.exists()


def test_the_paper_says_for_whom_a_question_is() -> None:
    page = text(someone_reads(consultation(questions=branching()), "paper"))
    assert "Only if you ticked “Yes” or “Perhaps” at question 1." in page
    assert "Only if you ticked “Perhaps” at question 2." in page


@pytest.mark.parametrize(
    "conditions, match",
    [
        ([only_if("four", "yes")], "No question before this one"),
        ([only_if("none", "yes")], "No question before this one"),
        ([only_if("two", "yes")], "No question before this one"),
        ([only_if("one", "yes, never")], "has no choice “never”"),
        ([only_if("one", " , ")], "Say which of its choices"),
    ],
)
def test_a_condition_looks_back_at_choices_that_are_there(conditions: list[Any], match: str) -> None:
    questions = branching()
    questions[1][1]["ask_if"] = conditions
    with pytest.raises(Refused, match=f"Question 2: .*{match}"):
        publish(draft(questions))
    assert not Question.objects.exists()


def test_nothing_depends_on_words() -> None:
    with pytest.raises(Refused, match="not answered by choosing"):
        publish(draft([block("a"), block("b", ask_if=[only_if("a", "yes")])]))


def test_a_question_moved_before_the_one_it_depends_on_is_refused_at_that_block(
    editor: User, client_for: Callable[[User], Client]
) -> None:
    questions = branching()
    page = draft([questions[1], questions[0], questions[3]])
    client = client_for(editor)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answer = client.post(address, {**posted(page, client), "action-publish": "1"})
    error = answer.context["form"].errors["questions"].as_data()[0]
    assert list(error.block_errors) == [0]
    assert "No question before this one" in str(error.block_errors[0].block_errors["ask_if"])
    assert "No question before this one has the key" in text(answer)
    assert not Engagement.objects.exists()


def test_after_the_first_answer_who_is_asked_stands() -> None:
    someone = begun()
    someone.post("q-one", chosen="no")
    finish(someone)
    page = someone.engagement.page.consultationpage
    questions = branching()
    questions[1][1]["ask_if"] = []
    page.questions = questions
    with pytest.raises(Refused, match="who is asked cannot change"):
        page.save_revision().publish()


def test_conditions_cost_no_query(django_assert_max_num_queries: Any) -> None:
    someone = begun()
    someone.get("q-one")
    with django_assert_max_num_queries(12):
        someone.get("q-one")
