"""Every address of ours, an example of each, and what somebody finds behind it."""

from collections.abc import Iterator
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from collaborative import codes
from collaborative.analysis.models import Campaign, CampaignSuggestion, Coding, Theme
from collaborative.changemakers.models import (
    Card,
    Cluster,
    Correction,
    Note,
    Participant,
    Registration,
    Stage,
)
from collaborative.changemakers.room.actions import tell_facilitator
from collaborative.changemakers.seats import keys as place_keys
from collaborative.consultations import letters
from collaborative.consultations.classes import keys
from collaborative.consultations.models import ClassSession, Import, RawRequest
from collaborative.contributions import files
from collaborative.contributions.models import Contribution, SentFile, State
from collaborative.engagements.models import Engagement
from collaborative.moderation import actions as moderation
from collaborative.moderation.models import Contact, HouseRule, Report, SafeguardingCase, WatchedWord
from collaborative.outcomes.models import (
    Assessment,
    DecisionPage,
    Disposition,
    EvidenceRecord,
    Proposal,
    Seat,
)
from collaborative.people.roles import Role
from collaborative.threads.actions import mailing
from collaborative.threads.models import Subscription, Thread, Voice
from tests.cast import confirm_second_factor, person

# The letter of each persona in the table.
PERSONAS = {
    "-": "a stranger",
    "P": "somebody signed in, without a role",
    "E": Role.EDITORS,
    "B": Role.BOARD,
    "S": Role.SECRETARY,
    "A": Role.ANALYSTS,
    "M": Role.MODERATORS,
    "G": Role.SAFEGUARDING,
    "F": Role.FACILITATORS,
    "D": Role.ADMINISTRATORS,
}
ALLOWED, LOGIN, REFUSED = "allowed", "sign in first", "refused"
# Each set of records has the same fourteen screens; these tell who may do what.
SCREENS = frozenset({"list", "add", "edit", "delete", "usage", "history", "choose"})
OURS = ("admin/snippets/", "admin/decisions/")


def routes() -> Iterator[tuple[str, str]]:
    """(pattern, name) of every address that this project lays: all outside the admin, and ours inside."""
    yield from _walk(get_resolver().url_patterns, "")


def _walk(patterns: list[Any], before: str) -> Iterator[tuple[str, str]]:
    for found in patterns:
        whole = before + str(found.pattern)
        if isinstance(found, URLResolver):
            yield from _walk(found.url_patterns, whole)
        elif isinstance(found, URLPattern) and _is_ours(whole, found.callback):
            yield whole, found.name or ""


def _is_ours(pattern: str, view: Any) -> bool:
    if not pattern.startswith("admin/"):
        return True
    module = getattr(view, "view_class", view).__module__
    records = pattern.startswith(OURS) and pattern != "admin/snippets/"
    return module.startswith(("collaborative", "home")) or records


def row_of(pattern: str) -> str:
    """The line of the table that a pattern belongs to: records have one for each set and screen."""
    if not pattern.startswith(OURS):
        return pattern
    parts = pattern.split("/")
    deep = 3 if parts[1] == "decisions" else 5 if parts[2] == "choose" else 4
    return "/".join(parts[:deep]) + "/"


