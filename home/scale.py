"""Made-up responses in any number, to measure by: spread over what was asked, who was asked and the topics.

The one place that writes evidence past the actions, since a hundred thousand answers one by one would take
an hour. Rows are built first and written in short transactions, so that nobody waits for the database.
The same seed on the same database makes the same answers. The record gets what was received and checked;
the entries of sorting, one for each passage, are left out.
"""

import hashlib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone

from collaborative import codes, pagecache
from collaborative.analysis.models import Coding, Stance, ThemeVersion
from collaborative.consultations.kinds import BETWEEN, IN_WORDS, MANY, MATRIX, RANK
from collaborative.consultations.models import ChoiceAnswer
from collaborative.consultations.questions import Asked, Sheet
from collaborative.contributions import ledger
from collaborative.contributions.actions import PRIVACY_VERSION, fingerprint
from collaborative.contributions.models import (
    Channel,
    Contribution,
    Edition,
    Exclusion,
    LedgerEvent,
    Permission,
    Receipt,
    RespondentKind,
    State,
    Wording,
)
from collaborative.engagements.models import Engagement
from collaborative.moderation.models import Check, HouseRule
from collaborative.people.models import HANDLED_AS_UNDER_16, AgeBand, StakeholderGroup, User
from collaborative.people.roles import Role

BATCH = 100  # responses in one transaction: about a thousand rows
CODINGS_EACH = (1, 1, 2, 2, 3)  # of what was released; 1.5 for each thing given
FOR_CLOSED = 3  # a closed consultation gets this many times the answers of an open one
FOR_INVITED = 6  # and a group that is named as its audience as many times those of any other

BANDS = {
    AgeBand.ADULT: 50,
    AgeBand.EIGHTEEN: 18,
    AgeBand.SIXTEEN: 10,
    AgeBand.THIRTEEN: 14,
    AgeBand.TWELVE: 5,
    AgeBand.NOT_SAID: 3,
}
CHANNELS = {Channel.WEB: 74, Channel.CLASS: 10, Channel.EVENT: 6, Channel.PAPER: 6, Channel.EMAIL: 4}
PERMISSIONS = {Permission.ANONYMOUS: 60, Permission.NOT_PUBLISHED: 20, Permission.NAMED: 20}
STANCES = {Stance.FOR: 48, Stance.AGAINST: 22, Stance.MIXED: 10, Stance.NONE: 20}
STATES_CLOSED = {State.RELEASED: 95, State.REFUSED: 3, State.WITHDRAWN: 2}
STATES_OPEN = {State.RELEASED: 66, State.HELD: 30, State.REFUSED: 3, State.WITHDRAWN: 1}

OPENINGS = {
    Stance.FOR: ("More of this, please", "This would have helped me", "I am glad that you ask about this"),
    Stance.AGAINST: ("Please leave this alone", "I do not see who this is for", "This went wrong for us"),
    Stance.MIXED: ("It depends", "Good for some and hard for others", "I can see both sides"),
    Stance.NONE: ("A question", "Something to think about", "I noticed one thing"),
}
MIDDLES = (
    "in our school it came too late",
    "nobody wrote down what was agreed",
    "the bus home leaves before it ends",
    "we were told the day before",
    "it worked when one person knew my name",
    "the form asked for the same thing twice",
    "there was nowhere quiet to talk",
    "it was over in twenty minutes",
)
ENDINGS = ("Start there.", "Ask us again next year.", "That is all.", "Small places need it most.", "")


class Made(NamedTuple):
    """What one run made."""

    rows: dict[str, int]
    seconds: float


class NoGround(Exception):
    """There is nothing here that could be answered or sorted. The message says what is missing."""


@dataclass
class Place:
    """A consultation that has opened, and what answering it takes."""

    engagement: Engagement
    asked: list[Asked]
    groups: dict[StakeholderGroup, int]  # who answers, and how much
    first: datetime
    last: datetime
    closed: bool

    @property
    def texts(self) -> list[tuple[str, str]]:
        """(key, question) of everything that is answered in words."""
        found = [(one.key, one.text) for one in self.asked if one.type in IN_WORDS]
        return found + [(one.why_key, f"{one.text}\n{one.why}") for one in self.asked if one.why]


class Batch:
    """Rows of some responses, not written yet."""

    def __init__(self) -> None:
        # Parents before children: each list is written before the next.
        self.rows: dict[str, list[Any]] = {
            name: []
            for name in ("responses", "choices", "contributions", "wordings", "checks", "codings", "events")
        }
        # The event of a response names it by its key, which is known once that is written.
        self.received: list[tuple[LedgerEvent, Receipt]] = []

    def add(self, name: str, row: models.Model) -> None:
        self.rows[name].append(row)

    def count(self, name: str) -> int:
        return len(self.rows[name])

    def write(self) -> dict[str, int]:
        """All of it in one short transaction. Returns how many rows of each kind."""
        with transaction.atomic():
            for name, rows in self.rows.items():
                if name == "events":
                    for event, receipt in self.received:
                        event.subject = f"receipt:{receipt.pk}"
                if rows:
                    type(rows[0])._base_manager.bulk_create(rows)
        return {name: len(rows) for name, rows in self.rows.items()}


