"""One request to a part of a workshop: which part, and as whom somebody acts in it."""

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property

from collaborative import limits
from collaborative.changemakers.room.access import participant_of
from collaborative.changemakers.room.models import Participant, Stage
from collaborative.changemakers.room.permissions import user_may_facilitate
from collaborative.engagements.models import Engagement
from collaborative.people.models import User

FACILITATOR = "facilitator"


class Visit:
    def __init__(self, request: HttpRequest, stage: Stage) -> None:
        self.request, self.stage = request, stage

    @classmethod
    def to(
        cls, request: HttpRequest, slug: str, kinds: str | tuple[str, ...], pk: int, *, early: bool = False
    ) -> "Visit":
        """Raises Http404 for a part that is not there, or not yet for people in the room; `early`: they may
        look at it before it begins."""
        wanted = (kinds,) if isinstance(kinds, str) else kinds
        rows = Stage.objects.reachable().filter(engagement__slug=slug, kind__in=wanted)
        stage = rows.select_related("engagement__page").filter(pk=pk).first()
        if stage is None:
            raise Http404
        visit = cls(request, stage)
        if not (early or stage.has_begun) and visit.facilitator is None:
            raise Http404
        return visit

    @property
    def engagement(self) -> Engagement:
        return self.stage.engagement

    @cached_property
    def user(self) -> User | None:
        return self.request.user if self.request.user.is_authenticated else None

    @cached_property
    def participant(self) -> Participant | None:
        return participant_of(self.request, self.engagement)

    @cached_property
    def facilitator(self) -> User | None:
        """Whoever runs this workshop."""
        may = self.user is not None and user_may_facilitate(self.user, self.engagement)
        return self.user if may else None

    @cached_property
    def who(self) -> Participant | User | None:
        """As whom they act: who is both says so by the page that they come from."""
        said = self.request.POST.get("as") or self.request.GET.get("as")
        if said == FACILITATOR and self.facilitator:
            return self.facilitator
        return self.participant or self.facilitator

    @property
    def home(self) -> str:
        page = "facilitate" if isinstance(self.who, User) else "live"
        return f"/changemakers/{self.engagement.slug}/{page}/"

    def stranger(self) -> HttpResponse:
        """Who has not joined is asked for the code."""
        return redirect("/join/")

    def not_theirs(self) -> HttpResponse:
        """Who does not run this workshop signs in, or is told so."""
        if self.user is None:
            return redirect_to_login(f"/changemakers/{self.engagement.slug}/facilitate/")
        raise PermissionDenied

    def wait(self) -> int:
        """Seconds until they may do the next thing; 0 for now."""
        whose = self.participant.pk if self.participant else None
        return limits.spend(self.request, "room", receipt=f"room:{whose}" if whose else None)