class Examples:
    """For each pattern an address that is there, in the demonstration set."""

    def __init__(self) -> None:
        decision = DecisionPage.objects.get(number=4)
        passage = Coding.objects.order_by("pk")[0]
        self.report = Report.objects.create(
            about="site", message="A link is wrong.", created_at=decision.first_published_at, key="doors"
        )
        WatchedWord.objects.get_or_create(text="doors", defaults={"about": "contact"})
        self.values = {
            "<slug:slug>": "fair-tastes-of-work",
            "consultations/<slug:slug>/respond": "consultations/starting-the-conversation-in-p7/respond",
            "consultations/<slug:slug>/class": "consultations/starting-the-conversation-in-p7/class",
            "class/<str:token>": f"class/{_class_token()}",
            "admin/classes/<int:pk>": f"admin/classes/{ClassSession.objects.order_by('pk')[0].pk}",
            "<slug:step>": "age",
            "assessments/<slug:slug>": f"assessments/{Assessment.objects.order_by('pk')[0].slug}",
            "evidence/<slug:ref>": "evidence/Ev-01",
            "<int:number>": "1",
            "<int:a>/<int:b>": "1/2",
            "clauses/<str:ref>": "clauses/P3",
            "changemakers/<slug:slug>": "changemakers/same-door-on-every-island",
            "admin/places/<int:pk>": f"admin/places/{_with_a_place().engagement_id}",
            "<int:registration>": str(_with_a_place().pk),
            "changemakers/<slug:slug>/register": "changemakers/reading-our-numbers/register",
            "changemakers/<slug:slug>/place/<slug:token>": _place(),
            "live/say/<int:pk>": "live/say/1",
            "groups/<slug:slug>": "groups/employers",
            "themes/<slug:slug>": f"themes/{Theme.objects.get(code='T1').slug}",
            "<slug:code>": "T1",
            "sort/<str:reference>": f"sort/{_reference(State.RELEASED)}",
            "take-back/<int:pk>": f"take-back/{passage.pk}",
            "waiting/<str:reference>": f"waiting/{_reference(State.HELD)}",
            "waiting/response/<int:pk>": f"waiting/response/{_waiting_response()}",
            # A case of nowhere in particular: one of somewhere opens to those named there alone.
            "safeguarding/<int:pk>": f"safeguarding/{self._told_us().pk}",
            "concern/<str:reference>": f"concern/{_reference(State.RELEASED, last=True)}",
            "wrong/<int:pk>/concern": f"wrong/{self._told_us_too().pk}/concern",
            "admin/contacts/<int:pk>": f"admin/contacts/{Contact.objects.order_by('pk')[0].pk}",
            "wrong/<int:pk>": f"wrong/{self.report.pk}",
            "to-decide/<int:pk>": f"to-decide/{Engagement.objects.get(slug='fair-tastes-of-work').pk}",
            "<int:theme>": str(Theme.objects.get(code="T1").pk),
            "answers-again/<int:pk>": f"answers-again/{Disposition.objects.current().order_by('pk')[0].pk}",
            **_write_up(),
            **_what_came_of_it(),
            **_answers(),
            **_files(),
            **_comments(),
            **_boards(),
            "passages/chosen/<str:pk>": f"passages/chosen/{passage.pk}",
            "topics/chosen/<str:pk>": f"topics/chosen/{Theme.objects.get(code='T1').pk}",
            **{
                f"{label}/{verb}/<int:pk>": f"{label}/{verb}/{model.objects.order_by('pk')[0].pk}"
                for label, model in (
                    ("evidencerecord", EvidenceRecord),
                    ("assessment", Assessment),
                    ("seat", Seat),
                    ("houserule", HouseRule),
                    ("contact", Contact),
                    ("watchedword", WatchedWord),
                )
                for verb in SCREENS
            },
        }

    def _told_us(self) -> SafeguardingCase:
        told = moderation.report("I am worried.", about="safety", key="doors: safety")
        return SafeguardingCase.objects.get(report=told)

    def _told_us_too(self) -> Report:
        return moderation.report("I am worried.", key="doors: passed on")

    def of(self, pattern: str) -> str | None:
        """An address for the pattern, or None where it needs a key that was sent by e-mail or the like."""
        address = pattern
        for part in sorted(self.values, key=len, reverse=True):
            address = address.replace(part, self.values[part])
        return f"/{address}" if not set("<(^") & set(address) else None


def _waiting_response() -> int:
    return Contribution.objects.filter(state=State.HELD, kind="answer").order_by("pk")[0].receipt_id


