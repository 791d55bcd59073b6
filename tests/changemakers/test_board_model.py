"""Whatever happens on a board and in a vote, in any order and over any network: every screen ends as the
database is, votes keep to their budget, and none is counted twice."""

import re
from collections.abc import Callable
from contextlib import suppress
from itertools import count, cycle
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, Sum

from collaborative.changemakers.boards import actions
from collaborative.changemakers.boards.actions import Place
from collaborative.changemakers.boards.actions.moving import nudge
from collaborative.changemakers.boards.models import Card, Cluster, Note
from collaborative.changemakers.polls import actions as polls
from collaborative.changemakers.polls import reading as results
from collaborative.changemakers.polls.models import Ballot, Vote
from collaborative.changemakers.room import actions as room
from collaborative.changemakers.room.models import Participant, Stage
from collaborative.contributions import actions as contributions
from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import State
from collaborative.live import listener as listeners
from collaborative.moderation import actions as moderation
from collaborative.moderation.redaction import REMOVED
from tests.changemakers import boarding, screens
from tests.live.played import World, play

SAID = re.compile(r'<p dir="auto">(.*?)</p>')
rooms, words = count(1), count(1)
WORDS = re.compile(r"(?:Said|Edited|Name) \w+")
STATES = {"close": room.close, "reopen": room.open_stage}


