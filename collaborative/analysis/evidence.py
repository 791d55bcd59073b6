"""What stands behind a theme, and what moved since somebody decided on it.

Ids of codings alone do not tell: words are taken back, hidden or redacted while their codings stay, and a
campaign makes many responses count once. `standing` reads all of it; `moved` compares two readings and
touches no database, so that what was read on one day can be kept and compared on another.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from collaborative.analysis.models import Coding, ThemeVersion
from collaborative.analysis.reckoning import NO_GROUP, main_groups
from collaborative.contributions.models import State, Wording, not_private


class Standing(models.TextChoices):
    COUNTS = "counts", _("Counts")
    KEPT_BACK = "kept-back", _("Counts, and is on no page")
    WITHDRAWN = "withdrawn", _("Taken back")
    AWAY = "away", _("Not shown")  # hidden, refused, with safeguarding or left out: nobody is told which


class Kind(models.TextChoices):
    REWORDED = "reworded", _("The topic was reworded")
    RECODED = "recoded", _("Words were sorted differently")
    WITHDRAWN = "withdrawn", _("Words were taken back")
    HIDDEN = "hidden", _("Words are no longer shown")
    RETURNED = "returned", _("Words count or are shown again")
    CHANGED = "changed", _("Words were removed or changed")
    REGROUPED = "regrouped", _("Responses count with another group")
    CAMPAIGN = "campaign", _("Responses with one text are counted another way")
    NEW = "new", _("New views came in")


class Passage(NamedTuple):
    """Which words, for or against: sorting the same words the same way again is the same passage."""

    wording: int
    start: int
    end: int
    stance: str


class Heard(NamedTuple):
    """Who said a passage, and how it stands."""

    receipt: int
    unit: str  # a response, or the campaign whose text it repeats: what counts once (ANA-3)
    group: str
    words: str  # the fingerprint of the newest wording of what was said
    standing: str

    @property
    def counts(self) -> bool:
        return self.standing in (Standing.COUNTS, Standing.KEPT_BACK)


@dataclass(frozen=True)
class Evidence:
    theme: str  # the fingerprint of the theme's wording
    passages: dict[Passage, Heard] = field(default_factory=dict)

    def weights(self) -> Counter[tuple[str, str]]:
        """How many responses stand behind it, by group and stance. One that says both is in both."""
        units = {(h.group, p.stance, h.unit) for p, h in self.passages.items() if h.counts}
        return Counter((group, stance) for group, stance, _unit in units)

    def kept(self) -> dict[str, Any]:
        """For a column of JSON: {"theme", "passages": [[wording, start, end, stance, receipt, …], …]}."""
        return {"theme": self.theme, "passages": [[*p, *heard] for p, heard in self.passages.items()]}

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Evidence":
        """What `kept` kept."""
        size = len(Passage._fields)
        rows = ((Passage(*row[:size]), Heard(*row[size:])) for row in kept["passages"])
        return cls(kept["theme"], dict(rows))


class Enough(NamedTuple):
    """How much that is new is too much to pass over: as many responses, and as large a part of the old."""

    responses: int
    percent: int

    def reached(self, new: int, before: int) -> bool:
        return new >= self.responses and new * 100 >= before * self.percent


def enough() -> Enough:
    """What this site holds to be much (decision 51)."""
    return Enough(*settings.NEW_EVIDENCE)


class Move(NamedTuple):
    kind: Kind
    n: int  # passages; responses where views are new; 1 where the topic was reworded


def moved(before: Evidence, now: Evidence, enough: Enough) -> list[Move]:
    """Every kind of difference between what was seen and what stands; empty: it is as it was seen."""
    found: Counter[Kind] = Counter()
    found[Kind.REWORDED] = int(before.theme != now.theme)
    for passage, seen in before.passages.items():
        stands = now.passages.get(passage)
        found.update([Kind.RECODED] if stands is None and seen.counts else _differences(seen, stands))
    known = {heard.receipt for heard in before.passages.values() if heard.counts}
    added = [h for p, h in now.passages.items() if p not in before.passages and h.counts]
    found[Kind.RECODED] += sum(heard.receipt in known for heard in added)
    new = _new(known, added, now)
    seen_units = {heard.unit for heard in before.passages.values() if heard.counts}
    if enough.reached(new, len(seen_units)):
        found[Kind.NEW] = new
    return [Move(kind, found[kind]) for kind in Kind if found[kind]]


def _differences(seen: Heard, stands: Heard | None) -> list[Kind]:
    if stands is None:
        return []
    kinds = []
    if seen.standing != stands.standing:
        kinds.append(_standing_moved(seen, stands))
    if seen.group != stands.group:
        kinds.append(Kind.REGROUPED)
    if seen.words != stands.words:
        kinds.append(Kind.CHANGED)
    if seen.unit != stands.unit:
        kinds.append(Kind.CAMPAIGN)
    return kinds


def _standing_moved(seen: Heard, stands: Heard) -> Kind:
    if stands.standing == Standing.WITHDRAWN:
        return Kind.WITHDRAWN
    back = stands.standing == Standing.COUNTS or (stands.counts and not seen.counts)
    return Kind.RETURNED if back else Kind.HIDDEN


def _new(known: set[int], added: list[Heard], now: Evidence) -> int:
    """Responses that nobody had seen. One more copy of a text that was seen is none (ANA-3)."""
    old = {heard.unit for heard in now.passages.values() if heard.receipt in known}
    return len({heard.unit for heard in added if heard.receipt not in known} - old)


def standing(themes: Iterable[int], engagements: Iterable[int]) -> dict[int, Evidence]:
    """What stands behind each theme now, of what was given to these engagements. Three queries."""
    versions = ThemeVersion.objects.filter(theme__in=list(themes)).order_by("number")
    found = {theme: Evidence(mark) for theme, mark in versions.values_list("theme", "fingerprint")}
    top = main_groups()
    newest = Wording.objects.filter(contribution=OuterRef("wording__contribution")).order_by("-number")
    said, receipt = "wording__contribution__", "wording__contribution__receipt__"
    rows = (
        Coding.objects.live()
        .filter(not_private(said), theme__in=found, **{said + "engagement__in": list(engagements)})
        .annotate(newest=Subquery(newest.values("fingerprint")[:1]))
        .order_by("pk")
    )
    of_words = ("theme", "wording", "start", "end", "stance", "newest", said + "state", said + "withheld")
    of_whom = ("pk", "group", "exclusion", "campaign_member__campaign", "campaign_member__varied")
    for row in rows.values_list(*of_words, *(receipt + name for name in of_whom)).iterator(chunk_size=10_000):
        theme, wording, start, end, stance, words, state, withheld, pk, group, out, campaign, varied = row
        unit = f"r{pk}" if campaign is None or varied else f"c{campaign}"
        slug = top.get(group, NO_GROUP)
        heard = Heard(pk, unit, slug, words, _standing(state, withheld, out))
        found[theme].passages[Passage(wording, start, end, stance)] = heard
    return found


def _standing(state: str, withheld: bool, exclusion: str) -> str:
    if state == State.WITHDRAWN:
        return Standing.WITHDRAWN
    if state != State.RELEASED or exclusion:
        return Standing.AWAY
    return Standing.KEPT_BACK if withheld else Standing.COUNTS
