"""Who is in which small group: given, chosen, refused, mixed anew; and what keeps people under 18 safe."""

from collections import Counter

import pytest
from django.core.exceptions import PermissionDenied

from collaborative.changemakers.breakouts import actions, reading
from collaborative.changemakers.models import SessionPage
from collaborative.changemakers.room.actions import Joining, join, leave
from collaborative.changemakers.room.models import Breakout, BreakoutSeat, NamedAdult, Participant, Stage
from collaborative.contributions.actions import NotPossible
from collaborative.errors import Refused
from collaborative.live.models import Event
from collaborative.people.models import StakeholderGroup
from tests.changemakers import boarding
from tests.changemakers.boarding import person
from tests.changemakers.breakouts.grouping import groups, part, people, sits, sizes, two_adults
from tests.changemakers.workshops import publish, someone
from tests.consultations.making import group as stakeholders

pytestmark = pytest.mark.django_db


def page_of(stage: Stage) -> SessionPage:
    return SessionPage.objects.get(pk=stage.engagement.page_id)


# What the page says


def test_publishing_makes_the_groups_with_their_names_and_numbers_those_without() -> None:
    stage = part("Red", "")
    assert [(one.number, one.title, one.where) for one in groups(stage)] == [
        (1, "Red", "At the red table"),
        (2, "Group 2", "At the  table"),
    ]


def test_before_it_begins_the_page_has_the_say_and_afterwards_the_console() -> None:
    stage = part("Red", "Blue", state=Stage.State.WAITING)
    page = page_of(stage)
    page.stages[0].value["breakouts"]["groups"][0]["name"] = "Rowan"
    del page.stages[0].value["breakouts"]["groups"][1]
    page.stages[0].value["breakouts"]["number"] = 1
    publish(page)
    assert [one.title for one in groups(stage)] == ["Rowan"]
    actions.spread(stage, by=boarding.facilitator())
    Stage.objects.update(opened_at="2026-01-01T10:00Z")
    page = page_of(stage)
    page.stages[0].value["breakouts"]["groups"][0]["name"] = "Late name"
    page.stages[0].value["breakouts"]["number"] = 3
    publish(page)
    assert [one.title for one in groups(stage)] == ["Rowan", "Group 2", "Group 3"]


def test_a_part_in_which_somebody_has_a_place_stays_what_it_is() -> None:
    stage = part(state=Stage.State.WAITING)
    person(stage)
    actions.spread(stage, by=boarding.facilitator())
    page = page_of(stage)
    page.stages[0].value["kind"] = "talk"
    with pytest.raises(Refused):
        publish(page)


def test_a_part_that_nobody_was_in_goes_with_its_groups() -> None:
    stage = part(state=Stage.State.WAITING)
    page = page_of(stage)
    page.stages[0].value["kind"] = "talk"
    del page.stages[0]
    publish(page)
    assert not Breakout.objects.exists()


# Given by the facilitator


def test_everybody_gets_a_place_in_groups_of_one_size_with_each_kind_of_people_in_each() -> None:
    stage = part("Red", "Blue", "Green", "Gold")
    kinds = [stakeholders(slug, slug) for slug in ("pupils", "teachers", "employers")]
    for kind in kinds:
        people(stage, 8, group=kind)
    assert actions.spread(stage, by=boarding.facilitator()) == 0
    assert sizes(stage) == [6, 6, 6, 6]
    for one in groups(stage):
        assert set(Counter(one.seats.values_list("participant__group", flat=True)).values()) == {2}


def test_who_has_a_place_keeps_it_when_places_are_given_again() -> None:
    stage, femi = part(), boarding.facilitator()
    first = people(stage, 4)
    actions.spread(stage, by=femi)
    before = {who.pk: sits(stage, who) for who in first}
    people(stage, 3)
    actions.spread(stage, by=femi)
    assert {who.pk: sits(stage, who) for who in first} == before
    assert sizes(stage) == [3, 4]
    told = Event.objects.count()
    actions.spread(stage, by=femi)  # nobody is left: nobody is told
    assert Event.objects.count() == told


