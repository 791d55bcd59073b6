"""The staff screens: what each may see and press, and that nothing private stands on them."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from collaborative.analysis.models import Coding, Theme
from collaborative.changemakers.clusters.actions import confirm_theme
from collaborative.changemakers.models import Cluster
from collaborative.engagements.models import Engagement
from collaborative.moderation import actions as moderation
from collaborative.outcomes.models import Proposal
from collaborative.people.models import StakeholderGroup, User
from tests.changemakers.boarding import board, said
from tests.changemakers.clusters.grouping import deciding, group, held_in, idea

pytestmark = pytest.mark.django_db
Opens = Callable[[User], Client]


@pytest.fixture
def late() -> Cluster:
    return group(board(), "By then it was too late", "After the forms.", "Two winters.")[0]


@pytest.fixture
def topic(analyst: User) -> Theme:
    return deciding.theme("T2", "Too late, too rushed")


def screen_of(cluster: Cluster) -> str:
    return reverse("note_groups_of", args=[cluster.stage.engagement_id])


def shown(browser: Client, cluster: Cluster) -> str:
    return browser.get(screen_of(cluster)).content.decode()


def test_an_analyst_confirms_what_is_suggested_and_undoes_it(
    late: Cluster, topic: Theme, analyst: User, client_for: Opens
) -> None:
    browser = client_for(analyst)
    text = shown(browser, late)
    assert "Could it be…" in text and "same word: late" in text
    assert not Coding.objects.exists()  # a suggestion does nothing by itself
    sent = browser.post(screen_of(late), {"group": late.pk, "theme": "T2"})
    assert sent["Location"].endswith(f"#group-{late.pk}")
    assert Coding.objects.live().count() == 2
    text = shown(browser, late)
    assert "Confirmed by" in text and "Could it be…" not in text
    browser.post(screen_of(late), {"group": late.pk, "undo": late.themes.get().pk})
    assert not Coding.objects.live().exists()


def test_without_a_topic_it_says_so_beside_the_field(
    late: Cluster, topic: Theme, analyst: User, client_for: Opens
) -> None:
    sent = client_for(analyst).post(screen_of(late), {"group": late.pk, "theme": ""})
    assert sent.status_code == 422
    assert f'id="topic-{late.pk}-error"' in sent.content.decode()
    assert f'aria-describedby="topic-{late.pk}-error"' in sent.content.decode()


def test_a_new_topic_begins_with_the_name_of_the_group_and_leads_back(
    late: Cluster, analyst: User, client_for: Opens
) -> None:
    browser = client_for(analyst)
    address = f"{reverse('analysis_new_topic')}?label=By+then&next={screen_of(late)}%23group-{late.pk}"
    assert 'value="By then"' in browser.get(address).content.decode()
    words = {"definition": "a", "includes": "b", "excludes": "c", "example": "d"}
    sent = browser.post(address, {"code": "T13", "label": "By then", **words})
    assert sent["Location"] == f"{screen_of(late)}#group-{late.pk}"
    away = browser.post(
        f"{reverse('analysis_new_topic')}?next=//evil.example/admin/", {"code": "T14", "label": "B", **words}
    )
    assert away["Location"] == reverse("analysis_topic", args=["T14"])


def test_who_runs_the_workshop_and_editors_see_it_and_cannot_sort(
    late: Cluster, topic: Theme, facilitator: User, editor: User, client_for: Opens
) -> None:
    for person in (facilitator, editor):
        browser = client_for(person)
        text = shown(browser, late)
        assert "After the forms." in text and "Make an idea of it" in text
        assert "Sort all of it under" not in text
        assert browser.post(screen_of(late), {"group": late.pk, "theme": "T2"}).status_code in (302, 403)
        assert not Coding.objects.exists()


def test_an_idea_is_written_kept_and_put_forward(late: Cluster, facilitator: User, client_for: Opens) -> None:
    browser = client_for(facilitator)
    address = reverse("note_idea_new", args=[late.stage.engagement_id]) + f"?group={late.pk}"
    form = browser.get(address).context["form"]
    assert form["groups"].initial == [late.pk]
    fields = {"key": form["key"].initial, "groups": [late.pk], "answer_by": "2100-01-01"}
    wrong = browser.post(address, {**fields, "title": "What if sooner?", "words": "", "who_decides": "Us"})
    assert wrong.status_code == 422
    assert "What if sooner?" in wrong.content.decode()  # nothing typed is lost
    assert not Proposal.objects.exists()
    whole = {**fields, "title": "What if sooner?", "words": "In P7.", "who_decides": "Us"}
    for _twice in range(2):
        browser.post(address, whole)
    row = Proposal.objects.get()
    assert row.is_draft
    own = reverse("note_idea", args=[row.pk])
    browser.post(own, {**whole, "do": "keep", "title": "What if in P7?"})
    browser.post(own, {"do": "put-forward"})
    row.refresh_from_db()
    assert (row.title, row.is_draft) == ("What if in P7?", False)
    sent = browser.post(own, {**whole, "do": "keep", "title": "Other"}, follow=True)
    assert "its words stand" in sent.content.decode()
    assert "Put forward by" in browser.get(own).content.decode()


def test_named_on_the_page_is_enough_to_open_it(late: Cluster, client_for: Opens, secretary: User) -> None:
    browser = client_for(secretary)
    assert browser.get(screen_of(late)).status_code in (302, 403)
    page = Engagement.objects.get(stages=late.stage).page.specific
    page.facilitator = secretary
    page.save()
    assert "Make an idea of it" in shown(browser, late)


def test_canary_what_waits_was_passed_on_or_may_not_be_read_stands_on_no_screen(
    late: Cluster, topic: Theme, analyst: User, facilitator: User, editor: User, client_for: Opens
) -> None:
    held_in(late, "wqzzkheld waits.")
    moderation.escalate(said(held_in(late, "wqzzkworry is with safety.")), by=facilitator)
    small = StakeholderGroup.objects.create(slug="small", name="Wqzzk few people")
    secret = held_in(late, "wqzzksecret is not for publishing.", permission="not-published", group=small)
    moderation.release(said(secret), by=facilitator)
    confirm_theme(late, topic, by=analyst)
    row = idea(late, facilitator)
    for person in (analyst, facilitator, editor):
        browser = client_for(person)
        text = shown(browser, late)
        if person != analyst:
            text += browser.get(reverse("note_idea", args=[row.pk])).content.decode()
        text += browser.get(reverse("note_groups")).content.decode()
        for word in ("wqzzkheld", "wqzzkworry", "Wqzzk few"):
            assert word not in text, (person, word)
        assert ("wqzzksecret" in text) == (person == analyst)
        assert "more that may not be read here" in text
    assert "wqzzk" not in Client().get(row.engagement.page.url).content.decode().lower()


def test_a_full_board_costs_what_a_small_one_does(
    late: Cluster, topic: Theme, analyst: User, client_for: Opens
) -> None:
    browser = client_for(analyst)
    browser.get(screen_of(late))
    with CaptureQueriesContext(connection) as few:
        browser.get(screen_of(late))
    for n in range(6):
        more, _notes = group(late.stage, f"Group called {n}", *(f"Thing {n}.{m}" for m in range(4)))
        confirm_theme(more, topic, by=analyst)
        idea(more, deciding.person(f"Femi{n}", deciding.Role.FACILITATORS), key=f"k{n}")
    with CaptureQueriesContext(connection) as many:
        browser.get(screen_of(late))
    assert len(many) <= len(few) + 1  # one for the answers, where there are ideas
