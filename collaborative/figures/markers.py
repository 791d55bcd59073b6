"""How a released figure is written, on a page and in a file. A blank never means zero or hidden."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from .policy import Policy

HIDDEN = "[c]"  # kept back to protect people
NOT_APPLICABLE = "[z]"
LOW_BASE = "[low]"

# For the notes of every export.
MEANINGS: dict[str, Promise] = {
    HIDDEN: gettext_lazy(
        "hidden to protect people: a small number, or one that would give a small number away"
    ),
    NOT_APPLICABLE: gettext_lazy("does not apply"),
    LOW_BASE: gettext_lazy("fewer than 10 responses: read with care"),
}


def marker(value: int | None, base: int | None = None, low_base: int = 10) -> str:
    """The marker beside a figure in a file: hidden, from a low base, or nothing."""
    if value is None:
        return HIDDEN
    return LOW_BASE if base is not None and base < low_base else ""


def in_file(value: int | None, applies: bool = True) -> str:
    """One cell of a CSV: the number, `[c]` or `[z]`."""
    if not applies:
        return NOT_APPLICABLE
    return HIDDEN if value is None else str(value)


def in_record(value: int | None) -> dict[str, int | str | None]:
    """One figure for a machine: `{"n": 12}`, or `{"n": null, "marker": "[c]"}` where it is hidden."""
    return {"n": value} if value is not None else {"n": None, "marker": HIDDEN}


def in_words(value: int | None) -> str:
    """One figure on a page: the number, or the word "hidden" in the reader's language."""
    return gettext("hidden") if value is None else str(value)


def of(n: int | None, base: int | None) -> str:
    """A figure with its base, "58 of 223"; whatever is hidden is said to be."""
    if n is None and base is None:
        return gettext("hidden")
    return gettext("%(n)s of %(base)s") % {"n": in_words(n), "base": in_words(base)}


def percentage(n: int | None, base: int | None, policy: Policy | None = None) -> int | None:
    """A whole percentage, halves rounded up, or None where it may not be given.

    Only from figures that are shown, and only on a base of at least `low_base`.
    """
    low = (policy or Policy()).low_base
    if n is None or base is None or base < low:
        return None
    return (200 * n + base) // (2 * base)


def percentage_in_words(n: int | None, base: int | None, policy: Policy | None = None) -> str:
    """ "26%", "hidden", or "too few to say" on a low base."""
    share = percentage(n, base, policy)
    if share is not None:
        return gettext("%(share)s%%") % {"share": share}
    return gettext("hidden") if n is None or base is None else gettext("too few to say")
