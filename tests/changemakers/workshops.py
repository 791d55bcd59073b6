"""A workshop that may be published."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from collaborative.changemakers.models import SessionIndexPage, SessionPage
from collaborative.people.models import User
from home.tree import lay_out


def index() -> SessionIndexPage:
    lay_out()
    return SessionIndexPage.objects.get()


def someone(name: str) -> User:
    return User.objects.get_or_create(email=f"{name.lower()}@example.org", defaults={"first_name": name})[0]


def stages(*minutes: int) -> Any:
    blocks = [
        {"type": "stage", "value": {"minutes": n, "title": f"Part {i}", "text": "We talk.", "kind": "talk"}}
        for i, n in enumerate(minutes, 1)
    ]
    return SessionPage._meta.get_field("stages").stream_block.to_python(blocks)


def draft(
    slug: str = "meeting", starts: datetime | None = None, minutes: int = 60, **fields: Any
) -> SessionPage:
    """Not live yet; an hour long, in a month, unless told otherwise."""
    starts = starts or timezone.now() + timedelta(days=30)
    whole: dict[str, Any] = {
        "title": slug.capitalize().replace("-", " "),
        "about": "<p>What happens between islands.</p>",
        "place": "Village hall",
        "audience_text": "Anyone",
        "can_change": "- the day\n- the hour",
        "cannot_change": "the money",
        "who_decides": "The board",
        "decides_by": date(2100, 1, 1),
        "stages": stages(10, 20, 30),
    } | fields
    page = SessionPage(
        slug=slug, opens_at=starts, closes_at=starts + timedelta(minutes=minutes), live=False, **whole
    )
    return index().add_child(instance=page)


def publish(page: SessionPage) -> SessionPage:
    page.save_revision().publish()
    return SessionPage.objects.get(pk=page.pk)


def workshop(*args: Any, **fields: Any) -> SessionPage:
    return publish(draft(*args, **fields))
