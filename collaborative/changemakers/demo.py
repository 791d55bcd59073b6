"""The three workshops of the demonstration set, and the notes of the one that is over."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.html import format_html_join
from wagtail.models import Page

from collaborative import demonstration
from collaborative.changemakers.models import SessionPage
from collaborative.changemakers.room import codes as room_codes
from collaborative.changemakers.seats import actions as seats
from collaborative.changemakers.seats.actions import Wish
from collaborative.demonstration import Days, as_of
from collaborative.engagements.models import Engagement
from collaborative.models import Message
from collaborative.people.demo import user
from collaborative.people.models import StakeholderGroup, User

ISLANDS, EMPLOYERS, NUMBERS = "same-door-on-every-island", "employers-and-s3", "reading-our-numbers"
OF_A_STAGE = ("minutes", "title", "text", "kind", "columns", "poll")


def load_page(slug: str, parent: Page, days: Days, by: User) -> SessionPage:
    row = next(r for r in demonstration.read("changemakers", "sessions")["session"] if r["slug"] == slug)
    hour, minute = (int(part) for part in row["start"].split(":"))
    begins = days.at(row["day"], hour, minute)
    if row["day"] == 0:  # live now, whenever it is loaded, and for half an hour at least
        begins = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    with as_of(days.at(min(row["day"] - 28, -3), 9)):
        page = SessionPage(
            title=row["title"],
            slug=slug,
            about=format_html_join("", "<p>{}</p>", ((text,) for text in [row["about"]])),
            audience_text=row["audience_text"],
            place=row["place"],
            capacity=row.get("capacity"),
            group_seats=_kept(row.get("kept", {})),
            place_exact=row.get("place_exact", ""),
            link=row.get("link", ""),
            online=row["online"],
            access_support=row["access"],
            expenses=row["expenses"],
            facilitator=user(row["facilitator"]),
            opens_at=begins,
            closes_at=begins + timedelta(minutes=row["minutes"]),
            can_change="\n".join(row["can_change"]),
            cannot_change="\n".join(row["cannot_change"]),
            who_decides=row["who_decides"],
            decides_by=days.on(row["decides_by"]),
            invites_under_18=row["invites_under_18"],
            safeguarding_lead=user(row["safeguarding_lead"]),
            safeguarding_deputy=user(row["deputy"]),
            cover_throughout=row["cover_throughout"],
            cover_hours=row["cover_hours"],
            **{f"lundy_{part}": text for part, text in row["lundy"].items()},
            stages=_stages(row["stage"]),
            clauses=", ".join(row["clauses"]),
            recommendations=", ".join(str(number) for number in row["recommendations"]),
            live=False,
        )
        parent.add_child(instance=page)
        page.audiences.set(StakeholderGroup.objects.filter(slug__in=row["audiences"]))
        page.save_revision(user=by).publish(user=by)
    return page


def _stages(rows: list[dict[str, Any]]) -> Any:
    blocks = [{"type": "stage", "value": {key: row[key] for key in OF_A_STAGE if key in row}} for row in rows]
    field: Any = SessionPage._meta.get_field("stages")
    return field.stream_block.to_python(blocks)


def _kept(kept: dict[str, int]) -> Any:
    blocks = [{"type": "group", "value": {"group": slug, "seats": n}} for slug, n in kept.items()]
    field: Any = SessionPage._meta.get_field("group_seats")
    return field.stream_block.to_python(blocks)


def load_places(days: Days) -> None:
    """Who registered, and who gave a place back. Nobody is written to: nobody is there."""
    rows = demonstration.read("changemakers", "places")["person"]
    registered = {}
    for row in rows:
        with as_of(days.at(row["day"], 11)):
            engagement = Engagement.objects.get(slug=row["workshop"])
            wish = Wish(
                name=row["name"],
                email=f"{row['name'].split(',')[0].lower()}@people.example",
                age_band=row["age_band"],
                group=StakeholderGroup.objects.get(slug=row["group"]),
                by_adult=row.get("by_adult", False),
                needs=row.get("needs", ""),
            )
            registered[row["name"]] = seats.register(engagement, wish, key=f"demo:{row['name']}")
    for row in rows:
        if "gives_back" in row:
            with as_of(days.at(row["gives_back"], 11)):
                seats.cancel(registered[row["name"]])
    Message.objects.filter(kind__startswith="place-").update(state=Message.State.DROPPED)


def load_join_code(days: Days) -> str:
    """The code of today's workshop; shown by the command, kept nowhere."""
    engagement = Engagement.objects.get(slug=EMPLOYERS)
    return room_codes.make(engagement, by=None)


def session(slug: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = demonstration.read("changemakers", "sessions")["session"]
    return next(row for row in rows if row["slug"] == slug)


def load_output(page: SessionPage, days: Days, by: User) -> None:
    row = session(ISLANDS)
    with as_of(days.at(row["day"] + 2, 12)):
        page = SessionPage.objects.get(pk=page.pk)
        page.attended, page.output = row["attended"], row["output"]
        page.save_revision(user=by).publish(user=by)


def page_of(slug: str) -> SessionPage:
    return SessionPage.objects.get(slug=slug)
