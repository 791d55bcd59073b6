"""Each other kind of question from the editor's page to the receipt: screen, check, paper, draft, figures."""

from datetime import date
from html import unescape
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collaborative.consultations.actions import respond
from collaborative.consultations.answers import clean, questions_of
from collaborative.consultations.models import ChoiceAnswer, QuestionWording
from collaborative.contributions.actions import About
from collaborative.contributions.models import Contribution, Draft, Receipt
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from tests.consultations.making import Respondent, block, consultation, draft, new_kinds, option, publish

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    return unescape(response.content.decode())


def begun(engagement: Engagement | None = None) -> Respondent:
    someone = Respondent(engagement or consultation(questions=new_kinds()))
    someone.post("age", age="26-plus")
    someone.post("about", kind="individual", group="parents")
    return someone


def answered(**changed: Any) -> Respondent:
    someone = begun()
    given = {
        "q-hope": {"text": "Somebody listens."},
        "q-lines": {"chosen-travel": "4", "chosen-food": "no-view", "why": "It costs a lot."},
        "q-far": {"number": "120"},
        "q-since": {"day": "4", "month": "03", "year": "2026"},
    }
    for step, data in {**given, **changed}.items():
        assert someone.post(step, **data).status_code == 302
    someone.post("permission", permission="anonymous")
    someone.post("contact", recontact="no")
    return someone


def test_from_screen_to_receipt() -> None:
    someone = answered()
    check = text(someone.get("check"))
    for words in ("Somebody listens.", "Travel is paid: Agree", "Lunch is there: No view", "120 km"):
        assert words in check
    assert "4 March 2026" in check and "It costs a lot." in check
    someone.send()
    assert {a.wording.question.key: a.value for a in ChoiceAnswer.objects.all()} == {
        "lines": ["travel:4", "food:no-view"],
        "far": ["120"],
        "since": ["2026-03-04"],
    }
    assert set(Contribution.objects.values_list("prompt_key", flat=True)) == {"hope", "lines-why"}
    code = someone.get("sent").context["code"]
    page = text(someone.client.post("/receipt/", {"code": code}, follow=True))
    for words in ("Travel is paid: Agree", "120 km", "4 March 2026", "How far do you travel?"):
        assert words in page


def test_the_draft_shows_again_what_was_answered() -> None:
    someone = answered()
    assert 'value="Somebody listens."' in text(someone.get("q-hope"))
    assert 'name="chosen-travel" value="4" id="chosen-travel-2" checked' in text(someone.get("q-lines"))
    assert 'value="120"' in text(someone.get("q-far"))
    page = text(someone.get("q-since"))
    assert 'name="day" type="text" inputmode="numeric" autocomplete="off" value="4"' in page
    assert 'value="3"' in page and 'value="2026"' in page


@pytest.mark.parametrize(
    "step, data, field, said",
    [
        ("q-hope", {"text": "x" * 201}, "text", "1 character too long"),
        ("q-lines", {"chosen-travel": "junk"}, "chosen-travel", "Choose from the answers"),
        ("q-far", {"number": "<b>far</b>"}, "number", "Write a whole number"),
        ("q-far", {"number": "201"}, "number", "Write 200 or less."),
        ("q-since", {"day": "31", "month": "2", "year": "2026"}, "day", "There is no such day"),
        ("q-since", {"day": "3", "month": "", "year": "2026"}, "month", "the day, the month and the year"),
    ],
)
def test_junk_is_refused_beside_the_field_and_comes_back(
    step: str, data: dict[str, str], field: str, said: str
) -> None:
    someone = begun()
    answer = someone.post(step, **data)
    page = text(answer)
    assert answer.status_code == 422 and said in page
    error_id = "day" if step == "q-since" else field
    assert f'href="#{field}"' in page and f'id="{error_id}-error"' in page
    for value in data.values():
        assert value in page or value == "junk"
    assert step not in Draft.objects.get().answers
    assert "<b>far</b>" not in answer.content.decode()


def test_what_must_be_answered_says_so_at_each_line() -> None:
    questions = new_kinds()
    for _name, one in questions:
        one["required"] = True
    someone = begun(consultation(questions=questions, invites_under_18=False))
    for step, field in (("q-hope", "text"), ("q-far", "number"), ("q-since", "day")):
        answer = someone.post(step)
        assert answer.status_code == 422 and f'id="{field}-error"' in text(answer)
    page = text(someone.post("q-lines", **{"chosen-travel": "5"}))
    assert 'id="chosen-food-error"' in page and 'id="chosen-travel-error"' not in page
    assert 'value="5" id="chosen-travel" checked' in page
    assert "I would rather not say" not in page


