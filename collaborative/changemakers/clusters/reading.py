"""What became of the groups of notes of one workshop: for staff, and for everyone."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Prefetch, QuerySet

from collaborative.analysis import matching
from collaborative.analysis.matching import Match
from collaborative.analysis.models import Coding, ThemeVersion
from collaborative.analysis.permissions import user_may_code
from collaborative.changemakers.boards.models import Cluster, Note
from collaborative.changemakers.clusters.models import Basis, ClusterTheme
from collaborative.contributions.models import Contribution, Permission
from collaborative.engagements.models import Engagement
from collaborative.outcomes import standing
from collaborative.outcomes.models import Proposal
from collaborative.outcomes.standing import Standing
from collaborative.people.models import User


@dataclass
class SaidInGroup:
    """One note as staff may read it here."""

    reference: str
    words: str
    withheld: bool  # its author does not want it published
    themes: list[str] = field(default_factory=list)  # codes of the topics that it stands under


@dataclass
class Sorted:
    """A topic that somebody confirmed for a group. `left`: notes that could stand under it and do not."""

    row: ClusterTheme
    left: int


@dataclass
class Group:
    cluster: Cluster
    notes: list[SaidInGroup] = field(default_factory=list)
    unseen: int = 0  # notes that whoever looks may not read here: they wait, or are not for publishing
    topics: list[Sorted] = field(default_factory=list)
    suggested: list[Match] = field(default_factory=list)
    ideas: list[Proposal] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.cluster.title


def workshops() -> QuerySet[Engagement]:
    """Workshops with groups on their boards, the latest first, each with `groups` and `topics` counted."""
    rows = Engagement.objects.filter(kind=Engagement.Kind.SESSION, stages__clusters__isnull=False)
    return rows.annotate(groups=Count("stages__clusters", distinct=True)).order_by("-opens_at", "-pk")


def groups(engagement: Engagement, viewer: User) -> list[Group]:
    """Every group, in the order of the boards, with what this person may read. Seven queries."""
    clusters = Cluster.objects.filter(stage__engagement=engagement).select_related("stage")
    found = {one.pk: Group(one) for one in clusters.order_by("stage__number", "column", "rank", "pk")}
    versions = ThemeVersion.objects.in_use()
    _add_words(found, engagement, viewer)
    _add_topics(found)
    for one in found.values():
        taken = {topic.row.theme_id for topic in one.topics}
        rest = (version for version in versions if version.theme_id not in taken)
        one.suggested = matching.by_name(one.cluster.name, rest)
    for basis in Basis.objects.filter(cluster__in=found).select_related("proposal").order_by("proposal"):
        found[basis.cluster_id or 0].ideas.append(basis.proposal)
    return list(found.values())


def _add_words(found: dict[int, Group], engagement: Engagement, viewer: User) -> None:
    """Analysts read what may be sorted, whoever else works here what anyone may read (RIF-2, RIF-3)."""
    rows = Contribution.objects.filter(note__card__cluster__in=found, note__taken_back_at=None)
    if user_may_code(viewer):
        seen = rows.analysable().with_newest_text("text_here")
    else:
        seen = rows.permitted().with_newest_text("text_here")
    codes: dict[int, list[str]] = defaultdict(list)
    live = Coding.objects.live().filter(wording__contribution__note__card__cluster__in=found)
    for said, code in live.order_by("theme__code").values_list("wording__contribution_id", "theme__code"):
        if code not in codes[said]:
            codes[said].append(code)
    for row in seen.select_related("note__card").order_by("note__pk"):
        words = row.text_here  # type: ignore[attr-defined]
        if words:
            withheld = row.permission == Permission.NOT_PUBLISHED
            shown = SaidInGroup(row.reference, words, withheld, codes[row.pk])
            found[row.note.card.cluster_id].notes.append(shown)  # type: ignore[attr-defined,index]
    all_notes = Note.objects.filter(card__cluster__in=found, taken_back_at=None)
    for cluster, n in Counter(all_notes.values_list("card__cluster_id", flat=True)).items():
        found[cluster or 0].unseen = n - len(found[cluster or 0].notes)


def _add_topics(found: dict[int, Group]) -> None:
    rows = ClusterTheme.objects.filter(cluster__in=found, undone_at=None)
    for row in rows.select_related("theme", "confirmed_by").order_by("confirmed_at", "pk"):
        group = found[row.cluster_id or 0]
        left = sum(row.theme.code not in note.themes for note in group.notes)
        group.topics.append(Sorted(row, left))


@dataclass
class Idea:
    """An idea as anyone reads it: how it stands, and which groups and topics it comes from. No figures."""

    standing: Standing
    bases: list[str]
    topics: list[tuple[str, str]]  # (name, slug)

    @property
    def proposal(self) -> Proposal:
        return self.standing.proposal


def ideas(engagement: Engagement) -> list[Idea]:
    """What this workshop put forward, in its order. Five queries; one where there is nothing."""
    topics = ClusterTheme.objects.filter(undone_at=None).select_related("theme").order_by("theme__code")
    bases = Basis.objects.order_by("pk").prefetch_related(Prefetch("cluster__themes", topics))
    rows = Proposal.objects.put_forward().filter(engagement=engagement).order_by("number")
    rows = rows.prefetch_related(Prefetch("bases", bases))
    return [_idea(one) for one in standing.of(rows)]


def _idea(one: Standing) -> Idea:
    bases = list(one.proposal.bases.all())
    topics = {
        row.theme.slug: row.theme.name
        for basis in bases
        if basis.cluster
        for row in basis.cluster.themes.all()
    }
    return Idea(one, [basis.title for basis in bases], [(name, slug) for slug, name in topics.items()])
