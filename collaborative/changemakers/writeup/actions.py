"""What happens to the write-up of a workshop: it is begun, edited, shown to those who took part, put right by
them, answered, and published. Each verb says how things shall be: pressed twice, it happens once."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative import outbox, pagecache
from collaborative.changemakers.models import SessionPage
from collaborative.changemakers.room.models import Room
from collaborative.changemakers.seats.models import Registration
from collaborative.changemakers.writeup import drafting, figures
from collaborative.changemakers.writeup.models import WriteUp, WriteUpVersion
from collaborative.changemakers.writeup.permissions import user_may_write_up
from collaborative.contributions import ledger
from collaborative.contributions.models import Contribution
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.people.models import User

LEAST_DAYS, USUAL_DAYS, MOST_DAYS = 3, 7, 30
MOST_CHARACTERS = 5_000
QUOTED = 25  # characters of somebody's words in a row that are no chance
SHARED, PUBLISHED = "write-up-shared", "write-up-published"


@dataclass(frozen=True, kw_only=True)
class Written:
    """What the facilitator writes. `words` and `left_out` by the key of the stage."""

    introduction: str
    done: str
    reached: str
    words: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, list[int]] = field(default_factory=dict)


def is_over(engagement: Engagement, now: datetime) -> bool:
    """Whether the workshop has ended, by the clock or by whoever ran it."""
    if engagement.state_at(now) == Engagement.State.CLOSED:
        return True
    return Room.objects.filter(engagement=engagement, ended_at__lte=now).exists()


def begin(engagement: Engagement, *, by: User, now: datetime | None = None) -> WriteUp:
    """The draft, made the first time. Raises PermissionDenied, or Refused before the workshop has ended."""
    now = now or timezone.now()
    if not user_may_write_up(by, engagement):
        raise PermissionDenied
    if not is_over(engagement, now):
        raise Refused(_("The workshop is not over yet."))
    made, new = WriteUp.objects.get_or_create(engagement=engagement, defaults={"began_at": now})
    if new:
        ledger.record("write-up.begun", f"write-up:{made.pk}", by)
    return made


def _locked(write_up: WriteUp, by: User) -> WriteUp:
    WriteUp.objects.select_for_update().values_list("pk").get(pk=write_up.pk)
    row = WriteUp.objects.select_related("engagement__page").get(pk=write_up.pk)
    if not user_may_write_up(by, row.engagement):
        raise PermissionDenied
    return row


def edit(write_up: WriteUp, written: Written, *, by: User, now: datetime | None = None) -> None:
    """Keep what the facilitator wrote. Raises Refused: then nothing is kept.

    While people check it they read what stands now; what is published stays as it is until it is published
    anew.
    """
    texts = [written.introduction, written.done, written.reached, *written.words.values()]
    if any(len(text) > MOST_CHARACTERS for text in texts):
        raise Refused(_("Write up to 5,000 characters in each field."))
    with transaction.atomic():
        row = _locked(write_up, by)
        _refuse_quotes(row.engagement, texts)
        row.introduction, row.done, row.reached = (text.strip() for text in texts[:3])
        keys = written.words.keys() | written.left_out.keys()
        row.parts = {
            key: {
                "words": written.words.get(key, "").strip(),
                "left_out": sorted(set(written.left_out.get(key, []))),
            }
            for key in sorted(keys)
        }
        row.edited_at, row.edited_by = now or timezone.now(), by
        row.save(update_fields=["introduction", "done", "reached", "parts", "edited_at", "edited_by"])
        ledger.record("write-up.edited", f"write-up:{row.pk}", by)


def _plain(text: str) -> str:
    return " ".join("".join(one if one.isalnum() else " " for one in text.casefold()).split())


def _refuse_quotes(engagement: Engagement, texts: list[str]) -> None:
    """Words that somebody takes back have to go, and what a facilitator typed would stay. One query."""
    typed = [_plain(text) for text in texts if text.strip()]
    rows = Contribution.objects.filter(engagement=engagement).with_newest_text()
    for row in rows if typed else ():
        plain = _plain(row.newest_text or "")  # type: ignore[attr-defined]
        if len(plain) >= QUOTED and any(plain in text for text in typed):
            raise Refused(
                _(
                    "You have copied what somebody said. Say it in your own words: people can take theirs"
                    " back, and then they have to go from here too."
                )
            )


def missing(write_up: WriteUp, page: SessionPage) -> list[str]:
    """What still has to be written before anyone is shown it (REC-1)."""
    needed = [
        (write_up.introduction, _("Write what came of it.")),
        (write_up.done, _("Write how people worked.")),
        (write_up.reached, _("Write how people heard of the workshop.")),
        (page.who_decides, _("Write on the page of the workshop who decides.")),
        (page.decides_by, _("Write on the page of the workshop when they decide.")),
        (page.can_change, _("Write on the page of the workshop what could change.")),
        (page.cannot_change, _("Write on the page of the workshop what could not change.")),
    ]
    return [words for there, words in needed if not there]


def page_of(engagement: Engagement) -> SessionPage:
    return SessionPage.objects.select_related("facilitator").get(pk=engagement.page_id)


def share(write_up: WriteUp, days: int, *, by: User, now: datetime | None = None) -> None:
    """Show it to those who took part, who may put it right for so many days. Who registered gets a letter.

    From here on the numbers of who came stand. Shown once more after that time, it is open for so many days
    again. Raises Refused.
    """
    now = now or timezone.now()
    if not LEAST_DAYS <= days <= MOST_DAYS:
        raise Refused(_("Give people 3 to 30 days."))
    with transaction.atomic():
        row = _locked(write_up, by)
        if row.is_checked_at(now):
            return  # pressed twice
        if row.versions.exists():
            raise Refused(_("It is published. Publish a new version instead."))
        page = page_of(row.engagement)
        wanting = missing(row, page)
        if wanting:
            raise Refused(wanting)
        fix_numbers(row, page)
        row.shared_at, row.ends_at, row.shared_by = now, now + timedelta(days=days), by
        row.save(update_fields=["attendance", "shared_at", "ends_at", "shared_by"])
        ledger.record("write-up.shared", f"write-up:{row.pk}", by, days=days)
        _write_to_all(row, SHARED, f"{now:%Y%m%d}")


def fix_numbers(row: WriteUp, page: SessionPage) -> None:
    """Who came, by group, as it may be shown: from now on it is never counted again. Does not save."""
    if row.attendance is None:
        row.attendance = figures.attendance(row.engagement, page.attended)


def _write_to_all(row: WriteUp, kind: str, once: str) -> None:
    people = Registration.objects.of(row.engagement).seated().exclude(email="").values_list("pk", flat=True)
    outbox.put_many(kind, {f"{kind}:{row.pk}:{pk}:{once}": {"registration": pk} for pk in people})


def publish(write_up: WriteUp, *, by: User, changes: str = "", now: datetime | None = None) -> WriteUpVersion:
    """Put it on the page of the workshop as it stands now, for good; a later one beside it, saying what
    changed. Never before those who took part had their time, nor while one of them waits for an answer.
    Raises Refused.
    """
    now, changes = now or timezone.now(), " ".join(changes.split())
    with transaction.atomic():
        row = _locked(write_up, by)
        page = page_of(row.engagement)
        before = row.versions.first()
        if row.ends_at is None:
            raise Refused(_("Show it to those who took part first."))
        if row.is_checked_at(now):
            raise Refused(_("People may still put it right. Wait until their time is over."))
        if row.corrections.waiting().exists():
            raise Refused(_("Somebody who took part waits for an answer. Answer them first."))
        wanting = missing(row, page)
        if wanting:
            raise Refused(wanting)
        content = drafting.arrange(row, page)
        if before is not None and before.content == content:
            return before  # pressed twice
        if before is not None and not changes:
            raise Refused(_("Say what is different, so that nobody has to look for it."))
        version = WriteUpVersion.objects.create(
            write_up=row,
            number=before.number + 1 if before else 1,
            content=content,
            changes=changes[:300] if before else "",
            published_at=now,
            published_by=by,
        )
        ledger.record("write-up.published", f"write-up:{row.pk}", by, number=version.number)
        pagecache.touch()
        if before is None:
            _write_to_all(row, PUBLISHED, "1")
    return version
