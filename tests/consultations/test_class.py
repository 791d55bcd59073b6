"""A class answers with the code that an adult was given."""

from datetime import timedelta

import pytest
from django.utils import timezone

from collaborative.contributions.models import Channel, Contribution, Draft, Receipt
from collaborative.engagements.actions import make_join_code
from collaborative.engagements.models import Engagement, JoinCode
from collaborative.people.models import AgeBand
from tests.consultations.making import WORDS, Respondent, block, consultation

pytestmark = pytest.mark.django_db


def code_for(engagement: Engagement) -> str:
    now = timezone.now()
    return make_join_code(engagement, JoinCode.Kind.CLASS, now, now + timedelta(hours=1), None)


def pupil(engagement: Engagement, code: str, *, device: Respondent | None = None) -> Respondent:
    someone = Respondent(engagement, device.client if device else None)
    assert someone.client.post("/join/", {"code": code}).headers["Location"] == someone.address("age")
    return someone


@pytest.mark.parametrize("band", [AgeBand.UNDER_12, AgeBand.TWELVE, AgeBand.THIRTEEN])
def test_age_1_with_a_class_code_they_may_answer(band: str) -> None:
    engagement = consultation()
    someone = pupil(engagement, code_for(engagement))
    assert someone.post("age", age=band).headers["Location"] == someone.address("about")
    someone.post("q-feel", text=WORDS)
    someone.post("permission", permission="anonymous")
    assert someone.send().status_code == 302
    receipt = Receipt.objects.get()
    assert (receipt.channel, receipt.age_band, receipt.name, receipt.recontact) == (
        Channel.CLASS,
        band,
        "",
        False,
    )
    assert Contribution.objects.get().channel == Channel.CLASS


def test_kid_1_every_question_can_be_skipped_in_a_class() -> None:
    engagement = consultation(questions=[block("must", required=True), block("may")])
    someone = pupil(engagement, code_for(engagement))
    someone.post("age", age="12")
    assert "Skip this question" in someone.get("q-must").content.decode()
    assert someone.post("q-must").headers["Location"] == someone.address("q-may")
    assert someone.post("q-may", text="Fine.").headers["Location"] == someone.address("permission")
    someone.post("permission", permission="not-published")
    assert someone.send().status_code == 302
    assert Contribution.objects.get().wordings.get().text == "Fine."


@pytest.mark.parametrize("band", [AgeBand.TWELVE, AgeBand.SIXTEEN, AgeBand.ADULT])
def test_kid_1_no_name_anywhere_in_a_class(band: str) -> None:
    engagement = consultation()
    someone = pupil(engagement, code_for(engagement))
    someone.post("age", age=band)
    assert 'value="named"' not in someone.get("permission").content.decode()
    assert someone.post("permission", permission="named").status_code == 422
    assert someone.get("contact").status_code == 302
    assert "Your teacher does not see" in someone.get("age").content.decode()


@pytest.mark.parametrize("band, words", [(AgeBand.ADULT, "never feel like"), (AgeBand.TWELVE, "rubbish")])
def test_in_a_class_grown_ups_are_asked_in_their_own_words(band: str, words: str) -> None:
    engagement = consultation()
    someone = pupil(engagement, code_for(engagement))
    someone.post("age", age=band)
    assert words in someone.get("q-feel").content.decode()


def test_a_shared_device_starts_afresh_for_the_next_pupil() -> None:
    engagement = consultation()
    code = code_for(engagement)
    first = pupil(engagement, code)
    first.post("age", age="12")
    first.post("q-feel", text="The words of the first.")
    second = pupil(engagement, code, device=first)
    second.post("age", age="12")
    assert "The words of the first." not in second.get("q-feel").content.decode()
    assert second.client.cookies["answers"]["max-age"] == ""  # gone when the browser is closed


def test_a_browser_cannot_say_by_itself_that_it_is_in_a_class() -> None:
    someone = Respondent(consultation())
    someone.post("age", age="13-15", channel="class")
    someone.post("q-feel", text=WORDS, channel="class", age="12")
    stop = someone.post("age", age="12", channel="class")
    assert "with an adult" in stop.content.decode()
    assert Draft.objects.get().answers.get("channel") is None


def test_a_class_of_thirty_behind_one_address_is_not_slowed_down() -> None:
    engagement = consultation()
    code = code_for(engagement)
    for _ in range(30):
        someone = pupil(engagement, code)
        assert someone.post("age", age="12").status_code == 302
        assert someone.post("q-feel", text=WORDS).status_code == 302
        assert someone.post("permission", permission="anonymous").status_code == 302
        assert someone.send().status_code == 302
    assert Receipt.objects.count() == 30
