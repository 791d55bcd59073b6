"""Defining themes, sorting passages under them, taking that back, and grouping campaigns."""

import hashlib
import json
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from collaborative import pagecache
from collaborative.analysis.models import (
    Campaign,
    CampaignMember,
    Coding,
    CodingRetraction,
    NoTopic,
    Stance,
    Theme,
    ThemeVersion,
)
from collaborative.analysis.permissions import may_be_coded, user_may_code, user_may_define_themes
from collaborative.contributions import ledger
from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Contribution, Receipt, Wording
from collaborative.engagements.models import Engagement
from collaborative.people.models import User

PARTS = ("label", "definition", "includes", "excludes", "example")


def define_theme(
    code: str,
    *,
    label: str,
    definition: str,
    includes: str,
    excludes: str,
    example: str,
    by: User,
    parent: Theme | None = None,
    slug: str = "",
) -> Theme:
    """Make a theme with its first wording, or add the next wording. Same words, no new version.

    `slug` is for a theme that is new; it stays when the label changes. Raises NotPossible when a part is
    missing (an undefined theme cannot be used alike by two people) or another theme has that label.
    """
    if not user_may_define_themes(by):
        raise PermissionDenied
    parts = {
        "label": label.strip(),
        "definition": definition.strip(),
        "includes": includes.strip(),
        "excludes": excludes.strip(),
        "example": example.strip(),
    }
    missing = [name for name in PARTS if not parts[name]]
    if missing:
        raise NotPossible(_("A theme needs: %(parts)s.") % {"parts": ", ".join(missing)})
    with transaction.atomic():
        if Theme.objects.filter(name__iexact=parts["label"]).exclude(code=code).exists():
            raise NotPossible(_("A topic has this name already."))
        theme, _new = Theme.objects.select_for_update().get_or_create(
            code=code,
            defaults={"name": parts["label"], "slug": slug or _slug(parts["label"], code), "parent": parent},
        )
        _add_version(theme, parts, by)
        pagecache.touch()
    return theme


def _slug(label: str, code: str) -> str:
    """Part of the theme's address. Labels that differ in a comma alone get the code as well."""
    slug = slugify(label)
    return (
        f"{slug}-{code.lower()}".strip("-") if not slug or Theme.objects.filter(slug=slug).exists() else slug
    )


def _add_version(theme: Theme, parts: dict[str, str], by: User) -> None:
    newest = ThemeVersion.objects.filter(theme=theme).order_by("-number").first()
    mark = hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    if newest is not None and newest.fingerprint == mark:
        return
    number = newest.number + 1 if newest else 1
    ThemeVersion.objects.create(
        theme=theme, number=number, fingerprint=mark, created_at=timezone.now(), created_by=by, **parts
    )
    if theme.name != parts["label"]:
        theme.name = parts["label"]  # the slug stays: an address that was given out keeps answering
        theme.save(update_fields=["name"])
    ledger.record("theme.worded", f"theme:{theme.code}", by, number=number)


def apply_theme(
    wording: Wording, start: int, end: int, theme: Theme, *, by: User, key: str, stance: str = Stance.NONE
) -> Coding:
    """Sort words [start, end) (code points) of a wording under a theme.

    The same key again gives the same coding, and so does the same passage, theme and stance while it stands.
    Raises NotPossible when the passage is outside the text or has no words, when the theme is retired, when
    the words may not be sorted (not checked yet, or left out of the analysis) or were changed since (RIF-6).
    """
    if not user_may_code(by):
        raise PermissionDenied
    if not 0 <= start < end <= len(wording.text) or not wording.text[start:end].strip():
        raise NotPossible(_("Select some of the words first."))
    if theme.retired or stance not in Stance.values:
        raise NotPossible(_("Choose a theme that is in use."))
    with transaction.atomic():
        _lock_for_coding(wording)
        same = {"wording": wording, "start": start, "end": end, "theme": theme, "stance": stance}
        standing = Coding.objects.live().filter(**same).first()
        if standing is not None:
            return standing
        coding, new = Coding.objects.get_or_create(
            key=key,
            defaults={
                **same,
                "theme_version": theme.newest_version(),
                "coder": by,
                "created_at": timezone.now(),
            },
        )
        if new:
            ledger.record(
                "coding.applied",
                f"contribution:{wording.contribution.reference}",
                by,
                theme=theme.code,
                wording=wording.number,
                start=start,
                end=end,
            )
    return coding


def _lock_for_coding(wording: Wording) -> None:
    """Hold the row of what was said, so that it is not escalated or redacted while its words are sorted."""
    row = _locked(wording.contribution_id)
    if row.wordings.filter(number__gt=wording.number).exists():
        raise NotPossible(_("These words have changed since. Choose again."))


def _locked(pk: int) -> Contribution:
    """What was said, its row held until the end. Raises NotPossible when it may not be sorted."""
    rows = Contribution.objects.select_for_update(of=("self",)).select_related("receipt")
    row = rows.get(pk=pk)
    if not may_be_coded(row):
        raise NotPossible(_("This has not been checked, or is left out of the analysis."))
    return row


def no_topic(contribution: Contribution, *, by: User) -> NoTopic:
    """Record that somebody read this and that it raises no topic. Asking twice is no error.

    Raises NotPossible when the words may not be sorted, or stand under a topic now.
    """
    if not user_may_code(by):
        raise PermissionDenied
    with transaction.atomic():
        row = _locked(contribution.pk)
        if Coding.objects.live().filter(wording__contribution=row).exists():
            raise NotPossible(_("Some of these words are sorted under a topic. Take that back first."))
        read, new = NoTopic.objects.get_or_create(contribution=row, defaults={"by": by, "at": timezone.now()})
        if new:
            ledger.record("coding.none", f"contribution:{row.reference}", by)
    return read


def retract(coding: Coding, *, by: User, reason: str = "") -> None:
    """Take a coding back. It stays in the record; asking twice is no error."""
    if not user_may_code(by):
        raise PermissionDenied
    with transaction.atomic():
        _row, new = CodingRetraction.objects.get_or_create(
            coding=coding, defaults={"by": by, "at": timezone.now(), "reason": reason[:300]}
        )
        if new:
            ledger.record(
                "coding.retracted",
                f"contribution:{coding.wording.contribution.reference}",
                by,
                theme=coding.theme.code,
            )


def confirm_campaign(
    engagement: Engagement,
    name: str,
    *,
    identical: Iterable[Receipt],
    varied: Iterable[Receipt] = (),
    by: User,
) -> Campaign:
    """A person confirms that these responses share one text (ANA-3): the identical ones then count once."""
    if not user_may_code(by):
        raise PermissionDenied
    with transaction.atomic():
        campaign, _new = Campaign.objects.get_or_create(
            engagement=engagement, name=name, defaults={"confirmed_by": by, "confirmed_at": timezone.now()}
        )
        rows = [CampaignMember(campaign=campaign, receipt=r, varied=False) for r in identical]
        rows += [CampaignMember(campaign=campaign, receipt=r, varied=True) for r in varied]
        CampaignMember.objects.bulk_create(rows, ignore_conflicts=True)
        ledger.record(
            "campaign.confirmed",
            f"campaign:{campaign.pk}",
            by,
            size=len(rows),
            identical=sum(not row.varied for row in rows),
            engagement=engagement.pk,
        )
    return campaign
