"""E-mail that anyone may stop with one press: what every such letter has in common (RFC 8058)."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from collaborative.context import words as site_words


def letter(
    to: str, subject: str, template: str, context: dict[str, Any], *, stop: str, **words: str
) -> EmailMessage:
    """A letter in the language of the site. `stop` is the path that a mail program may post to, once.

    `subject` may name `words`, each put on one line. The template finds `stop` and `site_name` besides what
    `context` holds.
    """
    link = absolute(stop)
    with translation.override(settings.LANGUAGE_CODE):
        site_name = site_words().get("partnership") or settings.SITE_NAME
        body = render_to_string(template, {**context, "stop": link, "site_name": site_name})
        title = subject % {name: " ".join(text.split()) for name, text in words.items()}
    headers = {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    return EmailMessage(title, body, None, [to], headers=headers)


def absolute(path: str) -> str:
    return settings.BASE_URL.rstrip("/") + path
