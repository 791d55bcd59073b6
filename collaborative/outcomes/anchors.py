"""What people comment on in this room: a sentence of the plan, a decision."""

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from wagtail.models import Page

from collaborative.outcomes.models import ClauseVersion, DecisionPage, ModelPage, ModelVersion
from collaborative.outcomes.wording import AUDIENCES, number_of, title_of
from collaborative.threads.anchors import Anchor


def clause(page: Page, ref: str) -> Anchor | None:
    """A sentence as it stands now; None once it was taken out. One query."""
    approved = ModelVersion.objects.filter(number=OuterRef("model_version_number")).values("approved_at")
    rows = ClauseVersion.objects.newest().annotate(approved_at=Subquery(approved[:1]))
    found = rows.filter(clause__ref=ref).exclude(kind=ClauseVersion.Kind.RETIRED).first()
    if found is None:
        return None
    number, title = number_of(found.clause.kind, ref), title_of(found.clause.kind, found.parts)
    named = number if title == number else _("%(number)s: %(title)s") % {"number": number, "title": title}
    return Anchor(
        title=_("our plan, %(sentence)s") % {"sentence": named[:1].lower() + named[1:]},
        words=words_of(found),
        url=reverse("model_clause", args=[ref]),
        since=localdate(found.approved_at) if found.approved_at else None,  # type: ignore[attr-defined]
        section="plan",
        crumbs=((reverse("model"), _("Our plan")),),
        label=title,
    )


def words_of(version: ClauseVersion) -> str:
    """The one sentence to talk about: of an outcome, the first audience that it is written for."""
    parts = version.parts
    return parts.get("statement") or next((parts[key] for key in AUDIENCES if parts.get(key)), "")


def clauses(page: Page) -> list[tuple[str, str]]:
    """Everything on the plan that a thread can hang on."""
    if not ModelPage.objects.filter(pk=page.pk).exists():
        return []
    rows = ClauseVersion.objects.newest().exclude(kind=ClauseVersion.Kind.RETIRED)
    return [
        (
            row.clause.ref,
            f"{number_of(row.clause.kind, row.clause.ref)}: {title_of(row.clause.kind, row.parts)}",
        )
        for row in rows.order_by("clause__kind", "clause__ref")
    ]


def decision(page: Page, key: str) -> Anchor | None:
    """A published decision: its answer in one sentence. One query."""
    found = DecisionPage.objects.live().filter(pk=page.pk).first()
    if found is None or key:
        return None
    return Anchor(
        title=_("decision %(number)s: %(title)s") % {"number": found.number, "title": found.title},
        words=found.answer_sentence,
        url=found.get_url() or "/decisions/",
        section="changed",
        crumbs=(("/decisions/", _("What changed")),),
        label=found.title,
    )


def decisions(page: Page) -> list[tuple[str, str]]:
    found = DecisionPage.objects.live().filter(pk=page.pk).first()
    return [("", _("The decision"))] if found else []
