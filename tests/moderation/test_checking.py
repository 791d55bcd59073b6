"""The four outcomes, once each, whoever presses and how often."""

import threading
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections

from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Contribution, LedgerEvent, State, Wording
from collaborative.moderation import actions
from collaborative.moderation.models import Check, SafeguardingCase
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.cast import person
from tests.moderation.giving import rule, said

pytestmark = pytest.mark.django_db


def test_mod_1_everything_is_held_until_a_person_has_checked_it() -> None:
    for band in ("13-15", "not-said", "16-17", "26-plus"):
        assert said(band, age_band=band).state == State.HELD


def test_mod_2_release(moderator: User) -> None:
    row = said()
    actions.release(row, by=moderator)
    assert row.state == State.RELEASED
    assert Check.objects.get().outcome == "released"
    assert Contribution.objects.public().get() == row


def test_rif_6_words_removed_the_original_kept_and_the_reason_in_the_record(moderator: User) -> None:
    row = said("Ask Dan in P7.")
    actions.release_redacted(row, "Ask [removed] in P7.", "A name.", by=moderator)
    given, redacted = row.wordings.order_by("number")
    assert (given.text, given.kind) == ("Ask Dan in P7.", Wording.Kind.GIVEN)
    assert (redacted.text, redacted.reason, redacted.created_by) == (
        "Ask [removed] in P7.",
        "A name.",
        moderator,
    )
    assert Contribution.objects.public().get().public_text == "Ask [removed] in P7."
    assert "contribution.reworded" in LedgerEvent.objects.values_list("verb", flat=True)


@pytest.mark.parametrize("text", ["Ask Ann in P7.", "Ask Dan in P7.", "[removed]", ""])
def test_rif_6_a_wording_that_says_something_else_is_refused(moderator: User, text: str) -> None:
    row = said("Ask Dan in P7.")
    with pytest.raises(NotPossible):
        actions.release_redacted(row, text, "A name.", by=moderator)
    assert Contribution.objects.get(pk=row.pk).state == State.HELD
    assert row.wordings.count() == 1
    assert not Check.objects.exists()


def test_rif_6_words_are_not_removed_without_a_reason(moderator: User) -> None:
    with pytest.raises(NotPossible):
        actions.release_redacted(said("Ask Dan."), "Ask [removed].", " ", by=moderator)


def test_kc_6_a_refusal_names_its_rule(moderator: User) -> None:
    row = said()
    actions.refuse(row, rule(), by=moderator)
    assert (Check.objects.get().rule, row.state) == (rule(), State.REFUSED)
    assert not Contribution.objects.public().exists()


def twice(verb: Callable[[], object]) -> None:
    verb()
    verb()


def test_pressing_twice_does_each_thing_once(moderator: User, safeguarding_lead: User) -> None:
    for press in (
        lambda row: actions.release(row, by=moderator, seen="held"),
        lambda row: actions.release_redacted(row, "Ask [removed].", "A name.", by=moderator, seen="held"),
        lambda row: actions.refuse(row, rule(), by=moderator, seen="held"),
        lambda row: actions.escalate(row, by=moderator),
    ):
        row = said("Ask Dan.")
        events = LedgerEvent.objects.count()
        press(Contribution.objects.get(pk=row.pk))
        once = LedgerEvent.objects.count()
        assert once > events
        press(Contribution.objects.get(pk=row.pk))
        assert LedgerEvent.objects.count() == once
        assert row.checks.count() == 1


def test_mod_2_whoever_comes_second_is_told_and_changes_nothing(moderator: User) -> None:
    other = person("Mungo", Role.MODERATORS)
    row = said("Ask Dan.")
    actions.release(Contribution.objects.get(pk=row.pk), by=other)
    for late in (
        lambda: actions.release(row, by=moderator),
        lambda: actions.refuse(row, rule(), by=moderator),
        lambda: actions.release_redacted(row, "Ask [removed].", "A name.", by=moderator),
    ):
        with pytest.raises(NotPossible):
            late()
    assert Contribution.objects.get(pk=row.pk).state == State.RELEASED
    assert Check.objects.get().by == other


