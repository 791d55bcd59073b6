"""What every page has in common, in a real browser: signing in, the page that is not there, the admin."""

from collections.abc import Callable

import pytest
from django.db import connection
from playwright.sync_api import expect

from collaborative.people.models import User
from tests.browser.conftest import Site, assert_no_sideways_scrolling
from tests.cast import PASSWORD


def test_signing_in_leads_staff_to_the_admin(site: Site, editor: User, width: int, javascript: bool) -> None:
    page = site.window(width=width, javascript=javascript)
    page.goto("/admin/")
    assert page.locator("h1").inner_text() == "Sign in"
    page.get_by_label("Email").fill(editor.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")


def test_a_wrong_password_is_said_and_the_address_stays(
    site: Site, width: int, assert_axe_clean: Callable[..., None]
) -> None:
    page = site.window(width=width)
    page.goto("/accounts/login/")
    assert_axe_clean(page)
    assert_no_sideways_scrolling(page)
    page.get_by_label("Email").fill("nobody@example.org")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Email")).to_have_value("nobody@example.org")
    assert_axe_clean(page)


def test_a_wrong_address_gets_a_helpful_page(
    site: Site, width: int, assert_axe_clean: Callable[..., None]
) -> None:
    page = site.window(width=width, statuses=(404,))
    answer = page.goto("/no-such-page/")
    assert answer is not None
    assert answer.status == 404
    assert page.locator("h1").count() == 1
    assert_axe_clean(page)
    assert_no_sideways_scrolling(page)


@pytest.mark.parametrize("address", ["/admin/", "/admin/pages/", "/admin/account/"])
def test_the_admin_works_under_its_own_policy(site: Site, administrator: User, address: str) -> None:
    page = site.window(user=administrator)
    answer = page.goto(address)
    assert answer is not None
    assert answer.ok
    assert page.url == f"{site.address}{address}"
    page.wait_for_load_state("networkidle")


def test_the_server_and_the_test_share_a_database(site: Site, editor: User) -> None:
    page = site.window(user=editor)
    page.goto("/admin/account/")
    assert page.locator("input[value=Edith]").count() == 1
    assert connection.vendor in {"sqlite", "postgresql"}
