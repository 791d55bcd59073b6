"""Putting notes on a board: one short transaction, one note, whatever is pressed twice or sent again."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative import codes
from collaborative.changemakers.boards.actions import following, places
from collaborative.changemakers.boards.actions.standing import (
    columns_of,
    locked,
    refuse_unless_theirs,
    stream,
)
from collaborative.changemakers.boards.models import Card, Note
from collaborative.changemakers.breakouts.tables import group_of
from collaborative.changemakers.room.giving import receipt_of, refuse_if_stopped
from collaborative.changemakers.room.models import Breakout, Participant, Stage
from collaborative.contributions import actions as contributions
from collaborative.contributions.actions import About, Given, NotPossible
from collaborative.contributions.models import (
    Channel,
    Contribution,
    Permission,
    Receipt,
    RespondentKind,
    State,
)
from collaborative.live.actions import announce
from collaborative.moderation import actions as moderation
from collaborative.moderation.policy import decide
from collaborative.moderation.screening import screen
from collaborative.people.models import AgeBand, User

MOST_CHARACTERS = 500  # a sticky note; longer things belong into a discussion
MOST_NOTES = 2_000  # on one board
MOST_LINES = 200  # typed in at once


@dataclass(frozen=True, kw_only=True)
class Written:
    """`key` names this attempt, from the form: the same again gives the note that stands."""

    text: str
    key: str
    column: int = 0
    named: bool = False
    table: str = ""
    reflection: bool = False
    for_group: bool = False  # by whoever takes the notes of a small group
    source: str = Note.Source.ROOM
    screened_by: str | None = None  # `limits.pseudonym(request, …)`, for screening


def words_of(text: str) -> str:
    """What counts of it. Raises NotPossible for nothing, and for too much."""
    words = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if not words:
        raise NotPossible(_("Write what you want to say."))
    if len(words) > MOST_CHARACTERS:
        most = _("A note has room for %(most)s characters. Make it shorter, or make two of it.")
        raise NotPossible(most % {"most": MOST_CHARACTERS})
    return words


def add(
    stage: Stage,
    written: Written,
    *,
    participant: Participant,
    user: User | None = None,
    now: datetime | None = None,
) -> tuple[Note, bool]:
    """A note of somebody in the room, marked with the small group that they are in. Returns it and whether it
    is new. `written.for_group`: what their whole group says; it hangs on a receipt of the group.

    It waits for a person unless `moderation.policy` lets it stand at once. Raises NotPossible: then nothing
    was stored, and the words are the caller's to keep.
    """
    words = words_of(written.text)
    key = codes.hashed_token(f"note:{stage.pk}:{participant.key_hash}:{written.key}")
    standing = Note.objects.filter(key=key).first()
    if standing:
        return standing, False
    try:
        with transaction.atomic():
            board = locked(stage.pk)
            refuse_unless_theirs(board, participant)
            refuse_if_stopped(participant)
            small = group_of(board, participant)
            written = replace(written, table=small.title if small else "")
            if written.for_group:
                receipt = _receipt_of_group(board, small, participant, now)
                written = replace(written, source=Note.Source.GROUP)
            else:
                receipt = receipt_of(participant, now)
            return _write(board, written, words, key, receipt, participant, user, now), True
    except IntegrityError:
        standing = Note.objects.filter(key=key).first()
        if standing is None:  # another rule of the tables said no
            raise
        return standing, False


def type_in(stage: Stage, written: list[Written], *, by: User, now: datetime | None = None) -> int:
    """Notes from paper or a file, by whoever runs the workshop. Returns how many are new.

    Nobody in particular said them: they hang on one receipt for each board, without a group, and they are
    checked first like all the others. All or none; sent again, none are doubled.
    """
    lines = [(one, words_of(one.text)) for one in written]
    if len(lines) > MOST_LINES:
        raise NotPossible(_("Type in up to %(most)s notes at once.") % {"most": MOST_LINES})
    with transaction.atomic():
        board = locked(stage.pk)
        refuse_unless_theirs(board, by)
        keys = [codes.hashed_token(f"typed:{stage.pk}:{one.key}") for one, _words in lines]
        there = set(Note.objects.filter(key__in=keys).values_list("key", flat=True))
        receipt = _receipt_from_paper(board, now)
        new = [(one, words, key) for (one, words), key in zip(lines, keys, strict=True) if key not in there]
        for one, words, key in new:
            _write(board, one, words, key, receipt, None, by, now)
    return len(new)


def _receipt_of_group(
    board: Stage, small: Breakout | None, participant: Participant, now: datetime | None
) -> Receipt:
    if small is None or small.note_taker_id != participant.pk:
        raise NotPossible(_("Somebody else takes the notes of this group now. You can send it as your own."))
    return _receipt_from_paper(board, now, f"breakout:{small.pk}")


def _receipt_from_paper(board: Stage, now: datetime | None, of: str = "") -> Receipt:
    about = About(
        age_band=AgeBand.NOT_SAID,
        respondent_kind=RespondentKind.INDIVIDUAL,
        permission=Permission.ANONYMOUS,
        recontact=False,
        group=None,
        channel=Channel.WORKSHOP,
    )
    code = codes.derived("paper", of or f"board:{board.pk}")
    # Paper is typed in when the workshop is over, too.
    return contributions.receive(board.engagement, about, [], code=code, now=now, check_open=False)[0]


def _write(
    board: Stage,
    written: Written,
    words: str,
    key: str,
    receipt: Receipt,
    participant: Participant | None,
    user: User | None,
    now: datetime | None,
) -> Note:
    now = now or timezone.now()
    if not 0 <= written.column < len(columns_of(board)):
        raise NotPossible(_("Choose a column."))
    if Note.objects.filter(stage=board).count() >= MOST_NOTES:
        raise NotPossible(_("This board is full."))
    flags = screen(words, engagement=board.engagement, receipt=receipt, source=written.screened_by)
    author = user if participant else None  # typing somebody's words in makes nobody their author
    decision = decide(board.engagement, age_band=receipt.age_band, author=author, flags=flags)
    given = Given(
        prompt_key=f"stage.{board.key}"[:60], prompt=board.title, text=words, kind=Contribution.Kind.NOTE
    )
    state = State.RELEASED if decision.shown else State.HELD
    stored = contributions.add_to(receipt, [given], author=author, now=now, state=state)[0]
    rank = places.last_rank(board, written.column)
    note = Note.objects.create(
        stage=board,
        card=Card.objects.create(stage=board, column=written.column, rank=rank),
        contribution=stored,
        participant=participant,
        named=bool(written.named and receipt.permission == Permission.NAMED),
        source=written.source,
        table=written.table.strip()[:40] or (participant.table if participant else ""),
        reflection=written.reflection,
        key=key,
        entered_by=None if participant else user,
        created_at=now,
    )
    moderation.received(stored, flags)
    if decision.shown:
        moderation.shown_at_once(stored)
        note.shown = following.may_show(stored, receipt)
        note.save(update_fields=["shown"])
    if note.shown:
        announce((stream(board), "card", note.card_id))
    return note
