"""House rules and contacts of the demonstration set, and the checking of what its people gave."""

from collaborative import demonstration
from collaborative.contributions.models import Contribution
from collaborative.demonstration import Days
from collaborative.moderation import actions
from collaborative.moderation.models import Contact, HouseRule, WatchedWord
from collaborative.moderation.redaction import REMOVED
from collaborative.people.models import User


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


def load_note(days: Days) -> None:
    """The note that the moderator of the evening left for the morning."""
    row = demonstration.read("moderation", "desk")["note"]
    with demonstration.as_of(days.at(row["day"], 21, 40)):
        actions.hand_over(row["text"], by=User.objects.get(first_name=row["by"]))


def check(contribution: Contribution, state: str, redact: str, by: User, *, rule: int | None = None) -> None:
    """Do with one thing what the set says: release it (less some words), refuse it by a rule, escalate it, or
    leave it. Whoever was refused asks for a second look.
    """
    if state == "escalated":
        actions.escalate(contribution, by=by)
    elif state == "refused":
        actions.refuse(contribution, HouseRule.objects.get(number=rule), by=by)
        actions.ask_again(contribution)
    elif state == "released":
        text = contribution.wordings.order_by("-number")[0].text
        if redact and redact in text:
            reason = "A telephone number could identify the person."
            actions.release_redacted(contribution, text.replace(redact, REMOVED), reason, by=by)
        else:
            actions.release(contribution, by=by)
