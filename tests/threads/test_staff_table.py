"""Who of the staff may do what with a thread when: every role, every state, every verb, over HTTP.

E editor · B board · S secretary · A analyst · M moderator · G safeguarding · F facilitator ·
D administrator · P an account without any role · - a stranger. Whoever stands in a cell may; the effect is
looked for in the rows.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from wagtail.models import Page

from collaborative.people.models import User
from collaborative.people.roles import STAFF_ROLES, Role
from collaborative.threads import actions
from collaborative.threads.models import Comment, OfficialWording, Thread
from tests.threads import talking
from tests.threads.test_table import put_into

pytestmark = pytest.mark.django_db
STATES = ["open", "closed", "paused", "taken down"]
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
RUN, CALM, SPEAK, SEE, NOBODY = "EFD", "EFDM", "EFB", "EFDMB", ""
Sent = dict[str, str]

# verb: (address below the thread's, what is sent, who may, otherwise in which states)
TABLE: dict[str, tuple[str, Sent, str, dict[str, str]]] = {
    "word": ("do/words/", {"title": "Boats?", "intro": "Tell us."}, RUN, {}),
    "sum up": ("do/summary/", {"summary": "People ask about boats."}, RUN, {}),
    "calm": ("do/calm/", {"slow": "120", "pause": "30"}, CALM, {}),
    "close": ("do/close/", {}, CALM, {"closed": NOBODY}),
    "reopen": ("do/reopen/", {}, CALM, {"open": NOBODY, "paused": NOBODY, "taken down": NOBODY}),
    "pin": ("pin/{comment}/", {"on": "yes"}, CALM, {}),
    "unpin": ("pin/{official}/", {"on": "no"}, CALM, {}),
    "answer": ("answer/{comment}/", {"text": "They sail.", "key": "k" * 20}, SPEAK, {}),
    "speak": ("answer/", {"text": "Welcome.", "key": "l" * 20}, SPEAK, {}),
    "change an answer": ("answer/{official}/", {"text": "Other words.", "key": "m" * 20}, SPEAK, {}),
    "take down": ("take-down/{official}/", {}, SPEAK, {}),
    # Only where the consultation is published.
    "open a thread": (
        "../new/?engagement={engagement}&page={page}",
        {"anchor": "page:", "title": "And here?", "intro": ""},
        RUN,
        {"taken down": NOBODY},
    ),
    # Nobody takes down what a person said: that goes through checking.
    "take down a person’s": ("take-down/{comment}/", {}, NOBODY, {}),
    "do something unknown": ("do/nothing/", {}, NOBODY, {}),
}


def rows() -> list[Any]:
    """Everything that these verbs move."""
    return [
        list(model.objects.order_by("pk").values())  # type: ignore[attr-defined]
        for model in (Thread, Comment, OfficialWording)
    ]


def may(client: Client, address: str, sent: Sent) -> bool:
    """Whether anything changed; what did is undone."""
    before, mark = rows(), transaction.savepoint()
    client.post(address, sent)
    changed = rows() != before
    transaction.savepoint_rollback(mark)
    return changed


@pytest.mark.parametrize("state", STATES)
def test_who_of_the_staff_may_do_what_when(state: str, client_for: Callable[[User], Client]) -> None:
    thread = talking.thread()
    comment = talking.shown(thread, "What about the boats?")
    by = talking.person_of("Edwina")
    official = actions.answer(thread, "We asked.", by=by, key="k", under=comment)
    elsewhere = thread.page.get_parent().add_child(instance=Page(title="Elsewhere", slug="elsewhere"))
    browsers = {
        letter: client_for(talking.person_of(f"Staff{letter}", role)) for letter, role in LETTERS.items()
    }
    assert set(LETTERS.values()) == STAFF_ROLES
    browsers |= {"P": client_for(talking.person_of("Pat")), "-": Client()}
    put_into(state, thread)
    about = {"comment": comment.pk, "official": official.pk}
    about |= {"engagement": thread.engagement_id, "page": elsewhere.pk}
    base = f"/admin/comments/{thread.pk}/"
    seen = {letter for letter, client in browsers.items() if client.get(base).status_code == 200}
    did, wanted = {"see": seen}, {"see": set(SEE)}
    for verb, (rest, sent, who, otherwise) in TABLE.items():
        address = (base + rest.format(**about)).replace(f"{thread.pk}/../", "")
        did[verb] = {letter for letter, client in browsers.items() if may(client, address, sent)}
        wanted[verb] = set(otherwise.get(state, who))
    assert did == wanted
