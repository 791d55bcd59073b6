"""The parts of a page become the parts of the room when it is published.

An open screen and a note hang on a part: so its words may change after it began, and its kind may not.
"""

from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from collaborative.changemakers.room import kinds
from collaborative.changemakers.room.models import WITH_NOTES, Kind, Stage
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused

MOST_GROUPS = 60  # as many as a room of 60 could need
FIELDS = ["number", "kind", "title", "text", "minutes", "settings"]


def freeze(page: Any, engagement: Engagement) -> list[Stage]:
    """Called by `save()` of the page in its transaction, with the engagement locked. Raises Refused with
    every part that cannot change as asked, and nothing is published then."""
    standing = {stage.key: stage for stage in Stage.objects.of(engagement).select_for_update()}
    wanted = [(_key(block), _fields(number, block)) for number, block in enumerate(page.stages, 1)]
    gone = [stage for key, stage in standing.items() if key not in dict(wanted)]
    problems = [_kind_stands(standing[key], fields) for key, fields in wanted if key in standing]
    problems += [_stays(stage) for stage in gone]
    if any(problems):
        raise Refused([problem for problem in problems if problem])
    _take_away(gone)
    stages = []
    for key, fields in wanted:
        stage = standing.get(key) or Stage(engagement=engagement, key=key)
        for name, value in fields.items():
            setattr(stage, name, value)
        stages.append(stage)
    Stage.objects.bulk_create([stage for stage in stages if stage.pk is None])
    Stage.objects.bulk_update([stage for stage in stages if stage.key in standing], FIELDS)
    kinds.frozen(stages)
    return stages


def _key(block: Any) -> str:
    return str(block.id)


def _fields(number: int, block: Any) -> dict[str, Any]:
    value = block.value
    return {
        "number": number,
        "kind": value["kind"],
        "title": value["title"],
        "text": value["text"] or "",
        "minutes": value["minutes"],
        "settings": settings_of(value),
    }


def settings_of(value: Any) -> dict[str, Any]:
    """What a board, a vote or small groups need to know; nothing for every other kind.

    Choices are known by their place: once somebody has voted their number stands, and their words may change.
    """
    if value["kind"] in WITH_NOTES:
        names = [name.strip() for name in value.get("columns") or [] if name.strip()]
        groups = _groups(value.get("breakouts") or {}) if value["kind"] == Kind.BREAKOUTS else {}
        return {"columns": names, **groups}
    if value["kind"] == Kind.POLL:
        asked = value.get("poll") or {}
        labels = [label.strip() for label in asked.get("options") or [] if label.strip()]
        options = [{"key": f"o{place}", "label": label} for place, label in enumerate(labels, 1)]
        return {"poll": asked.get("kind") or "one", "options": options, "budget": asked.get("budget") or 0}
    return {}


def _groups(asked: Any) -> dict[str, Any]:
    """As many as were asked for, or named; those without a name are called by their number."""
    groups = [
        {"name": (one.get("name") or "").strip(), "where": (one.get("where") or "").strip()}
        for one in asked.get("groups") or []
    ]
    missing = min(asked.get("number") or 0, MOST_GROUPS) - len(groups)
    groups += [{"name": "", "where": ""} for _number in range(missing)]
    return {"how": asked.get("how") or "assigned", "most": asked.get("most") or 0, "groups": groups}


def _kind_stands(stage: Stage, fields: dict[str, Any]) -> str:
    settings: dict[str, Any] = stage.settings
    same = stage.kind == fields["kind"] and _shape(settings) == _shape(fields["settings"])
    if same or not kinds.of(stage.kind).is_used(stage):
        return ""
    if stage.kind != fields["kind"]:
        text = _("People have taken part in “%(part)s”: it cannot become something else.")
    else:
        text = _("People have taken part in “%(part)s”: no columns, choices or way to vote can change.")
    return text % {"part": stage.title}


def _shape(settings: dict[str, Any]) -> tuple[Any, ...]:
    """What notes and votes hang on; the words may change."""
    options = settings.get("options", [])
    return len(settings.get("columns", [])), settings.get("poll"), len(options), settings.get("budget")


def _stays(stage: Stage) -> str:
    if not stage.has_begun and not kinds.of(stage.kind).is_used(stage):
        return ""
    text = _("“%(part)s” has begun, or people have taken part in it: it cannot be taken out.")
    return text % {"part": stage.title}


def _take_away(gone: list[Stage]) -> None:
    """The database has the last word on what hangs on a part."""
    try:
        with transaction.atomic():
            Stage.objects.filter(pk__in=[stage.pk for stage in gone]).delete()
    except ProtectedError as error:
        titles = ", ".join(f"“{stage.title}”" for stage in gone)
        text = _("Something hangs on %(parts)s: it cannot be taken out.") % {"parts": titles}
        raise Refused(text) from error