def test_mixing_leaves_who_chose_and_who_would_rather_not_and_happens_once_for_one_form() -> None:
    stage, femi = part(how="chosen"), boarding.facilitator()
    red, _blue = groups(stage)
    chose, stays, *others = people(stage, 10)
    actions.choose(stage, red, participant=chose)
    actions.refuse(stage, participant=stays)
    actions.spread(stage, by=femi)
    seats = dict(BreakoutSeat.objects.values_list("participant", "breakout"))
    for seen in range(12):  # chance alone does not put 8 people where they were a dozen times
        assert actions.reshuffle(stage, seen=seen, by=femi) == 0
        assert actions.reshuffle(stage, seen=seen, by=femi) is None
        assert (sits(stage, chose), sits(stage, stays)) == ("Red", "")
        assert sizes(stage) == [4, 5]
        now = dict(BreakoutSeat.objects.values_list("participant", "breakout"))
        if any(now[who.pk] != seats[who.pk] for who in others):
            break
    else:
        raise AssertionError("nobody was ever mixed")


def test_mixing_forgets_who_took_notes_elsewhere() -> None:
    stage, femi = part("Red"), boarding.facilitator()
    (red,) = groups(stage)
    ann = person(stage)
    actions.spread(stage, by=femi)
    actions.name_note_taker(stage, red, ann, by=femi)
    actions.reshuffle(stage, seen=0, by=femi)
    assert groups(stage)[0].note_taker == ann  # still there
    leave(ann)
    actions.reshuffle(stage, seen=1, by=femi)
    assert groups(stage)[0].note_taker is None


def test_one_person_is_moved_and_who_would_rather_not_is_left_in_peace() -> None:
    stage, femi = part(), boarding.facilitator()
    red, blue = groups(stage)
    ann, bo = people(stage, 2)
    actions.move(stage, ann, red, by=femi)
    actions.name_note_taker(stage, red, ann, by=femi)
    actions.move(stage, ann, blue, by=femi)
    assert sits(stage, ann) == "Blue"
    assert groups(stage)[0].note_taker is None
    actions.move(stage, ann, None, by=femi)
    assert sits(stage, ann) is None
    actions.refuse(stage, participant=bo)
    with pytest.raises(NotPossible, match="Only they can change that"):
        actions.move(stage, bo, red, by=femi)


def test_only_who_runs_it_gives_places_and_only_to_people_of_this_workshop() -> None:
    stage, other = part(), part()
    red = groups(stage)[0]
    for verb in (
        lambda by: actions.spread(stage, by=by),
        lambda by: actions.reshuffle(stage, seen=0, by=by),
        lambda by: actions.move(stage, person(stage), red, by=by),
        lambda by: actions.name_note_taker(stage, red, None, by=by),
        lambda by: actions.add_group(stage, seen=2, by=by),
        lambda by: actions.change_group(stage, red, "X", "", by=by),
        lambda by: actions.take_away(stage, red, by=by),
        lambda by: actions.settled(stage, red, who=by),
    ):
        with pytest.raises(NotPossible, match="You do not run"):
            verb(someone("Stranger"))
    with pytest.raises(NotPossible):
        actions.move(stage, person(other), red, by=boarding.facilitator())
    with pytest.raises(NotPossible):
        actions.move(stage, person(stage), groups(other)[0], by=boarding.facilitator())


def test_a_note_taker_is_one_of_the_group() -> None:
    stage, femi = part(), boarding.facilitator()
    red, blue = groups(stage)
    ann = person(stage)
    actions.move(stage, ann, red, by=femi)
    with pytest.raises(NotPossible):
        actions.name_note_taker(stage, blue, ann, by=femi)
    actions.name_note_taker(stage, red, ann, by=femi)
    actions.refuse(stage, participant=ann)
    assert groups(stage)[0].note_taker is None


def test_groups_are_added_named_and_taken_away_on_the_console() -> None:
    stage, femi = part(), boarding.facilitator()
    for _twice in range(2):
        actions.add_group(stage, " The  loft ", "Upstairs", seen=2, by=femi)
    red, _blue, loft = groups(stage)
    assert (loft.title, loft.where, loft.number) == ("The loft", "Upstairs", 3)
    actions.change_group(stage, loft, "", "Downstairs", by=femi)
    assert groups(stage)[2].title == "Group 3"
    actions.move(stage, person(stage), red, by=femi)
    with pytest.raises(NotPossible, match="people in it"):
        actions.take_away(stage, red, by=femi)
    for _twice in range(2):
        actions.take_away(stage, loft, by=femi)
    assert len(groups(stage)) == 2
    with pytest.raises(NotPossible, match="40"):
        actions.add_group(stage, "x" * 41, seen=2, by=femi)


