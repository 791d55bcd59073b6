"""What must stand before something opens: asked at the form, and again when a page is published."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.engagements.models import Engagement

USUAL_PERIOD = timedelta(weeks=12)  # CON-3, CON-4


@dataclass(frozen=True)
class Gate:
    """Something that is missing: the field to put right (a field of Terms), and what to tell the editor."""

    field: str
    message: str


def missing(terms: Any, kind: str) -> list[Gate]:
    """Everything that keeps these terms from being published; an empty list when nothing does.

    `terms` is anything with the fields of `Terms`; `kind` is an `Engagement.Kind`. No queries beyond the
    two people named, if they are not loaded yet.
    """
    gates = [*_dates(terms, kind), *_promises(terms)]
    if terms.invites_under_18:
        gates += [*_safeguarding(terms), *_lundy(terms)]
    return gates


def _empty(terms: Any, asked: dict[str, str]) -> list[Gate]:
    return [
        Gate(name, message) for name, message in asked.items() if not str(getattr(terms, name) or "").strip()
    ]


def _dates(terms: Any, kind: str) -> list[Gate]:
    gates = _empty(terms, {"opens_at": _("Say when it opens."), "closes_at": _("Say when it closes.")})
    if gates:
        return gates
    if terms.closes_at <= terms.opens_at:
        return [Gate("closes_at", _("It must close after it opens."))]
    opens, closes = timezone.localdate(terms.opens_at), timezone.localdate(terms.closes_at)
    short = kind == Engagement.Kind.CONSULTATION and closes - opens < USUAL_PERIOD
    if short and not terms.short_period_reason.strip():  # CON-3
        return [
            Gate("short_period_reason", _("It is open for less than 12 weeks. Say why: people will read it."))
        ]
    return []


def _promises(terms: Any) -> list[Gate]:
    """PAR-1: nothing opens without saying what it can change and who decides."""
    return _empty(
        terms,
        {
            "can_change": _("Say what can change."),
            "cannot_change": _("Say what cannot change."),
            "who_decides": _("Say who decides."),
            "decides_by": _("Say by when they decide."),
        },
    )


def _safeguarding(terms: Any) -> list[Gate]:
    """SAF-1: a named lead, a deputy who is somebody else, and the hours they cover."""
    gates = _empty(
        terms,
        {
            "safeguarding_lead": _("People under 18 are invited: name the safeguarding lead."),
            "safeguarding_deputy": _("People under 18 are invited: name the deputy."),
            "cover_hours": _("People under 18 are invited: say when the safeguarding lead can be reached."),
        },
    )
    if terms.safeguarding_lead and terms.safeguarding_lead == terms.safeguarding_deputy:
        gates.append(Gate("safeguarding_deputy", _("The deputy must be someone other than the lead.")))
    return gates


def _lundy(terms: Any) -> list[Gate]:
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
