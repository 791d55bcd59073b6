"""The staff side of the site itself."""

import re

import pytest
from django.urls import reverse

from home.models import HomePage
from tests.home import scene

pytestmark = pytest.mark.django_db


def test_the_menu_holds_only_what_an_editor_needs(client_for, editor) -> None:
    html = client_for(editor).get("/admin/").content.decode()
    assert "/admin/pages/" in html and "/admin/images/" not in html


def test_the_home_page_can_be_edited_and_no_second_one_made(client_for, editor) -> None:
    home = scene.home()
    browser = client_for(editor)
    assert browser.get(reverse("wagtailadmin_pages:edit", args=[home.pk])).status_code == 200
    address = reverse("wagtailadmin_pages:add", args=["home", "homepage", home.get_parent().pk])
    assert browser.get(address).status_code in (302, 403)
    assert HomePage.objects.count() == 1


def test_settings_of_the_site_are_for_administrators(client_for, administrator, facilitator) -> None:
    scene.home()
    address = reverse("wagtailsettings:edit", args=["home", "sitesettings"])
    assert client_for(administrator).get(address, follow=True).status_code == 200
    assert client_for(facilitator).get(address).status_code == 302


def test_the_button_moves_the_plan_on_and_enter_does_not(client_for, editor, board_member) -> None:
    page = scene.two_versions()
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    in_turn = r'<input type="submit" hidden>.*{}.*Save draft'
    at_the_foot = client_for(editor).get(address).content.decode().partition("<footer")[2]
    assert re.search(in_turn.format("Submit to Board approval"), at_the_foot, re.DOTALL)
    page.get_workflow().start(page.save_revision(user=editor).as_object(), editor)
    at_the_foot = client_for(board_member).get(address).content.decode().partition("<footer")[2]
    assert re.search(in_turn.format("Approve and Publish"), at_the_foot, re.DOTALL)
    assert at_the_foot.count('<input type="submit" hidden>') == 1
