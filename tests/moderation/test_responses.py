"""The publishing queue: a whole response at one press; words that count though nobody reads them (RIF-6)."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from collaborative.analysis.actions import apply_theme
from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Contribution, LedgerEvent, Receipt
from collaborative.moderation import actions
from collaborative.moderation.models import Check
from collaborative.people.models import User
from tests.analysis.sorting import theme
from tests.moderation.giving import receipt, rule, said

pytestmark = pytest.mark.django_db
Open = Callable[[User], Client]
WHY = "It says who somebody is, all the way through."


def public() -> set[str]:
    return set(Contribution.objects.public().values_list("reference", flat=True))


# Withholding -----------------------------------------------------------------------------------------


def test_rif_6_what_is_withheld_is_sorted_and_counted_and_on_no_page(moderator: User, analyst: User) -> None:
    row = said("Canary.")
    for _press in range(2):
        actions.withhold(row, WHY, by=moderator)
    row.refresh_from_db()
    assert (row.state, row.withheld) == ("released", True) and row.read_at is not None
    assert public() == set()
    assert row in Contribution.objects.analysable()
    assert row.receipt in Receipt.objects.analysed()
    apply_theme(row.wordings.get(), 0, 6, theme(analyst), by=analyst, key="k")
    (check,) = Check.objects.all()
    assert (check.outcome, check.reason, check.by) == ("withheld", WHY, moderator)
    assert LedgerEvent.objects.filter(verb="contribution.withheld").count() == 1


def test_rif_6_it_may_be_let_onto_the_page_and_kept_off_again(moderator: User) -> None:
    row = said("Canary.")
    actions.release(row, by=moderator)
    assert public() == {row.reference}
    actions.withhold(row, WHY, by=moderator)
    assert public() == set()
    actions.decide(Contribution.objects.get(pk=row.pk), rule=None, by=moderator)
    assert public() == {row.reference}
    assert LedgerEvent.objects.filter(verb="contribution.published").count() == 1


def test_a_reason_is_asked_for_and_a_comment_is_shown_or_refused(moderator: User, editor: User) -> None:
    row = said("Canary.")
    with pytest.raises(NotPossible, match="why"):
        actions.withhold(row, "  ", by=moderator)
    with pytest.raises(PermissionDenied):
        actions.withhold(row, WHY, by=editor)
    Contribution.objects.filter(pk=row.pk).update(kind="comment")
    with pytest.raises(NotPossible, match="comment"):
        actions.withhold(Contribution.objects.get(pk=row.pk), WHY, by=moderator)
    assert not Contribution.objects.filter(withheld=True).exists()


def test_kc_6_the_author_may_ask_for_a_second_person_who_lets_it_onto_the_page(moderator: User) -> None:
    from collaborative.people.roles import Role
    from tests.cast import person

    row = said("Canary.")
    actions.withhold(row, WHY, by=moderator)
    row = Contribution.objects.get(pk=row.pk)
    actions.ask_again(row)
    with pytest.raises(NotPossible):
        actions.put_words_back(row, by=moderator)
    actions.put_words_back(row, by=person("Second", Role.MODERATORS))
    assert public() == {row.reference}
    assert row.wordings.count() == 1  # no words were taken out, so none are put back


def test_undo_puts_it_back_as_it_waited(moderator: User) -> None:
    rows = [said("One."), said("Two.")]
    found = actions.decide_together([row.reference for row in rows], rule=None, by=moderator, withhold=WHY)
    assert Contribution.objects.filter(withheld=True, state="released").count() == 2
    assert found.batch is not None
    actions.undo(found.batch, by=moderator)
    assert Contribution.objects.filter(state="held").count() == 2
    actions.release(Contribution.objects.get(pk=rows[0].pk), by=moderator)
    assert public() == {rows[0].reference}


# The whole response ------------------------------------------------------------------------------------


def test_rif_6_a_response_is_read_whole_and_published_at_one_press(moderator: User, client_for: Open) -> None:
    first, second = receipt("First canary.", "Second canary."), receipt("Another.")
    client = client_for(moderator)
    address = reverse("moderation_response", args=[first.pk])
    text = client.get(address).content.decode()
    assert "First canary." in text and "Second canary." in text and "Another." not in text
    assert text.count("checked>") == 2 and "2 responses here wait." in text
    onward = reverse("moderation_response", args=[second.pk])
    assert f'href="{onward}"' in text
    references = list(first.contributions.values_list("reference", flat=True))
    data = {"ref": references, "outcome": "release", "next": onward}
    answer = client.post(reverse("moderation_together"), data, follow=True)
    assert answer.redirect_chain[-1][0] == onward and "2 things are released." in answer.content.decode()
    assert public() == set(references)
    back = client.get(address).content.decode()
    assert "anew" in back and "checked>" not in back


@pytest.mark.parametrize("reason, done", [("", False), (WHY, True)])
def test_rif_6_many_are_kept_off_the_page_with_one_reason(
    moderator: User, client_for: Open, reason: str, done: bool
) -> None:
    given = receipt("First canary.", "Second canary.")
    references = list(given.contributions.values_list("reference", flat=True))
    data = {"ref": references, "outcome": "withhold", "reason": reason}
    text = client_for(moderator).post(reverse("moderation_together"), data, follow=True).content.decode()
    assert ("2 things are kept off the page." in text) == done
    assert ("Say why they are kept off the page." in text) != done
    assert Contribution.objects.filter(withheld=True).count() == (2 if done else 0)


def test_one_answer_is_withheld_from_its_own_page_with_its_reason(moderator: User, client_for: Open) -> None:
    row, client = said("Canary."), client_for(moderator)
    address = reverse("moderation_check", args=[row.reference])
    refused = client.post(address, {"outcome": "withhold", "reason": ""})
    assert "Say why it is kept off the page." in refused.content.decode()
    client.post(address, {"outcome": "withhold", "reason": WHY, "seen": "held"})
    assert Contribution.objects.get(pk=row.pk).withheld
    again = client.get(address).content.decode()
    assert "Let it onto the page" in again
    client.post(address, {"outcome": "release", "seen": "released"})
    assert public() == {row.reference}


def test_saf_2_what_was_passed_on_or_taken_back_is_not_on_it(moderator: User, client_for: Open) -> None:
    given = receipt("Stays.", "Canary.")
    stays, gone = given.contributions.order_by("pk")
    actions.escalate(gone, by=moderator)
    client, address = client_for(moderator), reverse("moderation_response", args=[given.pk])
    text = client.get(address).content.decode()
    assert "Stays." in text and "Canary." not in text and gone.reference not in text
    actions.escalate(stays, by=moderator)
    assert client.get(address).status_code == 302


def test_the_queue_is_narrowed_to_one_question(moderator: User, client_for: Open) -> None:
    receipt("Of the first.", key="q1")
    receipt("Of the second.", key="q2")
    client = client_for(moderator)
    page = client.get("/admin/waiting/", {"engagement": "starting-early"}).content.decode()
    assert "All questions" in page and 'value="q2"' in page
    text = client.get("/admin/waiting/", {"engagement": "starting-early", "question": "q2"}).content.decode()
    assert "Of the second." in text and "Of the first." not in text
    assert "question=q2" in text


def test_the_page_costs_the_same_whatever_waits(moderator: User, client_for: Open) -> None:
    given, client = receipt("One."), client_for(moderator)
    address = reverse("moderation_response", args=[given.pk])
    receipt("Another.")
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _n in range(4):
        receipt("More.", "And more.")
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) <= len(few)


def test_refusing_and_withholding_are_two_things(moderator: User) -> None:
    row = said("Canary.")
    actions.withhold(row, WHY, by=moderator)
    actions.refuse(Contribution.objects.get(pk=row.pk), rule(), by=moderator)
    row.refresh_from_db()
    assert (row.state, row.withheld) == ("refused", False)
    actions.release(row, by=moderator)
    assert public() == {row.reference}
