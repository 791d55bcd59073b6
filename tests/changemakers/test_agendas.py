"""Agendas to start from: whatever time there is, they fit it."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from collaborative.changemakers import agendas
from collaborative.changemakers.models import SessionPage
from collaborative.people.models import User
from tests.changemakers.test_publishing import form
from tests.changemakers.workshops import draft


@pytest.mark.parametrize("key", agendas.AGENDAS)
def test_an_agenda_fits_any_time_that_is_long_enough(key: str) -> None:
    agenda = agendas.AGENDAS[key]
    for minutes in range(agendas.STEP * len(agenda.parts), 400):
        lengths = agendas.fitted(agenda, minutes)
        assert sum(lengths) == minutes and min(lengths) >= agendas.STEP, minutes
    assert agendas.fitted(agenda, None) == [part.minutes for part in agenda.parts]


@pytest.mark.django_db
def test_choosing_one_fills_in_the_parts_of_a_page_without_any(client_for: Any, editor: User) -> None:
    page = draft(stages=[])
    data = {name: value for name, value in form(page, 1).items() if not name.startswith("stages-0")}
    data |= {"stages-count": "0", "agenda": "share-and-choose"}
    response = client_for(editor).post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)
    assert response.status_code == 302, response.content.decode()[:3000]
    page = SessionPage.objects.live().get()
    assert sum(block.value["minutes"] for block in page.stages) == 60
    assert page.closes_at - page.opens_at == timedelta(minutes=60)
    stages = list(page.engagement.stages.values_list("kind", flat=True))
    assert stages == [part.kind for part in agendas.AGENDAS["share-and-choose"].parts]
    board = page.engagement.stages.get(kind="board")
    assert board.settings["columns"] == ["What works", "What gets in the way", "What would help"]


@pytest.mark.django_db
def test_parts_that_somebody_wrote_stay(client_for: Any, editor: User) -> None:
    page = draft()
    data = form(page, 60) | {"agenda": "short"}
    assert (
        client_for(editor).post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data).status_code == 302
    )
    (stage,) = SessionPage.objects.live().get().stages
    assert stage.value["title"] == "Talk"


@pytest.mark.django_db
def test_the_editor_offers_them(client_for: Any, editor: User) -> None:
    page = draft(stages=[])
    found = client_for(editor).get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "Start from an agenda" in found and "Follow a real journey" in found
