"""What the reading pages show: lists of consultations, one consultation, its timeline."""

from datetime import date, datetime
from typing import Any

from django.db.models import Max, Min
from django.template.defaultfilters import date as date_words
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from collaborative.consultations.editions import offered, table
from collaborative.consultations.kinds import IN_WORDS
from collaborative.consultations.models.closing import ClosingMove
from collaborative.consultations.models.questions import Question
from collaborative.contributions.models import Contribution, Edition
from collaborative.engagements.actions import TERMS
from collaborative.engagements.gates import USUAL_PERIOD
from collaborative.engagements.models import Engagement
from collaborative.outcomes.models import DecisionPage
from collaborative.people.models import User


def day(moment: datetime | None) -> str:
    return date_words(timezone.localtime(moment), "j F Y") if moment else ""


def moment(when: datetime | None) -> str:
    """ "10 November 2026, at 11:59pm", and "at 5pm" on the hour."""
    if when is None:
        return ""
    local = timezone.localtime(when)
    time = date_words(local, "g:iA" if local.minute else "gA").lower()
    return _("%(day)s, at %(time)s") % {"day": date_words(local, "j F Y"), "time": time}


def closing_told(engagement: Engagement) -> list[dict[str, str]]:
    """Each time that the closing was moved, in the words that everyone reads. One query."""
    if engagement.pk is None:
        return []
    words = {
        "extended": _("We gave more time. It was to close on %(before)s. Now it is %(after)s."),
        "shortened": _("We brought the end forward. It was to close on %(before)s. Now it is %(after)s."),
        "reopened": _("We opened it again. It had closed on %(before)s. Now the end is %(after)s."),
    }
    return [
        {
            "day": day(one.at),
            "words": words[one.verb] % {"before": moment(one.before), "after": moment(one.after)},
            "reason": one.reason,
        }
        for one in ClosingMove.objects.filter(engagement=engagement)
    ]


def lines(text: str) -> list[str]:
    """One entry for each line that an editor wrote, without the mark they may have begun it with."""
    return [line.strip().lstrip("-•* ") for line in text.splitlines() if line.strip()]


def index_context(page: Any = None, now: datetime | None = None) -> dict[str, Any]:
    """Open (closing soonest first), coming, closed (newest first). Two queries, however many there are."""
    now = now or timezone.now()
    rows = Engagement.objects.filter(kind=Engagement.Kind.CONSULTATION, page__in=Page.objects.live().public())
    entries = [
        Entry(row, now) for row in rows.select_related("page__consultationpage").order_by("closes_at", "pk")
    ]
    by_state = {
        state: [entry for entry in entries if entry.state == state] for state in Engagement.State.values
    }
    return {
        "section": "consultations",
        "crumbs": [("", _("Have your say"))],
        "introduction": page.introduction if page else "",
        "open": by_state[Engagement.State.OPEN],
        "coming": sorted(
            by_state[Engagement.State.COMING], key=lambda entry: entry.engagement.opens_at or now
        ),
        "closed": by_state[Engagement.State.CLOSED][::-1],
    }


class Entry:
    """One consultation as a list shows it."""

    def __init__(self, engagement: Engagement, now: datetime) -> None:
        self.engagement = engagement
        self.page = engagement.page.consultationpage
        self.state = engagement.state_at(now)
        self.tag = state_words(engagement, now)
        self.overdue = feedback_overdue(engagement, self.page.we_did, now)
        self.has_feedback = has_feedback(self.page)


def state_words(engagement: Engagement, now: datetime) -> str:
    """ "Open, 63 days left", "Opens on 22 September 2026", "Closed". Days, never a countdown (KC-13)."""
    state = engagement.state_at(now)
    if state == Engagement.State.COMING:
        return (
            _("Opens on %(day)s") % {"day": day(engagement.opens_at)}
            if engagement.opens_at
            else _("Not open yet")
        )
    if state == Engagement.State.CLOSED:
        return _("Closed")
    if engagement.closes_at is None:
        return _("Open")
    days = (timezone.localdate(engagement.closes_at) - timezone.localdate(now)).days
    if days == 0:
        return _("Open, closes today")
    return ngettext("Open, %(days)s day left", "Open, %(days)s days left", days) % {"days": days}