# What people do themselves


def test_people_choose_a_group_with_room_before_it_begins_and_while_it_lasts() -> None:
    stage = part(how="chosen", most=2, state=Stage.State.WAITING)
    red, blue = groups(stage)
    ann, bo, cai = people(stage, 3)
    actions.choose(stage, red, participant=ann)
    Stage.objects.update(state=Stage.State.OPEN)
    for _twice in range(2):
        actions.choose(stage, red, participant=bo)
    with pytest.raises(NotPossible, match="“Red” is full"):
        actions.choose(stage, red, participant=cai)
    assert sits(stage, cai) is None
    actions.choose(stage, blue, participant=ann)
    actions.choose(stage, red, participant=cai)
    leave(bo)  # who has left takes no place
    actions.choose(stage, red, participant=ann)
    Stage.objects.update(state=Stage.State.CLOSED)
    with pytest.raises(NotPossible, match="over"):
        actions.choose(stage, blue, participant=cai)


def test_where_places_are_given_nobody_takes_one_but_anybody_may_refuse_and_come_back() -> None:
    stage, femi = part(), boarding.facilitator()
    ann = person(stage)
    actions.spread(stage, by=femi)
    with pytest.raises(NotPossible, match="gives the places"):
        actions.choose(stage, groups(stage)[0], participant=ann)
    for _twice in range(2):
        actions.refuse(stage, participant=ann)
    actions.spread(stage, by=femi)
    actions.reshuffle(stage, seen=0, by=femi)
    assert sits(stage, ann) == ""
    actions.come_in(stage, participant=ann)
    assert sits(stage, ann) in ("Red", "Blue")


def test_nobody_from_another_room_and_nobody_who_left_has_a_say() -> None:
    stage = part(how="chosen")
    red = groups(stage)[0]
    gone = person(stage)
    leave(gone)
    gone.refresh_from_db()
    for who in (person(part()), gone):
        with pytest.raises(NotPossible, match="not in this workshop"):
            actions.choose(stage, red, participant=who)
        with pytest.raises(NotPossible, match="not in this workshop"):
            actions.refuse(stage, participant=who)


def test_who_comes_late_gets_a_place_once_the_others_have_theirs() -> None:
    stage = part()
    early = people(stage, 2)

    def come(key: str) -> Participant:
        asked = Joining(key=key, age_band="26-plus", group=None, permission="anonymous")
        return join(stage.engagement, asked)[0]

    assert sits(stage, come("before anybody has one")) is None
    actions.spread(stage, by=boarding.facilitator())
    assert sits(stage, come("late")) in ("Red", "Blue")
    assert sizes(stage) == [2, 2]
    assert sits(stage, early[0]) is not None


def test_where_people_choose_a_late_comer_chooses_too() -> None:
    stage = part(how="chosen")
    actions.choose(stage, groups(stage)[0], participant=person(stage))
    asked = Joining(key="late", age_band="26-plus", group=None, permission="anonymous")
    assert sits(stage, join(stage.engagement, asked)[0]) is None


def test_a_group_calls_until_the_facilitator_or_the_group_clears_it() -> None:
    stage, femi = part(how="chosen"), boarding.facilitator()
    red, blue = groups(stage)
    ann, bo, cai = people(stage, 3)
    actions.choose(stage, red, participant=ann)
    actions.choose(stage, red, participant=bo)
    actions.choose(stage, blue, participant=cai)
    actions.call(stage, participant=ann)
    first = groups(stage)[0].called_at
    actions.call(stage, participant=bo)
    assert groups(stage)[0].called_at == first
    assert Event.objects.filter(kind="call").count() == 1
    with pytest.raises(NotPossible, match="not your group"):
        actions.settled(stage, red, who=cai)
    actions.settled(stage, red, who=bo)
    assert groups(stage)[0].called_at is None
    actions.call(stage, participant=ann)
    actions.settled(stage, red, who=femi)
    assert [one.called_at for one in groups(stage)] == [None, None]
    with pytest.raises(NotPossible):
        actions.call(stage, participant=person(stage))


# People under 18


def safe(stage: Stage) -> bool:
    """SAF-1: no group has somebody under 18 and fewer than two named adults."""
    return all(len(table.adults) >= 2 or not table.young for table in reading.arrangement(stage).tables)


