"""Who somebody is in a room: known by a cookie that ends with the browser and goes to these pages alone."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from collaborative import codes
from collaborative.changemakers.room.models import Participant
from collaborative.engagements.models import Engagement

PREFIX = "room-"


def path_of(engagement: Engagement) -> str:
    return f"/changemakers/{engagement.slug}/"


def cookie_of(engagement: Engagement) -> str:
    return f"{PREFIX}{engagement.pk}"


def participant_of(request: HttpRequest, engagement: Engagement) -> Participant | None:
    """Whoever joined here with this browser and has not left. One query; none for a stranger."""
    token = request.COOKIES.get(cookie_of(engagement), "")
    if not token:
        return None
    rows = Participant.objects.here().filter(engagement=engagement, key_hash=codes.hashed_token(token))
    return rows.select_related("group", "receipt").first()


def remember(response: HttpResponseBase, engagement: Engagement, token: str) -> None:
    response.set_cookie(
        cookie_of(engagement),
        token,
        path=path_of(engagement),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponseBase, engagement: Engagement) -> None:
    response.delete_cookie(cookie_of(engagement), path=path_of(engagement), samesite="Lax")
