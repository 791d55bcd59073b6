"""The page of a receipt code: what became of each thing, for whoever has the code and for nobody else."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from collaborative import codes, pagecache
from collaborative.analysis.actions import no_topic
from collaborative.contributions.actions import About, Given, erase, receive
from collaborative.contributions.models import Contribution, Receipt
from collaborative.engagements.codes_registry import WRONG_CODE
from collaborative.moderation import actions as moderation
from collaborative.moderation.models import HouseRule
from tests.cast import person
from tests.flow import world
from tests.outcomes import deciding

pytestmark = pytest.mark.django_db


@pytest.fixture
def where(db: None) -> Any:
    return deciding.engagement("fair-tastes")


@pytest.fixture
def topic(db: None) -> Any:
    return deciding.theme("T1", "Ask me first")


@pytest.fixture
def rule(db: None) -> HouseRule:
    return HouseRule.objects.create(
        number=1, title="Be kind", text="No insults.", kind_reason="Say it again, kindly."
    )


def open_code(code: str, *earlier: str, client: Client | None = None) -> Any:
    """What stands there in the end: a page that Back and reload reach, with no code in its address."""
    return (client or Client()).post("/receipt/", {"code": code, "earlier": list(earlier)}, follow=True)


def page(code: str, *earlier: str) -> str:
    """The words of the page, in one line."""
    answer = open_code(code, *earlier)
    assert answer.status_code == 200
    return plain(answer.content.decode())


def plain(html: str) -> str:
    text = re.sub(r"<(style|script|svg).*?</\1>", " ", html, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", text).replace("&#x27;", "'").split())


def given(where: Any, words: str = "I would rather be asked.", **about: Any) -> tuple[str, Contribution]:
    code = codes.new()
    return code, world.speak(where, words, code=code, **about)


# Each state -----------------------------------------------------------------------------------------


def test_what_waits_is_said_to_wait_with_its_words(where: Any) -> None:
    code, _said = given(where)
    text = page(code)
    assert "A person reads this next." in text
    assert "I would rather be asked." in text
    assert "1 is waiting." in text


def test_what_was_read_and_not_sorted_is_said_to_be(where: Any) -> None:
    code, said = given(where)
    moderation.release(said, by=world.moderator())
    assert "A person has read this. It is not sorted into a topic yet." in page(code)


def test_what_is_sorted_and_not_answered_is_said_to_be(where: Any, topic: Any) -> None:
    code, _said = given(where, sort_as=topic)
    text = page(code)
    assert "Ask me first" in text
    assert "The board has not answered it yet." in text


def test_an_answer_is_shown_with_its_reason_and_its_decision(where: Any, topic: Any) -> None:
    code, _said = given(where, sort_as=topic)
    world.decided(where, topic)
    answer = open_code(code).content.decode()
    text = plain(answer)
    assert "You told us 1 thing. It raised 1 topic: 1 no." in text
    assert "Because of this." in text
    assert "The plan says so already." in text
    assert 'href="/decisions/decision-1/"' in answer


def test_the_first_sentence_adds_up_whatever_became_of_each_thing(where: Any, topic: Any) -> None:
    """Three topics in two things, one thing with none, one that waits: four things, and nothing twice."""
    code = codes.new()
    words = ("First the one thing. Then another.", "The same again.", "Nothing to add.", "And this.")
    about = About(
        age_band="26-plus",
        respondent_kind="individual",
        permission="anonymous",
        recontact=False,
        group=world.groups()[0],
    )
    given = [Given(prompt_key=f"q{n}", prompt="What?", text=text) for n, text in enumerate(words)]
    receipt, _new = receive(where, about, given, code=code, check_open=False)
    both, again, nothing, _waits = receipt.contributions.order_by("pk")
    for one in (both, again, nothing):
        moderation.release(one, by=world.moderator())
    for one in (both, again):
        world.sort(one, topic)
    for number, label in ((2, "Too late"), (3, "Too far")):
        world.sort(both, deciding.theme(f"T{number}", label))
    no_topic(nothing, by=deciding.analyst())
    world.decided(where, topic)
    assert (
        "You told us 4 things. 2 of them raised 3 topics: 1 no, 2 not yet decided."
        " In 1 we found no topic. 1 is waiting." in page(code)
    )


def test_kc_6_a_refusal_gives_the_kind_reason_and_not_the_moderators(where: Any, rule: HouseRule) -> None:
    code, said = given(where)
    moderation.refuse(said, rule, by=world.moderator(), reason="he is a nuisance")
    text = page(code)
    assert "We read this and do not show it. Say it again, kindly." in text
    assert "nuisance" not in text


def test_what_was_taken_back_is_said_to_be_and_has_no_words(where: Any) -> None:
    code, said = given(where)
    erase(said)
    text = page(code)
    assert "You took this back." in text
    assert "I would rather be asked." not in text


def test_redacted_words_are_those_that_others_see(where: Any) -> None:
    code, said = given(where, "Ask Mhairi MacAskill first.")
    moderation.release_redacted(said, "Ask [removed] first.", "A name.", by=world.moderator())
    text = page(code)
    assert "Ask [removed] first." in text
    assert "Mhairi" not in text


# Under 18 -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("band", ["under-12", "12", "13-15", "16-17", "not-said"])
def test_words_of_the_young_show_only_once_a_person_let_them_go(where: Any, band: str) -> None:
    """Somebody else at home may have the code."""
    code, said = given(where, "I tell you a thing.", age_band=band)
    assert "I tell you a thing." not in page(code)
    assert "Your words show here once a person has read them." in page(code)
    moderation.release(said, by=world.moderator())
    assert "I tell you a thing." in page(code)


@pytest.mark.parametrize("band", ["13-15", "26-plus"])
def test_saf_2_what_was_escalated_looks_like_what_waits(where: Any, band: str) -> None:
    codes_of = [given(where, "The same words.", age_band=band)[0] for _turn in range(2)]
    said = Contribution.objects.order_by("pk")[1]
    moderation.escalate(said, by=world.moderator())
    waiting, escalated = (
        plain(open_code(code).content.decode().replace(code, "")).replace(code, "") for code in codes_of
    )
    assert waiting == escalated
    assert "A person reads this next." in escalated


def test_a_copy_gives_no_more_away_than_the_page(where: Any) -> None:
    code, said = given(where, "I tell you a thing.", age_band="13-15")
    moderation.escalate(said, by=world.moderator())
    answer = Client().post("/receipt/copy/", {"code": code})
    assert answer.status_code == 200
    assert "I tell you a thing." not in answer.content.decode()


# Several codes ------------------------------------------------------------------------------------


def test_several_codes_stand_on_one_page_and_are_tied_together_nowhere(where: Any) -> None:
    first, _said = given(where, "The first thing.")
    second, _said = given(where, "The second thing.")
    client = Client()
    answer = open_code(second, first, client=client)
    text = plain(answer.content.decode())
    assert text.index("The second thing.") < text.index("The first thing.")
    assert "sessionid" not in client.cookies
    # The next code is typed on this page: it carries both on.
    assert answer.content.decode().count('name="earlier"') >= 2


def test_the_same_code_twice_stands_once(where: Any) -> None:
    code, _said = given(where, "Only once.")
    assert page(code, code.lower(), code.replace("-", " ")).count("“Only once.”") == 1


def test_a_wrong_code_keeps_the_others(where: Any) -> None:
    code, _said = given(where)
    answer = open_code("MOSS-4TC9-7W", code)
    assert answer.status_code == 422
    assert f'name="earlier" value="{code}"' in answer.content.decode()


def test_no_more_codes_than_a_page_can_hold_are_looked_up(where: Any) -> None:
    code, _said = given(where)
    with CaptureQueriesContext(connection) as captured:
        open_code(code, *(codes.new() for _turn in range(200)))
    assert len(captured) < 60


# Wrong codes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["MOSS-4TC9-7W", "x", "<b>", "'; DROP TABLE", "é" * 60, "A" * 5000, "\x00\x00\x00\x00"]
)
def test_kid_2_every_wrong_code_gets_the_same_answer(where: Any, typed: str) -> None:
    answer = open_code(typed)
    assert answer.status_code == 422
    assert str(WRONG_CODE) in answer.content.decode()
    assert "<b>" not in answer.content.decode().partition("<main")[2]


def test_an_empty_field_asks_for_the_code(where: Any) -> None:
    answer = open_code("")
    assert answer.status_code == 422
    assert "Type your code." in answer.content.decode()


def test_back_and_reload_reach_the_page_again_until_it_is_closed(where: Any) -> None:
    code, _said = given(where)
    client = Client()
    open_code(code, client=client)
    assert "I would rather be asked." in client.get("/receipt/seen/").content.decode()
    client.post("/receipt/close/")
    assert client.get("/receipt/seen/").status_code == 302


def test_a_form_on_another_site_sets_no_cookie(where: Any) -> None:
    code, _said = given(where)
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/receipt/", {"code": code}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 200
    assert "receipts" not in answer.cookies
    answer = client.post("/receipt/", {"code": code}, headers={"sec-fetch-site": "same-origin"})
    cookie = answer.cookies["receipts"]
    assert cookie["httponly"] and cookie["path"] == "/receipt/" and cookie["samesite"] == "Lax"


def test_looking_up_codes_is_limited(where: Any) -> None:
    client = Client()
    answers = [open_code(codes.new(), client=client).status_code for _turn in range(70)]
    assert answers[0] == 422
    assert answers[-1] == 429
    assert Client(REMOTE_ADDR="203.0.113.9").post("/receipt/", {"code": "x"}).status_code == 422


def test_a_code_is_never_in_an_address_and_never_kept(where: Any) -> None:
    code, _said = given(where)
    assert "I would rather be asked." not in Client().get(f"/receipt/?code={code}").content.decode()
    answer = open_code(code)
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
    with connection.cursor() as cursor:
        cursor.execute("SELECT code_hash FROM contributions_receipt")
        assert code not in str(cursor.fetchall())


# What is yours ------------------------------------------------------------------------------------


def test_gdp_2_taking_back_asks_once_and_then_does_it(where: Any, topic: Any) -> None:
    code, said = given(where, sort_as=topic)
    client = Client()
    asked = client.post("/receipt/delete/", {"code": code})
    assert asked.status_code == 200
    assert "Take back what you said?" in asked.content.decode()
    assert Contribution.objects.get(pk=said.pk).state == "released"
    done = client.post("/receipt/delete/", {"code": code, "sure": "yes"}, follow=True)
    assert "What you said is taken back." in done.content.decode()
    assert not Contribution.objects.public().exists()
    again = client.post("/receipt/delete/", {"code": code, "sure": "yes"}, follow=True)
    assert again.status_code == 200


def test_age_2_a_child_can_copy_and_take_back_without_an_adult(where: Any) -> None:
    code, said = given(where, "Mine.", age_band="12")
    moderation.release(said, by=world.moderator())
    copy = Client().post("/receipt/copy/", {"code": code})
    assert "Mine." in copy.content.decode()
    assert copy["Content-Type"].startswith("text/plain")
    assert "attachment" in copy["Content-Disposition"]
    Client().post("/receipt/delete/", {"code": code, "sure": "yes"})
    assert Contribution.objects.get(pk=said.pk).state == "withdrawn"


@pytest.mark.parametrize("where_to", ["copy", "delete", "permission"])
def test_nothing_is_done_without_the_code(where: Any, where_to: str) -> None:
    _code, said = given(where)
    answer = Client().post(f"/receipt/{where_to}/", {"code": codes.new(), "sure": "yes"})
    assert answer.status_code == 422
    assert Client().get(f"/receipt/{where_to}/").status_code == 405
    assert Contribution.objects.get(pk=said.pk).state == "held"


@pytest.mark.parametrize("where_to", ["delete", "permission"])
def test_a_form_of_another_site_changes_nothing(where: Any, where_to: str) -> None:
    code, said = given(where)
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(
        f"/receipt/{where_to}/", {"code": code, "sure": "yes", "permission": "not-published"}
    )
    assert answer.status_code == 403
    said.refresh_from_db()
    assert (said.state, said.permission) == ("held", "anonymous")


def test_rif_2_permission_can_change_while_it_is_open(db: None) -> None:
    where = deciding.engagement("still-open", closed=-30)
    code, said = given(where)
    answer = Client().post("/receipt/permission/", {"code": code, "permission": "not-published"}, follow=True)
    assert "Saved. We will do as you say from now on." in answer.content.decode()
    said.refresh_from_db()
    assert said.permission == Receipt.objects.get(pk=said.receipt_id).permission == "not-published"


def test_rif_2_permission_is_settled_once_it_has_closed(where: Any) -> None:
    code, said = given(where)
    assert "Change this" not in page(code)
    answer = Client().post("/receipt/permission/", {"code": code, "permission": "not-published"})
    assert answer.status_code == 422
    assert "This has closed. You can still take back what you said." in answer.content.decode()
    said.refresh_from_db()
    assert said.permission == "anonymous"


@pytest.mark.parametrize("wrong", ["", "everything", "named"])
def test_kc_7_no_permission_that_may_not_be_given_is_taken(db: None, wrong: str) -> None:
    where = deciding.engagement("still-open", closed=-30)
    code, said = given(where, age_band="13-15")
    answer = Client().post("/receipt/permission/", {"code": code, "permission": wrong})
    assert answer.status_code == 422
    said.refresh_from_db()
    assert said.permission == "anonymous"
    assert "with my name" not in page(code)


def test_what_somebody_wrote_is_text_on_the_page(where: Any) -> None:
    code, _said = given(where, "<script>alert(1)</script>")
    html = open_code(code).content.decode()
    assert "&lt;script&gt;" in html
    assert "<script>alert" not in html


def test_the_page_costs_the_same_however_much_others_said(where: Any, topic: Any) -> None:
    code, _said = given(where, sort_as=topic)
    world.decided(where, topic)
    person("Pat")

    def cost() -> int:
        pagecache.epoch.forget()  # else it depends on the clock whether it is read anew
        with CaptureQueriesContext(connection) as captured:
            assert open_code(code).status_code == 200
        return len(captured)

    cost()  # what a process reads once is read now
    few = cost()
    world.crowd(where, topic, {"young-people": 15})
    assert cost() == few
    assert few <= 30
