"""Standing pages, news, who sits at the table, the feed, and what robots read."""

from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from collaborative.flow.actions import cut_release
from collaborative.outcomes.models import Seat
from home.front import membership
from home.models import SiteSettings
from tests.changemakers.workshops import workshop
from tests.home import scene

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def test_every_link_in_the_foot_leads_somewhere(stranger: Client) -> None:
    scene.home()
    cut_release()
    for address in ("/accessibility/", "/privacy/", "/house-rules/", "/flow/data.csv", "/help/", "/about/"):
        assert stranger.get(address).status_code == 200, address


def test_the_breadcrumbs_follow_the_tree(stranger: Client) -> None:
    above = scene.standard("above", "Stands above")
    scene.standard("below", "Stands below", under=above)
    html = scene.read(stranger, "/above/below/")
    assert '<a class="ds_breadcrumbs__link" href="/above/">Stands above</a>' in html
    assert 'aria-current="page">Stands below</li>' in html
    assert 'href="/above/below/">Stands below</a>' in scene.read(stranger, "/above/")


def test_the_edition_for_young_people_is_linked(stranger: Client) -> None:
    scene.home()
    scene.standard("privacy-young", "For young people")
    assert 'href="/privacy-young/">For young people</a>' in scene.read(stranger, "/privacy/")


def test_rif_1_what_a_notice_said_before_is_linked_from_it(stranger: Client) -> None:
    scene.home()
    scene.standard("privacy-1", "Privacy, version 1")
    scene.standard("privacy-and-more", "Not a version of it")
    html = scene.read(stranger, "/privacy/")
    assert 'href="/privacy-1/">Privacy, version 1</a>' in html and "Not a version of it" not in html


def test_headings_and_text_are_shown_and_scripts_are_not(stranger: Client) -> None:
    body = [("heading", "A <b>heading</b>"), ("paragraph", "<p>Words <b>in bold</b></p>")]
    page = scene.standard("words", body=body)
    assert page.live
    html = scene.read(stranger, "/words/")
    assert "<h2>A &lt;b&gt;heading&lt;/b&gt;</h2>" in html and "<b>in bold</b>" in html


def test_col_1_a_kind_of_seat_with_nobody_in_it_is_a_warning(stranger: Client) -> None:
    scene.home()
    for kind in Seat.Kind.values:
        Seat.objects.create(
            kind=kind, holder="" if kind == "employers" else f"Holder of {kind}", body="A body"
        )
    html = scene.read(stranger, "/about/")
    assert "Nobody sits on the board now for: Employers." in html
    assert "Holder of young-people" in html and "6 of 7 seats are filled." in html


def test_col_1_no_seat_at_all_for_a_kind_of_people_is_a_warning_too() -> None:
    Seat.objects.create(kind="chair", holder="Bea")
    assert set(membership()["nobody"]) == {kind.label for kind in Seat.Kind if kind != Seat.Kind.CHAIR}


def test_col_1_one_empty_seat_of_two_is_named(stranger: Client) -> None:
    scene.home()
    for kind in Seat.Kind.values:
        Seat.objects.create(kind=kind, holder="Somebody")
    Seat.objects.create(kind="young-people", holder=" ")
    html = scene.read(stranger, "/about/")
    assert "Empty now: Young people: 1 of 2." in html and "Nobody sits" not in html


def test_news_is_newest_first_and_drafts_stay_in(stranger: Client) -> None:
    scene.news("older", 9)
    scene.news("newer", 2)
    scene.news("taken-down", 1).unpublish()
    html = scene.read(stranger, "/news/")
    assert html.index("Newer") < html.index("Older") and "Taken-down" not in html
    assert '<a class="ds_breadcrumbs__link" href="/news/">News</a>' in scene.read(stranger, "/newer/")


