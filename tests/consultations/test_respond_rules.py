"""What is asked of whom, and what is never asked: rules that follow the age band on the server."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from collaborative.consultations.models import ConsultationPage
from collaborative.contributions.actions import PRIVACY_VERSION
from collaborative.contributions.models import Contribution, Draft, Permission, Receipt
from collaborative.people.models import AgeBand
from tests.consultations.making import WORDS, Respondent, block, consultation, group

pytestmark = pytest.mark.django_db
UNDER_16 = [AgeBand.THIRTEEN, AgeBand.NOT_SAID]
OLDER = [AgeBand.SIXTEEN, AgeBand.EIGHTEEN, AgeBand.ADULT]


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def test_rif_1_nothing_is_chosen_beforehand() -> None:
    someone = Respondent(consultation())
    screens = [someone.get("age")]
    someone.post("age", age="26-plus")
    screens += [
        someone.get(step) for step in ("about", "q-when", "q-who", "q-agree", "permission", "contact")
    ]
    for screen in screens:
        assert screen.status_code == 200
        assert " checked" not in text(screen) and " selected" not in text(screen)


@pytest.mark.parametrize("left_out", ["about", "permission", "contact"])
def test_rif_1_nothing_is_sent_without_the_answers_of_the_form(left_out: str) -> None:
    someone = Respondent(consultation())
    data = {
        "about": {"kind": "individual"},
        "q-feel": {"text": WORDS},
        "permission": {"permission": "anonymous"},
        "contact": {"recontact": "no"},
    }
    someone.post("age", age="26-plus")
    for step, answers in data.items():
        if step != left_out:
            someone.post(step, **answers)
    answer = someone.send()
    assert answer.status_code == 422
    assert f'href="#row-{left_out}"' in text(answer) and f'id="row-{left_out}"' in text(answer)
    assert WORDS in text(answer)
    assert not Receipt.objects.exists()
    someone.post(left_out, **data[left_out])
    assert someone.send().status_code == 302
    assert Receipt.objects.get().privacy_version == PRIVACY_VERSION


@pytest.mark.parametrize("band", OLDER)
def test_rif_2_three_permissions_from_16_on(band: str) -> None:
    someone = Respondent(consultation())
    someone.post("age", age=band)
    for one in Permission.values:
        assert f'value="{one}"' in text(someone.get("permission"))


@pytest.mark.parametrize("band", UNDER_16)
def test_kc_7_no_name_is_offered_under_16_or_of_unknown_age(band: str) -> None:
    someone = Respondent(consultation())
    someone.post("age", age=band)
    screen = text(someone.get("permission"))
    assert 'value="named"' not in screen and 'value="anonymous"' in screen
    assert someone.post("permission", permission="named").status_code == 422
    assert someone.get("contact").status_code == 302  # there is no such screen for them


@pytest.mark.parametrize("band", UNDER_16)
def test_kc_3_what_a_browser_makes_up_about_names_is_not_taken(band: str) -> None:
    someone = Respondent(consultation())
    someone.post("age", age=band)
    someone.post("about", kind="individual", name="Rowan", email="r@example.org", age="26-plus")
    someone.post("contact", name="Rowan", recontact="yes", email="r@example.org")
    someone.post("q-feel", text=WORDS, name="Rowan", permission="named")
    someone.post("permission", permission="anonymous", name="Rowan")
    someone.send()
    receipt = Receipt.objects.get()
    assert (receipt.age_band, receipt.name, receipt.contact_email, receipt.recontact) == (band, "", "", False)


def test_kc_3_a_name_given_before_the_age_was_corrected_is_not_kept_with_the_answers() -> None:
    someone = Respondent(consultation())
    someone.fill(age="18-25", permission="named")
    someone.post("contact", name="Rowan Reid", recontact="yes", email="r@example.org")
    someone.post("age", age="13-15")
    answer = someone.send()
    assert answer.status_code == 422 and 'href="#row-permission"' in text(answer)
    someone.post("permission", permission="not-published")
    assert someone.send().status_code == 302
    receipt = Receipt.objects.get()
    assert (receipt.name, receipt.contact_email, receipt.recontact) == ("", "", False)
    assert "Rowan" not in str(Receipt.objects.values()) + str(Contribution.objects.values())


def test_kc_8_no_account_no_address_no_date_of_birth() -> None:
    engagement = consultation()
    someone = Respondent(engagement, Client(REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT="Rowan's phone"))
    someone.fill()
    kept = str(Draft.objects.values())
    someone.send()
    kept += str(Receipt.objects.values()) + str(Contribution.objects.values())
    assert "203.0.113" not in kept and "Rowan" not in kept and "sessionid" not in someone.client.cookies


@pytest.mark.parametrize("band", OLDER)
def test_rif_2_a_name_is_asked_only_of_those_who_want_it_shown(band: str) -> None:
    someone = Respondent(consultation())
    someone.fill(age=band, permission="anonymous")
    assert 'name="name"' not in text(someone.get("contact"))
    someone.post("permission", permission="named")
    assert 'name="name"' in text(someone.get("contact"))
    assert someone.post("contact", recontact="no").status_code == 422
    someone.post("contact", recontact="no", name="Sheena Auld")
    someone.send()
    assert Receipt.objects.get().name == "Sheena Auld"


def test_rif_4_an_organisation_is_named_only_where_one_answers() -> None:
    someone = Respondent(consultation())
    someone.fill(permission="named")
    assert 'name="organisation"' not in text(someone.get("contact"))
    someone.post("about", kind="organisation")
    screen = text(someone.get("contact"))
    assert 'name="organisation"' in screen and 'name="name"' not in screen
    assert someone.post("contact", recontact="no").status_code == 422
    someone.post("contact", recontact="no", organisation="Kestrel Ltd")
    someone.post("about", kind="individual")
    someone.post("permission", permission="anonymous")
    someone.send()
    assert Receipt.objects.get().organisation == ""


def test_rif_4_the_form_says_before_sending_that_the_name_is_not_shown() -> None:
    someone = Respondent(consultation())
    someone.post("age", age="26-plus")
    someone.post("about", kind="organisation")
    someone.post("permission", permission="anonymous")
    assert "We do not publish it" in text(someone.get("contact"))


@pytest.mark.parametrize("band", [*UNDER_16, *OLDER])
def test_rif_5_the_law_is_named_where_permission_is_asked_in_words_that_fit(band: str) -> None:
    someone = Respondent(consultation())
    someone.post("age", age=band)
    screen = text(someone.get("permission"))
    assert "Freedom of Information (Scotland) Act 2002" in screen
    assert ("There is a law" in screen) == (band in {"13-15", "16-17"})


def test_recontact_needs_an_address_that_could_be_one() -> None:
    someone = Respondent(consultation())
    someone.fill()
    for wrong in ("", "not an address", "a@b"):
        answer = someone.post("contact", recontact="yes", email=wrong)
        assert answer.status_code == 422 and 'id="email-error"' in text(answer)
    someone.post("contact", recontact="yes", email="a@example.org")
    someone.send()
    assert Receipt.objects.get().contact_email == "a@example.org"


@pytest.mark.parametrize("band", [AgeBand.UNDER_12, AgeBand.TWELVE])
def test_age_1_alone_at_12_or_under_a_kind_stop_and_nothing_is_kept(band: str) -> None:
    someone = Respondent(consultation())
    answer = someone.post("age", age=band)
    page = text(answer)
    assert answer.status_code == 200 and "With your class" in page and 'href="/help/"' in page
    assert "/paper/" in page and 'href="/join/"' in page
    assert not Draft.objects.exists() and "answers" not in someone.client.cookies


def test_age_1_an_age_corrected_downwards_cannot_be_sent_and_may_be_thrown_away() -> None:
    someone = Respondent(consultation())
    someone.fill()
    stop = someone.post("age", age="12", back="check")
    assert "Throw it away" in text(stop)
    assert someone.send().status_code == 422
    assert not Receipt.objects.exists()
    someone.post("")
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "band, edition",
    [("13-15", "young"), ("16-17", "young"), ("26-plus", "standard"), ("not-said", "standard")],
)
def test_young_people_are_asked_in_their_words(band: str, edition: str) -> None:
    someone = Respondent(consultation())
    someone.post("age", age=band)
    assert ("What would make it rubbish?" in text(someone.get("q-feel"))) == (edition == "young")


def test_lng_3_anyone_may_choose_other_words_and_keeps_what_they_typed() -> None:
    someone = Respondent(consultation())
    assert someone.get("", edition="young").headers["Location"].endswith("?edition=young")
    assert 'name="edition" value="young"' in text(someone.get("age", edition="young"))
    someone.post("age", age="26-plus", edition="young")
    assert "rubbish" in text(someone.get("q-feel"))
    answer = someone.post("q-feel", text=WORDS, then="words-standard")
    assert answer.headers["Location"] == someone.address("q-feel")
    screen = text(someone.get("q-feel"))
    assert "never feel like" in screen and WORDS in screen


def test_people_under_18_are_not_asked_for_a_group_when_there_is_one_for_them() -> None:
    engagement = consultation()
    ConsultationPage.objects.update(young_group=group("young-people"))
    someone = Respondent(engagement)
    assert someone.post("age", age="13-15").headers["Location"] == someone.address("q-when")
    someone.post("q-feel", text=WORDS)
    someone.post("permission", permission="anonymous")
    someone.send()
    assert Receipt.objects.get().group == group("young-people")


def test_every_question_can_be_skipped_unless_it_must_be_answered() -> None:
    engagement = consultation(questions=[block("must", required=True), block("may")])
    someone = Respondent(engagement)
    someone.post("age", age="26-plus")
    assert "Skip this question" in text(someone.get("q-may"))
    assert "Skip this question" not in text(someone.get("q-must"))
    assert someone.post("q-may").status_code == 302
    assert someone.post("q-must", text="  ").status_code == 422


@pytest.mark.parametrize(
    "words, found",
    [
        ("Ring me on 07700 900 123", "a phone number"),
        ("I am rowan@example.org", "an e-mail address"),
        ("I live at EH1 1AA", "a postcode"),
        ("In 2026 there were 150 of us", ""),
    ],
)
def test_p5_what_may_lead_to_a_young_person_is_pointed_out_and_never_blocked(words: str, found: str) -> None:
    someone = Respondent(consultation())
    someone.post("age", age="13-15")
    answer = someone.client.post(someone.address("q-feel"), {"text": words}, follow=True)
    assert answer.redirect_chain[-1][0].startswith(someone.address("q-agree"))
    assert (found in text(answer)) and ('id="signs"' in text(answer)) == bool(found)
    someone.post("permission", permission="anonymous")
    assert someone.send().status_code == 302


def test_p5_adults_are_left_in_peace() -> None:
    someone = Respondent(consultation())
    someone.post("age", age="26-plus")
    answer = someone.client.post(someone.address("q-feel"), {"text": "0131 496 0000"}, follow=True)
    assert 'id="signs"' not in text(answer)


def test_lun_1_and_the_rest_hold_in_the_database_too() -> None:
    """The page may not come alive in a half state even when code forgets the form."""
    engagement = consultation()
    page = ConsultationPage.objects.get(pk=engagement.page_id)
    page.lundy_influence = ""
    with pytest.raises(ValidationError):
        page.save_revision().publish()
    engagement.refresh_from_db()
    assert engagement.lundy_influence


@pytest.mark.parametrize("step", ["age", "about", "q-feel", "permission", "contact", "check", "leave"])
def test_i_am_not_okay_is_on_every_screen(step: str) -> None:
    someone = Respondent(consultation())
    someone.fill()
    screen = text(someone.get(step))
    assert "I’m not okay" in screen and 'href="/help/"' in screen


@pytest.mark.parametrize(
    "step", ["age", "about", "q-when", "q-who", "q-feel", "q-promises", "permission", "contact", "check"]
)
def test_kc_13_nothing_hurries_and_one_heading_a_screen(step: str) -> None:
    someone = Respondent(consultation())
    someone.fill()
    screen = text(someone.get(step))
    assert screen.count("<h1") == 1
    assert "<script>" not in screen and "style=" not in screen and " on" + "click" not in screen
