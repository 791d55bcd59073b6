"""Sorting many things under one topic in one press, and taking that back: a fixed number of statements."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.analysis.models import Coding, CodingRetraction, Theme
from collaborative.analysis.permissions import may_be_coded, user_may_code
from collaborative.contributions import ledger
from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Contribution, LedgerEvent, Wording
from collaborative.people.models import User


def apply_theme_to_all(contributions: Iterable[int], theme: Theme, *, by: User, key: str) -> list[Coding]:
    """Sort the whole of each of these, by its newest wording, under a theme. Returns the new codings.

    What may not be sorted (not checked, or left out) is passed over, and so is what stands under the theme
    already, be it by one word: nothing is counted twice. `key` begins the key of each coding, so that
    `retract_all` finds them; the same again adds only what came since. Raises NotPossible for a theme that
    is not in use. Six statements.
    """
    if not user_may_code(by):
        raise PermissionDenied
    if theme.retired:
        raise NotPossible(_("Choose a theme that is in use."))
    with transaction.atomic():
        rows = Contribution.objects.select_for_update(of=("self",)).filter(pk__in=list(contributions))
        held = {row.pk: row for row in rows.select_related("receipt").order_by("pk")}
        may = [pk for pk, row in held.items() if may_be_coded(row)]
        version, now = theme.newest_version(), timezone.now()
        new = [
            Coding(
                wording=wording,
                start=0,
                end=len(wording.text),
                theme=theme,
                theme_version=version,
                coder=by,
                created_at=now,
                key=f"{key}{wording.pk}",
            )
            for wording in _newest_without(may, theme, key)
            if wording.text.strip()
        ]
        Coding.objects.bulk_create(new)
        LedgerEvent.objects.bulk_create(
            ledger.event(
                "coding.applied",
                f"contribution:{held[one.wording.contribution_id].reference}",
                by,
                theme=theme.code,
                wording=one.wording.number,
                start=one.start,
                end=one.end,
            )
            for one in new
        )
    return new


def _newest_without(contributions: Sequence[int], theme: Theme, key: str) -> list[Wording]:
    """The newest wording of each, but of those that have a live coding under the theme in it, and of those
    from which somebody took back what this key put there: that stays as they left it."""
    newest = Wording.objects.filter(contribution=OuterRef("contribution")).order_by("-number")
    settled = Coding.objects.filter(Q(theme=theme, retraction=None) | Q(key__startswith=key))
    rows = Wording.objects.filter(contribution__in=contributions)
    rows = rows.exclude(pk__in=settled.filter(wording__contribution__in=contributions).values("wording"))
    rows = rows.annotate(newest=Subquery(newest.values("number")[:1])).filter(number=F("newest"))
    return list(rows.order_by("contribution_id"))


def retract_all(key: str, *, by: User, reason: str = "") -> int:
    """Take back the codings whose key begins so. They stay in the record; twice is no error. Four
    statements."""
    if not user_may_code(by):
        raise PermissionDenied
    with transaction.atomic():
        rows = Coding.objects.live().filter(key__startswith=key)
        live = list(rows.select_related("theme", "wording__contribution").order_by("pk"))
        now = timezone.now()
        CodingRetraction.objects.bulk_create(
            (CodingRetraction(coding=one, by=by, at=now, reason=reason[:300]) for one in live),
            ignore_conflicts=True,
        )
        LedgerEvent.objects.bulk_create(
            ledger.event(
                "coding.retracted",
                f"contribution:{one.wording.contribution.reference}",
                by,
                theme=one.theme.code,
            )
            for one in live
        )
    return len(live)
