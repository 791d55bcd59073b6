"""What those who run workshops find in the Wagtail admin: who comes, and the way into the room."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component

from collaborative.changemakers.clock import when_of
from collaborative.changemakers.clusters import views as groups
from collaborative.changemakers.clusters.permissions import user_may_see_groups
from collaborative.changemakers.models import SessionPage
from collaborative.changemakers.room.permissions import RUN_ANY
from collaborative.changemakers.seats import staff
from collaborative.changemakers.seats.permissions import user_may_see_places
from collaborative.changemakers.writeup import staff as writing
from collaborative.changemakers.writeup.permissions import user_finds_write_ups
from collaborative.people.models import User
from collaborative.people.roles import has_role
from collaborative.staff import RoleMenuItem

SOON = timedelta(hours=24)
MOST_SHOWN = 10


@hooks.register("register_admin_urls")
def places_urls() -> list[URLPattern]:
    return [
        path("places/", staff.workshops, name="places"),
        path("places/<int:pk>/", staff.workshop, name="places_of"),
        path("places/<int:pk>/add/", staff.add, name="places_add"),
        path("places/<int:pk>/off/<int:registration>/", staff.take_off, name="places_off"),
        path("places/<int:pk>/door.csv", staff.door, name="places_door"),
    ]


@hooks.register("register_admin_urls")
def groups_urls() -> list[URLPattern]:
    return [
        path("groups-of-notes/", groups.workshops, name="note_groups"),
        path("groups-of-notes/<int:pk>/", groups.workshop, name="note_groups_of"),
        path("groups-of-notes/<int:pk>/new-idea/", groups.new_idea, name="note_idea_new"),
        path("ideas/<int:pk>/", groups.idea, name="note_idea"),
    ]


@hooks.register("register_admin_urls")
def write_up_urls() -> list[URLPattern]:
    return [
        path("write-ups/", writing.workshops, name="write_ups"),
        path("write-ups/<int:pk>/", writing.workshop, name="write_up_of"),
        path("write-ups/<int:pk>/put-right/<int:correction>/", writing.answer, name="write_up_answer"),
    ]


@hooks.register("register_admin_menu_item")
def groups_item() -> RoleMenuItem:
    return RoleMenuItem(
        _("Groups of notes"),
        reverse("note_groups"),
        name="note-groups",
        icon_name=groups.ICON,
        order=143,
        shown_to=user_may_see_groups,
    )


@hooks.register("register_admin_menu_item")
def write_ups_item() -> RoleMenuItem:
    return RoleMenuItem(
        _("Write-ups"),
        reverse("write_ups"),
        name="write-ups",
        icon_name=writing.ICON,
        order=152,
        shown_to=user_finds_write_ups,
    )


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


class WorkshopsToRun(Component):
    """On the admin's first page: workshops that go on now or begin within a day, with the way to run them."""

    name = "workshops-to-run"
    template_name = "changemakers/room/home_panel.html"
    order = 54

    def __init__(self, pages: list[SessionPage]) -> None:
        self.pages = pages

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        rows = [
            {
                "title": page.title,
                "when": when_of(page.engagement),
                "url": reverse("room_console", args=[page.engagement.slug]),
            }
            for page in self.pages
        ]
        return {"rows": rows}


def to_run(user: User) -> list[SessionPage]:
    """Published workshops that this person may run and that are due (`user_may_facilitate`). One query."""
    now = timezone.now()
    named = Q() if has_role(user, *RUN_ANY) else Q(facilitator=user)
    due = Q(engagement__opens_at__lte=now + SOON, engagement__closes_at__gte=now)
    rows = SessionPage.objects.live().filter(named, due).select_related("engagement")
    return list(rows.order_by("engagement__opens_at")[:MOST_SHOWN])


@hooks.register("construct_homepage_panels")
def add_workshops(request: HttpRequest, panels: list[Any]) -> None:
    pages = to_run(request.user)  # type: ignore[arg-type]
    if pages:
        panels.append(WorkshopsToRun(pages))
