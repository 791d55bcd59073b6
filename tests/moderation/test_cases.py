"""A concern from the press that raised it to its end: who sees it, what is kept, and for how long (SAF-2)."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from collaborative.contributions.actions import NotPossible, add_wording, erase, take_back, withdraw
from collaborative.contributions.models import Contribution, LedgerEvent, State, Wording
from collaborative.moderation import actions
from collaborative.moderation.models import CaseNote, Check, Report, SafeguardingCase
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.cast import person
from tests.moderation.giving import engagement, rule, said
from tests.moderation.naming import deputy_of, guarded, lead_of

pytestmark = pytest.mark.django_db


def notes(case: SafeguardingCase) -> list[tuple[str, str]]:
    return [(note.kind, note.text) for note in case.notes.order_by("pk")]


def again(case: SafeguardingCase) -> SafeguardingCase:
    return SafeguardingCase.objects.get(pk=case.pk)


def state(row: Contribution) -> str:
    return Contribution.objects.get(pk=row.pk).state


# Raising -----------------------------------------------------------------------------------------


def test_saf_2_one_step_takes_the_words_out_of_sight(moderator: User, safeguarding_lead: User) -> None:
    row = said("Canary")
    case = actions.escalate(row, by=moderator)
    assert not Contribution.objects.held().exists()
    assert Check.objects.get().outcome == Check.Outcome.ESCALATED
    with pytest.raises(PermissionDenied):
        actions.view_case(case, by=moderator)
    assert [wording.text for wording in actions.view_case(case, by=safeguarding_lead)] == ["Canary"]
    assert notes(case) == [("raised", "")]


ROLES = ["editor", "board_member", "secretary", "analyst", "facilitator", "administrator"]


@pytest.mark.parametrize("cast", ROLES)
def test_saf_2_everyone_who_works_here_may_be_worried_about_what_they_can_read(
    cast: str, moderator: User, request: pytest.FixtureRequest
) -> None:
    user, shown, held = request.getfixturevalue(cast), said("Shown"), said("Held")
    actions.release(shown, by=moderator)
    case = actions.escalate(shown, by=user)
    assert (case.opened_by, state(shown)) == (user, State.ESCALATED)
    assert actions.escalate(shown, by=user) == case
    with pytest.raises(PermissionDenied):
        actions.escalate(held, by=user)
    assert state(held) == State.HELD


def test_saf_2_nobody_without_a_role_raises_one_by_press(signed_in_person: User, moderator: User) -> None:
    row = said()
    actions.release(row, by=moderator)
    with pytest.raises(PermissionDenied):
        actions.escalate(row, by=signed_in_person)
    assert state(row) == State.RELEASED


@pytest.mark.parametrize("before", ["released", "refused", "hidden"])
def test_saf_2_what_somebody_decided_a_moment_ago_stops_no_concern(before: str, moderator: User) -> None:
    row = said()
    Contribution.objects.filter(pk=row.pk).update(state=before)
    actions.escalate(row, by=moderator)
    assert state(row) == State.ESCALATED


def test_saf_2_taking_it_back_a_moment_before_stops_no_concern(
    moderator: User, safeguarding_lead: User
) -> None:
    row = said("Canary")
    withdraw(row.receipt)
    case = actions.escalate(row, by=moderator)
    assert state(row) == State.WITHDRAWN
    assert actions.view_case(case, by=safeguarding_lead)[0].text == "Canary"
    with pytest.raises(NotPossible):
        erase(row)


def test_saf_2_a_message_about_safety_is_a_case_at_once() -> None:
    where = guarded()
    row = said(where=where)
    told = actions.report("Canary", about="safety", contribution=row, key="one")
    case = SafeguardingCase.objects.get()
    assert (case.report, case.engagement, case.contribution) == (told, where, None)
    actions.report("Canary", about="safety", contribution=row, key="one")
    assert SafeguardingCase.objects.count() == 1
    assert state(row) == State.HELD  # nothing is hidden because somebody said so (SAF-4)


def test_saf_2_a_message_about_the_site_that_is_a_concern_is_passed_on(
    moderator: User, analyst: User
) -> None:
    told = actions.report("Canary", key="one")
    with pytest.raises(PermissionDenied):
        actions.escalate_report(told, by=analyst)
    case = actions.escalate_report(told, by=moderator)
    assert actions.escalate_report(told, by=moderator) == case
    told.refresh_from_db()
    assert told.about == Report.About.SAFETY


# Who sees it ---------------------------------------------------------------------------------------


def may_view(case: SafeguardingCase, user: User) -> bool:
    try:
        actions.view_case(case, by=user)
    except PermissionDenied:
        return False
    return True


def test_saf_2_only_lead_and_deputy_of_where_it_was_said(moderator: User, safeguarding_lead: User) -> None:
    here, there = guarded("here"), guarded("there")
    case = actions.escalate(said(where=here), by=moderator)
    assert may_view(case, lead_of(here))
    assert may_view(case, deputy_of(here))
    for other in (lead_of(there), deputy_of(there), safeguarding_lead, moderator):
        assert not may_view(case, other)
        assert not SafeguardingCase.objects.for_user(other).exists()
    root = User.objects.create_superuser("root@example.org", "a long password for tests")
    assert not may_view(case, root)


def test_saf_2_the_whole_role_where_nobody_is_named(moderator: User, safeguarding_lead: User) -> None:
    case = actions.escalate(said(where=engagement()), by=moderator)
    assert may_view(case, safeguarding_lead)
    assert not may_view(case, moderator)


def test_saf_2_the_whole_role_when_neither_of_those_named_can_open_it(
    moderator: User, safeguarding_lead: User
) -> None:
    where = guarded()
    case = actions.escalate(said(where=where), by=moderator)
    User.objects.filter(pk=where.safeguarding_lead_id).update(is_active=False)
    assert not may_view(case, safeguarding_lead)
    deputy_of(where).groups.clear()
    assert may_view(case, safeguarding_lead)
    assert not may_view(case, lead_of(where))
    assert not may_view(case, deputy_of(where))


def test_saf_2_naming_somebody_else_passes_the_case_on(moderator: User) -> None:
    where = guarded()
    before = lead_of(where)
    case = actions.escalate(said(where=where), by=moderator)
    where.safeguarding_lead = person("Nora", Role.SAFEGUARDING)
    where.save()
    assert may_view(case, where.safeguarding_lead)
    assert not may_view(case, before)


VERBS: list[Callable[[SafeguardingCase, User], object]] = [
    lambda case, by: actions.view_case(case, by=by),
    lambda case, by: actions.note_on_case(case, "A note", by=by),
    lambda case, by: actions.close_case(case, "Ended", by=by),
    lambda case, by: actions.reopen_case(case, "Again", by=by),
    lambda case, by: actions.take_out_of_sight(case, by=by),
]
CAST = [*ROLES, "moderator", "signed_in_person", "safeguarding_lead"]


@pytest.mark.parametrize("cast", CAST)
@pytest.mark.parametrize("is_open", [True, False])
def test_saf_2_nobody_who_is_not_named_does_anything_with_a_case(
    cast: str, is_open: bool, moderator: User, request: pytest.FixtureRequest
) -> None:
    where = guarded()
    case = actions.escalate(said(where=where), by=moderator)
    if not is_open:
        actions.close_case(case, "Ended", by=lead_of(where))
    before = (notes(case), again(case).closed_at)
    for verb in VERBS:
        with pytest.raises(PermissionDenied):
            verb(again(case), request.getfixturevalue(cast))
    assert (notes(case), again(case).closed_at) == before
    assert not LedgerEvent.objects.filter(verb="case.viewed").exists()


def test_saf_2_every_view_is_recorded_and_the_first_one_stops_the_alarm(moderator: User) -> None:
    where = guarded()
    case = actions.escalate(said(where=where), by=moderator)
    assert SafeguardingCase.objects.unseen().get() == case
    for user in (deputy_of(where), lead_of(where), lead_of(where)):
        actions.view_case(again(case), by=user)
    events = LedgerEvent.objects.filter(verb="case.viewed", subject=f"case:{case.pk}").order_by("pk")
    assert [event.actor for event in events] == [deputy_of(where), lead_of(where), lead_of(where)]
    assert again(case).looked_at == again(case).looked_at is not None
    assert not SafeguardingCase.objects.unseen().exists()


# What is kept --------------------------------------------------------------------------------------


@pytest.fixture
def frozen(moderator: User) -> SafeguardingCase:
    return actions.escalate(said("Canary", where=guarded()), by=moderator)


def test_saf_2_the_words_stay_as_they_were_when_the_concern_was_raised(frozen: SafeguardingCase) -> None:
    words = frozen.contribution
    add_wording(words, Wording.Kind.EDITED, "Never mind.", by=None)
    kept = actions.view_case(frozen, by=lead_of(frozen.engagement))
    assert [(wording.text, wording.pk == again(frozen).frozen_id) for wording in kept] == [
        ("Canary", True),
        ("Never mind.", False),
    ]


def test_saf_2_kept_whatever_is_taken_back_or_erased_until_the_case_is_closed(
    frozen: SafeguardingCase,
) -> None:
    words, lead = frozen.contribution, lead_of(frozen.engagement)
    assert withdraw(words.receipt) == 0
    assert take_back(words) is False
    with pytest.raises(NotPossible, match="until its case is closed"):
        erase(words)
    assert state(words) == State.ESCALATED
    assert actions.view_case(frozen, by=lead)[0].text == "Canary"
    for gone in (words, words.receipt, words.wordings.get(), again(frozen)):
        with pytest.raises(ProtectedError):
            gone.delete()
    actions.close_case(frozen, "Ended", by=lead)
    assert state(words) == State.WITHDRAWN  # as its author asked
    erase(words)
    assert [wording.text for wording in words.wordings.all()] == [""]


def test_saf_2_erased_only_once_the_case_is_closed_though_nobody_asked_for_it_back(
    frozen: SafeguardingCase,
) -> None:
    words = frozen.contribution
    actions.close_case(frozen, "Ended", by=lead_of(frozen.engagement))
    assert state(words) == State.ESCALATED
    erase(words)
    assert state(words) == State.WITHDRAWN


def test_saf_2_taken_back_after_the_case_is_closed_goes_at_once(frozen: SafeguardingCase) -> None:
    actions.close_case(frozen, "Ended", by=lead_of(frozen.engagement))
    assert withdraw(frozen.contribution.receipt) == 1
    assert state(frozen.contribution) == State.WITHDRAWN


def test_saf_2_words_that_a_message_is_about_are_kept_too(moderator: User) -> None:
    where = guarded()
    row = said("Canary", where=where)
    actions.release(row, by=moderator)
    actions.report("Help", about="safety", contribution=row, key="one")
    withdraw(row.receipt)
    assert state(row) == State.WITHDRAWN
    with pytest.raises(NotPossible):
        erase(row)
    actions.close_case(SafeguardingCase.objects.get(), "Ended", by=lead_of(where))
    erase(row)


def test_saf_2_what_was_done_is_a_row_each_and_only_grows(frozen: SafeguardingCase) -> None:
    lead = lead_of(frozen.engagement)
    for _turn in range(2):
        actions.note_on_case(frozen, " Rang the school. ", by=lead, kind=CaseNote.Kind.SPOKE)
    actions.note_on_case(frozen, "Told social work.", by=lead, kind=CaseNote.Kind.PASSED_ON)
    assert notes(frozen) == [
        ("raised", ""),
        ("spoke", "Rang the school."),
        ("passed-on", "Told social work."),
    ]
    note = frozen.notes.order_by("pk")[1]
    for change in ({"text": "Rang nobody."}, {"kind": "note"}, {"case_id": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CaseNote.objects.filter(pk=note.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        note.delete()
    deleted = User.objects.get(pk=lead.pk)
    frozen.engagement.safeguarding_lead = None
    frozen.engagement.save()
    deleted.delete()
    assert CaseNote.objects.get(pk=note.pk).by is None


@pytest.mark.parametrize("kind", ["closed", "reopened", "raised", "nonsense"])
def test_nobody_writes_by_hand_what_only_happens(frozen: SafeguardingCase, kind: str) -> None:
    with pytest.raises(NotPossible):
        actions.note_on_case(frozen, "Words", by=lead_of(frozen.engagement), kind=kind)


@pytest.mark.parametrize("verb", ["note_on_case", "close_case", "reopen_case"])
def test_nothing_is_written_down_without_words(frozen: SafeguardingCase, verb: str) -> None:
    lead = lead_of(frozen.engagement)
    if verb == "reopen_case":
        actions.close_case(frozen, "Ended", by=lead)
    before = notes(frozen)
    with pytest.raises(NotPossible):
        getattr(actions, verb)(frozen, "  ", by=lead)
    assert notes(frozen) == before


# How it ends ---------------------------------------------------------------------------------------


def test_saf_2_closed_once_with_its_outcome(frozen: SafeguardingCase) -> None:
    lead = lead_of(frozen.engagement)
    actions.close_case(frozen, "The school has it.", by=lead)
    actions.close_case(frozen, "Something else.", by=lead)
    case = again(frozen)
    assert (case.outcome, case.closed_by) == ("The school has it.", lead)
    assert notes(frozen)[1:] == [("closed", "The school has it.")]
    assert state(case.contribution) == State.ESCALATED


def test_saf_2_opened_again_with_the_reason_and_all_that_was_noted(frozen: SafeguardingCase) -> None:
    lead = lead_of(frozen.engagement)
    actions.close_case(frozen, "Over.", by=lead, back_to_queue=True)
    assert state(frozen.contribution) == State.HELD
    actions.reopen_case(frozen, "The school rang.", by=lead)
    actions.reopen_case(frozen, "The school rang.", by=lead)
    case = again(frozen)
    assert (case.closed_at, case.closed_by, case.outcome) == (None, None, "")
    assert notes(frozen)[1:] == [("closed", "Over."), ("reopened", "The school rang.")]
    assert state(frozen.contribution) == State.ESCALATED
    assert not SafeguardingCase.objects.unseen().exists()


def test_a_new_concern_opens_a_closed_case_again_and_the_alarm_with_it(
    frozen: SafeguardingCase, moderator: User
) -> None:
    lead = lead_of(frozen.engagement)
    actions.view_case(frozen, by=lead)
    actions.close_case(frozen, "A quotation.", by=lead, back_to_queue=True)
    assert Contribution.objects.held().get() == frozen.contribution
    case = actions.escalate(Contribution.objects.get(), by=moderator)
    assert (case.pk, case.is_open, case.looked_at) == (frozen.pk, True, None)
    assert notes(case)[1:] == [("closed", "A quotation."), ("reopened", "")]


def test_a_message_that_was_no_concern_goes_to_those_who_look_after_the_site(
    safeguarding_lead: User,
) -> None:
    told = actions.report("A link is broken.", about="safety", key="one")
    actions.close_case(told.case, "A link.", by=safeguarding_lead, back_to_queue=True)
    told.refresh_from_db()
    assert (told.about, told.handled_at) == (Report.About.SITE, None)
    actions.reopen_case(told.case, "It was more.", by=safeguarding_lead)
    told.refresh_from_db()
    assert told.about == Report.About.SAFETY


def test_saf_2_what_a_message_is_about_can_be_taken_out_of_sight(moderator: User) -> None:
    where = guarded()
    row = said("Canary", where=where)
    actions.release(row, by=moderator)
    case = actions.report("Help", about="safety", contribution=row, key="one").case
    for _turn in range(2):
        actions.take_out_of_sight(again(case), by=lead_of(where))
    assert state(row) == State.ESCALATED
    assert (again(case).contribution, again(case).frozen.text) == (row, "Canary")


def test_saf_2_words_that_have_a_case_of_their_own_are_raised_there(moderator: User) -> None:
    where = guarded()
    row = said("Canary", where=where)
    own = actions.escalate(row, by=moderator)
    actions.close_case(own, "Over.", by=lead_of(where), back_to_queue=True)
    case = actions.report("Help", about="safety", contribution=row, key="one").case
    actions.take_out_of_sight(case, by=lead_of(where))
    assert again(own).is_open
    assert again(case).contribution is None
    assert state(row) == State.ESCALATED


def test_a_case_about_nothing_written_takes_nothing_out_of_sight(safeguarding_lead: User) -> None:
    case = actions.report("Help", about="safety", key="one").case
    with pytest.raises(NotPossible):
        actions.take_out_of_sight(case, by=safeguarding_lead)


def test_a_case_is_about_something() -> None:
    from django.utils import timezone

    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        SafeguardingCase.objects.create(opened_at=now, raised_at=now)


def test_refusing_does_not_bring_back_what_was_passed_on(frozen: SafeguardingCase, moderator: User) -> None:
    for verb in (
        lambda row: actions.release(row, by=moderator),
        lambda row: actions.refuse(row, rule(), by=moderator),
    ):
        with pytest.raises(NotPossible):
            verb(Contribution.objects.get())
    assert state(frozen.contribution) == State.ESCALATED
