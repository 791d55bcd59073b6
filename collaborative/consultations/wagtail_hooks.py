"""What those who run consultations find in the Wagtail admin: classes that ask to take part; paper, files;
downloads for the team."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component

from collaborative.consultations.classes import staff
from collaborative.consultations.classes.permissions import user_may_decide_classes
from collaborative.consultations.exports.permissions import user_may_decide_raw, user_may_see_exports
from collaborative.consultations.imports.permissions import user_may_key_in
from collaborative.consultations.models import ClassSession, RawRequest
from collaborative.consultations.permissions import user_may_see_feedback
from collaborative.consultations.views import closing, editions, exporting, feedback, importing, keying
from collaborative.staff import RoleMenuItem


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("classes/", staff.classes, name="classes"),
        path("classes/<int:pk>/", staff.decide, name="class_decide"),
    ]


@hooks.register("register_admin_menu_item")
def classes_item() -> RoleMenuItem:
    return RoleMenuItem(
        _("Classes"),
        reverse("classes"),
        name="classes",
        icon_name="group",
        order=150,
        shown_to=user_may_decide_classes,
    )


class WaitingClasses(Component):
    """On the admin's first page: classes that nobody has decided."""

    name = "waiting-classes"
    template_name = "consultations/classes/home_panel.html"
    order = 55

    def __init__(self, n: int) -> None:
        self.n = n

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"url": reverse("classes"), "n": self.n}


@hooks.register("construct_homepage_panels")
def add_classes(request: HttpRequest, panels: list[Any]) -> None:
    if user_may_decide_classes(request.user):
        n = ClassSession.objects.filter(state=ClassSession.State.ASKED).count()
        if n:
            panels.append(WaitingClasses(n))


@hooks.register("register_admin_urls")
def import_urls() -> list[URLPattern]:
    return [
        path("answers/", keying.home, name="imports_home"),
        path("answers/<int:pk>/key-in/", keying.key_in, name="imports_key_in"),
        path("answers/<int:pk>/file/", importing.bring, name="imports_bring"),
        path("answers/<int:pk>/form/<slug:kind>/", importing.form, name="imports_form"),
        path("answers/files/<int:pk>/", importing.file, name="imports_file"),
        path("answers/files/<int:pk>/problems/", importing.problems, name="imports_problems"),
    ]


@hooks.register("register_admin_urls")
def closing_urls() -> list[URLPattern]:
    return [
        path("consultations/<int:pk>/closing/", closing.move, name="move_closing"),
        path("consultations/<int:pk>/editions/", editions.overview, name="editions"),
    ]


@hooks.register("register_admin_menu_item")
def imports_item() -> RoleMenuItem:
    return RoleMenuItem(
        _("Paper and files"),
        reverse("imports_home"),
        name="imports",
        icon_name="doc-empty-inverse",
        order=139,
        shown_to=user_may_key_in,
    )


@hooks.register("register_admin_urls")
def export_urls() -> list[URLPattern]:
    return [
        path("downloads/", exporting.home, name="exports_home"),
        path("downloads/<int:pk>/", exporting.place, name="exports_of"),
        path("downloads/<int:pk>/raw/", exporting.ask, name="exports_ask"),
        path("downloads/raw/<int:pk>/", exporting.raw, name="exports_raw"),
    ]


@hooks.register("register_admin_menu_item")
def exports_item() -> RoleMenuItem:
    return RoleMenuItem(
        _("Downloads for the team"),
        reverse("exports_home"),
        name="exports",
        icon_name="download",
        order=143,
        shown_to=user_may_see_exports,
    )


class WaitingRaw(Component):
    """On the admin's first page: raw answers that somebody else asked for."""

    name = "waiting-raw"
    template_name = "consultations/staff/raw_panel.html"
    order = 61

    def __init__(self, n: int) -> None:
        self.n = n

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"url": reverse("exports_home"), "n": self.n}


@hooks.register("construct_homepage_panels")
def add_raw(request: HttpRequest, panels: list[Any]) -> None:
    if user_may_decide_raw(request.user):
        asked = RawRequest.objects.filter(state=RawRequest.State.ASKED).exclude(by=request.user.pk)
        n = asked.count()
        if n:
            panels.append(WaitingRaw(n))


@hooks.register("register_admin_urls")
def feedback_urls() -> list[URLPattern]:
    return [
        path("feedback/", feedback.overview, name="feedback_overview"),
        path("feedback/<int:pk>/", feedback.one, name="feedback_one"),
    ]


@hooks.register("register_admin_menu_item")
def feedback_item() -> RoleMenuItem:
    return RoleMenuItem(
        _("What came of it"),
        reverse("feedback_overview"),
        name="feedback",
        icon_name="mail",
        order=145,
        shown_to=user_may_see_feedback,
    )


class OverdueFeedback(Component):
    """On the admin's first page: consultations that closed long ago and have no answer (CON-4)."""

    name = "overdue-feedback"
    template_name = "consultations/staff/feedback_panel.html"
    order = 57

    def __init__(self, n: int) -> None:
        self.n = n

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"url": reverse("feedback_overview"), "n": self.n}


@hooks.register("construct_homepage_panels")
def add_overdue(request: HttpRequest, panels: list[Any]) -> None:
    if user_may_see_feedback(request.user) and (n := feedback.overdue_count()):
        panels.append(OverdueFeedback(n))
