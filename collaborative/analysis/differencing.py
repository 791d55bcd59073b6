"""How much stands between two releases.

Laid side by side, two releases are a table of what happened in between. Where a single response was sorted
since, that table is about one person: the group, the topic and the side that moved by one are theirs. So a
release waits until enough responses have changed to be a crowd. Decisions and titles are no responses: when
nothing but those changed, the same people stand under other headings and nobody has to wait.
"""

from collections.abc import Iterable

from collaborative.contributions.models import Contribution, LedgerEvent, Receipt
from collaborative.figures.models import Release

# Whatever moves a figure. Not among them: words removed, which moves none and would pass for a change.
MOVES = frozenset(
    {
        "response.received",
        "response.withdrawn",
        "response.excluded",
        "response.permission",
        "contribution.held",
        "contribution.released",
        "contribution.refused",
        "contribution.escalated",
        "contribution.withdrawn",
        "contribution.hidden",
        "contribution.erased",
        "coding.applied",
        "coding.retracted",
    }
)
# These move as many responses as they say are `identical`; which, the record does not repeat.
MOVE_MANY = frozenset({"campaign.confirmed", "campaign.undone"})
RECEIPT, CONTRIBUTION = "receipt:", "contribution:"
AT_ONCE = 500


def responses_changed_since(release: Release, engagement: int | None = None) -> int:
    """How many responses something happened to, after that release, that moves a figure; of one engagement
    where one is named.

    Read from the record. What was committed while the release was being counted may be missed; then the
    next release waits longer, never shorter.
    """
    cut = LedgerEvent.objects.filter(verb="release.cut", subject=f"release:{release.number}").order_by("-id")
    since = cut.values_list("id", flat=True).first()
    events = LedgerEvent.objects.filter(id__gt=since) if since else LedgerEvent.objects.all()
    if not since:
        events = events.filter(at__gt=release.cut_at)
    receipts: set[int] = set()
    references: set[str] = set()
    moves = events.filter(verb__in=MOVES).order_by().values_list("subject", flat=True).distinct()
    for subject in moves:
        if subject.startswith(RECEIPT):
            receipts.add(int(subject.removeprefix(RECEIPT)))
        elif subject.startswith(CONTRIBUTION):
            references.add(subject.removeprefix(CONTRIBUTION))
    receipts |= set(_receipts_of(sorted(references)))
    grouped = events.filter(verb__in=MOVE_MANY).values_list("data", flat=True)
    if engagement is not None:
        receipts = set(_given_to(engagement, sorted(receipts)))
        grouped = grouped.filter(data__engagement=engagement)
    # Those of a campaign may be among the others: so the larger of the two, and never their sum.
    return max([len(receipts), *(int(data.get("identical", 0)) for data in grouped)])


def _receipts_of(references: list[str]) -> Iterable[int]:
    for start in range(0, len(references), AT_ONCE):
        found = Contribution.objects.filter(reference__in=references[start : start + AT_ONCE])
        yield from found.values_list("receipt_id", flat=True)


def _given_to(engagement: int, receipts: list[int]) -> Iterable[int]:
    for start in range(0, len(receipts), AT_ONCE):
        found = Receipt.objects.filter(engagement=engagement, pk__in=receipts[start : start + AT_ONCE])
        yield from found.values_list("pk", flat=True)
