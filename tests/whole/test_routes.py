"""Who may open what: one line for every address of ours, the role of everyone who may in a letter.

- a stranger · P signed in, no role · E editors · B board · S secretary · A analysts · M moderators ·
G safeguarding · F facilitators · D administrators. Whoever is not named is refused; a stranger is asked to
sign in. An address that is in no line fails the test.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.database import forget_caches
from tests.whole.demonstrated import Keeper, afresh
from tests.whole.doors import (
    ALLOWED,
    LOGIN,
    PERSONAS,
    REFUSED,
    SCREENS,
    Examples,
    behind,
    browsers,
    routes,
    row_of,
)

EVERYONE = "-PEBSAMGFD"
SIGNED_IN = "PEBSAMGFD"
STAFF = "EBSAMGFD"
NOBODY = ""

TABLE = {
    # What people read
    "consultations/": EVERYONE,
    "consultations/<slug:slug>/": EVERYONE,
    "consultations/<slug:slug>/class/": EVERYONE,
    "consultations/<slug:slug>/class/asked/": EVERYONE,
    "consultations/<slug:slug>/paper/": EVERYONE,
    "consultations/<slug:slug>/responses/": EVERYONE,
    "consultations/<slug:slug>/responses/data.csv": EVERYONE,
    "consultations/<slug:slug>/responses/<str:reference>/file/": EVERYONE,
    "consultations/<slug:slug>/feedback/": EVERYONE,
    "consultations/letters/stop/<str:token>/": EVERYONE,  # the signed link of a letter
    "changemakers/<slug:slug>/calendar.ics": EVERYONE,
    "changemakers/<slug:slug>/register/": EVERYONE,
    "changemakers/<slug:slug>/register/sent/": EVERYONE,
    "changemakers/<slug:slug>/place/<slug:token>/": EVERYONE,  # a private link; a wrong one is not there
    "changemakers/<slug:slug>/place/<slug:token>/calendar.ics": EVERYONE,
    "changemakers/<slug:slug>/write-up/": EVERYONE,
    "changemakers/<slug:slug>/write-up/versions/<int:number>/": EVERYONE,
    "changemakers/<slug:slug>/write-up/yours/": EVERYONE,  # a stranger finds a field for a code
    "changemakers/<slug:slug>/write-up/code/": EVERYONE,
    "changemakers/<slug:slug>/write-up/from/<slug:token>/": EVERYONE,  # the link of a letter
    # The room of a workshop: without its code everyone is led to where a code is typed
    "changemakers/<slug:slug>/live/": EVERYONE,
    "changemakers/<slug:slug>/live/join/": EVERYONE,
    "changemakers/<slug:slug>/live/finish/": EVERYONE,
    "changemakers/<slug:slug>/live/note/": EVERYONE,
    "changemakers/<slug:slug>/live/say/<int:pk>/": EVERYONE,
    "changemakers/<slug:slug>/facilitate/": "FD",  # and who is named on its page
    "changemakers/<slug:slug>/facilitate/told/<int:pk>/": "FD",
    "changemakers/<slug:slug>/facilitate/sheet/": "FD",
    "changemakers/<slug:slug>/projector/": "FD",
    "evidence/": EVERYONE,
    "evidence/assessments/<slug:slug>/": EVERYONE,
    "evidence/<slug:ref>/": EVERYONE,
    "model/": EVERYONE,
    "model/versions/": EVERYONE,
    "model/versions/<int:number>/": EVERYONE,
    "model/compare/": EVERYONE,
    "model/compare/<int:a>/<int:b>/": EVERYONE,
    "model/clauses/<str:ref>/": EVERYONE,
    "flow/": EVERYONE,
    "flow/data.csv": EVERYONE,
    "groups/": EVERYONE,
    "groups/<slug:slug>/": EVERYONE,
    "themes/": EVERYONE,
    "themes/<slug:slug>/": EVERYONE,
    "help/": EVERYONE,
    "house-rules/": EVERYONE,
    "house-rules/figures/": EVERYONE,
    "search/": EVERYONE,
    "news/": EVERYONE,
    "feed/": EVERYONE,
    "sitemap.xml": EVERYONE,
    "robots.txt": EVERYONE,
    "healthz": EVERYONE,
    "live/catch-up/": EVERYONE,  # the room that owns the stream refuses
    "favicon.ico": EVERYONE,
    "comments/<int:number>/": EVERYONE,
    "comments/<int:number>/<int:pk>/": EVERYONE,
    # What people do without an account
    "comments/<int:number>/add/": EVERYONE,
    "comments/<int:number>/added/": EVERYONE,
    "comments/<int:number>/finish/": EVERYONE,
    "comments/<int:number>/shared/": EVERYONE,
    "comments/<int:number>/mail/": EVERYONE,
    "comments/<int:number>/<int:pk>/reply/": EVERYONE,
    "comments/<int:number>/<int:pk>/change/": EVERYONE,
    "comments/<int:number>/<int:pk>/take-back/": EVERYONE,
    "comments/<int:number>/<int:pk>/support/": EVERYONE,
    "comments/<int:number>/<int:pk>/still-holds/": EVERYONE,
    "comments/mail/confirm/<str:token>/": EVERYONE,
    "comments/mail/stop/<str:token>/": EVERYONE,
    "consultations/<slug:slug>/respond/": EVERYONE,
    "consultations/<slug:slug>/respond/<slug:step>/": EVERYONE,
    # In a workshop: who has not joined is asked for the code
    "changemakers/<slug:slug>/board-<int:pk>/": EVERYONE,
    "changemakers/<slug:slug>/board-<int:pk>-add/": EVERYONE,
    "changemakers/<slug:slug>/card/<int:pk>/": EVERYONE,
    "changemakers/<slug:slug>/group/<int:pk>/": EVERYONE,
    "changemakers/<slug:slug>/note/<int:pk>/": EVERYONE,
    "changemakers/<slug:slug>/poll-<int:pk>/": EVERYONE,
    "changemakers/<slug:slug>/poll-<int:pk>-vote/": EVERYONE,
    "changemakers/<slug:slug>/breakouts-<int:pk>/": EVERYONE,
    "changemakers/<slug:slug>/breakouts-<int:pk>-place/": EVERYONE,
    "join/": EVERYONE,
    "class/<str:token>/": EVERYONE,  # the private link of a teacher; a wrong one is not there
    "class/<str:token>/numbers/": EVERYONE,
    "class/<str:token>/sheet/": EVERYONE,
    "receipt/": EVERYONE,
    "receipt/seen/": EVERYONE,
    "receipt/change/": EVERYONE,
    "receipt/close/": EVERYONE,
    "receipt/copy/": EVERYONE,
    "receipt/delete/": EVERYONE,
    "receipt/permission/": EVERYONE,
    "receipt/second-look/": EVERYONE,
    "receipt/mine/": SIGNED_IN,
    "help/wrong/": EVERYONE,
    "help/wrong/sent/": EVERYONE,
    "i18n/setlang/": EVERYONE,
    # Accounts
    "accounts/login/": EVERYONE,
    "accounts/logout/": EVERYONE,
    "accounts/signup/": EVERYONE,
    "accounts/inactive/": EVERYONE,
    "accounts/confirm-email/": EVERYONE,
    "accounts/password/reset/": EVERYONE,
    "accounts/password/reset/done/": EVERYONE,
    "accounts/password/reset/key/done/": EVERYONE,
    "_util/login/": EVERYONE,
    "accounts/email/": SIGNED_IN,
    "accounts/password/change/": SIGNED_IN,
    "accounts/password/set/": SIGNED_IN,
    "accounts/reauthenticate/": SIGNED_IN,
    "accounts/2fa/": SIGNED_IN,
    "accounts/2fa/reauthenticate/": SIGNED_IN,
    "accounts/2fa/totp/activate/": SIGNED_IN,
    "accounts/2fa/recovery-codes/generate/": SIGNED_IN,
    # Only in the middle of signing in, or with an authenticator set up
    "accounts/2fa/authenticate/": NOBODY,
    "accounts/login/code/confirm/": NOBODY,
    "accounts/2fa/totp/deactivate/": NOBODY,
    "accounts/2fa/recovery-codes/": NOBODY,
    "accounts/2fa/recovery-codes/download/": NOBODY,
    "admin/consultations/<int:pk>/closing/": "ED",
    "admin/consultations/<int:pk>/editions/": "ED",
    # Running a workshop
    "changemakers/<slug:slug>/board-<int:pk>-type-in/": "FD",
    "changemakers/<slug:slug>/note/<int:pk>/check/": "FD",
    "changemakers/<slug:slug>/poll-<int:pk>-reveal/": "FD",
    "changemakers/<slug:slug>/breakouts-<int:pk>-arrange/": "FD",
    "changemakers/<slug:slug>/facilitate/adults/": "GFD",  # whose PVG scheme check was seen
    # Checking and safety
    "admin/waiting/": "M",
    "admin/waiting/<str:reference>/": "M",
    "admin/sent-files/<str:reference>/": "M",  # of one that waits
    "admin/waiting/response/<int:pk>/": "M",
    "admin/waiting/together/": "M",
    "admin/waiting/undo/": "M",
    "admin/waiting/desk/": "M",
    "admin/waiting/notes/": "M",
    "admin/waiting/second-looks/": "M",
    "admin/safeguarding/": "G",
    "admin/safeguarding/<int:pk>/": "G",
    "admin/concern/": STAFF,
    "admin/concern/<str:reference>/": STAFF,  # this one is public; what waits to be checked: M alone
    "admin/contacts/": "MGD",
    "admin/contacts/<int:pk>/checked/": "MGD",
    "admin/wrong/": "MD",
    "admin/wrong/<int:pk>/": "MD",  # this one is about the site; one about safety is a case
    "admin/wrong/<int:pk>/handled/": "MD",
    "admin/wrong/<int:pk>/concern/": "MD",
    # Classes: whom to ring at the school stands there
    "admin/classes/": "EFD",
    "admin/classes/<int:pk>/": "EFD",
    # Groups of notes of a workshop: topics are for analysts, ideas for those who run it and editors
    "admin/groups-of-notes/": "EAFD",
    "admin/groups-of-notes/<int:pk>/": "EAFD",
    "admin/groups-of-notes/<int:pk>/new-idea/": "EFD",
    "admin/ideas/<int:pk>/": "EFD",
    # Places at a workshop
    "admin/places/": "EFD",
    "admin/places/<int:pk>/": "EFD",
    "admin/places/<int:pk>/add/": "EFD",
    "admin/places/<int:pk>/off/<int:registration>/": "EFD",
    "admin/places/<int:pk>/door.csv": "FD",
    # What came of a workshop, written by those who run it
    "admin/write-ups/": "FD",  # and who is named on the page of one
    "admin/write-ups/<int:pk>/": "FD",
    "admin/write-ups/<int:pk>/put-right/<int:correction>/": "FD",
    # Answers on paper, and files of answers
    "admin/answers/": "ESF",
    "admin/answers/<int:pk>/key-in/": "ESF",
    "admin/answers/<int:pk>/file/": "ES",
    "admin/answers/<int:pk>/form/<slug:kind>/": "ES",
    "admin/answers/files/<int:pk>/": "ES",
    "admin/answers/files/<int:pk>/problems/": "ES",
    # Downloads for the team: this place is a consultation; facilitators have the workshops that name them
    "admin/downloads/": "AFD",
    "admin/downloads/<int:pk>/": "A",
    "admin/downloads/<int:pk>/raw/": "A",
    "admin/downloads/raw/<int:pk>/": "AD",
    # Comments
    "admin/comments/": "EBMFD",
    "admin/comments/new/": "EFD",
    "admin/comments/<int:pk>/": "EBMFD",
    "admin/comments/<int:pk>/do/<slug:verb>/": "EMFD",
    "admin/comments/<int:pk>/answer/": "EBF",
    "admin/comments/<int:pk>/answer/<int:comment>/": "EBF",
    "admin/comments/<int:pk>/pin/<int:comment>/": "EMFD",
    "admin/comments/<int:pk>/take-down/<int:comment>/": "EBF",
    # Sorting
    "admin/sort/": "A",
    "admin/sort/<str:reference>/": "A",
    "admin/sort/<str:reference>/no-topic/": "A",
    "admin/sort/take-back/<int:pk>/": "A",
    "admin/topics/": "A",
    "admin/topics/new/": "A",
    "admin/topics/<slug:code>/": "A",
    "admin/topics/<slug:code>/words/": "A",
    "admin/campaigns/": "A",
    "admin/campaigns/look/": "A",
    "admin/campaigns/suggested/<int:pk>/": "A",
    "admin/campaigns/<int:pk>/": "A",
    "admin/feedback/": "ESA",
    "admin/feedback/<int:pk>/": "ESA",
    "admin/answers-again/": "EBS",
    "admin/answers-again/<int:pk>/": "EBS",
    "admin/to-decide/": "EBS",
    "admin/to-decide/<int:pk>/": "EBS",
    "admin/to-decide/<int:pk>/decision/": "ES",
    "admin/to-decide/<int:pk>/close-off/": "BS",
    "admin/to-decide/<int:pk>/<int:theme>/": "BS",
    "admin/figures/": "AS",
    # Records: each line stands for all screens of a set
    "admin/snippets/outcomes/evidencerecord/": "ED",
    "admin/snippets/outcomes/assessment/": "ED",
    "admin/snippets/outcomes/seat/": "ED",
    "admin/snippets/moderation/houserule/": "MD",
    "admin/snippets/moderation/contact/": "MGD",
    "admin/snippets/moderation/watchedword/": "MGD",
    # Lists to choose from, while writing a page: nothing in them that is not public
    "admin/snippets/choose/outcomes/evidencerecord/": STAFF,
    "admin/snippets/choose/outcomes/assessment/": STAFF,
    "admin/snippets/choose/outcomes/seat/": STAFF,
    "admin/snippets/choose/moderation/houserule/": STAFF,
    "admin/snippets/choose/moderation/contact/": STAFF,
    "admin/snippets/choose/moderation/watchedword/": STAFF,
    "admin/decisions/passages/": STAFF,
    "admin/decisions/topics/": STAFF,
    "admin/decisions/ideas/": STAFF,
}
# These need a key out of an e-mail, a file or a page of the tree: the canary walk opens them. The key to a
# file that was sent lasts two minutes (tests/consultations/files/test_serving.py).
WITHOUT_EXAMPLE = {
    "files/<str:token>/",
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$",
    r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
    r"documents/^(\d+)/(.*)$",
    "documents/authenticate_with_password/<int:restriction_id>/",
    "media/images/<path:path>",
    "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
    r"^((?:[\w\-]+/)*)$",
}
# Wagtail's own sections of the admin.
SECTIONS = {
    "/admin/": STAFF,
    "/admin/account/": STAFF,
    "/admin/pages/": "EBSD",
    "/admin/users/": "D",
    "/admin/groups/": "D",
    "/admin/settings/home/sitesettings/": "D",
    "/admin/images/": "E",
    "/admin/documents/": "E",
    "/admin/sites/": NOBODY,
    "/admin/collections/": NOBODY,
    "/admin/workflows/list/": NOBODY,
    "/admin/reports/site-history/": STAFF,  # each sees what happened to what they may see
}
ROUTES = sorted(set(routes()))


def line(pattern: str, name: str = "") -> str:
    return row_of(pattern)


class House:
    def __init__(self) -> None:
        self.examples = Examples()
        self.browsers = browsers()

    def found_behind(self, address: str) -> dict[str, str]:
        forget_caches()  # nobody is refused for having asked too often
        return {letter: behind(client, address) for letter, client in self.browsers.items()}


@pytest.fixture(scope="module")
def house(demonstration: Keeper, django_db_blocker: Any) -> Iterator[House]:
    yield House()
    afresh(demonstration)


def wanted(letters: str) -> dict[str, str]:
    return {
        letter: ALLOWED if letter in letters else LOGIN if letter == "-" else REFUSED for letter in PERSONAS
    }


def test_every_address_has_its_line_and_every_line_its_address() -> None:
    lines = {line(*route) for route in ROUTES if route[0] not in WITHOUT_EXAMPLE}
    assert lines == set(TABLE)
    assert {pattern for pattern, _name in ROUTES} >= WITHOUT_EXAMPLE


VISITED = [
    route
    for route in ROUTES
    if route[0] not in WITHOUT_EXAMPLE
    and (not route[0].startswith(("admin/snippets/", "admin/decisions/")) or route[1] in SCREENS)
]


@pytest.mark.parametrize(("pattern", "name"), VISITED, ids=[f"{p}-{n}" for p, n in VISITED])
def test_each_opens_to_those_in_its_line_and_to_nobody_else(
    house: House, django_db_blocker: Any, pattern: str, name: str
) -> None:
    address = house.examples.of(pattern)
    assert address, f"no example for {pattern}"
    assert house.found_behind(address) == wanted(TABLE[line(pattern, name)])


@pytest.mark.parametrize("address", SECTIONS)
def test_each_section_of_the_admin_opens_to_those_who_need_it(
    house: House, django_db_blocker: Any, address: str
) -> None:
    assert house.found_behind(address) == wanted(SECTIONS[address])


def test_saf_2_a_report_about_safety_is_read_on_its_case_alone(house: House, django_db_blocker: Any) -> None:
    from collaborative.moderation import actions

    report = actions.report("I am worried.", about="safety", key="safety")
    for address in (f"/admin/wrong/{report.pk}/", f"/admin/wrong/{report.pk}/handled/"):
        assert house.found_behind(address) == wanted(NOBODY)
    assert house.found_behind(f"/admin/safeguarding/{report.case.pk}/") == wanted("G")


def test_saf_2_a_case_of_somewhere_opens_to_those_named_there_alone(
    house: House, django_db_blocker: Any
) -> None:
    from django.test import Client

    from collaborative.moderation.models import SafeguardingCase
    from tests.cast import confirm_second_factor

    case = SafeguardingCase.objects.exclude(engagement=None).order_by("pk")[0]
    address = f"/admin/safeguarding/{case.pk}/"
    assert house.found_behind(address) == wanted(NOBODY)
    for named in (case.engagement.safeguarding_lead, case.engagement.safeguarding_deputy):
        client = Client()
        client.force_login(named, backend="allauth.account.auth_backends.AuthenticationBackend")
        confirm_second_factor(client, named)
        assert behind(client, address) == ALLOWED


def test_a_superuser_is_no_moderator_and_no_safeguarding_lead(house: House, django_db_blocker: Any) -> None:
    """Whoever keeps the machine does not read what is not theirs to read."""
    from django.test import Client

    from tests.cast import confirm_second_factor, person

    user = person("Root")
    user.is_superuser = user.is_staff = True
    user.save()
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    confirm_second_factor(client, user)
    for address in ("/admin/waiting/", "/admin/safeguarding/", "/admin/sort/", "/admin/wrong/"):
        assert behind(client, address) == REFUSED