def fill(contributions: int, seed: int, progress: Callable[[int], None]) -> Made:
    """Add that many contributions; `progress` is told after each batch how many stand.

    Raises NoGround when no consultation has opened, nobody sorts or checks, or there is no topic.
    """
    began = timezone.now()
    maker = Maker(seed)
    made: dict[str, int] = {}
    while (done := made.get("contributions", 0)) < contributions:
        for name, n in maker.batch(contributions - done).write().items():
            made[name] = made.get(name, 0) + n
        progress(made["contributions"])
    with transaction.atomic():
        pagecache.touch()
    return Made(made, (timezone.now() - began).total_seconds())


class Maker:
    """Draws responses. Everything it needs is read once."""

    def __init__(self, seed: int) -> None:
        self.number = Receipt.objects.aggregate(top=Max("pk"))["top"] or 0
        self.seed = seed
        self.dice = random.Random(f"{seed}:{self.number}")  # noqa: S311  # repeatable, and no secret
        self.taken = set(Contribution.objects.values_list("reference", flat=True))
        self.places = _places(timezone.now())
        self.themes = ThemeVersion.objects.in_use()
        self.rule = HouseRule.objects.first()
        self.moderator = _somebody(Role.MODERATORS)
        self.analyst = _somebody(Role.ANALYSTS)
        if not self.themes:
            raise NoGround("There is no topic to sort answers into.")
        self.place_weights = [FOR_CLOSED if place.closed else 1 for place in self.places]
        # Each group cares about other things, and about a few of them most.
        self.cares: dict[int | None, list[int]] = {}

    def batch(self, at_most: int) -> Batch:
        """The next responses, with at most that many contributions among them."""
        batch = Batch()
        while batch.count("responses") < BATCH and batch.count("contributions") < at_most:
            self._response(batch, at_most - batch.count("contributions"))
        return batch

    def pick(self, weights: dict[Any, int]) -> Any:
        return self.dice.choices(list(weights), list(weights.values()))[0]

    # One response --------------------------------------------------------------------------------

    def _response(self, batch: Batch, at_most: int) -> None:
        place = self.dice.choices(self.places, self.place_weights)[0]
        receipt = self._receipt(place)
        batch.add("responses", receipt)
        texts = place.texts
        wanted = self.dice.randint(1, len(texts))
        answered = sorted(self.dice.sample(range(len(texts)), min(wanted, at_most)))
        event = self._event("response.received", "", receipt.created_at, None, things=len(answered))
        batch.add("events", event)
        batch.received.append((event, receipt))
        for one in place.asked:
            if one.options and self.dice.random() < 0.9:
                value = self._choice(one)
                batch.add("choices", ChoiceAnswer(receipt=receipt, wording_id=one.wording_id, value=value))
        state = self.pick(STATES_CLOSED if place.closed else STATES_OPEN)
        for index in answered:
            self._contribution(batch, receipt, *texts[index], state)
            if state == State.REFUSED:  # one thing that was said breaks a rule, not all of them
                state = State.RELEASED

    def _receipt(self, place: Place) -> Receipt:
        self.number += 1
        band = self.pick(BANDS)
        young = band in HANDLED_AS_UNDER_16
        permission = self.pick(PERMISSIONS)
        if young and permission == Permission.NAMED:
            permission = Permission.ANONYMOUS
        body = not young and self.dice.random() < 0.12
        seconds = int((place.last - place.first).total_seconds())
        return Receipt(
            engagement=place.engagement,
            code_hash=codes.hashed_token(f"scale:{self.seed}:{self.number}"),
            created_at=place.first + timedelta(seconds=int(seconds * self.dice.random())),
            channel=self.pick(CHANNELS),
            edition=Edition.STANDARD,
            group=self.pick(place.groups),
            age_band=band,
            respondent_kind=RespondentKind.ORGANISATION if body else RespondentKind.INDIVIDUAL,
            permission=permission,
            recontact=False,
            privacy_version=PRIVACY_VERSION,
            name=f"Person {self.number}" if permission == Permission.NAMED and not body else "",
            organisation=f"Organisation {self.number}" if body else "",
            exclusion=self.dice.choice(Exclusion.values) if self.dice.random() < 0.01 else "",
        )

    def _choice(self, one: Asked) -> list[str]:
        keys = [key for key, _label in one.options]
        if one.type == MATRIX:
            return [f"{row}{BETWEEN}{self.dice.choice(keys)}" for row, _label in one.rows]
        if one.type == RANK:
            return self.dice.sample(keys, len(keys))
        most = min(one.max_choices or len(keys), len(keys)) if one.type == MANY else 1
        return self.dice.sample(keys, self.dice.randint(1, most))

    # One thing that was said ---------------------------------------------------------------------

    def _contribution(self, batch: Batch, receipt: Receipt, key: str, prompt: str, state: str) -> None:
        checked_at = min(receipt.created_at + timedelta(days=2), timezone.now())
        if state == State.REFUSED and self.rule is None:
            state = State.RELEASED
        checked = state in (State.RELEASED, State.REFUSED)
        contribution = Contribution(
            reference=self._reference(),
            engagement=receipt.engagement,
            receipt=receipt,
            prompt=prompt,
            prompt_key=key,
            kind=Contribution.Kind.ANSWER,
            channel=receipt.channel,
            edition=receipt.edition,
            language=receipt.language,
            group=receipt.group,
            age_band=receipt.age_band,
            permission=receipt.permission,
            state=state,
            created_at=receipt.created_at,
            read_at=checked_at if checked else None,
        )
        said = [(theme, self.pick(STANCES)) for theme in self._themes(receipt.group_id)]
        text, passages = self._words(said)
        secret = self.dice.randbytes(32).hex()
        wording = Wording(
            contribution=contribution,
            number=1,
            kind=Wording.Kind.GIVEN,
            text=text,
            key=secret,
            fingerprint=fingerprint(secret, text),
            created_at=receipt.created_at,
        )
        batch.add("contributions", contribution)
        batch.add("wordings", wording)
        if checked:
            self._check(batch, contribution, checked_at)
        if state == State.RELEASED and not receipt.exclusion:
            for (theme, stance), (start, end) in zip(said, passages, strict=True):
                self._code(batch, wording, theme, stance, start, end, checked_at + timedelta(hours=1))

    def _reference(self) -> str:
        while True:
            reference = "C-" + "".join(self.dice.choices(codes.ALPHABET, k=8))
            if reference not in self.taken:
                self.taken.add(reference)
                return reference

    def _themes(self, group: int | None) -> list[ThemeVersion]:
        if group not in self.cares:
            order = self.dice.sample(range(len(self.themes)), len(self.themes))
            self.cares[group] = [60 // (1 + place) + 1 for place in order]
        drawn = self.dice.choices(self.themes, self.cares[group], k=self.dice.choice(CODINGS_EACH))
        return list(dict.fromkeys(drawn))

    def _words(self, said: list[tuple[ThemeVersion, str]]) -> tuple[str, list[tuple[int, int]]]:
        """A text with a sentence about each topic, and where those sentences stand (code points)."""
        text, passages = "", []
        for theme, stance in said:
            sentence = (
                f"{self.dice.choice(OPENINGS[Stance(stance)])}: {theme.label}, {self.dice.choice(MIDDLES)}."
            )
            passages.append((len(text), len(text) + len(sentence)))
            text += f"{sentence} "
        return (text + self.dice.choice(ENDINGS)).strip(), passages

    def _check(self, batch: Batch, contribution: Contribution, at: datetime) -> None:
        refused = contribution.state == State.REFUSED
        batch.add(
            "checks",
            Check(
                contribution=contribution,
                outcome=Check.Outcome.REFUSED if refused else Check.Outcome.RELEASED,
                rule=self.rule if refused else None,
                by=self.moderator,
                at=at,
            ),
        )
        subject = f"contribution:{contribution.reference}"
        event = self._event(
            f"contribution.{contribution.state}", subject, at, self.moderator, before=State.HELD
        )
        batch.add("events", event)

    def _code(
        self,
        batch: Batch,
        wording: Wording,
        theme: ThemeVersion,
        stance: str,
        start: int,
        end: int,
        at: datetime,
    ) -> None:
        reference = wording.contribution.reference
        batch.add(
            "codings",
            Coding(
                wording=wording,
                start=start,
                end=end,
                theme=theme.theme,
                theme_version=theme,
                stance=stance,
                coder=self.analyst,
                created_at=at,
                key=hashlib.sha256(f"scale:{reference}:{start}:{theme.theme.code}".encode()).hexdigest(),
            ),
        )

    def _event(self, verb: str, subject: str, at: datetime, by: User | None, **data: Any) -> LedgerEvent:
        event = ledger.event(verb, subject, by, **data)
        event.at = at
        return event


# What there is to answer -------------------------------------------------------------------------


def _places(now: datetime) -> list[Place]:
    found = [place for place in _opened(now) if place.texts]
    if not found:
        raise NoGround("No consultation with a question in people's own words has opened here.")
    return found


def _opened(now: datetime) -> Iterator[Place]:
    everybody = list(StakeholderGroup.objects.filter(parent=None))
    rows = Engagement.objects.filter(kind=Engagement.Kind.CONSULTATION, opens_at__lt=now)
    for engagement in rows.prefetch_related("audiences").order_by("pk"):
        invited = {group.pk for group in engagement.audiences.all()}
        groups = {group: FOR_INVITED if group.pk in invited else 1 for group in everybody}
        closed = engagement.state_at(now) == Engagement.State.CLOSED
        last = engagement.closes_at if closed and engagement.closes_at else now
        if engagement.opens_at and groups:
            asked = Sheet(engagement).asked(Edition.STANDARD)
            yield Place(engagement, asked, groups, engagement.opens_at, last, closed)


def _somebody(role: Role) -> User:
    user = User.objects.filter(groups__name=role.value, is_active=True).order_by("pk").first()
    if user is None:
        raise NoGround(f"There is nobody among the {role.value}.")
    return user
