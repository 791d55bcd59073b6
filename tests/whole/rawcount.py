"""Counting once more, by hand: from plain rows of plain tables, with no code of the site.

The rules, in words (ANA-2, ANA-3): a response counts when it is not left out and a person released some of
it, or when there were no words in it to check and its author did not take it back. The identical responses
of a campaign are one. A response raises a topic when words of it that are released are sorted there and
nobody took that back. What answers it is the newest published decision on that topic which took that
consultation or workshop into account.
"""

from collections import Counter, defaultdict
from typing import Any

from django.db import connection

TONES = {
    "adopted": "yes",
    "adopted-in-part": "partly",
    "not-adopted": "no",
    "later": "later",
    "out-of-remit": "out",
}


def rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


class Raw:
    """All the counts, exact. A mention is (unit, theme code); groups and decisions go by their slugs."""

    def __init__(self) -> None:
        self.groups = self._groups()
        self.names = dict(rows("SELECT slug, name FROM people_stakeholdergroup WHERE parent_id IS NULL"))
        self.engagements = dict(rows("SELECT id, slug FROM engagements_engagement"))
        self.themes = dict(rows("SELECT id, code FROM analysis_theme"))
        self.slug_of_theme = dict(rows("SELECT code, slug FROM analysis_theme"))
        self.states = self._states()
        self.receipts = {
            pk: {"engagement": self.engagements[engagement], "group": self.groups[group], **rest}
            for pk, engagement, group, rest in self._receipts()
        }
        self.analysed = {
            pk
            for pk, receipt in self.receipts.items()
            if not receipt["exclusion"] and ("released" in self.states[pk] or self._only_ticked(pk))
        }
        self.member = dict(
            rows("SELECT receipt_id, campaign_id FROM analysis_campaignmember WHERE NOT varied")
        )
        self._count_units()
        self._decide()
        self._count_mentions()

    def _groups(self) -> dict[int, str]:
        found = {
            pk: (slug, parent)
            for pk, slug, parent in rows("SELECT id, slug, parent_id FROM people_stakeholdergroup")
        }

        def top(pk: int) -> str:
            slug, parent = found[pk]
            return top(parent) if parent else slug

        return {pk: top(pk) for pk in found}

    def _states(self) -> dict[int, set[str]]:
        states: dict[int, set[str]] = defaultdict(set)
        for receipt, state in rows("SELECT receipt_id, state FROM contributions_contribution"):
            states[receipt].add(state)
        return states

    def _receipts(self) -> list[tuple[int, int, int, dict[str, str]]]:
        sql = (
            "SELECT id, engagement_id, group_id, respondent_kind, permission, channel, exclusion,"
            " withdrawn_at FROM contributions_receipt"
        )
        names = ("kind", "permission", "channel", "exclusion", "withdrawn_at")
        return [
            (pk, engagement, group, dict(zip(names, rest, strict=True)))
            for pk, engagement, group, *rest in rows(sql)
        ]

    def _only_ticked(self, receipt: int) -> bool:
        return not self.states[receipt] and not self.receipts[receipt]["withdrawn_at"]

    def unit(self, receipt: int) -> str:
        return f"campaign {self.member[receipt]}" if receipt in self.member else f"receipt {receipt}"

    def _count_units(self) -> None:
        self.group_of: dict[str, str] = {}
        self.engagement_of: dict[str, str] = {}
        for pk in sorted(self.analysed):
            self.group_of.setdefault(self.unit(pk), self.receipts[pk]["group"])
            self.engagement_of.setdefault(self.unit(pk), self.receipts[pk]["engagement"])

    def _decide(self) -> None:
        """Which decision answers which topic of which engagement, and with what tone."""
        live = {
            pk: (decided, number, slug, replaces)
            for pk, decided, number, slug, replaces in rows(
                "SELECT d.page_ptr_id, d.decided_on, d.number, p.slug, d.replaces_id"
                " FROM outcomes_decisionpage d JOIN wagtailcore_page p ON p.id = d.page_ptr_id WHERE p.live"
            )
        }
        newest: dict[tuple[int, int], tuple[int, str]] = {}
        for decision, theme, number, answer in rows(
            "SELECT decision_id, theme_id, number, answer FROM outcomes_disposition"
        ):
            if decision in live:
                newest[(decision, theme)] = max(newest.get((decision, theme), (0, "")), (number, answer))
        replaced = {(live[d][3], theme) for d, theme in newest if live[d][3]}
        took: dict[int, set[int]] = defaultdict(set)
        for decision, engagement in rows(
            "SELECT decisionpage_id, engagement_id FROM outcomes_decisionpage_engagements"
        ):
            took[decision].add(engagement)
        self.took = {live[d][2]: {self.engagements[e] for e in took[d]} for d in live}
        self.tone: dict[tuple[str, str], str] = {}
        best: dict[tuple[str, str], tuple[Any, int, str]] = {}
        for (decision, theme), (_number, answer) in newest.items():
            if (decision, theme) in replaced:
                continue
            decided, number, slug, _replaces = live[decision]
            self.tone[(slug, self.themes[theme])] = TONES[answer]
            for engagement in took[decision]:
                at = (self.engagements[engagement], self.themes[theme])
                best[at] = max(best.get(at, (decided, -1, "")), (decided, number, slug))
        self.answered = {at: slug for at, (_decided, _number, slug) in best.items()}

    def _count_mentions(self) -> None:
        stances: dict[tuple[str, str], set[str]] = defaultdict(set)
        for receipt, theme, stance in rows(
            "SELECT c.receipt_id, k.theme_id, k.stance FROM analysis_coding k"
            " JOIN contributions_wording w ON w.id = k.wording_id"
            " JOIN contributions_contribution c ON c.id = w.contribution_id"
            " LEFT JOIN analysis_codingretraction r ON r.coding_id = k.id"
            " WHERE r.id IS NULL AND c.state = 'released'"
        ):
            if not self.receipts[receipt]["exclusion"]:
                stances[(self.unit(receipt), self.themes[theme])].add(stance)
        # (group, theme, decision or None, stance) -> how many responses
        self.mentions: Counter[tuple[str, str, str | None, str]] = Counter()
        self.raised_anything: Counter[str] = Counter()
        for (unit, theme), found in stances.items():
            decision = self.answered.get((self.engagement_of[unit], theme))
            self.mentions[(self.group_of[unit], theme, decision, one_stance(found))] += 1
        for unit in {unit for unit, _theme in stances}:
            self.raised_anything[self.group_of[unit]] += 1

    # Sums ----------------------------------------------------------------------------------------

    def mentioned(
        self,
        *,
        group: str | None = None,
        theme: str | None = None,
        decision: str | None = "any",
        stance: str | None = None,
        tone: str | None = None,
        among: set[tuple[str, str | None]] | None = None,
    ) -> int:
        """How many mentions; `decision` None is "not yet decided", "any" is whatever there is."""
        return sum(
            n
            for (g, t, d, s), n in self.mentions.items()
            if group in (None, g)
            and theme in (None, t)
            and decision in ("any", d)
            and stance in (None, s)
            and (tone is None or tone == self.tone_of(t, d))
            and (among is None or (t, d) in among)
        )

    def tone_of(self, theme: str, decision: str | None) -> str:
        return self.tone[(decision, theme)] if decision else "wait"

    def counted(self, engagements: set[str]) -> int:
        return sum(engagement in engagements for engagement in self.engagement_of.values())

    def behind(self, ref: str) -> set[tuple[str, str | None]]:
        """The topics and decisions that stand behind a sentence: answered yes or partly, and published."""
        changed = rows(
            "SELECT p.slug, c.ref FROM outcomes_change x JOIN outcomes_clause c ON c.id = x.clause_id"
            " JOIN wagtailcore_page p ON p.id = x.decision_id WHERE x.made_by_id IS NOT NULL AND p.live"
        )
        decisions = {slug for slug, at in changed if at == ref}
        return {
            (theme, decision)
            for (decision, theme), tone in self.tone.items()
            if decision in decisions and tone in ("yes", "partly")
        }

    def received(self, engagement: str) -> dict[str, Any]:
        """The lines of one consultation or workshop."""
        of = {pk: r for pk, r in self.receipts.items() if r["engagement"] == engagement}
        kept = {pk: r for pk, r in of.items() if not r["exclusion"]}
        analysed = [r for pk, r in kept.items() if pk in self.analysed]
        rest = [self.states[pk] for pk in kept if pk not in self.analysed]
        waiting = sum(bool(states & {"held", "escalated"}) for states in rest)
        return {
            "received": len(of),
            "excluded": len(of) - len(kept),
            "excluded_by": Counter(r["exclusion"] for r in of.values() if r["exclusion"]),
            "waiting": waiting,
            "gone": len(rest) - waiting,
            "analysed": len(analysed),
            "kinds": Counter(r["kind"] for r in analysed),
            "permissions": Counter(r["permission"] for r in analysed),
            "groups": Counter(r["group"] for r in analysed),
            "channels": Counter(r["channel"] for r in analysed),
            "campaigns": self._campaigns({pk for pk in kept if pk in self.analysed}),
            "counted": self.counted({engagement}),
        }

    def _campaigns(self, analysed: set[int]) -> dict[str, tuple[int, int]]:
        """Name of each campaign -> how many sent its text, how many changed it; of those that count."""
        found: dict[str, tuple[int, int]] = {}
        for name, receipt, varied in rows(
            "SELECT c.name, m.receipt_id, m.varied FROM analysis_campaignmember m"
            " JOIN analysis_campaign c ON c.id = m.campaign_id"
        ):
            if receipt in analysed:
                same, changed = found.get(name, (0, 0))
                found[name] = (same + (not varied), changed + bool(varied))
        return found


def one_stance(found: set[str]) -> str:
    if "mixed" in found or {"for", "against"} <= found:
        return "mixed"
    return "for" if "for" in found else "against" if "against" in found else "none"
