"""The counter beside a text field, as only a browser shows it."""

import pytest
from playwright.sync_api import expect

from tests.browser.answering import Answering
from tests.browser.conftest import Site
from tests.browser.scene import set_scene


@pytest.mark.parametrize("language", ["en-gb", "gd"])
def test_a_counter_writes_numbers_as_the_server_does(site: Site, db: None, language: str) -> None:
    """Also where the browser's owner writes 2.000, and where the browser has no Gaelic."""
    set_scene()
    page = site.window(locale="de-DE", statuses=(422,))
    one = Answering(page)
    one.find_it()
    one.say_who()
    one.tick("In P7")
    one.go_on()
    one.tick("A teacher")
    page.context.add_cookies([{"name": "django_language", "value": language, "url": site.address}])
    page.reload()
    counted = page.locator("#why-count")
    expect(counted).to_contain_text("20,000")
    page.locator("#why").fill("a" * 15_000)
    expect(counted).to_contain_text("5,000")
    page.locator("#why").fill("a" * 21_500)
    expect(counted).to_contain_text("1,500")
    page.locator("#why").press("Tab")
    page.locator("main form [type=submit]").first.click()
    expect(page.locator("#why-error")).to_contain_text("1,500")
