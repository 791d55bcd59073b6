"""How those who run a workshop come to its console: from the admin's first page, when it is due."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from collaborative.people.models import User
from tests.changemakers import boarding
from tests.changemakers.workshops import workshop

pytestmark = pytest.mark.django_db
CONSOLE = "/changemakers/{}/facilitate/"


def first_page(client_for: Any, user: User) -> str:
    response = client_for(user).get("/admin/")
    assert response.status_code == 200
    return str(response.content.decode())


def test_what_is_due_leads_to_its_console_and_what_is_not_does_not(client_for: Any) -> None:
    now = timezone.now()
    for slug, hours in (("on-now", -0.2), ("this-evening", 8), ("next-week", 170), ("last-week", -170)):
        workshop(slug, starts=now + timedelta(hours=hours))
    page = first_page(client_for, boarding.facilitator())
    assert CONSOLE.format("on-now") in page
    assert page.index(CONSOLE.format("on-now")) < page.index(CONSOLE.format("this-evening"))
    assert CONSOLE.format("next-week") not in page
    assert CONSOLE.format("last-week") not in page


def test_whoever_does_not_run_it_is_not_shown_the_way(client_for: Any, moderator: User) -> None:
    one = workshop("on-now", starts=timezone.now() - timedelta(minutes=10))
    assert CONSOLE.format("on-now") not in first_page(client_for, moderator)
    one.facilitator = moderator
    one.save()
    assert CONSOLE.format("on-now") in first_page(client_for, moderator)
