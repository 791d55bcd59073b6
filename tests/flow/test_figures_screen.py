"""Cutting a release by hand, in the admin: who may, with which reason, and what stands there afterwards."""

from collections.abc import Callable

import pytest
from django.test import Client

from collaborative.contributions.models import LedgerEvent
from collaborative.figures.models import Release
from collaborative.people.models import User

pytestmark = pytest.mark.django_db
HERE = "/admin/figures/"


def test_an_analyst_counts_now_and_says_why(analyst: User, client_for: Callable[[User], Client]) -> None:
    client = client_for(analyst)
    page = client.post(HERE, {"reason": "The board meets today"}, follow=True).content.decode()
    assert "New figures are public." in page
    release = Release.objects.get()
    assert (release.cut_by, release.reason) == (analyst, "The board meets today")
    assert "The board meets today" in page
    assert LedgerEvent.objects.filter(verb="release.cut", actor=analyst).count() == 1


def test_the_same_figures_make_no_new_release(analyst: User, client_for: Callable[[User], Client]) -> None:
    client = client_for(analyst)
    client.post(HERE, {"reason": "Once"})
    page = client.post(HERE, {"reason": "Twice"}, follow=True).content.decode()
    assert "The figures are the same as before." in page
    assert Release.objects.count() == 1


def test_without_a_reason_nothing_is_counted(analyst: User, client_for: Callable[[User], Client]) -> None:
    answer = client_for(analyst).post(HERE, {"reason": " "})
    assert answer.status_code == 422
    assert "Say why the figures are counted now." in answer.content.decode()
    assert not Release.objects.exists()


def test_others_do_not_count(moderator: User, editor: User, client_for: Callable[[User], Client]) -> None:
    for person in (moderator, editor):
        client_for(person).post(HERE, {"reason": "Because"})
    assert not Release.objects.exists()
