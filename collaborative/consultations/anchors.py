"""What people comment on in this room: a question of a consultation, as it is asked now."""

from django.utils.translation import gettext as _
from wagtail.models import Page

from collaborative.consultations.models.questions import Question
from collaborative.contributions.models import Edition
from collaborative.threads.anchors import Anchor


def question(page: Page, key: str) -> Anchor | None:
    """The newest standard wording of a question that is still asked. One query for it, one for wordings."""
    row = _asked(page).filter(key=key).first()
    words = _wording(row) if row else ""
    if not words:
        return None
    url = page.get_url() or "/consultations/"
    return Anchor(
        title=_("a question of “%(title)s”") % {"title": page.title},
        words=words,
        url=url,
        section="consultations",
        crumbs=(("/consultations/", _("Have your say")),),
        label=page.title,
    )


def questions(page: Page) -> list[tuple[str, str]]:
    """Every question of a consultation that a thread can hang on."""
    rows = _asked(page).prefetch_related("wordings").order_by("order")
    return [(row.key, words) for row in rows if (words := _wording(row))]


def _asked(page: Page):  # type: ignore[no-untyped-def]
    return Question.objects.filter(engagement__page_id=page.pk, retired=False)


def _wording(row: Question) -> str:
    found = [one for one in row.wordings.all() if one.edition == Edition.STANDARD]
    return max(found, key=lambda one: one.number).text if found else ""
