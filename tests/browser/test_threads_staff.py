"""The screens of those who run threads: axe finds nothing, nothing is too wide, all without script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from collaborative.people.models import User
from collaborative.threads import actions
from collaborative.threads.models import Thread
from tests.browser.conftest import Site
from tests.threads import talking

pytestmark = pytest.mark.django_db(transaction=True)


def test_axe_finds_nothing_on_the_screens_of_threads(
    site: Site, editor: User, width: int, assert_axe_clean: Callable[..., None]
) -> None:
    thread = talking.thread()
    comment = talking.shown(thread, "What about the boats?")
    reply = actions.answer(thread, "They sail.", by=editor, key="k", under=comment)
    page = site.window(width=width, user=editor)
    base = f"/admin/comments/{thread.pk}/"
    where = f"?engagement={thread.engagement_id}&page={thread.page_id}"
    for address in (
        "/admin/comments/",
        "/admin/comments/new/",
        f"/admin/comments/new/{where}",
        base,
        f"{base}answer/",
        f"{base}answer/{comment.pk}/",
        f"{base}answer/{reply.pk}/",
    ):
        page.goto(address)
        expect(page.locator("main")).to_be_visible()
        assert_axe_clean(page, within="main")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_thread_is_opened_answered_and_closed_without_script(site: Site, editor: User, width: int) -> None:
    where = talking.adults_only()
    page = site.window(width=width, user=editor, javascript=False)
    page.goto("/admin/comments/new/")
    page.get_by_label("Which consultation or workshop").select_option(label=str(where))
    page.get_by_label("On which page?").select_option(str(where.page_id))
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Title").fill("What would help?")
    page.get_by_role("button", name="Let people comment").click()
    thread = Thread.objects.get()
    _answer(page, "Welcome, everybody.")
    assert thread.comments.get().official
    page.get_by_role("button", name="Close it now").click()
    expect(page.get_by_role("button", name="Open it again")).to_be_visible()
    assert Thread.objects.get().closed_at


def _answer(page: Page, text: str) -> None:
    page.get_by_role("link", name="Comment for the partnership").click()
    page.get_by_label("Your reply, for the partnership").fill(text)
    page.get_by_role("button", name="Put it on the page").click()
