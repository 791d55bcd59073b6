"""A workshop is published whole or not at all."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from collaborative.changemakers.models import SessionPage
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from tests.changemakers.workshops import draft, index, publish, someone, stages, workshop

pytestmark = pytest.mark.django_db


def test_publication_makes_the_engagement_with_its_terms() -> None:
    page = workshop()
    engagement = Engagement.objects.get(page=page.pk)
    assert engagement.kind == "session" and engagement.slug == "meeting"
    assert (engagement.opens_at, engagement.who_decides) == (page.opens_at, "The board")


def test_par_1_is_refused_without_who_decides() -> None:
    with pytest.raises(Refused, match="who decides"):
        publish(draft(who_decides=""))
    assert not Engagement.objects.exists()
    assert not SessionPage.objects.live().exists()


def test_parts_longer_than_the_workshop_are_refused() -> None:
    with pytest.raises(Refused, match="61 minutes"):
        publish(draft(stages=stages(30, 31)))
    assert not Engagement.objects.exists(), "the terms go back with the page"


def test_parts_that_leave_time_over_are_fine() -> None:
    assert workshop(stages=stages(10)).live


def test_saf_1_under_18s_need_a_named_lead_and_the_lundy_check() -> None:
    page = draft(invites_under_18=True, safeguarding_lead=someone("Gregor"))
    with pytest.raises(Refused, match="deputy"):
        publish(page)


def test_the_editor_is_told_at_the_stages(client_for, editor) -> None:
    page = draft(stages=stages(10))
    response = client_for(editor).post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form(page, 90))
    assert "lasts 60" in response.content.decode()
    assert not SessionPage.objects.live().exists()


def test_the_editor_sees_all_that_still_stops_it_with_the_parts(client_for, editor) -> None:
    page = draft(stages=stages(30, 31), who_decides="")
    shown = client_for(editor).get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "2 things still stop this from opening." in shown
    missing = [gate.message for rule in page.checklist() for gate in rule.gates]
    assert missing[0] == "Say who decides." and "61 minutes" in missing[1]
    with pytest.raises(Refused) as refusal:
        publish(page)
    assert refusal.value.messages == missing


def form(page: SessionPage, minutes: int) -> dict[str, str]:
    """What the editor posts to publish it with one part of that many minutes."""
    local = timezone.localtime(page.opens_at)
    part = {"value-minutes": str(minutes), "value-title": "Talk", "value-text": "", "value-kind": "talk"}
    part |= {"value-columns-count": "0", "value-poll-kind": "one", "value-poll-options-count": "0"}
    part |= {"value-poll-budget": "", "value-breakouts-how": "assigned", "value-breakouts-number": "4"}
    part |= {"value-breakouts-most": "", "value-breakouts-groups-count": "0"}
    data = {
        "title": page.title,
        "slug": page.slug,
        "opens_at": local.strftime("%Y-%m-%d %H:%M"),
        "closes_at": (local + timedelta(minutes=60)).strftime("%Y-%m-%d %H:%M"),
        "place": "Hall",
        "about": '{"blocks": [], "entityMap": {}}',
        "can_change": "the day",
        "cannot_change": "the money",
        "who_decides": "The board",
        "decides_by": "2100-01-01",
        "moderation": "everyone",
        "lawful_basis": "public-task",
        "group_seats-count": "0",
        "stages-count": "1",
        "stages-0-deleted": "",
        "stages-0-order": "0",
        "stages-0-type": "stage",
        "stages-0-id": "",
        "action-publish": "1",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
    }
    return data | {f"stages-0-{name}": value for name, value in part.items()}


def test_the_editor_can_publish_what_fits(client_for, editor) -> None:
    page = draft(stages=stages(10))
    response = client_for(editor).post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form(page, 60))
    assert response.status_code == 302, response.content.decode()[:3000]
    assert SessionPage.objects.live().exists()


def test_a_station_that_is_not_there_is_a_helpful_404_and_the_others_lead_on(stranger: Client) -> None:
    workshop()
    for station in ("live", "projector", "facilitate", "write-up"):
        response = stranger.get(f"/changemakers/meeting/{station}/", follow=True)
        if response.redirect_chain:
            assert response.redirect_chain[0][0].startswith(("/changemakers/meeting/", "/accounts/login/"))
            assert response.status_code == 200
        else:
            assert response.status_code == 404
            assert "We cannot find this page" in response.content.decode()


def test_the_empty_list_says_what_will_stand_there(stranger: Client) -> None:
    index()
    text = stranger.get("/changemakers/").content.decode()
    assert "The next workshop appears here" in text
