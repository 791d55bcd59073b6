"""Whether answers still stand on what was heard (decision 52): what was seen is kept at publication, compared
each night with what stands, and looked at again by somebody, who says in public what they found.

Locks: the answers of a decision, in the order of their numbers.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative import outbox, pagecache
from collaborative.analysis import evidence
from collaborative.analysis.evidence import Evidence
from collaborative.contributions import ledger
from collaborative.errors import Refused
from collaborative.outcomes.models import DecisionPage, Disposition, Reading, Review, Suspicion
from collaborative.outcomes.permissions import user_may_review
from collaborative.people.models import User

Moves = list[list[Any]]  # [[analysis.evidence.Kind, how many], …]
LETTER = "suspect"
LONGEST_REASON = 2_000


def keep_readings(page: DecisionPage, new: Sequence[Disposition]) -> None:
    """What stood behind each topic when it was answered. In the transaction that stores the answers."""
    stands = _stands(page, new)
    now = timezone.now()
    Reading.objects.bulk_create(
        Reading(disposition=row, evidence=stands[row.theme_id].kept(), at=now) for row in new
    )


def _stands(page: DecisionPage, answers: Sequence[Disposition]) -> dict[int, Evidence]:
    places = [place.pk for place in page.engagements.all()]
    return evidence.standing([row.theme_id for row in answers], places) if answers else {}


def look_for_moves(now: datetime | None = None) -> int:
    """Compare every answer that stands with what stood behind it; tell whoever looks after it of what is new.

    Each decision in a transaction of its own. Returns how many answers are suspect afterwards.
    """
    pages = DecisionPage.objects.live().filter(dispositions__isnull=False).distinct().order_by("pk")
    for page in pages.defer_streamfields():
        look_at(page, now)
    return Disposition.objects.suspect().count()


def look_at(page: DecisionPage, now: datetime | None = None) -> None:
    """One decision: what moved is written down, what is as it was is struck out. Ten queries at most."""
    with transaction.atomic():
        answers = _locked(page)
        known = {one.disposition_id: one for one in Suspicion.objects.filter(disposition__in=answers)}
        for row, (moves, _evidence) in _compared(page, answers).items():
            before = known.get(row.pk)
            if before is None and moves:
                _suspect(row, moves, now or timezone.now())
            elif before is not None and not moves:
                before.delete()
                pagecache.touch()
            elif before is not None and before.moves != moves:
                Suspicion.objects.filter(pk=before.pk).update(moves=moves)


def _locked(page: DecisionPage) -> list[Disposition]:
    list(page.dispositions.select_for_update().order_by("pk").values_list("pk"))
    return list(Disposition.objects.current().filter(decision=page).order_by("pk"))


def _compared(
    page: DecisionPage, answers: Sequence[Disposition]
) -> dict[Disposition, tuple[Moves, Evidence]]:
    """What moved behind each since it was last seen, and what stands: of one reading, so that nothing that
    came after it is taken for seen. An answer that has no reading yet gets one now."""
    seen = {one.disposition_id: one.evidence for one in Reading.objects.filter(disposition__in=answers)}
    keep_readings(page, [row for row in answers if row.pk not in seen])
    for one in Review.objects.filter(disposition__in=answers).order_by("number"):
        seen[one.disposition_id] = one.evidence
    stands, limit = _stands(page, answers), evidence.enough()
    found = {}
    for row in answers:
        if row.pk in seen:
            now = stands[row.theme_id]
            moves = evidence.moved(Evidence.of(seen[row.pk]), now, limit)
            found[row] = ([[move.kind.value, move.n] for move in moves], now)
    return found


def _suspect(row: Disposition, moves: Moves, now: datetime) -> None:
    Suspicion.objects.create(disposition=row, since=now, moves=moves)
    ledger.record("decision.suspect", f"disposition:{row.pk}", moves=moves)
    outbox.put(LETTER, f"{LETTER}:{row.pk}:{now.timestamp():.0f}", {"disposition": row.pk})


def waiting() -> QuerySet[Disposition]:
    """Answers that somebody should look at again, the longest first."""
    rows = Disposition.objects.suspect().select_related("suspicion", "theme", "decision__owner")
    return rows.order_by("suspicion__since", "pk")


def review(
    answer: Disposition, verdict: str, reason: str, *, by: User, seen: Moves, now: datetime | None = None
) -> Review:
    """Somebody looked at an answer again and says what they found, in public from now on.

    `seen`: what their screen said had moved. Raises PermissionDenied, and Refused when the reason is missing
    or too long, when nothing waits to be looked at, or when more has moved than they saw: nothing was stored.
    The same verdict sent twice is one.
    """
    if not user_may_review(by):
        raise PermissionDenied
    reason = reason.replace("\x00", "").strip()
    if not reason:
        raise Refused(_("Say why, in words that people can read under the answer."))
    if len(reason) > LONGEST_REASON:
        raise Refused(_("Write up to 2,000 characters."))
    if verdict not in Review.Verdict.values:
        raise Refused(_("Choose what you found."))
    page = DecisionPage.objects.get(pk=answer.decision_id)
    with transaction.atomic():
        answers = [row for row in _locked(page) if row.pk == answer.pk]
        last = answer.reviews.order_by("number").last()
        if not Suspicion.objects.filter(disposition=answer).exists() or not answers:
            if last is not None and (last.verdict, last.reason, last.by_id) == (verdict, reason, by.pk):
                return last
            raise Refused(_("Somebody has looked at this already, or nothing has moved any more."))
        moves, stands = _compared(page, answers)[answers[0]]
        if not moves or moves != seen:
            raise Refused(_("More has moved since you opened this page. Look at it once more."))
        made = Review.objects.create(
            disposition=answer,
            number=last.number + 1 if last else 1,
            verdict=verdict,
            reason=reason,
            by=by,
            at=now or timezone.now(),
            moves=moves,
            evidence=stands.kept(),
        )
        Suspicion.objects.filter(disposition=answer).delete()
        subject = f"disposition:{answer.pk}"
        ledger.record("decision.reviewed", subject, by, verdict=verdict, moves=moves, number=made.number)
        pagecache.touch()
    return made
