"""Who may do what with a consultation when: every person, every state of it, every verb, over HTTP.

- a stranger · R a stranger who holds the code of an answer · P an account without any role · E editor ·
B board · S secretary · A analyst · M moderator · G safeguarding · F facilitator · D administrator.
Whoever stands in a cell may; the effect is looked for in the rows, or in the words of a page that only shows.
"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone

from collaborative import codes, pagecache
from collaborative.consultations.models import (
    ClassSession,
    ClosingMove,
    ConsultationPage,
    Export,
    Import,
    QuestionWording,
    RawRequest,
)
from collaborative.contributions.models import Contribution, Permission, Receipt
from collaborative.flow.actions import cut_release
from collaborative.moderation.models import Check
from collaborative.people.models import User
from collaborative.people.roles import STAFF_ROLES, Role
from tests import cast
from tests.consultations import telling
from tests.consultations.classes.making import wish
from tests.consultations.making import Respondent, block, draft, publish, young_terms
from tests.database import forget_caches
from tests.engagements.test_gates import posted

pytestmark = pytest.mark.django_db
# Days from now on which it opens and closes.
STATES = {
    "planned": (7, 100),
    "open": (-21, 63),
    "closed": (-100, -10),
    "told": (-100, -10),  # closed, and what came of it is published
    "taken down": (-21, 63),
}
LETTERS = {
    "E": Role.EDITORS,
    "B": Role.BOARD,
    "S": Role.SECRETARY,
    "A": Role.ANALYSTS,
    "M": Role.MODERATORS,
    "G": Role.SAFEGUARDING,
    "F": Role.FACILITATORS,
    "D": Role.ADMINISTRATORS,
}
ALL, NOBODY, STAFF = "-RPEBSAMGFD", "", "EBSAMGFD"
WORDS = telling.WORDS
ROWS = (Receipt, Contribution, Check, ClassSession, ClosingMove, QuestionWording, Import, Export, RawRequest)


class World:
    """A consultation in one state, an answer in it, one that waits, a class that waits; and everybody."""

    def __init__(self, state: str, client_for: Callable[[User], Client]) -> None:
        opens, closes = STATES[state]
        now = timezone.now()
        fields = {"opens_at": now + timedelta(days=opens), "closes_at": now + timedelta(days=closes)}
        questions = [block("feel", young="What would make it rubbish?")]
        page = draft(questions, **young_terms(), **fields, editions=["standard", "young"])
        self.engagement = publish(page)
        self.receipt, self.code = telling.answer(self.engagement), codes.new()
        Receipt.objects.filter(pk=self.receipt.pk).update(code_hash=codes.hashed(self.code))
        self.waits = telling.answer(self.engagement, "This waits.", check=False).contributions.get()
        self._reword()
        self.lesson = ClassSession.objects.create(
            engagement=self.engagement, key="k", asked_at=now, **self._lesson(now)
        )
        if state == "told":
            self._tell()
        if state == "taken down":
            ConsultationPage.objects.get().unpublish()
        self.browsers = {"-": Client(), "R": Client(), "P": client_for(cast.person("Plain"))}
        for letter, role in LETTERS.items():
            self.browsers[letter] = client_for(cast.person(f"Person{letter}", role))

    def _reword(self) -> None:
        """The young edition lags behind the standard one."""
        page = ConsultationPage.objects.get()
        page.questions[0].value["text"] = "What should it never be like?"
        page.save_revision().publish()
        self.lagging = QuestionWording.objects.get(edition="young")

    def _lesson(self, now: Any) -> dict[str, Any]:
        times = {"opens_at": now + timedelta(hours=1), "closes_at": now + timedelta(hours=2)}
        return wish(now, **times).__dict__

    def _tell(self) -> None:
        telling.crowd(self.engagement, 6)
        telling.decided(self.engagement)
        cut_release()
        words = telling.parts("we_asked", "you_said", "we_did")
        telling.told(**words, young_feedback="You said. We did.")

    def of(self, rest: str = "") -> str:
        return f"/consultations/{self.engagement.slug}/{rest}"


Act = Callable[[World, str, Client], object]


def rows() -> list[Any]:
    """Everything that these verbs move."""
    return [list(model.objects.order_by("pk").values()) for model in ROWS]  # type: ignore[attr-defined]


def shows(rest: str, words: str) -> Act:
    def look(world: World, _letter: str, client: Client) -> bool:
        answer = client.get(world.of(rest))
        return answer.status_code == 200 and words in b"".join(answer).decode()

    return look


def opens(address: str) -> Act:
    def look(world: World, _letter: str, client: Client) -> bool:
        return client.get(address.format(world=world)).status_code == 200

    return look


def posts(address: str, sent: dict[str, Any] | Callable[["World"], dict[str, Any]]) -> Act:
    def do(world: World, _letter: str, client: Client) -> bool:
        before = rows()
        answer = client.post(address.format(world=world), sent(world) if callable(sent) else sent)
        if answer.streaming:
            b"".join(answer.streaming_content)  # type: ignore[arg-type]
        return rows() != before

    return do


def answer(world: World, _letter: str, client: Client) -> bool:
    before = Receipt.objects.count()
    someone = Respondent(world.engagement, client)
    someone.post("age", age="26-plus")
    someone.post("about", kind="individual", group="parents")
    someone.post("q-feel", text="Like an exam.")
    someone.post("permission", permission="anonymous")
    someone.post("contact", recontact="no")
    someone.send()
    return Receipt.objects.count() > before


def republish(world: World, _letter: str, client: Client) -> bool:
    page = ConsultationPage.objects.get()
    address = f"/admin/pages/{page.pk}/edit/"
    if client.get(address).status_code == 200:
        client.post(address, {**posted(page, client), "summary": "Another summary.", "action-publish": "1"})
    page.refresh_from_db()
    return page.live and page.summary == "Another summary."


def by_code(address: str, **sent: str) -> Act:
    """Only R knows the code; anybody else has to guess."""

    def do(world: World, letter: str, client: Client) -> bool:
        before = rows()
        client.post(address, {"code": world.code if letter == "R" else codes.new(), **sent})
        return rows() != before

    return do


def keyed(world: World) -> dict[str, str]:
    """It came on the last day on which it could."""
    day = min(timezone.localdate(), timezone.localdate(world.engagement.closes_at)).isoformat()
    who = {"age": "26-plus", "kind": "individual", "group": "parents", "permission": "anonymous"}
    words = {"feel:text": "On paper.", "recontact": "no", "key": uuid.uuid4().hex}
    return {"channel": "paper", "received": day, **who, **words}


def brought(_world: World) -> dict[str, Any]:
    content = f"q-feel\n{uuid.uuid4().hex}\n".encode()
    return {"file": SimpleUploadedFile("answers.csv", content)}


def fitting(world: World) -> dict[str, str]:
    return {"wording": str(world.lagging.pk)}


def moved(_world: World) -> dict[str, str]:
    day = timezone.localdate() + timedelta(days=80)
    return {"day": day.isoformat(), "time": "17:00", "reason": "A school asked for more time."}


def lesson(_world: World) -> dict[str, str]:
    day = (timezone.localdate() + timedelta(days=10)).isoformat()
    fields = {name: str(value) for name, value in wish().__dict__.items() if not name.endswith("_at")}
    return {**fields, "day": day, "starts": "10:00", "ends": "11:00", "key": uuid.uuid4().hex, "told": "yes"}


# What somebody gave stays theirs while a page is out of sight.
SHUT_TO_NEW = {"open": "R", "taken down": "R"}
NO_LESSON = {"planned": NOBODY, "closed": NOBODY, "told": NOBODY}
TOO_EARLY = {"planned": NOBODY}
STANDS = {"planned": NOBODY, "told": NOBODY}  # in the editor; and not once a decision answered it
PAGE = "/consultations/{world.engagement.slug}/"
ANSWERED = {"closed": "ESA", "told": "ESA"}
ROWS_OF_CSV = {"shape": "responses", "format": "csv"}
RAW = {"reason": "To check the sorting."}
# verb: (what is done, who may, otherwise in which states)
TABLE: dict[str, tuple[Act, str, dict[str, str]]] = {
    # Everyone
    "read about it": (shows("", "When should a first talk happen?"), ALL, {"taken down": NOBODY}),
    "print it": (shows("paper/", "What should it never be like?"), ALL, {"taken down": NOBODY}),
    "answer": (answer, NOBODY, {"open": ALL}),
    "ask for a class": (
        posts(PAGE + "class/", lesson),
        NOBODY,
        {"open": ALL, "planned": ALL},
    ),
    "read what people said": (shows("responses/", WORDS), NOBODY, {"closed": ALL, "told": ALL}),
    "take that away": (shows("responses/data.csv", WORDS), NOBODY, {"closed": ALL, "told": ALL}),
    "read what waits": (shows("responses/", "This waits."), NOBODY, {}),
    "read what came of it": (shows("feedback/", "These words."), NOBODY, {"told": ALL}),
    # Whoever holds the code
    "change it": (
        by_code("/receipt/change/", question="feel", save="1", text="Like a friend."),
        NOBODY,
        SHUT_TO_NEW,
    ),
    "say who may read it": (
        by_code("/receipt/permission/", permission=Permission.NOT_PUBLISHED),
        NOBODY,
        SHUT_TO_NEW,
    ),
    "take it back": (by_code("/receipt/delete/", sure="yes"), "R", {}),
    # Staff
    "open the editor": (opens("/admin/pages/{world.engagement.page_id}/edit/"), "EBSD", {}),
    "publish a change of it": (republish, "ED", {}),
    "look at the editions": (opens("/admin/consultations/{world.engagement.pk}/editions/"), "ED", {}),
    "say an edition still fits": (
        posts("/admin/consultations/{world.engagement.pk}/editions/", fitting),
        "ED",
        {},
    ),
    "move the closing": (
        posts("/admin/consultations/{world.engagement.pk}/closing/", moved),
        "ED",
        STANDS,
    ),
    "approve a class": (
        posts("/admin/classes/{world.lesson.pk}/", {"do": "approve", "reason": ""}),
        "EFD",
        NO_LESSON,
    ),
    "key in": (posts("/admin/answers/{world.engagement.pk}/key-in/", keyed), "ESF", TOO_EARLY),
    "bring a file": (posts("/admin/answers/{world.engagement.pk}/file/", brought), "ES", TOO_EARLY),
    "check an answer": (posts("/admin/waiting/{world.waits.reference}/", {"outcome": "release"}), "M", {}),
    "sort an answer": (opens("/admin/sort/?engagement={world.engagement.pk}"), "A", {}),
    "take answers out": (posts("/admin/downloads/{world.engagement.pk}/", ROWS_OF_CSV), "A", TOO_EARLY),
    "ask for the raw ones": (posts("/admin/downloads/{world.engagement.pk}/raw/", RAW), "A", TOO_EARLY),
    "see whether it adds up": (opens("/admin/feedback/{world.engagement.pk}/"), NOBODY, ANSWERED),
}


@pytest.mark.parametrize("state", STATES)
def test_who_may_do_what_when(state: str, client_for: Callable[[User], Client]) -> None:
    assert set(LETTERS.values()) == STAFF_ROLES
    world = World(state, client_for)
    wrong = {}
    for verb, (act, who, otherwise) in TABLE.items():
        did: set[str] = set()
        for letter, client in world.browsers.items():
            mark = transaction.savepoint()
            if act(world, letter, client):
                did.add(letter)
            transaction.savepoint_rollback(mark)
            forget_caches()
            pagecache.shelf.clear()
            pagecache.epoch.forget()
        if did != set(otherwise.get(state, who)):
            wrong[verb] = (sorted(did), otherwise.get(state, who))
    assert wrong == {}
