"""Whatever happens in a thread, in any order and over any network: every open page ends as the database is.

Posted, replied, edited, held, released, redacted, refused, taken back, passed to safeguarding, answered by
the organisers, pinned; hints lost, doubled and late; pages asleep, reloaded, reconnected; the server killed.
"""

import re
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Permission, State
from collaborative.live import listener as listeners
from collaborative.moderation import actions as moderation
from collaborative.moderation.redaction import REMOVED
from collaborative.threads import actions
from collaborative.threads.models import Comment
from tests.live.played import World, play
from tests.threads import talking

REPLIES = 3  # as many as stand under a comment on the page of its thread
MARK = re.compile(r'<li id="c(\d+)"([^>]*)>')
SAID = re.compile(r'<div class="cs_comment__words" dir="auto"><p>(.*?)</p></div>')
threads, words = count(1), count(1)
# Of each comment that stands: its parent, whether it is pinned, its words.
Page = dict[int, tuple[int | None, bool, str]]


class Talk(World):
    writing = (
        *("post", "post", "post held", "reply", "reply held", "edit", "release", "release"),
        *(
            "redact",
            "refuse",
            "take back",
            "escalate",
            "answer",
            "change answer",
            "take down",
            "pin",
            "close",
        ),
    )

    def begin(self) -> None:
        self.thread = talking.thread(talking.adults_only(f"talk-{next(threads)}"))
        self.key = self.thread.stream
        self.editor, self.moderator = talking.person_of("Edwina"), talking.moderator()
        self.account = talking.person_of("Ann")
        self.ann = actions.voice_of(self.thread.engagement, user=self.account, token="")
        self.ann = self.ann or talking.voice(self.thread, self.account)
        self.stranger = talking.voice(self.thread)

    def write(self, what: str, pick: Callable[[Any], Any]) -> None:
        rows = self.thread.comments.order_by("pk")
        own = list(rows.filter(official=False))
        official = list(rows.filter(official=True))
        tops = [one for one in [*own, *official] if one.parent_id is None]
        many = {"answer": tops, "reply": tops, "reply held": tops}
        many |= {"change answer": official, "take down": official, "pin": tops}
        among = many.get(what, own)
        comment = talking.again(pick(among)) if among else None
        try:
            if what in ("post", "post held"):
                self._say(None, held=what == "post held")
            elif what == "close":
                actions.close(self.thread, by=self.editor)
                actions.reopen(self.thread, by=self.editor)
            elif comment is not None:
                self._with(comment, what)
        except (NotPossible, PermissionDenied):
            pass  # that could not be done just then: nothing was changed

    def _say(self, parent: Comment | None, *, held: bool) -> None:
        if held:
            talking.say(self.thread, f"Held {next(words)}", by=self.stranger, parent=parent)
        else:
            talking.say(self.thread, f"Said {next(words)}", by=self.ann, user=self.account, parent=parent)

    def _with(self, comment: Comment, what: str) -> None:
        said = comment.contribution
        if what in ("reply", "reply held", "answer"):
            if comment.replies.count() >= REPLIES:
                return
            if what == "answer":
                text = f"Answer {next(words)}"
                actions.answer(self.thread, text, by=self.editor, key=text, under=comment)
            else:
                self._say(comment, held=what == "reply held")
        elif what == "change answer":
            actions.change_answer(comment, f"Other answer {next(words)}", by=self.editor)
        elif what == "take down":
            actions.take_down(comment, by=self.editor)
        elif what == "pin":
            actions.pin(comment, by=self.editor, on=comment.pinned_at is None)
        elif comment.voice is not None and what in ("edit", "take back"):
            user = comment.voice.user
            if what == "edit":
                actions.change(comment, f"Edited {next(words)}", voice=comment.voice, user=user)
            else:
                actions.take_back(comment, voice=comment.voice, user=user)
        elif said is not None:
            self._checked(said, what)

    def _checked(self, said: Any, what: str) -> None:
        if what == "release":
            moderation.release(said, by=self.moderator)
        elif what == "redact":
            newest = said.wordings.order_by("-number")[0].text
            text = re.sub(r"\w+$", REMOVED, newest)
            moderation.release_redacted(said, text, "It named a person.", by=self.moderator)
        elif what == "refuse":
            moderation.refuse(said, talking.rule(), by=self.moderator)
        elif what == "escalate":
            moderation.escalate(said, by=self.moderator)

    def there(self) -> Page:
        """From the rows themselves, not by what pages read."""
        page: Page = {}
        rows = self.thread.comments.select_related("contribution__receipt")
        rows = rows.prefetch_related("contribution__wordings", "official_wordings")
        for row in sorted(rows, key=_tops_first):
            said = row.contribution
            if said is None:
                stands = row.taken_back_at is None
                wordings: list[Any] = list(row.official_wordings.all())
            else:
                permitted = said.permission in (Permission.NAMED, Permission.ANONYMOUS)
                stands = said.state == State.RELEASED and permitted and not said.receipt.exclusion
                wordings = list(said.wordings.all())
            if stands and (row.parent_id is None or row.parent_id in page):
                text = max(wordings, key=lambda one: one.number).text
                page[row.pk] = row.parent_id, row.pinned_at is not None, text
        return page

    def show(self, page: Page, change: dict[str, Any]) -> None:  # type: ignore[override]
        """As static/js/thread-list.js does it."""
        number, html = change["id"], change["html"]
        if change["kind"] == "thread":
            return
        if html is None:
            page.pop(number, None)
            for reply in [pk for pk, (parent, *_rest) in page.items() if parent == number]:
                del page[reply]
        elif change["kind"] == "shown" or (change["kind"] == "pinned" and number not in page):
            parent = change["data"]["parent"]
            if parent is None or parent in page:
                for (pk, about), text in zip(MARK.findall(html), SAID.findall(html), strict=True):
                    under = parent if int(pk) == number else number
                    page[int(pk)] = under, "data-pinned" in about, text
        elif number in page:
            under, pinned, _words = page[number]
            if change["kind"] == "pinned":
                pinned = "data-pinned" in MARK.findall(html)[0][1]
            page[number] = under, pinned, SAID.findall(html)[0]


def _tops_first(row: Comment) -> tuple[bool, int]:
    return row.parent_id is not None, row.pk


@pytest.mark.django_db
@pytest.mark.parametrize(
    "lives",
    [pytest.param(200, marks=pytest.mark.long), pytest.param(12, marks=pytest.mark.shallow)],
    ids=["deep", "some"],
)
def test_every_page_ends_as_the_database_is(lives: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listeners, "DEPTH", 3)  # so that it overflows
    play(Talk, lives)
