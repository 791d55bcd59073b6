"""Small groups on their pages: for who is in the room, who runs it or looks after safety, and the wall."""

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from collaborative.changemakers.boards.models import Note
from collaborative.changemakers.breakouts import actions
from collaborative.changemakers.breakouts.handler import Breakouts
from collaborative.changemakers.room import access, kinds, reading
from collaborative.changemakers.room.models import NamedAdult, Participant, Stage
from collaborative.contributions.models import Contribution, Permission
from collaborative.live import catchup, registry
from collaborative.people.roles import Role
from tests.cast import person as staff
from tests.changemakers import boarding
from tests.changemakers.boarding import person
from tests.changemakers.breakouts.grouping import groups, part, people, sits, two_adults
from tests.changemakers.workshops import someone

pytestmark = pytest.mark.django_db
CANARY = "Kestrel-canary"


def address(stage: Stage, rest: str) -> str:
    return f"/changemakers/{stage.engagement.slug}/{rest}"


def in_room(stage: Stage, **fields: Any) -> tuple[Client, Participant]:
    who = person(stage, token="t-in-room", **fields)
    browser = Client()
    browser.cookies[access.cookie_of(stage.engagement)] = "t-in-room"
    return browser, who


def signed_in(user: Any) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def seen(browser: Client, stage: Stage, rest: str) -> str:
    response = browser.get(address(stage, rest))
    assert response.status_code == 200, response
    return response.content.decode()


def place(browser: Client, stage: Stage, **sent: Any) -> Any:
    return browser.post(address(stage, f"breakouts-{stage.pk}-place/"), sent)


def arrange(browser: Client, stage: Stage, **sent: Any) -> Any:
    return browser.post(address(stage, f"breakouts-{stage.pk}-arrange/"), sent)


# For who is in the room


def test_people_are_told_beforehand_where_they_will_be_and_refuse_in_one_press() -> None:
    stage = part("Red", state=Stage.State.WAITING)
    browser, ann = in_room(stage)
    assert "Later, in small groups" in seen(browser, stage, "live/")
    actions.spread(stage, by=boarding.facilitator())
    before = seen(browser, stage, "live/")
    for words in (
        "This will be your group",
        "Red",
        "At the red table",
        "I would rather stay in the main room",
    ):
        assert words in before
    assert "Call the facilitator" not in before
    assert place(browser, stage, do="refuse")["Location"] == address(stage, "live/")
    assert sits(stage, ann) == ""
    assert "You stay in the main room" in seen(browser, stage, "live/")


def test_a_group_is_chosen_on_the_live_page_and_a_full_one_says_so_beside_the_choice() -> None:
    stage = part(how="chosen", most=2)
    red, blue = groups(stage)
    browser, ann = in_room(stage)
    first = person(stage)
    actions.choose(stage, red, participant=first)
    page = seen(browser, stage, "live/")
    assert "1 person" in page
    assert "disabled" not in page.split('id="choose-group"')[1].split("</form>")[0]
    actions.choose(stage, red, participant=person(stage))
    refused = place(browser, stage, do="choose", group=red.pk)
    assert refused.status_code == 409
    text = refused.content.decode()
    assert text.count("“Red” is full. Choose another group.") == 2  # in the summary and beside the field
    assert 'id="choose-group-error"' in text
    assert sits(stage, ann) is None
    assert place(browser, stage, do="choose", group=blue.pk).status_code == 302
    assert sits(stage, ann) == "Blue"
    asked = {"do": "choose", "group": red.pk}
    json_answer = browser.post(
        address(stage, f"breakouts-{stage.pk}-place/"), asked, headers={"Accept": "application/json"}
    )
    assert json_answer.json()["errors"][0]["message"].startswith("“Red” is full")


@pytest.mark.parametrize("group", ["", "x", "9" * 30, "²", "0"])
def test_what_is_no_group_is_refused_in_words(group: str) -> None:
    stage = part(how="chosen")
    browser, ann = in_room(stage)
    refused = place(browser, stage, do="choose", group=group)
    assert refused.status_code == 409
    assert "Choose a group." in refused.content.decode()
    assert sits(stage, ann) is None


def test_saf_1_somebody_under_18_reads_why_a_group_is_closed_to_them() -> None:
    stage = part(young=True, how="chosen")
    red, _blue = groups(stage)
    browser, rowan = in_room(stage, age_band="13-15")
    page = seen(browser, stage, "live/")
    assert "two adults whose checks we have seen" in page
    assert 'id="choose-group"' not in page
    two_adults(stage, red, boarding.facilitator())
    page = seen(browser, stage, "live/")
    assert "This group does not have two." in page  # beside the other group
    assert place(browser, stage, do="choose", group=red.pk).status_code == 302
    assert sits(stage, rowan) == "Red"


def test_a_form_that_was_open_too_long_changes_nothing() -> None:
    stage = part(how="chosen")
    ann = person(stage, token="t")
    browser = Client(enforce_csrf_checks=True)
    browser.cookies[access.cookie_of(stage.engagement)] = "t"
    assert place(browser, stage, do="refuse").status_code == 403
    assert sits(stage, ann) is None


