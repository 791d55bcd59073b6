"""What threads hang on. The rooms that own the things say here how they read now.

An editor is never held up by a comment: nothing here is asked when something is published. A comment keeps
the words that it was about, and finds out when it is shown whether they still stand.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from wagtail.models import Page

from collaborative.threads.models import Anchor as Kind
from collaborative.threads.models import Thread


@dataclass(frozen=True)
class Anchor:
    """`words`: what it says now, empty where there is no one sentence. `since`: the day it came to say so.

    `title` goes on after "Comments on"; `label` is its name alone.
    """

    title: str
    words: str
    url: str
    since: date | None = None
    section: str = ""  # of the navigation
    crumbs: tuple[tuple[str, str], ...] = field(default=())
    label: str = ""

    @property
    def name(self) -> str:
        return self.label or self.title


# Given the page and the key, what stands there now; None when it is gone.
Resolver = Callable[[Page, str], Anchor | None]
# For a screen of staff: what there is on this page to hang a thread on, as (key, label).
Choices = Callable[[Page], list[tuple[str, str]]]

_resolvers: dict[str, Resolver] = {}
_choices: dict[str, Choices] = {}


def register(kind: str, resolver: Resolver, choices: Choices | None = None) -> None:
    """Called at `ready()` of the room that owns the kind. A second call for a kind replaces the first."""
    _resolvers[Kind(kind)] = resolver
    if choices:
        _choices[Kind(kind)] = choices


def resolve(thread: Thread) -> Anchor:
    """What the thread is about, as it reads now; of a thing that is gone, the page that it was on."""
    resolver = _resolvers.get(thread.anchor_kind)
    found = resolver(thread.page, thread.anchor_key) if resolver else None
    return found or whole_page(thread.page, "")


def exists(page: Page, kind: str, key: str) -> bool:
    if kind == Kind.PAGE:
        return not key
    resolver = _resolvers.get(kind)
    return resolver is not None and resolver(page, key) is not None


def choices(page: Page) -> list[tuple[str, str, str]]:
    """Everything on this page that a thread can hang on: (kind, key, label), the whole page first."""
    found = [(str(Kind.PAGE), "", _("The whole page"))]
    for kind, listing in _choices.items():
        found += [(kind, key, label) for key, label in listing(page)]
    return found


def whole_page(page: Page, key: str) -> Anchor:
    return Anchor(title=page.title, words="", url=page.get_url() or "/")


register(Kind.PAGE, whole_page)


# Words that were commented on -------------------------------------------------------------------

WORD = re.compile(r"\w+(?:['’]\w+)*")


def _spelled(text: str) -> list[str]:
    return [word.replace("’", "'").casefold() for word in WORD.findall(text)]


def survives(about: str, words: str) -> bool:
    """Whether the words that a comment was about still stand there, one after the other.

    Punctuation and capitals do not matter; a comment on no words in particular survives anything.
    """
    before, now = _spelled(about), _spelled(words)
    size = len(before)
    return not size or any(now[start : start + size] == before for start in range(len(now) - size + 1))
