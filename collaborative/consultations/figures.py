"""The figures of one consultation on its feedback page: from a release, never from live rows."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collaborative.contributions.models import Channel, Exclusion, Permission, RespondentKind
from collaborative.figures.models import Table
from collaborative.figures.reconcile import Disagreement, Part, reconcile

Rows = list[tuple[str, int | None]]


def reconciliation(table: Table | None) -> dict[str, Any] | None:
    """Received, left out and why, analysed (ANA-2), campaigns, who answered. None before the first release.

    `table` is an "engagement.<slug>" with its release; a number that is None is hidden to protect people. No
    query.
    """
    if table is None:
        return None
    content = table.content
    sums: Rows = [
        (_("Responses received"), content.get("received")),
        (_("Left out"), content.get("excluded")),
    ]
    sums += [
        (f"{_('Left out')}: {label[:1].lower()}{label[1:]}", n)
        for label, n in _named(content.get("excluded_by"), _left_out())
    ]
    # Most have none of these; who reads the others must be able to add up.
    sums += [
        (label, content[name])
        for name, label in (("waiting", _("Still being checked")), ("gone", _("Taken back, or not shown")))
        if content.get(name, 0) != 0
    ]
    sums.append((_("Analysed"), content.get("analysed")))
    kinds: dict[str, str] = {
        RespondentKind.INDIVIDUAL: _("Individuals"),
        RespondentKind.ORGANISATION: _("Organisations"),
    }
    permissions: dict[str, str] = {
        Permission.NAMED: _("With a name"),
        Permission.ANONYMOUS: _("Without a name"),
        Permission.NOT_PUBLISHED: _("Not published"),
    }
    tables = [
        {"name": _("By group"), "rows": [(row["name"], row["n"]) for row in content.get("groups") or []]},
        {
            "name": _("By how it reached us"),
            "rows": _named(content.get("channels"), {value: str(label) for value, label in Channel.choices}),
        },
        {"name": _("By who answered"), "rows": _named(content.get("kinds"), kinds)},
        {"name": _("By what may be published"), "rows": _named(content.get("permissions"), permissions)},
    ]
    return {
        "sums": sums,
        "bases": _bases(content),
        "campaigns": [_campaign(one) for one in content.get("campaigns") or []],
        "tables": [one for one in tables if one["rows"]],
        "cut_at": table.release.cut_at,
    }


def topics(decisions: list[Any], standing: Table | None = None) -> list[dict[str, Any]]:
    """How many responses spoke of each topic that these decisions answer, as a release shows it on their own
    pages (ANA-3: what is identical in a campaign counts once): the release of `standing`, the table that
    published feedback stands on, or else the newest. No other figure is made of it, so nothing can be taken
    from anything. Their engagements are prefetched. One query.

    The same topic may stand under two decisions, and a decision on several consultations counts all of them.
    """
    keys = [f"decision.{one.slug}" for one in decisions]
    tables = Table.objects.beside(standing, keys) if standing else Table.objects.now_many(keys)
    found = []
    for decision in decisions:
        table = tables.get(f"decision.{decision.slug}")
        rows = [(row["slug"], row["name"], row["n"]) for row in table.content["themes"]] if table else []
        if table and rows:
            together = len(decision.engagements.all()) > 1
            found.append(
                {"title": decision.title, "rows": rows, "together": together, "on": table.release.cut_at}
            )
    return found


def table_disagreements(content: dict[str, Any]) -> list[Disagreement]:
    """Where the printed parts and totals of such a table disagree; hidden numbers are room, never a fault.

    A release is checked when it is cut. This is asked again of the table that feedback is about to stand on,
    whichever code cut it.
    """
    states = {name: content.get(name) for name in ("analysed", "excluded", "waiting", "gone")}
    by_group = {row["slug"]: row["n"] for row in content.get("groups") or []}
    found = _printed("received", content.get("received"), states)
    found += _printed("left out", content.get("excluded"), content.get("excluded_by") or {})
    # A respondent need not say their group, so that these may be fewer.
    found += _printed("analysed, by group", content.get("analysed"), by_group, some=True)
    for key, name in (("channels", "channel"), ("kinds", "who answered"), ("permissions", "permission")):
        found += _printed(f"analysed, by {name}", content.get("analysed"), content.get(key) or {})
    return found


def _printed(
    name: str, total: int | None, parts: dict[str, int | None], *, some: bool = False
) -> list[Disagreement]:
    """One total and its parts as they are printed. `some`: the parts need not be all of it."""
    shown = {part: n for part, n in parts.items() if n is not None}
    if total is None:
        return []
    rest = total - sum(shown.values())
    if rest >= 0 and (some or len(shown) < len(parts) or rest == 0):
        return []
    return reconcile(total, [Part(part, n) for part, n in shown.items()], name) or [
        Disagreement((name,), total, ())
    ]


def _left_out() -> dict[str, str]:
    return {value: str(label) for value, label in Exclusion.choices}


def _named(counts: dict[str, int | None] | None, known: dict[str, str]) -> Rows:
    """Counts under their public labels, in the order of the labels; an unknown key keeps its own name."""
    counts = counts or {}
    keys = [key for key in known if key in counts] + [key for key in counts if key not in known]
    return [(known.get(key, key), counts[key]) for key in keys]


def _bases(content: dict[str, Any]) -> str:
    """ANA-3: why fewer count in the topics than were analysed. Empty when there was no campaign."""
    if not content.get("campaigns"):
        return ""
    if content.get("analysed") is None or content.get("counted") is None:
        return _("In the topics, the identical answers of a campaign count once.")
    return _(
        "%(analysed)s were analysed. The identical answers of a campaign count once, "
        "so %(counted)s count in the topics."
    ) % {"analysed": content["analysed"], "counted": content["counted"]}


def _campaign(one: dict[str, Any]) -> str:
    """ANA-3: how large a campaign was, and that its identical responses count once."""
    identical, varied = one.get("identical"), one.get("varied")
    if identical is None:
        return _("%(name)s: number hidden, counted once") % {"name": one["name"]}
    text = ngettext(
        "%(name)s: %(n)s identical response, counted once",
        "%(name)s: %(n)s identical responses, counted once",
        identical,
    ) % {"name": one["name"], "n": identical}
    if varied:
        text += _("; %(n)s in words of their own") % {"n": varied}
    return text
