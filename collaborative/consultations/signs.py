"""Things in a text that may lead to a person: pointed out gently to young people, never blocked."""

import re

from django.utils.translation import gettext as _

# Each begins at a fixed character and has bounded repeats, so that no text can make them slow.
EMAIL = re.compile(r"(?<=[\w.+-])@[\w-]{1,80}\.\w")
PHONE = re.compile(r"(?<![\w.])\+?\d(?:[\s().-]?\d){9,13}(?!\w)")
POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s{0,3}\d[A-Z]{2}\b", re.IGNORECASE)


def in_text(text: str) -> list[str]:
    """What the text seems to hold, in words for its author. Linear in the length of the text."""
    found = []
    if EMAIL.search(text):
        found.append(_("an e-mail address"))
    if PHONE.search(text):
        found.append(_("a phone number"))
    if POSTCODE.search(text):
        found.append(_("a postcode"))
    return found