def test_who_has_not_joined_is_led_to_the_code_and_a_note_waits_for_its_part() -> None:
    stage = part(state=Stage.State.WAITING)
    stranger = Client()
    assert stranger.get(address(stage, f"breakouts-{stage.pk}/"))["Location"] == "/join/"
    assert place(stranger, stage, do="refuse")["Location"] == "/join/"
    browser, _ann = in_room(stage)
    seen(browser, stage, f"breakouts-{stage.pk}/")
    assert browser.get(address(stage, f"board-{stage.pk}/")).status_code == 404


# What is said in a group


def test_a_note_is_marked_with_its_group_and_waits_like_all_the_others() -> None:
    stage, femi = part("Red"), boarding.facilitator()
    browser, ann = in_room(stage)
    actions.spread(stage, by=femi)
    sent = {"text": "My own thought", "key": "a", "back": "live", "table": "Forged"}
    for _twice in range(2):
        assert browser.post(address(stage, f"board-{stage.pk}-add/"), sent).status_code == 302
    note = Note.objects.get()
    assert (note.table, note.source, note.shown) == ("Red", Note.Source.ROOM, False)
    ann.refresh_from_db()
    assert note.contribution.receipt == ann.receipt
    assert "Waiting to be checked</h2>" not in seen(browser, stage, "live/")


def test_the_note_taker_writes_for_the_group_on_a_receipt_that_is_nobodys() -> None:
    stage, femi = part("Red"), boarding.facilitator()
    (red,) = groups(stage)
    browser, ann = in_room(stage, permission=Permission.NAMED, name="Ann Real")
    actions.spread(stage, by=femi)
    assert "Our group’s: Red" not in seen(browser, stage, "live/")
    sent = {"text": "We all think so", "key": "a", "whose": "group", "named": "1"}
    refused = browser.post(address(stage, f"board-{stage.pk}-add/"), sent)
    assert refused.status_code == 422
    assert "We all think so" in refused.content.decode()
    actions.name_note_taker(stage, red, ann, by=femi)
    assert "Our group’s: Red" in seen(browser, stage, "live/")
    assert browser.post(address(stage, f"board-{stage.pk}-add/"), sent).status_code == 302
    note = Note.objects.get()
    receipt = note.contribution.receipt
    assert (note.table, note.source, note.name) == ("Red", Note.Source.GROUP, "")
    assert (receipt.name, receipt.age_band, receipt.group) == ("", "not-said", None)
    ann.refresh_from_db()
    assert ann.receipt is None  # they said nothing themselves
    own = {"text": "My own", "key": "b", "whose": "own"}
    browser.post(address(stage, f"board-{stage.pk}-add/"), own)
    assert set(Contribution.objects.values_list("receipt__age_band", flat=True)) == {"not-said", "26-plus"}
    assert "We all think so" in seen(browser, stage, "live/")  # among theirs, to change or take back


# For who runs it


def test_everything_is_arranged_by_plain_forms() -> None:
    stage, femi = part("Red"), boarding.facilitator()
    browser = signed_in(femi)
    ann, bo = person(stage, name="Ann"), person(stage, name="Bo")
    assert "2 people have no place yet" in seen(browser, stage, "facilitate/")
    assert arrange(browser, stage, do="spread", back="console")["Location"] == address(stage, "facilitate/")
    assert arrange(browser, stage, do="add", name="Blue", where="Loft", seen=1).status_code == 302
    red, blue = groups(stage)
    assert arrange(browser, stage, do="move", person=ann.pk, group=blue.pk).status_code == 302
    assert arrange(browser, stage, do="take-notes", person=ann.pk, group=blue.pk).status_code == 302
    page = seen(browser, stage, f"breakouts-{stage.pk}/")
    assert "Ann (takes notes)" in page
    assert arrange(browser, stage, do="reshuffle", seen=0).status_code == 302
    assert Stage.objects.get(pk=stage.pk).mixed == 1
    actions.move(stage, bo, red, by=femi)
    actions.call(stage, participant=bo)
    assert "“Red” calls you." in seen(browser, stage, "facilitate/")
    arrange(browser, stage, do="settled", group=red.pk)
    assert "calls you" not in seen(browser, stage, "facilitate/")


def test_what_was_typed_for_a_group_comes_back_with_the_message_beside_it() -> None:
    stage = part("Red")
    (red,) = groups(stage)
    browser = signed_in(boarding.facilitator())
    long = "x" * 41
    for sent, field in (
        ({"do": "change", "group": red.pk}, f"name-{red.pk}"),
        ({"do": "add", "seen": 1}, "new-name"),
    ):
        refused = arrange(browser, stage, name=long, where="Loft", **sent)
        assert refused.status_code == 409
        text = refused.content.decode()
        assert f'id="{field}-error"' in text
        assert f'href="#{field}"' in text
        assert long in text
        assert 'value="Loft"' in text
    for sent in ({"do": "move", "person": "x"}, {"do": "send", "adult": ""}, {"do": "?"}, {"do": "settled"}):
        assert arrange(browser, stage, **sent).status_code == 409


