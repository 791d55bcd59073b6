"""Everything that can happen to what a person gave. Nothing else writes these tables."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative import codes, pagecache
from collaborative.contributions import files, followers, holds, ledger
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
from collaborative.contributions.models.contribution import TRANSITIONS
from collaborative.engagements import ages
from collaborative.engagements.models import Engagement, JoinCode
from collaborative.people.models import HANDLED_AS_UNDER_16, StakeholderGroup, User

# Where an adult is beside whoever answers (AGE-1).
LED_BY_AN_ADULT = frozenset({Channel.CLASS, Channel.PAPER, Channel.EVENT, Channel.WORKSHOP})
# Asked for every row of a file, and `values` makes its list anew each time.
PERMISSIONS, KINDS = frozenset(Permission.values), frozenset(RespondentKind.values)
# Of the privacy notice that respondents are shown (RIF-1). Raise it with the words of that page, and keep the
# words before as a page of their own, `privacy-1`: a response was given under the notice of its day.
PRIVACY_VERSION = "2"


class NotPossible(Exception):
    """The thing asked for cannot happen now. The message may be shown to the person who asked."""


@dataclass(frozen=True, kw_only=True)
class About:
    """What is asked about the respondent (RIF-1). Nothing here has a default that answers for them."""

    age_band: str
    respondent_kind: str
    permission: str
    recontact: bool
    group: StakeholderGroup | None
    channel: str = Channel.WEB
    join_code: JoinCode | None = None
    edition: str = Edition.STANDARD
    language: str = "en-gb"
    name: str = ""
    organisation: str = ""
    contact_email: str = ""
    privacy_version: str = PRIVACY_VERSION


@dataclass(frozen=True, kw_only=True)
class Given:
    """One piece of text, with the question as it was put."""

    prompt_key: str
    prompt: str
    text: str
    kind: str = Contribution.Kind.ANSWER
    priority: int = 0  # how soon a person should look


def receive(
    engagement: Engagement,
    about: About,
    given: list[Given],
    *,
    code: str,
    author: User | None = None,
    now: datetime | None = None,
    check_open: bool = True,
    by: User | None = None,
    received_at: datetime | None = None,
) -> tuple[Receipt, bool]:
    """Store one response, held until a person has checked it. Returns (receipt, whether it is new).

    The same code again gives back the receipt that stands: a double click or a retried request makes one.
    `by` keyed it in for somebody else; it reached us at `received_at` and had to be open then (CON-2).
    Raises NotPossible when the engagement is not open, or not for somebody of that age (AGE-1, SAF-1). Seven
    statements, whatever the number of answers; one more for people under 18.
    """
    now = now or timezone.now()
    received_at = received_at or now
    if check_open and engagement.state_at(received_at) != Engagement.State.OPEN:
        raise NotPossible(_("This is not open for answers."))
    if check_open and stopped(engagement, about):
        raise NotPossible(_("People of this age cannot take part here just now."))
    refuse_incomplete(about)
    with transaction.atomic():
        receipt, new = _receipt(codes.hashed(code), receipt_fields(engagement, about, received_at))
        if new:
            _store_words(receipt, given, author, now)
            ledger.record(
                "response.received",
                f"receipt:{receipt.pk}",
                by or author,
                engagement=engagement.slug,
                things=len(given),
            )
    return receipt, new


def add_to(
    receipt: Receipt,
    given: list[Given],
    *,
    author: User | None = None,
    now: datetime | None = None,
    state: str = State.HELD,
) -> list[Contribution]:
    """More words of a respondent who has answered the form before (RIF-1), such as another comment.

    Whether it is open, who may, and that a retried request stores nothing twice is the caller's to see to,
    in whose transaction this runs. `state` is RELEASED only where `moderation.policy.decide()` says so.
    Three statements.
    """
    stored = _store_words(receipt, given, author, now or timezone.now(), state)
    ledger.record("response.added", f"receipt:{receipt.pk}", author, things=len(stored), state=state)
    return stored


def stopped(engagement: Engagement, about: About) -> ages.Stop | None:
    """AGE-1, SAF-1: what keeps somebody of this age from taking part by this channel, or None."""
    return ages.stop(engagement, about.age_band, led_by_adult=about.channel in LED_BY_AN_ADULT)


def refuse_incomplete(about: About) -> None:
    """RIF-1 and KC-7 in words; the table's own constraints hold the same."""
    if about.permission not in PERMISSIONS or about.respondent_kind not in KINDS:
        raise NotPossible(_("Say who you answer for and what we may publish."))
    young = about.age_band in HANDLED_AS_UNDER_16
    if young and (about.name or about.contact_email or about.permission == Permission.NAMED):
        raise NotPossible(_("We do not take names from people who are, or may be, under 16."))


def _receipt(code_hash: str, fields: dict[str, object]) -> tuple[Receipt, bool]:
    """The receipt of that code, and whether it is new. Nearly all are: so it is written, not asked for."""
    try:
        with transaction.atomic():
            return Receipt.objects.create(code_hash=code_hash, **fields), True
    except IntegrityError:
        standing = Receipt.objects.filter(code_hash=code_hash).first()
        if standing is None:  # another rule of the table said no
            raise
        return standing, False


