"""What those who make figures public find in the Wagtail admin."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from collaborative.flow import staff_views
from collaborative.flow.permissions import user_may_cut_release
from collaborative.staff import RoleMenuItem


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [path("figures/", staff_views.releases, name="flow_releases")]


@hooks.register("register_admin_menu_item")
def figures_item() -> RoleMenuItem:
    return RoleMenuItem(
        _("Figures"),
        reverse("flow_releases"),
        name="figures",
        icon_name="history",
        order=150,
        shown_to=user_may_cut_release,
    )
