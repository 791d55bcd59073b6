"""A small world for tests of threads: a page to talk about, people who talk, and somebody who checks."""

import uuid
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collaborative.contributions.actions import About
from collaborative.engagements.models import Engagement, Moderation
from collaborative.moderation import actions as moderation
from collaborative.people.models import User
from collaborative.people.roles import Role
from collaborative.threads import actions
from collaborative.threads.actions import voices
from collaborative.threads.models import Comment, Thread, Voice
from tests.cast import person
from tests.consultations.making import young_terms
from tests.moderation.giving import engagement, group, rule


def adults_only(slug: str = "adults-alone") -> Engagement:
    """Open to adults, who post at once where they have an account."""
    return engagement(slug, moderation=Moderation.STRANGERS)


def for_all(slug: str = "all-ages") -> Engagement:
    return engagement(slug, **young_terms())


def thread(where: Engagement | None = None, title: str = "What would help?", **fields: Any) -> Thread:
    """Open, on the page of its engagement."""
    where = where or adults_only()
    found = Thread.objects.filter(engagement=where, title=title).first()
    if found is None:
        by = person_of("Edwina", Role.EDITORS)
        found = actions.open_thread(where, where.page, title=title, by=by)
    if fields:
        Thread.objects.filter(pk=found.pk).update(**fields)
    return Thread.objects.whole().get(pk=found.pk)


def person_of(name: str, *roles: Role) -> User:
    return User.objects.filter(email=f"{name.lower()}@example.org").first() or person(name, *roles)


def moderator() -> User:
    return person_of("Mo", Role.MODERATORS)


def about(**changed: Any) -> About:
    whole = {
        "age_band": "26-plus",
        "respondent_kind": "individual",
        "permission": "anonymous",
        "recontact": False,
        "group": group(),
    }
    return About(**{**whole, **changed})


def voice(where: Thread, user: User | None = None, **changed: Any) -> Voice:
    """Somebody who has answered the form and has said nothing yet; children in a class."""
    if changed.get("age_band") in {"under-12", "12"}:
        changed.setdefault("channel", "class")
    token = actions.token_for(where.engagement, user, uuid.uuid4().hex)
    return voices.begin(where.engagement, about(**changed), user=user, token=token, now=timezone.now())


def say(
    where: Thread,
    text: str = "Ask us before you decide.",
    *,
    by: Voice | None = None,
    user: User | None = None,
    parent: Comment | None = None,
    key: str = "",
    about_words: str = "",
    **changed: Any,
) -> Comment:
    """One comment, by a stranger of its own unless told."""
    speaker = by or voice(where, user, **changed)
    said = actions.Post(text=text, key=key or uuid.uuid4().hex, parent=parent, about_words=about_words)
    return actions.post(where, said, voice=speaker, user=user or speaker.user)[0]


def shown(where: Thread, text: str = "Ask us before you decide.", **how: Any) -> Comment:
    """One comment that a person has checked, or that stood at once."""
    comment = say(where, text, **how)
    if not comment.shown:
        release(comment)
    return again(comment)


def release(comment: Comment) -> None:
    said = comment.contribution
    assert said is not None
    said.refresh_from_db()
    moderation.release(said, by=moderator())


def refuse(comment: Comment) -> None:
    said = comment.contribution
    assert said is not None
    said.refresh_from_db()
    moderation.refuse(said, rule(), by=moderator())


def again(comment: Comment) -> Comment:
    """As it stands in the database now."""
    rows = Comment.objects.select_related(
        "thread__engagement", "thread__page", "contribution__receipt", "parent"
    )
    return rows.get(pk=comment.pk)


def words(comment: Comment) -> str:
    assert comment.contribution is not None
    return comment.contribution.wordings.order_by("-number")[0].text


def counts(where: Thread) -> tuple[int, int]:
    row = Thread.objects.get(pk=where.pk)
    return row.released_count, row.answered_count


class Statements(CaptureQueriesContext):
    """What the database is asked, without the frame of a transaction, which is a test's as often as ours."""

    FRAME = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")

    def __init__(self) -> None:
        super().__init__(connection)

    @property
    def said(self) -> list[str]:
        return [row["sql"] for row in self.captured_queries if not row["sql"].startswith(self.FRAME)]