def feedback_overdue(engagement: Engagement, we_did: str, now: datetime) -> bool:
    """CON-4: closed for more than 12 weeks, and nobody has said what became of it."""
    closes = engagement.closes_at
    return closes is not None and closes <= now and not we_did.strip() and now - closes > USUAL_PERIOD


def has_feedback(page: Any) -> bool:
    return bool(page.we_asked.strip() or page.you_said.strip() or page.we_did.strip())


def engagement_of(page: Any) -> Engagement:
    """The published engagement, or what it would be: a page in preview has none yet."""
    found = Engagement.objects.filter(page_id=page.pk).first() if page.pk else None
    if found is None or getattr(page, "is_previewing", False):
        pk = found.pk if found else None
        terms = {name: getattr(page, name) for name in TERMS}
        return Engagement(pk=pk, kind=page.engagement_kind, slug=page.slug, title=page.title, **terms)
    return found


def consultation_context(page: Any, now: datetime | None = None) -> dict[str, Any]:
    """Everything on the page of one consultation. A constant number of queries."""
    now = now or timezone.now()
    engagement = engagement_of(page)
    state = engagement.state_at(now)
    moves = closing_told(engagement)
    told = page.short_period_reason in {one["reason"] for one in moves}
    return {
        "section": "consultations",
        "engagement": engagement,
        "closing_moves": moves,
        "short_reason": "" if told else page.short_period_reason,
        "state": state,
        "is_open": state == Engagement.State.OPEN,
        "is_closed": state == Engagement.State.CLOSED,
        "paused": state != Engagement.State.CLOSED and engagement.pauses_under_18(),
        "tag": state_words(engagement, now),
        "closes": moment(engagement.closes_at),
        "can_change": lines(page.can_change),
        "cannot_change": lines(page.cannot_change),
        "other_ways": lines(page.other_ways),
        "steps": timeline(engagement, page, now),
        "overdue": feedback_overdue(engagement, page.we_did, now),
        "has_feedback": has_feedback(page),
        "shows_responses": shows_responses(page, state),
        "people": _people(page),
        "crumbs": crumbs(page, here=True),
        **_questions(page, engagement),
    }


def _questions(page: Any, engagement: Engagement) -> dict[str, Any]:
    """The questions as the page has them (a preview shows the draft's), and the editions to answer in."""
    asked = [block.value for block in page.questions]
    return {
        "questions": [block["text"] for block in asked],
        "any_required": any(block["required"] for block in asked),
        "editions": offered(table(asked, {})),
    }


def _people(page: Any) -> dict[str, str]:
    """Names of the lead and of those who look after safety, in one query."""
    ids = {"lead": page.lead_id}
    if page.invites_under_18:
        ids |= {
            "safeguarding_lead": page.safeguarding_lead_id,
            "safeguarding_deputy": page.safeguarding_deputy_id,
        }
    found = {
        user.pk: user.get_full_name()
        for user in User.objects.filter(pk__in=[pk for pk in ids.values() if pk])
    }
    return {name: found.get(pk, "") for name, pk in ids.items() if pk}


def shows_responses(page: Any, state: str) -> bool:
    return state == Engagement.State.CLOSED or (state == Engagement.State.OPEN and page.responses_while_open)


def crumbs(page: Any, *rest: tuple[str, str], here: bool = False) -> list[tuple[str, str]]:
    own = f"/consultations/{page.slug}/"
    return [("/consultations/", _("Have your say")), (own, page.title), *rest]


