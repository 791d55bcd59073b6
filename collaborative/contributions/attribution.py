"""Who said something, in words that may stand beside it in public (RIF-2, RIF-4)."""

from django.utils.translation import gettext as _

from collaborative.contributions.models import Contribution, Permission, RespondentKind


def attribution(contribution: Contribution) -> str:
    """A name only when its owner chose to publish with it; of an organisation only its own, likewise.

    Expects `receipt` and `group` to be loaded. No age is ever shown.
    """
    receipt = contribution.receipt
    organisation = receipt.respondent_kind == RespondentKind.ORGANISATION
    name = receipt.organisation if organisation else receipt.name
    if receipt.permission == Permission.NAMED and contribution.permission == Permission.NAMED and name:
        return name
    if organisation:
        return _("An organisation, name not shown")
    if contribution.group:
        return _("%(group)s, name not shown") % {"group": contribution.group.name}
    return _("Name not shown")
