"""The same ways to smuggle a script in, typed into a report, as a name and as a house rule, and then read
by whoever works here and whoever is told: none does anything."""

from typing import Any

import pytest
from playwright.sync_api import Page

from collaborative.moderation.models import HouseRule, Report
from collaborative.people.models import User
from tests.browser.conftest import Site
from tests.browser.test_threads_xss import LINES, WATCH, assert_harmless
from tests.moderation.giving import rule
from tests.threads import talking

pytestmark = pytest.mark.django_db(transaction=True)
ALL = "\n".join(LINES)
SHORT = [line for line in LINES if len(line) < 110 and "\t" not in line]
# What the lines would leave in a page that took one of them for markup.
TRACES = """[...document.querySelectorAll('[src], [href], [data], [action], [formaction], [srcdoc]')].filter(
  (one) => ['src', 'href', 'data', 'action', 'formaction', 'srcdoc'].some((name) => {
    const where = one.getAttribute(name) ?? '';
    return /^\\s*(javascript|vbscript|data:text)/i.test(where) || (/xss/i.test(where) && one.tagName !== 'A');
  })).map((one) => one.outerHTML)"""


class Watched:
    """A window that notices whatever is executed."""

    def __init__(self, site: Site, user: User | None = None) -> None:
        self.page: Page = site.window(user=user)
        self.page.add_init_script(WATCH)
        self.dialogs: list[str] = []
        self.page.on("dialog", self._note)

    def _note(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def opens(self, *addresses: str, public: bool = False) -> None:
        for address in addresses:
            self.page.goto(address)
            for fold in self.page.locator("main details:not([open]) > summary").all():
                if fold.is_visible():
                    fold.click()
            self.is_calm(public=public)

    def is_calm(self, *, public: bool = False) -> None:
        assert self.dialogs == [] and self.page.evaluate("window.xss") == 0, self.page.url
        assert self.page.evaluate(TRACES) == [], self.page.url
        if public:
            assert_harmless(self.page)


def test_a_report_is_read_as_it_was_typed(site: Site, moderator: User) -> None:
    thread = talking.thread()
    said = talking.shown(
        thread, LINES[0], permission="named", name=LINES[15], age_band="26-plus"
    ).contribution
    assert said is not None
    stranger = Watched(site)
    stranger.opens(
        f"/help/wrong/?about={said.reference}", "/help/wrong/?page=%22%3E%3Cscript%3E", public=True
    )
    for number, about in enumerate((f"?about={said.reference}", "")):
        stranger.page.goto(f"/help/wrong/{about}")
        stranger.page.get_by_text("Something on this site is wrong").click()
        stranger.page.locator("#message").fill(ALL[:4_900])
        stranger.page.locator("#reply_to").fill(LINES[1])
        if not about:
            stranger.page.locator("input#page").fill(LINES[15])
        stranger.page.get_by_role("button", name="Send", exact=True).click()
        stranger.page.wait_for_url("**/sent/**")
        stranger.is_calm(public=True)
        assert Report.objects.count() == number + 1
    staff = Watched(site, moderator)
    reports = [f"/admin/wrong/{row.pk}/" for row in Report.objects.all()]
    staff.opens("/admin/", "/admin/wrong/", *reports, f"/admin/waiting/{said.reference}/")
    kept = Report.objects.latest("pk").message.replace("\r\n", "\n")
    assert kept.strip() == ALL[:4_900].strip()


def test_a_house_rule_is_shown_as_it_was_typed(site: Site, administrator: User, moderator: User) -> None:
    rule()
    editing = Watched(site, administrator)
    editing.opens("/admin/snippets/moderation/houserule/add/")
    for field, words in (("number", "7"), ("title", SHORT[14]), ("text", ALL), ("kind_reason", ALL)):
        editing.page.locator(f"[name={field}]").fill(words)
    editing.page.get_by_role("button", name="Save").first.click()
    editing.page.wait_for_url("**/houserule/")
    editing.is_calm()
    typed = HouseRule.objects.get(number=7)
    assert typed.title == SHORT[14] and typed.text.replace("\r\n", "\n").strip() == ALL.strip()
    editing.opens(f"/admin/snippets/moderation/houserule/edit/{typed.pk}/")

    thread = talking.thread()
    account = talking.person_of("Ann")
    comment = talking.say(thread, ALL[:2_900], by=talking.voice(thread, account), permission="named")
    said = comment.contribution
    assert said is not None
    staff = Watched(site, moderator)
    staff.opens("/admin/waiting/", f"/admin/waiting/{said.reference}/")
    staff.page.get_by_text("Refuse by a house rule").click()
    staff.page.get_by_label(str(typed)).check()
    staff.page.get_by_role("button", name="Refuse", exact=True).click()
    staff.is_calm()
    said.refresh_from_db()
    assert said.state == "refused"
    staff.opens(f"/admin/waiting/{said.reference}/")
    author = Watched(site, account)
    author.opens("/house-rules/", "/house-rules/figures/", f"/comments/{thread.pk}/", public=True)
    assert SHORT[14] in author.page.locator("main").inner_text()
