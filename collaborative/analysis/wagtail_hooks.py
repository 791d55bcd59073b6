"""What analysts find in the Wagtail admin."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component

from collaborative.analysis.permissions import user_may_code
from collaborative.analysis.views import campaigns, codebook, workbench
from collaborative.staff import RoleMenuItem


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("sort/", workbench.sort, name="analysis_sort"),
        path("sort/<str:reference>/", workbench.passage, name="analysis_passage"),
        path("sort/<str:reference>/no-topic/", workbench.no_topic, name="analysis_no_topic"),
        path("sort/take-back/<int:pk>/", workbench.take_back, name="analysis_take_back"),
        path("topics/", codebook.topics, name="analysis_topics"),
        path("topics/new/", codebook.new_topic, name="analysis_new_topic"),
        path("topics/<slug:code>/", codebook.topic, name="analysis_topic"),
        path("topics/<slug:code>/words/", codebook.word_topic, name="analysis_word_topic"),
        path("campaigns/", campaigns.campaigns, name="analysis_campaigns"),
        path("campaigns/look/", campaigns.look, name="analysis_look"),
        path("campaigns/suggested/<int:pk>/", campaigns.suggestion, name="analysis_suggestion"),
        path("campaigns/<int:pk>/", campaigns.campaign, name="analysis_campaign"),
    ]


LINES = [  # label, name of the address, icon, place in the menu
    (_("Sort what people said"), "analysis_sort", "tag", 140),
    (_("List of topics"), "analysis_topics", "list-ul", 141),
    (_("Campaigns"), "analysis_campaigns", "copy", 142),
]


def _item(label: Any, address: str, icon: str, order: int) -> RoleMenuItem:
    return RoleMenuItem(
        label, reverse(address), name=address, icon_name=icon, order=order, shown_to=user_may_code
    )


for line in LINES:
    hooks.register("register_admin_menu_item", partial(_item, *line))


class SortPanel(Component):
    """On the admin's first page: the way to the workbench. It needs no JavaScript, as the sidebar does."""

    name = "sort"
    template_name = "analysis/home_panel.html"
    order = 60

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"lines": [(label, reverse(address)) for label, address, _icon, _order in LINES]}


@hooks.register("construct_homepage_panels")
def add_panel(request: HttpRequest, panels: list[Any]) -> None:
    if user_may_code(request.user):
        panels.append(SortPanel())
