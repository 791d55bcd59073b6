"""LNG-1: a signed answer is the address of a film until its words are written down; the words are
published."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Contribution, State, Wording
from collaborative.moderation import actions
from collaborative.people.models import User
from tests.consultations.making import Respondent, block, consultation

pytestmark = pytest.mark.django_db
FILM = "https://films.example/answer/9"
SIGNED = "I want to be asked in my own language."


def signed(words: str = FILM) -> Contribution:
    """An answer in British Sign Language that waits."""
    film = {"link": "https://films.example/q", "file": None}
    someone = Respondent(consultation(questions=[block("a", young="A?", bsl=film)]))
    someone.post("age", age="26-plus", edition="bsl")
    someone.post("about", kind="individual", group="parents")
    someone.post("q-a", text=words)
    someone.post("permission", permission="anonymous")
    someone.post("contact", recontact="no")
    someone.send()
    return Contribution.objects.get()


def test_lng_1_a_film_is_released_only_in_words(
    moderator: User, client_for: Callable[[User], Client]
) -> None:
    row, staff = signed(), client_for(moderator)
    with pytest.raises(NotPossible, match="First write down what is signed"):
        actions.release(row, by=moderator)
    with pytest.raises(NotPossible):
        actions.release_redacted(row, FILM.replace("9", "[removed]"), "A name.", by=moderator)
    address = reverse("moderation_check", args=[row.reference])
    page = staff.get(address).content.decode()
    assert f'href="{FILM}" rel="noreferrer noopener"' in page and "<iframe" not in page
    empty = staff.post(address, {"outcome": "transcribe", "transcript": " "})
    assert "Write down what is signed." in empty.content.decode()
    for _press in range(2):
        staff.post(address, {"outcome": "transcribe", "transcript": SIGNED})
    kinds = list(row.wordings.order_by("number").values_list("kind", "text", "created_by"))
    assert kinds == [
        (Wording.Kind.GIVEN, FILM, None),
        (Wording.Kind.TRANSCRIPT, SIGNED, moderator.pk),
    ]
    actions.release(row, by=moderator)
    shown = Contribution.objects.public().get()
    assert shown.public_text == SIGNED
    with pytest.raises(NotPossible):
        actions.transcribe(row, "Something else.", by=moderator)


def test_lng_1_only_those_who_check_write_what_is_signed(editor: User, moderator: User) -> None:
    row = signed()
    with pytest.raises(PermissionDenied):
        actions.transcribe(row, SIGNED, by=editor)
    assert row.wordings.count() == 1


def test_words_in_that_edition_are_words(moderator: User) -> None:
    row = signed(f"I wrote this, and {FILM} is about it.")
    with pytest.raises(NotPossible, match="written already"):
        actions.transcribe(row, SIGNED, by=moderator)
    actions.release(row, by=moderator)
    row.refresh_from_db()
    assert row.state == State.RELEASED
