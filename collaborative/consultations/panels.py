"""What the editor of a consultation shows besides its fields."""

from typing import Any

from django.urls import reverse
from wagtail.admin.panels import Panel

from collaborative.engagements.models import Engagement


class ClosingPanel(Panel):
    """Once it has opened: when it closes, and where that is moved. One query, and one more then."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "consultations/staff/closing_panel.html"

        def is_shown(self) -> bool:
            return super().is_shown() and self._opened() is not None

        def _opened(self) -> Engagement | None:
            if not self.instance.pk:
                return None
            found = Engagement.objects.filter(page_id=self.instance.pk).first()
            return found if found and found.state != Engagement.State.COMING else None

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            from collaborative.consultations.listing import moment  # it reads the models

            found = self._opened()
            context = super().get_context_data(parent_context)
            if found is None:
                return context
            moves = found.closing_moves.count()  # type: ignore[attr-defined]
            return {
                **context,
                "closes": moment(found.closes_at),
                "url": reverse("move_closing", args=[found.pk]),
                "n": moves,
            }


class EditionsPanel(Panel):
    """Which question is there in which edition, at a glance. Three queries."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "consultations/staff/editions_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            from collaborative.consultations import checklist, editions  # they read the models

            page = self.instance
            engagement = Engagement.objects.filter(page_id=page.pk).first() if page.pk else None
            blocks = [child.value for child in page.questions]
            rows = editions.table(blocks, checklist.published_questions(engagement))
            return {
                **super().get_context_data(parent_context),
                "rows": rows,
                "editions": [one.label for one in editions.OTHERS],
                "any_old": any(cell.state == "old" for row in rows for cell in row.cells),
                "url": reverse("editions", args=[engagement.pk]) if engagement else "",
            }
