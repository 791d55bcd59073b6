"""An open consultation of ten questions, of the kinds that most consultations ask, and somebody's answers."""

from datetime import timedelta
from typing import Any

SLUG = "ten-questions"
WORDS = "It should feel like a talk, not like a test, and nobody should have to decide anything that day."
CHOICES = [{"key": key, "label": label} for key, label in (("p6", "In P6"), ("p7", "In P7"), ("s1", "In S1"))]
LINES = [{"key": "travel", "label": "Travel is paid"}, {"key": "food", "label": "Lunch is there"}]
SCALE = [{"key": key, "label": key.title()} for key in ("agree", "neither", "disagree")]

# (key, what an editor fills in, what somebody answers)
QUESTIONS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("when", {"type": "one", "options": CHOICES, "ask_why": True}, {"chosen": ["p7"], "why": WORDS}),
    ("who", {"type": "many", "options": CHOICES, "max_choices": 2}, {"chosen": ["p6", "s1"]}),
    ("agree", {"type": "scale", "options": SCALE}, {"chosen": ["agree"]}),
    ("first", {"type": "rank", "options": CHOICES}, {"chosen": ["s1", "p6", "p7"]}),
    (
        "lines",
        {"type": "matrix", "rows": LINES, "options": SCALE},
        {"chosen": ["travel:agree", "food:neither"]},
    ),
    ("far", {"type": "number", "least": 1, "most": 200, "unit": "km"}, {"chosen": ["12"]}),
    ("since", {"type": "date"}, {"chosen": ["2026-03-04"]}),
    ("hope", {"type": "short"}, {"text": "To be asked."}),
    ("feel", {"type": "text"}, {"text": WORDS}),
    ("else", {"type": "text"}, {"text": WORDS}),
]
ABOUT = {
    "age": "26-plus",
    "kind": "individual",
    "group": "bench",
    "permission": "anonymous",
    "recontact": "no",
}


def answers(number: int) -> dict[str, Any]:
    """Of person `number`, in words that nobody else has said: what many say alike is noticed."""
    said: dict[str, Any] = {**ABOUT}
    for key, _fields, answer in QUESTIONS:
        own = f" This is {key} of {number}."
        said[f"q-{key}"] = {
            part: f"{value}{own}" if part != "chosen" else value for part, value in answer.items()
        }
    return said


def make() -> Any:
    """The engagement, as the view finds it, on a migrated database that holds nothing else."""
    from django.utils import timezone
    from wagtail.models import Site

    from collaborative.consultations.models import ConsultationIndexPage, ConsultationPage
    from collaborative.engagements.models import Engagement
    from collaborative.people.models import StakeholderGroup

    now = timezone.now()
    group = StakeholderGroup.objects.create(slug=ABOUT["group"], name="Bench")
    root = Site.objects.get(is_default_site=True).root_page
    index = root.add_child(instance=ConsultationIndexPage(title="Have your say", slug="consultations"))
    page = ConsultationPage(
        title="Ten questions",
        slug=SLUG,
        live=False,
        opens_at=now - timedelta(days=21),
        closes_at=now + timedelta(days=70),
        can_change="when it happens",
        cannot_change="that it is voluntary",
        who_decides="The board",
        decides_by=(now + timedelta(days=140)).date(),
    )
    block = page._meta.get_field("questions").stream_block
    page.questions = block.to_python(
        [
            {"type": "question", "value": {"key": key, "text": f"What about {key}?", **fields}}
            for key, fields, _answer in QUESTIONS
        ]
    )
    index.add_child(instance=page)
    page.audiences.set([group])
    page.save_revision().publish()
    found = Engagement.objects.select_related("page__consultationpage__young_group")
    return found.get(slug=SLUG)
