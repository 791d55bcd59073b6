"""Before anything is published, an editor sees every question as people will answer it."""

from collections.abc import Callable

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from collaborative.consultations.models import Question
from collaborative.people.models import User
from tests.consultations.making import block, draft, five_kinds, new_kinds, only_if
from tests.consultations.test_kinds import text
from tests.engagements.test_gates import posted

pytestmark = pytest.mark.django_db


def test_each_kind_of_question_stands_in_the_preview(
    editor: User, client_for: Callable[[User], Client]
) -> None:
    page = draft([*five_kinds(), *new_kinds(), block("last", ask_if=[only_if("when", "p7")])])
    client = client_for(editor)
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    assert client.post(address, posted(page, client)).json()["is_valid"]
    shown = client.get(address, {"mode": "standard"})
    assert shown.status_code == 200 and not Question.objects.exists()
    words = text(shown)
    for wanted in (
        'name="q-when-chosen"',
        'name="q-who-chosen"',
        'name="q-feel-text"',
        'name="q-promises-chosen-p6"',
        'name="q-lines-chosen-travel"',
        'name="q-far-number"',
        'name="q-since-year"',
        "Only if you ticked “In P7” at question 1.",
    ):
        assert wanted in words
    assert "When do you want it?" in text(client.get(address, {"mode": "young"}))
    assert "When do you want it?" not in words
    assert "Ways to answer" in text(client.get(address, {"mode": ""}))


def test_no_two_fields_of_the_preview_have_one_id() -> None:
    page = draft([*five_kinds(), *new_kinds()])
    request = RequestFactory().get("/")
    content = page.serve_preview(request, "standard").content.decode()
    from bs4 import BeautifulSoup

    ids = [one["id"] for one in BeautifulSoup(content, "html.parser").find_all(id=True)]
    assert len(set(ids)) == len(ids)
