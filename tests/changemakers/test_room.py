"""Coming into a room, being in it, running it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from collaborative.changemakers.models import Participant, Room, Stage
from collaborative.changemakers.room import actions, codes, reading
from collaborative.contributions.models import Contribution, Receipt
from collaborative.engagements.actions import find_join_code
from collaborative.errors import Refused
from collaborative.live import registry
from collaborative.live.models import Event
from collaborative.people.roles import Role
from tests.cast import person
from tests.changemakers.rooms import ANSWERS, enter, invites_young, live, part, room
from tests.changemakers.workshops import someone

pytestmark = pytest.mark.django_db


@pytest.fixture
def young_people(db):
    return invites_young(person("lead", Role.SAFEGUARDING), person("deputy", Role.SAFEGUARDING))


def said(browser: Client, engagement, text: str, **more: str):
    number = part(engagement, "discussion").pk
    return browser.post(f"{live(engagement)}say/{number}/", {"text": text, "key": "k" * 20, **more})


# Coming in


def test_kid_2_the_code_of_a_workshop_that_is_on_leads_into_its_room():
    engagement = room()
    page = enter(engagement).get(live(engagement))
    assert page.status_code == 200
    assert "We begin soon" in page.content.decode()


def test_kid_2_without_the_code_nobody_reaches_the_questions():
    engagement = room()
    assert Client().get(f"{live(engagement)}join/")["Location"] == "/join/"
    assert Client().post(f"{live(engagement)}join/", ANSWERS)["Location"] == "/join/"
    assert not Participant.objects.exists()


def test_kid_2_a_new_code_ends_the_one_before():
    engagement = room()
    first = codes.make(engagement, by=None)
    second = codes.make(engagement, by=None)
    assert first != second
    assert find_join_code(first) is None
    assert codes.standing(engagement) == second


def test_rif_1_nothing_is_chosen_beforehand_and_every_answer_is_asked_for():
    engagement = room()
    browser = Client()
    browser.post("/join/", {"code": codes.make(engagement, by=None)})
    assert "checked" not in browser.get(f"{live(engagement)}join/").content.decode()
    refused = browser.post(f"{live(engagement)}join/", {"name": "Dee", "key": "x" * 20})
    assert refused.status_code == 422
    text = refused.content.decode()
    for message in ("Choose your age group", "Choose a group", "Choose how we may show"):
        assert text.count(message) == 2  # beside the field, and in the list above
    assert 'value="Dee"' in text
    assert not Participant.objects.exists()


def test_kc_7_somebody_under_16_is_given_a_name_and_none_is_kept_that_they_typed(young_people):
    engagement = room(**young_people)
    enter(engagement, age="13-15", name="Rowan Real")
    person = Participant.objects.get()
    assert "Rowan" not in person.name and person.shown_name == ""


def test_kc_7_somebody_under_16_cannot_choose_to_be_named(young_people):
    engagement = room(**young_people)
    browser = Client()
    browser.post("/join/", {"code": codes.make(engagement, by=None)})
    asked = {**ANSWERS, "age": "13-15", "permission": "named", "name": "Rowan", "key": "x" * 20}
    assert browser.post(f"{live(engagement)}join/", asked).status_code == 422


def test_age_1_where_under_18s_are_not_invited_they_are_told_kindly_and_nothing_is_kept():
    engagement = room()
    browser = Client()
    browser.post("/join/", {"code": codes.make(engagement, by=None)})
    stop = browser.post(f"{live(engagement)}join/", {**ANSWERS, "age": "16-17", "key": "x" * 20})
    assert "for people who are older" in stop.content.decode()
    assert not Participant.objects.exists()


def test_the_same_form_sent_twice_is_one_person():
    engagement = room()
    browser = Client()
    browser.post("/join/", {"code": codes.make(engagement, by=None)})
    asked = {**ANSWERS, "key": "x" * 20}
    for _time in range(2):
        assert browser.post(f"{live(engagement)}join/", asked).status_code == 302
    assert Participant.objects.count() == 1


def test_coming_in_hashes_no_password(monkeypatch):
    def never(*args, **kwargs):
        raise AssertionError("a password was hashed")

    engagement = room()
    monkeypatch.setattr("django.contrib.auth.hashers.make_password", never)
    monkeypatch.setattr("django.contrib.auth.hashers.check_password", never)
    enter(engagement)


def test_coming_in_asks_the_database_a_few_times(django_assert_max_num_queries):
    engagement = room()
    browser = Client()
    browser.post("/join/", {"code": codes.make(engagement, by=None)})
    with django_assert_max_num_queries(14):
        browser.post(f"{live(engagement)}join/", {**ANSWERS, "key": "x" * 20})


def test_leaving_clears_the_screen_and_the_way_back():
    engagement = room()
    browser = enter(engagement)
    browser.get(live(engagement))
    left = browser.post(f"{live(engagement)}finish/")
    assert left["Clear-Site-Data"] == '"cache", "storage"'
    assert Participant.objects.get().left_at is not None
    assert not [name for name, morsel in browser.cookies.items() if name.startswith("room") and morsel.value]
    assert browser.get(live(engagement))["Location"] == "/join/"


def test_every_page_of_the_room_is_kept_nowhere():
    engagement = room()
    assert "no-store" in enter(engagement).get(live(engagement))["Cache-Control"]


# Running it


def test_opening_a_part_closes_the_one_before(facilitator):
    engagement = room()
    actions.open_stage(part(engagement, "talk"), by=facilitator)
    actions.open_stage(part(engagement, "break"), by=facilitator)
    states = {one.kind: one.state for one in Stage.objects.of(engagement)}
    assert states == {"talk": "closed", "discussion": "waiting", "break": "open"}


def test_opening_twice_tells_the_room_once_and_the_clock_does_not_start_anew(facilitator):
    engagement = room()
    first = actions.open_stage(part(engagement, "talk"), by=facilitator)
    again = actions.open_stage(part(engagement, "talk"), by=facilitator)
    assert first.opened_at == again.opened_at
    assert Event.objects.filter(stream__key=f"session.{engagement.pk}").count() == 1


def test_a_part_can_be_opened_again_with_its_comments(facilitator):
    engagement = room()
    actions.open_stage(part(engagement, "discussion"), by=facilitator)
    thread = part(engagement, "discussion").thread
    actions.close(part(engagement, "discussion"), by=facilitator)
    thread.refresh_from_db()
    assert thread.closed_at is not None
    actions.open_stage(part(engagement, "discussion"), by=facilitator)
    assert part(engagement, "discussion").thread == thread
    thread.refresh_from_db()
    assert thread.closed_at is None


def test_before_and_after_the_workshop_nothing_opens(facilitator):
    engagement = room()
    later = engagement.closes_at + timedelta(minutes=1)
    earlier = engagement.opens_at - timedelta(minutes=1)
    for moment in (earlier, later):
        with pytest.raises(Refused):
            actions.open_stage(part(engagement, "talk"), by=facilitator, now=moment)


def test_more_time_is_said_as_a_sum_so_that_a_double_click_gives_it_once(facilitator):
    engagement = room()
    actions.open_stage(part(engagement, "talk"), by=facilitator)
    for _time in range(2):
        actions.extend(part(engagement, "talk"), 5, by=facilitator)
    row = part(engagement, "talk")
    assert row.ends_at == row.opened_at + timedelta(minutes=15)


def test_kid_2_ending_the_workshop_closes_its_parts_and_kills_its_code(facilitator):
    engagement = room()
    code = codes.make(engagement, by=None)
    actions.open_stage(part(engagement, "talk"), by=facilitator)
    for _time in range(2):
        actions.end(engagement, by=facilitator)
    assert find_join_code(code) is None
    assert not Stage.objects.filter(state="open").exists()
    with pytest.raises(Refused):
        actions.open_stage(part(engagement, "talk"), by=facilitator)


@pytest.mark.parametrize("verb", ["open_stage", "close"])
def test_whoever_does_not_facilitate_runs_nothing(editor, verb):
    engagement = room()
    with pytest.raises(PermissionDenied):
        getattr(actions, verb)(part(engagement, "talk"), by=editor)
    with pytest.raises(PermissionDenied):
        actions.say(engagement, "Hello", by=editor)
    with pytest.raises(PermissionDenied):
        actions.end(engagement, by=editor)


def test_who_is_named_on_the_page_runs_it_without_the_role():
    femi = someone("Femi")
    engagement = room(facilitator=femi)
    actions.say(engagement, "Welcome", by=femi)
    assert Room.objects.get().said == "Welcome"


def test_the_console_takes_every_press_and_any_facilitator_goes_on(client_for, facilitator, administrator):
    engagement = room()
    address = f"/changemakers/{engagement.slug}/facilitate/"
    first, second = client_for(facilitator), client_for(administrator)
    first.post(address, {"do": "code"})
    assert codes.standing(engagement)
    first.post(address, {"do": "open", "stage": part(engagement, "talk").pk})
    first.post(address, {"do": "say", "text": "Five minutes, then tea"})
    page = second.get(address).content.decode()
    assert "Five minutes, then tea" in page and "Next: The discussion" in page
    second.post(address, {"do": "extend", "stage": part(engagement, "talk").pk, "extra": "5"})
    second.post(address, {"do": "close", "stage": part(engagement, "talk").pk})
    second.post(address, {"do": "end"})
    assert Room.objects.get().ended_at is not None


@pytest.mark.parametrize("wrong", [{"do": "open", "stage": "x"}, {"do": "open"}, {"do": "nothing"}, {}])
def test_a_press_that_makes_no_sense_does_nothing(client_for, facilitator, wrong):
    engagement = room()
    assert (
        client_for(facilitator).post(f"/changemakers/{engagement.slug}/facilitate/", wrong).status_code == 302
    )
    assert not Stage.objects.exclude(state="waiting").exists()


def test_the_console_costs_the_same_however_many_are_here(
    client_for, facilitator, django_assert_max_num_queries
):
    engagement = room()
    actions.open_stage(part(engagement, "discussion"), by=facilitator)
    browser = client_for(facilitator)
    for _person in range(4):
        enter(engagement)
    with django_assert_max_num_queries(32):
        text = browser.get(f"/changemakers/{engagement.slug}/facilitate/").content.decode()
    assert "4 people are here" in text and "No group named" in text


# What people see


def test_kc_13_time_is_told_in_words():
    engagement = room()
    row = part(engagement, "talk")
    row.state, row.opened_at = "open", timezone.now()
    told = [reading.time_left(row, row.opened_at + timedelta(minutes=gone)) for gone in (0, 2, 9, 11)]
    assert told == [
        "About 10 minutes left",
        "About 8 minutes left",
        "A minute or two left",
        "We are finishing this part",
    ]


def test_who_comes_late_sees_where_the_room_is(facilitator):
    engagement = room()
    actions.open_stage(part(engagement, "talk"), by=facilitator)
    actions.open_stage(part(engagement, "discussion"), by=facilitator)
    text = enter(engagement).get(live(engagement)).content.decode()
    assert "Part 2 of 3" in text and 'aria-current="step"' in text and "About 10 minutes left" in text


def test_mod_1_what_somebody_says_waits_and_only_they_are_told(facilitator, client_for):
    engagement = room()
    actions.open_stage(part(engagement, "discussion"), by=facilitator)
    ours, theirs = enter(engagement), enter(engagement)
    assert said(ours, engagement, "The bus is a canary.").status_code == 302
    assert "1 thing that you sent is waiting" in ours.get(live(engagement)).content.decode()
    wall = client_for(facilitator).get(f"/changemakers/{engagement.slug}/projector/")
    for page in (theirs.get(live(engagement)), wall, ours.get(live(engagement))):
        assert "canary" not in page.content.decode()


def test_sent_twice_it_is_one_comment_of_one_response(facilitator):
    engagement = room()
    actions.open_stage(part(engagement, "discussion"), by=facilitator)
    browser = enter(engagement)
    for _time in range(2):
        said(browser, engagement, "The bus is late.")
    assert Contribution.objects.count() == Receipt.objects.count() == 1
    assert Contribution.objects.get().channel == "workshop"


def test_what_came_too_late_comes_back_whole_and_can_go_to_the_facilitator(facilitator):
    engagement = room()
    actions.open_stage(part(engagement, "discussion"), by=facilitator)
    browser = enter(engagement)
    actions.open_stage(part(engagement, "break"), by=facilitator)
    late = said(browser, engagement, "Half a thought")
    assert late.status_code == 409
    assert "Your words are kept here" in late.content.decode() and "Half a thought" in late.content.decode()
    assert not Contribution.objects.exists()
    for _time in range(2):
        browser.post(f"{live(engagement)}note/", {"text": "Half a thought"})
    note = Contribution.objects.get()
    assert (note.kind, note.state, note.prompt_key) == ("message", "held", "room.facilitator")


def test_an_empty_comment_is_told_beside_the_field_and_too_long_a_one_comes_back(facilitator):
    engagement = room()
    actions.open_stage(part(engagement, "discussion"), by=facilitator)
    browser = enter(engagement)
    assert "Write what you want to say." in said(browser, engagement, " ").content.decode()
    whole = said(browser, engagement, "x" * 3001)
    assert whole.status_code == 422 and "x" * 3001 in whole.content.decode()


def test_on_the_wall_stands_no_name_but_of_who_chose_it(facilitator, client_for, moderator):
    from collaborative.moderation.actions import release

    engagement = room()
    actions.open_stage(part(engagement, "discussion"), by=facilitator)
    said(enter(engagement, name="Canary Quiet"), engagement, "One thing.")
    said(enter(engagement, name="Canary Loud", permission="named"), engagement, "Another thing.")
    for one in Contribution.objects.all():
        release(one, by=moderator)
    text = client_for(facilitator).get(f"/changemakers/{engagement.slug}/projector/").content.decode()
    assert "One thing." in text and "Another thing." in text
    assert "Canary Loud" in text and "Canary Quiet" not in text


def test_the_stream_says_the_same_to_everyone(facilitator):
    engagement = room()
    enter(engagement, name="Canary Loud", permission="named")
    actions.open_stage(part(engagement, "talk"), by=facilitator)
    actions.say(engagement, "Welcome", by=facilitator)
    kind, number = registry.find(f"session.{engagement.pk}")
    changes = kind.render(number, list(Event.objects.order_by("seq")))
    assert len(changes) == 1 and changes[0].seq == 2
    assert "Welcome" in changes[0].html and "The talk" in changes[0].html
    assert "Canary" not in changes[0].html


def test_a_workshop_that_was_taken_down_is_not_followed():
    engagement = room()
    kind, number = registry.find(f"session.{engagement.pk}")
    assert kind.may_follow(None, number)
    engagement.page.unpublish()
    assert not kind.may_follow(None, number)
    assert Client().get(live(engagement)).status_code == 404
