"""One system of figures for everything that is printed about mentions, made safe together.

Were each page's table suppressed on its own, a number hidden here could be worked out from one shown there.
So every figure that any page prints (cells, rows, columns, answers, sentences, for and against) is a quantity
of one system, and the engine hides what must be hidden in all of them at once.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from collaborative.analysis.models import Stance
from collaborative.figures.suppression import Policy, Quantity, Released, suppress
from collaborative.flow.counts import Path

ALL = "all"  # in the place of a group: every group together
STANCES = (Stance.FOR.value, Stance.AGAINST.value, Stance.MIXED.value, Stance.NONE.value)
SHOWN_BY_GROUP = (Stance.FOR.value, Stance.AGAINST.value)

Mentions = dict[tuple[str, Path, str], int]


@dataclass(frozen=True)
class Shape:
    """What there is to print: groups, paths, the tone of each path, and the paths behind each sentence."""

    groups: Sequence[str]
    sensitive: frozenset[str]
    paths: Sequence[Path]
    tones: dict[Path, str]
    clauses: dict[str, tuple[Path, ...]]  # ref -> its paths
    boxes: dict[str, tuple[Path, ...]]  # an answer of a decision -> its paths
    changes: dict[str, tuple[Path, ...]]  # what changed -> its paths
    nearly_all: frozenset[Path] = frozenset()  # raised by so many that those who did not are a small number


def make_safe(mentions: Mentions, shape: Shape, policy: Policy) -> Released:
    """Suppress all figures about mentions together.

    Names of the figures, `g` a group slug or ALL: ("cell", g, path), ("stance", g, path, stance),
    ("theme", g, theme id), ("tone", g, tone), ("clause", g, ref), ("row", g); and for everybody together
    ("box", ALL, key), ("change", ALL, key).
    """
    atoms = {
        (group, path, stance): mentions.get((group, path, stance), 0)
        for group in shape.groups
        for path in shape.paths
        for stance in STANCES
    }
    return suppress(atoms, list(_quantities(shape)), policy)


def _quantities(shape: Shape) -> Iterable[Quantity]:
    by_theme: dict[int, list[Path]] = defaultdict(list)
    by_tone: dict[str, list[Path]] = defaultdict(list)
    for path in shape.paths:
        by_theme[path.theme].append(path)
        by_tone[shape.tones[path]].append(path)

    def figure(
        name: tuple, group: str, paths: Iterable[Path], priority: int, stances: Iterable[str] = STANCES
    ) -> Quantity:
        members = shape.groups if group == ALL else [group]
        atoms = frozenset((g, p, s) for g in members for p in paths for s in stances)
        kind = f"{name[0]} {'of all' if group == ALL else 'of a group'}"
        return Quantity(name, atoms, kind, priority, group in shape.sensitive)

    for group in [*shape.groups, ALL]:
        total = 10 if group == ALL else 0  # what sums up everybody is the last to be hidden
        for path in shape.paths:
            told = group == ALL and path in shape.nearly_all
            yield replace(figure(("cell", group, path), group, [path], total + 2), withheld=told)
            if path.decision is not None:
                for stance in STANCES if group == ALL else SHOWN_BY_GROUP:
                    yield figure(("stance", group, path, stance), group, [path], total, [stance])
        for theme, paths in by_theme.items():
            # Before the cells: who got which answer says more than who raised it.
            yield figure(("theme", group, theme), group, paths, total + 1)
        for tone, paths in by_tone.items():
            yield figure(("tone", group, tone), group, paths, total + 4)
        for ref, clause_paths in shape.clauses.items():
            yield figure(("clause", group, ref), group, clause_paths, total + 3)
        # Where all of a group stands in one cell, knowing who is in it would be knowing what they said.
        yield replace(figure(("row", group), group, shape.paths, total + 5), guarded=group != ALL)
    for key, box_paths in shape.boxes.items():
        yield figure(("box", ALL, key), ALL, box_paths, 13)
    for key, change_paths in shape.changes.items():
        yield figure(("change", ALL, key), ALL, change_paths, 13)
