"""Who gets a place, who waits, and who moves up."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from collaborative.changemakers.models import SessionPage
from collaborative.changemakers.seats import actions, keys
from collaborative.changemakers.seats.models import AccessNeed, Registration, Seating
from collaborative.contributions.models import LedgerEvent
from collaborative.errors import Refused
from collaborative.models import Message
from collaborative.people.models import User
from tests.changemakers.seats import seating
from tests.changemakers.workshops import draft, publish

pytestmark = pytest.mark.django_db


def letters(kind: str) -> int:
    return Message.objects.filter(kind=kind).count()


def again(page: SessionPage, **fields: Any) -> SessionPage:
    page = SessionPage.objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(page, name, value)
    return publish(page)


def test_places_are_given_until_there_are_none_and_then_people_wait() -> None:
    page = seating.with_places(2)
    for name in ("Ann", "Bea", "Cat"):
        seating.someone(page, name)
    assert seating.states(page) == {"Ann": "seat", "Bea": "seat", "Cat": "waiting"}
    assert (letters(actions.GIVEN), letters(actions.WAITS)) == (2, 1)


def test_one_group_cannot_take_the_places_of_another() -> None:
    page = seating.with_places(3, group_seats=seating.kept(young=1, parents=1))
    employers, young, parents = (seating.group(name) for name in ("employers", "young", "parents"))
    for name, group in (("Ann", employers), ("Bea", employers), ("Cat", young), ("Dee", young)):
        seating.someone(page, name, group=group)
    seating.someone(page, "Eve", group=parents)
    found = seating.states(page)
    assert found == {"Ann": "seat", "Bea": "waiting", "Cat": "seat", "Dee": "waiting", "Eve": "seat"}


def test_a_group_with_places_of_its_own_may_have_the_open_ones_too() -> None:
    page = seating.with_places(2, group_seats=seating.kept(young=1))
    for name in ("Ann", "Bea", "Cat"):
        seating.someone(page, name, group=seating.group("young"))
    assert seating.states(page) == {"Ann": "seat", "Bea": "seat", "Cat": "waiting"}


def test_who_waited_longest_moves_up_and_is_told_once() -> None:
    page = seating.with_places(1)
    first = seating.someone(page, "Ann")
    for name in ("Bea", "Cat"):
        seating.someone(page, name)
    actions.cancel(first)
    actions.cancel(first)
    assert seating.states(page) == {"Ann": "cancelled", "Bea": "seat", "Cat": "waiting"}
    assert letters(actions.GIVEN) == 2 and letters(actions.GONE) == 1
    assert Registration.objects.get(name="Bea").moved_up


def test_a_kept_place_that_comes_free_passes_over_who_may_not_have_it() -> None:
    page = seating.with_places(2, group_seats=seating.kept(young=1))
    seating.someone(page, "Ann")
    young = seating.someone(page, "Bea", group=seating.group("young"))
    seating.someone(page, "Cat")
    seating.someone(page, "Dee", group=seating.group("young"))
    actions.cancel(young)
    assert seating.states(page)["Cat"] == "waiting" and seating.states(page)["Dee"] == "seat"


def test_more_room_lets_those_who_wait_in_and_less_takes_nobodys_place() -> None:
    page = seating.with_places(1)
    for name in ("Ann", "Bea", "Cat"):
        seating.someone(page, name)
    page = again(page, capacity=2)
    assert list(seating.states(page).values()) == ["seat", "seat", "waiting"]
    page = again(page, capacity=1)
    assert list(seating.states(page).values()) == ["seat", "seat", "waiting"]
    actions.cancel(Registration.objects.get(name="Ann"))
    assert seating.states(page)["Cat"] == "waiting", "there are still as many as may come"


def test_other_group_places_let_those_who_wait_in() -> None:
    page = seating.with_places(2, group_seats=seating.kept(young=2))
    seating.someone(page, "Ann")
    assert seating.states(page) == {"Ann": "waiting"}
    again(page, group_seats=seating.kept(young=1))
    assert seating.states(page) == {"Ann": "seat"}


def test_the_same_attempt_twice_is_one_registration() -> None:
    page = seating.with_places()
    for _turn in range(2):
        actions.register(page.engagement, seating.wish(), key="once")
    assert Registration.objects.count() == 1 and Message.objects.count() == 1


def test_an_address_that_is_registered_gets_its_link_again_and_nothing_else_changes() -> None:
    page = seating.with_places()
    seating.someone(page, "Ann", needs="A ramp.")
    seating.someone(page, "Bob", email="ANN@example.org ", needs="Nothing.")
    assert seating.states(page) == {"Ann": "seat"}
    assert AccessNeed.objects.get().text == "A ramp."
    assert letters(actions.AGAIN) == 1
    seating.someone(page, "Bob", email="ann@example.org")
    assert letters(actions.AGAIN) == 1, "one a day"
    with pytest.raises(IntegrityError), transaction.atomic():
        row = Registration.objects.get()
        row.pk, row.key, row.token_hash = None, "other", "other"
        row.save(force_insert=True)


def test_who_gave_a_place_back_may_register_again_at_the_end() -> None:
    page = seating.with_places(1)
    row = seating.someone(page, "Ann")
    seating.someone(page, "Bea")
    actions.cancel(row)
    seating.someone(page, "Ann")
    assert [one.state for one in Registration.objects.order_by("pk")] == ["cancelled", "seat", "waiting"]


@pytest.mark.parametrize(
    ("band", "invited", "words"),
    [("16-17", False, "18 or over"), ("13-15", False, "18 or over"), ("16-17", True, "just now")],
)
def test_age_1_saf_1_under_18s_register_only_where_they_are_invited_and_safe(
    band: str, invited: bool, words: str
) -> None:
    page = seating.with_places()
    # As after a lead has left: what keeps people safe does not stand any more.
    page.engagement.invites_under_18 = invited
    with pytest.raises(Refused, match=words):
        actions.register(page.engagement, seating.wish(age_band=band, by_adult=True), key="k")


@pytest.mark.parametrize("band", ["not-said", "13-15", "under-12"])
def test_kc_8_under_16_an_adult_registers(band: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions.ages, "stop", lambda *args, **how: None)
    page = seating.with_places()
    with pytest.raises(Refused, match="adult"):
        seating.someone(page, age_band=band)
    row = seating.someone(page, age_band=band, by_adult=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.filter(pk=row.pk).update(by_adult=False)


def test_registration_opens_and_closes() -> None:
    now = timezone.now()
    page = seating.with_places(
        registration_from=now + timedelta(days=2), registration_until=now + timedelta(days=5)
    )
    for day, open_ in ((0, False), (3, True), (6, False)):
        wish = seating.wish(f"Ann{day}")
        if open_:
            actions.register(page.engagement, wish, key=str(day), now=now + timedelta(days=day))
            continue
        with pytest.raises(Refused, match="not open"):
            actions.register(page.engagement, wish, key=str(day), now=now + timedelta(days=day))
    assert seating.states(page) == {"Ann3": "seat"}


def test_nobody_moves_up_once_it_has_begun_and_nothing_moves_once_it_is_over() -> None:
    page = seating.with_places(1)
    row = seating.someone(page, "Ann")
    seating.someone(page, "Bea")
    with pytest.raises(Refused, match="over"):
        actions.cancel(row, now=page.closes_at)
    actions.cancel(row, now=page.opens_at)
    assert seating.states(page) == {"Ann": "cancelled", "Bea": "waiting"}


def test_staff_add_somebody_by_hand_before_registration_opens(facilitator: User, analyst: User) -> None:
    page = seating.with_places(registration_from=timezone.now() + timedelta(days=2))
    with pytest.raises(PermissionDenied):
        actions.register(page.engagement, seating.wish(), key="k", by=analyst)
    row = actions.register(page.engagement, seating.wish(), key="k", by=facilitator)
    assert row.is_seated and row.added_by == facilitator


def test_staff_take_somebody_off_and_say_why(facilitator: User, analyst: User) -> None:
    page = seating.with_places(1)
    row = seating.someone(page, "Ann", needs="A ramp.")
    seating.someone(page, "Bea")
    with pytest.raises(PermissionDenied):
        actions.take_off(row, by=analyst, reason="No.")
    with pytest.raises(Refused, match="Say why"):
        actions.take_off(row, by=facilitator, reason=" ")
    actions.take_off(row, by=facilitator, reason="You are registered twice.")
    row.refresh_from_db()
    assert row.is_cancelled and row.cancelled_by == facilitator and row.reason
    assert not AccessNeed.objects.exists(), "nobody needs to know any more"
    assert seating.states(page)["Bea"] == "seat"


def test_the_link_of_who_has_a_place_opens_the_room_and_no_other_does() -> None:
    page, other = seating.with_places(1), seating.with_places(1, "other")
    row, waits = seating.someone(page, "Ann"), seating.someone(page, "Bea")
    token = keys.token_of(row)
    assert actions.seat_by_token(page.engagement, token) == row
    assert actions.seat_by_token(other.engagement, token) is None
    assert actions.seat_by_token(page.engagement, keys.token_of(waits)) is None
    assert actions.seat_by_token(page.engagement, "x" * 40) is None
    assert token not in str(Registration.objects.filter(pk=row.pk).values()), "it stands nowhere"
    actions.cancel(row)
    assert actions.seat_by_token(page.engagement, token) is None


def test_the_record_holds_no_word_of_what_somebody_told_us() -> None:
    page = seating.with_places(1)
    row = seating.someone(page, "Zebedee", needs="A quokka.")
    seating.someone(page, "Bea")
    actions.change(row, name="Zebedee", needs="A wombat.")
    actions.cancel(row)
    record = str(list(LedgerEvent.objects.values("verb", "subject", "data")))
    for verb in ("place.seat", "place.waiting", "place.changed", "place.given-back", "place.moved-up"):
        assert verb in record
    assert not [word for word in ("Zebedee", "zebedee", "quokka", "wombat") if word in record]


def test_a_workshop_without_places_has_no_seating_and_nobody_registers() -> None:
    page = seating.with_places(None)  # type: ignore[arg-type]
    assert not Seating.objects.exists()
    with pytest.raises(Refused, match="Nobody registers"):
        seating.someone(page)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"capacity": 0}, "how many people"),
        ({"capacity": 2, "group_seats": {"young": 2, "parents": 1}}, "More places are kept"),
        ({"capacity": 2, "registration_until": timedelta(days=31)}, "must close before"),
        (
            {"capacity": 2, "registration_from": timedelta(days=3), "registration_until": timedelta(days=2)},
            "must open before",
        ),
    ],
)
def test_places_that_do_not_add_up_are_not_published(fields: dict[str, Any], words: str) -> None:
    now = timezone.now()
    made = {
        name: seating.kept(**value)
        if name == "group_seats"
        else now + value
        if isinstance(value, timedelta)
        else value
        for name, value in fields.items()
    }
    with pytest.raises(Refused, match=words):
        publish(draft(**made))


def test_moving_up_costs_the_same_for_many(django_assert_max_num_queries: Any) -> None:
    page = seating.with_places(1)
    row = seating.someone(page)
    for number in range(12):
        seating.someone(page, f"W{number}")
    Seating.objects.update(capacity=9)
    with django_assert_max_num_queries(18):
        actions.cancel(row)
    assert Registration.objects.seated().count() == 9