class Board(World):
    writing = (
        *("add", "add", "add held", "edit", "take back", "release", "release", "escalate"),
        *("redact", "withdraw", "leave for good", "merge", "merge", "add", "add"),
        *("move", "move", "up", "into group", "group", "ungroup", "dissolve", "name", "merge", "part"),
        *("close", "reopen", "reopen", "reopen"),
    )

    def begin(self) -> None:
        self.board = boarding.board(slug=f"model-{next(rooms)}")
        self.key = f"board.{self.board.pk}"
        self.femi = boarding.facilitator()
        self.people = [boarding.person(self.board), boarding.person(self.board)]
        self.came = list(self.people)
        for text in ("Said A", "Said B", "Said C"):  # so that there is something to merge from the beginning
            boarding.shown(self.board, self.people[0], text)

    def write(self, what: str, pick: Callable[[Any], Any]) -> None:
        with suppress(NotPossible, PermissionDenied):  # not possible just then: nothing was changed
            self._write(what, pick)

    def _write(self, what: str, pick: Callable[[Any], Any]) -> None:
        who = pick([*self.people, self.femi])
        if what in STATES:
            STATES[what](self.board, by=self.femi)
        elif what in ("add", "add held"):
            made = boarding.note(self.board, pick(self.people), f"Said {next(words)}", column=pick((0, 1, 2)))
            if what == "add":
                boarding.release(made, by=self.femi)
        elif what == "leave for good":
            self._leave(pick(self.people))
        elif what in ("edit", "take back", "release", "escalate", "part", "redact", "withdraw"):
            notes = list(Note.objects.filter(stage=self.board).select_related("participant"))
            if notes:
                self._with_note(what, pick(notes), who)
        else:
            self._with_cards(what, pick, who)

    def _with_note(self, what: str, one: Note, who: Any) -> None:
        if what == "edit":
            actions.change(one, f"Edited {next(words)}", participant=one.participant)  # type: ignore[arg-type]
        elif what == "take back":
            actions.take_back(one, participant=one.participant)  # type: ignore[arg-type]
        elif what == "release":
            boarding.release(one, by=self.femi)
        elif what == "redact":
            newest = boarding.said(one).wordings.order_by("-number")[0].text
            text = f"{newest.split()[0]} {REMOVED}"
            moderation.release_redacted(boarding.said(one), text, "A name.", by=self.femi)
        elif what == "withdraw":  # from the receipt, where the board knows nothing of it
            contributions.take_back(boarding.said(one))
        elif what == "escalate":
            moderation.escalate(boarding.said(one), by=self.femi)
        else:
            actions.part(one, who=who)

    def _leave(self, who: Participant) -> None:
        """They take back all that they gave; somebody else comes in."""
        who.refresh_from_db()
        if who.receipt is not None:
            contributions.withdraw(who.receipt)
            self.people[self.people.index(who)] = boarding.person(self.board)
            self.came.extend(one for one in self.people if one not in self.came)

    def _with_cards(self, what: str, pick: Callable[[Any], Any], who: Any) -> None:
        cards = list(Card.objects.filter(stage=self.board))
        groups = list(Cluster.objects.filter(stage=self.board))
        if not cards:
            return
        card, other = pick(cards), pick(cards)
        after = pick(["top", "end", f"card.{other.pk}"])
        if what == "move":
            actions.move(pick([card, *groups]), Place(column=pick((0, 1, 2)), after=after), who=who)
        elif what == "up":
            nudge(pick([card, *groups]), pick((-1, 1)), who=who)
        elif what == "into group" and groups:
            actions.move(card, Place(cluster=pick(groups).pk, after=after), who=who)
        elif what == "group":
            actions.group(card, other, who=who)
        elif what == "merge":
            actions.merge(card, other, who=who)
        elif what == "ungroup":
            actions.ungroup(card, who=who)
        elif what == "dissolve" and groups:
            actions.dissolve(pick(groups), who=who)
        elif what == "name" and groups:
            actions.name_group(pick(groups), f"Name {next(words)}", by=self.femi)

    def there(self) -> dict[Any, Any]:
        """From the rows themselves, not by what pages read."""
        page: dict[Any, Any] = {}
        for one in Cluster.objects.filter(stage=self.board):
            page["group", one.pk] = (one.title, one.column, one.rank)
        notes = Note.objects.filter(stage=self.board).select_related("contribution", "card").order_by("pk")
        for one in notes.prefetch_related("contribution__wordings"):
            if one.contribution.state == State.RELEASED:
                newest = max(one.contribution.wordings.all(), key=lambda wording: wording.number)
                card = one.card
                where = ("in", card.cluster_id) if card.cluster_id else ("column", card.column)
                said = page.get(("card", card.pk), ((), None, None))[0]
                page["card", card.pk] = ((*said, newest.text), where, card.rank)
        return page

    def show(self, page: dict[Any, Any], change: dict[str, Any]) -> None:
        """As static/js/board.js does it."""
        kind, pk, html, data = change["kind"], change["id"], change["html"], change["data"]
        if kind == "order":
            for name, rank in data["ranks"].items():
                which = ("card" if name[0] == "k" else "group", int(name[1:]))
                if which in page:
                    page[which] = (*page[which][:2], rank)
        elif html is None:
            page.pop((kind, pk), None)
        elif kind == "group":
            page["group", pk] = (re.findall("<h4>(.*?)</h4>", html)[0], data["column"], data["rank"])
        else:
            where = ("in", data["cluster"]) if data["cluster"] else ("column", data["column"])
            page["card", pk] = (tuple(SAID.findall(html)), where, data["rank"])

    def teardown(self) -> None:
        assert not Card.objects.filter(notes=None).exists()  # no card without a note, and no note without one
        assert not Card.objects.exclude(Q(cluster=None) | Q(column=F("cluster__column"))).exists()
        super().teardown()
        self.on_every_screen()

    def on_every_screen(self) -> None:
        """As a page that is loaded now has it: the order too, and no word that nobody may read."""
        room.open_stage(self.board, by=self.femi)
        there, notes = screens.laid_out(self.there()), Note.objects.filter(stage=self.board)
        texts = [notes_of[0] for kind, notes_of in self.there().items() if kind[0] == "card"]
        may_be_read = {word for said in texts for text in said for word in WORDS.findall(text)}
        names = {one.title for one in Cluster.objects.filter(stage=self.board) if WORDS.match(one.title)}
        pages = screens.of_staff(self.board, self.femi)
        assert set(WORDS.findall(pages["wall"].get_text(" "))) == may_be_read | names
        for who in self.came:
            own = screens.of_person(self.board, who)
            pages |= {f"{name} of {who.pk}": page for name, page in own.items()}
            theirs = notes.filter(participant=who, taken_back_at=None)
            theirs = theirs.exclude(contribution__state=State.WITHDRAWN)
            keys = {str(key) for key in theirs.values_list("pk", flat=True)}
            for page in own.values():
                assert {str(one["data-own"]) for one in page.select("[data-own]")} == keys
                for mine in page.select("[data-own]"):
                    mine.extract()
                assert set(WORDS.findall(page.get_text(" "))) == may_be_read | names
        for name, page in pages.items():
            assert screens.board(page) == there, name


LABELS = {"o1": "Ferry", "o2": "Bus", "o3": "Bike"}
SCALE = {5: "Agree strongly", 4: "Agree", 3: "Neither", 2: "Disagree", 1: "Disagree strongly"}
WRONG = {
    "one": {"o1": 1, "o2": 1},
    "many": {"o1": 2},
    "agree": {"o1": 6},
    "rank": {"o1": 1, "o2": 1},
    "dots": {"o1": 3, "o2": 1},
}
kinds = cycle(WRONG)


