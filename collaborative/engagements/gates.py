"""What must stand before something opens: asked at the form, when a page is published, and, for what keeps
people under 18 safe, each time that somebody under 18 takes part."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.template.defaultfilters import date as date_words
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.engagements import cover
from collaborative.engagements.models import Engagement
from collaborative.people.roles import who_look_after_safety

USUAL_PERIOD = timedelta(weeks=12)  # CON-3, CON-4


@dataclass(frozen=True)
class Gate:
    """Something that is missing: the field to put right (a field of Terms), and what to tell the editor."""

    field: str
    message: str


@dataclass(frozen=True)
class Rule:
    """One thing that must stand before something opens: the id of the rule, what it asks, what is missing."""

    id: str
    words: str
    gates: tuple[Gate, ...] = ()
    notes: tuple[str, ...] = ()  # what somebody should look at, and which stops nothing

    @property
    def met(self) -> bool:
        return not self.gates


def checklist(terms: Any, kind: str) -> list[Rule]:
    """Everything that must stand before these terms are published, met or not.

    What editors are shown and what refuses publication is this list. `terms` is anything with the fields of
    `Terms`; `kind` is an `Engagement.Kind`. At most one query, where people under 18 are invited.
    """
    when = Rule("", _("It says when it begins and ends."), _dates(terms, kind))
    if kind == Engagement.Kind.CONSULTATION:
        why = _("It says when it opens and closes, and why if that is less than 12 weeks.")
        when = Rule("CON-3", why, when.gates)
    rules = [
        when,
        Rule("PAR-1", _("It says what can change, and what cannot."), _changes(terms)),
        Rule("PAR-1", _("It says who decides, and by when."), _decides(terms)),
    ]
    if terms.invites_under_18:
        safe = _("Somebody looks after people under 18: a lead, a deputy, and hours when one can be reached.")
        rules.append(Rule("SAF-1", safe, tuple(_safeguarding(terms, kind, None))))
        heard = _("It says how young people are heard: space, voice, audience, influence.")
        rules.append(Rule("LUN-1", heard, _lundy(terms)))
    return rules


def missing(terms: Any, kind: str) -> list[Gate]:
    """What of the checklist is not met."""
    return [gate for rule in checklist(terms, kind) for gate in rule.gates]


def address_taken(slug: str, page_id: int | None) -> tuple[Gate, ...]:
    """Two things cannot have one address. One query."""
    if not Engagement.objects.filter(slug=slug).exclude(page_id=page_id or 0).exists():
        return ()
    return (Gate("slug", _("Another consultation or workshop already has this address. Choose another.")),)


def moved(terms: Any, standing: Engagement | None, now: datetime | None = None) -> tuple[Gate, ...]:
    """Once a consultation has opened, its days are what people were told: the closing moves by an action that
    asks for a public reason, and the opening does not move. `standing` is what was published before."""
    now = now or timezone.now()
    if standing is None or standing.kind != Engagement.Kind.CONSULTATION:
        return ()
    if standing.opens_at is None or standing.opens_at > now:
        return ()
    gates = []
    if not _same_minute(terms.opens_at, standing.opens_at):
        text = _("It has opened: that day cannot change any more. It was %(day)s.")
        gates.append(Gate("opens_at", text % {"day": _by_the_clock(standing.opens_at)}))
    if not _same_minute(terms.closes_at, standing.closes_at):
        text = _(
            "It has opened, and people were told that it closes on %(day)s. Put that back here, and use "
            "“Move the closing”: there you say why."
        )
        gates.append(Gate("closes_at", text % {"day": _by_the_clock(standing.closes_at)}))
    return tuple(gates)


def _same_minute(one: datetime | None, other: datetime | None) -> bool:
    """As it is typed: an editor's field knows no seconds. Compared as UTC, since moments of the hour in which
    the clocks go back are never equal across time zones (PEP 495)."""
    if one is None or other is None:
        return one is other
    return _minute(one) == _minute(other)


def _minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def _by_the_clock(moment: datetime | None) -> str:
    return date_words(timezone.localtime(moment), "j F Y, H:i") if moment else _("no set day")


def under_18(terms: Any, kind: str, able: Collection[int] | None = None) -> list[Gate]:
    """What is missing before people under 18 may take part, and while they do. One query, or none where it is
    known who can open a case (`able`)."""
    return [*_safeguarding(terms, kind, able), *_lundy(terms)]


def paused(now: datetime | None = None) -> list[tuple[Engagement, list[Gate]]]:
    """What is or will be open to people under 18 and is paused for them, with the gaps. Two queries."""
    able = set(who_look_after_safety().values_list("pk", flat=True))
    rows = Engagement.objects.filter(invites_under_18=True, page__live=True).exclude(
        closes_at__lte=now or timezone.now()
    )
    people = rows.select_related("safeguarding_lead", "safeguarding_deputy").order_by("title")
    found = [(row, under_18(row, row.kind, able)) for row in people]
    return [(row, gaps) for row, gaps in found if gaps]


def _empty(terms: Any, asked: dict[str, str]) -> tuple[Gate, ...]:
    return tuple(
        Gate(name, message) for name, message in asked.items() if not str(getattr(terms, name) or "").strip()
    )


def _dates(terms: Any, kind: str) -> tuple[Gate, ...]:
    gates = _empty(terms, {"opens_at": _("Say when it opens."), "closes_at": _("Say when it closes.")})
    if gates:
        return gates
    if terms.closes_at <= terms.opens_at:
        return (Gate("closes_at", _("It must close after it opens.")),)
    opens, closes = timezone.localdate(terms.opens_at), timezone.localdate(terms.closes_at)
    short = kind == Engagement.Kind.CONSULTATION and closes - opens < USUAL_PERIOD
    if short and not terms.short_period_reason.strip():  # CON-3
        text = _("It is open for less than 12 weeks. Say why: people will read it.")
        return (Gate("short_period_reason", text),)
    return ()


def _changes(terms: Any) -> tuple[Gate, ...]:
    """PAR-1: nothing opens without saying what it can change …"""
    asked = {"can_change": _("Say what can change."), "cannot_change": _("Say what cannot change.")}
    return _empty(terms, asked)


def _decides(terms: Any) -> tuple[Gate, ...]:
    """… and who decides."""
    asked = {"who_decides": _("Say who decides."), "decides_by": _("Say by when they decide.")}
    return _empty(terms, asked)


def _safeguarding(terms: Any, kind: str, able: Collection[int] | None) -> list[Gate]:
    """SAF-1: a lead, a deputy who is somebody else, both able to open a case, and the hours they cover."""
    named = {name: _person(terms, name) for name in ("safeguarding_lead", "safeguarding_deputy")}
    asked = {
        "safeguarding_lead": _("People under 18 are invited: name the safeguarding lead."),
        "safeguarding_deputy": _("People under 18 are invited: name the deputy."),
    }
    gates = [Gate(name, asked[name]) for name, person in named.items() if not person]
    if not gates and named["safeguarding_lead"] == named["safeguarding_deputy"]:
        gates.append(Gate("safeguarding_deputy", _("The deputy must be someone other than the lead.")))
    if able is None:
        people = who_look_after_safety().filter(pk__in=[one for one in named.values() if one])
        able = set(people.values_list("pk", flat=True))
    for name, person in named.items():
        if person and person not in able:
            text = _(
                "%(person)s cannot open a concern: the account is closed, or is not in the group for "
                "safeguarding. Name somebody else."
            )
            gates.append(Gate(name, text % {"person": getattr(terms, name)}))
    return [*gates, *_cover(terms, kind)]


def _person(terms: Any, name: str) -> int | None:
    """The key of somebody named, without loading them where it is known."""
    if hasattr(terms, f"{name}_id"):
        found: int | None = getattr(terms, f"{name}_id")
        return found
    person = getattr(terms, name)
    return person.pk if person else None


def _cover(terms: Any, kind: str) -> list[Gate]:
    throughout = terms.cover_throughout and kind == Engagement.Kind.SESSION
    if cover.week(terms.cover_times) or throughout:
        return []
    text = _("People under 18 are invited: say on which days and at what times somebody can be reached.")
    return [Gate("cover_times", text)]


def _lundy(terms: Any) -> tuple[Gate, ...]:
    """LUN-1: the four parts of the Lundy check."""
    return _empty(
        terms,
        {
            "lundy_space": _("Space: say what the safe route is, and who is missing."),
            "lundy_voice": _("Voice: say in which ways young people can take part."),
            "lundy_audience": _("Audience: name who listens to them."),
            "lundy_influence": _("Influence: say which decision it feeds."),
        },
    )
