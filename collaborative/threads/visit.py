"""One request of somebody who reads or writes in a thread: which thread, who they are, what device it is.

Strangers are known by a token in a cookie that ends with the browser and that only these pages receive; the
database holds its hash. On a shared device, and in a class, nothing of what is typed stays in the browser.
"""

from typing import Any

from django.conf import settings
from django.core import signing
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.functional import cached_property

from collaborative.engagements.models import Engagement, JoinCode
from collaborative.people.models import User
from collaborative.threads import anchors, reading
from collaborative.threads.actions import voices
from collaborative.threads.anchors import Anchor
from collaborative.threads.models import Comment, Subscription, Thread, Voice

PATH = "/comments/"
SHARED, CLASS = "shared-device", "class-visit"
SENTENCE = "sentence"


class Visit:
    def __init__(self, request: HttpRequest, number: int, thread: Thread | None = None) -> None:
        """Raises Http404 for a thread that is not there for everyone to read."""
        found = thread or reading.find(number)
        if found is None:
            raise Http404
        self.request = request
        self.thread: Thread = found
        self.now = timezone.now()

    @classmethod
    def to(cls, request: HttpRequest, number: int, pk: int) -> tuple["Visit", Comment]:
        """A visit to one comment, with its words' row, in one query; raises Http404.

        Whether the comment is shown is not asked here.
        """
        rows = Comment.objects.filter(thread__in=Thread.objects.readable(), thread=number)
        whole = (
            "thread__engagement",
            "thread__page",
            "thread__summary_by",
            "contribution__receipt",
            "parent",
        )
        wanted = Subscription.objects.active().filter(voice=OuterRef("voice"), thread=OuterRef("thread"))
        rows = rows.annotate(author_wants_mail=Exists(wanted))
        comment = rows.select_related(*whole).filter(pk=pk).first()
        if comment is None:
            raise Http404
        return cls(request, number, comment.thread), comment

    @property
    def engagement(self) -> Engagement:
        return self.thread.engagement

    @cached_property
    def anchor(self) -> Anchor:
        return anchors.resolve(self.thread)

    @cached_property
    def user(self) -> User | None:
        return self.request.user if self.request.user.is_authenticated else None

    @cached_property
    def token(self) -> str:
        return self.request.COOKIES.get(cookie_of(self.engagement), "")

    @cached_property
    def voice(self) -> Voice | None:
        return voices.voice_of(self.engagement, user=self.user, token=self.token)

    @cached_property
    def in_class(self) -> bool:
        """Here with the code of a class that is still at work (AGE-1). One query, only with its cookie."""
        held = self.request.COOKIES.get(CLASS, "")
        if not held:
            return False
        try:
            code = signing.loads(held, salt=CLASS)
        except signing.BadSignature:
            return False
        rows = JoinCode.objects.filter(pk=code, engagement=self.engagement, kind=JoinCode.Kind.CLASS)
        return rows.filter(valid_from__lte=self.now, valid_until__gt=self.now).exists()

    @property
    def is_shared(self) -> bool:
        return SHARED in self.request.COOKIES or self.in_class

    @property
    def is_open(self) -> bool:
        return self.thread.is_open_at(self.now)

    def about_words(self, chosen: str, seen: str) -> str:
        """What a comment is about: the words that were chosen, where they stand there, else all of them.

        `seen` is the sentence as whoever writes had it before them, signed by us: an editor may have changed
        it while they were typing.
        """
        try:
            words = signing.loads(seen, salt=SENTENCE)
        except signing.BadSignature:
            words = self.anchor.words
        chosen = " ".join(chosen.split())
        return chosen if chosen and anchors.survives(chosen, words) else words

    def remember(self, response: HttpResponseBase, token: str) -> None:
        set_cookie(response, cookie_of(self.engagement), token)


def cookie_of(engagement: Engagement) -> str:
    return f"voice-{engagement.pk}"


def set_cookie(response: HttpResponseBase, name: str, value: str) -> None:
    """Until the browser is closed."""
    response.set_cookie(
        name, value, path=PATH, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )


def enter_class(response: HttpResponseBase, code: JoinCode) -> None:
    """Whoever came with the code of a class speaks in its threads as one of it."""
    set_cookie(response, CLASS, signing.dumps(code.pk, salt=CLASS))


def forget(request: HttpRequest, response: Any) -> None:
    """Nothing of this visit stays in the browser: neither who spoke here, nor what the device remembers."""
    for name in request.COOKIES:
        if name.startswith("voice-") or name in (SHARED, CLASS):
            response.delete_cookie(name, path=PATH, samesite="Lax")
