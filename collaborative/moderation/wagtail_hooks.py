"""What moderators, safeguarding leads and those who keep the house rules find in the Wagtail admin."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.components import Component
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from collaborative.contributions.models import Contribution
from collaborative.moderation import hooks_safety  # noqa: F401  # Wagtail looks for hooks in this module alone
from collaborative.moderation.models import Appeal, Check, HouseRule, Report, SafeguardingCase, WatchedWord
from collaborative.moderation.permissions import (
    reports_for,
    user_may_check,
    user_may_name_moderators,
    user_may_open_cases,
    user_may_see_reports,
)
from collaborative.moderation.views import check, files, queue, reports, responses
from collaborative.staff import RoleMenuItem


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("waiting/", queue.queue, name="moderation_queue"),
        path("waiting/together/", queue.together, name="moderation_together"),
        path("waiting/undo/", queue.undo, name="moderation_undo"),
        path("waiting/desk/", queue.desk, name="moderation_desk"),
        path("waiting/notes/", queue.notes, name="moderation_notes"),
        path("waiting/second-looks/", queue.second_looks, name="moderation_second_looks"),
        path("waiting/response/<int:pk>/", responses.response, name="moderation_response"),
        path("sent-files/<str:reference>/", files.file, name="moderation_file"),
        path("waiting/<str:reference>/", check.check, name="moderation_check"),
        path("wrong/", reports.reports, name="moderation_reports"),
        path("wrong/<int:pk>/", reports.report, name="moderation_report"),
        path("wrong/<int:pk>/handled/", reports.report_handled, name="moderation_report_handled"),
    ]


@hooks.register("register_admin_menu_item")
def queue_item() -> RoleMenuItem:
    return RoleMenuItem(
        _("Waiting to be checked"),
        reverse("moderation_queue"),
        name="queue",
        icon_name="clipboard-list",
        order=110,
        shown_to=user_may_check,
    )


@hooks.register("register_admin_menu_item")
def reports_item() -> RoleMenuItem:
    return RoleMenuItem(
        _("Something is wrong"),
        reverse("moderation_reports"),
        name="something-is-wrong",
        icon_name="comment",
        order=130,
        shown_to=user_may_see_reports,
    )


@hooks.register("insert_global_admin_css")
def plain_css() -> str:
    """For every screen: room for long names in the sidebar, and no empty sidebar where there is no script."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


class WaitingPanel(Component):
    """On the admin's first page: what waits for this person. It needs no JavaScript, as the sidebar does."""

    name = "waiting"
    template_name = "moderation/home_panel.html"
    order = 50

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        user = parent_context["request"].user
        lines = []
        if user_may_check(user):
            lines.append(
                (_("Waiting to be checked"), reverse("moderation_queue"), Contribution.objects.held().count())
            )
        if user_may_open_cases(user):
            waiting = SafeguardingCase.objects.for_user(user).open().count()
            lines.append((_("Safeguarding"), reverse("safeguarding"), waiting))
        if user_may_see_reports(user):
            told = Report.objects.filter(about__in=reports_for(user), handled_at=None).count()
            lines.append((_("Something is wrong"), reverse("moderation_reports"), told))
        if user_may_name_moderators(user) and (stuck := Appeal.objects.stuck().count()):
            text = _("Second looks for which there is no second moderator")
            lines.append((text, reverse("wagtailusers_users:index"), stuck))
        return {"lines": lines}


@hooks.register("construct_homepage_panels")
def add_waiting(request: HttpRequest, panels: list[Any]) -> None:
    user = request.user
    if user_may_check(user) or user_may_see_reports(user) or user_may_open_cases(user):
        panels.append(WaitingPanel())


@hooks.register("before_delete_snippet")
def keep_used_rules(request: HttpRequest, instances: list[Any]) -> HttpResponse | None:
    """A rule by which something was refused stays: the refusal names it (KC-6)."""
    rules = [one for one in instances if isinstance(one, HouseRule)]
    used = Check.objects.filter(rule__in=rules).select_related("rule").first() if rules else None
    if used is None:
        return None
    text = _("“%(rule)s” is the reason of refusals and cannot be deleted. You can word it anew.")
    messages.error(request, text % {"rule": used.rule})
    return redirect("wagtailsnippets_moderation_houserule:list")


class HouseRuleViewSet(SnippetViewSet):
    model = HouseRule
    icon = "list-ol"
    menu_label = _("House rules")
    list_display = ["number", "title"]
    ordering = ["number"]
    panels = [FieldPanel("number"), FieldPanel("title"), FieldPanel("text"), FieldPanel("kind_reason")]


class WatchedWordViewSet(SnippetViewSet):
    model = WatchedWord
    icon = "search"
    menu_label = _("Words to look out for")
    list_display = ["text", "about"]
    list_filter = ["about"]
    ordering = ["text"]
    panels = [FieldPanel("text"), FieldPanel("about")]


register_snippet(HouseRuleViewSet)
register_snippet(WatchedWordViewSet)
