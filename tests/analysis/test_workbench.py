"""The workbench and the list of topics: who sees what, and what is shown."""

import html
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from collaborative.analysis.actions import confirm_campaign, retract
from collaborative.analysis.forms import PassageForm
from collaborative.analysis.models import Coding, NoTopic, Theme, ThemeVersion
from collaborative.contributions.actions import exclude
from collaborative.contributions.models import Contribution
from collaborative.moderation.actions import escalate, release_redacted
from collaborative.people.models import User
from tests.analysis.sorting import released, sorted_under, theme
from tests.moderation.giving import engagement, group, receipt, said

pytestmark = pytest.mark.django_db

Open = Callable[[User], Client]
OTHERS = [
    "editor",
    "board_member",
    "secretary",
    "moderator",
    "safeguarding_lead",
    "facilitator",
    "administrator",
    "signed_in_person",
    "superuser",
]


@pytest.fixture
def superuser(db: None) -> User:
    return User.objects.create_superuser("root@example.org", "a long password for tests")


def addresses(row: Contribution, topic: Theme) -> list[str]:
    return [
        reverse("analysis_sort"),
        reverse("analysis_passage", args=[row.reference]),
        reverse("analysis_topics"),
        reverse("analysis_topic", args=[topic.code]),
        reverse("analysis_new_topic"),
        reverse("analysis_word_topic", args=[topic.code]),
        reverse("analysis_campaigns"),
    ]


@pytest.mark.parametrize("cast", OTHERS)
def test_p3_the_workbench_opens_for_analysts_alone(
    cast: str, analyst: User, client_for: Open, request: pytest.FixtureRequest
) -> None:
    row, topic = released("Canary"), theme(analyst)
    coding = sorted_under(row, topic, 0, 3, analyst)
    browser = client_for(request.getfixturevalue(cast))
    for address in addresses(row, topic):
        response = browser.get(address)
        assert response.status_code in {302, 403}, address
        assert b"Canary" not in response.content
    browser.post(reverse("analysis_take_back", args=[coding.pk]))
    browser.post(addresses(row, topic)[1], sent(row, topic, first=1, last=1, stance="for"))
    assert list(Coding.objects.live()) == [coding]
    assert reverse("analysis_sort") not in browser.get(reverse("wagtailadmin_home")).content.decode()


def test_p3_every_screen_opens_for_an_analyst(analyst: User, client_for: Open) -> None:
    row, topic = released("Canary"), theme(analyst)
    browser = client_for(analyst)
    for address in addresses(row, topic):
        response = browser.get(address)
        assert response.status_code == 200, address
        assert response.content.decode().count("<h1") == 1, address
        assert "no-store" in response["Cache-Control"]
    assert f'"{reverse("analysis_sort")}"' in browser.get(reverse("wagtailadmin_home")).content.decode()


def test_a_stranger_is_asked_to_sign_in(analyst: User, stranger: Client) -> None:
    for address in addresses(released(), theme(analyst)):
        assert "login" in stranger.get(address).url


def test_saf_2_ana_2_what_may_not_be_sorted_is_never_listed_nor_shown(
    analyst: User, moderator: User, client_for: Open
) -> None:
    waiting, left_out, passed_on = said("Canary waits"), released("Canary out"), said("Canary passed on")
    exclude(left_out.receipt, "test", by=analyst)
    escalate(passed_on, by=moderator)
    browser = client_for(analyst)
    assert "Canary" not in browser.get(reverse("analysis_sort")).content.decode()
    for row in (waiting, left_out, passed_on):
        page = browser.get(reverse("analysis_passage", args=[row.reference]), follow=True)
        assert "Canary" not in page.content.decode()


def test_rif_3_withheld_words_are_there_and_marked_as_not_for_quoting(
    analyst: User, client_for: Open
) -> None:
    row = released("Withheld words", permission="not-published", name="")
    browser = client_for(analyst)
    for address in (reverse("analysis_sort"), reverse("analysis_passage", args=[row.reference])):
        content = browser.get(address).content.decode()
        assert "Withheld" in content
        assert "Not for quoting" in content


