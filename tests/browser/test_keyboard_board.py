"""The keyboard alone walks the rest of the chain: a decision is answered and published, a sentence is worded
and sent in, the board passes it, and a stranger walks back from the sentence to what was said.

Which places of Wagtail's own screens show their focus is Wagtail's to say: there it is not watched."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, expect

from collaborative.flow.actions import cut_release
from collaborative.outcomes.models import Disposition, ModelVersion
from collaborative.people.models import User
from tests.browser.conftest import Site
from tests.browser.editing import Editor
from tests.browser.keys import Keys
from tests.browser.scene import Scene, set_scene
from tests.browser.test_chain import DECISION, begin_decision

P1_AFTER = "You asked me first, and gladly."


@pytest.fixture
def scene(transactional_db: None, analyst: User) -> Scene:
    return set_scene(analyst)


class KeyEditor(Editor):
    """The editor without a mouse."""

    def to(self, wanted: Locator) -> None:
        Keys(self.page).to(wanted, watched=False, stops=400)  # the whole plan stands in one form

    def write(self, name: str, text: str) -> None:
        with self.kept():
            self.to(self.field(name))
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(text)

    def pick(self, name: str, option: str) -> None:
        with self.kept():
            self.to(self.field(name))
            words = self.field(name).locator(f"option[value='{option}']").inner_text()
            self.page.keyboard.type(words)
        expect(self.field(name)).to_have_value(option)

    def push(self, wanted: Locator) -> None:
        self.to(wanted)
        self.page.keyboard.press("Enter")

    def choose(self, name: str, what: str) -> list[str]:
        self.push(self.page.locator(f"#{name}-chooser").get_by_role("button", name=re.compile("^Choose")))
        line = self.page.locator(".modal-body").get_by_role("link", name=re.compile(re.escape(what))).first
        expect(line).to_be_visible()
        with self.kept():
            self.push(line)
            expect(self.page.locator(f"#{name}-title")).to_contain_text(what)
        return []

    def act(self, name: str) -> None:
        expect(self._foot.locator("button").first).to_be_visible()
        button = self._foot.get_by_role("button", name=name, exact=True)
        if not button.is_visible():
            self.push(self._foot.get_by_role("button", name="More actions"))
        self.push(button)


def decide(site: Site, scene: Scene, editor: User) -> None:
    decision = begin_decision(scene, editor)
    desk = KeyEditor(site.window(user=editor))
    desk.open(decision.pk)
    with desk.kept():
        desk.push(desk.page.locator("#answers-root").get_by_role("button", name="Insert a block").last)
    desk.choose("answers-1-value-theme", "Feeling tested")
    desk.pick("answers-1-value-answer", "adopted-in-part")
    desk.write("answers-1-value-reason", "We drop the form, and keep one conversation.")
    desk.act("Publish")
    desk.told("has been published")
    assert {row.theme.code: row.answer for row in Disposition.objects.all()} == {
        "T1": "adopted",
        "T2": "adopted-in-part",
    }


def change_the_sentence(site: Site, scene: Scene, editor: User, board_member: User) -> None:
    desk = KeyEditor(site.window(user=editor))
    desk.open(scene.plan.pk)
    desk.write("body-3-value-statement", P1_AFTER)
    desk.write("body-3-value-reason", "People said that being asked late is worse.")
    desk.choose("body-3-value-decision", DECISION)
    desk.write("version_summary", "Principle 1 now says that people are asked gladly.")
    desk.act("Submit to Board approval")
    desk.told("has been submitted")
    board = KeyEditor(site.window(user=board_member))
    board.page.goto("/admin/")
    board.push(board.page.locator("main").get_by_role("link", name="Our plan").first)
    board.page.wait_for_url(f"**{reverse('wagtailadmin_pages:edit', args=[scene.plan.pk])}")
    board.is_quiet()
    board.act("Approve and Publish")
    board.told("Our plan")
    assert ModelVersion.objects.current().number == 2


def walk_back(site: Site) -> None:
    """Here the focus is watched at every stop."""
    page = site.window()
    page.goto("/")
    keys = Keys(page)
    keys.follow("Our plan")
    keys.to(page.locator("summary", has_text="Name of P1"))
    keys.press("Enter")
    keys.to(page.get_by_role("link", name=re.compile("The address of this sentence.*Name of P1")))
    keys.press("Enter")
    expect(page.locator(".cs_voice--big")).to_have_text(f"“{P1_AFTER}”")
    keys.to(page.locator("section[aria-labelledby=shaped]").get_by_role("link", name=DECISION).first)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Should we ask young people first?")
    keys.follow("What changed")
    keys.to(page.get_by_role("link", name=re.compile("views shaped decisions")).first)
    keys.press("Enter")
    page.wait_for_url("**/flow/**")
    keys.to(page.locator("main a").last)


@pytest.mark.long
def test_the_keyboard_alone_decides_words_passes_and_walks_back(
    site: Site, scene: Scene, editor: User, board_member: User
) -> None:
    scene.close()
    decide(site, scene, editor)
    change_the_sentence(site, scene, editor, board_member)
    cut_release()
    walk_back(site)