def _what_came_of_it() -> dict[str, str]:
    """A consultation that has closed, a letter about it, and a campaign suggested and confirmed."""
    closed = Engagement.objects.get(slug="fair-tastes-of-work")
    receipt = closed.receipts.order_by("pk")[0]
    one = CampaignSuggestion.objects.create(
        engagement=closed, leader=receipt, identical=3, varied=0, found_at=timezone.now()
    )
    return {
        "admin/feedback/<int:pk>": f"admin/feedback/{closed.pk}",
        "consultations/letters/stop/<str:token>": f"consultations/letters/stop/{letters.token_of(receipt)}",
        "campaigns/suggested/<int:pk>": f"campaigns/suggested/{one.pk}",
        "admin/campaigns/<int:pk>": f"admin/campaigns/{Campaign.objects.order_by('pk')[0].pk}",
    }


def _with_a_place() -> Registration:
    return Registration.objects.seated().filter(engagement__slug="reading-our-numbers").order_by("pk")[0]


def _write_up() -> dict[str, str]:
    """Of the workshop that is over; what somebody put right; the link of somebody who registered."""
    correction = Correction.objects.select_related("write_up__engagement").order_by("pk")[0]
    place = correction.write_up.engagement
    row = Registration.objects.create(
        engagement=place,
        key=place_keys.key_of("doors"),
        token_hash=codes.hashed_token(place_keys.token_from(place_keys.key_of("doors"))),
        state=Registration.State.SEAT,
        age_band="26-plus",
        name="Ann",
        email="ann@example.org",
        email_hash=place_keys.email_hash(place, "ann@example.org"),
        registered_at=timezone.now(),
        seated_at=timezone.now(),
    )
    return {
        "write-up/from/<slug:token>": f"write-up/from/{place_keys.token_of(row)}",
        "admin/write-ups/<int:pk>": f"admin/write-ups/{place.pk}",
        "<int:correction>": str(correction.pk),
    }


def _place() -> str:
    return f"changemakers/reading-our-numbers/place/{place_keys.token_of(_with_a_place())}"


def _class_token() -> str:
    return keys.token_of(ClassSession.objects.filter(state="approved")[0])


def _answers() -> dict[str, str]:
    """A consultation that has opened, and a file that was brought for it."""
    place = Engagement.objects.filter(kind="consultation", opens_at__lte=timezone.now()).order_by("pk")[0]
    now = timezone.now()
    one = Import.objects.create(
        engagement=place, file="doors.csv", kind="csv", size=1, state="done", created_at=now, changed_at=now
    )
    asked = RawRequest.objects.create(engagement=place, reason="Why", asked_at=now)
    return {
        "admin/downloads/<int:pk>": f"admin/downloads/{place.pk}",
        "admin/downloads/raw/<int:pk>": f"admin/downloads/raw/{asked.pk}",
        "admin/answers/<int:pk>": f"admin/answers/{place.pk}",
        "admin/consultations/<int:pk>": f"admin/consultations/{place.pk}",
        "admin/answers/files/<int:pk>": f"admin/answers/files/{one.pk}",
        "form/<slug:kind>": "form/csv",
    }


def _files() -> dict[str, str]:
    """A file with an answer that waits, and one with an answer that anyone may read."""
    closed = "fair-tastes-of-work"
    waits = Contribution.objects.filter(state=State.HELD, kind="answer").order_by("pk")[0]
    shown = Contribution.objects.public().filter(engagement__slug=closed, kind="answer").order_by("pk")[0]
    for said in (waits, shown):
        SentFile.objects.create(
            stored=files.put([b"doors"]),
            contribution=said,
            question=said.prompt_key,
            kind="txt",
            size=5,
            created_at=timezone.now(),
        )
    return {
        "sent-files/<str:reference>": f"sent-files/{waits.reference}",
        "responses/<str:reference>": f"responses/{shown.reference}",
    }


