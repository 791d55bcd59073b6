"""The workshop that an address names: published, and behind no password."""

from django.db.models import QuerySet
from django.http import Http404
from wagtail.models import Page

from collaborative.engagements.models import Engagement


def _published() -> QuerySet[Engagement]:
    rows = Engagement.objects.filter(kind=Engagement.Kind.SESSION, page__in=Page.objects.live().public())
    return rows.select_related("page")


def standing(pk: int) -> Engagement | None:
    return _published().filter(pk=pk).first()


def by_slug(slug: str) -> Engagement:
    """Raises Http404."""
    found = _published().filter(slug=slug).first()
    if found is None:
        raise Http404
    return found
