"""The bytes of files that people give: in a folder of their own that nothing serves, under random names.

A file is written before the row that names it is committed, and removed after the row has gone. So a row
never lacks its file; what a crash leaves behind is a file without a row, which `sweep` removes every night.
"""

import os
import re
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from collaborative.contributions.models import Contribution, Draft, SentFile

NAME = re.compile(r"[0-9a-f]{40}")
PART = 64 * 1024
# Longer than any request: a file as young as this may belong to a row that is not committed yet.
YOUNG = timedelta(hours=6)


def path_of(stored: str) -> Path:
    if not NAME.fullmatch(stored):
        raise ValueError(stored)
    return Path(settings.FILES_ROOT) / stored[:2] / stored


def put(parts: Iterable[bytes]) -> str:
    """Write a file down for good; gives back its name."""
    stored = secrets.token_hex(20)
    path = path_of(stored)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            for part in parts:
                out.write(part)
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        remove([stored])
        raise
    return stored


def parts_of(stored: str) -> Iterator[bytes]:
    """Its bytes, a piece at a time. Raises FileNotFoundError before the first."""
    source = path_of(stored).open("rb")

    def parts() -> Iterator[bytes]:
        with source:
            while part := source.read(PART):
                yield part

    return parts()


def remove(names: Iterable[str]) -> None:
    """Twice is no error."""
    for stored in names:
        path_of(stored).unlink(missing_ok=True)


def destroy(rows: Iterable[SentFile]) -> int:
    """Let rows go, and their files once that is committed. In the caller's transaction."""
    found = list(rows)
    if found:
        SentFile.objects.filter(pk__in=[row.pk for row in found]).delete()
        names = [row.stored for row in found]
        # Robust: when a disk says no, what was committed stands, and the night tries again.
        transaction.on_commit(lambda: remove(names), robust=True)
    return len(found)


def destroy_of(contribution: Contribution) -> int:
    """What somebody took back, or was erased, is gone from the disk too. One query where there is none."""
    return destroy(SentFile.objects.filter(contribution=contribution))


def destroy_of_draft(draft: Draft) -> int:
    return destroy(SentFile.objects.filter(draft=draft))


def sweep(now: datetime | None = None) -> int:
    """Nightly: files of drafts that have gone, and files that nothing names. Returns how many went."""
    gone = 0
    with transaction.atomic():
        # Their draft was sent without them, or expired.
        left = SentFile.objects.exclude(draft=None).exclude(
            Exists(Draft.objects.filter(pk=OuterRef("draft_id")))
        )
        gone += destroy(left)
    before = ((now or timezone.now()) - YOUNG).timestamp()
    old = {path.name: path for path in Path(settings.FILES_ROOT).glob("??/*") if _is_old(path, before)}
    if old:
        named = set(SentFile.objects.values_list("stored", flat=True))
        for name in old.keys() - named:
            old[name].unlink(missing_ok=True)
            gone += 1
    return gone


def _is_old(path: Path, before: float) -> bool:
    try:
        return path.is_file() and path.stat().st_mtime < before
    except FileNotFoundError:
        return False


def out_of_reach(**kwargs: object) -> list[checks.CheckMessage]:
    """`contributions.E001`: what people send must lie in no folder that is served."""
    mine = Path(settings.FILES_ROOT)
    served = (settings.MEDIA_ROOT, settings.STATIC_ROOT, *settings.STATICFILES_DIRS)
    if any(mine == Path(one) or Path(one) in mine.parents for one in served):
        text = "FILES_ROOT lies in a folder that is served. Choose another."
        return [checks.Error(text, id="contributions.E001")]
    return []
