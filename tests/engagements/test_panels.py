"""What an editor fills in: boxes to tick for the audiences, and nothing that is for workshops alone."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from collaborative.consultations.models import ConsultationPage
from collaborative.people.models import User
from tests.consultations import making
from tests.engagements.test_gates import posted

pytestmark = pytest.mark.django_db


def test_audiences_are_boxes_and_those_that_are_ticked_are_kept(
    editor: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(editor)
    page = making.draft(audiences=["parents", "practitioners"])
    making.group("employers")
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = BeautifulSoup(client.get(address).content, "html.parser")
    boxes = form.find_all("input", attrs={"type": "checkbox", "name": "audiences"})
    assert len(boxes) == 3 and sum(box.has_attr("checked") for box in boxes) == 2
    assert not form.find(attrs={"name": "cover_throughout"}), "only a workshop can be covered throughout"
    data = posted(page, client)
    assert client.post(address, {**data, "action-publish": "1"}).status_code == 302
    again = ConsultationPage.objects.get(pk=page.pk)
    assert {one.slug for one in again.audiences.all()} == {"parents", "practitioners"}


def test_the_first_page_of_the_admin_names_only_what_waits(
    editor: User, client_for: Callable[[User], Client]
) -> None:
    making.home()
    text = client_for(editor).get("/admin/").content.decode()
    assert "Feedback overdue" not in text and "Classes that ask to take part" not in text
