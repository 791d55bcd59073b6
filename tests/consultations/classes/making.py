"""A class that somebody asks for, and its pupils."""

from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from collaborative.consultations.classes import actions, keys
from collaborative.consultations.classes.actions import Wish
from collaborative.consultations.models import ClassSession
from collaborative.engagements.models import Engagement
from collaborative.people.models import AgeBand, User
from collaborative.people.roles import Role
from tests.cast import person
from tests.consultations.making import Respondent, consultation, group

CONTACT = "Jo Canary-Contact"
CONTACT_HOW = "0131 496 0999"


def wish(now: datetime | None = None, **changed: Any) -> Wish:
    """A lesson of an hour that began five minutes ago."""
    now = now or timezone.now()
    whole = {
        "teacher": "Ms Canary-Baird",
        "email": "baird@school.example",
        "school": "Inverallan High",
        "years": "S1",
        "youngest": AgeBand.UNDER_12.value,
        "pupils": 24,
        "opens_at": now - timedelta(minutes=5),
        "closes_at": now + timedelta(minutes=55),
        "contact_name": CONTACT,
        "contact_how": CONTACT_HOW,
        "contact_hours": "Monday to Friday, 9am to 4pm",
    }
    return Wish(**{**whole, **changed})


def place(**changed: Any) -> Engagement:
    """An open consultation in which nobody young is asked for their group."""
    return consultation(**{"young_group": group("young-people"), **changed})


def asked(engagement: Engagement | None = None, key: str = "k", **changed: Any) -> ClassSession:
    return actions.ask(engagement or place(), wish(**changed), key=key)


def decider() -> User:
    return User.objects.filter(email="decider@example.org").first() or person("Decider", Role.EDITORS)


def approved(engagement: Engagement | None = None, key: str = "k", **changed: Any) -> ClassSession:
    session = asked(engagement, key, **changed)
    actions.approve(session, by=decider())
    return ClassSession.objects.select_related("engagement", "join_code").get(pk=session.pk)


def pupil(session: ClassSession, client: Client | None = None) -> Respondent:
    """Somebody who typed the code of the class."""
    someone = Respondent(session.engagement, client)
    answer = someone.client.post("/join/", {"code": keys.class_code(session)})
    assert answer.headers.get("Location") == someone.address("age"), answer.status_code
    return someone


def sends(session: ClassSession, when: str = "p7", words: str = "", band: str = "12") -> Respondent:
    someone = pupil(session)
    someone.post("age", age=band)
    if when:
        someone.post("q-when", chosen=when)
    if words:
        someone.post("q-feel", text=words)
    someone.post("permission", permission="not-published")
    assert someone.send().headers["Location"] == someone.address("sent")
    return someone


class Teacher:
    """Somebody with the private link and a browser of their own."""

    def __init__(self, session: ClassSession) -> None:
        self.session, self.client = session, Client()
        self.address = f"/class/{keys.token_of(session)}/"

    def page(self, what: str = "") -> str:
        answer = self.client.get(self.address + what)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    def post(self, **data: str) -> Any:
        return self.client.post(self.address, data)
