"""Well-known ways to smuggle a script in, typed as comment and as name: none does anything, on any screen."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from collaborative.threads import actions
from collaborative.threads.models import Comment
from tests.browser.conftest import Site
from tests.browser.test_threads import SOON, adult, listening
from tests.threads import talking

pytestmark = pytest.mark.django_db(transaction=True)
LINES = (Path(__file__).parent / "payloads.txt").read_text(encoding="utf-8").splitlines()
WATCH = "window.xss = 0; for (const one of ['alert', 'prompt']) window[one] = () => (window.xss = 1)"
HANDLERS = """[...document.querySelectorAll('*')].flatMap((one) => [...one.attributes]
  .filter((each) => each.name.startsWith('on') || /^\\s*(javascript|data|vbscript):/i.test(each.value))
  .map((each) => `${one.tagName} ${each.name}=${each.value}`))"""
SCRIPTS = "[...document.scripts].map((one) => one.getAttribute('src') ?? 'inline')"


def assert_harmless(page: Page) -> None:
    assert page.evaluate("window.xss") == 0, page.url
    assert page.evaluate(HANDLERS) == [], page.url
    assert all("/static/" in source for source in page.evaluate(SCRIPTS)), page.url
    for one in page.locator(".cs_comment__words a").all():
        assert (one.get_attribute("href") or "").startswith(("http://", "https://"))
        assert one.get_attribute("rel") == "nofollow ugc noopener"
    assert (
        page.locator(".cs_comment__words :is(img, svg, iframe, object, style, script, form, input)").count()
        == 0
    )


def test_nothing_that_is_typed_is_executed(site: Site) -> None:
    thread = talking.thread()
    user = adult(thread, "Ann")
    page = site.window(user=user)
    page.add_init_script(WATCH)
    dialogs: list[Any] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    base = f"/comments/{thread.pk}/"
    live = site.window()
    live.add_init_script(WATCH)
    live.goto(base)
    listening(live)
    blocks = ["\n".join(LINES[start : start + 22]) for start in range(0, len(LINES), 22)]
    for number, block in enumerate(blocks):
        page.goto(f"{base}add/")
        page.get_by_label("What do you want to say?").fill(block)
        page.get_by_role("button", name="Preview").click()
        expect(page.locator("[data-preview]")).to_be_visible()
        assert_harmless(page)
        page.get_by_role("button", name="Post comment").click()
        if page.locator("#signs").count():
            page.get_by_role("button", name="Post comment").click()
        page.wait_for_url(lambda address: "/add/" not in address)
        assert Comment.objects.count() == number + 1
    for comment in Comment.objects.filter(shown=False):
        talking.release(comment)  # a link or an address in it: a person looks first
    kept = "\n".join(talking.words(comment) for comment in Comment.objects.order_by("pk"))
    assert [line.strip() for line in kept.splitlines()] == [line.strip() for line in LINES]
    _names(thread)
    first = Comment.objects.order_by("pk")[0]
    actions.answer(thread, blocks[0], by=talking.person_of("Edwina"), key="k", under=talking.again(first))
    actions.summarise(thread, blocks[1], by=talking.person_of("Edwina"))
    actions.reword(thread, title=LINES[0], intro=blocks[2], by=talking.person_of("Edwina"))
    screens = (
        "",
        "?order=oldest",
        f"{first.pk}/",
        f"{first.pk}/reply/",
        f"{first.pk}/change/",
        f"{first.pk}/support/",
    )
    for rest in screens:
        page.goto(base + rest)
        assert_harmless(page)
    live.locator("[data-new] button").click(timeout=SOON)
    expect(live.locator("[data-list] > li")).not_to_have_count(0)
    expect(live.locator("[data-summary]")).to_contain_text("<", timeout=SOON)
    assert_harmless(live)
    assert dialogs == []


def _names(thread: Any) -> None:
    """Every line as the name of somebody who wants to be named."""
    for line in LINES[:40]:
        name = line.replace("\t", " ")[:200]
        talking.shown(thread, "Named.", permission="named", name=name, age_band="26-plus")
