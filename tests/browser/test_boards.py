"""A board and a vote at once: a phone, a keyboard alone, no script, who runs it, and the wall."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from collaborative.changemakers.boards.models import Card, Note
from collaborative.changemakers.polls import actions as polls
from collaborative.changemakers.polls.models import Vote
from collaborative.changemakers.room import access
from collaborative.changemakers.room.models import Participant, Stage
from tests.browser.conftest import DESKTOP, PHONE, Site, assert_no_sideways_scrolling
from tests.browser.keys import Keys
from tests.changemakers import boarding

pytestmark = pytest.mark.django_db(transaction=True)
Clean = Callable[..., None]
SOON = 30_000  # what another process did comes with the next heartbeat where there is no Redis


def joined(site: Site, stage: Stage, *, width: int, javascript: bool = True) -> tuple[Page, Participant]:
    token = f"browser-{stage.pk}-{width}-{javascript}"
    who = boarding.person(stage, token=token)
    page = site.window(width=width, javascript=javascript, statuses=(404, 409))
    path = access.path_of(stage.engagement)
    page.context.add_cookies(
        [{"name": access.cookie_of(stage.engagement), "value": token, "url": site.address + path}]
    )
    page.goto(f"{path}{stage.kind}-{stage.pk}/")
    return page, who


def looked_at(page: Page, assert_axe_clean: Clean) -> None:
    assert_axe_clean(page)
    assert_no_sideways_scrolling(page)


def test_a_board_by_finger_mouse_keyboard_and_without_script(site: Site, assert_axe_clean: Clean) -> None:
    board = boarding.board()
    ann = boarding.person(board)
    for text in ("The bus leaves at two", "Nobody tells us", "Boots come in one size"):
        boarding.shown(board, ann, text)
    phone, _who = joined(site, board, width=PHONE)
    desk, _other = joined(site, board, width=DESKTOP)
    wall = site.window(width=DESKTOP)
    wall.goto(desk.url)

    # A note is typed on the phone, half a thought stands on the other screen; both outlive what comes.
    phone.locator("label", has_text="Amber").click()
    phone.get_by_label("Your note, one thing at a time").fill("The ferry is late")
    desk.get_by_label("Your note, one thing at a time").fill("Half a thought")
    phone.get_by_role("button", name="Add note").click()
    expect(phone.locator("#mine")).to_contain_text("waiting to be checked")
    looked_at(phone, assert_axe_clean)
    boarding.release(Note.objects.latest("pk"))
    expect(wall.locator("[data-column='1']")).to_contain_text("The ferry is late", timeout=SOON)
    expect(phone.locator("[data-column='1'] .ds_tag")).to_have_text("Yours", timeout=SOON)
    desk.get_by_role("button", name="1 new note on the board").click(timeout=SOON)
    expect(desk.locator("[data-column='1']")).to_contain_text("The ferry is late")
    expect(desk.get_by_label("Your note, one thing at a time")).to_have_value("Half a thought")

    # Dragged with the mouse into the last column; the others see it there.
    card = desk.locator(".cs_note", has_text="Boots come in one size")
    card.scroll_into_view_if_needed()
    box, target = card.bounding_box(), desk.locator("[data-column='2']").bounding_box()
    assert box
    assert target
    desk.mouse.move(box["x"] + 40, box["y"] + 15)
    desk.mouse.down()
    desk.mouse.move(target["x"] + 60, target["y"] + 20, steps=6)
    desk.mouse.up()
    expect(wall.locator("[data-column='2'] .cs_note")).to_contain_text("Boots come in one size")
    expect(phone.locator("[data-column='2'] .cs_note")).to_contain_text("Boots come in one size")

    # By keyboard: the word "Move" on a card leads to all that can be done with it.
    keys = Keys(desk)
    desk.locator(".cs_note", has_text="Nobody tells us").get_by_role("link", name="Move").focus()
    keys.is_seen()
    keys.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Move a note")
    looked_at(desk, assert_axe_clean)
    desk.get_by_label("Put it together with").select_option(label="The bus leaves at two")
    desk.get_by_role("button", name="Group them").focus()
    keys.press("Enter")
    expect(wall.locator(".cs_group .cs_note")).to_have_count(2)
    looked_at(wall, assert_axe_clean)
    assert Card.objects.exclude(cluster=None).count() == 2


def test_a_board_and_a_vote_without_script_and_the_result_on_the_wall(
    site: Site, assert_axe_clean: Clean
) -> None:
    board, vote = boarding.board(), boarding.poll("dots")
    plain, _who = joined(site, board, width=PHONE, javascript=False)
    plain.get_by_label("Your note, one thing at a time").fill("By plain form")
    Stage.objects.filter(pk=board.pk).update(state=Stage.State.CLOSED)
    plain.get_by_role("button", name="Add note").click()
    expect(plain.get_by_text("By plain form")).to_be_visible()
    expect(plain.get_by_role("alert")).to_contain_text("closed")

    voter, _who = joined(site, vote, width=PHONE)
    wall = site.window(width=DESKTOP)
    wall.goto(voter.url)
    voter.get_by_label("Ferry").select_option("2")
    voter.get_by_label("Bus").select_option("2")
    expect(voter.get_by_text("Dots left: -1")).to_be_visible()
    voter.get_by_role("button", name="Vote").click()
    expect(voter.get_by_text("Take 1 away")).to_be_visible()
    voter.get_by_label("Bus").select_option("1")
    voter.get_by_role("button", name="Vote").click()
    expect(voter.get_by_text("Your vote is saved")).to_be_visible()
    expect(voter.get_by_role("button", name="Change my vote")).to_be_visible()  # it was counted
    looked_at(voter, assert_axe_clean)
    expect(wall.locator("[data-standing]")).to_contain_text("1 person has voted")
    assert "Ferry" not in wall.locator("[data-standing]").inner_text()
    polls.reveal(vote, True, by=boarding.facilitator())
    expect(wall.locator(".cs_result li").first).to_contain_text("2 dots", timeout=SOON)
    looked_at(wall, assert_axe_clean)
    assert sum(Vote.objects.values_list("value", flat=True)) == 3