def test_saf_2_a_moderator_takes_nothing_out_of_safeguarding(moderator: User) -> None:
    row = said("Ask Dan.")
    actions.escalate(row, by=moderator)
    for verb in (
        lambda: actions.release(row, by=moderator),
        lambda: actions.refuse(row, rule(), by=moderator),
        lambda: actions.release_redacted(row, "Ask [removed].", "A name.", by=moderator),
    ):
        with pytest.raises(NotPossible):
            verb()
    assert Contribution.objects.get(pk=row.pk).state == State.ESCALATED


def test_saf_2_a_concern_goes_through_although_somebody_released_it_a_moment_ago(moderator: User) -> None:
    other = person("Mungo", Role.MODERATORS)
    row = said()
    actions.release(Contribution.objects.get(pk=row.pk), by=other)
    actions.escalate(row, by=moderator)
    assert Contribution.objects.get(pk=row.pk).state == State.ESCALATED


@pytest.mark.parametrize(
    "cast",
    [
        "editor",
        "board_member",
        "secretary",
        "analyst",
        "safeguarding_lead",
        "facilitator",
        "administrator",
        "signed_in_person",
    ],
)
def test_nobody_but_a_moderator_checks(cast: str, request: pytest.FixtureRequest) -> None:
    user, row = request.getfixturevalue(cast), said("Ask Dan.")
    for verb in (
        lambda: actions.release(row, by=user),
        lambda: actions.refuse(row, rule(), by=user),
        lambda: actions.release_redacted(row, "Ask [removed].", "A name.", by=user),
        lambda: actions.escalate(row, by=user),
    ):
        with pytest.raises(PermissionDenied):
            verb()
    assert Contribution.objects.get(pk=row.pk).state == State.HELD


def test_need_to_know_a_superuser_without_the_role_opens_no_case_and_checks_nothing(moderator: User) -> None:
    root = User.objects.create_superuser("root@example.org", "a long password for tests")
    case = actions.escalate(said(), by=moderator)
    for verb in (lambda: actions.view_case(case, by=root), lambda: actions.release(said(), by=root)):
        with pytest.raises(PermissionDenied):
            verb()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(4))
def test_mod_2_of_two_moderators_at_once_one_is_first(turn: int) -> None:
    people = [person("Mona", Role.MODERATORS), person("Mungo", Role.MODERATORS)]
    row, house_rule = said("Ask Dan."), rule()
    verbs = [
        lambda mine: actions.release(mine, by=people[0]),
        lambda mine: actions.refuse(mine, house_rule, by=people[1]),
    ]
    together, refused = threading.Barrier(2), []

    def act(number: int) -> None:
        mine = Contribution.objects.get(pk=row.pk)
        connection.close()
        together.wait()
        try:
            verbs[number](mine)
        except NotPossible as refusal:
            refused.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    check = Check.objects.get()
    assert Contribution.objects.get(pk=row.pk).state == check.outcome
    assert LedgerEvent.objects.filter(subject=f"contribution:{row.reference}").count() == 1


@pytest.mark.django_db(transaction=True)
def test_saf_2_of_two_at_once_who_are_worried_one_case_is_opened(safeguarding_lead: User) -> None:
    people = [person("Mona", Role.MODERATORS), person("Mungo", Role.MODERATORS)]
    row = said()
    together = threading.Barrier(2)

    def act(user: User) -> None:
        mine = Contribution.objects.get(pk=row.pk)
        connection.close()
        together.wait()
        try:
            actions.escalate(mine, by=user)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=[user]) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert SafeguardingCase.objects.get().contribution == row
    assert Contribution.objects.get(pk=row.pk).state == State.ESCALATED