class Poll(World):
    """A vote of each kind in turn."""

    writing = (
        "vote",
        "vote",
        "vote",
        "vote wrong",
        "take back",
        "reveal",
        "hide",
        "close",
        "reopen",
        "reopen",
    )
    budget = 3

    def begin(self) -> None:
        self.kind = next(kinds)
        self.poll = boarding.poll(self.kind, slug=f"model-{next(rooms)}", budget=self.budget)
        self.key = f"poll.{self.poll.pk}"
        self.femi = boarding.facilitator()
        self.people = [boarding.person(self.poll) for _ in range(4)]
        self.cast: dict[int, dict[str, int]] = {}  # what each of them last voted, as they were told

    def ballot(self, pick: Callable[[Any], Any]) -> dict[str, int]:
        one, other = pick(tuple(LABELS)), pick(tuple(LABELS))
        if self.kind == "one":
            return {one: 1}
        if self.kind == "many":
            return {one: 1, other: 1}
        if self.kind == "agree":
            return {one: pick(tuple(SCALE)), other: pick(tuple(SCALE))}
        if self.kind == "rank":
            return {one: 1} if one == other else {one: 1, other: 2}
        return {one: 1} | {other: pick((1, 2))}

    def write(self, what: str, pick: Callable[[Any], Any]) -> None:
        who = pick(self.people)
        votes = WRONG[self.kind] if what == "vote wrong" else self.ballot(pick)
        try:
            if what in STATES:
                STATES[what](self.poll, by=self.femi)
            elif what in ("vote", "vote wrong"):
                polls.vote(self.poll, votes, participant=who)
                assert what != "vote wrong"
                self.cast[who.pk] = votes
            elif what == "take back":
                polls.take_back(self.poll, participant=who)
                self.cast.pop(who.pk, None)
            else:
                polls.reveal(self.poll, what == "reveal", by=self.femi)
        except NotPossible:
            pass

    def there(self) -> dict[Any, Any]:
        row = Stage.objects.get(pk=self.poll.pk)
        lines = {label: self.line(key) for key, label in LABELS.items()} if row.revealed else None
        return {"voted": len(self.cast), "lines": lines} if self.last() else {}

    def line(self, key: str) -> str:
        """What a choice came to, in the words of the page, counted from what they were told."""
        values = [votes[key] for votes in self.cast.values() if key in votes]
        if self.kind == "dots":
            return f"{sum(values)} dot{'' if sum(values) == 1 else 's'}"
        if self.kind == "agree":
            return ", ".join(f"{words} {values.count(value)}" for value, words in SCALE.items())
        if self.kind == "rank":
            mean = round(sum(values) / len(values), 1) if values else 0
            return f"place {mean} on average" if values else "nobody put it in order"
        return str(len(values))

    def show(self, page: dict[Any, Any], change: dict[str, Any]) -> None:
        html = change["html"]
        page |= self.read(html)

    def read(self, html: str) -> dict[str, Any]:
        page: dict[str, Any] = {"voted": int(re.findall(r"<b>(\d+) ", html)[0])}
        lines = re.findall(r'label">(\w+)</span>\s*<span class="cs_result__n">(.*?)</span>', html)
        page["lines"] = dict(lines) if "cs_result" in html else None
        return page

    def teardown(self) -> None:
        super().teardown()
        used = Ballot.objects.filter(stage=self.poll).annotate(used=Sum("votes__value"))
        assert self.kind != "dots" or all(ballot.used <= self.budget for ballot in used)
        assert used.count() == len(self.cast) == results.result(self.poll).base
        counted = Vote.objects.filter(ballot__stage=self.poll).aggregate(n=Sum("value"))["n"] or 0
        assert counted == sum(sum(votes.values()) for votes in self.cast.values())
        self.on_every_screen()

    def on_every_screen(self) -> None:
        """The same total as the rows give, and each ballot as its voter left it."""
        room.open_stage(self.poll, by=self.femi)
        there = {"voted": 0, "lines": None} | self.there()
        pages = screens.of_staff(self.poll, self.femi)
        if there["lines"] is None:  # only whoever runs it sees how it stands
            seen = self.read(str(pages["console"].select_one(".cs_only-you")))
            polls.reveal(self.poll, True, by=self.femi)
            assert seen == self.there()
            polls.reveal(self.poll, False, by=self.femi)
        for who in self.people:
            for name, page in screens.of_person(self.poll, who).items():
                pages[f"{name} of {who.pk}"] = page
                assert screens.ballot(page) == self.cast.get(who.pk, {})
        for name, page in pages.items():
            assert self.read(str(page.select_one("[data-standing]"))) == there, name


@pytest.mark.django_db
@pytest.mark.parametrize(
    "lives",
    [pytest.param(200, marks=pytest.mark.long), pytest.param(10, marks=pytest.mark.shallow)],
    ids=["deep", "some"],
)
@pytest.mark.parametrize("world", [Board, Poll])
def test_every_screen_ends_as_the_database_is(
    world: type[World], lives: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "DEPTH", 3)  # so that it overflows
    play(world, lives)
