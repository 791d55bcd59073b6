"""What people comment on in this room: a part of a workshop."""

from django.utils.translation import gettext as _
from wagtail.models import Page

from collaborative.changemakers.models import SessionPage
from collaborative.threads.anchors import Anchor


def stage(page: Page, key: str) -> Anchor | None:
    """The part with that block id, as the published page has it. One query."""
    found = SessionPage.objects.live().filter(pk=page.pk).first()
    block = next((one for one in found.stages if one.id == key), None) if found else None
    if found is None or block is None:
        return None
    return Anchor(
        title=_("“%(part)s”, a part of “%(title)s”") % {"part": block.value["title"], "title": found.title},
        words=block.value["text"],
        url=found.get_url() or "/changemakers/",
        section="workshops",
        crumbs=(("/changemakers/", _("Workshops")),),
        label=found.title,
    )


def stages(page: Page) -> list[tuple[str, str]]:
    found = SessionPage.objects.live().filter(pk=page.pk).first()
    return [(one.id, one.value["title"]) for one in found.stages] if found else []
