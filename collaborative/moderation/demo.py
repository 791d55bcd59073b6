"""House rules and contacts of the demonstration set, and the checking of what its people gave."""

from collaborative import demonstration
from collaborative.contributions.models import Contribution
from collaborative.demonstration import Days
from collaborative.moderation import actions
from collaborative.moderation.models import Contact, HouseRule
from collaborative.moderation.redaction import REMOVED
from collaborative.people.models import User


def load(days: Days) -> None:
    HouseRule.objects.bulk_create(
        HouseRule(**row) for row in demonstration.read("moderation", "house_rules")["rule"]
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


def check(contribution: Contribution, state: str, redact: str, by: User) -> None:
    """Do with one thing what the set says: release it (less some words), escalate it, or leave it."""
    if state == "escalated":
        actions.escalate(contribution, by=by)
    elif state == "released":
        text = contribution.wordings.order_by("-number")[0].text
        if redact and redact in text:
            reason = "A telephone number could identify the person."
            actions.release_redacted(contribution, text.replace(redact, REMOVED), reason, by=by)
        else:
            actions.release(contribution, by=by)
