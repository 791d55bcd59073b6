"""The front page: what it shows, in which order, from where, and at what cost."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from collaborative.consultations.models import ConsultationIndexPage, ConsultationPage
from collaborative.outcomes.models import Seat
from home.front import days_left, first_sentence
from home.models import SiteSettings
from tests.changemakers.workshops import workshop
from tests.consultations import making
from tests.home import scene
from tests.outcomes import plan

pytestmark = pytest.mark.django_db


def consultation(slug: str, closes_in: int, **fields: object) -> ConsultationPage:
    """Open since three weeks, closing in that many days."""
    now = timezone.now()
    page = ConsultationPage(
        title=slug.capitalize(),
        slug=slug,
        live=False,
        summary=f"What about {slug}?",
        audience_text="Everyone",
        minutes=8,
        opens_at=now - timedelta(days=90),
        closes_at=now + timedelta(days=closes_in),
        can_change="a",
        cannot_change="b",
        who_decides="The board",
        decides_by=timezone.localdate() + timedelta(days=200),
        questions=[making.block("q1"), making.block("q2")],
        **fields,
    )
    ConsultationIndexPage.objects.get().add_child(instance=page)
    return scene.published(page)


def full_site() -> None:
    scene.two_versions()
    scene.changes_p1(scene.decision(1, why="Many said so. And more."))
    scene.decision(2, "not-adopted", answer_sentence="We will not do it.")
    scene.release(
        heard={
            "base": 90,
            "groups": [{"slug": "a", "name": "Adults", "n": 60}, {"slug": "b", "name": "B", "n": None}],
        },
        clause__P1={"base": 40, "groups": [], "decisions": []},
    )
    Seat.objects.create(kind="young-people", holder="Ann")
    Seat.objects.create(kind="young-people", holder="")
    Seat.objects.create(kind="chair", holder="Bea")
    consultation("later", 60)
    consultation("soon", 20)
    workshop("running", timezone.now() - timedelta(minutes=5))
    workshop("next", timezone.now() + timedelta(days=3))
    SiteSettings.objects.update_or_create(
        site_id=scene.home().sites_rooted_here.get().pk,
        defaults={
            "partnership": "Our partnership",
            "operator": "Run by us",
            "not_heard_enough": "Night workers.",
        },
    )


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2]).split())


def test_the_front_page_says_it_all_in_the_order_of_the_design(stranger: Client) -> None:
    full_site()
    text = words(scene.read(stranger))
    order = [
        *(
            "Say",
            "Soon",
            "Everyone",
            "About 8 minutes, 2 questions",
            "20 days left",
            "Start",
            "Read about it first",
        ),
        *("What changed", "added: and gladly", "Many said so. 40 responses raised it.", "We will not do it."),
        *("Reason 2 to not-adopted.", "Have you got a code?", "Live now, until", "Running", "Next"),
        *("Everyone can shape", "We plan together", "1 outcome and 2 principles", "Version 2, approved on"),
        *(
            "2 of 3 filled",
            "Young people: 1 of 2",
            "2, each with its reason",
            "90 responses",
            "Adults 60 of 90",
        ),
        *("B hidden", "Night workers."),
    ]
    places, at = [], 0
    for part in order[1:]:
        at = text.find(part, at)
        places.append((part, at))
    assert all(place >= 0 for _part, place in places), [part for part, place in places if place < 0]
    assert "Later" not in text, "only the one that closes soonest"


def test_names_come_from_the_settings_of_the_site(stranger: Client) -> None:
    full_site()
    html = scene.read(stranger)
    assert "Our partnership" in html and "Run by us" in html


def test_start_leads_to_the_questions(stranger: Client) -> None:
    full_site()
    assert 'href="/consultations/soon/respond/"' in scene.read(stranger)


def test_a_spelling_is_not_a_change_because_people_spoke_up(stranger: Client) -> None:
    full_site()
    assert "all the way!" not in scene.read(stranger)


def test_an_empty_site_is_kind(stranger: Client) -> None:
    scene.home()
    text = words(scene.read(stranger))
    for kind in (
        *("Nothing is open today", "Once the board has answered", "The next workshop appears here"),
        *(
            "The first version of our plan",
            "Who sits on the board stands here",
            "Once answers have been read",
        ),
    ):
        assert kind in text, kind


def test_a_database_with_nothing_but_wagtails_own_page_is_kind_too(stranger: Client) -> None:
    assert "This site is being set up" in scene.read(stranger)


def test_the_front_page_costs_at_most_fifteen_queries(
    stranger: Client, django_assert_max_num_queries: Callable
) -> None:
    full_site()
    scene.read(stranger)  # where the site is rooted is remembered between requests
    with django_assert_max_num_queries(15):
        assert "Many said so." in stranger.get("/?past=the-cache").content.decode()


def test_a_private_or_unpublished_consultation_is_not_announced(stranger: Client) -> None:
    scene.home()
    scene.private(consultation("secret", 10))
    hidden = consultation("gone", 11)
    hidden.unpublish()
    text = scene.read(stranger)
    assert "Secret" not in text and "Gone" not in text and "Nothing is open today" in text


def test_codes_are_asked_for_by_post_without_a_cookie(stranger: Client) -> None:
    scene.home()
    response = stranger.get("/")
    html = response.content.decode()
    form = re.search(r'<form action="/receipt/"([^>]*)>(.*?)</form>', html, re.S)
    assert form and 'method="post"' in form[1] and 'name="code"' in form[2]
    assert not response.cookies and "csrfmiddlewaretoken" not in html


def test_a_code_typed_at_home_is_answered_and_not_lost(stranger: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/receipt/", {"code": "MOSS-4TC9-7W"})
    # Only receipts open without a token; any other code stays in its field for one more press.
    assert response.status_code == 200
    assert "MOSS-4TC9-7W" in response.content.decode()
    assert "press Go once more" in response.content.decode()


@pytest.mark.parametrize(("days", "said"), [(0, "closes today at"), (1, "1 day left"), (63, "63 days left")])
def test_kc_13_time_left_is_in_days(days: int, said: str) -> None:
    now = timezone.localtime(timezone.now()).replace(hour=9)
    assert said in days_left(now + timedelta(days=days, hours=1), now)


def test_the_reason_is_cut_at_its_first_sentence() -> None:
    assert first_sentence(" One is 1.5 long. Two. ") == "One is 1.5 long."
    assert first_sentence("") == ""


def test_what_is_shown_as_it_is_now_still_stands(stranger: Client) -> None:
    page = scene.two_versions()
    changed = scene.decision(1)
    scene.changes_p1(changed)
    assert f": {changed.title}" in scene.read(stranger)

    other = plan.changed(plan.stored(page), "P1", statement="Quite other words.", reason="Anew.")
    plan.publish(page, other)
    assert f": {changed.title}" not in scene.read(stranger)