def test_an_analyst_sees_no_name_and_no_address(analyst: User, client_for: Open) -> None:
    row = released("Words", name="Canary Name", contact_email="canary@example.org", permission="named")
    browser = client_for(analyst)
    for address in (reverse("analysis_sort"), reverse("analysis_passage", args=[row.reference])):
        content = browser.get(address).content.decode()
        assert "Canary" not in content
        assert "canary@" not in content


def test_rif_6_the_words_that_were_removed_are_not_on_the_workbench(
    analyst: User, moderator: User, client_for: Open
) -> None:
    row, topic = released("Ask Dan in P7."), theme(analyst)
    sorted_under(row, topic, 4, 7, analyst)
    release_redacted(row, "Ask [removed] in P7.", "A name.", by=moderator)
    browser = client_for(analyst)
    for address in (reverse("analysis_sort"), reverse("analysis_passage", args=[row.reference])):
        assert "Dan" not in browser.get(address).content.decode()
    assert "in an earlier wording" in browser.get(address).content.decode()


def test_the_list_can_be_narrowed_by_question_group_and_what_is_not_sorted(
    analyst: User, client_for: Open
) -> None:
    rows = {
        "one": released("One", key="q1"),
        "two": released("Two", key="q2"),
        "three": released("Three", key="q1", group=group("parents")),
        "four": released("Four", where=engagement("another")),
    }
    sorted_under(rows["one"], theme(analyst), 0, 3, analyst)
    here = engagement().slug
    for query, wanted in [
        ({}, {"one", "two", "three", "four"}),
        ({"engagement": here}, {"one", "two", "three"}),
        ({"engagement": here, "question": "q1"}, {"one", "three"}),
        ({"group": "parents"}, {"three"}),
        ({"unsorted": "on"}, {"two", "three", "four"}),
        ({"engagement": "nowhere"}, {"one", "two", "three", "four"}),
    ]:
        content = client_for(analyst).get(reverse("analysis_sort"), query).content.decode()
        assert {name for name, row in rows.items() if row.reference in content} == wanted, query


def test_previous_and_next_keep_to_what_was_chosen(analyst: User, client_for: Open) -> None:
    first, _other, middle, last = (released("Words", key=key) for key in ("q1", "q2", "q1", "q1"))
    query = f"?engagement={engagement().slug}&question=q1"
    page = client_for(analyst).get(reverse("analysis_passage", args=[middle.reference]) + query)
    assert page.context["before"] == reverse("analysis_passage", args=[first.reference]) + query
    assert page.context["after"] == reverse("analysis_passage", args=[last.reference]) + query
    assert page.context["left"] == 1


def sent(row: Contribution, topic: Theme, **more: object) -> dict[str, object]:
    wording = row.wordings.order_by("-number")[0]
    return {
        "token": PassageForm.fresh_token(),
        "wording": wording.pk,
        "theme": topic.code,
        "stance": "none",
        **more,
    }


FAMILY = "👩\u200d👧"
TEXT = f"Cafe\u0301 {FAMILY} & <b>us</b>\r\nask \U0001d4d0 first"


def test_words_are_sorted_by_code_points_and_by_number_alike(analyst: User, client_for: Open) -> None:
    row, topic = released(TEXT), theme(analyst)
    text = row.wordings.get().text
    browser, address = client_for(analyst), reverse("analysis_passage", args=[row.reference])
    start = text.index("\U0001d4d0")
    browser.post(address, sent(row, topic, start=start, end=start + 7))
    browser.post(address, sent(row, topic, first=2, last=4))
    passages = {text[one.start : one.end] for one in Coding.objects.all()}
    assert passages == {"\U0001d4d0 first", f"{FAMILY} & <b>us</b>"}


def shown(content: str) -> str:
    inside = re.search(r'<div class="wb-text".*?>(.*?)</div>', content, re.DOTALL)
    assert inside
    return html.unescape(re.sub(r"<[^>]*>", "", inside.group(1)))


def test_the_words_stand_on_the_screen_exactly_and_escaped(analyst: User, client_for: Open) -> None:
    row, topic = released(TEXT), theme(analyst)
    text = row.wordings.get().text
    assert "\r" not in text
    sorted_under(row, topic, 1, 9, analyst)
    sorted_under(row, topic, 6, 12, analyst, stance="for")
    content = client_for(analyst).get(reverse("analysis_passage", args=[row.reference])).content.decode()
    assert shown(content) == text
    assert "<b>us" not in content
    for start, piece in re.findall(r'<span data-s="(\d+)"[^>]*>(.*?)</span>', content, re.DOTALL):
        assert text[int(start) :].startswith(html.unescape(piece))


