"""Who said something, in words that may stand beside it in public (RIF-2, RIF-4)."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from collaborative.contributions.models import Contribution, Permission, RespondentKind


def attribution(contribution: Contribution, groups_shown: Collection[str]) -> str:
    """A name only when its owner chose to publish with it; of an organisation only its own, likewise.

    `groups_shown`: slugs of the groups whose number the release prints, so that naming one points at no one
    (SDC-1). Expects `receipt` and `group` to be loaded. No age is ever shown.
    """
    name = public_name(contribution)
    if name:
        return name
    if contribution.receipt.respondent_kind == RespondentKind.ORGANISATION:
        return _("An organisation, name not shown")
    if contribution.group and contribution.group.slug in groups_shown:
        return _("%(group)s, name not shown") % {"group": contribution.group.name}
    return _("Name not shown")


def public_name(contribution: Contribution) -> str:
    """The name that its owner chose to publish with; empty for everyone else. Expects `receipt`."""
    receipt = contribution.receipt
    organisation = receipt.respondent_kind == RespondentKind.ORGANISATION
    named = receipt.permission == Permission.NAMED and contribution.permission == Permission.NAMED
    return (receipt.organisation if organisation else receipt.name) if named else ""
