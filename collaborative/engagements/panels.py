"""Panels for the terms of an engagement, shared by the pages that have them."""

from typing import Any

from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, Panel


class ChecklistPanel(Panel):
    """What still stops a page from opening, above everything that fills it in."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "engagements/checklist.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            rules = self.instance.checklist()
            missing = sum(not rule.met for rule in rules)
            return {**super().get_context_data(parent_context), "rules": rules, "missing": missing}


def audiences_panel() -> Panel:
    """Boxes to tick: in a list that scrolls, one press without Ctrl loses what was chosen."""
    return FieldPanel("audiences", widget=CheckboxSelectMultiple)


def terms_panels(*, workshop: bool = False) -> list[Panel]:
    """One panel for each of the gates, in the order in which an editor thinks of them."""
    throughout = [FieldPanel("cover_throughout")] if workshop else []
    return [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
                FieldPanel(
                    "short_period_reason", help_text=_("Needed when it is open for less than 12 weeks.")
                ),
            ],
            heading=_("When it is open"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("can_change", help_text=_("One thing on each line.")),
                FieldPanel("cannot_change", help_text=_("One thing on each line.")),
                FieldRowPanel([FieldPanel("who_decides"), FieldPanel("decides_by")]),
                FieldPanel("lead", help_text=_("Who runs this and answers questions about it.")),
            ],
            heading=_("What it can change, and who decides"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("invites_under_18"),
                FieldRowPanel([FieldPanel("safeguarding_lead"), FieldPanel("safeguarding_deputy")]),
                FieldPanel(
                    "cover_times",
                    help_text=_(
                        "When one of them can be reached. UK time, summer time included. Shown to all."
                    ),
                ),
                *throughout,
                FieldPanel(
                    "cover_hours", help_text=_("What happens outside these hours, say. Shown to all.")
                ),
                FieldPanel("lundy_space"),
                FieldPanel("lundy_voice"),
                FieldPanel("lundy_audience"),
                FieldPanel("lundy_influence"),
            ],
            heading=_("Young people"),
            help_text=_("When people under 18 are invited, nothing opens until all of this stands."),
        ),
        MultiFieldPanel([FieldPanel("moderation"), FieldPanel("lawful_basis")], heading=_("Rules")),
    ]
