"""Campaigns: found in the background, decided by a person, undone by a person."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collaborative.analysis import campaigns
from collaborative.analysis.models import (
    Campaign,
    CampaignMember,
    CampaignSearch,
    CampaignSuggestion,
    TextMark,
)
from collaborative.contributions.actions import NotPossible, exclude, withdraw
from collaborative.contributions.models import Contribution, LedgerEvent
from collaborative.engagements.models import Engagement
from collaborative.moderation.actions import escalate
from collaborative.people.models import User
from tests.analysis.sorting import released
from tests.analysis.test_likeness import LETTER
from tests.moderation.giving import said

pytestmark = pytest.mark.django_db
Open = Callable[[User], Client]


@pytest.fixture
def sent(db: None) -> list[Contribution]:
    """The letter four times, twice with something changed, and something else."""
    rows = [released(LETTER) for _n in range(4)]
    rows += [released(LETTER.replace("three", "nine")), released(f"{LETTER} Canaryword says so too.")]
    return [
        *rows,
        released("Something else altogether, which is long enough to be compared with the others."),
    ]


def found(by: User, place: Engagement, committed: Any) -> CampaignSuggestion:
    with committed(execute=True):
        campaigns.look(place, by=by)
    return CampaignSuggestion.objects.get(state="open")


def test_ana_3_a_search_suggests_and_counts_nothing(
    analyst: User, sent: list[Contribution], django_capture_on_commit_callbacks: Any
) -> None:
    said(LETTER)  # waits to be checked
    row = found(analyst, sent[0].engagement, django_capture_on_commit_callbacks)
    assert (row.identical, row.varied, row.leader) == (4, 2, sent[0].receipt)
    assert not Campaign.objects.exists()
    search = CampaignSearch.objects.get()
    assert search.finished_at and search.done == search.total == 7
    assert not TextMark.objects.exists()  # nothing about what somebody wrote is left


def test_a_search_goes_on_after_a_stop_and_two_at_once_are_one(
    analyst: User, sent: list[Contribution], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaigns, "AT_ONCE", 2)
    search = campaigns.look(sent[0].engagement, by=analyst)
    assert campaigns.look(sent[0].engagement, by=analyst) == search
    assert campaigns._read_some(search.pk) and TextMark.objects.count() == 2
    assert campaigns.go_on() == 0  # somebody is at it
    assert campaigns.go_on(timezone.now() + timedelta(hours=1)) == 1
    assert CampaignSuggestion.objects.get().identical == 4
    campaigns.work.func(search.pk)  # a second worker that comes late
    assert CampaignSuggestion.objects.count() == 1


def test_ana_3_a_person_confirms_and_may_undo(
    analyst: User, sent: list[Contribution], django_capture_on_commit_callbacks: Any
) -> None:
    row = found(analyst, sent[0].engagement, django_capture_on_commit_callbacks)
    withdraw(sent[1].receipt)
    exclude(sent[4].receipt, "test", by=analyst)
    with pytest.raises(NotPossible, match="name"):
        campaigns.confirm(row, "  ", by=analyst)
    made = campaigns.confirm(row, "Small Hosts", by=analyst)
    assert campaigns.confirm(row, "Small Hosts", by=analyst) == made
    assert dict(CampaignMember.objects.values_list("receipt", "varied")) == {
        sent[0].receipt_id: False,
        sent[2].receipt_id: False,
        sent[3].receipt_id: False,
        sent[5].receipt_id: True,
    }
    for _press in range(2):
        campaigns.undo(made, by=analyst)
    assert not Campaign.objects.exists() and not CampaignMember.objects.exists()
    assert CampaignSuggestion.objects.get().state == "open"
    told = LedgerEvent.objects.filter(verb__in=["campaign.confirmed", "campaign.undone"]).order_by("pk")
    assert [(one.verb, one.data["identical"]) for one in told] == [
        ("campaign.confirmed", 3),
        ("campaign.undone", 3),
    ]


def test_what_was_dismissed_is_not_suggested_again_nor_what_is_a_campaign(
    analyst: User, sent: list[Contribution], django_capture_on_commit_callbacks: Any
) -> None:
    place = sent[0].engagement
    row = found(analyst, place, django_capture_on_commit_callbacks)
    campaigns.dismiss(row, by=analyst)
    late = released(LETTER)

    def looked() -> list[int]:
        with django_capture_on_commit_callbacks(execute=True):
            campaigns.look(place, by=analyst)
        return list(CampaignSuggestion.objects.filter(state="open").values_list("leader", flat=True))

    assert looked() == []
    campaigns.confirm(row, "Small Hosts", by=analyst)  # somebody thinks again
    assert looked() == []
    released(LETTER), released(LETTER)
    assert looked() == [late.receipt_id]  # three more, which are in no campaign yet


def test_nobody_but_an_analyst_decides(sent: list[Contribution], editor: User, moderator: User) -> None:
    row = CampaignSuggestion.objects.create(
        engagement=sent[0].engagement,
        leader=sent[0].receipt,
        identical=4,
        varied=2,
        found_at=timezone.now(),
    )
    for user in (editor, moderator):
        for verb in (
            lambda: campaigns.look(row.engagement, by=user),  # noqa: B023
            lambda: campaigns.confirm(row, "A name", by=user),  # noqa: B023
            lambda: campaigns.dismiss(row, by=user),  # noqa: B023
        ):
            with pytest.raises(PermissionDenied):
                verb()


# Screens ----------------------------------------------------------------------------------------


def test_ana_3_the_screens_show_what_was_changed_and_decide(
    analyst: User, client_for: Open, sent: list[Contribution]
) -> None:
    client = client_for(analyst)
    list_of_all = reverse("analysis_campaigns")
    assert "Choose where to look." in client.post(reverse("analysis_look"), {}, follow=True).content.decode()
    search = campaigns.look(sent[0].engagement, by=analyst)
    assert "0 of 7 read" in client.get(list_of_all).content.decode()
    campaigns.work.func(search.pk)
    row = CampaignSuggestion.objects.get()
    address = reverse("analysis_suggestion", args=[row.pk])
    assert address in client.get(list_of_all).content.decode()
    text = client.get(address).content.decode()
    assert "4 responses word for word" in text and "2 changed" in text
    assert (
        "added: </span>" in text and "Canaryword" in text and "nine</ins>" in text and "three</del>" in text
    )
    refused = client.post(address, {"do": "confirm", "name": ""})
    assert refused.status_code == 422 and "Give the campaign a name." in refused.content.decode()
    confirmed = client.post(address, {"do": "confirm", "name": "Small Hosts"}, follow=True).content.decode()
    assert "4 responses word for word, counted once" in confirmed and "nine</ins>" in confirmed
    undone = client.post(reverse("analysis_campaign", args=[Campaign.objects.get().pk]), follow=True)
    assert "each of them counts by itself" in undone.content.decode()
    client.post(address, {"do": "dismiss"})
    assert CampaignSuggestion.objects.get().state == "dismissed"


def test_saf_2_words_that_were_passed_on_leave_the_screens(
    analyst: User, moderator: User, client_for: Open, sent: list[Contribution]
) -> None:
    search = campaigns.look(sent[0].engagement, by=analyst)
    campaigns.work.func(search.pk)
    escalate(sent[5], by=moderator)
    address = reverse("analysis_suggestion", args=[CampaignSuggestion.objects.get().pk])
    assert "Canaryword" not in client_for(analyst).get(address).content.decode()


def test_the_screen_costs_the_same_whatever_was_found(
    analyst: User, client_for: Open, sent: list[Contribution]
) -> None:
    search = campaigns.look(sent[0].engagement, by=analyst)
    campaigns.work.func(search.pk)
    client = client_for(analyst)
    address = reverse("analysis_suggestion", args=[CampaignSuggestion.objects.get().pk])
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for n in range(8):
        released(f"{LETTER} And {n} more.")
    CampaignSearch.objects.all().delete()
    search = campaigns.look(sent[0].engagement, by=analyst)
    campaigns.work.func(search.pk)
    address = reverse("analysis_suggestion", args=[CampaignSuggestion.objects.get().pk])
    with CaptureQueriesContext(connection) as many:
        assert "10 changed" in client.get(address).content.decode()
    assert len(many) <= len(few)
