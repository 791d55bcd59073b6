"""What is noticed in answers says which to look at first, and stands in nobody's way (SAF-4)."""

import pytest

from collaborative.contributions.models import Contribution, State
from collaborative.engagements.models import Engagement
from collaborative.moderation.models import Flag, Flagged, WatchedWord
from tests.consultations.making import Respondent, consultation

pytestmark = pytest.mark.django_db


def answered(words: str) -> None:
    someone = Respondent(Engagement.objects.filter(slug="starting").first() or consultation())
    someone.fill()
    someone.post("q-feel", text=words)
    assert someone.send().status_code == 302


def test_saf_4_an_answer_that_may_be_about_safety_comes_first_and_is_taken_like_any() -> None:
    WatchedWord.objects.create(text="hurt me", about="safety")
    answered("Nothing to add here.")
    answered("They hurt me, ring 01632 960123.")
    first = Contribution.objects.held()[0]
    assert set(first.flags.values_list("flag", flat=True)) == {Flag.SAFETY, Flag.CONTACT}
    assert first.priority > 0
    assert set(Contribution.objects.values_list("state", flat=True)) == {State.HELD}
    assert Flagged.objects.values("contribution").distinct().count() == 1


def test_an_answer_in_which_nothing_is_noticed_has_no_flag() -> None:
    answered("Nothing to add here.")
    assert not Flagged.objects.exists()
    assert set(Contribution.objects.values_list("priority", flat=True)) == {0}
