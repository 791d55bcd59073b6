"""What may leave with an export, read in batches: the one place that decides it.

- Words leave as they stand now, once a person (or the rule of the place) has let them stand.
- What was said to staff alone leaves with nothing, raw or not.
- What waits, and what was passed to safeguarding, looks alike and has no words, raw or not (SAF-2).
- What was taken back leaves nothing of its author but that it came (GDP-2).
- Under 16: no words that may tell who wrote them (KC-9); and raw adds nothing to the usual export.
- Raw, which takes two people (P3), adds who answered (RIF-1), what was refused or hidden, and the words from
  before a moderator took some out; but not where there ever was a safeguarding case.

A batch holds some hundred responses whatever there is in all, and costs the same number of queries.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from collaborative.analysis.models import Coding
from collaborative.consultations.exports import identifying
from collaborative.consultations.models import ChoiceAnswer
from collaborative.contributions.models import Receipt, State, Wording, not_private
from collaborative.engagements.models import Engagement
from collaborative.moderation.models import Flag, Flagged, SafeguardingCase
from collaborative.people.models import HANDLED_AS_UNDER_16

AT_ONCE = 400  # responses

WAITING, REFUSED, HIDDEN, TAKEN_BACK, IDENTIFYING, CHANGED = (
    "waiting",
    "refused",
    "hidden",
    "taken-back",
    "identifying",
    "changed",
)
WITHHELD = "withheld"
RELEASED = State.RELEASED.value  # asked of each of a million, and the member costs more
# What a state looks like from outside: nobody learns here that somebody is worried.
SHOWN_AS = {State.ESCALATED.value: State.HELD.value}


@dataclass(slots=True)
class Said:
    """One piece of text. `text` is empty where `left_out` says why; `before` and `why_changed` only raw."""

    pk: int
    reference: str
    key: str
    prompt: str
    state: str
    wording: int
    kind: str
    text: str
    left_out: str = ""
    before: str = ""
    why_changed: str = ""
    withheld: bool = False  # counted, and kept off the page: not to be quoted (RIF-6)
    topics: "list[Topic]" = field(default_factory=list)

    @property
    def stands(self) -> str:
        return WITHHELD if self.withheld and self.state == RELEASED else self.state


@dataclass(slots=True)
class Topic:
    """A passage [start, end) that stands under a topic."""

    code: str
    label: str
    version: int
    stance: str
    wording: int
    start: int
    end: int
    by: str
    at: datetime | None


@dataclass(slots=True)
class Response:
    """One respondent. Who it was is empty unless it is raw; nearly all is once it was taken back."""

    pk: int
    day: str
    channel: str
    edition: str = ""
    language: str = ""
    group: str = ""
    group_name: str = ""
    age: str = ""
    kind: str = ""
    permission: str = ""
    exclusion: str = ""
    campaign: str = ""
    campaign_copy: str = ""
    name: str = ""
    organisation: str = ""
    recontact: str = ""
    email: str = ""
    left_out: str = ""
    withdrawn: bool = False
    said: list[Said] = field(default_factory=list)
    chosen: list[tuple[int, list[str]]] = field(default_factory=list)  # (wording of the question, answer)

    @property
    def label(self) -> str:
        return f"R-{self.pk}"


OF_RECEIPT = (
    *("pk", "created_at", "channel", "edition", "language", "group__slug", "group__name", "age_band"),
    *("respondent_kind", "permission", "exclusion", "campaign_member__campaign__name"),
    *("campaign_member__varied", "name", "organisation", "recontact", "contact_email"),
    "withdrawn_at",
)
OF_WORDING = (
    *("contribution_id", "contribution__receipt_id", "contribution__reference", "contribution__prompt_key"),
    *("contribution__prompt", "contribution__state", "contribution__wanted_back_at"),
    *("contribution__withheld", "number", "kind", "text", "reason"),
)
OF_TOPIC = (
    *("wording__contribution_id", "theme__code", "theme_version__label", "theme_version__number", "stance"),
    *("wording__number", "start", "end", "coder__first_name", "coder__last_name", "coder__email"),
    "created_at",
)


class Reader:
    """The responses to one place, as far as they may leave."""

    def __init__(self, engagement: Engagement, *, raw: bool = False, whole_topics: bool = False) -> None:
        self.engagement, self.raw, self.whole_topics = engagement, raw, whole_topics
        self.tells: Callable[[str], bool] = identifying.finder()

    def responses(self) -> Iterator[list[Response]]:
        """In the order in which they came, some hundred at a time."""
        rows, last = Receipt.objects.filter(engagement=self.engagement).order_by("pk"), 0
        while found := list(rows.filter(pk__gt=last).values_list(*OF_RECEIPT)[:AT_ONCE]):
            last = found[-1][0]
            yield self._batch(found)

    def _batch(self, found: list[tuple[Any, ...]]) -> list[Response]:
        whole = {row[0]: self._response(row) for row in found}
        self._words(whole)
        # Named one by one: of a range, SQLite would look through all that the place ever got, in every batch.
        choices = ChoiceAnswer.objects.filter(receipt_id__in=list(whole))
        rows = choices.order_by("pk").values_list("receipt_id", "wording_id", "value")
        for receipt, wording, value in rows:
            whole[receipt].chosen.append((wording, value))
        gone = self._taken_back(whole)
        return [_emptied(one) if one.pk in gone else one for one in whole.values()]

    def _response(self, row: tuple[Any, ...]) -> Response:
        pk, at, channel, edition, language, slug, group, age, kind = row[:9]
        permission, exclusion, campaign = row[9:12]
        varied, name, organisation, recontact, email, withdrawn_at = row[12:]
        one = Response(
            pk=pk,
            day=timezone.localdate(at).isoformat(),
            channel=channel,
            edition=edition,
            language=language,
            group=slug or "",
            group_name=group or "",
            age=age,
            kind=kind,
            permission=permission,
            exclusion=exclusion,
            campaign=campaign or "",
            campaign_copy=("varied" if varied else "identical") if campaign else "",
            withdrawn=withdrawn_at is not None,
        )
        if self.raw and age not in HANDLED_AS_UNDER_16:
            one.name, one.organisation = name, organisation
            one.recontact = "yes" if recontact else "no"
            one.email = email if recontact else ""
        return one

    # Words ------------------------------------------------------------------------------------

    def _words(self, whole: dict[int, Response]) -> None:
        wordings = Wording.objects.filter(contribution__receipt_id__in=list(whole))
        wordings = wordings.filter(not_private("contribution__"))  # nor raw: they were told that it stays
        wordings = wordings.order_by("contribution_id", "number")
        said: dict[int, Said] = {}
        young: dict[int, Said] = {}
        wanted_back: set[int] = set()
        for row in wordings.values_list(*OF_WORDING):
            pk, receipt, reference, key, prompt, state, wanted, withheld, number, kind, text, reason = row
            before = said.get(pk)
            if before is None:
                one = Said(pk, reference, key, prompt, state, number, kind, text, withheld=withheld)
                said[pk] = one
                respondent = whole[receipt]
                respondent.said.append(one)
                if respondent.age in HANDLED_AS_UNDER_16:
                    young[pk] = one
                if wanted is not None:
                    wanted_back.add(pk)
            else:
                # Words that their author changed are gone; words that a moderator took out are kept from.
                if kind == Wording.Kind.REDACTED:
                    before.before = before.before or before.text
                else:
                    before.before = ""
                before.wording, before.kind, before.text, before.why_changed = number, kind, text, reason
        self._judge(said, young, wanted_back)
        self._topics(said, list(whole))

    def _judge(self, said: dict[int, Said], young: dict[int, Said], wanted_back: set[int]) -> None:
        """Empty what may not leave, and say why."""
        flagged = set(_pks(Flagged.objects.filter(flag=Flag.CONTACT), young)) if young else set()
        cases = set(_pks(SafeguardingCase.objects.all(), self._to_ask(said, young))) if self.raw else set()
        for pk, one in said.items():
            if one.state == RELEASED and not self.raw and pk not in young and pk not in wanted_back:
                one.before = one.why_changed = ""  # nearly all: nothing more to ask
                continue
            open_to_raw = self.raw and pk not in young and pk not in cases
            one.left_out = self._why_not(one, pk in wanted_back)
            if not one.left_out and pk in young:
                unchanged = one.kind != Wording.Kind.REDACTED
                if (pk in flagged and unchanged) or self.tells(one.text):
                    one.left_out = IDENTIFYING
            one.state = SHOWN_AS.get(one.state, one.state) if pk not in wanted_back else State.WITHDRAWN.value
            if not open_to_raw or one.left_out in {WAITING, TAKEN_BACK}:
                one.before = one.why_changed = ""
            if one.left_out in {WAITING, TAKEN_BACK}:
                one.kind = ""  # whether words were ever taken out of it tells of what happened to it
            if one.left_out and not (open_to_raw and one.left_out in {REFUSED, HIDDEN}):
                one.text = ""

    def _to_ask(self, said: dict[int, Said], young: dict[int, Said]) -> list[int]:
        """Of which it matters whether there ever was a case: what raw would show beyond the usual."""
        more = (State.REFUSED.value, State.HIDDEN.value)
        return [pk for pk, one in said.items() if pk not in young and (one.before or one.state in more)]

    def _why_not(self, one: Said, wanted_back: bool) -> str:
        if one.state == State.WITHDRAWN or wanted_back:
            return TAKEN_BACK
        if one.state in (State.HELD, State.ESCALATED):
            return WAITING
        if one.state == State.REFUSED:
            return REFUSED
        return HIDDEN if one.state == State.HIDDEN else ""

    def _topics(self, said: dict[int, Said], responses: list[int]) -> None:
        rows = Coding.objects.live().filter(wording__contribution__receipt_id__in=responses)
        names = OF_TOPIC if self.whole_topics else OF_TOPIC[:2]
        for row in rows.order_by("wording__contribution_id", "start", "pk").values_list(*names):
            one = said.get(row[0])
            if one is None or one.state != RELEASED:
                continue
            if not self.whole_topics:
                one.topics.append(Topic(row[1], "", 0, "", 0, 0, 0, "", None))
                continue
            _pk, code, label, version, stance, wording, start, end, first, last, email, at = row
            by = f"{first or ''} {last or ''}".strip() or email or ""
            one.topics.append(Topic(code, label, version, stance, wording, start, end, by, at))

    # Taken back -------------------------------------------------------------------------------

    def _taken_back(self, whole: dict[int, Response]) -> set[int]:
        """Responses of which nothing is left. One text may be taken back by somebody who only changes what
        they sent; their choices stand."""
        return {
            pk
            for pk, one in whole.items()
            if all(said.left_out == TAKEN_BACK for said in one.said)
            and (one.withdrawn or (one.said and not one.chosen))
        }


def _pks(rows: QuerySet[Any], of: Any) -> QuerySet[Any]:
    return rows.filter(contribution_id__in=list(of)).values_list("contribution_id", flat=True)


def _emptied(one: Response) -> Response:
    """That something came and was taken back. Nothing of what it said, and nothing about who said it."""
    said = [Said(s.pk, s.reference, s.key, s.prompt, s.state, 0, "", "", TAKEN_BACK) for s in one.said]
    return Response(one.pk, one.day, one.channel, left_out=TAKEN_BACK, said=said)
