"""The themes of the demonstration set, and the sorting of what its people gave."""

import hashlib

from django.utils.text import slugify

from collaborative import demonstration
from collaborative.analysis.actions import apply_theme, define_theme, no_topic
from collaborative.analysis.models import Codebook, Theme
from collaborative.contributions.models import Contribution
from collaborative.demonstration import Days, Passage, as_of
from collaborative.people.demo import somebody
from collaborative.people.models import User
from collaborative.people.roles import Role

FIRST_FRAME, SECOND_FRAME = -120, -62


def load(days: Days) -> None:
    """Themes, with the earlier wording of those that were renamed or took another in."""
    texts = demonstration.read("analysis", "themes")
    by = somebody(Role.ANALYSTS)
    earlier = {row["to"]: row["from_name"] for row in texts["history"] if row["kind"] == "renamed"}
    for day in (FIRST_FRAME, SECOND_FRAME):
        with as_of(days.at(day)):
            for row in texts["theme"]:
                label = earlier.get(row["code"], row["name"]) if day == FIRST_FRAME else row["name"]
                define_theme(
                    row["code"],
                    label=label,
                    slug=slugify(row["name"]),
                    definition=row["definition"],
                    includes=_list(row["includes"]),
                    excludes=_list(row["excludes"]),
                    example=row["example"],
                    by=by,
                )
    frame = Codebook.objects.create(name="Code frame", version=2)
    frame.themes.set(Theme.objects.all())


def _list(lines: list[str]) -> str:
    return "; ".join(lines)


def sort(
    contribution: Contribution,
    passages: list[Passage],
    themes: dict[str, Theme],
    by: User,
    *,
    finished: bool = True,
) -> None:
    """Sort the passages of one thing under their themes.

    Words without any were read and raise no topic, unless sorting is not `finished`: then they wait.
    """
    if not passages and finished:
        no_topic(contribution, by=by)
        return
    wording = contribution.wordings.order_by("-number")[0]
    for passage in passages:
        mark = f"demo:{contribution.reference}:{passage.start}:{passage.end}:{passage.theme}"
        apply_theme(
            wording,
            passage.start,
            passage.end,
            themes[passage.theme],
            by=by,
            key=hashlib.sha256(mark.encode()).hexdigest(),
            stance=passage.stance,
        )