def receipt_fields(engagement: Engagement, about: About, now: datetime) -> dict[str, object]:
    fields = {name: getattr(about, name) for name in About.__dataclass_fields__}
    return {**fields, "engagement": engagement, "created_at": now}


def contribution_rows(
    receipt: Receipt, given: list[Given], author: User | None, now: datetime, state: str = State.HELD
) -> tuple[list[Contribution], list[str]]:
    """(unsaved rows of what was said, their texts). What is empty is nothing."""
    said = [one for one in given if one.text.strip()]
    rows = [
        Contribution(
            reference=codes.reference(),
            engagement_id=receipt.engagement_id,
            receipt=receipt,
            prompt=one.prompt,
            prompt_key=one.prompt_key,
            kind=one.kind,
            channel=receipt.channel,
            edition=receipt.edition,
            language=receipt.language,
            group_id=receipt.group_id,
            age_band=receipt.age_band,
            author=author,
            permission=receipt.permission,
            state=state,
            priority=one.priority,
            created_at=now,
        )
        for one in said
    ]
    return rows, [one.text for one in said]


def _store_words(
    receipt: Receipt, given: list[Given], author: User | None, now: datetime, state: str = State.HELD
) -> list[Contribution]:
    rows, texts = contribution_rows(receipt, given, author, now, state)
    contributions = Contribution.objects.bulk_create(rows)
    Wording.objects.bulk_create(
        wording_row(contribution, 1, Wording.Kind.GIVEN, text, author, "", now)
        for contribution, text in zip(contributions, texts, strict=True)
    )
    return contributions


def wording_row(
    contribution: Contribution, number: int, kind: str, text: str, by: User | None, reason: str, now: datetime
) -> Wording:
    """An unsaved wording with its key and fingerprint."""
    text = text.replace("\r\n", "\n").replace(
        "\r", "\n"
    )  # browsers send CRLF; offsets count code points of LF text
    key = secrets.token_hex(32)
    return Wording(
        contribution=contribution,
        number=number,
        kind=kind,
        text=text,
        key=key,
        fingerprint=fingerprint(key, text),
        reason=reason,
        created_at=now,
        created_by=by,
    )


def fingerprint(key: str, text: str) -> str:
    """Keyed, since a plain hash of a short text can be guessed; the key is destroyed with the text."""
    return hmac.new(bytes.fromhex(key), text.encode(), hashlib.sha256).hexdigest()


def add_wording(
    contribution: Contribution, kind: str, text: str, *, by: User | None, reason: str = ""
) -> Wording:
    """Append the next wording; the earlier ones stay. Raises NotPossible for an empty text."""
    if not text.strip():
        raise NotPossible(_("There are no words left. Refuse it instead."))
    with transaction.atomic():
        row = Contribution.objects.select_for_update().get(pk=contribution.pk)
        newest = contribution.wordings.order_by("-number").first()
        number = newest.number + 1 if newest else 1
        wording = wording_row(contribution, number, kind, text, by, reason, timezone.now())
        wording.save(force_insert=True)
        ledger.record(
            "contribution.reworded", f"contribution:{contribution.reference}", by, kind=kind, number=number
        )
        followers.tell(row, row.state)
        pagecache.touch()
    return wording


def move(contribution: Contribution, to: str, *, by: User | None, reason: str = "") -> Contribution:
    """The only way a state changes. Moving to the state it has is no error and writes nothing.

    Raises NotPossible when the table of transitions does not allow it. Permission is the caller's to check.
    """
    with transaction.atomic():
        row = Contribution.objects.select_for_update().get(pk=contribution.pk)
        if row.state != to:
            if to not in TRANSITIONS[row.state]:
                raise NotPossible(_("Somebody else has dealt with this already."))
            before, row.state = row.state, to
            if row.read_at is None and by is not None:
                row.read_at = timezone.now()
            row.save(update_fields=["state", "read_at"])
            if to == State.WITHDRAWN and row.kind == Contribution.Kind.ANSWER:
                files.destroy_of(row)
            ledger.record(
                f"contribution.{to}", f"contribution:{row.reference}", by, before=before, reason=reason
            )
            followers.tell(row, before)
    contribution.state, contribution.read_at = row.state, row.read_at
    return contribution


def move_all(rows: list[Contribution], to: str, *, by: User | None, reason: str = "") -> None:
    """The same for many that stand in one state, in three statements: replies go and come with their parent.

    The caller has locked them, and is the room that shows them: nobody else is told.
    """
    for row in rows:
        if to not in TRANSITIONS[row.state]:
            raise NotPossible(_("Somebody else has dealt with this already."))
    Contribution.objects.filter(pk__in=[row.pk for row in rows]).update(state=to)
    LedgerEvent.objects.bulk_create(
        ledger.event(
            f"contribution.{to}", f"contribution:{row.reference}", by, before=row.state, reason=reason
        )
        for row in rows
    )
    for row in rows:
        row.state = to


