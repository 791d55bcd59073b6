"""Whatever goes wrong, what somebody typed is still there, and the screen says what to do."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import unquote_plus

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from collaborative import limits
from collaborative.consultations.closing import move_closing
from collaborative.consultations.models import ConsultationPage
from collaborative.contributions.models import Draft, Receipt
from collaborative.engagements.models import Engagement
from collaborative.people.roles import Role
from tests.cast import person
from tests.consultations.making import WORDS, Respondent, consultation

pytestmark = pytest.mark.django_db
LONG = "Too long. " * 2_001


def text(response: Any) -> str:
    return unescape(response.content.decode())


def begun(client: Client | None = None) -> Respondent:
    someone = Respondent(consultation(), client)
    someone.post("age", age="26-plus")
    return someone


def close(engagement: Engagement) -> None:
    Engagement.objects.filter(pk=engagement.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
    Draft.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def test_an_error_stands_beside_the_field_in_the_summary_and_in_the_title() -> None:
    someone = begun()
    answer = someone.post("about", group="parents")
    page = text(answer)
    assert answer.status_code == 422
    assert "<title>Error:" in page
    assert 'class="ds_error-summary"' in page and 'href="#kind"' in page and 'id="kind-error"' in page
    assert 'value="parents" id="group" checked' in page or 'value="parents" id="group-2" checked' in page


def test_a_text_that_is_too_long_comes_back_whole() -> None:
    answer = begun().post("q-feel", text=LONG)
    assert answer.status_code == 422
    assert LONG in text(answer) and "10 characters too long" in text(answer)


def test_a_reason_that_is_too_long_comes_back_with_the_choice() -> None:
    answer = begun().post("q-when", chosen="p7", why=LONG)
    assert LONG in text(answer) and 'value="p7" id="chosen-2" checked' in text(answer)


def test_too_many_choices_come_back_as_they_were() -> None:
    answer = begun().post("q-who", chosen=["p6", "p7", "s1"])
    assert answer.status_code == 422 and text(answer).count(" checked") == 3


def test_two_of_one_rank_come_back_as_they_were() -> None:
    answer = begun().post("q-promises", **{"chosen-p6": "1", "chosen-p7": "1"})
    assert answer.status_code == 422 and text(answer).count('value="1" selected') == 2


def test_a_forged_or_stale_form_gives_back_what_was_typed() -> None:
    someone = begun(Client(enforce_csrf_checks=False))
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = someone.client.cookies
    answer = strict.post(someone.address("q-feel"), {"text": WORDS})
    assert answer.status_code == 403
    assert WORDS in text(answer) and "Nothing was saved" in text(answer)
    assert "q-feel" not in Draft.objects.get().answers


def test_the_token_of_the_screen_is_taken() -> None:
    strict = Client(enforce_csrf_checks=True)
    someone = Respondent(consultation(), strict)
    token = someone.get("age").context["csrf_token"]
    assert someone.post("age", age="26-plus", csrfmiddlewaretoken=str(token)).status_code == 302


def test_when_it_closed_in_the_meantime_everything_is_there_to_copy() -> None:
    someone = begun()
    someone.post("q-feel", text="An earlier answer.")
    close(someone.engagement)
    answer = someone.post("q-when", why=WORDS)
    assert answer.status_code == 410
    assert WORDS in text(answer) and "An earlier answer." in text(answer)
    assert someone.send().status_code == 410
    assert "An earlier answer." in text(someone.get("check"))
    assert not Receipt.objects.exists()


def test_a_browser_that_lost_its_cookie_asks_the_age_and_carries_the_answer() -> None:
    someone = begun()
    someone.client.cookies.pop("answers")
    answer = someone.post("q-feel", text=WORDS)
    assert answer.status_code == 422 and answer.context["carried_step"] == "q-feel"
    onward = someone.post("age", age="26-plus", carried_step="q-feel", carried=answer.context["carried"])
    assert onward.headers["Location"] == someone.address("q-agree")
    assert WORDS in text(someone.get("q-feel"))


def test_what_is_carried_is_checked_like_anything_else() -> None:
    someone = Respondent(consultation())
    answer = someone.post("age", age="26-plus", carried_step="q-feel", carried="text=" + "x" * 20_001)
    assert answer.status_code == 422 and "x" * 20_001 in text(answer)
    assert someone.post("age", age="26-plus", carried_step="no-such", carried="%%%=").status_code == 302


def test_age_1_what_is_carried_is_not_stored_for_a_child_alone() -> None:
    someone = Respondent(consultation())
    someone.post("age", age="12", carried_step="q-feel", carried="text=Hello")
    assert not Draft.objects.exists()


def test_past_the_limit_the_text_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    few = limits.Bucket(capacity=2, per_minute=1)
    monkeypatch.setitem(limits.LIMITS, "respond", limits.Limit(each=few, network=few, school=few))
    someone = begun()
    assert someone.post("q-feel", text="First.").status_code == 302
    answer = someone.post("q-feel", text=WORDS)
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0
    assert WORDS in text(answer) and "First." in str(Draft.objects.get().answers)


def test_p4_a_lost_signal_loses_nothing_and_the_back_button_is_safe() -> None:
    someone = begun()
    someone.post("q-feel", text=WORDS)
    again = Respondent(someone.engagement)
    again.client.cookies = someone.client.cookies  # the same phone, later
    assert again.get().status_code == 200 and "Carry on" in text(again.get())
    assert WORDS in text(again.get("q-feel"))
    again.post("q-feel", text="Changed my mind.")
    assert "Changed my mind." in text(again.get("q-feel"))


def test_p4_change_leads_back_to_the_check() -> None:
    someone = begun()
    assert 'name="back" value="check"' in text(someone.get("q-feel", back="check"))
    answer = someone.post("q-feel", text=WORDS, back="check")
    assert answer.headers["Location"] == someone.address("check")
    wrong = someone.post("q-feel", text=LONG, back="check")
    assert 'name="back" value="check"' in text(wrong)


def test_con_1_a_code_brings_the_answers_to_another_device_and_stays_good() -> None:
    someone = begun()
    assert someone.post("q-feel", text=WORDS, then="leave").headers["Location"] == someone.address("leave")
    code = someone.get("leave").context["code"]
    assert code in text(someone.get("leave"))
    other = Respondent(someone.engagement)
    answer = other.client.post("/join/", {"code": code.lower()}, follow=True)
    assert answer.status_code == 200 and WORDS in text(other.get("q-feel"))
    assert other.get("leave").context["code"] == code
    third = Respondent(someone.engagement)
    third.client.post("/join/", {"code": other.get("leave").context["code"]})
    assert WORDS in text(third.get("q-feel"))


def test_con_1_the_code_ends_at_the_close_and_follows_a_new_closing_date() -> None:
    someone = begun()
    engagement = someone.engagement
    move_closing(
        engagement, engagement.closes_at + timedelta(days=7), "More time.", by=person("Ed", Role.EDITORS)
    )
    assert Draft.objects.get().expires_at == ConsultationPage.objects.get().closes_at
    code = someone.get("leave").context["code"]
    close(someone.engagement)
    assert Client().post("/join/", {"code": code}).status_code == 422


def test_forgetting_a_device_keeps_the_answers_for_the_code() -> None:
    someone = begun()
    someone.post("q-feel", text=WORDS)
    code = someone.get("leave").context["code"]
    someone.post("leave")
    assert someone.get("q-feel").status_code == 302
    someone.client.post("/join/", {"code": code})
    assert WORDS in text(someone.get("q-feel"))


def test_the_cookie_is_for_these_screens_alone_and_holds_no_key_of_the_database() -> None:
    someone = begun()
    cookie = someone.client.cookies["answers"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == someone.address()
    kept = str(Draft.objects.values())
    assert cookie.value not in kept


def test_the_screens_are_never_cached() -> None:
    someone = begun()
    for step in ("age", "about", "q-feel", "check", "leave"):
        assert "no-store" in someone.get(step)["Cache-Control"]


CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def _visible(words: str) -> str:
    """Without control characters: they are no words, and a page cannot show them."""
    return CONTROL.sub("", words.replace("\r\n", "\n")).strip()


JUNK = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
NAMES = st.sampled_from(
    ["age", "kind", "group", "text", "why", "chosen", "chosen-p6", "permission", "recontact", "email", "name"]
    + ["organisation", "then", "back", "edition", "carried", "carried_step"]
)
STEPS = [
    "age",
    "about",
    "q-when",
    "q-who",
    "q-feel",
    "q-agree",
    "q-promises",
    "permission",
    "contact",
    "check",
    "leave",
]


@example(sent=[("leave", {}), ("q-feel", {"text": "¡"})])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sent=st.lists(
        st.tuples(
            st.sampled_from(STEPS),
            st.dictionaries(NAMES, st.one_of(JUNK, st.sampled_from(["26-plus", "p6", "yes"]))),
        ),
        max_size=6,
    )
)
def test_no_junk_breaks_a_screen_and_a_saved_answer_survives_it(sent: list[Any], db: None) -> None:
    engagement = Engagement.objects.filter(slug="starting").first() or consultation()
    someone = Respondent(engagement)
    someone.post("age", age="26-plus")
    someone.post("q-feel", text=WORDS)
    for step, data in sent:
        written = data.get("text", "") if step == "q-feel" else None
        answer = someone.post(step, **data)
        assert answer.status_code < 500
        if written and answer.status_code == 422:
            carried = answer.context.get("carried", "")  # where the cookie went in between
            assert carried in text(answer)
            assert _visible(written) in _visible(text(answer) + unquote_plus(carried))
    kept = Draft.objects.order_by("-pk").first()
    if kept is not None and not any(step == "q-feel" or "carried_step" in data for step, data in sent):
        assert kept.answers["q-feel"]["text"] == WORDS
