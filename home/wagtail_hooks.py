"""The staff side of the site itself: only what an editor needs stands in the menu."""

from typing import Any

from django.forms import Media
from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.images.wagtail_hooks import ImagesSummaryItem

# No page of this site holds pictures, and Wagtail's own help is written for those who build sites.
UNUSED = frozenset({"images", "help"})
# What the board does with a page that waits for it, and what brings a page before the board.
MOVING_ON = ("approve", "action-submit")


@hooks.register("construct_main_menu")
def hide_what_is_unused(request: HttpRequest, menu_items: list[Any]) -> None:
    menu_items[:] = [item for item in menu_items if item.name not in UNUSED]


@hooks.register("construct_homepage_summary_items")
def leave_pictures_uncounted(request: HttpRequest, summary_items: list[Any]) -> None:
    summary_items[:] = [item for item in summary_items if not isinstance(item, ImagesSummaryItem)]


class Foremost(ActionMenuItem):
    """Another item as the button itself. Enter in a field still only keeps the draft: a browser presses the
    first button of a form, and nobody approves a page by finishing a line."""

    template_name = "staff/foremost.html"

    def __init__(self, item: ActionMenuItem) -> None:
        super().__init__(order=item.order)
        self.item, self.name, self.label = item, item.name, item.label

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"item": self.item.render_html(parent_context)}

    @property
    def media(self) -> Media:
        return self.item.media


@hooks.register("construct_page_action_menu")
def what_moves_a_page_on_comes_first(
    menu_items: list[Any], request: HttpRequest, context: dict[str, Any]
) -> None:
    """The button is what somebody came for; keeping a draft stands behind it, and happens by itself."""
    ahead = next((item for name in MOVING_ON for item in menu_items if item.name == name), None)
    if ahead is not None and context["view"] == "edit":
        menu_items.remove(ahead)
        menu_items.insert(0, Foremost(ahead))
