"""Choosing a topic to answer, and words to quote: that list holds nothing that could not be shown (RIF-3)."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets.chooser import BaseChooser

from collaborative.analysis.models import Coding, CodingQuerySet, Theme
from collaborative.outcomes.quotes import quotable

LONGEST_TITLE = 200


def choosable(decision_id: str) -> CodingQuerySet:
    """Words about the topics that the newest draft of this decision answers, from what it answers."""
    from collaborative.outcomes.models import DecisionPage  # its blocks name this module

    page = DecisionPage.objects.filter(pk=decision_id).first() if decision_id.isdecimal() else None
    if page is None:
        return Coding.objects.none()
    draft = page.get_latest_revision_as_object()
    themes = [block.value["theme"].pk for block in draft.answers if block.value["theme"]]
    engagements = [engagement.pk for engagement in draft.engagements.all()]
    return (
        quotable()
        .filter(theme__in=themes, wording__contribution__engagement__in=engagements)
        .select_related("theme", "wording__contribution__group")
        .order_by("theme__code", "pk")
    )


def title_of(passage: Coding) -> str:
    """The words, if anyone may read them now."""
    row = passage if hasattr(passage, "words") else quotable().filter(pk=passage.pk).first()
    return (
        Truncator(row.words).chars(LONGEST_TITLE) if row else str(_("These words may not be shown any more"))
    )


class PassageList:
    """Words, topic, stance and group, so that both sides are seen when choosing."""

    request: HttpRequest

    def get_object_list(self) -> CodingQuerySet:
        return choosable(self.request.GET.get("decision", ""))

    @property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "words",
                label=_("Words"),
                accessor=title_of,
                get_url=self._chosen,
                link_attrs=self._attributes,
            ),
            Column("topic", label=_("Topic"), accessor="theme.name"),
            Column("stance", label=_("Stance"), accessor="get_stance_display"),
            Column("group", label=_("Group"), accessor="wording.contribution.group"),
        ]

    _attributes = {"data-chooser-modal-choice": True}

    def _chosen(self, row: Coding) -> str:
        url = reverse(self.chosen_url_name, args=(row.pk,))  # type: ignore[attr-defined]
        return self.append_preserved_url_parameters(url)  # type: ignore[attr-defined]


class ChooseView(PassageList, chooser.ChooseView):
    pass


class ChooseResultsView(PassageList, chooser.ChooseResultsView):
    pass


class ChosenView(chooser.ChosenView):
    def get_object(self, pk: str) -> Coding:
        return quotable().get(pk=pk)

    def get_display_title(self, instance: Coding) -> str:
        return title_of(instance)


class ChosenMultipleView(chooser.ChosenMultipleView):
    def get_objects(self, pks: list[str]) -> CodingQuerySet:
        return quotable().filter(pk__in=pks)

    def get_display_title(self, instance: Coding) -> str:
        return title_of(instance)


class PassageWidget(BaseChooser):
    show_edit_link = False
    # Filled by templates/outcomes/admin/decision_key.html: the list follows the topics of that draft.
    linked_fields = {"decision": "#decision-key"}

    def get_display_title(self, instance: Coding) -> str:
        return title_of(instance)


class PassageChooserViewSet(ChooserViewSet):
    model = Coding
    icon = "openquote"
    choose_one_text = _("Choose words")
    choose_another_text = _("Choose other words")
    page_title = _("Choose words that may be quoted")
    preserve_url_parameters = ["multiple", "decision"]
    per_page = 20
    choose_view_class = ChooseView
    choose_results_view_class = ChooseResultsView
    chosen_view_class = ChosenView
    chosen_multiple_view_class = ChosenMultipleView
    base_widget_class = PassageWidget
    register_widget = False


class TopicWidget(BaseChooser):
    show_edit_link = False


class TopicList:
    """Topics in use, with what each one means."""

    def get_object_list(self) -> QuerySet[Theme]:
        return Theme.objects.filter(retired=False).order_by("code")


class TopicChooseView(TopicList, chooser.ChooseView):
    pass


class TopicChooseResultsView(TopicList, chooser.ChooseResultsView):
    pass


class TopicChooserViewSet(ChooserViewSet):
    """Themes are defined in the workbench: they are chosen here, and not edited."""

    model = Theme
    icon = "tag"
    choose_one_text = _("Choose a topic")
    choose_another_text = _("Choose another topic")
    per_page = 30
    choose_view_class = TopicChooseView
    choose_results_view_class = TopicChooseResultsView
    base_widget_class = TopicWidget
    register_widget = False


class ProposalList:
    """Ideas that were put forward: of these engagements, where a saved draft says which it answers."""

    request: HttpRequest

    def get_object_list(self) -> QuerySet[Any]:
        from collaborative.outcomes.models import Proposal  # the blocks of decisions name this module

        rows = Proposal.objects.put_forward().select_related("engagement")
        return rows.order_by("-put_forward_at", "-pk")

    @property
    def columns(self) -> list[Column]:
        return [*super().columns, Column("from", label=_("From"), accessor="engagement.title")]  # type: ignore[misc]


class ProposalChooseView(ProposalList, chooser.ChooseView):
    pass


class ProposalChooseResultsView(ProposalList, chooser.ChooseResultsView):
    pass


class ProposalWidget(BaseChooser):
    show_edit_link = False


class ProposalChooserViewSet(ChooserViewSet):
    """Ideas are written where they come from: they are chosen here, and not edited."""

    model = "outcomes.Proposal"
    icon = "pick"
    choose_one_text = _("Choose an idea")
    choose_another_text = _("Choose another idea")
    per_page = 20
    choose_view_class = ProposalChooseView
    choose_results_view_class = ProposalChooseResultsView
    base_widget_class = ProposalWidget
    register_widget = False


ideas = ProposalChooserViewSet("idea_chooser", url_prefix="decisions/ideas")
IdeaChooserBlock = ideas.get_block_class(
    name="IdeaChooserBlock", module_path="collaborative.outcomes.choosers"
)
topics = TopicChooserViewSet("topic_chooser", url_prefix="decisions/topics")
TopicChooserBlock = topics.get_block_class(
    name="TopicChooserBlock", module_path="collaborative.outcomes.choosers"
)
passages = PassageChooserViewSet("passage_chooser", url_prefix="decisions/passages")
PassageChooserBlock = passages.get_block_class(
    name="PassageChooserBlock", module_path="collaborative.outcomes.choosers"
)
