"""Words of those who answered, shown beside a decision (RIF-3, RIF-4).

A quote is a coding that an editor chose. What is shown is read afresh each time through the one public
door, so that words which were taken back, hidden or redacted since are gone from the next page view.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import StrIndex, Substr
from django.utils.translation import gettext as _

from collaborative.analysis.models import Coding, CodingQuerySet
from collaborative.contributions.models import Contribution, Permission, RespondentKind


class Quote(NamedTuple):
    text: str
    by: str
    reference: str  # by which it can be reported


def quotable() -> CodingQuerySet:
    """Live codings whose exact words stand in what the public may read now, each with those `words`."""
    public = Contribution.objects.public().filter(pk=OuterRef("wording__contribution"))
    return (
        Coding.objects.live()
        .annotate(
            # Both engines count code points from 1 here, as codings count them from 0.
            words=Substr("wording__text", F("start") + 1, F("end") - F("start")),
            public_text=Subquery(public.values("public_text")[:1]),  # type: ignore[misc]
        )
        .annotate(found_at=StrIndex("public_text", "words"))
        .filter(found_at__gt=0)
        .exclude(words="")
    )


def shown(coding_ids: Iterable[int], groups_shown: Iterable[str]) -> dict[int, Quote]:
    """The quotes that may be shown now, by id of their coding, in one query.

    `groups_shown`: slugs of the groups whose number the release prints, so that naming one of them
    points at no one.
    """
    named = frozenset(groups_shown)
    rows = quotable().filter(pk__in=set(coding_ids)).select_related("wording__contribution__receipt__group")
    return {
        row.pk: Quote(
            row.words.strip(),  # type: ignore[attr-defined]
            signed(row.wording.contribution, named),
            row.wording.contribution.reference,
        )
        for row in rows
    }


def signed(contribution: Contribution, groups_shown: Collection[str]) -> str:
    """RIF-4: an organisation that gave its name; else the group, if that is safe. Never a person's name.

    Expects `receipt__group` to be loaded.
    """
    receipt = contribution.receipt
    if (
        receipt.respondent_kind == RespondentKind.ORGANISATION
        and receipt.organisation
        and Permission.NAMED == contribution.permission == receipt.permission
    ):
        return receipt.organisation
    if receipt.group is not None and receipt.group.slug in groups_shown:
        return _("%(group)s, name not shown") % {"group": receipt.group.name}
    return _("Name not shown")