def test_where_young_people_are_invited_nobody_has_to_say_it() -> None:
    questions = new_kinds()
    questions[2][1]["required"] = True
    someone = begun(consultation(questions=questions))
    assert "I would rather not say" in text(someone.get("q-far"))
    assert "I would rather not say" not in text(someone.get("q-hope"))
    assert someone.post("q-far", number="", then="decline").headers["Location"] == someone.address("q-since")
    assert "You would rather not say" in text(someone.get("check"))
    someone.post("q-hope", text="Hello")
    someone.post("permission", permission="anonymous")
    someone.post("contact", recontact="no")
    assert someone.send().status_code == 302
    assert not ChoiceAnswer.objects.exists()


def test_who_would_rather_not_say_finds_what_they_had_typed_and_it_is_not_sent() -> None:
    questions = new_kinds()
    questions[2][1]["required"] = True
    someone = begun(consultation(questions=questions))
    someone.post("q-far", number="12", then="decline")
    assert 'value="12"' in text(someone.get("q-far"))
    someone.post("q-hope", text="Hello")
    someone.post("permission", permission="anonymous")
    someone.post("contact", recontact="no")
    someone.send()
    assert Receipt.objects.exists() and not ChoiceAnswer.objects.exists()


@pytest.mark.parametrize("then, onward", [("leave", "leave"), ("words-young", "q-far")])
def test_nobody_has_to_answer_before_they_rest_or_ask_for_other_words(then: str, onward: str) -> None:
    questions = new_kinds()
    questions[2][1]["required"] = True
    someone = begun(consultation(questions=questions))
    someone.post("q-hope", text="Hello")
    someone.post("q-lines")
    assert someone.post("q-far", number="", then=then).headers["Location"] == someone.address(onward)
    assert someone.get(go="on").headers["Location"] == someone.address("q-far")  # and it still waits for them
    assert someone.post("q-far", number="far", then=then).status_code == 422


def test_declining_by_hand_where_it_is_not_offered_is_refused() -> None:
    questions = new_kinds()
    questions[2][1]["required"] = True
    someone = begun(consultation(questions=questions, invites_under_18=False))
    assert someone.post("q-far", number="", then="decline").status_code == 422


def test_limits_that_moved_after_a_draft_was_kept_are_checked_again() -> None:
    engagement = consultation(questions=new_kinds())
    someone = begun(engagement)
    someone.post("q-far", number="150")
    engagement.questions.filter(key="far").update(most=100)
    someone.post("permission", permission="anonymous")
    someone.post("contact", recontact="no")
    answer = someone.send()
    assert answer.status_code == 422 and "Question 3: Write 100 or less." in text(answer)


def test_the_paper_has_lines_to_write_on_and_boxes_for_every_line() -> None:
    engagement = consultation(questions=new_kinds())
    page = text(someone_reads(engagement, "paper"))
    for words in (
        "Tick one on each line.",
        "Travel is paid",
        "Agree strongly",
        "From 1 to 200.",
        "km",
        "Month",
    ):
        assert words in page
    young = text(someone_reads(engagement, "paper", show="young"))
    assert "My travel is paid" in young and "Yes, definitely" in young


def someone_reads(engagement: Engagement, what: str, **query: str) -> Any:
    return Respondent(engagement).client.get(f"/consultations/{engagement.slug}/{what}/", query)


def test_more_to_read_is_folded_and_frozen_with_the_wording() -> None:
    facts = "Half of all <b>pupils</b> travel by bus.\n\nSee https://example.org/bus"
    engagement = consultation(questions=[block("far", "number", young="Far?", facts=facts)])
    assert QuestionWording.objects.filter(facts=facts).count() == 2
    page = begun(engagement).get("q-far").content.decode()
    assert "<details" in page and "<p>Half of all &lt;b&gt;pupils&lt;/b&gt; travel by bus.</p>" in page
    assert 'href="https://example.org/bus"' in page
    assert "Half of all" in text(someone_reads(engagement, "paper"))


def test_the_usual_scale_stands_where_the_editors_gave_no_choices() -> None:
    engagement = consultation(questions=[block("agree", "scale", young="Do you?")])
    page = text(begun(engagement).get("q-agree"))
    assert "Agree strongly" in page and "No view" in page


