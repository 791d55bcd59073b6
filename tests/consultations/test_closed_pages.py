"""Pages of a consultation that is over, and its paper."""

import pytest
from django.test import Client

from collaborative.consultations.models import ConsultationPage
from tests.consultations.making import block, consultation, option
from tests.consultations.test_pages import closed, page, release

pytestmark = pytest.mark.django_db


def test_a_closed_consultation_speaks_of_what_was(stranger: Client) -> None:
    closed(short_period_reason="The school year ended.")
    text = page(stranger, "/consultations/starting/")
    for words in ("Why it was open for less", "This could change", "You got a code"):
        assert words in text
    for words in ("Why it is open", "This can change", "You get a code", "You can skip any"):
        assert words not in text


def test_fbk_1_one_day_is_said_once_and_the_bases_are_explained(stranger: Client) -> None:
    closed()
    release(
        received=214,
        excluded=11,
        excluded_by={"duplicate": 11},
        analysed=203,
        counted=166,
        campaigns=[{"name": "Small Hosts", "identical": 38, "varied": 5}],
    )
    ConsultationPage.objects.update(
        we_asked="Asked.", we_asked_on="2026-01-02", you_said="Said.", you_said_on="2026-01-02"
    )
    text = page(stranger, "/consultations/starting/feedback/")
    assert text.count("2 January 2026") == 1
    assert "Left out: a duplicate" in text
    assert "203 were analysed" in text and "so 166 count in the topics" in text


def test_the_paper_says_once_how_many_to_tick_and_where_to_take_it(stranger: Client) -> None:
    options = [option("a", "A"), option("b", "B")]
    consultation(questions=[block("q", "one", help="Pick one.", options=options)])
    ConsultationPage.objects.update(contact_email="ask@example.org")
    text = page(stranger, "/consultations/starting/paper/")
    assert "Pick one." in text and "Tick one." not in text
    assert "Give it back to the person who gave it to you, or send it to ask@example.org." in text
