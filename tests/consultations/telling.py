"""A consultation that has closed and was answered, a decision on it, and the figures of it."""

import json
import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from collaborative.consultations.models import ConsultationPage
from collaborative.contributions.actions import About, Given, receive
from collaborative.contributions.models import Receipt
from collaborative.engagements.models import Engagement
from collaborative.moderation import actions as moderation
from tests.consultations.making import block, draft, group, publish
from tests.flow.world import moderator
from tests.outcomes import deciding

WORDS = "It should not feel like a test."


def closed(days: int = 30, **changed: Any) -> Engagement:
    now = timezone.now()
    dates = {"opens_at": now - timedelta(days=days + 90), "closes_at": now - timedelta(days=days)}
    return publish(draft([block("feel")], **{**dates, **changed}))


def answer(where: Engagement, words: str = WORDS, *, check: bool = True, **about: Any) -> Receipt:
    respondent = {
        "age_band": "26-plus",
        "respondent_kind": "individual",
        "permission": "anonymous",
        "recontact": bool(about.get("contact_email")),
        "group": group("parents"),
        **about,
    }
    given = [Given(prompt_key="feel", prompt="What about feel?", text=words)] if words else []
    receipt, _new = receive(where, About(**respondent), given, code=uuid.uuid4().hex, check_open=False)
    for said in receipt.contributions.all() if check else ():
        moderation.release(said, by=moderator())
    return receipt


def crowd(where: Engagement, n: int, **about: Any) -> list[Receipt]:
    return [answer(where, **about) for _turn in range(n)]


def decided(where: Engagement) -> None:
    topic = deciding.theme("T1", "Ask me first")
    deciding.publish(deciding.draft(1, answers=[deciding.answer(topic)], engagements=[where]))


def told(**changed: Any) -> ConsultationPage:
    """The page published again, with what came of it."""
    page = ConsultationPage.objects.get()
    for name, value in changed.items():
        setattr(page, name, json.dumps(value) if isinstance(value, list) else value)
    page.save_revision().publish()
    return ConsultationPage.objects.get()


def parts(*names: str, words: str = "These words.") -> dict[str, Any]:
    today = timezone.localdate()
    return dict.fromkeys(names, words) | {f"{name}_on": today for name in names}
