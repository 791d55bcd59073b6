"""Django's own, with our ways: nothing is guessed, and the catalogue says what, not on which line.

A guess is marked for a translator to look at, and until then only stands in the way.
"""

from django.core.management.commands import makemessages
from django.utils.translation import gettext_noop as _

# Dates stand in sentences that are still in English, and Django's own Gaelic would put Gaelic months in.
# Named here so that the catalogue keeps them.
MONTHS = (
    _("January"), _("February"), _("March"), _("April"), _("May"), _("June"), _("July"), _("August"),
    _("September"), _("October"), _("November"), _("December"),
)  # fmt: skip
DAYS = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip


class Command(makemessages.Command):
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
