"""Saying something in a thread: one short transaction, one comment, whatever is clicked twice or retried."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative import codes, limits
from collaborative.contributions import actions as contributions
from collaborative.contributions import ledger
from collaborative.contributions.actions import About, Given, NotPossible
from collaborative.contributions.models import Contribution, State
from collaborative.contributions.models.contribution import PUBLISHABLE
from collaborative.engagements import ages
from collaborative.live.actions import announce
from collaborative.moderation import actions as moderation
from collaborative.moderation.policy import decide
from collaborative.moderation.screening import screen
from collaborative.people.models import User
from collaborative.threads.actions import counting, mailing, voices
from collaborative.threads.models import Comment, Thread, Voice
from collaborative.threads.permissions import may_reply

MOST_CHARACTERS = 3_000
# The circuit breaker: so many in a minute is no conversation. Everybody waits a little, and nothing is lost.
BREAK_AT = 300
BREAK_FOR = timedelta(minutes=5)


class Wait(NotPossible):
    """Not now, for so many seconds."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


@dataclass(frozen=True, kw_only=True)
class Post:
    """`key` names this attempt, from the form: the same again gives the comment that stands."""

    text: str
    key: str
    about_words: str = ""
    parent: Comment | None = None
    source: str | None = None  # `limits.pseudonym(request, …)`, for screening


def post(
    thread: Thread,
    said: Post,
    *,
    voice: Voice | None = None,
    about: About | None = None,
    token: str = "",
    user: User | None = None,
    now: datetime | None = None,
) -> tuple[Comment, bool]:
    """Say something, or reply. Returns the comment and whether it is new.

    Whoever speaks here for the first time comes without `voice`: `about` is what the form asked, `token` what
    they are known by from now on (`token_for`). It waits for a person unless `moderation.policy` lets it
    stand at once. Raises NotPossible, or Wait: nothing was stored, and the words are the caller's to keep.
    """
    now = now or timezone.now()
    words = said.text.replace("\x00", "").strip()
    if not words:
        raise NotPossible(_("Write what you want to say."))
    if len(words) > MOST_CHARACTERS:
        raise NotPossible(_("This is too long."))
    try:
        with transaction.atomic():
            voice = voice or _begin(thread, about, user, token, now)
            return _write(thread, said, words, voice, user, now), True
    except (IntegrityError, NotPossible):
        # A retry, whatever has become of the thread since; else what said no: a rule, or one of the tables.
        stands = standing(thread, said.key, voice=voice, user=user, token=token)
        if stands is None:
            raise
        return stands, False


def standing(
    thread: Thread, key: str, *, voice: Voice | None, user: User | None = None, token: str = ""
) -> Comment | None:
    """The comment of that attempt, for whoever sends it again: by voice, or by their first form."""
    voice = voice or voices.voice_of(thread.engagement, user=user, token=token)
    return Comment.objects.filter(key=_key(thread, voice, key)).first() if voice else None


def _begin(thread: Thread, about: About | None, user: User | None, token: str, now: datetime) -> Voice:
    if about is None:
        raise NotPossible(_("First tell us who you speak for."))
    return voices.begin(thread.engagement, about, user=user, token=token, now=now)


def _key(thread: Thread, voice: Voice, key: str) -> str:
    """By receipt: a first comment that is sent again meets the voice that it made."""
    return codes.hashed_token(f"comment:{thread.pk}:{voice.receipt_id}:{key}")


def _write(thread: Thread, said: Post, words: str, voice: Voice, user: User | None, now: datetime) -> Comment:
    key, receipt = _key(thread, voice, said.key), voice.receipt
    _refuse_if_not_now(thread, voice, said.parent, now, key)
    flags = screen(words, engagement=thread.engagement, receipt=receipt, source=said.source)
    decision = decide(thread.engagement, age_band=receipt.age_band, author=user, flags=flags)
    given = Given(
        prompt_key=thread.prompt_key, prompt=thread.title, text=words, kind=Contribution.Kind.COMMENT
    )
    state = State.RELEASED if decision.shown else State.HELD
    stored = contributions.add_to(receipt, [given], author=user, now=now, state=state)[0]
    comment = Comment(
        thread=thread,
        contribution=stored,
        voice=voice,
        parent=said.parent,
        about_words=said.about_words,
        key=key,
        created_at=now,
    )
    moderation.received(stored, flags)
    if decision.shown:
        moderation.shown_at_once(stored)
    if decision.shown and receipt.permission in PUBLISHABLE and not receipt.exclusion:
        counting.begin(comment)
        mailing.replied(comment)
        announce((thread.stream, "shown", comment.pk))
    else:
        comment.save(force_insert=True)
    if limits.times(f"thread:{thread.pk}", "posts", 60) > BREAK_AT:
        _break(thread, now)
    return comment


def _refuse_if_not_now(thread: Thread, voice: Voice, parent: Comment | None, now: datetime, key: str) -> None:
    """Closed, paused, too soon, or nothing to reply to."""
    if not thread.is_open_at(now):
        raise NotPossible(_("This is closed. Nobody can add a comment any more."))
    if thread.is_paused_at(now):
        seconds = int((thread.paused_until - now).total_seconds()) + 1  # type: ignore[operator]
        raise Wait(_("Comments are paused for a short while."), seconds)
    receipt = voice.receipt
    led = receipt.channel in contributions.LED_BY_AN_ADULT
    if ages.stop(thread.engagement, receipt.age_band, led_by_adult=led):
        raise NotPossible(_("People of this age cannot take part here just now."))
    if parent is not None and not (parent.thread_id == thread.pk and may_reply(parent)):
        raise NotPossible(_("You cannot reply to this comment."))
    if thread.slow_mode_seconds:
        _wait_for_turn(thread, voice, now, key)


def _wait_for_turn(thread: Thread, voice: Voice, now: datetime, key: str) -> None:
    last = thread.comments.filter(voice=voice).exclude(key=key).order_by("-created_at").first()
    turn = last.created_at + timedelta(seconds=thread.slow_mode_seconds) if last else now
    if now < turn:
        seconds = int((turn - now).total_seconds()) + 1
        raise Wait(_("Please wait a little before your next comment."), seconds)


def _break(thread: Thread, now: datetime) -> None:
    """Let everybody draw breath, from the next comment on."""
    Thread.objects.filter(pk=thread.pk).update(paused_until=now + BREAK_FOR)
    ledger.record("thread.paused", f"thread:{thread.pk}", by_itself=True)
    announce((thread.stream, "thread", thread.pk))
