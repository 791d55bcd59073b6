"""The comments of the demonstration set: a thread on a sentence of the plan, by the same verbs as any."""

from typing import Any

from django.utils import timezone
from wagtail.models import Page

from collaborative import codes, demonstration
from collaborative.contributions.actions import About
from collaborative.demonstration import Days, as_of
from collaborative.engagements.models import Engagement
from collaborative.moderation.demo import check
from collaborative.people.demo import somebody, user
from collaborative.people.models import StakeholderGroup
from collaborative.people.roles import Role
from collaborative.threads import actions, anchors
from collaborative.threads.models import Anchor, Comment, Thread

READ_AFTER = 1  # day


def load(days: Days, plan: Page) -> None:
    """Open the thread, post, check and answer, each on its day."""
    texts = demonstration.read("threads", "comments")
    thread = _open(texts["thread"], days, plan)
    people = {row["n"]: row for row in texts["voice"]}
    done: dict[int, Comment] = {}
    for row in texts["comment"]:
        done[row["n"]] = _say(thread, row, people, done, days)


def _open(row: dict[str, Any], days: Days, plan: Page) -> Thread:
    with as_of(days.at(row["day"], 9)):
        opened = actions.open_thread(
            Engagement.objects.get(slug=row["engagement"]),
            plan,
            title=row["title"],
            intro=row["intro"],
            by=user(row["by"]),
            kind=Anchor.CLAUSE,
            key=row["clause"],
        )
    return Thread.objects.whole().get(pk=opened.pk)


def _say(
    thread: Thread, row: dict[str, Any], people: dict[int, Any], done: dict[int, Comment], days: Days
) -> Comment:
    parent = _again(done[row["under"]]) if "under" in row else None
    moment = min(days.at(row["day"], 8 + row["n"] % 9, row["n"] * 11 % 60), timezone.now())
    with as_of(moment):
        if "by" in row:
            return actions.answer(
                thread, row["text"], by=user(row["by"]), key=f"demo {row['n']}", under=parent
            )
        comment = _post(thread, row, people[row["voice"]], parent)
    with as_of(min(days.at(row["day"] + READ_AFTER, 9), timezone.now())):
        check(comment.contribution, row["state"], "", somebody(Role.MODERATORS), rule=row.get("rule"))  # type: ignore[arg-type]
    return comment


def _post(thread: Thread, row: dict[str, Any], who: dict[str, Any], parent: Comment | None) -> Comment:
    account = user(who["user"]) if "user" in who else None
    token = demo_token(who["n"]) if account is None else actions.token_for(thread.engagement, account, "")
    said = actions.Post(
        text=row["text"],
        key=f"demo comment {row['n']}",
        about_words=anchors.resolve(thread).words,
        parent=parent,
    )
    voice = actions.voice_of(thread.engagement, user=account, token=token)
    about = None if voice else _about(who)
    return actions.post(thread, said, voice=voice, about=about, token=token, user=account)[0]


def demo_token(n: int) -> str:
    """What one made-up person is known by: the same each time on one site."""
    return codes.hashed_token(f"demo voice {n}")


def _about(who: dict[str, Any]) -> About:
    return About(
        age_band=who["age_band"],
        respondent_kind="individual",
        permission=who["permission"],
        recontact=False,
        group=StakeholderGroup.objects.get(slug=who["group"]),
        name=who.get("name", ""),
    )


def _again(comment: Comment) -> Comment:
    return Comment.objects.select_related("contribution", "thread__engagement").get(pk=comment.pk)