@pytest.mark.parametrize("band", ["13-15", "16-17", "not-said"])
def test_saf_1_nobody_under_18_is_in_a_group_without_two_named_adults(band: str) -> None:
    stage, femi = part(young=True, how="chosen"), boarding.facilitator()
    red, blue = groups(stage)
    rowan = person(stage, age_band=band)
    for verb in (
        lambda: actions.choose(stage, red, participant=rowan),
        lambda: actions.move(stage, rowan, red, by=femi),
    ):
        with pytest.raises(NotPossible, match="Two adults"):
            verb()
    assert actions.spread(stage, by=femi) == 1
    assert "two adults" in reading.mine(stage, rowan, reading.all_groups(stage)).why_not
    first = actions.record_adult(stage.engagement, "Morag Grant", seen=True, by=femi)
    actions.send_adult(stage, first, red, by=femi)
    with pytest.raises(NotPossible, match="Two adults"):
        actions.choose(stage, red, participant=rowan)
    two_adults(stage, blue, femi)
    assert actions.spread(stage, by=femi) == 0
    assert sits(stage, rowan) == "Blue"
    for seen in range(5):
        actions.reshuffle(stage, seen=seen, by=femi)
        assert sits(stage, rowan) == "Blue"
    assert safe(stage)


def test_saf_1_it_is_asked_again_when_an_adult_goes_and_young_people_come_back() -> None:
    stage, femi = part(young=True), boarding.facilitator()
    red, blue = groups(stage)
    first, second = two_adults(stage, red, femi)
    rowan = person(stage, age_band="13-15")
    grown = person(stage)
    for who in (rowan, grown):
        actions.move(stage, who, red, by=femi)
    actions.name_note_taker(stage, red, rowan, by=femi)
    assert actions.send_adult(stage, first, blue, by=femi) == 1
    assert (sits(stage, rowan), sits(stage, grown)) == (None, "Red")
    assert groups(stage)[0].called_at is not None  # somebody looks after whoever is left there
    assert groups(stage)[0].note_taker is None
    assert actions.send_adult(stage, first, red, by=femi) == 0
    actions.move(stage, rowan, red, by=femi)
    assert actions.take_off_adult(second, by=femi) == 1
    assert actions.take_off_adult(second, by=femi) == 0
    assert safe(stage)
    with pytest.raises(NotPossible):
        actions.send_adult(stage, second, red, by=femi)


def test_saf_1_an_adult_is_put_on_the_list_by_who_may_and_once() -> None:
    stage, femi = part(young=True), boarding.facilitator()
    engagement = stage.engagement
    with pytest.raises(PermissionDenied):
        actions.record_adult(engagement, "Morag", seen=True, by=someone("Stranger"))
    for name, seen, why in (("", True, "name"), ("x" * 121, True, "shorter"), ("Morag", False, "check")):
        with pytest.raises(NotPossible, match=why):
            actions.record_adult(engagement, name, seen=seen, by=femi)
    first = actions.record_adult(engagement, " Morag  Grant ", seen=True, by=femi)
    lead = engagement.page.specific.safeguarding_lead
    assert actions.record_adult(engagement, "Morag Grant", seen=True, by=lead) == first
    assert NamedAdult.objects.get().recorded_by == femi
    actions.take_off_adult(first, by=lead)
    actions.record_adult(engagement, "Morag Grant", seen=True, by=lead)
    again = NamedAdult.objects.get()
    assert (again.recorded_by, again.taken_off_at) == (lead, None)
    with pytest.raises(PermissionDenied):
        actions.take_off_adult(first, by=someone("Stranger"))


def test_an_adult_of_another_workshop_goes_with_nobody_here() -> None:
    stage, other, femi = part(), part(), boarding.facilitator()
    adult = actions.record_adult(other.engagement, "Morag", seen=True, by=femi)
    with pytest.raises(NotPossible):
        actions.send_adult(stage, adult, groups(stage)[0], by=femi)


def test_mixing_with_groups_that_kinds_of_people_share_unevenly_stays_even() -> None:
    stage, femi = part("A", "B", "C"), boarding.facilitator()
    few, many = stakeholders("few", "Few"), stakeholders("many", "Many")
    people(stage, 2, group=few)
    people(stage, 9, group=many)
    actions.spread(stage, by=femi)
    assert sizes(stage) == [3, 4, 4]
    assert StakeholderGroup.objects.count() >= 2
    most = [one.seats.filter(participant__group=few).count() for one in groups(stage)]
    assert max(most) == 1
