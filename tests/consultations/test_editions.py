"""Editions that belong together: whole or in part, in time or out of date, and people move between them."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from collaborative.consultations.actions import edition_still_fits
from collaborative.consultations.models import ConsultationPage, QuestionWording
from collaborative.consultations.questions import Sheet
from collaborative.contributions.models import Edition, LedgerEvent, Receipt
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.people.models import User
from tests.consultations.making import WORDS, Respondent, block, consultation, draft, option, publish

pytestmark = pytest.mark.django_db
FILM = "https://films.example/bsl/7"
GAELIC = {"text": "Dè tha ceàrr?", "help": "", "facts": "", "why_label": ""}
ALL = {
    "young": "What is rubbish?",
    "easy_read": "What is bad?",
    "bsl": {"link": FILM, "file": None},
    "gaelic": GAELIC,
}


def asked(engagement: Engagement, edition: str) -> Any:
    return Sheet(engagement).asked(edition)[0]


def old(engagement: Engagement) -> set[str]:
    """The editions that say what the standard text said before."""
    return {one for one in Edition.values if asked(engagement, one).instead_of}


def reword(**fields: Any) -> None:
    """Publish the first question with these fields changed."""
    page = ConsultationPage.objects.get()
    page.questions[0].value.update(fields)
    page.save_revision().publish()


def in_all(**fields: Any) -> Engagement:
    return consultation(questions=[block("a", text="What is wrong?", **{**ALL, **fields}), block("b")])


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


# Out of date ------------------------------------------------------------------------------------


def test_lng_3_editions_are_out_of_date_once_the_standard_text_moves_on() -> None:
    engagement = in_all()
    assert old(engagement) == set()
    reword(text="What is really wrong?")
    assert old(engagement) == {"young", "easy-read", "bsl", "gaelic"}
    assert asked(engagement, "young").text == "What is rubbish?"
    assert asked(engagement, "young").instead_of == "What is really wrong?"
    reword(young="What is really rubbish?")
    assert old(engagement) == {"easy-read", "bsl", "gaelic"}
    reword(bsl={"link": f"{FILM}/new", "file": None})
    assert old(engagement) == {"easy-read", "gaelic"}
    reword(text="What is wrong?")  # back to the words that these two were written to
    assert old(engagement) == {"young", "bsl"}


def test_lng_3_what_an_edition_shares_does_not_put_it_out_of_date() -> None:
    engagement = in_all()
    reword(help="One line will do.")
    assert old(engagement) == {"gaelic"}  # it says the help in its own language
    assert asked(engagement, "young").help == "One line will do."
    reword(gaelic={**GAELIC, "help": "Nì aon loidhne an gnothach."})
    assert old(engagement) == set()
    assert asked(engagement, "gaelic").help == "Nì aon loidhne an gnothach."


def test_lng_3_choices_count_where_an_edition_has_its_own() -> None:
    choices = [option("x", "Some", "A bit"), option("y", "More", "Lots")]
    engagement = in_all(type="one", options=choices)
    reword(options=[option("x", "A little", "A bit"), option("y", "More", "Lots")])
    assert old(engagement) == {"young", "bsl", "gaelic"}
    reword(options=[option("x", "A little", "A tiny bit"), option("y", "More", "Lots")])
    assert "young" not in old(engagement)


def test_lng_3_a_person_can_say_that_an_edition_still_fits(
    editor: User, moderator: User, client_for: Callable[[User], Client]
) -> None:
    engagement = in_all()
    reword(text="What is really wrong?")
    staff, address = client_for(editor), reverse("editions", args=[engagement.pk])
    page = text(staff.get(address))
    assert page.count('data-state="old"') == 4 and page.count('data-state="missing"') == 4
    wording = QuestionWording.objects.filter(question__key="a", edition="gaelic").latest("number")
    with pytest.raises(PermissionDenied):
        edition_still_fits(wording, by=moderator)
    for _press in range(2):
        assert staff.post(address, {"wording": wording.pk}).status_code == 302
    assert old(engagement) == {"young", "easy-read", "bsl"}
    assert LedgerEvent.objects.filter(verb="edition.still-fits").count() == 1
    assert staff.post(address, {"wording": "none"}).status_code == 404
    reword(text="What is wrong with it?")
    assert "gaelic" in old(engagement)


def test_the_editor_sees_at_a_glance_what_is_missing_and_what_is_out_of_date(
    editor: User, client_for: Callable[[User], Client]
) -> None:
    engagement = in_all()
    reword(text="What is really wrong?")
    page = text(client_for(editor).get(reverse("wagtailadmin_pages:edit", args=[engagement.page_id])))
    assert page.count('data-state="old"') == 4 and page.count('data-state="missing"') == 4
    assert reverse("editions", args=[engagement.pk]) in page
    assert 'data-rule="LNG-3"' in page and "Question 1: “Gaelic” is out of date." in page
    # It stops nothing.
    ConsultationPage.objects.get().save_revision().publish()


def test_words_that_are_being_written_are_not_called_out_of_date() -> None:
    in_all()
    page = ConsultationPage.objects.get()
    page.questions[0].value.update({"text": "What is really wrong?", "young": "What is really rubbish?"})
    notes = next(rule.notes for rule in page.checklist() if rule.id == "LNG-3")
    assert len(notes) == 3 and not any("young" in note for note in notes)


@pytest.mark.parametrize("edition", [one.value for one in Edition if one != Edition.STANDARD])
def test_lng_3_an_edition_that_is_promised_has_every_question(edition: str) -> None:
    with pytest.raises(Refused, match="Question 2"):
        publish(draft([block("a", **ALL), block("b")], editions=[edition]))
    engagement = publish(draft([block("a", **ALL), block("b", **ALL)], slug="whole", editions=[edition]))
    assert edition in Sheet(engagement).editions


# Answering --------------------------------------------------------------------------------------


def test_lng_1_a_signed_question_is_a_link_and_nothing_of_another_site_is_loaded() -> None:
    someone = Respondent(in_all())
    someone.post("age", age="26-plus", edition="bsl")
    page = text(someone.get("q-a"))
    assert f'href="{FILM}" rel="noreferrer noopener"' in page
    assert "<iframe" not in page and "<video" not in page and "What is wrong?" in page
    assert "write down what you sign" in page
    assert FILM not in text(someone.client.get("/consultations/starting/"))


def test_lng_2_a_gaelic_answer_is_kept_as_one_and_the_page_says_what_language_it_is() -> None:
    someone = Respondent(in_all())
    assert "edition=gaelic" in text(someone.client.get("/consultations/starting/"))
    someone.post("age", age="26-plus", edition="gaelic")
    someone.post("about", kind="individual", group="parents")
    assert '<div lang="gd">' in text(someone.get("q-a"))
    someone.post("q-a", text="Tha mi ag aontachadh.")
    lacking = text(someone.get("q-b"))
    assert "not there yet in this edition (Gaelic)" in lacking and '<div lang="gd">' not in lacking
    someone.post("permission", permission="anonymous")
    someone.post("contact", recontact="no")
    someone.send()
    receipt = Receipt.objects.get()
    given = receipt.contributions.get()
    assert (receipt.edition, receipt.language) == ("gaelic", "gd") == (given.edition, given.language)
    assert given.prompt == GAELIC["text"] and given.prompt_key == "a"


def test_lng_3_whoever_answers_is_told_what_the_standard_text_says_now() -> None:
    someone = Respondent(in_all())
    someone.post("age", age="26-plus", edition="easy-read")
    reword(text="What is really wrong?")
    page = text(someone.get("q-a"))
    assert "What is bad?" in page and "They now say: “What is really wrong?”" in page.replace("</p>", "")


def test_lng_2_moving_between_editions_keeps_the_place_and_what_is_typed() -> None:
    someone = Respondent(in_all())
    someone.post("age", age="26-plus")
    for edition in ("young", "easy-read", "bsl", "gaelic", "standard"):
        typed = f"{WORDS} In {edition}."
        answer = someone.post("q-a", text=typed, then=f"words-{edition}")
        assert answer.headers["Location"] == someone.address("q-a")
        assert typed in text(someone.get("q-a"))
    paper = text(someone.client.get("/consultations/starting/paper/?show=gaelic"))
    assert GAELIC["text"] in paper


def test_a_preview_shows_each_edition(editor: User) -> None:
    in_all()
    page = ConsultationPage.objects.get()
    assert [mode for mode, _label in page.preview_modes] == ["", *Edition.values]


def test_reading_the_questions_takes_one_query(django_assert_num_queries: Any) -> None:
    engagement = in_all()
    for n in range(3):
        reword(text=f"What is wrong, for the time number {n}?")
    with django_assert_num_queries(1):
        sheet = Sheet(engagement)
        for edition in Edition.values:
            sheet.asked(edition)
