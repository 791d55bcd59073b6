"""What a typed code opens. Rooms register their kinds of code; a page that takes a code takes every kind."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from collaborative import codes

# Given the request and what was typed, the answer that opens it; None when it is not a code of this kind.
Opener = Callable[[HttpRequest, str], HttpResponseBase | None]

# KID-2: whatever is wrong with a code, the message is the same.
WRONG_CODE = _("We do not know this code. Check each letter and number. It may also have ended.")
LONGEST_CODE = 300  # somebody may paste the whole of a private link where a code is asked for

_openers: dict[str, Opener] = {}


def register(kind: str, opener: Opener) -> None:
    """Called at `ready()` of the room that owns the kind. A second call for a kind replaces the first."""
    _openers[kind] = opener


def open_code(request: HttpRequest, text: str) -> HttpResponseBase | None:
    """What the code opens, or None with nothing said about why. Every kind is asked, whichever answers."""
    if len(text) > LONGEST_CODE or len(codes.normalise(text)) < codes.LETTERS:
        return None
    answers = [opener(request, text) for opener in _openers.values()]
    return next((answer for answer in answers if answer is not None), None)
