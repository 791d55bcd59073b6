"""Seats, evidence, assessments and the ten recommendations of the demonstration set."""

from typing import Any

from wagtail.models import Page

from collaborative import demonstration
from collaborative.analysis.models import Theme
from collaborative.demonstration import Days, as_of
from collaborative.outcomes.models import (
    Assessment,
    EvidenceRecord,
    RecommendationPage,
    Seat,
)
from collaborative.people.models import User

PUBLISHED = -185


def load_seats(days: Days) -> None:
    rows = demonstration.read("people", "people")["seat"]
    Seat.objects.bulk_create(
        Seat(kind=row["kind"], holder=row["holder"], body=row["body"], since=days.on(row["from_day"]))
        for row in rows
    )


def load_evidence(days: Days) -> None:
    texts = demonstration.read("outcomes", "recommendations")
    themes = {theme.code: theme for theme in Theme.objects.all()}
    for row in texts["evidence"]:
        record = EvidenceRecord(
            ref=row["ref"],
            title=row["title"],
            author=row["author"],
            kind=row["kind"],
            month=days.on(row["month_day"]).replace(day=1),
            sample=row["sample"],
            sample_unit=row["sample_unit"],
            limits=row["limits"],
            summary=row["summary"],
        )
        record.save()
        record.themes.add(*(themes[code] for code in row["themes"]))
        record.save()
    Assessment.objects.bulk_create(
        Assessment(
            slug=row["slug"],
            title=row["title"],
            kinds=", ".join(row["kinds"]),
            date=days.on(row["day"]),
            summary=row["summary"],
            findings=row["findings"],
        )
        for row in texts["assessment"]
    )


def load_recommendations(parent: Page, days: Days, by: User) -> None:
    evidence = {record.ref: record.pk for record in EvidenceRecord.objects.all()}
    for row in demonstration.read("outcomes", "recommendations")["recommendation"]:
        with as_of(days.at(PUBLISHED)):
            page = RecommendationPage(
                title=row["title"],
                slug=row["slug"],
                number=row["number"],
                statement=row["statement"],
                outcome_statement=row["outcome_statement"],
                why=_stream("why", [_bullet(bullet, evidence) for bullet in row["why"]]),
                change=_stream("change", [{"type": "shift", "value": _shift(one)} for one in row["change"]]),
                equality=row["equality"],
                next_steps=_stream("next_steps", [_step(step, days) for step in row["next_steps"]]),
                dependencies=_stream("dependencies", _dependency(row["dependencies"])),
                status=row["status"],
                clauses=", ".join(row["links"]),
                live=False,
            )
            parent.add_child(instance=page)
            page.save_revision(user=by).publish(user=by)


def _bullet(bullet: dict[str, str], evidence: dict[str, int]) -> dict[str, Any]:
    return {"type": "evidence", "value": {"text": bullet["text"], "evidence": evidence[bullet["evidence"]]}}


def _shift(one: Any) -> dict[str, str]:
    return {"from_": "", "to": one} if isinstance(one, str) else {"from_": one["from"], "to": one["to"]}


def _step(step: dict[str, Any], days: Days) -> dict[str, Any]:
    due = days.on(step["due"]).isoformat() if "due" in step else None
    value = {"text": step["text"], "owner": step["owner"], "due": due, "state": step["state"]}
    return {"type": "step", "value": value}


def _dependency(text: str) -> list[dict[str, Any]]:
    return [{"type": "dependency", "value": {"policy": text}}] if text else []


def _stream(name: str, blocks: list[dict[str, Any]]) -> Any:
    return RecommendationPage._meta.get_field(name).stream_block.to_python(blocks)