def timeline(engagement: Engagement, page: Any, now: datetime) -> list[dict[str, str]]:
    """From opening to the answer to everyone. Dates are words: "By" is a promise, and lateness is said."""
    opens, closes = engagement.opens_at, engagement.closes_at
    state = engagement.state_at(now)
    opened, shut = state != Engagement.State.COMING, state == Engagement.State.CLOSED
    today = {"label": _("You are here"), "when": day(now), "state": "now"}
    steps = [_step(_("Opened") if opened else _("Opens"), day(opens), done=opened)]
    if closes:
        steps.append(_step(_("Closed") if shut else _("Closes"), day(closes), done=shut))
    if engagement.decides_by:
        steps.append(_decision_step(engagement, now))
    if page.we_did and page.we_did_on:
        answered = _step(_("Answer to everyone"), date_words(page.we_did_on, "j F Y"), done=True)
        due = timezone.localdate(closes + USUAL_PERIOD) if closes else None
        if due and page.we_did_on > due:
            answered["text"] = _late(due)
        return [*steps, answered]
    if closes:
        steps.append(_step(_("Answer to everyone"), _("By %(day)s") % {"day": day(closes + USUAL_PERIOD)}))
    place = sum(1 for step in steps if step["state"] == "done")
    return [*steps[:place], today, *steps[place:]]


def _decision_step(engagement: Engagement, now: datetime) -> dict[str, str]:
    """When the last decision was taken, and whether late; else by when it should be. One query."""
    answering = (
        DecisionPage.objects.live().filter(engagements__pk=engagement.pk or 0).exclude(decided_on=None)
    )
    span = answering.aggregate(first=Min("decided_on"), last=Max("decided_on"))
    due = engagement.decides_by
    if span["last"]:
        decided = _step(_("Decided"), date_words(span["last"], "j F Y"), done=True)
        if due and span["last"] > due:
            decided["text"] = _late(due, span["first"] if span["first"] <= due else None)
        return decided
    by = date_words(engagement.decides_by, "j F Y")
    late = engagement.decides_by is not None and engagement.decides_by < timezone.localdate(now)
    return _step(
        _("Decision"), (_("Was due by %(day)s. We are late.") if late else _("By %(day)s")) % {"day": by}
    )


def _late(due: date, first: date | None = None) -> str:
    """What is said of something that came after its day; `first` is when a part of it came in time."""
    by = date_words(due, "j F Y")
    if first is None:
        return _("This was late: we said by %(day)s.") % {"day": by}
    words = {"day": by, "first": date_words(first, "j F Y")}
    return _("The first decision came on %(first)s. The last was late: we said by %(day)s.") % words


def _step(label: str, when: str, *, done: bool = False) -> dict[str, str]:
    return {"label": label, "when": when, "state": "done" if done else ""}


def steps_for_a_response(engagement: Engagement, received: str) -> list[dict[str, str]]:
    """What happens to one response, for the page with the code."""
    closes, due = engagement.closes_at, engagement.decides_by
    sorted_when = _("After %(day)s") % {"day": day(closes)} if closes else ""
    decided = _("By %(day)s") % {"day": date_words(due, "j F Y")} if due else ""
    answered = _("By %(day)s") % {"day": day(closes + USUAL_PERIOD)} if closes else ""
    return [
        _step(_("Received"), received, done=True),
        _step(_("Read by a person"), _("Before anyone else sees it")),
        _step(_("Sorted into topics"), sorted_when),
        _step(_("Decision"), decided),
        _step(_("Answer to everyone"), answered),
    ]


# Answers that may be read -----------------------------------------------------------------------


def public_answers(engagement: Engagement) -> Any:
    """Released and permitted answers, with what attribution needs. Nothing else reaches a page (RIF-2)."""
    return (
        Contribution.objects.public()
        .filter(engagement=engagement, kind=Contribution.Kind.ANSWER)
        .select_related("receipt", "group", "file")
    )


def text_questions(engagement: Engagement) -> list[Question]:
    """Questions that are answered in words, in order, each with `heading`: how it was last asked."""
    rows = list(engagement.questions.filter(retired=False).prefetch_related("wordings"))
    found = []
    for row in rows:
        standard = [wording for wording in row.wordings.all() if wording.edition == Edition.STANDARD]
        if standard and (row.type in IN_WORDS or row.ask_why):
            row.heading = max(standard, key=lambda wording: wording.number).text  # type: ignore[attr-defined]
            found.append(row)
    return found
