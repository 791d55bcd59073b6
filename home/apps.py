from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save

# Saving one of these by name can change what the public sees; anything else by name is bookkeeping of drafts.
PUBLIC_FIELDS = frozenset({"live", "live_revision", "slug", "title", "url_path"})


class HomeConfig(AppConfig):
    name = "home"
    label = "home"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail import signals
        from wagtail.models import PageViewRestriction, get_page_models

        from collaborative import pagecache
        from collaborative.outcomes.models import Seat
        from home.models import SiteSettings

        # Home is the top of the house and shows a little of everything, so it is here that a page of
        # whatever room, published, changed, moved or taken down, puts every kept page out of reach.
        for model in get_page_models():
            name = f"home:{model._meta.label}"
            post_save.connect(on_page_saved, sender=model, dispatch_uid=f"{name}:save")
            post_delete.connect(on_public_change, sender=model, dispatch_uid=f"{name}:delete")
        for signal in (signals.page_unpublished, signals.post_page_move, signals.page_slug_changed):
            signal.connect(on_public_change, dispatch_uid="home:page")
        pagecache.watch(Seat, SiteSettings, PageViewRestriction)


def on_page_saved(instance: Any, **kwargs: Any) -> None:
    """A page was saved whole, or a live one in a part that shows. Autosave leaves the cache alone."""
    named = kwargs.get("update_fields")
    shows = named is None or (instance.live and PUBLIC_FIELDS & set(named))
    if shows and not kwargs.get("raw"):
        on_public_change()


def on_public_change(**kwargs: Any) -> None:
    from collaborative import pagecache

    pagecache.touch()
