"""The composer: the form in which somebody writes, on the page of a thread and on one of its own."""

import secrets
from typing import Any

from django.core import signing
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from collaborative.contributions.actions import PRIVACY_VERSION
from collaborative.contributions.models import Permission, RespondentKind
from collaborative.moderation.policy import decide
from collaborative.people.models import AgeBand
from collaborative.threads import text
from collaborative.threads.actions.posting import MOST_CHARACTERS
from collaborative.threads.forms import Asked, Errors, text_of
from collaborative.threads.models import Comment
from collaborative.threads.visit import SENTENCE, Visit

LONGEST_KEY = 64


def key_of(posted: QueryDict | None) -> str:
    """The name of this attempt: made with the form, sent back with it, so that a retry is known."""
    sent = str(posted.get("key", ""))[:LONGEST_KEY] if posted is not None else ""
    return sent if len(sent) >= 16 else secrets.token_urlsafe(24)


def composer(
    visit: Visit,
    parent: Comment | None = None,
    *,
    posted: QueryDict | None = None,
    errors: Errors | None = None,
) -> dict[str, Any]:
    """What the form shows: with `posted`, what was typed, word for word."""
    errors = errors or []
    words = text_of(posted, "text") if posted is not None else ""
    return {
        "composer": {
            "action": address(visit, parent),
            "key": key_of(posted),
            "text": words,
            "sentence": _sentence(visit, posted),
            "about_words": text_of(posted, "about_words") if posted is not None else "",
            "most": MOST_CHARACTERS,
            "waits": waits(visit),
            "as_whom": as_whom(visit),
            "parent": parent,
            "looked": bool(posted and posted.get("looked")),
        },
        "errors": errors,
        "error": dict(reversed(errors)),
    }


def _sentence(visit: Visit, posted: QueryDict | None) -> str:
    """What it is about as it stands before whoever writes, signed, so that it comes back as it was."""
    sent = str(posted.get("sentence", "")) if posted is not None else ""
    words = visit.anchor.words
    return sent or (signing.dumps(words, salt=SENTENCE) if words else "")


def address(visit: Visit, parent: Comment | None) -> str:
    if parent is None:
        return reverse("thread_add", args=[visit.thread.pk])
    return reverse("thread_reply", args=[visit.thread.pk, parent.pk])


def waits(visit: Visit) -> bool:
    """Whether what this person writes is checked first. Before we know their age: as for an adult."""
    band = visit.voice.receipt.age_band if visit.voice else AgeBand.ADULT
    return not decide(visit.engagement, age_band=band, author=visit.user).shown


def as_whom(visit: Visit) -> str:
    """Under which name and group their comments stand; empty before they have told us."""
    if visit.voice is None:
        return ""
    receipt = visit.voice.receipt
    if receipt.permission == Permission.NOT_PUBLISHED:
        return _("You chose that your comments are not shown to others.")
    body = receipt.respondent_kind == RespondentKind.ORGANISATION
    name = receipt.organisation if body else receipt.name
    shown = name if receipt.permission == Permission.NAMED and name else _("Name not shown")
    group = receipt.group.name if receipt.group else ""
    return _("You speak as: %(who)s") % {"who": ", ".join(part for part in (shown, group) if part)}


def compose_page(
    visit: Visit,
    parent: Comment | None,
    *,
    posted: QueryDict | None = None,
    errors: Errors | None = None,
    preview: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The composer on a page of its own: for replies, a preview, or something to put right."""
    from collaborative.threads.views.pages import shell  # pages show the composer, and this is one

    form = composer(visit, parent, posted=posted, errors=errors)
    words = form["composer"]["text"]
    context = {
        **shell(visit),
        **form,
        "parent": _parent(visit, parent),
        "preview": text.html(words) if preview and words.strip() else "",
        "signs": text.signs(words) if words else [],
    }
    if form["composer"]["text"]:
        # The pointer was there to see when this is sent again.
        form["composer"]["looked"] = True
    return render(visit.request, "threads/compose.html", context, status=status)


def _parent(visit: Visit, parent: Comment | None) -> Any:
    from collaborative.threads import reading

    if parent is None:
        return None
    return next(iter(reading.show([parent], visit.anchor.words)), None)


def carried(posted: QueryDict) -> list[tuple[str, str]]:
    """What was typed, to carry along while we ask who speaks."""
    names = ("text", "key", "looked", "sentence", "about_words", "shared")
    return [(name, text_of(posted, name)) for name in names if posted.get(name)]


def ask_page(
    visit: Visit, parent: Comment | None, step: str, asked: Asked, *, status: int = 200
) -> HttpResponse:
    """Who speaks: first the age alone, since what may be asked follows from it; then the rest (RIF-1)."""
    from collaborative.threads.views.pages import shell

    posted = asked.data
    hidden = carried(posted) + ([("age", asked.band)] if step == "about" else [])
    hidden = [(name, value if name != "key" else key_of(posted)) for name, value in hidden]
    context = {
        **shell(visit),
        "action": address(visit, parent),
        "step": step,
        "hidden": hidden,
        "asked": asked,
        "errors": asked.errors,
        "error": dict(reversed(asked.errors)),
        "bands": AgeBand.choices,
        "kinds": RespondentKind.choices,
        "yes_no": [("yes", _("Yes")), ("no", _("No"))],
        "privacy_version": PRIVACY_VERSION,
        "values": {name: text_of(posted, name) for name in ASKED},
        "words": text.html(text_of(posted, "text")),
    }
    return render(visit.request, "threads/ask.html", context, status=status)


ASKED = ("age", "kind", "group", "permission", "name", "organisation", "recontact", "email", "shared")
