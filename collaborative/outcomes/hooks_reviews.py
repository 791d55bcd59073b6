"""The staff side of looking at answers again: its addresses, and its line in the menu."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from collaborative.outcomes.permissions import user_may_review
from collaborative.outcomes.views import reviewing
from collaborative.staff import RoleMenuItem


@hooks.register("register_admin_urls")
def review_urls() -> list[URLPattern]:
    return [
        path("answers-again/", reviewing.answers, name="decision_reviews"),
        path("answers-again/<int:pk>/", reviewing.answer, name="decision_review"),
    ]


@hooks.register("register_admin_menu_item")
def reviews_item() -> RoleMenuItem:
    return RoleMenuItem(
        _("Does it still hold?"),
        reverse("decision_reviews"),
        name="answers-again",
        icon_name=reviewing.ICON,
        order=245,
        shown_to=user_may_review,
    )
