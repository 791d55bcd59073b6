"""A workshop that is on, and people in its room."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from collaborative.changemakers.models import Participant, SessionPage, Stage
from collaborative.changemakers.room import codes
from collaborative.engagements.models import Engagement
from tests.changemakers.workshops import workshop

KINDS = ("talk", "discussion", "break")


def stages(*kinds: str) -> Any:
    blocks = [
        {"type": "stage", "value": {"minutes": 10, "title": f"The {kind}", "text": "", "kind": kind}}
        for kind in kinds
    ]
    return SessionPage._meta.get_field("stages").stream_block.to_python(blocks)


def room(*kinds: str, **fields: Any) -> Engagement:
    """On since five minutes ago, for an hour."""
    starts = timezone.now() - timedelta(minutes=5)
    return workshop(starts=starts, stages=stages(*(kinds or KINDS)), **fields).engagement


def part(engagement: Engagement, kind: str) -> Stage:
    return Stage.objects.select_related("engagement__page").get(engagement=engagement, kind=kind)


ANSWERS = {"age": "26-plus", "group": "none", "permission": "anonymous", "name": ""}


def enter(engagement: Engagement, **answers: str) -> Client:
    """A browser that came in with the code."""
    browser = Client()
    code = codes.standing(engagement) or codes.make(engagement, by=None)
    to_form = browser.post("/join/", {"code": code})
    assert to_form["Location"].endswith("/live/join/"), to_form["Location"]
    key = f"key-of-an-attempt-{Participant.objects.count()}"
    sent = browser.post(to_form["Location"], {**ANSWERS, "key": key, **answers})
    assert sent.status_code == 302, sent.content.decode()
    return browser


def live(engagement: Engagement) -> str:
    return f"/changemakers/{engagement.slug}/live/"


def invites_young(lead: Any, deputy: Any) -> dict[str, Any]:
    """All that must stand before people under 18 are invited (SAF-1, LUN-1)."""
    parts = ("space", "voice", "audience", "influence")
    return {
        "invites_under_18": True,
        "safeguarding_lead": lead,
        "safeguarding_deputy": deputy,
        "cover_throughout": True,
        **{f"lundy_{part}": "Written." for part in parts},
    }
