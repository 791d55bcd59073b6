"""A small site to look at: a plan of two versions, a decision that changed a sentence, one that said no."""

import uuid
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from collaborative import pagecache
from collaborative.figures.models import Release, Table
from collaborative.outcomes.models import Change, ClauseVersion, DecisionPage, ModelPage
from home.models import HomePage, NewsPage, StandardPage
from home.tree import lay_out
from tests.outcomes import deciding, plan


def home() -> HomePage:
    return lay_out()


def read(client: Client, address: str = "/", status: int = 200) -> str:
    """The page as it is a second after whatever the test did (nothing in a test is committed)."""
    pagecache.epoch.forget()
    response = client.get(address)
    assert response.status_code == status, response.status_code
    return response.content.decode()


def published(page: Any) -> Any:
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def two_versions() -> ModelPage:
    """P1 says more in version 2; P2 has only a spelling put right."""
    home()
    page = ModelPage.objects.get()
    plan.publish(page, plan.blocks(), approved_by="The board")
    changed = plan.changed(
        plan.blocks(), "P1", statement="You asked me first and gladly.", reason="People asked again."
    )
    changed = plan.changed(
        changed, "P2", statement="It was there all the way!", reason="editorial", editorial=True
    )
    plan.publish(page, changed)
    return ModelPage.objects.get()


def decision(number: int, given: str = "adopted", days_ago: int = 5, **more: Any) -> DecisionPage:
    page = deciding.draft(
        number,
        answers=[deciding.answer(deciding.theme(f"T{number}"), given, f"Reason {number} to {given}.")],
        engagements=[deciding.engagement(f"asked-{number}")],
        decided_on=timezone.localdate() - timedelta(days=days_ago),
        **more,
    )
    return published(page)


def changes_p1(by: DecisionPage) -> Change:
    made_by = ClauseVersion.objects.get(clause__ref="P1", number=2)
    return Change.objects.create(
        decision=by,
        key=uuid.uuid4(),
        clause=made_by.clause,
        part="statement",
        intended="You asked me first and gladly.",
        made_by=made_by,
    )


def release(**tables: Any) -> Release:
    number = Release.objects.count() + 1
    row = Release.objects.create(
        number=number, cut_at=timezone.now(), reason="test", policy={}, content_hash=str(number)
    )
    for key, content in tables.items():
        Table.objects.create(release=row, key=key.replace("__", "."), content=content)
    return row


def standard(slug: str, title: str = "", under: Any = None, **fields: Any) -> StandardPage:
    page = StandardPage(title=title or slug.capitalize(), slug=slug, live=False, **fields)
    (under or home()).add_child(instance=page)
    return published(page)


def news(slug: str, days_ago: int = 1, **fields: Any) -> NewsPage:
    day = timezone.localdate() - timedelta(days=days_ago)
    page = NewsPage(title=slug.capitalize(), slug=slug, date=day, live=False, **fields)
    home().add_child(instance=page)
    return published(page)


def private(page: Any) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