def test_the_same_page_sent_twice_makes_one_and_sent_for_other_words_makes_two(
    analyst: User, client_for: Open
) -> None:
    row, topic = released(), theme(analyst)
    browser, address = client_for(analyst), reverse("analysis_passage", args=[row.reference])
    same = sent(row, topic, first=1, last=2)
    for words in (same, same, {**same, "last": 3}):
        assert browser.post(address, words).status_code == 302
    assert Coding.objects.count() == 2


def test_words_stay_chosen_for_another_topic(analyst: User, client_for: Open) -> None:
    row, topic = released("Ask us before"), theme(analyst)
    browser, address = client_for(analyst), reverse("analysis_passage", args=[row.reference])
    page = browser.post(address, sent(row, topic, first=1, last=2), follow=True)
    assert page.context["form"].initial["start"] == 0
    assert page.context["form"].initial["end"] == 6


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({}, "Choose some words first."),
        ({"first": 1, "last": 99}, "Choose words from 1 to 5"),
        ({"first": 3, "last": 2}, "Choose words from 1 to 5"),
        ({"start": 0, "end": 999}, "Select some of the words first."),
        ({"first": 1, "theme": ""}, "Choose a topic."),
        ({"first": 1, "wording": 0}, "These words have changed since."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_sorted(
    words: dict[str, object], message: str, analyst: User, client_for: Open
) -> None:
    row, topic = released("Ask us before you decide."), theme(analyst)
    response = client_for(analyst).post(
        reverse("analysis_passage", args=[row.reference]), sent(row, topic, **words)
    )
    assert message in html.unescape(response.content.decode())
    assert not Coding.objects.exists()


def test_ana_4_one_press_takes_back_and_the_history_shows_it_struck_out(
    analyst: User, client_for: Open
) -> None:
    row, topic = released("Ask us"), theme(analyst)
    coding = sorted_under(row, topic, 0, 3, analyst)
    browser = client_for(analyst)
    for _turn in range(2):
        content = browser.post(reverse("analysis_take_back", args=[coding.pk]), follow=True).content.decode()
    assert not Coding.objects.live().exists()
    assert re.search(r"<s>T1 .*Ask.*</s>", content)
    assert "Taken back by Anil" in content


def test_ana_4_each_coding_says_who_when_and_which_version(analyst: User, client_for: Open) -> None:
    row, topic = released("Ask us"), theme(analyst)
    sorted_under(row, topic, 0, 3, analyst)
    theme(analyst, definition="Worded anew")
    content = client_for(analyst).get(reverse("analysis_passage", args=[row.reference])).content.decode()
    assert "Sorted by Anil" in content
    assert "as the topic was worded in version 1" in content


def test_ana_4_the_list_of_topics_stands_beside_the_words_with_every_part(
    analyst: User, client_for: Open
) -> None:
    parts = {
        "definition": "Part one",
        "includes": "Part two",
        "excludes": "Part three",
        "example": "Part four",
    }
    theme(analyst, **parts)
    theme(analyst, "T2")
    Theme.objects.filter(code="T2").update(retired=True)
    page = client_for(analyst).get(reverse("analysis_passage", args=[released().reference]))
    content = page.content.decode()
    assert all(part in content for part in parts.values())
    assert [version.theme.code for version in page.context["topics"]] == ["T1"]


TOPIC = {"label": "Ask", "definition": "What", "includes": "This", "excludes": "That", "example": "Words"}


def test_ana_4_a_topic_is_made_and_worded_anew_and_earlier_words_stay_readable(
    analyst: User, client_for: Open
) -> None:
    browser = client_for(analyst)
    browser.post(reverse("analysis_new_topic"), {**TOPIC, "code": "T1"})
    browser.post(reverse("analysis_word_topic", args=["T1"]), {**TOPIC, "definition": "What it is now"})
    content = browser.get(reverse("analysis_topic", args=["T1"])).content.decode()
    assert "What it is now" in content
    assert "Version 1: Ask, by Anil" in content
    assert [version.number for version in ThemeVersion.objects.order_by("number")] == [1, 2]


@pytest.mark.parametrize("part", [*TOPIC, "code"])
def test_ana_4_a_topic_with_a_part_missing_is_sent_back_with_what_was_typed(
    part: str, analyst: User, client_for: Open
) -> None:
    response = client_for(analyst).post(
        reverse("analysis_new_topic"), {**TOPIC, "code": "T1", "example": "Typed words", part: ""}
    )
    assert response.context["form"].errors.keys() == {part}
    assert part == "example" or "Typed words" in response.content.decode()
    assert not Theme.objects.exists()


def test_a_code_or_a_name_that_stands_already_is_sent_back(analyst: User, client_for: Open) -> None:
    theme(analyst, "T1", "Ask")
    response = client_for(analyst).post(reverse("analysis_new_topic"), {**TOPIC, "code": "t1"})
    assert response.context["form"].errors.keys() == {"code", "label"}
    assert Theme.objects.count() == ThemeVersion.objects.count() == 1


def test_ana_3_confirmed_campaigns_are_listed_with_both_counts(analyst: User, client_for: Open) -> None:
    same, other = [receipt("One text") for _number in range(3)], receipt("One text, changed")
    confirm_campaign(engagement(), "Postcards", identical=same, varied=[other], by=analyst)
    content = client_for(analyst).get(reverse("analysis_campaigns")).content.decode()
    assert re.search(r"Postcards.*?<td>3</td><td>1</td>", content, re.DOTALL)


def queries(browser: Client, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(address).status_code == 200
    return len(caught)


def test_the_screens_cost_the_same_however_much_there_is(analyst: User, client_for: Open) -> None:
    topic, row = theme(analyst), released()
    released()
    sorted_under(row, topic, 0, 3, analyst)
    retract(sorted_under(row, topic, 0, 6, analyst), by=analyst)
    browser = client_for(analyst)
    screens = [address for address in addresses(row, topic) if "new" not in address]
    few = [queries(browser, address) for address in screens]
    for number in range(2, 12):
        more = theme(analyst, f"T{number}")
        released(where=engagement(f"place-{number}"), group=group(f"group-{number}"))
        sorted_under(row, more, 0, 3, analyst)
        retract(sorted_under(row, more, 0, 6, analyst), by=analyst)
        theme(analyst, definition=f"Wording {number}")
    assert [queries(browser, address) for address in screens] == few
    assert max(few) < 25


def test_no_topic_in_this_leads_to_the_next_that_is_not_sorted(analyst: User, client_for: Open) -> None:
    first, second = released("Thank you."), released("Ask us")
    browser, query = client_for(analyst), "?unsorted=on"
    bench = reverse("analysis_passage", args=[first.reference]) + query
    done = reverse("analysis_no_topic", args=[first.reference]) + query
    assert f'formaction="{done}"' in browser.get(bench).content.decode()
    wording = first.wordings.get().pk
    answer = browser.post(done, {"wording": wording})
    assert answer["Location"] == reverse("analysis_passage", args=[second.reference]) + query
    listed = browser.get(reverse("analysis_sort") + query).context["page_obj"].object_list
    assert list(listed) == [second]
    content = browser.get(bench).content.decode()
    assert "Read by Anil" in content
    assert "formaction" not in content


def test_rif_6_no_topic_is_not_said_of_words_that_changed_since(
    analyst: User, moderator: User, client_for: Open
) -> None:
    row = released("Ask Dan.")
    stale = row.wordings.get().pk
    release_redacted(row, "Ask [removed].", "A name.", by=moderator)
    address = reverse("analysis_no_topic", args=[row.reference])
    content = client_for(analyst).post(address, {"wording": stale}, follow=True).content.decode()
    assert "These words have changed since." in content
    assert not NoTopic.objects.exists()


@pytest.mark.parametrize("cast", OTHERS)
def test_p3_nobody_else_says_that_there_is_no_topic(
    cast: str, client_for: Open, request: pytest.FixtureRequest
) -> None:
    row = released()
    browser = client_for(request.getfixturevalue(cast))
    browser.post(reverse("analysis_no_topic", args=[row.reference]), {"wording": row.wordings.get().pk})
    assert not NoTopic.objects.exists()