def keep_back(contribution: Contribution, kept: bool, *, by: User | None) -> None:
    """Keep checked words off every page, though they are sorted and counted (RIF-6); or let them on again.

    In the caller's transaction, who holds the row and knows why.
    """
    changed = Contribution.objects.filter(pk=contribution.pk, withheld=not kept).update(withheld=kept)
    contribution.withheld = kept
    if changed:
        verb = "contribution.withheld" if kept else "contribution.published"
        ledger.record(verb, f"contribution:{contribution.reference}", by)
        followers.tell(contribution, contribution.state)
        pagecache.touch()


def withdraw(receipt: Receipt, *, by: User | None = None) -> int:
    """Take back everything that was given under a receipt (GDP-2). Returns how many things went.

    It leaves every public page at once; what is with safeguarding goes when its case is closed (SAF-2).
    """
    gone = 0
    with transaction.atomic():
        here = receipt.contributions.exclude(state=State.WITHDRAWN)
        # In the order of what they belong to, so that two people who leave at once never wait for each other.
        for contribution in here.order_by("prompt_key", "pk"):
            gone += take_back(contribution, by=by)
        Receipt.objects.filter(pk=receipt.pk, withdrawn_at=None).update(withdrawn_at=timezone.now())
        ledger.record("response.withdrawn", f"receipt:{receipt.pk}", by, things=gone)
        pagecache.touch()
    return gone


def take_back(contribution: Contribution, *, by: User | None = None) -> bool:
    """Take back one thing. Whether it went: what is frozen with a case stays until that is closed (SAF-2),
    and its author sees no difference."""
    with transaction.atomic():
        row = Contribution.objects.select_for_update().get(pk=contribution.pk)
        if row.state == State.ESCALATED and holds.is_kept(row):
            if row.wanted_back_at is None:
                row.wanted_back_at = timezone.now()
                row.save(update_fields=["wanted_back_at"])
                ledger.record("contribution.wanted-back", f"contribution:{row.reference}", by)
            return False
        move(contribution, State.WITHDRAWN, by=by)
    return True


def erase(contribution: Contribution, *, by: User | None = None) -> None:
    """Destroy the words of every wording and their keys. Codings, counts and the record stay.

    Raises NotPossible while they are kept for a safeguarding case, whoever asks (SAF-2).
    """
    with transaction.atomic():
        row = Contribution.objects.select_for_update().get(pk=contribution.pk)
        if holds.is_kept(row):
            raise NotPossible(_("This is kept until its case is closed."))
        move(contribution, State.WITHDRAWN, by=by)
        contribution.wordings.update(text="", key="")
        ledger.record("contribution.erased", f"contribution:{contribution.reference}", by)
        pagecache.touch()


def exclude(receipt: Receipt, why: str, *, by: User | None) -> None:
    """Leave a response out of the analysis, with the reason; it stays in the record (ANA-2)."""
    if why and why not in Exclusion.values:
        raise NotPossible(_("Choose why it is left out."))
    with transaction.atomic():
        Receipt.objects.filter(pk=receipt.pk).update(exclusion=why)
        ledger.record("response.excluded", f"receipt:{receipt.pk}", by, why=why)
        _tell_all(receipt)
        pagecache.touch()
    receipt.exclusion = why


def change_permission(receipt: Receipt, permission: str, *, by: User | None = None) -> None:
    """The respondent's permission counts from now on, everywhere (RIF-2)."""
    if permission not in Permission.values:
        raise NotPossible(_("Choose what we may publish."))
    if permission == Permission.NAMED and receipt.age_band in HANDLED_AS_UNDER_16:
        raise NotPossible(_("We do not show names of people who are, or may be, under 16."))
    with transaction.atomic():
        Receipt.objects.filter(pk=receipt.pk).update(permission=permission)
        receipt.contributions.update(permission=permission)
        ledger.record("response.permission", f"receipt:{receipt.pk}", by, permission=permission)
        _tell_all(receipt)
        pagecache.touch()
    receipt.permission = permission


def _tell_all(receipt: Receipt) -> None:
    """Something that all of a receipt hangs on has changed: tell the rooms that show part of it."""
    rows = receipt.contributions.select_for_update().filter(kind__in=followers.kinds())
    for row in rows.order_by("prompt_key", "pk"):
        followers.tell(row, row.state)


def stop_writing(receipt: Receipt) -> None:
    """Whoever reads that address wants no more letters about this: for all that they sent us here (RIF-1).

    Twice is no error. The address itself goes when its time is over.
    """
    with transaction.atomic():
        rows = Receipt.objects.filter(engagement=receipt.engagement_id, recontact=True)
        here = Q(pk=receipt.pk)
        if receipt.contact_email:
            here |= Q(contact_email__iexact=receipt.contact_email)
        theirs = list(rows.filter(here).values_list("pk", flat=True))
        Receipt.objects.filter(pk__in=theirs).update(recontact=False)
        LedgerEvent.objects.bulk_create(
            ledger.event("response.recontact", f"receipt:{pk}", recontact=False) for pk in theirs
        )
