"""The staff side of the site itself: only what an editor needs stands in the menu."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.images.wagtail_hooks import ImagesSummaryItem

# No page of this site holds pictures, and Wagtail's own help is written for those who build sites.
UNUSED = frozenset({"images", "help"})


@hooks.register("construct_main_menu")
def hide_what_is_unused(request: HttpRequest, menu_items: list[Any]) -> None:
    menu_items[:] = [item for item in menu_items if item.name not in UNUSED]


@hooks.register("construct_homepage_summary_items")
def leave_pictures_uncounted(request: HttpRequest, summary_items: list[Any]) -> None:
    summary_items[:] = [item for item in summary_items if not isinstance(item, ImagesSummaryItem)]
