"""What those who run workshops find in the Wagtail admin: who comes."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from collaborative.changemakers.seats import staff
from collaborative.changemakers.seats.permissions import user_may_see_places
from collaborative.staff import RoleMenuItem


@hooks.register("register_admin_urls")
def places_urls() -> list[URLPattern]:
    return [
        path("places/", staff.workshops, name="places"),
        path("places/<int:pk>/", staff.workshop, name="places_of"),
        path("places/<int:pk>/add/", staff.add, name="places_add"),
        path("places/<int:pk>/off/<int:registration>/", staff.take_off, name="places_off"),
        path("places/<int:pk>/door.csv", staff.door, name="places_door"),
    ]


@hooks.register("register_admin_menu_item")
def places_item() -> RoleMenuItem:
    return RoleMenuItem(
        _("Places"),
        reverse("places"),
        name="places",
        icon_name="group",
        order=151,
        shown_to=user_may_see_places,
    )
