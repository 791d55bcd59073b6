"""The demonstration content as data, for the tests beside this file. Needs neither Django nor a database."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def read(path: str) -> dict[str, Any]:
    """The parsed file at `path`, relative to the project."""
    with (ROOT / path).open("rb") as file:
        return tomllib.load(file)


FILES = {
    "model": "collaborative/outcomes/demo_data/model.toml",
    "recommendations": "collaborative/outcomes/demo_data/recommendations.toml",
    "decisions": "collaborative/outcomes/demo_data/decisions.toml",
    "themes": "collaborative/analysis/demo_data/themes.toml",
    "sessions": "collaborative/changemakers/demo_data/sessions.toml",
    "consultations": "collaborative/consultations/demo_data/consultations.toml",
    "people": "collaborative/people/demo_data/people.toml",
    "house_rules": "collaborative/moderation/demo_data/house_rules.toml",
    "contacts": "collaborative/moderation/demo_data/contacts.toml",
    "desk": "collaborative/moderation/demo_data/desk.toml",
    "comments": "collaborative/threads/demo_data/comments.toml",
    "safety": "collaborative/moderation/demo_data/safety.toml",
    "pages": "home/demo_data/pages.toml",
}
DATA = {name: read(path) for name, path in FILES.items()}

MODEL = DATA["model"]
DECISIONS = {d["slug"]: d for d in DATA["decisions"]["decision"]}
RECOMMENDATIONS = DATA["recommendations"]["recommendation"]
EVIDENCE = {e["ref"]: e for e in DATA["recommendations"]["evidence"]}
ASSESSMENTS = {a["slug"]: a for a in DATA["recommendations"]["assessment"]}
THEMES = {t["code"]: t for t in DATA["themes"]["theme"]}
CONSULTATIONS = {c["slug"]: c for c in DATA["consultations"]["consultation"]}
SESSIONS = {s["slug"]: s for s in DATA["sessions"]["session"]}
ENGAGEMENTS = {**CONSULTATIONS, **SESSIONS}
GROUPS = {g["slug"]: g for g in DATA["people"]["group"]}
CLAUSES = {c["ref"]: c for c in MODEL["clause"]}
SIX = {"young-people", "adults", "parents-carers", "practitioners", "employers", "communities"}
USERS = {f"{u['first']} {u['last']}": u for u in DATA["people"]["user"]}

PARTS = {
    "vision": {"statement"},
    "how": {"statement"},
    "principle": {"name", "from", "to", "statement"},
    "outcome": {
        "name",
        "young_person",
        "adult",
        "parent_carer",
        "practitioner",
        "employer",
        "measure",
    },
}


def plan_at(version: int) -> dict[str, dict[str, str]]:
    """The plan as it read in a version: parts by permanent name, later wordings over earlier ones."""
    plan: dict[str, dict[str, str]] = {}
    for wording in MODEL["wording"]:
        if wording["version"] <= version:
            plan[wording["ref"]] = wording["parts"]
    return plan


def strings(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a parsed file, with the path of keys that leads to it."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(inner, f"{where}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from strings(inner, f"{where}[{index}]")
