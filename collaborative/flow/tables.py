"""The tables of a release: what each public page prints, already safe, as plain JSON.

The shapes stand in docs/architecture.md. `n` is a whole number, or None where it is hidden.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from collaborative.analysis.models import Stance, Theme
from collaborative.analysis.reckoning import NO_GROUP
from collaborative.figures.suppression import TOTAL as LIST_TOTAL
from collaborative.figures.suppression import Policy, Released, suppress_list
from collaborative.flow import counts, cube, engagement_tables
from collaborative.flow.counts import Counts, Path
from collaborative.flow.cube import ALL, Shape
from collaborative.moderation import figures as moderation
from collaborative.outcomes.models import Answer, Change, DecisionPage, Disposition
from collaborative.outcomes.models.decisions import TONES
from collaborative.outcomes.wording import number_of
from collaborative.people.models import StakeholderGroup

WAIT = "wait"
COLUMNS = ("yes", "partly", "no", "later", "out", WAIT)
FOLLOWED = frozenset({Answer.ADOPTED, Answer.IN_PART})
NOTHING, WAITING = "nothing", "waiting"
SIDES = {"for": Stance.FOR, "against": Stance.AGAINST, "mixed": Stance.MIXED, "neither": Stance.NONE}


@dataclass
class World:
    """The names of things at the moment of the cut: a release keeps the titles that it was cut with."""

    groups: dict[str, str]  # slug -> name, in order
    sensitive: frozenset[str]
    themes: dict[int, Theme]
    decisions: dict[int, DecisionPage]
    answers: dict[Path, str]  # path -> Answer
    changes: dict[int, list[Change]]  # decision id -> its changes
    bases: dict[int, int | None]  # decision id -> responses that count in what it answers; None: not to show


def build(policy: Policy) -> dict[str, Any]:
    """Every table of a new release, by key."""
    found = counts.count()
    world = _world(found, policy)
    shape = _shape(world, found, policy)
    safe = cube.make_safe(found.mentions, shape, policy)
    heard = _heard(found, world, policy)
    by_group = {ALL: heard["base"], **{row["slug"]: row["n"] for row in heard["groups"]}}
    return {
        "heard": heard,
        "flow": _flow(ALL, by_group, world, shape, safe),
        **{f"flow.{group}": _flow(group, by_group, world, shape, safe) for group in shape.groups},
        **{f"theme.{theme.slug}": _theme(theme, world, shape, safe) for theme in world.themes.values()},
        **{f"clause.{ref}": _clause(ref, world, shape, safe) for ref in shape.clauses},
        **_decision_tables(world, shape, safe),
        **engagement_tables.build(found, world.groups, policy),
        **moderation.build(policy),
    }


def _world(found: Counts, policy: Policy) -> World:
    top = StakeholderGroup.objects.filter(parent=None)
    groups = {g.slug: g.name for g in top}
    if any(group == NO_GROUP for group, _path, _stance in found.mentions) or found.heard[NO_GROUP]:
        groups[NO_GROUP] = "Did not say"
    changes: dict[int, list[Change]] = defaultdict(list)
    rows = (
        Change.objects.filter(decision__live=True)
        .select_related("clause", "promise", "made_by")
        .order_by("pk")
    )
    for change in rows:
        changes[change.decision_id].append(change)
    dispositions = Disposition.objects.current()
    return World(
        groups=groups,
        sensitive=frozenset(g.slug for g in top if g.sensitive),
        themes=counts.themes_by_id(),
        decisions={d.pk: d for d in DecisionPage.objects.live()},
        answers={Path(d.theme_id, d.decision_id): d.answer for d in dispositions},
        changes=changes,
        bases=_bases(found, policy),
    )


def _bases(found: Counts, policy: Policy) -> dict[int, int | None]:
    """A base is hidden where it is small itself or would give the size of a small campaign away."""
    small = engagement_tables.small_campaigns(policy)
    engagements: dict[int, set[int]] = defaultdict(set)
    through = DecisionPage.engagements.through.objects.values_list("decisionpage_id", "engagement_id")
    for decision, engagement in through:
        engagements[decision].add(engagement)
    bases: dict[int, int | None] = {}
    for decision, of in engagements.items():
        base = sum(n for (engagement, _group), n in found.units.items() if engagement in of)
        bases[decision] = None if of & small or 0 < base < policy.k else base
    return bases


def tone_of(world: World, path: Path) -> str:
    return TONES[world.answers[path]] if path.decision else WAIT


def _shape(world: World, found: Counts, policy: Policy) -> Shape:
    seen = {path for _group, path, _stance in found.mentions} | set(world.answers)
    paths = sorted(seen, key=lambda p: (world.themes[p.theme].code.zfill(6), p.decision or 0))
    tones = {path: tone_of(world, path) for path in paths}
    clauses: dict[str, list[Path]] = defaultdict(list)
    boxes: dict[str, list[Path]] = defaultdict(list)
    changes: dict[str, list[Path]] = defaultdict(list)
    for path in paths:
        boxes[box_key(world, path)].append(path)
        changes[change_key(world, path)].append(path)
        if path.decision and world.answers[path] in FOLLOWED:
            for ref in {c.clause.ref for c in world.changes[path.decision] if c.clause and c.made_by}:
                clauses[ref].append(path)
    return Shape(
        groups=list(world.groups),
        sensitive=world.sensitive,
        paths=paths,
        tones=tones,
        clauses={ref: tuple(of) for ref, of in clauses.items()},
        boxes={key: tuple(of) for key, of in boxes.items()},
        changes={key: tuple(of) for key, of in changes.items()},
        nearly_all=frozenset(path for path in paths if _nearly_all(path, world, found, policy)),
    )


def _nearly_all(path: Path, world: World, found: Counts, policy: Policy) -> bool:
    """Whether so few did not mention a topic that its number, taken from the base, would point at them."""
    base = world.bases.get(path.decision, 0) if path.decision else None
    raised = sum(n for (_group, of, _stance), n in found.mentions.items() if of == path)
    return base is not None and 0 < base - raised < policy.k


def box_key(world: World, path: Path) -> str:
    """One box for each decision and answer, so that a decision that says no and partly is two boxes."""
    return f"{path.decision}.{world.answers[path]}" if path.decision else WAIT


def change_key(world: World, path: Path) -> str:
    if path.decision is None:
        return WAITING
    followed = world.answers[path] in FOLLOWED and any(not c.nothing for c in world.changes[path.decision])
    return f"decision.{path.decision}" if followed else NOTHING


def _heard(found: Counts, world: World, policy: Policy) -> dict[str, Any]:
    safe = suppress_list({g: found.heard[g] for g in world.groups}, policy, sensitive=world.sensitive)
    return {"base": safe[LIST_TOTAL], "groups": _groups(world, lambda g: safe[g])}


def _groups(world: World, value: Any) -> list[dict[str, Any]]:
    return [{"slug": slug, "name": name, "n": value(slug)} for slug, name in world.groups.items()]


def _theme(theme: Theme, world: World, shape: Shape, safe: Released) -> dict[str, Any]:
    paths = [path for path in shape.paths if path.theme == theme.pk]
    if not paths:
        return {"base": 0, "groups": _groups(world, lambda _g: 0), "answers": []}
    return {
        "base": safe[("theme", ALL, theme.pk)],
        "groups": _groups(world, lambda g: safe[("theme", g, theme.pk)]),
        "answers": [
            {
                "decision": world.decisions[path.decision].slug if path.decision else None,
                "title": world.decisions[path.decision].title if path.decision else "",
                "tone": shape.tones[path],
                "n": safe[("cell", ALL, path)],
            }
            for path in paths
        ],
    }


def _clause(ref: str, world: World, shape: Shape, safe: Released) -> dict[str, Any]:
    paths = shape.clauses[ref]
    return {
        "base": safe[("clause", ALL, ref)],
        # With several topics behind it, a response that raised two counts twice: then these are times raised.
        "counts": "responses" if len(paths) == 1 else "times",
        "groups": _groups(world, lambda g: safe[("clause", g, ref)]),
        "topics": [
            {
                "code": world.themes[path.theme].code,
                "name": world.themes[path.theme].name,
                "slug": world.themes[path.theme].slug,
            }
            for path in paths
        ],
        "decisions": sorted({world.decisions[path.decision].slug for path in paths if path.decision}),
    }


def _decision_tables(world: World, shape: Shape, safe: Released) -> dict[str, Any]:
    return {f"decision.{page.slug}": _decision(page, world, shape, safe) for page in world.decisions.values()}


def _decision(page: DecisionPage, world: World, shape: Shape, safe: Released) -> dict[str, Any]:
    base = world.bases.get(page.pk, 0)
    order = [block.value["theme"].pk for block in page.answers if block.value["theme"]]
    paths = sorted(
        (path for path in shape.paths if path.decision == page.pk),
        key=lambda p: order.index(p.theme) if p.theme in order else len(order),
    )
    themes = [_answered(path, world, shape, safe) for path in paths]
    return {"base": base, "themes": themes, **_lead(paths, base, world, safe)}


def _answered(path: Path, world: World, shape: Shape, safe: Released) -> dict[str, Any]:
    theme = world.themes[path.theme]
    tone, raised = shape.tones[path], safe[("cell", ALL, path)]
    return {"code": theme.code, "slug": theme.slug, "name": theme.name, "tone": tone, "n": raised}


def _lead(paths: list[Path], base: int | None, world: World, safe: Released) -> dict[str, Any]:
    """For and against the first topic that the decision answers: the one its question is about."""
    if not paths:
        return {"topic": "", "groups": []}
    path = paths[0]
    raised = safe[("cell", ALL, path)]
    return {
        "topic": world.themes[path.theme].name,
        "n": raised,
        "silent": None if raised is None or base is None else base - raised,
        **{name: safe[("stance", ALL, path, stance)] for name, stance in SIDES.items()},
        "groups": [
            {"slug": slug, "name": name, "n": safe[("cell", slug, path)], **_sides(slug, path, safe)}
            for slug, name in world.groups.items()
        ],
    }


def _sides(group: str, path: Path, safe: Released) -> dict[str, int | None]:
    """For and against within a group: both or neither, since one alone would take a side."""
    found = {stance: safe[("stance", group, path, stance)] for stance in cube.SHOWN_BY_GROUP}
    return found if None not in found.values() else dict.fromkeys(found)


def _flow(
    group: str, heard: dict[str, int | None], world: World, shape: Shape, safe: Released
) -> dict[str, Any]:
    """The page of everybody (`group` ALL) or of one group. `heard` counts responses, the rest mentions."""
    paths = [path for path in shape.paths if safe[("cell", group, path)] != 0]
    used = [tone for tone in COLUMNS if tone in shape.tones.values()]
    rows = [*world.groups, ALL] if group == ALL else [group]
    return {
        "base": safe[("row", group)],
        "heard": heard[group],
        "topics": _topic_tally(paths, shape),
        "columns": used,
        "rows": [
            {
                "slug": row,
                "name": world.groups.get(row, ""),
                "cells": {tone: safe[("tone", row, tone)] for tone in used},
                "all": safe[("row", row)],
            }
            for row in rows
        ],
        "paths": [_path(group, path, world, shape, safe) for path in paths],
        "picture": _picture(world, shape, safe) if group == ALL else None,
        # Group by group, for the picture of everybody and the file of figures.
        "cells": [
            {
                "group": slug,
                "theme": world.themes[path.theme].slug,
                "path": index,
                "n": safe[("cell", slug, path)],
            }
            for slug in (world.groups if group == ALL else [group])
            for index, path in enumerate(paths)
        ],
    }


def _topic_tally(paths: Iterable[Path], shape: Shape) -> dict[str, Any]:
    """How many topics got which answer. A topic with a yes here and a no there is answered partly."""
    tones: dict[int, set[str]] = defaultdict(set)
    for path in paths:
        tones[path.theme].add(shape.tones[path])
    tally = dict.fromkeys(COLUMNS, 0)
    for found in tones.values():
        tally[topic_tone(found)] += 1
    return {**tally, "all": len(tones), "parts": [[tone, n] for tone, n in tally.items() if n]}


def topic_tone(tones: set[str]) -> str:
    decided = tones - {WAIT}
    if not decided:
        return WAIT
    return decided.pop() if len(decided) == 1 else "partly"


def _path(group: str, path: Path, world: World, shape: Shape, safe: Released) -> dict[str, Any]:
    theme = world.themes[path.theme]
    decision = world.decisions[path.decision] if path.decision else None
    return {
        "theme": theme.slug,
        "topic": theme.name,
        "decision": decision.slug if decision else None,
        "decision_title": decision.title if decision else "",
        "decision_answer": decision.answer_sentence if decision else "",
        "decision_number": decision.number if decision else None,
        "tone": shape.tones[path],
        "change": change_key(world, path),
        "change_title": change_title(world, change_key(world, path)),
        "n": safe[("cell", group, path)],
    }


def change_title(world: World, key: str) -> str:
    """What stands in the last column: the sentences or the promise that a decision changed."""
    if key in (NOTHING, WAITING):
        return ""
    kinds = {c.clause.ref: c.clause.kind for c in world.changes[_decision_of(key)] if c.clause}
    if kinds:
        return ", ".join(number_of(kinds[ref], ref) for ref in sorted(kinds))
    return next((c.promise.text for c in world.changes[_decision_of(key)] if c.promise), "")


def change_refs(world: World, key: str) -> list[str]:
    if key in (NOTHING, WAITING):
        return []
    return sorted({c.clause.ref for c in world.changes[_decision_of(key)] if c.clause})


def _decision_of(key: str) -> int:
    return int(key.split(".")[1])


def _change(world: World, shape: Shape, safe: Released, key: str) -> dict[str, Any]:
    decided = key not in (NOTHING, WAITING)
    return {
        "key": key,
        "title": change_title(world, key),
        "refs": change_refs(world, key),
        "decision": world.decisions[_decision_of(key)].slug if decided else None,
        "due": _due(world.changes[_decision_of(key)]) if decided else None,
        "n": safe[("change", ALL, key)],
    }


def _due(changes: list[Change]) -> str | None:
    """The day by which the first promise is to be kept."""
    days = [c.promise.due for c in changes if c.promise and c.promise.due]
    return min(days).isoformat() if days else None


def _picture(world: World, shape: Shape, safe: Released) -> dict[str, Any]:
    """Values of the boxes; the bands are the cells and paths above."""
    return {
        "groups": {slug: safe[("row", slug)] for slug in world.groups},
        "themes": {
            t.slug: safe[("theme", ALL, pk)]
            for pk, t in world.themes.items()
            if ("theme", ALL, pk) in safe.values
        },
        "bands": [
            {"group": slug, "theme": world.themes[theme].slug, "n": safe[("theme", slug, theme)]}
            for slug in world.groups
            for theme in dict.fromkeys(path.theme for path in shape.paths)
        ],
        "boxes": [
            {
                "key": key,
                "decision": world.decisions[paths[0].decision].slug if paths[0].decision else None,
                "title": world.decisions[paths[0].decision].title if paths[0].decision else "",
                "tone": shape.tones[paths[0]],
                "change": change_key(world, paths[0]),
                "n": safe[("box", ALL, key)],
            }
            for key, paths in shape.boxes.items()
        ],
        "changes": [_change(world, shape, safe, key) for key in shape.changes],
    }
