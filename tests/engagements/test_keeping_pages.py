"""A page that evidence hangs on is not deleted, and saying so is a message, not an error page."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from collaborative.consultations.models import ConsultationPage
from collaborative.people.models import User
from tests.consultations import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(administrator: User, client_for: Callable[[User], Client]) -> Client:
    administrator.is_superuser = True
    administrator.save()
    return client_for(administrator)


def test_deleting_a_published_consultation_is_refused_with_a_message(admin: Client) -> None:
    page = making.consultation().page
    answer = admin.post(reverse("wagtailadmin_pages:delete", args=[page.pk]), follow=True)
    assert answer.status_code == 200
    assert "Unpublish it instead" in answer.content.decode()
    assert ConsultationPage.objects.filter(pk=page.pk).exists()


def test_deleting_what_stands_above_it_is_refused_too(admin: Client) -> None:
    page = making.consultation().page
    admin.post(reverse("wagtailadmin_pages:delete", args=[making.index().pk]))
    assert ConsultationPage.objects.filter(pk=page.pk).exists()


def test_deleting_in_bulk_is_refused_with_a_message(admin: Client) -> None:
    page = making.consultation().page
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    answer = admin.post(f"{address}?id={page.pk}", follow=True)
    assert "Unpublish it instead" in answer.content.decode()
    assert ConsultationPage.objects.filter(pk=page.pk).exists()


def test_a_draft_that_nobody_published_may_go(admin: Client) -> None:
    page = making.draft()
    admin.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    assert not ConsultationPage.objects.filter(pk=page.pk).exists()
