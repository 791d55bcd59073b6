"""A small world for the flow: groups, topics, a decision, and enough people to be counted."""

import uuid
from typing import Any

from collaborative.analysis.actions import apply_theme
from collaborative.analysis.models import Stance, Theme
from collaborative.contributions.actions import About, Given, receive
from collaborative.contributions.models import Contribution
from collaborative.engagements.models import Engagement
from collaborative.moderation import actions as moderation
from collaborative.outcomes.models import DecisionPage
from collaborative.people.models import StakeholderGroup, User
from collaborative.people.roles import Role
from tests.cast import person
from tests.outcomes import deciding

WORDS = "We were asked far too late."


def moderator() -> User:
    return User.objects.filter(first_name="Mona").first() or person("Mona", Role.MODERATORS)


def groups() -> tuple[StakeholderGroup, StakeholderGroup]:
    return (
        deciding.group("young-people", "Children and young people"),
        deciding.group("practitioners", "Practitioners"),
    )


def speak(
    where: Engagement, words: str = WORDS, *, code: str = "", sort_as: Theme | None = None, **about: Any
) -> Contribution:
    """Somebody answers; with `sort_as`, it is checked and sorted too."""
    stance = about.pop("stance", Stance.NONE)
    respondent = {
        "age_band": "26-plus",
        "respondent_kind": "individual",
        "permission": "anonymous",
        "recontact": False,
        "group": groups()[0],
        **about,
    }
    given = [Given(prompt_key="q1", prompt="What do you think?", text=words)]
    receipt, _new = receive(
        where, About(**respondent), given, code=code or uuid.uuid4().hex, check_open=False
    )
    said = receipt.contributions.get()
    if sort_as is not None:
        moderation.release(said, by=moderator())
        sort(said, sort_as, stance)
    return said


def sort(said: Contribution, theme: Theme, stance: str = Stance.NONE) -> None:
    words = said.wordings.order_by("-number")[0]
    apply_theme(words, 0, len(words.text), theme, by=deciding.analyst(), key=uuid.uuid4().hex, stance=stance)


def crowd(where: Engagement, theme: Theme, sizes: dict[str, int], **about: Any) -> None:
    """So many of each group raise the topic."""
    by_slug = {group.slug: group for group in groups()}
    for slug, n in sizes.items():
        for _turn in range(n):
            speak(where, sort_as=theme, group=by_slug[slug], **about)


def decided(where: Engagement, theme: Theme, number: int = 1, **more: Any) -> DecisionPage:
    given = more.pop("given", "not-adopted")
    page = deciding.draft(number, answers=[deciding.answer(theme, given)], engagements=[where], **more)
    return deciding.publish(page)
