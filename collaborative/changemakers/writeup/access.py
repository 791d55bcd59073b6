"""Who reads a write-up before everyone does: those who took part. The cookie of the room, a receipt code, or
the private link of a letter shows it. Codes and links come in once and go on in a signed cookie that ends
soon; none stands in an address for longer than it takes to open it."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from collaborative import codes
from collaborative.changemakers.room import giving
from collaborative.changemakers.room.access import participant_of, path_of
from collaborative.changemakers.room.models import Participant
from collaborative.changemakers.seats import keys
from collaborative.changemakers.seats.models import Registration
from collaborative.contributions import actions as contributions
from collaborative.contributions.actions import About
from collaborative.contributions.models import Channel, Exclusion, Permission, Receipt, RespondentKind
from collaborative.engagements.models import Engagement

COOKIE = "write-up"
MINUTES = 120  # time to read it, and to write what is wrong
CODE, LINK = "code", "link"


@dataclass
class Reader:
    """Somebody who took part, by one of three ways."""

    engagement: Engagement
    participant: Participant | None = None
    receipt: Receipt | None = None
    registration: Registration | None = None

    @property
    def whose(self) -> str:
        """The same for one person and way in, whatever they do."""
        if self.participant is not None:
            return f"participant:{self.participant.pk}"
        return f"receipt:{self.receipt.pk}" if self.receipt else f"place:{self.place.pk}"

    @property
    def place(self) -> Registration:
        assert self.registration is not None
        return self.registration

    def known_receipt(self) -> Receipt | None:
        """Under which they said something; none is made. At most one query."""
        if self.participant is not None:
            return self.participant.receipt
        if self.receipt is not None:
            return self.receipt
        return Receipt.objects.filter(code_hash=codes.hashed(self._code_of_place())).first()

    def receipt_to_write_with(self, now: datetime) -> Receipt:
        """Theirs; made when there is none. One that is made for a letter's reader counts in no figure: who
        was in the room is counted by what they gave there. Raises contributions.NotPossible."""
        known = self.known_receipt()
        if known is not None:
            return known
        if self.participant is not None:
            about, code = giving.about(self.participant), giving.receipt_code(self.participant)
        else:
            about, code = self._about_place(), self._code_of_place()
        made, _new = contributions.receive(self.engagement, about, [], code=code, now=now, check_open=False)
        contributions.exclude(made, Exclusion.DUPLICATE, by=None)
        if self.participant is not None:
            Participant.objects.filter(pk=self.participant.pk, receipt=None).update(receipt=made)
            self.participant.receipt = made
        return made

    def _code_of_place(self) -> str:
        return codes.derived("write-up", self.place.key)

    def _about_place(self) -> About:
        return About(
            age_band=self.place.age_band,
            respondent_kind=RespondentKind.INDIVIDUAL,
            permission=Permission.NOT_PUBLISHED,
            recontact=False,
            group=self.place.group,
            channel=Channel.WORKSHOP,
        )


def reader_of(request: HttpRequest, engagement: Engagement) -> Reader | None:
    """At most two queries."""
    participant = participant_of(request, engagement)
    if participant is not None:
        participant.engagement = engagement
        return Reader(engagement, participant=participant)
    kept = request.get_signed_cookie(COOKIE, default="", salt=_salt(engagement), max_age=MINUTES * 60) or ""
    way, _colon, value = kept.partition(":")
    return by_code(engagement, value) if way == CODE else by_link(engagement, value) if way == LINK else None


def by_code(engagement: Engagement, typed: str) -> Reader | None:
    """Whoever has the receipt of something said here; not once they took it all back."""
    found = Receipt.objects.filter(
        engagement=engagement, code_hash=codes.hashed(typed), withdrawn_at=None
    ).first()
    if found is None:
        return None
    found.engagement = engagement
    return Reader(engagement, receipt=found)


def by_link(engagement: Engagement, token: str) -> Reader | None:
    found = keys.find(engagement, token)
    return Reader(engagement, registration=found) if found is not None and found.is_seated else None


def remember(response: HttpResponseBase, engagement: Engagement, way: str, value: str) -> None:
    response.set_signed_cookie(
        COOKIE,
        f"{way}:{codes.normalise(value) if way == CODE else value}",
        salt=_salt(engagement),
        max_age=MINUTES * 60,
        path=f"{path_of(engagement)}write-up/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponseBase, engagement: Engagement) -> None:
    response.delete_cookie(COOKIE, path=f"{path_of(engagement)}write-up/", samesite="Lax")


def _salt(engagement: Engagement) -> str:
    return f"{COOKIE}:{engagement.pk}"
