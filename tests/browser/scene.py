"""What stands on the site before somebody walks through it: an open consultation, a plan, topics, a crowd."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from collaborative import codes, pagecache
from collaborative.analysis.actions import apply_theme
from collaborative.analysis.models import Theme
from collaborative.consultations.actions import respond
from collaborative.contributions.actions import About
from collaborative.contributions.models import Contribution, Receipt
from collaborative.engagements.models import Engagement
from collaborative.moderation.actions import release
from collaborative.moderation.models import HouseRule
from collaborative.outcomes.models import ModelPage
from collaborative.people.models import StakeholderGroup, User
from home.tree import lay_out
from tests.analysis.sorting import theme
from tests.consultations.making import block, consultation, group, option
from tests.moderation.giving import rule
from tests.outcomes import plan

TITLE = "Starting the conversation"
GROUPS = {
    "young-people": "Young people",
    "parents": "Parents and carers",
    "practitioners": "Practitioners",
    "employers": "Employers",
    "communities": "Communities",
}


@dataclass
class Scene:
    """`codes` are the receipt codes of those who answered through `answer`, newest last."""

    engagement: Engagement
    plan: ModelPage
    rule: HouseRule
    topics: list[Theme] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    def answer(self, words: str, who: str = "parents", **about: str) -> Contribution:
        """Somebody else answers in the same way as the screens do, and waits to be checked."""
        whole = {"age_band": "26-plus", "respondent_kind": "individual", "permission": "anonymous", **about}
        code = codes.new()
        group = StakeholderGroup.objects.get(slug=who)
        given = {"feel": {"text": words}}
        receipt, _new = respond(
            self.engagement, About(recontact=False, group=group, **whole), given, code=code
        )
        self.codes.append(code)
        return receipt.contributions.get()

    def close(self) -> None:
        """Its last day has passed. Time moves nothing in a cache, so the epoch is moved by hand."""
        Engagement.objects.filter(pk=self.engagement.pk).update(
            closes_at=timezone.now() - timedelta(seconds=1)
        )
        pagecache.touch()


def questions() -> list[object]:
    when = [option("p6", "In P6"), option("p7", "In P7"), option("s1", "In S1")]
    who = [option("teacher", "A teacher"), option("parent", "A parent"), option("friend", "An older friend")]
    promises = [option("ask", "You ask me"), option("tell", "You tell me"), option("wait", "You wait for me")]
    return [
        block("when", "one", "When should it happen?", options=when, required=True),
        block(
            "who",
            "many",
            "Who should lead it?",
            options=who,
            max_choices=2,
            ask_why=True,
            why_label="Why them?",
        ),
        block("feel", "text", "What should it never feel like?"),
        block("promises", "rank", "Put these promises in order.", options=promises),
    ]


def set_scene(analyst: User | None = None) -> Scene:
    """An open consultation, version 1 of the plan and, where there is an analyst, two topics."""
    lay_out()
    for slug, name in GROUPS.items():
        group(slug, name)
    engagement = consultation(
        questions=questions(),
        audiences=list(GROUPS),
        young_group=StakeholderGroup.objects.get(slug="young-people"),
    )
    page = ModelPage.objects.get()
    plan.publish(page, plan.blocks())
    scene = Scene(engagement, ModelPage.objects.get(), rule())
    if analyst is not None:
        scene.topics = [
            theme(analyst, "T1", "Ask me first", definition="Being asked before anything is settled."),
            theme(analyst, "T2", "Feeling tested", definition="Talks that feel like an exam."),
        ]
    return scene


def release_and_sort(
    rows: list[Contribution], topic: Theme, stances: list[str], moderator: User, analyst: User
) -> None:
    """Check these and sort all of each under the topic."""
    for number, row in enumerate(rows):
        release(row, by=moderator)
        wording = row.wordings.get()
        stance = stances[number % len(stances)]
        key = f"{topic.code}-{row.pk}"
        apply_theme(wording, 0, len(wording.text), topic, by=analyst, key=key, stance=stance)


def newest_receipt() -> Receipt:
    return Receipt.objects.latest("pk")
