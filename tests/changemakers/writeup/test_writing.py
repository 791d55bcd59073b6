"""A write-up drafts itself, is shown, put right and published."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from collaborative import outbox
from collaborative.changemakers.room.models import Participant
from collaborative.changemakers.writeup import actions, correcting, drafting, keeping, reading
from collaborative.changemakers.writeup.access import Reader
from collaborative.changemakers.writeup.actions import Written
from collaborative.changemakers.writeup.correcting import Put
from collaborative.changemakers.writeup.models import Correction, WriteUp, WriteUpVersion
from collaborative.contributions import actions as contributions
from collaborative.contributions.models import Contribution, Receipt
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.models import Message
from collaborative.moderation import actions as moderation
from collaborative.people.models import StakeholderGroup, User
from collaborative.people.roles import Role
from tests.cast import person as account
from tests.changemakers import boarding
from tests.changemakers.boarding import person, said
from tests.changemakers.writeup import writing
from tests.changemakers.writeup.writing import (
    WRITTEN,
    grouped,
    long_shared,
    note,
    over,
    running,
    shared,
    written,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def femi(db: None) -> User:
    return boarding.facilitator()


def content(write_up: WriteUp) -> dict[str, Any]:
    return reading.shown(drafting.arrange(write_up, actions.page_of(write_up.engagement)))


def words(told: dict[str, Any]) -> list[str]:
    return [
        one.words
        for part in told["parts"]
        for column in part["columns"]
        for thing in column["things"]
        for card in thing["cards"]
        for one in card
    ]


# Drafting ---------------------------------------------------------------------------------------


def test_it_drafts_itself_from_parts_groups_and_notes_that_anyone_may_read(femi: User) -> None:
    place = running()
    a, b = note(place, "The ferry is late"), note(place, "The bus is later")
    alone = note(place, "Nobody answers the phone")
    held = boarding.note(writing.part(place, "board"), person(place), "A held secret")
    private = note(place, "Never publish me", person(place, permission="not-published"))
    grouped("Getting there", a, b)
    told = content(written(over(place), femi))
    assert [part["title"] for part in told["parts"]] == ["What is hard?", "Choose"]
    things = told["parts"][0]["columns"][0]["things"]
    assert {thing["group"] for thing in things} == {"Getting there", ""}
    assert sorted(words(told)) == ["Nobody answers the phone", "The bus is later", "The ferry is late"]
    assert told["counts"] == {"notes": 3, "groups": 1, "comments": 0}
    assert not {said(held).pk, said(private).pk} & set(
        drafting.said_in(drafting.arrange(WriteUp.objects.get(), actions.page_of(place)))
    )
    assert alone


def test_it_waits_until_the_workshop_is_over_and_only_those_who_run_it_may(femi: User) -> None:
    place = running()
    with pytest.raises(Refused):
        actions.begin(place, by=femi)
    for role in (Role.EDITORS, Role.MODERATORS, Role.ANALYSTS):
        with pytest.raises(PermissionDenied):
            actions.begin(over(place), by=account(f"No{role.value}", role))


def test_a_note_that_is_left_out_is_not_in_it_and_can_be_put_back(femi: User) -> None:
    place = running()
    one, two = note(place, "Keep me in here"), note(place, "Leave me out of it")
    draft = written(over(place), femi)
    key = one.stage.key
    actions.edit(draft, Written(**vars(WRITTEN) | {"left_out": {key: [said(two).pk]}}), by=femi)
    draft.refresh_from_db()
    assert words(content(draft)) == ["Keep me in here"]
    actions.edit(draft, WRITTEN, by=femi)
    draft.refresh_from_db()
    assert len(words(content(draft))) == 2


def test_words_of_people_cannot_be_copied_into_it(femi: User) -> None:
    place = running()
    note(place, "The number on the poster has not worked since May!")
    draft = actions.begin(over(place), by=femi)
    copied = "One said: the number on the poster has not worked since may. We agree."
    with pytest.raises(Refused, match="own words"):
        actions.edit(draft, Written(introduction=copied, done="", reached=""), by=femi)
    draft.refresh_from_db()
    assert draft.introduction == ""


def test_drafting_costs_the_same_however_much_was_said(femi: User, django_assert_num_queries: Any) -> None:
    place = running()
    ann = person(place)
    for _ in range(3):
        note(place, "", ann)
    page = actions.page_of(place)
    draft = written(over(place), femi)
    with django_assert_num_queries(9):
        reading.shown(drafting.arrange(draft, page))
    for _ in range(5):
        Contribution.objects.filter(pk=said(note(place, "", ann)).pk)
    with django_assert_num_queries(9):
        reading.shown(drafting.arrange(draft, page))


# Numbers ----------------------------------------------------------------------------------------


def test_who_came_is_told_by_group_and_small_groups_are_hidden(femi: User) -> None:
    place = running()
    many, few, quiet = (
        StakeholderGroup.objects.create(name=name, slug=name.lower(), kind="role")
        for name in ("Many", "Few", "Quiet")
    )
    for group, number in ((many, 12), (few, 2), (quiet, 6)):
        for _ in range(number):
            person(place, group=group)
    told = content(written(over(place), femi))["attendance"]
    found = {one["name"]: one["n"] for one in told["groups"]}
    assert found["Few"] is None and told["total"] == 20
    # One alone could be worked out from the total, so another is hidden with it.
    assert list(found.values()).count(None) >= 2 and found["Many"] == 12


def test_where_somebody_may_be_under_16_the_higher_threshold_holds(femi: User) -> None:
    place = running()
    group, other = (
        StakeholderGroup.objects.create(name=name, slug=name.lower(), kind="role")
        for name in ("Young", "Old")  # no more
    )
    for number in range(7):
        person(place, group=group, age_band="13-15" if number == 0 else "26-plus")
        person(place, group=other)
    found = {one["name"]: one["n"] for one in content(written(over(place), femi))["attendance"]["groups"]}
    assert found["Young"] is None


def test_votes_of_few_are_hidden(femi: User) -> None:
    from collaborative.changemakers.polls import actions as polls

    place = running()
    vote = writing.part(place, "poll")
    for number in range(4):
        polls.vote(vote, {"o1": 1}, participant=person(place))
        assert number < 4
    draft = written(over(place), femi)
    assert content(draft)["parts"][1]["votes"]["base"] is None


# Sharing and publishing -------------------------------------------------------------------------


def test_it_is_not_shown_to_anyone_before_method_and_words_are_there(femi: User) -> None:
    place = over(running())
    draft = actions.begin(place, by=femi)
    with pytest.raises(Refused, match="heard of"):
        actions.share(draft, 7, by=femi)
    for days in (2, 31):
        with pytest.raises(Refused):
            actions.share(written(place, femi), days, by=femi)


def test_it_is_never_published_before_people_had_their_time(femi: User) -> None:
    place = running()
    note(place, "Something")
    draft = written(over(place), femi)
    with pytest.raises(Refused, match="first"):
        actions.publish(draft, by=femi)
    actions.share(draft, 3, by=femi)
    just_before = timezone.now() + timedelta(days=3, minutes=-1)
    with pytest.raises(Refused, match="still"):
        actions.publish(draft, by=femi, now=just_before)
    version = actions.publish(draft, by=femi, now=just_before + timedelta(minutes=2))
    assert version.number == 1
    assert actions.publish(draft, by=femi, now=just_before + timedelta(minutes=3)) == version  # pressed twice


def test_what_is_published_is_frozen_and_a_later_version_says_what_changed(femi: User) -> None:
    place = running()
    note(place, "Something")
    draft = long_shared(over(place), femi)
    first = actions.publish(draft, by=femi)
    actions.edit(draft, Written(**vars(WRITTEN) | {"introduction": "Two doors after all."}), by=femi)
    assert WriteUpVersion.objects.standing(place).content["introduction"] == "People want one door."  # type: ignore[union-attr]
    with pytest.raises(Refused, match="different"):
        actions.publish(draft, by=femi)
    second = actions.publish(draft, by=femi, changes="One door became two.")
    assert (second.number, first.number) == (2, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        WriteUpVersion.objects.filter(pk=first.pk).update(content={})
    with pytest.raises(IntegrityError), transaction.atomic():
        first.delete()


def test_gdp_2_words_that_are_taken_back_or_erased_leave_a_mark_and_nothing_else(femi: User) -> None:
    place = running()
    gone, erased, stays = (note(place, f"Canary {one} in the hall") for one in ("back", "erased", "stays"))
    version = actions.publish(long_shared(over(place), femi), by=femi)
    contributions.withdraw(said(gone).receipt)
    contributions.erase(said(erased))
    told = reading.shown(version.content)
    assert [one for one in words(told) if one] == ["Canary stays in the hall"] and words(told).count("") == 2
    assert "Canary" not in str(version.content)
    assert stays


# Putting right ----------------------------------------------------------------------------------


def put(place: Engagement, who: Participant, text: str = "I said Monday", **how: Any) -> Correction:
    who.refresh_from_db()
    who.engagement = place
    return correcting.correct(
        WriteUp.objects.get(engagement=place), Reader(place, participant=who), Put(text=text, key="k", **how)
    )


def test_a_correction_is_never_public_whatever_is_decided_about_it(femi: User) -> None:
    place = running()
    ann = person(place)
    note(place, "We meet on Tuesday", ann)
    shared(over(place), femi)
    made = put(place, ann, "Canary: it was Monday")
    moderator = account("Mona", Role.MODERATORS)
    moderation.release(made.contribution, by=moderator)
    row = Contribution.objects.get(pk=made.contribution_id)
    assert row.state == "released" and not row.withheld  # as open as anything can be
    contributions.change_permission(row.receipt, "anonymous")
    assert not Contribution.objects.public().filter(pk=row.pk).exists()
    assert not Contribution.objects.permitted().filter(pk=row.pk).exists()
    assert not Contribution.objects.analysable().filter(pk=row.pk).exists()


def test_the_same_attempt_is_one_correction_and_after_the_time_there_is_none(femi: User) -> None:
    place = running()
    ann = person(place)
    note(place, "We meet on Tuesday", ann)
    draft = shared(over(place), femi)
    assert put(place, ann) == put(place, ann)
    assert Correction.objects.count() == 1
    WriteUp.objects.update(shared_at=draft.shared_at - timedelta(days=9), ends_at=timezone.now())  # type: ignore[operator]
    with pytest.raises(Refused, match="over"):
        correcting.correct(draft, Reader(place, participant=ann), Put(text="Late", key="other"))
    assert Correction.objects.count() == 1


def test_somebody_who_waits_is_answered_with_a_reason_before_anything_is_published(femi: User) -> None:
    place = running()
    ann = person(place)
    mine = note(place, "We meet on Tuesday", ann)
    draft = shared(over(place), femi)
    made = put(place, ann, about=said(mine).pk)
    assert made.about_id == said(mine).pk
    later = timezone.now() + timedelta(days=8)
    with pytest.raises(Refused, match="waits"):
        actions.publish(draft, by=femi, now=later)
    with pytest.raises(Refused, match="why"):
        correcting.answer(made, True, " ", by=femi)
    with pytest.raises(PermissionDenied):
        correcting.answer(made, True, "Yes.", by=account("Ed", Role.EDITORS))
    correcting.answer(made, True, "You are right.", by=femi)
    correcting.answer(made, True, "You are right.", by=femi)
    told = correcting.mine(said(mine).receipt)
    assert [(one.state, one.reason, one.about) for one in told] == [
        ("taken-in", "You are right.", "We meet on Tuesday")
    ]
    made.refresh_from_db()
    assert made.contribution.state == "released" and made.contribution.withheld
    assert actions.publish(draft, by=femi, now=later).number == 1


def test_saf_2_a_correction_that_worries_somebody_waits_as_its_author_sees_it(
    femi: User,
) -> None:
    place = running()
    ann = person(place)
    mine = note(place, "We meet on Tuesday", ann)
    draft = shared(over(place), femi)
    made = put(place, ann)
    moderation.escalate(made.contribution, by=femi)
    assert not draft.corrections.readable().exists()
    assert [one.state for one in correcting.mine(said(mine).receipt)] == ["waiting"]
    with pytest.raises((Refused, PermissionDenied)):
        correcting.answer(made, True, "Yes.", by=femi)
    assert actions.publish(draft, by=femi, now=timezone.now() + timedelta(days=8))


def test_nobody_puts_right_what_somebody_else_said(femi: User) -> None:
    place = running()
    ann, ben = person(place), person(place)
    hers = note(place, "We meet on Tuesday", ann)
    note(place, "Something else", ben)
    shared(over(place), femi)
    assert put(place, ben, about=said(hers).pk).about is None


def test_who_said_nothing_in_the_room_may_put_right_too_and_counts_in_no_figure(femi: User) -> None:
    place = running()
    ann = person(place)
    shared(over(place), femi)
    put(place, ann)
    assert Receipt.objects.get().exclusion == "duplicate"


# Letters ----------------------------------------------------------------------------------------


def test_who_registered_gets_one_letter_with_a_link_and_no_word_of_anyone(
    femi: User, django_capture_on_commit_callbacks: Any
) -> None:
    place = running()
    note(place, "Canary in a note")
    from collaborative.changemakers.models import Registration
    from tests.changemakers.writeup.registering import registered

    row = registered(place, "ann@example.org")
    gone = registered(place, "ben@example.org")
    Registration.objects.filter(pk=gone.pk).update(state="cancelled", cancelled_at=timezone.now())
    draft = shared(over(place), femi)
    actions.share(draft, 7, by=femi)  # pressed twice
    messages = Message.objects.filter(kind=actions.SHARED)
    assert [one.about["registration"] for one in messages] == [row.pk]
    mail.outbox.clear()
    for one in messages:
        outbox._deliver(Message.objects.filter(pk=one.pk))
    (letter,) = mail.outbox
    assert letter.to == ["ann@example.org"] and "/write-up/from/" in letter.body
    assert "Canary" not in letter.body and "People want" not in letter.body


# Forgetting -------------------------------------------------------------------------------------


def test_ret_1_names_go_a_month_after_and_what_was_said_and_who_came_stays(femi: User) -> None:
    place = running()
    for number in range(6):
        note(place, f"Thing {number}", person(place, name=f"Name {number}"))
    place = over(place)
    after = place.closes_at
    assert after is not None
    assert keeping.forget_old(after + timedelta(days=29)) == 0
    assert keeping.forget_old(after + timedelta(days=31)) == 6
    assert keeping.forget_old(after + timedelta(days=32)) == 0
    assert not Participant.objects.exists() and Contribution.objects.public().count() == 6
    told = content(written(place, femi))
    assert told["attendance"]["total"] == 6 and len(words(told)) == 6
