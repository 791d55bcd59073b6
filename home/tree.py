"""The pages that every site has, so that each address answers from the first day. Idempotent."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from collaborative.changemakers.models import SessionIndexPage
from collaborative.consultations.models import ConsultationIndexPage
from collaborative.outcomes.models import DecisionIndexPage, ModelPage, RecommendationIndexPage
from home.models import HomePage, StandardPage

# Slug, kind and title of what stands under home. The addresses never change; editors may change the titles.
ROOMS: list[tuple[str, type[Page], Any]] = [
    ("consultations", ConsultationIndexPage, _("Have your say")),
    ("changemakers", SessionIndexPage, _("Workshops")),
    ("decisions", DecisionIndexPage, _("What changed")),
    ("model", ModelPage, _("Our plan")),
    ("recommendations", RecommendationIndexPage, _("Recommendations")),
]
STANDING = [
    ("about", _("About us"), _("The people who run this site say here who they are and how they decide.")),
    ("accessibility", _("Accessibility"), _("What works, what does not yet, and whom to tell.")),
    ("privacy", _("Privacy"), _("What we ask, why, how long we keep it, and your rights.")),
]


def lay_out(*, with_standing_pages: bool = True) -> HomePage:
    """Make whatever is missing of the tree, and point the site at its home page."""
    with transaction.atomic():
        home = HomePage.objects.first() or _make_home()
        _point_site_at(home)
        for slug, kind, title in ROOMS:
            if not kind._default_manager.exists():
                # Published from the start, but the plan: it is published with its first version.
                home.add_child(instance=kind(title=title, slug=slug, live=kind is not ModelPage))
        if with_standing_pages:
            for slug, title, introduction in STANDING:
                if not home.get_children().filter(slug=slug).exists():
                    home.add_child(instance=StandardPage(title=title, slug=slug, introduction=introduction))
    return home


def _make_home() -> HomePage:
    root = Page.objects.get(depth=1)
    home: HomePage = root.add_child(instance=HomePage(title=_("Home"), slug="front", live=True))
    return home


def _point_site_at(home: HomePage) -> None:
    parts = urlsplit(settings.BASE_URL)
    wanted = {
        "root_page_id": home.pk,
        "hostname": parts.hostname or "localhost",
        "port": parts.port or (443 if parts.scheme == "https" else 80),
        "site_name": settings.SITE_NAME,
    }
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    if any(getattr(site, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(site, name, value)
        site.save()
    # Wagtail's own welcome page, while nobody has made it theirs.
    welcome = Page.objects.filter(depth=2, slug="home", numchild=0, owner=None).exclude(pk=home.pk).first()
    if welcome is not None and welcome.specific_class is Page:
        welcome.delete()