def test_the_feed_holds_decisions_versions_and_news(stranger: Client) -> None:
    scene.two_versions()
    scene.decision(1)
    scene.news("hello", introduction="We say <hello>.")
    scene.private(scene.news("secret"))
    scene.news("gone").unpublish()
    response = stranger.get("/feed/")
    assert response["Content-Type"].startswith("application/atom+xml")
    tree = ElementTree.fromstring(response.content)
    titles = [entry.findtext(f"{ATOM}title") for entry in tree.iter(f"{ATOM}entry")]
    assert {"Hello", "Should we do number 1?", "Our plan, version 1", "Our plan, version 2"} == set(titles)
    links = [entry.find(f"{ATOM}link").get("href") for entry in tree.iter(f"{ATOM}entry")]
    assert "http://testserver/model/versions/2/" in links
    updated = [entry.findtext(f"{ATOM}updated") for entry in tree.iter(f"{ATOM}entry")]
    assert len(updated) == 4 and all(updated)
    assert 'type="application/atom+xml" href="/feed/"' in scene.read(stranger)


def test_an_empty_feed_is_a_feed(stranger: Client) -> None:
    assert ElementTree.fromstring(stranger.get("/feed/").content).tag == f"{ATOM}feed"


def test_the_sitemap_lists_what_is_public(stranger: Client) -> None:
    scene.two_versions()
    scene.private(scene.standard("secret"))
    scene.standard("gone").unpublish()
    workshop("meeting")
    response = stranger.get("/sitemap.xml")
    assert response["Content-Type"] == "application/xml"
    found = [
        element.text
        for element in ElementTree.fromstring(response.content).iter()
        if element.tag.endswith("loc")
    ]
    paths = {"/" + address.split("/", 3)[3] for address in found if address}
    wanted = {"/", "/about/", "/changemakers/meeting/", "/model/versions/2/", "/model/clauses/P1/", "/flow/"}
    assert wanted <= paths and len(found) == len(paths)
    assert not any("secret" in path or "gone" in path for path in paths)
    for path in sorted(paths):
        assert stranger.get(path).status_code == 200, path


def test_robots_are_kept_out_of_what_is_for_one_person(stranger: Client) -> None:
    text = stranger.get("/robots.txt").content.decode()
    for path in ("/accounts/", "/admin/", "/receipt/", "/*/respond/"):
        assert f"Disallow: {path}\n" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text


def test_a_wrong_address_gets_a_helpful_page(stranger: Client) -> None:
    scene.home()
    html = scene.read(stranger, "/no/such/page/", 404)
    assert "We cannot find this page" in html and 'action="/search/"' in html


def test_the_words_of_the_site_cost_one_query_a_minute(stranger: Client, django_assert_num_queries) -> None:
    scene.home()
    with django_assert_num_queries(1):
        stranger.get("/search/?q=")
    with django_assert_num_queries(0):
        stranger.get("/search/?q=")


def test_without_settings_the_site_goes_by_the_environment(stranger: Client, settings) -> None:
    settings.SITE_NAME = "From the environment"
    scene.home()
    assert "From the environment" in scene.read(stranger, "/search/")
    SiteSettings.objects.create(site=scene.home().sites_rooted_here.get(), partnership="From the admin")
    assert "From the admin" in scene.read(stranger, "/search/")


def test_publishing_and_taking_down_reach_kept_pages(
    stranger: Client, django_capture_on_commit_callbacks
) -> None:
    scene.home()
    page = scene.standard("words", "First words")
    assert "First words" in scene.read(stranger, "/words/")
    page.title = "Second words"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    assert "Second words" in stranger.get("/words/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        page.unpublish()
    assert stranger.get("/words/").status_code == 404


def test_saving_a_draft_leaves_kept_pages_alone(stranger: Client, django_assert_num_queries) -> None:
    page = scene.standard("words", "First words")
    scene.read(stranger, "/words/")
    page.title = "Draft words"
    page.save_revision()
    with django_assert_num_queries(1):  # the epoch, which has not moved
        assert "First words" in scene.read(stranger, "/words/")


def test_a_page_made_private_is_out_of_reach_at_once(stranger: Client) -> None:
    page = scene.standard("words", "First words")
    scene.read(stranger, "/words/")
    scene.private(page)
    scene.read(stranger, "/words/", 302)


def test_dates_of_news_are_in_words(stranger: Client) -> None:
    page = scene.news("hello", 0)
    assert page.date == timezone.localdate()
    assert page.date.strftime("%B %Y") in scene.read(stranger, "/hello/")
