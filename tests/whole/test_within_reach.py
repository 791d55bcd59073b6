"""KC-15: telling us, taking back what one said and getting a copy of it are two steps from any page at most.

Every page of the demonstration site is opened as a stranger opens it, and from each the links are followed.
A step is a link that is followed or a button that is pressed.
"""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from collaborative.contributions.actions import About, Given, receive
from collaborative.contributions.models import Receipt
from collaborative.engagements.models import Engagement
from tests.database import forget_caches
from tests.whole.crawler import Visit, ask, crawl, here
from tests.whole.demonstrated import Keeper, afresh

pytestmark = pytest.mark.one_engine
STEPS = 2
CODE = "MOSS-4TC9-7W"
# Leads nowhere that a person would be led: the machine-readable side of a page.
NOT_FOLLOWED = ("/feed/", "/sitemap.xml", "/flow/data.csv")


class Forms(HTMLParser):
    """Where the buttons of a page lead."""

    def __init__(self, visit: Visit) -> None:
        super().__init__()
        self.posts: set[str] = set()
        self._page, self._action = visit.address, ""
        self.feed(visit.body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._action = given.get("action", "") or self._page
            if given.get("method", "").lower() == "post":
                self.posts.add(here(self._action, self._page) or "")
        if tag == "button" and given.get("formaction"):
            self.posts.add(here(given["formaction"], self._page) or "")


class Site:
    def __init__(self) -> None:
        self.pages = {
            address: visit for address, visit in crawl(["/"]).items() if visit.is_page and visit.status == 200
        }
        for address in ("/no-such-page/", "/receipt/", "/join/", "/accounts/login/"):
            self.pages.setdefault(address, ask(Client(), address))
        self.links = {address: self._links(visit) for address, visit in self.pages.items()}
        self.posts = {address: Forms(visit).posts for address, visit in self.pages.items()}

    def _links(self, visit: Visit) -> set[str]:
        """The pages that it leads to."""
        found = {here(link, visit.address) for link in visit.reader.links} - {*NOT_FOLLOWED}
        return {link for link in found if link in self.pages}

    def steps_to(self, action: str, start: str) -> int | None:
        """How many steps until the button that leads to `action` is pressed; None when more than STEPS."""
        reached = {start}
        for step in range(1, STEPS + 1):
            if any(action in self.posts[one] for one in reached):
                return step
            reached = reached.union(*(self.links[one] for one in reached))
        return None


@pytest.fixture(scope="module")
def site(demonstration: Keeper, django_db_blocker: Any) -> Iterator[Site]:
    with django_db_blocker.unblock():
        forget_caches()
        yield Site()
    afresh(demonstration)


@pytest.mark.parametrize("action", ["/help/wrong/", "/receipt/delete/", "/receipt/copy/"])
def test_kc_15_from_every_page_in_two_steps(site: Site, action: str) -> None:
    assert len(site.pages) > 100
    out_of_reach = [address for address in site.pages if site.steps_to(action, address) is None]
    assert not out_of_reach, out_of_reach[:10]


def test_saf_3_the_way_to_somebody_to_talk_to_is_one_step_from_every_page(site: Site) -> None:
    lost = [address for address in site.pages if "/help/" not in {*site.links[address], address}]
    assert not lost, lost[:10]


def said() -> Receipt:
    about = About(
        age_band="13-15", respondent_kind="individual", permission="anonymous", recontact=False, group=None
    )
    engagement = Engagement.objects.get(slug="starting-the-conversation-in-p7")
    given = [Given(prompt_key="stop_help", prompt="What?", text="Ask me first.")]
    return receive(engagement, about, given, code=CODE)[0]


def test_kc_15_age_2_a_child_gets_a_copy_and_takes_it_back_with_the_code_alone(
    site: Site, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        receipt, browser = said(), Client()
        copy = browser.post("/receipt/copy/", {"code": CODE})
        assert copy["Content-Disposition"].startswith("attachment")
        asked = browser.post("/receipt/delete/", {"code": CODE}).content.decode()
        assert "Take back what you said?" in asked
        browser.post("/receipt/delete/", {"code": CODE, "sure": "yes"})
        assert receipt.contributions.get().state == "withdrawn"
        wrong = browser.post("/receipt/copy/", {"code": "MOSS-2222-22"})
        assert wrong.status_code == 422
