"""House rules, contacts and hours of the set, the checking of what its people gave, and a concern."""

from datetime import timedelta

from collaborative import demonstration
from collaborative.contributions.models import Contribution
from collaborative.demonstration import Days, as_of
from collaborative.moderation import actions
from collaborative.moderation.models import (
    Contact,
    HouseRule,
    SafeguardingCase,
    SafetySettings,
    WatchedWord,
)
from collaborative.moderation.redaction import REMOVED
from collaborative.people.demo import user
from collaborative.people.models import User

NUMBER = "A telephone number could identify the person."


def load(days: Days) -> None:
    HouseRule.objects.bulk_create(
        HouseRule(**row) for row in demonstration.read("moderation", "house_rules")["rule"]
    )
    WatchedWord.objects.bulk_create(
        WatchedWord(**row) for row in demonstration.read("moderation", "desk")["word"]
    )
    Contact.objects.bulk_create(
        Contact(
            name=row["name"],
            what_for=row["what_for"],
            how=row["how"],
            hours=row["hours"],
            order=row["order"],
            last_checked=days.on(row["checked_day"]),
        )
        for row in demonstration.read("moderation", "contacts")["contact"]
    )
    texts = demonstration.read("moderation", "safety")
    SafetySettings.objects.create(
        cover_times=texts["cover_times"], out_of_hours=texts["out_of_hours"].strip()
    )


def look_after() -> None:
    """The concern of the set, as those named for it have worked on it; they looked before they wrote.

    It came in two answers of one response: what is done stands on the second, and the first is closed.
    """
    texts = demonstration.read("moderation", "safety")
    first, second = SafeguardingCase.objects.order_by("pk")
    for row in texts["note"]:
        with as_of(second.opened_at + timedelta(hours=row["after"])):
            by = user(row["by"])
            actions.view_case(second, by=by)
            actions.note_on_case(second, row["text"], kind=row["kind"], by=by)
    with as_of(first.opened_at + timedelta(hours=texts["note"][0]["after"])):
        by = user(texts["note"][0]["by"])
        actions.view_case(first, by=by)
        actions.close_case(first, texts["outcome_of_the_first"], by=by)


def load_note(days: Days) -> None:
    """The note that the moderator of the evening left for the morning."""
    row = demonstration.read("moderation", "desk")["note"]
    with as_of(days.at(row["day"], 21, 40)):
        actions.hand_over(row["text"], by=User.objects.get(first_name=row["by"]))


def check(
    contribution: Contribution,
    state: str,
    redact: str,
    by: User,
    *,
    rule: int | None = None,
    reason: str = "",
) -> None:
    """Do with one thing what the set says: release it (less some words), keep it off the page, refuse it by a
    rule, escalate it, or leave it. Whoever was refused asks for a second look.
    """
    if state == "escalated":
        actions.escalate(contribution, by=by)
    elif state == "refused":
        actions.refuse(contribution, HouseRule.objects.get(number=rule or 0), by=by)
        actions.ask_again(contribution)
    elif state == "withheld":
        actions.withhold(contribution, reason, by=by)
    elif state == "released":
        text = contribution.wordings.order_by("-number")[0].text
        if redact and redact in text:
            actions.release_redacted(contribution, text.replace(redact, REMOVED), reason or NUMBER, by=by)
        else:
            actions.release(contribution, by=by)
