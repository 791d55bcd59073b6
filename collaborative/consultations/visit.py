"""One request of somebody who is answering: the consultation, their token and draft, checks before a save.

The browser holds a token in a cookie that only the answering screens receive; the database holds its hash.
"""

from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.models import Page

from collaborative import codes, limits
from collaborative.consultations import files
from collaborative.consultations.journey import Journey
from collaborative.consultations.models.pages import ConsultationPage
from collaborative.consultations.questions import Asked
from collaborative.contributions import drafts
from collaborative.contributions.filetypes import Accepted
from collaborative.contributions.models import Draft, Receipt
from collaborative.engagements.models import Engagement

COOKIE = "answers"
AT_MOST = 30 * 24 * 60 * 60  # seconds that a browser keeps the token, unless it closes sooner
AFTER_SENDING = 60 * 60  # long enough to note the code when the page is loaded again
BETWEEN = "~"  # between the token and the code that somebody came back with


def find_consultation(slug: str, *, with_questions: bool = False) -> tuple[ConsultationPage, Engagement]:
    """The published page and its engagement, in two queries. Raises Http404.

    People answer the frozen questions. Those on the page stay in the database unless they are asked for: to
    make blocks of them costs more than the rest.
    """
    rows = Engagement.objects.filter(kind=Engagement.Kind.CONSULTATION, page__in=Page.objects.live().public())
    rows = rows.select_related("page__consultationpage__young_group")
    if not with_questions:
        rows = rows.defer("page__consultationpage__questions")
    engagement = rows.filter(slug=slug).first()
    if engagement is None:
        raise Http404
    return engagement.page.consultationpage, engagement


class Visit:
    def __init__(self, request: HttpRequest, slug: str) -> None:
        self.request = request
        self.page, self.engagement = find_consultation(slug)
        self.now = timezone.now()
        self.state = self.engagement.state_at(self.now)
        self.token, _between, self._code = request.COOKIES.get(COOKIE, "").partition(BETWEEN)

    @cached_property
    def draft(self) -> Draft | None:
        return drafts.find(self.token, self.engagement, self.now) if self.token else None

    @cached_property
    def journey(self) -> Journey:
        return Journey(self.engagement, self.draft.answers if self.draft else {})

    @cached_property
    def receipt(self) -> Receipt | None:
        """What was sent from this browser with this token."""
        if not self.token:
            return None
        code_hash = codes.hashed(drafts.receipt_code(self.token))
        return Receipt.objects.filter(engagement=self.engagement, code_hash=code_hash).first()

    @cached_property
    def was_elsewhere(self) -> str:
        """What became of answers that this browser began and has lost: "" (it began none), "going" while
        another device carries them on, else "gone": sent, or thrown away, from another device."""
        if not self.token or self.draft or self.receipt:
            return ""
        held = Draft.objects.filter(resume_hash=codes.hashed(self.resume_code), engagement=self.engagement)
        return "going" if held.exists() else "gone"

    @property
    def is_open(self) -> bool:
        return self.state == Engagement.State.OPEN

    @property
    def class_is_over(self) -> bool:
        return self.draft is not None and self.journey.class_is_over(self.now)

    @property
    def resume_code(self) -> str:
        return self._code or drafts.resume_code(self.token)

    def begin(self, answers: dict[str, object]) -> Draft:
        """A new draft under a new token."""
        self.token, self._code = drafts.new_token(), ""
        self._replace(drafts.begin(self.engagement, self.token, answers, self.now))
        return self.draft  # type: ignore[return-value]

    def keep(self, changed: dict[str, object]) -> None:
        """Keep answers in the draft; the journey is another after that."""
        self._replace(drafts.keep(self.draft, changed))  # type: ignore[arg-type]

    def keep_file(self, one: Asked, file: Accepted | None, *, remove: bool) -> None:
        """Keep this file in the draft; or none any more; or what is there."""
        draft: Draft = self.draft  # type: ignore[assignment]
        self._replace(files.keep(draft, one, file) if file or remove else files.pass_over(draft, one))

    def _replace(self, draft: Draft) -> None:
        self.draft = draft
        self.journey = Journey(self.engagement, draft.answers, self.journey.sheet)

    def address(self, step: str = "", query: str = "") -> str:
        return step_address(self.engagement.slug, step) + query

    def go(self, step: str = "", query: str = "") -> HttpResponse:
        response = redirect(self.address(step, query))
        if self.draft:
            self.remember(response)
        return response

    def remember(self, response: HttpResponseBase) -> None:
        """Let the browser keep the token. In a class, where devices are shared, only until it is closed."""
        self._hold(response, in_class=self.journey.in_class)

    def remember_after_close(self, response: HttpResponseBase, *, in_class: bool) -> None:
        """The same once it has closed, when there is no draft to carry on with."""
        self._hold(response, in_class=in_class)

    def _hold(self, response: HttpResponseBase, *, in_class: bool) -> None:
        held = f"{self.token}{BETWEEN}{self._code}" if self._code else self.token
        set_cookie(response, self.engagement, held, None if in_class else self._seconds_left())

    def _seconds_left(self) -> int:
        closes: datetime | None = self.engagement.closes_at
        if closes is None:
            return AT_MOST
        # Past the close, when what was begun can still be read, and sent should there be more time.
        until = closes + drafts.KEPT_AFTER
        return min(AT_MOST, max(1, int((until - self.now).total_seconds())))


def step_address(slug: str, step: str = "") -> str:
    return reverse("respond_step", args=[slug, step]) if step else reverse("respond", args=[slug])


def set_cookie(response: HttpResponseBase, engagement: Engagement, value: str, max_age: int | None) -> None:
    response.set_cookie(
        COOKIE,
        value,
        max_age=max_age,
        path=step_address(engagement.slug),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponseBase, engagement: Engagement) -> None:
    response.delete_cookie(COOKIE, path=step_address(engagement.slug), samesite="Lax")


def too_fast(visit: Visit) -> int:
    """Seconds to wait before the next save; 0: go on."""
    return limits.spend(visit.request, "respond", receipt=visit.token or None, engagement=visit.engagement)
