"""What those who look after safety find in the Wagtail admin, and the warnings on its first page."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.components import Component
from wagtail.contrib.settings.registry import registry as settings_registry
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from collaborative import pagecache
from collaborative.engagements import gates
from collaborative.moderation.models import Contact, SafeguardingCase, SafetySettings
from collaborative.moderation.permissions import (
    user_may_check_contacts,
    user_may_mend_gaps,
    user_may_open_cases,
)
from collaborative.moderation.views import concerns, contacts, safeguarding
from collaborative.staff import RoleMenuItem

settings_registry.register(SafetySettings, icon="warning")


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("safeguarding/", safeguarding.cases, name="safeguarding"),
        path("safeguarding/<int:pk>/", safeguarding.case, name="safeguarding_case"),
        path("concern/", concerns.raised, name="safeguarding_raised"),
        path("concern/<str:reference>/", concerns.concern, name="safeguarding_concern"),
        path("wrong/<int:pk>/concern/", concerns.concern_about_report, name="safeguarding_report_concern"),
        path("contacts/", contacts.contacts, name="moderation_contacts"),
        path("contacts/<int:pk>/checked/", contacts.contact_checked, name="moderation_contact_checked"),
    ]


@hooks.register("register_admin_menu_item")
def safeguarding_item() -> RoleMenuItem:
    return RoleMenuItem(
        _("Safeguarding"),
        reverse("safeguarding"),
        name="safeguarding",
        icon_name="warning",
        order=120,
        shown_to=user_may_open_cases,
    )


@hooks.register("register_admin_menu_item")
def contacts_item() -> RoleMenuItem:
    return RoleMenuItem(
        _("People to turn to"),
        reverse("moderation_contacts"),
        name="contacts",
        icon_name="user",
        order=125,
        shown_to=user_may_check_contacts,
    )


class ContactViewSet(SnippetViewSet):
    model = Contact
    icon = "user"
    menu_label = _("People to turn to")
    list_display = ["name", "how", "hours", "last_checked"]
    ordering = ["order", "name"]
    panels = [
        FieldPanel("name"),
        FieldPanel("what_for"),
        FieldPanel("how"),
        FieldPanel("hours"),
        FieldPanel("last_checked"),
        FieldPanel("order"),
    ]


register_snippet(ContactViewSet)


class SafetyPanel(Component):
    """On the admin's first page: what is not safe as it stands. Nothing of a case stands here."""

    name = "safety"
    template_name = "moderation/safety_panel.html"
    order = 40

    def __init__(self, lines: list[dict[str, Any]]) -> None:
        self.lines = lines

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"lines": self.lines}


@hooks.register("construct_homepage_panels")
def add_safety(request: HttpRequest, panels: list[Any]) -> None:
    lines = [*_unopened(request.user), *_pauses(request.user), *_contacts_due(request.user)]
    if lines:
        panels.append(SafetyPanel(lines))


def _unopened(user: Any) -> list[dict[str, Any]]:
    n = SafeguardingCase.objects.for_user(user).unseen().count() if user_may_open_cases(user) else 0
    return [{"kind": "unopened", "n": n, "url": reverse("safeguarding")}] if n else []


def _pauses(user: Any) -> list[dict[str, Any]]:
    if not user_may_mend_gaps(user):
        return []
    return [
        {
            "kind": "paused",
            "title": engagement.title,
            "gaps": [gap.message for gap in gaps],
            "url": reverse("wagtailadmin_pages:edit", args=[engagement.page_id]),
        }
        for engagement, gaps in gates.paused()
    ]


def _contacts_due(user: Any) -> list[dict[str, Any]]:
    if not user_may_check_contacts(user):
        return []
    days = SafetySettings.now().contact_days
    n = Contact.objects.unchecked_for(days).count()
    return [{"kind": "contacts", "n": n, "days": days, "url": reverse("moderation_contacts")}] if n else []


@hooks.register("after_edit_user")
@hooks.register("after_delete_user")
def an_account_changed(request: HttpRequest, user: Any) -> None:
    """Pages say whether people under 18 may take part, and that hangs on accounts and roles."""
    pagecache.touch()
