"""Canaries in a thread: in comments that wait, were refused, passed on, taken back or cut, and near them."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from collaborative.contributions import actions as contributions
from collaborative.contributions.actions import About
from collaborative.moderation import actions as moderation
from collaborative.moderation.models import HouseRule
from collaborative.threads import actions
from collaborative.threads.actions import mailing, voices
from collaborative.threads.models import Comment, Subscription, Thread, Voice
from tests.cast import person

if TYPE_CHECKING:
    from tests.whole.canaries import Nest


class Comments:
    def __init__(self, nest: "Nest") -> None:
        self.nest = nest
        self.thread = Thread.objects.whole().order_by("pk")[0]

    def plant(self) -> None:
        self.comments_that_are_not_shown()
        self.who_said_it()
        self.what_stood_there_before()
        self.replies()
        self.official()
        self.whoever_wants_mail()

    def say(
        self, place: str, *, shown: bool = False, parent: Comment | None = None, **about: object
    ) -> Comment:
        text = f"Of moving house I would say {self.nest.word(f'comment {place}', shown=shown)} and mean it."
        return self.post(text, place, parent, **about)

    def post(self, text: str, place: str, parent: Comment | None = None, **about: object) -> Comment:
        whole = {
            "age_band": "26-plus",
            "respondent_kind": "individual",
            "permission": "anonymous",
            "recontact": False,
            "group": self.nest.group,
            **about,
        }
        key = secrets.token_hex(16)
        token = actions.token_for(self.thread.engagement, None, key)
        said = actions.Post(text=text, key=key, parent=parent)
        comment = actions.post(self.thread, said, about=About(**whole), token=token)[0]  # type: ignore[arg-type]
        self.nest.codes[f"comment {place}"] = voices.receipt_code(token)
        return self.again(comment)

    def again(self, comment: Comment) -> Comment:
        rows = Comment.objects.select_related("thread__engagement", "contribution__receipt", "parent")
        return rows.get(pk=comment.pk)

    def released(self, place: str, **about: object) -> Comment:
        comment = self.say(place, **about)  # type: ignore[arg-type]
        moderation.release(comment.contribution, by=self.nest.moderator)  # type: ignore[arg-type]
        return self.again(comment)

    def comments_that_are_not_shown(self) -> None:
        by, rule = self.nest.moderator, HouseRule.objects.order_by("number")[0]
        ways: dict[str, Callable[[Comment], object]] = {
            "waiting": lambda c: None,
            "waiting, under 18": lambda c: None,
            "refused": lambda c: moderation.refuse(c.contribution, rule, by=by),  # type: ignore[arg-type]
            "passed to safeguarding": lambda c: moderation.escalate(c.contribution, by=by),  # type: ignore[arg-type]
        }
        for place, way in ways.items():
            young = {"age_band": "13-15"} if "under 18" in place else {}
            way(self.say(place, **young))  # type: ignore[arg-type]
        after: dict[str, Callable[[Comment], object]] = {
            "refused later": ways["refused"],
            "passed on later": ways["passed to safeguarding"],
            "taken back": lambda c: actions.take_back(c, voice=c.voice),  # type: ignore[arg-type]
            "erased": lambda c: contributions.erase(c.contribution),  # type: ignore[arg-type]
            "left out": lambda c: contributions.exclude(c.contribution.receipt, "test", by=None),  # type: ignore[union-attr]
        }
        for place, way in after.items():
            way(self.released(place))
        self.released("not to be shown", permission="not-published")
        self.released("shown", shown=True)

    def who_said_it(self) -> None:
        name = self.nest.word("name of a comment without a name")
        address = f"{self.nest.word('address of somebody who commented')}@canary.example"
        self.released("without its name", shown=True, name=name, recontact=True, contact_email=address)
        name = self.nest.word("name of a comment with a name", shown=True)
        self.released("with its name", shown=True, permission="named", name=name)

    def what_stood_there_before(self) -> None:
        by = self.nest.moderator
        cut = self.released("words removed")
        text = cut.contribution.wordings.get().text  # type: ignore[union-attr]
        gone = next(word for word in text.split() if word in self.nest.words)
        moderation.release_redacted(cut.contribution, text.replace(gone, "[removed]"), "A name.", by=by)  # type: ignore[arg-type]
        edited = self.released("before it was edited")
        actions.change(edited, "Now in plain words.", voice=edited.voice)  # type: ignore[arg-type]
        moderation.release(self.again(edited).contribution, by=by)  # type: ignore[arg-type]
        waits = self.released("before an edit that waits")
        actions.change(waits, f"Now {self.nest.word('an edit that waits')}.", voice=waits.voice)  # type: ignore[arg-type]

    def replies(self) -> None:
        by, rule = self.nest.moderator, HouseRule.objects.order_by("number")[0]
        parent = self.released("with replies", shown=True)
        self.say("reply that waits", parent=parent)
        shown = self.say("reply", shown=True, parent=parent)
        moderation.release(shown.contribution, by=by)  # type: ignore[arg-type]
        refused = self.released("whose replies went with it")
        reply = self.say("reply that went with its parent", parent=refused)
        moderation.release(reply.contribution, by=by)  # type: ignore[arg-type]
        actions.answer(
            self.thread,
            f"Thank you. {self.nest.word('official reply that went with its parent')}",
            by=self.nest.editor,
            key=secrets.token_hex(8),
            under=refused,
        )
        moderation.refuse(self.again(refused).contribution, rule, by=by)  # type: ignore[arg-type]

    def official(self) -> None:
        parent, editor = self.released("with an official reply", shown=True), self.nest.editor
        first = f"Thank you. {self.nest.word('official reply before it was changed')}"
        reply = actions.answer(self.thread, first, by=editor, key=secrets.token_hex(8), under=parent)
        actions.change_answer(reply, f"Thanks. {self.nest.word('an official reply', shown=True)}", by=editor)
        gone = f"No. {self.nest.word('official reply that was taken down')}"
        actions.take_down(
            actions.answer(self.thread, gone, by=editor, key=secrets.token_hex(8), under=parent), by=editor
        )

    def whoever_wants_mail(self) -> None:
        """Somebody with an account who is told of everything from the first comment on."""
        user = person(self.nest.word("first name of somebody who wants mail"))
        token = actions.token_for(self.thread.engagement, user, "")
        about = About(
            age_band="26-plus",
            respondent_kind="individual",
            permission="anonymous",
            recontact=False,
            group=self.nest.group,
        )
        engagement = self.thread.engagement
        voice: Voice = voices.begin(engagement, about, user=user, token=token, now=timezone.now())
        row = mailing.subscribe(self.thread, "daily", voice=voice, user=user)
        Subscription.objects.filter(pk=row.pk).update(
            last_seq=0, created_at=timezone.now() - timedelta(days=9)
        )
