"""The workshop of the demonstration set that is over, as its room: who came, what they wrote, how they put it
together. Every row is made by the verbs that people use."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from collaborative import demonstration
from collaborative.analysis.demo import sort
from collaborative.analysis.models import Theme
from collaborative.changemakers.boards import actions as boards
from collaborative.changemakers.boards.actions import Written
from collaborative.changemakers.boards.models import Card, Note
from collaborative.changemakers.demo import ISLANDS, session
from collaborative.changemakers.polls import actions as polls
from collaborative.changemakers.room import actions as room
from collaborative.changemakers.room import giving
from collaborative.changemakers.room.actions import Joining
from collaborative.changemakers.room.models import Kind, Participant, Stage
from collaborative.contributions.actions import receive
from collaborative.contributions.models import Contribution
from collaborative.demonstration import as_of, notice, unmark
from collaborative.engagements.models import Engagement
from collaborative.moderation.demo import check
from collaborative.people.demo import somebody
from collaborative.people.models import StakeholderGroup, User
from collaborative.people.roles import Role

SORTED_AFTER = 3  # days


def load_notes() -> None:
    """What 26 people wrote on Carrick Isles: read, put together, and sorted into the same topics as any
    answer."""
    texts = demonstration.read("changemakers", "notes")
    engagement = Engagement.objects.get(slug=ISLANDS)
    begins, ends = engagement.opens_at, engagement.closes_at
    assert begins is not None and ends is not None
    femi = somebody(Role.FACILITATORS)
    written: dict[int, Note] = {}
    with as_of(begins):
        people = {row["n"]: _come_in(engagement, row) for row in texts["person"]}
    for stage, at in _timed(engagement, begins):
        with as_of(at):
            room.open_stage(stage, by=femi)
            if stage.kind == Kind.BOARD:
                written = _write(stage, texts, people)
            elif stage.kind == Kind.POLL:
                _vote(stage, texts, people, femi)
        if stage.kind == Kind.BOARD:
            with as_of(at + timedelta(minutes=stage.minutes - 5)):
                _read(written)
                _put_together(written, texts, femi)
    with as_of(ends):
        room.end(engagement, by=femi)
    with as_of(ends + timedelta(days=SORTED_AFTER)):
        _sort(written, texts)


def _timed(engagement: Engagement, begins: datetime) -> list[tuple[Stage, datetime]]:
    """The parts, and when each began."""
    found, minutes = [], 0
    for stage in Stage.objects.of(engagement).select_related("engagement__page"):
        found.append((stage, begins + timedelta(minutes=minutes)))
        minutes += stage.minutes
    return found


def _vote(stage: Stage, texts: dict[str, Any], people: dict[int, Participant], femi: User) -> None:
    """Three dots each, where they put them; and how it stands, for all to see."""
    for row in texts["person"]:
        dots = Counter(f"o{place}" for place in row["dots"])
        polls.vote(stage, dots, participant=people[row["n"]])
    polls.reveal(stage, True, by=femi)


def _write(board: Stage, texts: dict[str, Any], people: dict[int, Participant]) -> dict[int, Note]:
    """The number of each note in the texts, and its row."""
    return {
        row["n"]: boards.add(
            board,
            Written(
                text=unmark(row["text"])[0],
                key=f"demo:{row['n']}",
                named=people[row["person"]].permission == "named",
            ),
            participant=people[row["person"]],
        )[0]
        for row in texts["note"]
    }


def _come_in(engagement: Engagement, person: dict[str, Any]) -> Participant:
    asked = Joining(
        key=f"demo:{person['n']}",
        age_band=person["age_band"],
        group=StakeholderGroup.objects.get(slug=person["group"]),
        permission=person["permission"],
        name=person.get("name", ""),
    )
    participant, _new = room.join(engagement, asked)
    about = replace(giving.about(participant), privacy_version=notice(session(ISLANDS)["day"]))
    receive(engagement, about, [], code=giving.receipt_code(participant))
    return participant


def _read(written: dict[int, Note]) -> None:
    moderator = somebody(Role.MODERATORS)
    for note in written.values():
        check(note.contribution, "released", "", moderator)


def _put_together(written: dict[int, Note], texts: dict[str, Any], femi: User) -> None:
    """Each cluster from its first note on. Notes that nobody may publish are put together as well."""
    for row in texts["cluster"]:
        first, *others = [
            Card.objects.get(notes=written[note["n"]])
            for note in texts["note"]
            if note["cluster"] == row["n"]
        ]
        for card in others:
            cluster = boards.group(card, first, who=femi)
            first.refresh_from_db()
        boards.name_group(cluster, row["title"], by=femi)


def _sort(written: dict[int, Note], texts: dict[str, Any]) -> None:
    themes = {theme.code: theme for theme in Theme.objects.all()}
    analyst = somebody(Role.ANALYSTS)
    for row in texts["note"]:
        said = Contribution.objects.get(pk=written[row["n"]].contribution_id)
        # What raises no topic waits, so that the workbench has something to show.
        sort(said, unmark(row["text"])[1], themes, analyst, finished=False)
