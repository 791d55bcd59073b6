"""The page on which the operating model is written. It is never rendered: versions are."""

from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import CommentPanel, FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PagePermissionTester

from collaborative import pagecache
from collaborative.errors import Refused
from collaborative.outcomes.blocks import ModelBlocks, RetiredBlocks
from collaborative.outcomes.forms import ModelPageForm
from collaborative.people.models import User

# Saving one of these by name can bring words to the public; anything else by name is bookkeeping of drafts.
PUBLISHING_FIELDS = frozenset({"live", "live_revision", "live_revision_id", "body", "retired"})


class ModelPermissions(PagePermissionTester):
    """The plan has one place and is always published: its versions hang on it, and the board passes them.

    Nobody publishes it by a button, whatever their role: what the board approved is published with its
    approval, and nobody approves their own draft.
    """

    def can_publish(self) -> bool:
        return False

    def can_unpublish(self) -> bool:
        return False

    def can_copy(self) -> bool:
        return False

    def can_move(self) -> bool:
        return False

    def can_move_to(self, destination: Page) -> bool:
        return False


class ModelPage(Page):
    """Editors draft here. Publication, through any door, ends in `save()` and there in a frozen version."""

    introduction = models.TextField(_("introduction"), blank=True)
    version_summary = models.TextField(
        _("what this version changes"),
        blank=True,
        help_text=_("Shown with the version, in a sentence or two. Write it afresh for each version."),
    )
    approved_by = models.CharField(_("approved by"), max_length=200, blank=True)
    body = StreamField(ModelBlocks(), blank=True)
    retired = StreamField(
        RetiredBlocks(),
        blank=True,
        verbose_name=_("sentences taken out"),
        help_text=_(
            "When you delete a sentence above, say here why. Its address stays and shows the reason."
        ),
    )

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("version_summary"),
        FieldPanel("approved_by"),
        FieldPanel("body"),
        FieldPanel("retired"),
    ]
    # No publishing panel: the plan is neither scheduled nor does it expire.
    settings_panels: ClassVar = [CommentPanel()]
    base_form_class = ModelPageForm
    max_count = 1
    subpage_types: ClassVar[list[str]] = []
    template = "outcomes/model_preview.html"  # for the preview alone: the page serves nothing

    # Set by `actions.publish_model()` on the object that is about to be published.
    version_at: Any = None
    version_by: User | None = None

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save; where that publishes, freeze the version in the same transaction or save nothing.

        Raises Refused when the rules of publication do not hold, or when the page would be unpublished.
        """
        from collaborative.outcomes import actions

        named = kwargs.get("update_fields")
        whole = named is None or bool(PUBLISHING_FIELDS & set(named))
        with transaction.atomic():
            is_new = self.pk is None
            if whole and not is_new and not self.live:
                self._stay_published()
            saved = super().save(*args, **kwargs)
            if is_new:
                actions.ensure_workflow()
            if whole and self.live and self.live_revision_id:
                actions.freeze_model(self, by=self.version_by, at=self.version_at)
                pagecache.touch()  # the introduction is public without being part of a version
        return saved

    def _stay_published(self) -> None:
        if ModelPage.objects.filter(pk=self.pk, live=True, live_revision__isnull=False).exists():
            raise Refused(gettext("The plan cannot be unpublished. Publish a new version instead."))

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Delete, unless a version was published. Raises Refused then."""
        from collaborative.outcomes.models.clauses import ModelVersion

        if ModelVersion.objects.exists():
            raise Refused(gettext("The plan cannot be deleted: its versions keep their addresses for ever."))
        return super().delete(*args, **kwargs)

    def permissions_for_user(self, user: User | AnonymousUser) -> ModelPermissions:
        return ModelPermissions(user, self)

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """The plan stands at /model/, wherever its page is in the tree."""
        parts = super().get_url_parts(request)
        return parts and (parts[0], parts[1], reverse("model"))

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return redirect("model")

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        from collaborative.outcomes.reading import preview

        return {**super().get_preview_context(request, mode_name), **preview(self)}
