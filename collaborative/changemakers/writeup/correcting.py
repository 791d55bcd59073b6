"""What people who took part put right, and what they are answered. No correction is ever public: its kind is
left out of `Contribution.objects.public()`, whatever is decided about it, and it counts in no figure."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative import codes
from collaborative.changemakers.writeup.access import Reader
from collaborative.changemakers.writeup.models import Correction, WriteUp
from collaborative.changemakers.writeup.permissions import user_may_read_correction
from collaborative.contributions import actions as contributions
from collaborative.contributions import ledger
from collaborative.contributions.actions import Given, NotPossible
from collaborative.contributions.models import Contribution, Receipt, State
from collaborative.errors import Refused
from collaborative.moderation import actions as moderation
from collaborative.moderation.screening import screen
from collaborative.people.models import User

MOST_CHARACTERS = 2_000
MOST_CORRECTIONS = 20  # by one person
LONGEST_REASON = 500
PROMPT_KEY = "write-up"


@dataclass(frozen=True, kw_only=True)
class Put:
    """`about`: which of their own words, if any. `key` names this attempt, from the form."""

    text: str
    key: str
    about: int | None = None
    source: str | None = None  # `limits.pseudonym(request, …)`, for screening


def correct(write_up: WriteUp, reader: Reader, put: Put, *, now: datetime | None = None) -> Correction:
    """Keep what they put right, for whoever runs the workshop and nobody else. Raises Refused: nothing was
    stored. The same attempt again gives back the one that stands."""
    now, words = now or timezone.now(), put.text.replace("\x00", "").strip()
    if not words:
        raise Refused(_("Write what we should put right."))
    if len(words) > MOST_CHARACTERS:
        raise Refused(_("Write up to 2,000 characters."))
    key = codes.hashed_token(f"correction:{write_up.pk}:{reader.whose}:{put.key}")
    standing = Correction.objects.filter(key=key).first()
    if standing is not None:
        return standing
    try:
        with transaction.atomic():
            return _store(write_up, reader, put, words, key, now)
    except IntegrityError:
        standing = Correction.objects.filter(key=key).first()
        if standing is None:  # another rule of the tables said no
            raise
        return standing
    except NotPossible as refused:
        raise Refused(str(refused)) from refused


def _store(write_up: WriteUp, reader: Reader, put: Put, words: str, key: str, now: datetime) -> Correction:
    row = WriteUp.objects.select_for_update().get(pk=write_up.pk)
    if not row.is_checked_at(now):
        raise Refused(_("The time to put it right is over."))
    receipt = reader.receipt_to_write_with(now)
    if Correction.objects.filter(write_up=row, contribution__receipt=receipt).count() >= MOST_CORRECTIONS:
        raise Refused(_("You have put right a lot already. Talk to us instead."))
    about = Contribution.objects.public().filter(receipt=receipt, pk=put.about or 0).first()
    given = Given(
        prompt_key=PROMPT_KEY,
        prompt=_("What you put right in the write-up"),
        text=words,
        kind=Contribution.Kind.CORRECTION,
    )
    flags = screen(words, engagement=receipt.engagement, receipt=receipt, source=put.source)
    said = contributions.add_to(receipt, [given], now=now)[0]
    moderation.received(said, flags)
    made = Correction.objects.create(write_up=row, contribution=said, about=about, key=key)
    ledger.record("write-up.put-right", f"contribution:{said.reference}")
    return made


def answer(
    correction: Correction, taken_in: bool, reason: str, *, by: User, now: datetime | None = None
) -> None:
    """Tell whoever put it right what became of it, with a reason that they read. It counts as checked then,
    and stays off every page. Raises Refused."""
    reason, now = " ".join(reason.split()), now or timezone.now()
    wanted = Correction.Answer.TAKEN_IN if taken_in else Correction.Answer.NOT_TAKEN_IN
    if not reason:
        raise Refused(_("Say why: the person who wrote to us reads it."))
    if len(reason) > LONGEST_REASON:
        raise Refused(_("Write up to 500 characters."))
    try:
        with transaction.atomic():
            # The write-up first, as publishing does, which looks whether somebody waits.
            WriteUp.objects.select_for_update().values_list("pk").get(pk=correction.write_up_id)
            Correction.objects.select_for_update().values_list("pk").get(pk=correction.pk)
            row = Correction.objects.select_related("contribution__engagement").get(pk=correction.pk)
            if not user_may_read_correction(by, row.contribution):
                raise PermissionDenied
            if row.answer == wanted and row.reason == reason:
                return  # pressed twice
            if row.contribution.state not in (State.HELD, State.RELEASED):
                raise Refused(_("Somebody else has dealt with this already."))
            if row.contribution.state == State.HELD:
                moderation.withhold(row.contribution, _("Answered by whoever wrote the workshop up."), by=by)
            row.answer, row.reason, row.answered_at, row.answered_by = wanted, reason, now, by
            row.save(update_fields=["answer", "reason", "answered_at", "answered_by"])
            ledger.record(
                "write-up.answered", f"contribution:{row.contribution.reference}", by, answer=str(wanted)
            )
    except NotPossible as refused:
        raise Refused(str(refused)) from refused


@dataclass
class Mine:
    """A correction as its author sees it: what is with safeguarding looks like any that waits (SAF-2)."""

    words: str
    about: str
    state: str  # waiting, taken-in, not, refused
    reason: str


def mine(receipt: Receipt) -> list[Mine]:
    """What somebody put right, the newest first. Two queries."""
    rows = Contribution.objects.with_newest_text("own_text").filter(
        receipt=receipt, kind=Contribution.Kind.CORRECTION
    )
    rows = rows.exclude(state=State.WITHDRAWN).filter(wanted_back_at=None).select_related("correction")
    found = list(rows.order_by("-pk"))
    about = [row.correction.about_id or 0 for row in found]  # type: ignore[attr-defined]
    rows = Contribution.objects.public().filter(pk__in=about)
    shown = {row.pk: row.public_text for row in rows}  # type: ignore[attr-defined]
    return [_mine(row, shown) for row in found]


def _mine(row: Contribution, shown: dict[int, str]) -> Mine:
    one = row.correction  # type: ignore[attr-defined]
    state = one.answer or ("refused" if row.state == State.REFUSED else "waiting")
    return Mine(row.own_text, shown.get(one.about_id or 0, ""), state, one.reason)  # type: ignore[attr-defined]
