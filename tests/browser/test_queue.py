"""The queue by keyboard alone, with covered words, and between two moderators; axe on each of its screens."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from collaborative.contributions.models import Contribution, State
from collaborative.moderation import actions
from collaborative.moderation.models import Check, Desk, Flag, HandOver
from collaborative.people.models import User
from collaborative.people.roles import Role
from tests.browser.conftest import Site
from tests.cast import person
from tests.moderation.giving import rule, said

Clean = Callable[..., None]
QUEUE = "/admin/waiting/"


@pytest.fixture
def waiting(moderator: User) -> list[Contribution]:
    rule()
    rows = [said(f"Ring 01632 960123, number {n}.") for n in range(3)]
    actions.received(rows[0], [Flag.CONTACT, Flag.LINK])
    return rows


def state(row: Contribution) -> str:
    return Contribution.objects.get(pk=row.pk).state


def at(row: Contribution) -> str:
    return reverse("moderation_check", args=[row.reference])


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def test_a11y_1_axe_finds_nothing_on_the_queue_in_any_of_its_states(
    site: Site, moderator: User, waiting: list[Contribution], width: int, assert_axe_clean: Clean
) -> None:
    other = person("Max", Role.MODERATORS)
    actions.claim(waiting[1], by=other)
    actions.hand_over("All of P7 is done.", by=other)
    refused = said("Again?")
    actions.refuse(refused, rule(), by=other)
    actions.ask_again(refused)
    actions.decide_together([said("Gone").reference], rule=None, by=moderator)
    page = site.window(user=moderator, width=width)
    for veiled in (False, True):
        actions.work_as(moderator, veiled=veiled)
        page.goto(QUEUE)
        for summary in page.locator("main summary").all():
            summary.click()
        assert_axe_clean(page)
        for address in (at(waiting[0]), at(waiting[1]), at(refused)):
            page.goto(address)
            for summary in page.locator("main summary").all():
                summary.click()
            assert_axe_clean(page)
    for name in ("moderation_notes", "moderation_second_looks"):
        page.goto(reverse(name))
        assert_axe_clean(page)


def test_the_letters_walk_the_list_tick_open_and_release(
    site: Site, moderator: User, waiting: list[Contribution]
) -> None:
    page = site.window(user=moderator)
    page.goto(QUEUE)
    for key, wanted in (("j", 0), ("j", 1), ("k", 0), ("k", 0), ("j", 1)):
        page.keyboard.press(key)
        assert focused(page) == f"Check {waiting[wanted].reference}"
    page.keyboard.press("x")
    expect(page.locator("[data-count]")).to_have_text("1 ticked")
    page.keyboard.press("o")
    page.wait_for_url(f"**{at(waiting[1])}")
    page.keyboard.press("a")
    page.wait_for_url(f"**{at(waiting[2])}")
    assert state(waiting[1]) == State.RELEASED
    page.keyboard.press("n")
    page.wait_for_url(f"**{at(waiting[0])}")
    page.keyboard.press("u")
    page.wait_for_url(f"**{QUEUE}")
    page.keyboard.press("u")
    assert focused(page) == "Undo"
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("1 thing waits again.")
    assert state(waiting[1]) == State.HELD


def test_the_letters_lead_to_a_refusal_to_a_removal_and_to_a_concern_but_do_none_of_them(
    site: Site, moderator: User, waiting: list[Contribution]
) -> None:
    page = site.window(user=moderator)
    page.goto(at(waiting[0]))
    page.keyboard.press("s")
    assert focused(page) == "I am worried: pass to safeguarding"
    page.keyboard.press("w")
    expect(page.get_by_label("The new words")).to_be_focused()
    page.locator("summary", has_text="Release with words removed").focus()
    page.keyboard.press("r")
    expect(page.get_by_label(str(rule()))).to_be_focused()
    assert state(waiting[0]) == State.HELD and not Check.objects.exists()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Refuse", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("is refused.")
    assert state(waiting[0]) == State.REFUSED


def test_the_letters_never_fire_while_somebody_types_or_holds_a_key_down_with_another(
    site: Site, moderator: User, waiting: list[Contribution]
) -> None:
    page = site.window(user=moderator)
    page.goto(QUEUE)
    page.locator("summary", has_text="Write a note").click()
    note = page.get_by_role("textbox", name="A note for whoever is on duty next")
    note.focus()
    page.keyboard.type("jack ox u")
    expect(note).to_have_value("jack ox u")
    page.locator("#id_noticed").focus()
    page.keyboard.press("j")
    expect(page.locator("#id_noticed")).to_be_focused()
    page.goto(at(waiting[0]))
    page.locator("summary", has_text="Release with words removed").click()
    reason = page.get_by_label("Why words were removed")
    reason.focus()
    page.keyboard.type("a names run")
    expect(reason).to_have_value("a names run")
    page.locator("summary").first.focus()
    for chord in ("Control+Shift+a", "Alt+a", "Shift+A"):
        page.keyboard.press(chord)
    for state_of_key in ("repeat", "isComposing"):
        press = f"new KeyboardEvent('keydown', {{key: 'a', {state_of_key}: true, bubbles: true}})"
        page.evaluate(f"document.body.dispatchEvent({press})")
    assert page.url.endswith(at(waiting[0]))
    assert state(waiting[0]) == State.HELD and not HandOver.objects.exists()


def test_wcag_2_1_4_turned_off_no_letter_does_anything(
    site: Site, moderator: User, waiting: list[Contribution]
) -> None:
    page = site.window(user=moderator)
    page.goto(QUEUE)
    page.locator("summary", has_text="Keyboard shortcuts").click()
    page.get_by_role("button", name="Turn these letters off").click()
    page.wait_for_url(f"**{QUEUE}")
    page.keyboard.press("j")
    assert not focused(page).startswith("Check ")
    page.goto(at(waiting[0]))
    page.keyboard.press("a")
    page.wait_for_timeout(300)
    assert page.url.endswith(at(waiting[0])) and state(waiting[0]) == State.HELD


@pytest.mark.parametrize("script", [True, False])
def test_covered_words_show_when_asked_for(
    site: Site, moderator: User, waiting: list[Contribution], script: bool
) -> None:
    Desk.objects.create(user=moderator, veiled=True)
    page = site.window(user=moderator, javascript=script)
    page.goto(at(waiting[0]))
    words = page.locator(".cs-words")
    expect(words).to_be_hidden()
    page.get_by_text("Show the words").click()
    expect(words).to_be_visible()
    if script:
        page.keyboard.press("c")
        expect(words).to_be_hidden()


def test_many_are_ticked_and_refused_without_script(
    site: Site, moderator: User, waiting: list[Contribution]
) -> None:
    page = site.window(user=moderator, javascript=False)
    page.goto(QUEUE)
    for row in waiting[:2]:
        page.get_by_label(f"Tick {row.reference}").check()
    page.locator("#id_rule").select_option(label=str(rule()))
    page.get_by_role("button", name="Refuse them").click()
    expect(page.locator(".messages")).to_contain_text("2 things are refused.")
    assert [state(row) for row in waiting] == [State.REFUSED, State.REFUSED, State.HELD]
    page.get_by_role("button", name="Undo").click()
    assert [state(row) for row in waiting] == [State.HELD] * 3


def test_mod_2_two_browsers_do_not_collide(site: Site, moderator: User, waiting: list[Contribution]) -> None:
    other = person("Max", Role.MODERATORS)
    first, second = site.window(user=moderator), site.window(user=other)
    first.goto(at(waiting[0]))
    second.goto(at(waiting[0]))
    expect(second.get_by_role("status").filter(has_text="Mona has this open")).to_be_visible()
    expect(second.get_by_role("button", name="Release", exact=True)).to_have_count(0)
    second.keyboard.press("a")
    second.get_by_role("button", name="Leave it for now, next").click()
    second.wait_for_url(f"**{at(waiting[1])}")
    first.get_by_role("button", name="Release", exact=True).click()
    first.wait_for_url(f"**{at(waiting[2])}")
    assert [state(row) for row in waiting] == [State.RELEASED, State.HELD, State.HELD]
