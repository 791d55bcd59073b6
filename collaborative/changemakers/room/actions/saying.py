"""What somebody in the room says outside boards and votes: in a discussion, and to the facilitator."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.changemakers.room import told
from collaborative.changemakers.room.giving import receipt_of
from collaborative.changemakers.room.models import Participant, Stage
from collaborative.contributions import actions as contributions
from collaborative.contributions.actions import Given, NotPossible
from collaborative.contributions.models import Contribution
from collaborative.live.actions import announce
from collaborative.moderation import actions as moderation
from collaborative.moderation.screening import screen
from collaborative.threads.actions.posting import MOST_CHARACTERS, Post, post
from collaborative.threads.models import Comment, Voice

TO_FACILITATOR = "room.facilitator"


def voice_of(participant: Participant, now: datetime | None = None) -> Voice:
    """They speak in the threads of the workshop as who they are in the room; the same cookie opens both."""
    receipt = receipt_of(participant, now)
    return Voice.objects.select_related("receipt").get_or_create(
        receipt=receipt,
        defaults={"engagement": participant.engagement, "token_hash": participant.key_hash},
    )[0]


def comment(
    participant: Participant,
    stage: Stage,
    text: str,
    *,
    key: str,
    source: str | None = None,
    now: datetime | None = None,
) -> tuple[Comment, bool]:
    """Say something in a discussion. Raises NotPossible or threads' Wait: nothing is stored."""
    if not stage.is_open or stage.thread is None:
        raise NotPossible(_("This part has closed."))
    if not text.strip():
        raise NotPossible(_("Write what you want to say."))
    with transaction.atomic():
        voice = voice_of(participant, now)
        return post(stage.thread, Post(text=text, key=key, source=source), voice=voice, now=now)


def tell_facilitator(participant: Participant, text: str, *, now: datetime | None = None) -> Contribution:
    """What came too late for its part, or is for the facilitator alone, who reads it on the console. On no
    other screen of the room, and of a kind that no page, figure or download reads. The same words again are
    the same note. Raises NotPossible."""
    now, words = now or timezone.now(), text.replace("\x00", "").strip()
    if not words:
        raise NotPossible(_("Write what you want to say."))
    if len(words) > MOST_CHARACTERS:
        raise NotPossible(_("This is too long."))
    with transaction.atomic():
        Participant.objects.select_for_update(of=("self",)).get(pk=participant.pk)
        receipt = receipt_of(participant, now)
        standing = Contribution.objects.filter(receipt=receipt, prompt_key=TO_FACILITATOR)
        same = standing.with_newest_text().filter(newest_text=words).first()  # type: ignore[misc]
        if same is not None:
            return same
        given = Given(
            prompt_key=TO_FACILITATOR,
            prompt=_("A note to the facilitator"),
            text=words,
            kind=Contribution.Kind.MESSAGE,
        )
        stored = contributions.add_to(receipt, [given], now=now)[0]
        moderation.received(stored, screen(words, engagement=participant.engagement, receipt=receipt))
        announce((told.stream(stored.engagement_id), "told", stored.pk))
    return stored
