"""The script of live pages in a real browser, against a server that dies and comes back."""

import threading
import time
import urllib.error
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, expect
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from collaborative.live import registry
from collaborative.live.models import Event
from tests.browser.board import room
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.serving import Server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_engines]
SOON = 30_000


@pytest.fixture
def board_server(transactional_db: None, django_db_setup: Any, static_files: None) -> Iterator[Server]:
    registry.register("slate", room.Board())
    server = Server(django_db_setup.url, "tests.browser.board.settings")
    server.start()
    yield server
    server.close()
    del registry._rooms["slate"]


@pytest.fixture
def contexts(browser: Browser) -> Iterator[list[BrowserContext]]:
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


def window(
    browser: Browser, server: Server, contexts: list[BrowserContext], width: int, before: str = ""
) -> Page:
    """The board in a new window, `before` run in it ahead of everything else."""
    context = browser.new_context(viewport={"width": width, "height": 800}, base_url=server.address)
    contexts.append(context)
    page = context.new_page()
    page.set_default_timeout(SOON)
    if before:
        page.add_init_script(before)
    page.goto("/board/")
    return page


def state(page: Page, name: str) -> None:
    expect(page.locator("#state")).to_have_text(name, timeout=SOON)


def shows(page: Page, numbers: list[int]) -> None:
    expect(page.locator("ol > li")).to_have_text([str(number) for number in numbers], timeout=SOON)


def assert_each_once_and_in_order(page: Page) -> None:
    seen = page.evaluate("seen")
    assert seen == sorted(set(seen))