@pytest.mark.parametrize(
    "question, match",
    [
        (block("a", "matrix"), "at least one line"),
        (block("a", "matrix", rows=[option("x", "X"), option("x", "Y")]), "key of its own"),
        (block("a", "number", options=[option("x", "X"), option("y", "Y")]), "no choices"),
        (block("a", "number", least=3, most=2), "less than the smallest"),
        (block("a", "text", rows=[option("x", "X")]), "Only a question of several lines"),
        (block("a", "short", options=[option("x", "X"), option("y", "Y")]), "no choices"),
    ],
)
def test_questions_that_cannot_be_asked_are_refused(question: Any, match: str) -> None:
    with pytest.raises(Refused, match=match):
        publish(draft([question]))


@pytest.mark.parametrize(
    "place, changed",
    [
        (1, {"rows": [option("travel", "Travel is paid")]}),
        (1, {"options": [option("a", "A"), option("b", "B")]}),
        (2, {"unit": "miles"}),
        (3, {"type": "short"}),
    ],
)
def test_after_the_first_answer_lines_unit_and_kind_stand(place: int, changed: dict[str, Any]) -> None:
    someone = answered()
    someone.send()
    page = someone.engagement.page.consultationpage
    questions = new_kinds()
    questions[place][1].update(changed)
    page.questions = questions
    with pytest.raises(Refused, match="has been answered"):
        page.save_revision().publish()


def test_limits_may_still_be_moved_after_the_first_answer() -> None:
    someone = answered()
    someone.send()
    page = someone.engagement.page.consultationpage
    questions = new_kinds()
    questions[2][1].update(most=500)
    page.questions = questions
    page.save_revision().publish()
    assert someone.engagement.questions.get(key="far").most == 500


@pytest.mark.parametrize("who", ["hope", "far"])
def test_one_line_answers_are_read_with_the_others(who: str) -> None:
    someone = answered()
    someone.send()
    page = text(someone_reads(someone.engagement, "responses", show=who))
    assert page.count("<h2>In a few words") == 0  # it is open still, and nothing is checked
    Engagement.objects.update(closes_at=someone.engagement.opens_at)
    page = text(someone_reads(someone.engagement, "responses"))
    assert "In a few words: what do you hope for?" in page and "How far do you travel?" not in page


WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=WORDS,
    hope=WORDS,
    lines=st.dictionaries(st.sampled_from(["travel", "food"]), st.sampled_from(["1", "5", "no-view"])),
    far=st.integers(1, 200),
    since=st.dates(date(1900, 1, 1), date(2199, 1, 1)),
)
def test_what_is_sent_is_what_is_stored_and_shown(
    words: str, hope: str, lines: dict[str, str], far: int, since: Any, db: None
) -> None:
    engagement = Engagement.objects.filter(slug="starting").first() or consultation(
        questions=[*new_kinds(), block("more", young="More?")]
    )
    someone = begun(engagement)
    someone.post("q-hope", text=hope)
    someone.post("q-lines", **{f"chosen-{row}": key for row, key in lines.items()})
    someone.post("q-far", number=str(far))
    someone.post("q-since", day=since.day, month=since.month, year=since.year)
    someone.post("q-more", text=words)
    someone.post("permission", permission="anonymous")
    someone.post("contact", recontact="no")
    check = text(someone.get("check"))
    assert f"{far} km" in check
    assert someone.send().status_code == 302
    receipt = Receipt.objects.order_by("-pk")[0]
    stored = {row.prompt_key: row.wordings.get().text for row in receipt.contributions.all()}
    sent = {"hope": plain(hope).replace("\n", " "), "more": plain(words)}
    assert stored == {key: said for key, said in sent.items() if said.strip()}
    chosen = {row.wording.question.key: row.value for row in receipt.choices.all()}
    in_order = [f"{row}:{lines[row]}" for row in ("travel", "food") if row in lines]
    wanted = {"lines": in_order, "far": [str(far)], "since": [since.isoformat()]}
    assert chosen == {key: value for key, value in wanted.items() if value}


def plain(words: str) -> str:
    return words.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")


def test_answers_from_a_spreadsheet_are_checked_and_stored_like_any_other() -> None:
    engagement = consultation(questions=new_kinds())
    cells = {"hope": "A job", "lines": "Lunch is there: Agree", "far": "12", "since": "4/3/2026"}
    asked = questions_of(engagement)
    checked = {one.key: clean(one, cells[one.key]) for one in asked}
    assert {message for _answer, message in checked.values()} == {""}
    about = About(
        age_band="26-plus", respondent_kind="individual", permission="anonymous", recontact=False, group=None
    )
    receipt, _new = respond(
        engagement, about, {key: answer for key, (answer, _m) in checked.items()}, code="ABCD-EFGH"
    )
    assert {row.wording.question.key for row in receipt.choices.all()} == {"lines", "far", "since"}
