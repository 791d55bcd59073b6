"""A consultation that may be published, and somebody who answers it in a browser of their own."""

from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Site

from collaborative.consultations.models import ConsultationIndexPage, ConsultationPage
from collaborative.engagements.models import Engagement
from collaborative.people.models import StakeholderGroup, User
from collaborative.people.roles import Role, give_role
from home.models import HomePage

WORDS = "It should not feel like a test."


def option(key: str, label: str, young: str = "") -> dict[str, str]:
    return {"key": key, "label": label, "young": young}


def block(key: str, kind: str = "text", text: str = "", **fields: Any) -> tuple[str, dict[str, Any]]:
    whole = {
        "key": key,
        "type": kind,
        "text": text or f"What about {key}?",
        "young": "",
        "easy_read": "",
        "help": "",
        "facts": "",
        "options": [],
        "rows": [],
        "max_choices": None,
        "least": None,
        "most": None,
        "decimals": False,
        "unit": "",
        "ask_why": False,
        "why_label": "",
        "required": False,
        "ask_if": [],
    }
    return "question", {**whole, **fields}


def only_if(question: str, any_of: str) -> dict[str, str]:
    return {"question": question, "any_of": any_of}


def five_kinds() -> list[tuple[str, dict[str, Any]]]:
    """One question of each kind, the choices in young words too."""
    choices = [option("p6", "In P6", "P6"), option("p7", "In P7", "P7"), option("s1", "In S1", "S1")]
    return [
        block(
            "when",
            "one",
            "When should it happen?",
            young="When do you want it?",
            options=choices,
            ask_why=True,
        ),
        block("who", "many", "Who should lead it?", young="Who with?", options=choices, max_choices=2),
        block("feel", "text", "What should it never feel like?", young="What would make it rubbish?"),
        block("agree", "scale", "How much do you agree?", young="Do you agree?", options=choices),
        block("promises", "rank", "Put these in order.", young="Which first?", options=choices),
    ]


def new_kinds() -> list[tuple[str, dict[str, Any]]]:
    """One question of each of the other kinds."""
    lines = [option("travel", "Travel is paid", "My travel is paid"), option("food", "Lunch is there")]
    return [
        block("hope", "short", "In a few words: what do you hope for?", young="What do you hope for?"),
        block("lines", "matrix", "How much do you agree?", young="Do you agree?", rows=lines, ask_why=True),
        block("far", "number", "How far do you travel?", young="How far?", least=1, most=200, unit="km"),
        block("since", "date", "When did it begin?", young="When did it start?"),
    ]


def home() -> HomePage:
    found = HomePage.objects.first()
    if found is None:
        root = Page.objects.get(depth=1)
        found = root.add_child(instance=HomePage(title="Home", slug="home-of-tests"))
        Site.objects.update_or_create(
            is_default_site=True, defaults={"hostname": "localhost", "root_page": found}
        )
    return found


def index() -> ConsultationIndexPage:
    found = ConsultationIndexPage.objects.first()
    return found or home().add_child(
        instance=ConsultationIndexPage(title="Have your say", slug="consultations")
    )


def someone(name: str) -> User:
    return User.objects.get_or_create(email=f"{name.lower()}@example.org", defaults={"first_name": name})[0]


def group(slug: str, name: str = "") -> StakeholderGroup:
    return StakeholderGroup.objects.get_or_create(slug=slug, defaults={"name": name or slug.title()})[0]


def fields(now: datetime | None = None, **changed: Any) -> dict[str, Any]:
    """Everything that the gates ask for, open since three weeks and for nine more."""
    now = now or timezone.now()
    whole = {
        "title": "Starting the conversation",
        "slug": "starting",
        "summary": "When should a first talk happen?",
        "opens_at": now - timedelta(days=21),
        "closes_at": now + timedelta(days=64),
        "can_change": "when it happens\nwho leads it",
        "cannot_change": "that it is voluntary",
        "who_decides": "The board",
        "decides_by": (now + timedelta(days=140)).date(),
        "minutes": 8,
    }
    return {**whole, **changed}


def protector(name: str) -> User:
    """Somebody who can open a concern."""
    found = someone(name)
    give_role(found, Role.SAFEGUARDING)
    return found


def young_terms() -> dict[str, Any]:
    """What SAF-1 and LUN-1 ask for."""
    return {
        "invites_under_18": True,
        "safeguarding_lead": protector("Lead"),
        "safeguarding_deputy": protector("Deputy"),
        "cover_times": {day: ["09:00", "17:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
        "lundy_space": "With a teacher they know",
        "lundy_voice": "Writing, drawing, talking",
        "lundy_audience": "Ms Rae of the board",
        "lundy_influence": "The decision about the first talk",
    }


def draft(
    questions: list[Any] | None = None, audiences: list[str] | None = None, **changed: Any
) -> ConsultationPage:
    """A page that nobody has published yet."""
    page = ConsultationPage(**fields(**changed), live=False)
    page.questions = five_kinds() if questions is None else questions
    index().add_child(instance=page)
    page.audiences.set([group(slug) for slug in audiences or ["young-people", "parents"]])
    page.save()
    return page


def publish(page: ConsultationPage) -> Engagement:
    page.save_revision().publish()
    return Engagement.objects.get(page_id=page.pk)


def consultation(**changed: Any) -> Engagement:
    """An open consultation of five questions, to young people too."""
    return publish(draft(**{**young_terms(), **changed}))


class Respondent:
    """Somebody with a browser of their own who answers one consultation."""

    def __init__(self, engagement: Engagement, client: Client | None = None) -> None:
        self.engagement = engagement
        self.client = client or Client()

    def address(self, step: str = "") -> str:
        return f"/consultations/{self.engagement.slug}/respond/" + (f"{step}/" if step else "")

    def get(self, step: str = "", **query: str) -> Any:
        return self.client.get(self.address(step), query)

    def post(self, step: str, **data: Any) -> Any:
        return self.client.post(self.address(step), data)

    def fill(self, age: str = "26-plus", permission: str = "anonymous", words: str = WORDS) -> None:
        """Everything up to the check, as somebody of that age is asked it."""
        self.post("age", age=age)
        self.post("about", kind="individual", group="parents")
        self.post("q-when", chosen="p7", why="Before the summer.")
        self.post("q-who", chosen=["p6", "s1"])
        self.post("q-feel", text=words)
        self.post("permission", permission=permission)
        self.post("contact", recontact="no")

    def send(self) -> Any:
        return self.post("check")