def posted(server: Server, number: int) -> None:
    """Post as somebody does who tries again until it is acknowledged."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            server.get(f"/board/post/{number}/", b"")
            return
        except (OSError, urllib.error.URLError):
            time.sleep(0.2)
    raise AssertionError(f"{number} was never acknowledged")


def test_what_is_posted_and_taken_away_shows_without_loading(
    browser: Browser, board_server: Server, contexts: list[BrowserContext]
) -> None:
    desk, phone = (window(browser, board_server, contexts, width) for width in (DESKTOP, PHONE))
    for page in (desk, phone):
        state(page, "live")
        expect(page.locator("#here")).to_have_text("2", timeout=SOON)
    for number in (11, 12, 13):
        posted(board_server, number)
    for page in (desk, phone):
        shows(page, [11, 12, 13])
        assert_each_once_and_in_order(page)
        assert page.evaluate("states") == ["live"]
    contexts[1].close()
    expect(desk.locator("#here")).to_have_text("1", timeout=SOON)


def test_after_a_kill_everybody_has_everything_once_and_in_order(
    browser: Browser, board_server: Server, contexts: list[BrowserContext]
) -> None:
    pages = [window(browser, board_server, contexts, width) for width in (DESKTOP, PHONE)]
    for page in pages:
        state(page, "live")

    def write(client: int) -> None:
        for count in range(8):
            posted(board_server, 100 * client + count)

    clients = [threading.Thread(target=write, args=(client,)) for client in range(1, 11)]
    for client in clients:
        client.start()
    time.sleep(0.3)
    board_server.kill()
    for page in pages:
        state(page, "offline")
    room.post(9999)  # by another process, while this one is down
    connection.close()
    board_server.start()
    for client in clients:
        client.join(120)
    room.take_away(9999)
    expected = list(room.notes())
    connection.close()
    assert sorted(expected) == sorted(100 * client + count for client in range(1, 11) for count in range(8))
    for page in pages:
        shows(page, expected)
        state(page, "live")
        assert_each_once_and_in_order(page)


def test_what_another_process_wrote_is_found_without_a_hint(
    browser: Browser, board_server: Server, contexts: list[BrowserContext]
) -> None:
    """Without Redis nobody tells the server; its hub asks the database every few seconds."""
    page = window(browser, board_server, contexts, DESKTOP)
    state(page, "live")
    room.post(5)
    connection.close()
    shows(page, [5])
    assert page.evaluate("states") == ["live"]


def test_a_second_process_serves_the_same_page(
    browser: Browser, board_server: Server, contexts: list[BrowserContext], django_db_setup: Any
) -> None:
    """With Redis the hint goes from one process to the other; without, the hub of the other asks."""
    page = window(browser, board_server, contexts, DESKTOP)
    state(page, "live")
    expect(page.locator("#here")).to_have_text("1", timeout=SOON)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    second = Server(django_db_setup.url, "tests.browser.board.settings")
    try:
        second.start()
        elsewhere = window(browser, second, contexts, PHONE)
        state(elsewhere, "live")
        for number in (1, 2, 3):
            posted(second, number)
        for each in (page, elsewhere):
            shows(each, [1, 2, 3])
            assert_each_once_and_in_order(each)
        if settings.REDIS_URL:
            assert fetched == []
            for each in (page, elsewhere):
                expect(each.locator("#here")).to_have_text("2", timeout=SOON)
        else:
            assert all("/live/catch-up/" in url for url in fetched)
    finally:
        second.close()


BLOCKED = {
    "refused": "window.WebSocket = class { constructor() { throw new DOMException('blocked') } }",
    "never opens": "window.WebSocket = class { close() {} send() {} }",
}


@pytest.mark.parametrize("how", BLOCKED)
def test_where_sockets_are_blocked_the_page_asks(
    browser: Browser, board_server: Server, contexts: list[BrowserContext], how: str
) -> None:
    page = window(browser, board_server, contexts, PHONE, BLOCKED[how])
    posted(board_server, 1)
    shows(page, [1])
    state(page, "asking")
    posted(board_server, 2)
    shows(page, [1, 2])
    assert_each_once_and_in_order(page)


def test_a_paused_page_waits_and_says_how_much(
    browser: Browser, board_server: Server, contexts: list[BrowserContext]
) -> None:
    page = window(browser, board_server, contexts, DESKTOP)
    state(page, "live")
    page.evaluate("list => list.dispatchEvent(new Event('live:pause'))", page.query_selector("ol"))
    state(page, "paused")
    posted(board_server, 1)
    expect(page.locator("#behind")).to_have_text("2")  # asked, said
    posted(board_server, 2)
    expect(page.locator("#behind")).to_have_text("4")
    shows(page, [])
    page.evaluate("list => list.dispatchEvent(new Event('live:resume'))", page.query_selector("ol"))
    shows(page, [1, 2])
    state(page, "live")
    assert_each_once_and_in_order(page)


def test_a_server_that_stops_says_goodbye_and_everybody_comes_back(
    browser: Browser, board_server: Server, contexts: list[BrowserContext]
) -> None:
    page = window(browser, board_server, contexts, DESKTOP)
    state(page, "live")
    address = board_server.address.replace("http", "ws") + "/ws/live/?s=slate.1:0"
    with connect(address, origin=board_server.address) as socket:  # type: ignore[arg-type]
        socket.recv()
        board_server.stop()
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                socket.recv(20)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1012
    board_server.start()
    posted(board_server, 1)
    shows(page, [1])
    state(page, "live")


def test_a_page_that_was_away_too_long_is_told_to_load_anew(
    browser: Browser, board_server: Server, contexts: list[BrowserContext]
) -> None:
    page = window(browser, board_server, contexts, DESKTOP)
    state(page, "live")
    page.evaluate("list => list.dispatchEvent(new Event('live:pause'))", page.query_selector("ol"))
    posted(board_server, 1)
    expect(page.locator("#behind")).to_have_text("2")
    Event.objects.all().delete()
    connection.close()
    page.evaluate("list => list.dispatchEvent(new Event('live:resume'))", page.query_selector("ol"))
    expect(page.locator("#resets")).to_have_text("1", timeout=SOON)
    posted(board_server, 2)
    page.wait_for_selector("#note-2")
    expect(page.locator("#resets")).to_have_text("1")
