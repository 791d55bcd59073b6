"""A small world for tests of decisions: an engagement that is over, topics, and people who spoke."""

import json
import re
import uuid
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Site

from collaborative import codes
from collaborative.analysis.actions import apply_theme, define_theme
from collaborative.analysis.models import Coding, Stance, Theme
from collaborative.contributions.actions import About, Given, move, receive
from collaborative.contributions.models import Permission, Receipt, RespondentKind, State
from collaborative.engagements.models import Engagement
from collaborative.figures.models import Release, Table
from collaborative.outcomes.models import (
    DecisionIndexPage,
    DecisionPage,
    RecommendationIndexPage,
)
from collaborative.people.models import StakeholderGroup, User
from collaborative.people.roles import Role
from home.models import StandardPage
from tests.cast import person


def root() -> Page:
    return Site.objects.get(is_default_site=True).root_page


def index() -> DecisionIndexPage:
    found = DecisionIndexPage.objects.first()
    return found or root().add_child(instance=DecisionIndexPage(title="What changed", slug="decisions"))


def recommendation_index() -> RecommendationIndexPage:
    found = RecommendationIndexPage.objects.first()
    page = RecommendationIndexPage(title="Recommendations", slug="recommendations")
    return found or root().add_child(instance=page)


def engagement(slug: str = "host-pledge", *, closed: int = 30) -> Engagement:
    """Closed that many days ago; a negative number is still open."""
    page = root().add_child(instance=StandardPage(title=slug.capitalize(), slug=slug))
    now = timezone.now()
    return Engagement.objects.create(
        kind=Engagement.Kind.CONSULTATION,
        slug=slug,
        title=slug.capitalize(),
        page=page,
        opens_at=now - timedelta(days=90),
        closes_at=now - timedelta(days=closed),
    )


def analyst() -> User:
    return User.objects.filter(first_name="Anil").first() or person("Anil", Role.ANALYSTS)


def theme(code: str = "T1", label: str = "") -> Theme:
    label = label or f"Topic {code}"
    words = {"definition": "What it is", "includes": "This", "excludes": "That", "example": "Words"}
    return define_theme(code, label=label, by=analyst(), **words)


def group(slug: str = "employers", name: str = "Employers") -> StakeholderGroup:
    return StakeholderGroup.objects.get_or_create(slug=slug, defaults={"name": name})[0]


def said(
    words: str,
    where: Engagement,
    about: Theme,
    *,
    stance: str = Stance.FOR,
    permission: str = Permission.ANONYMOUS,
    organisation: str = "",
    name: str = "",
    who: StakeholderGroup | None = None,
) -> Coding:
    """Somebody says it, it is checked, and all of it is sorted under the topic."""
    kind = RespondentKind.ORGANISATION if organisation else RespondentKind.INDIVIDUAL
    respondent = About(
        age_band="26-plus",
        respondent_kind=kind,
        permission=permission,
        recontact=False,
        group=who or group(),
        organisation=organisation,
        name=name,
    )
    answer = Given(prompt_key="q1", prompt="What do you think?", text=words)
    receipt, _new = receive(where, respondent, [answer], code=uuid.uuid4().hex, check_open=False)
    contribution = receipt.contributions.get()
    move(contribution, State.RELEASED, by=analyst())
    wording = contribution.wordings.get()
    key = uuid.uuid4().hex
    return apply_theme(wording, 0, len(words), about, by=analyst(), key=key, stance=stance)


def receipt(coding: Coding) -> str:
    """The page of whoever said it, on one line, opened by a code that is made for it."""
    code = codes.new()
    Receipt.objects.filter(pk=coding.wording.contribution.receipt_id).update(code_hash=codes.hashed(code))
    return re.sub(r"\s+", " ", Client().post("/receipt/", {"code": code}, follow=True).content.decode())


def block(kind: str, value: Any, key: str = "") -> dict[str, Any]:
    return {"type": kind, "value": value, "id": key or str(uuid.uuid4())}


def answer(about: Theme, given: str = "not-adopted", reason: str = "Because of this.") -> dict[str, Any]:
    return block("answer", {"theme": about.pk, "answer": given, "reason": reason})


def promise(text: str = "We will ask in private.", **more: Any) -> dict[str, Any]:
    return block("promise", {"text": text, "owner": "Grace", "due": None, "state": "on-track", **more})


def nothing(because: str = "The plan says so already.") -> dict[str, Any]:
    return block("nothing", because)


def draft(number: int = 1, *, answers: Any, engagements: Any, **more: Any) -> DecisionPage:
    """A whole decision that nobody has published. `more` overrides any field."""
    fields = {
        "title": f"Decision {number}",
        "slug": f"decision-{number}",
        "number": number,
        "question": f"Should we do number {number}?",
        "answer_sentence": "No, we will not.",
        "decided_on": timezone.localdate() - timedelta(days=2),
        "body_name": "the board",
        "why": "We want honest words.",
        "for_heard": "Some liked it.",
        "against_heard": "Others feared it.",
        "changes_made": [nothing()],
        "reopen_if": [block("line", "if it does not work")],
        "answers": answers,
    } | more
    for name in ("answers", "proposals", "changes_made", "reopen_if", "dissent", "quotes"):
        if name in fields:
            fields[name] = json.dumps(fields[name])
    page = DecisionPage(live=False, **fields)
    index().add_child(instance=page)
    page.engagements.set(engagements)
    page.save()
    return page


def publish(page: DecisionPage, by: User | None = None) -> DecisionPage:
    """Through Wagtail, as every door does. Returns the page as it then stands."""
    page.save_revision(user=by).publish(user=by, skip_permission_checks=True)
    return DecisionPage.objects.get(pk=page.pk)


def write(page: DecisionPage, **fields: Any) -> DecisionPage:
    """The page with other words in it, not saved."""
    page = DecisionPage.objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(page, name, json.dumps(value) if isinstance(value, list) else value)
    return page


def figures(slug: str, groups: list[dict[str, Any]] | None = None, **more: Any) -> Table:
    """A release with one table, as the pages read it."""
    number = Release.objects.count() + 1
    release = Release.objects.create(
        number=number, cut_at=timezone.now(), reason="test", policy={}, content_hash=str(number)
    )
    content = {"base": 166, "for": 38, "against": 44, "mixed": 9, "neither": 5, "silent": 70, "themes": []}
    content |= {"groups": groups or [], **more}
    return Table.objects.create(release=release, key=f"decision.{slug}", content=content)