def test_adults_are_listed_by_who_runs_it_and_by_safeguarding_staff() -> None:
    stage = part(young=True)
    where = address(stage, "facilitate/adults/")
    for user in (boarding.facilitator(), staff("Gregor", Role.SAFEGUARDING)):
        browser = signed_in(user)
        assert browser.post(where, {"name": "Morag Grant", "do": "record"}).status_code == 422
        kept = browser.post(where, {"name": "Morag Grant", "do": "record"}).content.decode()
        assert 'value="Morag Grant"' in kept
        assert 'id="seen-error"' in kept
        nameless = browser.post(where, {"name": "", "seen": "1", "do": "record"}).content.decode()
        assert 'id="name-error"' in nameless
        assert browser.post(where, {"name": "Morag Grant", "seen": "1", "do": "record"}).status_code == 302
        assert str(user) in browser.get(where).content.decode()
        adult = NamedAdult.objects.get(taken_off_at=None)
        assert browser.post(where, {"do": "take-off", "adult": adult.pk}).status_code == 302
        assert not NamedAdult.objects.filter(taken_off_at=None).exists()
    assert signed_in(someone("Stranger")).get(where).status_code == 403
    assert "/accounts/login/" in Client().get(where)["Location"]


# The wall and the stream


def test_nobody_is_named_on_the_wall_in_the_stream_or_to_others_in_the_room() -> None:
    stage, femi = part("Red", young=True), boarding.facilitator()
    (red,) = groups(stage)
    for n, permission in enumerate(Permission.values):
        who = person(stage, name=f"{CANARY} {n}", permission=permission)
        actions.move(stage, who, red, by=femi)
    for adult in two_adults(stage, red, femi):
        NamedAdult.objects.filter(pk=adult.pk).update(name=f"{CANARY} {adult.pk}")
    actions.name_note_taker(stage, red, who, by=femi)
    actions.call(stage, participant=who)
    actions.settled(stage, red, who=who)
    actions.call(stage, participant=who)
    stranger, _bo = in_room(stage)
    wall = seen(signed_in(femi), stage, "projector/")
    assert "At the red table" in wall
    assert "3 people" in wall
    assert "calls you" not in wall
    for text in (wall, seen(stranger, stage, "live/"), seen(stranger, stage, f"breakouts-{stage.pk}/")):
        assert CANARY not in text
    assert CANARY in seen(signed_in(femi), stage, "facilitate/") or CANARY in seen(
        signed_in(femi), stage, f"breakouts-{stage.pk}/"
    )
    for key in (f"breakouts.{stage.pk}", f"board.{stage.pk}", f"session.{stage.engagement_id}"):
        found = registry.find(key)
        assert found
        replay = json.dumps(catchup.since(key, *found, 0, 100))
        assert CANARY not in replay
        assert "At the red table" not in replay  # where they meet is for who is in the room


def test_a_note_taker_is_named_to_their_group_only_where_they_said_so() -> None:
    stage, femi = part("Red"), boarding.facilitator()
    (red,) = groups(stage)
    browser, _ann = in_room(stage)
    named = person(stage, name="Nan Named", permission=Permission.NAMED)
    quiet = person(stage, name=CANARY)
    actions.spread(stage, by=femi)
    actions.name_note_taker(stage, red, named, by=femi)
    assert "Nan Named takes the notes of your group" in seen(browser, stage, "live/")
    actions.name_note_taker(stage, red, quiet, by=femi)
    page = seen(browser, stage, "live/")
    assert "Somebody in your group takes its notes" in page
    assert CANARY not in page


def test_where_a_group_meets_is_told_to_nobody_who_is_not_in_the_room() -> None:
    stage = part("Red")
    for rest in (f"board-{stage.pk}/", ""):
        response = Client().get(address(stage, rest), follow=True)
        assert "At the red table" not in response.content.decode()


@pytest.mark.parametrize(
    ("role", "most"), [(kinds.PARTICIPANT, 11), (kinds.FACILITATOR, 11), (kinds.PROJECTOR, 7)]
)
def test_a_screen_costs_the_same_with_sixty_people(
    role: str, most: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    stage, femi = part(*(f"Group {n}" for n in range(12))), boarding.facilitator()
    first = people(stage, 3)
    actions.spread(stage, by=femi)

    def look() -> None:
        Breakouts().context(None, stage, first[0] if role == kinds.PARTICIPANT else None, role)  # type: ignore[arg-type]

    with django_assert_max_num_queries(most) as few:
        look()
    people(stage, 57)
    actions.spread(stage, by=femi)
    with django_assert_max_num_queries(most) as many:
        look()
    assert len(few) == len(many)


def test_what_comes_costs_nothing_where_no_groups_come(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    stage = boarding.board()
    now, ann = reading.now(stage.engagement), person(stage)
    with django_assert_num_queries(0):
        assert kinds.ahead(None, now, ann) == ""  # type: ignore[arg-type]
    coming = part(state=Stage.State.WAITING)
    now, ann = reading.now(coming.engagement), person(coming)
    with django_assert_num_queries(3):
        assert "Later, in small groups" in kinds.ahead(None, now, ann)  # type: ignore[arg-type]
