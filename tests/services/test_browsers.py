"""Ten people write in ten browser windows while every web process is killed and started again."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Locator, Page, expect

from collaborative.people.models import User
from collaborative.threads.models import Comment, Thread
from tests.browser.conftest import DESKTOP, PHONE, browser, static_files  # noqa: F401 fixtures
from tests.browser.serving import Server
from tests.services.fleet import fleet
from tests.services.test_kill import DOWN, SPREAD, processes, signed_in, wait

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]

PEOPLE, EACH = 10, 4
SOON = 60_000  # milliseconds; other work shares this machine


@pytest.fixture
def webs(django_db_setup: Any, transactional_db: None, static_files: None) -> Iterator[list[Server]]:  # noqa: F811
    with fleet(processes(), django_db_setup.url, SPREAD) as running:
        yield running


def window(chromium: Browser, address: str, cookie: str, thread: Thread, number: int) -> Page:
    context = chromium.new_context(
        base_url=address,
        viewport={"width": PHONE if number % 3 == 0 else DESKTOP, "height": 800},
        extra_http_headers={"X-Forwarded-For": f"203.0.113.{number + 1}"},
    )
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])
    page = context.new_page()
    page.set_default_timeout(SOON)
    page.goto(f"/comments/{thread.pk}/")
    expect(page.locator("[data-live-words]")).to_contain_text("appear when you ask")
    return page


def text_of(number: int, count: int) -> str:
    return f"Window {number} says thing {count}."


def box_of(page: Page) -> Locator:
    return page.get_by_label("What do you want to say?")


def press(page: Page) -> None:
    button = page.get_by_role("button", name="Post comment")
    if button.is_enabled():
        button.click(no_wait_after=True)


def press_until_saved(page: Page, text: str) -> None:
    """As a person does: press the button again as long as the page says that it was not saved."""
    until = time.monotonic() + SOON / 1000
    while box_of(page).input_value() == text:
        assert time.monotonic() < until, page.locator("main").inner_text()[-600:]
        press(page)
        page.wait_for_timeout(400)


def list_of(page: Page) -> list[str]:
    """The words in the list as they stand, with all that waited behind the button."""
    waiting = page.locator("[data-new] button")
    while waiting.is_visible():
        waiting.click()
        page.wait_for_timeout(100)
    return page.locator("[data-list] .cs_comment__words").all_inner_texts()


def test_every_window_shows_what_was_acknowledged_once_and_in_order(
    browser: Browser,  # noqa: F811
    webs: list[Server],
    client_for: Callable[[User], Any],
) -> None:
    thread, cookies = signed_in(PEOPLE, client_for)
    with ExitStack() as stack:
        pages = []
        for number, cookie in enumerate(cookies):
            page = window(browser, webs[number % len(webs)].address, cookie, thread, number)
            stack.callback(page.context.close)
            pages.append(page)
        for count in range(EACH):
            for number, page in enumerate(pages):
                box_of(page).fill(text_of(number, count))
                press(page)
                if (count, number) == (1, PEOPLE // 2):
                    killed_and_started_again(webs)
            for number, page in enumerate(pages):
                press_until_saved(page, text_of(number, count))
        rows = Comment.objects.filter(thread=thread, shown=True).order_by("-seq")
        stands = [row.contribution.wordings.get().text for row in rows if row.contribution]
        assert sorted(stands) == sorted(text_of(n, count) for n in range(PEOPLE) for count in range(EACH))
        for page in pages:
            expect(page.locator("[data-count]")).to_contain_text(f"{len(stands)} comments", timeout=SOON)
            wait(partial(shows, page, stands), "this window shows it all, once and in order")


def shows(page: Page, stands: list[str]) -> bool:
    return list_of(page) == stands


def killed_and_started_again(webs: list[Server]) -> None:
    for web in webs:
        web.kill()
    time.sleep(DOWN)
    for web in webs:
        web.start()
