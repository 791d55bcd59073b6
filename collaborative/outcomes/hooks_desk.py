"""The staff side of deciding: the addresses of the decider's desk, and its line in the menu."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from collaborative.outcomes.permissions import user_may_see_desk
from collaborative.outcomes.views import deciding
from collaborative.staff import RoleMenuItem


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLPattern]:
    return [
        path("to-decide/", deciding.engagements, name="decider_desks"),
        path("to-decide/<int:pk>/", deciding.engagement, name="decider_desk"),
        path("to-decide/<int:pk>/decision/", deciding.decide, name="decider_begin"),
        path("to-decide/<int:pk>/close-off/", deciding.close_off, name="decider_close_off"),
        path("to-decide/<int:pk>/<int:theme>/", deciding.put_off, name="decider_put_off"),
    ]


@hooks.register("register_admin_menu_item")
def desk_item() -> RoleMenuItem:
    return RoleMenuItem(
        _("To decide"),
        reverse("decider_desks"),
        name="to-decide",
        icon_name=deciding.ICON,
        order=244,
        shown_to=user_may_see_desk,
    )
