"""What becomes of a group of notes: a person sorts it under a topic, or makes an idea of it that somebody has
to answer (CHG-1). Nothing here happens by itself.

Locks, as on a board: contributions first, then the board, then the group, then what is written about it. The
board before the group, because whoever takes the group apart holds the board and waits for the group.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.analysis import sorting
from collaborative.analysis.models import Theme
from collaborative.analysis.permissions import user_may_code
from collaborative.changemakers.boards.models import Cluster, Note
from collaborative.changemakers.clusters.models import Basis, ClusterTheme
from collaborative.changemakers.clusters.permissions import user_may_propose
from collaborative.changemakers.room.models import Stage
from collaborative.contributions import ledger
from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Contribution, State
from collaborative.engagements.models import Engagement
from collaborative.outcomes import actions as outcomes
from collaborative.outcomes.actions import Proposed
from collaborative.outcomes.models import Proposal
from collaborative.people.models import User


@dataclass(frozen=True)
class Confirmed:
    row: ClusterTheme
    sorted_now: int  # notes; others stood under the topic already, or may not be sorted


def confirm_theme(cluster: Cluster, theme: Theme, *, by: User) -> Confirmed:
    """The notes of this group are about this theme: each that may be sorted is, in one transaction.

    The same again sorts what came into the group since, and nothing twice. Raises NotPossible for a group
    that is not there any more and a theme that is not in use. A fixed number of statements.
    """
    if not user_may_code(by):
        raise PermissionDenied
    with transaction.atomic():
        said = Contribution.objects.select_for_update(of=("self",)).filter(note__card__cluster=cluster.pk)
        locked = list(said.order_by("pk").values_list("pk", flat=True))
        group = _there([cluster]).first()
        if group is None:
            raise NotPossible(_("That group is not on the board any more."))
        # Somebody may have taken notes out of it while we waited for the board.
        still = Contribution.objects.filter(pk__in=locked, note__card__cluster=group)
        notes = list(still.values_list("pk", flat=True))
        row, new = ClusterTheme.objects.get_or_create(
            cluster=group,
            theme=theme,
            undone_at=None,
            defaults={
                "stage_id": group.stage_id,
                "title": group.title,
                "confirmed_by": by,
                "confirmed_at": timezone.now(),
            },
        )
        codings = sorting.apply_theme_to_all(notes, theme, by=by, key=row.coding_key)
        if new:
            ledger.record("group.sorted", f"group:{group.pk}", by, theme=theme.code, notes=len(codings))
    return Confirmed(row, len(codings))


def undo_theme(row: ClusterTheme, *, by: User) -> int:
    """Take back what `confirm_theme` sorted, and nothing that somebody sorted by hand. Twice is no error.

    Returns how many notes are not under the theme any more.
    """
    if not user_may_code(by):
        raise PermissionDenied
    with transaction.atomic():
        standing = ClusterTheme.objects.select_for_update().select_related(None).get(pk=row.pk)
        if standing.undone_at is not None:
            return 0
        standing.undone_at, standing.undone_by = timezone.now(), by
        standing.save(update_fields=["undone_at", "undone_by"])
        gone = sorting.retract_all(standing.coding_key, by=by)
        theme = Theme.objects.get(pk=standing.theme_id).code
        ledger.record("group.unsorted", f"group:{standing.cluster_id}", by, theme=theme, notes=gone)
    return gone


def propose(
    engagement: Engagement, clusters: Sequence[Cluster], asked: Proposed, *, by: User, key: str
) -> Proposal:
    """An idea made from these groups of its boards, as a draft. The same `key` again gives the same.

    Raises NotPossible without a group of this workshop, or without words.
    """
    with transaction.atomic():
        _refuse_unless_theirs(engagement, clusters, by)
        proposal, new = outcomes.write_proposal(engagement, asked, by=by, key=key)
        if new:
            _rest_on(proposal, clusters)
    return proposal


def change(proposal: Proposal, clusters: Sequence[Cluster], asked: Proposed, *, by: User) -> Proposal:
    """Other words, or other groups, for a draft. Raises NotPossible once it was put forward."""
    with transaction.atomic():
        _refuse_unless_theirs(proposal.engagement, clusters, by)
        row = outcomes.change_proposal(proposal, asked, by=by)
        row.bases.all().delete()
        _rest_on(row, clusters)
    return row


def put_forward(proposal: Proposal, *, by: User) -> Proposal:
    """Anyone may read it now, and everyone whose note is behind it finds it on their receipt. Which notes
    those are stands from here on, whatever becomes of the board. Twice is no error."""
    if not user_may_propose(by, proposal.engagement):
        raise PermissionDenied
    with transaction.atomic():
        row = Proposal.objects.select_for_update().get(pk=proposal.pk)
        if row.is_draft:
            for basis in row.bases.exclude(cluster=None).select_related("cluster"):
                basis.title = basis.cluster.title  # type: ignore[union-attr]
                basis.save(update_fields=["title"])
                basis.notes.set(_behind([basis.cluster_id]))  # type: ignore[list-item]
        return outcomes.put_forward(row, by=by)


def throw_away(proposal: Proposal, *, by: User) -> None:
    """A draft that nobody wants. Raises NotPossible once it was put forward; twice is no error."""
    if not user_may_propose(by, proposal.engagement):
        raise PermissionDenied
    outcomes.throw_away(proposal, by=by)


def _refuse_unless_theirs(engagement: Engagement, clusters: Sequence[Cluster], by: User) -> None:
    if not user_may_propose(by, engagement):
        raise PermissionDenied
    there = len(_there(clusters).filter(stage__engagement=engagement))
    if not clusters or there != len(clusters):
        raise NotPossible(_("Choose at least one group of notes of this workshop."))


def _there(clusters: Sequence[Cluster]) -> QuerySet[Cluster]:
    """Those still on their boards, under the locks of the boards and of their own. Two statements."""
    boards = {one.stage_id for one in clusters}
    list(Stage.objects.select_for_update().filter(pk__in=boards).order_by("pk").values_list("pk"))
    rows = Cluster.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk for one in clusters])
    return rows.order_by("pk")


def _rest_on(proposal: Proposal, clusters: Sequence[Cluster]) -> None:
    """Write down which groups it was made from and which notes they hold now. Few groups make one idea."""
    bases = Basis.objects.bulk_create(
        Basis(proposal=proposal, cluster=one, title=one.title) for one in clusters
    )
    by_cluster = {basis.cluster_id: basis.pk for basis in bases}
    between = Basis.notes.through
    between.objects.bulk_create(
        between(basis_id=by_cluster[note.card.cluster_id], note_id=note.pk)
        for note in _behind(list(by_cluster)).select_related("card")
    )


def _behind(clusters: Sequence[int | None]) -> QuerySet[Note]:
    """Notes that stand in these groups and were not taken back."""
    rows = Note.objects.filter(card__cluster__in=clusters, taken_back_at=None)
    return rows.exclude(contribution__state=State.WITHDRAWN).order_by("pk")