def _comments() -> dict[str, str]:
    """The thread of the set, a comment that people may answer, and an official reply."""
    thread = Thread.objects.order_by("pk")[0]
    top = thread.comments.top().filter(contribution__age_band="26-plus").order_by("pk")[0]
    official = thread.comments.filter(official=True).order_by("pk")[0]
    wants = Subscription.objects.create(
        thread=thread, voice=Voice.objects.order_by("pk")[0], how="daily", created_at=thread.created_at
    )
    token, confirming = mailing.token_of(wants), mailing.confirming_token_of(wants)
    staff = f"admin/comments/{thread.pk}"
    return {
        "live/catch-up/": f"live/catch-up/?s={thread.stream}",
        "comments/<int:number>": f"comments/{thread.pk}",
        "comments/<int:number>/<int:pk>": f"comments/{thread.pk}/{top.pk}",
        "comments/mail/confirm/<str:token>": f"comments/mail/confirm/{confirming}",
        "comments/mail/stop/<str:token>": f"comments/mail/stop/{token}",
        "admin/comments/<int:pk>": staff,
        "admin/comments/<int:pk>/do/<slug:verb>": f"{staff}/do/reopen",
        "admin/comments/<int:pk>/answer/<int:comment>": f"{staff}/answer/{top.pk}",
        "admin/comments/<int:pk>/pin/<int:comment>": f"{staff}/pin/{top.pk}",
        "admin/comments/<int:pk>/take-down/<int:comment>": f"{staff}/take-down/{official.pk}",
    }


def _boards() -> dict[str, str]:
    """The board of the workshop that is over, with its groups, its vote, and small groups."""
    parts = Stage.objects.filter(engagement__slug="same-door-on-every-island")
    board, poll = parts.get(kind="board"), parts.get(kind="poll")
    note = Note.objects.filter(stage=board, shown=True).order_by("pk")[0]
    card, group = Card.objects.get(notes=note), Cluster.objects.get(cards__notes=note)
    idea = Proposal.objects.order_by("pk")[0]
    place = board.engagement
    small = Stage.objects.create(
        engagement=place, key="doors", number=99, kind="breakouts", title="Doors", minutes=5, state="closed"
    )
    told = tell_facilitator(Participant.objects.filter(engagement=place).order_by("pk")[0], "Doors")
    return {
        "facilitate/told/<int:pk>": f"facilitate/told/{told.pk}",
        "admin/groups-of-notes/<int:pk>": f"admin/groups-of-notes/{board.engagement_id}",
        "admin/ideas/<int:pk>": f"admin/ideas/{idea.pk}",
        "ideas/chosen/<str:pk>": f"ideas/chosen/{idea.pk}",
        "board-<int:pk>": f"board-{board.pk}",
        "poll-<int:pk>": f"poll-{poll.pk}",
        "breakouts-<int:pk>": f"breakouts-{small.pk}",
        "card/<int:pk>": f"card/{card.pk}",
        "group/<int:pk>": f"group/{group.pk}",
        "note/<int:pk>": f"note/{note.pk}",
    }


def _reference(state: str, *, last: bool = False) -> str:
    """The first in that state; `last` for what a press takes away, so that the others still find theirs."""
    found = Contribution.objects.filter(state=state, receipt__exclusion="")
    return found.order_by("-pk" if last else "pk")[0].reference


def browsers() -> dict[str, Client]:
    """A browser for each persona, signed in with a second factor."""
    found = {"-": Client()}
    for letter, role in PERSONAS.items():
        if letter == "-":
            continue
        user = person(f"door-{letter}", *([role] if isinstance(role, Role) else []))
        found[letter] = Client()
        found[letter].force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        confirm_second_factor(found[letter], user)
    return found


def behind(client: Client, address: str) -> str:
    """What somebody finds there. A view that takes POST alone is asked by POST, with nothing in it."""
    answer = client.get(address)
    if answer.status_code == 405:
        answer = client.post(address)
    if 300 <= answer.status_code < 400:
        to = answer["Location"]
        if to.startswith("/accounts/login/"):
            return LOGIN
        return REFUSED if to in ("/", "/admin/") and address not in KNOWN_HOME else ALLOWED
    return REFUSED if answer.status_code in (403, 404) else ALLOWED


# Addresses that lead home when all is well.
KNOWN_HOME = frozenset({"/accounts/login/", "/accounts/signup/", "/accounts/logout/", "/i18n/setlang/"})
