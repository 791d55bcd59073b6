"""A small world for tests of the evidence: something that is open, and people who answer it."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone
from wagtail.models import Page, Site

from collaborative.contributions.actions import About, Given, receive
from collaborative.contributions.models import Contribution, Receipt
from collaborative.engagements.models import Engagement
from collaborative.moderation.models import HouseRule
from collaborative.people.models import StakeholderGroup


def engagement(slug: str = "starting-early", **fields: Any) -> Engagement:
    """Open now, on a page of its own that is live."""
    found = Engagement.objects.filter(slug=slug).first()
    if found is not None:
        return found
    root = Site.objects.get(is_default_site=True).root_page
    page = root.add_child(instance=Page(title=slug.replace("-", " ").capitalize(), slug=slug))
    now = timezone.now()
    return Engagement.objects.create(
        kind=Engagement.Kind.CONSULTATION,
        slug=slug,
        title=page.title,
        page=page,
        opens_at=now - timedelta(days=7),
        closes_at=now + timedelta(days=70),
        **fields,
    )


def group(slug: str = "employers") -> StakeholderGroup:
    return StakeholderGroup.objects.get_or_create(slug=slug, defaults={"name": slug.capitalize()})[0]


def receipt(*texts: str, where: Engagement | None = None, key: str = "q1", **about: Any) -> Receipt:
    """One response with these texts, each held."""
    words = {
        "age_band": "26-plus",
        "respondent_kind": "individual",
        "permission": "anonymous",
        "recontact": False,
        "group": group(),
        **about,
    }
    given = [Given(prompt_key=key, prompt="When should we start?", text=text) for text in texts]
    # Who may take part where is asked in tests/engagements: here it is about what was given.
    return receive(where or engagement(), About(**words), given, code=uuid.uuid4().hex, check_open=False)[0]


def said(text: str = "Ask us before you decide.", **about: Any) -> Contribution:
    """One text that waits to be checked."""
    return receipt(text, **about).contributions.get()


def rule(number: int = 1) -> HouseRule:
    return HouseRule.objects.get_or_create(
        number=number,
        defaults={"title": "Be kind", "text": "No insults.", "kind_reason": "Say it again, kindly."},
    )[0]
