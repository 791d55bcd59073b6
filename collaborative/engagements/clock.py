"""Times as they are typed: by the clock on the wall of the site's zone, also on the two nights when it
changes."""

from datetime import UTC, datetime

from django.utils import timezone
from django.utils.translation import gettext as _


def problem(typed: datetime) -> str:
    """What is wrong with a time that somebody typed (naive, of the site's zone); "" when it is one moment.

    In spring a clock leaves an hour out; in autumn it shows an hour twice. We ask rather than choose: an hour
    more or less decides whether somebody's answer came in time.
    """
    zone = timezone.get_default_timezone()
    first, second = (typed.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return ""
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == typed.replace(fold=0):
        return _("The clocks go back on that night, and show this time twice. Choose another hour.")
    return _("The clocks go forward on that night, and leave this time out. Choose another hour.")


def moment(typed: datetime) -> datetime:
    """A time without a `problem()`, as a moment."""
    return typed.replace(tzinfo=timezone.get_default_timezone())
