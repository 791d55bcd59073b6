"""What can happen to a class: asked for, approved or not, joined, led, ended, and forgotten."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative import codes, outbox
from collaborative.consultations.classes import keys
from collaborative.consultations.classes.permissions import user_may_decide_classes
from collaborative.consultations.models import ClassSession
from collaborative.contributions import ledger
from collaborative.contributions.models import Draft
from collaborative.engagements import ages, gates
from collaborative.engagements.actions import make_join_code
from collaborative.engagements.models import Engagement, JoinCode
from collaborative.errors import Refused
from collaborative.moderation.models import SafeguardingCase
from collaborative.people.models import User

ASKED, APPROVED, REFUSED, STOPPED = "class-asked", "class-approved", "class-refused", "class-stopped"
KEPT = timedelta(days=30)  # RET-1


@dataclass(frozen=True)
class Wish:
    """What a teacher asks for. Moments are aware; `youngest` is an AgeBand under 18."""

    teacher: str
    email: str
    school: str
    years: str
    youngest: str
    pupils: int
    opens_at: datetime
    closes_at: datetime
    contact_name: str
    contact_how: str
    contact_hours: str


def subject(session: ClassSession) -> str:
    return f"class:{session.pk}"


def why_not(engagement: Engagement, youngest: str) -> list[str]:
    """What keeps any class of this age away just now, in words (AGE-1, SAF-1, LUN-1). One query."""
    if not engagement.invites_under_18:
        return [_("This is for people who are 18 or over.")]
    if ages.stop(engagement, youngest, led_by_adult=True) == ages.Stop.TOO_YOUNG:
        return [_("The youngest pupils of this class are below the age from which people may take part.")]
    return [gate.message for gate in gates.under_18(engagement, engagement.kind)]


def ask(
    engagement: Engagement,
    wish: Wish,
    *,
    key: str,
    account: User | None = None,
    now: datetime | None = None,
) -> ClassSession:
    """Ask for a class session. The same key again gives what stands. Raises Refused."""
    now = now or timezone.now()
    if problems := window_problems(engagement, wish.opens_at, wish.closes_at, now):
        raise Refused(problems)
    with transaction.atomic():
        session, new = ClassSession.objects.get_or_create(
            key=codes.hashed_token(f"class:{key}"),
            defaults={"engagement": engagement, "account": account, "asked_at": now, **asdict(wish)},
        )
        if new:
            ledger.record("class.asked", subject(session), account, of=f"engagement:{engagement.pk}")
            outbox.put(ASKED, f"{ASKED}:{session.pk}", {"class": session.pk})
    return session


def window_problems(
    engagement: Engagement, opens_at: datetime, closes_at: datetime, now: datetime
) -> list[str]:
    """A class takes place once, later than now, and while the consultation is open."""
    if closes_at <= opens_at:
        return [_("It must end after it begins.")]
    if closes_at <= now:
        return [_("This time has passed. Choose a later one.")]
    starts, ends = engagement.opens_at, engagement.closes_at
    if (starts and opens_at < starts) or (ends and closes_at > ends):
        return [_("The consultation is not open at that time.")]
    return []


def approve(session: ClassSession, *, by: User, reason: str = "", now: datetime | None = None) -> None:
    """Make its codes and write to the teacher. Once approved, again is no error.

    Raises PermissionDenied; Refused while something that keeps under-18s safe is missing (SAF-1, LUN-1), when
    its time has passed or the consultation is not open then.
    """
    now = now or timezone.now()
    with transaction.atomic():
        row = _to_decide(session, by, ClassSession.State.APPROVED)
        if row is None:
            return
        problems = why_not(row.engagement, row.youngest)
        problems += window_problems(row.engagement, row.opens_at, row.closes_at, now)
        if problems:
            raise Refused(problems)
        code = keys.class_code(row)
        make_join_code(
            row.engagement, JoinCode.Kind.CLASS, row.opens_at, row.closes_at, by, row.label, code=code
        )
        row.join_code = JoinCode.objects.get(code_hash=codes.hashed(code))
        row.after_hash = codes.hashed(keys.reading_code(row))
        _decide(row, ClassSession.State.APPROVED, by, reason, now)
        outbox.put(APPROVED, f"{APPROVED}:{row.pk}", {"class": row.pk})


def refuse(session: ClassSession, *, by: User, reason: str, now: datetime | None = None) -> None:
    """Say no, with a reason that the teacher reads. Raises PermissionDenied, Refused."""
    with transaction.atomic():
        row = _to_decide(session, by, ClassSession.State.REFUSED)
        if row is None:
            return
        if not reason.strip():
            raise Refused(_("Say why. The teacher reads it."))
        _decide(row, ClassSession.State.REFUSED, by, reason, now or timezone.now())
        outbox.put(REFUSED, f"{REFUSED}:{row.pk}", {"class": row.pk})


def _to_decide(session: ClassSession, by: User, to: str) -> ClassSession | None:
    """The row, locked; None when it is decided so already. Raises PermissionDenied, Refused."""
    if not user_may_decide_classes(by):
        raise PermissionDenied
    rows = ClassSession.objects.select_for_update(of=("self",)).select_related("engagement__page")
    row = rows.get(pk=session.pk)
    if row.state == to:
        return None
    if row.state != ClassSession.State.ASKED:
        raise Refused(_("Somebody has decided this differently in the meantime."))
    return row


def _decide(row: ClassSession, state: str, by: User, reason: str, now: datetime) -> None:
    row.state, row.reason, row.decided_by, row.decided_at = state, reason.strip(), by, now
    row.save()
    ledger.record(f"class.{state}", subject(row), by)


# In class ---------------------------------------------------------------------------------------


def joined(code: JoinCode) -> None:
    """Somebody typed the code. Counted, and nothing kept about them (KID-1)."""
    ClassSession.objects.filter(join_code=code).update(began=F("began") + 1)


def set_question(session: ClassSession, key: str, *, open_: bool) -> None:
    """The teacher opens or closes one question. What was answered before stands. Twice is no error.

    Raises Refused when the class is over or no question has this key.
    """
    with transaction.atomic():
        row = ClassSession.objects.select_for_update(of=("self",)).get(pk=session.pk)
        if row.is_over():
            raise Refused(_("This class is over."))
        if not row.engagement.questions.filter(key=key, retired=False).exists():  # type: ignore[attr-defined]
            raise Refused(_("This question is not asked any more."))
        closed = set(row.closed_questions)
        changed = closed - {key} if open_ else closed | {key}
        if changed == closed:
            return
        row.closed_questions = sorted(changed)
        row.save(update_fields=["closed_questions"])
        verb = "class.question-opened" if open_ else "class.question-closed"
        ledger.record(verb, subject(row), key=key)
    session.closed_questions = row.closed_questions


def end(session: ClassSession, now: datetime | None = None) -> None:
    """The teacher ends the class before its time: the code dies at once (KID-2). Twice is no error."""
    now = now or timezone.now()
    with transaction.atomic():
        row = ClassSession.objects.select_for_update(of=("self",)).get(pk=session.pk)
        if not row.is_approved or row.is_over(now):
            return
        _end(row, now)
        ledger.record("class.ended", subject(row))
    session.ended_at = now


def stop(session: ClassSession, *, by: User, reason: str, now: datetime | None = None) -> None:
    """Staff take an approval back, before or during the class: its code dies at once; the teacher reads why.

    What pupils have sent stands. Twice is no error. Raises PermissionDenied; Refused without a reason, and
    when the class was never approved or is over.
    """
    now = now or timezone.now()
    if not user_may_decide_classes(by):
        raise PermissionDenied
    with transaction.atomic():
        row = ClassSession.objects.select_for_update(of=("self",)).get(pk=session.pk)
        if row.stopped:
            return
        if not row.is_approved or row.is_over(now):
            raise Refused(_("There is nothing to stop: it was not approved, or it is over."))
        if not reason.strip():
            raise Refused(_("Say why. The teacher reads it."))
        row.stopped, row.reason = True, reason.strip()
        _end(row, now)
        ledger.record("class.stopped", subject(row), by)
        outbox.put(STOPPED, f"{STOPPED}:{row.pk}", {"class": row.pk})


def _end(row: ClassSession, now: datetime) -> None:
    row.ended_at = now
    row.save(update_fields=["ended_at", "stopped", "reason"])
    JoinCode.objects.filter(class_session=row).update(valid_until=now)


# Afterwards -------------------------------------------------------------------------------------


def forget_old(now: datetime | None = None) -> int:
    """RET-1: a month after its day nobody needs to know whose class it was. Returns how many were forgotten.

    Not while a case is open about something from it: those who look after it may have to ring the school.
    What was begun in a class and never sent goes the day after.
    """
    now = now or timezone.now()
    yesterday = now - timedelta(days=1)
    ended = JoinCode.objects.filter(kind=JoinCode.Kind.CLASS, valid_until__lt=yesterday)
    Draft.objects.filter(answers__join_code__in=list(ended.values_list("pk", flat=True))).delete()
    rows = ClassSession.objects.over_since(now - KEPT).filter(forgotten_at=None)
    rows = rows.exclude(pk__in=_in_open_cases())
    return rows.update(
        teacher="", email="", account=None, contact_name="", contact_how="", contact_hours="",
        forgotten_at=now,
    )  # fmt: skip


def _in_open_cases() -> set[int]:
    """The classes that an open case is about: by what a pupil wrote there, or by what a teacher told us."""
    cases = SafeguardingCase.objects.filter(closed_at=None)
    codes_of = cases.filter(contribution__receipt__join_code__isnull=False)
    found = set(
        ClassSession.objects.filter(
            join_code__in=codes_of.values("contribution__receipt__join_code")
        ).values_list("pk", flat=True)
    )
    told = cases.filter(report__page__contains=keys.PREFIX).values_list("report__page", flat=True)
    return found | {number for page in told if (number := keys.number_in(page))}
