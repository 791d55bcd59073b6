"""RIF-2: one central filter decides what may be shown. Words that stand nowhere else are put into every
private place; then a stranger walks every address of the site, follows every link, and finds none of them.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.core import mail
from django.test import Client

from collaborative import outbox, pagecache
from collaborative.consultations import letters
from collaborative.consultations.exports import actions as exports
from collaborative.consultations.exports.tables import shapes_of
from collaborative.consultations.models import Feedback, RawRequest
from collaborative.contributions.models import Receipt
from collaborative.engagements.models import Engagement
from collaborative.threads.actions import mailing
from collaborative.threads.models import Thread
from tests.database import forget_caches
from tests.whole.canaries import CLOSED, OPEN, Nest
from tests.whole.canaries_answers import KEPT_OFF, ON_PAPER
from tests.whole.canaries_groups import LIVE
from tests.whole.canaries_notes import HELD
from tests.whole.crawler import Visit, here
from tests.whole.demonstrated import Keeper, afresh
from tests.whole.walking import Walk


@pytest.fixture(scope="module")
def walk(demonstration: Keeper, django_db_blocker: Any) -> Iterator[Walk]:
    nest = Nest()
    nest.plant()
    forget_caches()
    pagecache.shelf.clear()
    pagecache.epoch.forget()
    yield Walk(nest)
    afresh(demonstration)


def echo(visit: Visit, word: str) -> bool:
    """A page that says back what was asked for, or links to itself, has given nothing away."""
    return word in visit.address


def test_rif_2_no_private_word_is_found_on_any_page(walk: Walk) -> None:
    wanted = re.compile("|".join(walk.nest.words))
    found = Counter(
        f"{walk.nest.words[word]}: {visit.address} (linked from {visit.found_on})"
        for visit in walk.visits()
        for word in set(wanted.findall(visit.body + str(visit.headers) + str(visit.cookies)))
        if not echo(visit, word)
    )
    assert not found, "\n".join(sorted(found))


def test_what_may_be_shown_is_found_so_the_walk_looks_in_the_right_places(walk: Walk) -> None:
    everything = "".join(visit.body for visit in walk.plain.values())
    missing = [place for word, place in walk.nest.shown.items() if word not in everything]
    assert not missing


def test_searching_for_a_private_word_finds_nothing(walk: Walk) -> None:
    for address, visit in walk.searched.items():
        word = address.partition("q=")[2]
        for link in visit.reader.links:
            assert word not in link or "q=" in link, f"{address} leads to {link}"
        assert "nothing" in visit.body.lower(), address


def test_an_address_that_is_guessed_gives_nothing(walk: Walk) -> None:
    assert {visit.status for visit in walk.guessed.values()} <= {302, 403, 404}
    for visit in walk.guessed.values():
        if visit.status == 302:
            assert "/accounts/login/" in visit.headers["location"], visit.address


def test_every_link_of_the_site_leads_somewhere(walk: Walk) -> None:
    broken = [
        f"{visit.status} {visit.address} (linked from {visit.found_on})"
        for turn in (walk.plain, walk.kept, walk.gaelic)
        for visit in turn.values()
        if visit.status >= 400 and visit.found_on
    ]
    assert not broken, "\n".join(broken)
    assert len(walk.plain) > 150


def test_no_page_breaks(walk: Walk) -> None:
    assert not [visit.address for visit in walk.visits() if visit.status >= 500]


def test_every_page_has_one_heading_a_title_and_a_language(walk: Walk) -> None:
    faults = [
        f"{visit.address}: h1 {visit.reader.h1}, title {visit.reader.title.strip()!r}, {visit.reader.lang!r}"
        for visit in walk.visits()
        if visit.is_page
        and not 300 <= visit.status < 400
        and not (visit.reader.h1 == 1 and visit.reader.title.strip() and visit.reader.lang)
    ]
    assert not faults, "\n".join(faults)


def test_titles_tell_pages_apart(walk: Walk) -> None:
    """WCAG 2.4.2: no two addresses share a title, what comes after the question mark aside."""
    titles: dict[str, set[str]] = {}
    for visit in walk.plain.values():
        if visit.is_page and visit.status == 200:
            titles.setdefault(" ".join(visit.reader.title.split()), set()).add(visit.address.split("?")[0])
    assert not {title: sorted(at) for title, at in titles.items() if len(at) > 1}


def test_pages_hold_no_script_no_style_and_no_handlers(walk: Walk) -> None:
    faults = {
        f"{visit.address}: {fault}"
        for visit in walk.visits()
        if visit.is_page
        for fault in visit.reader.faults
    }
    assert not faults, "\n".join(sorted(faults))


def test_kc_9_nothing_is_loaded_from_another_site(walk: Walk) -> None:
    foreign = {
        f"{visit.address}: {load}"
        for visit in walk.visits()
        if visit.is_page
        for load in visit.reader.loads
        if here(load, visit.address) is None and not load.startswith("data:")
    }
    assert not foreign, "\n".join(sorted(foreign))


def test_what_pages_load_is_there(walk: Walk) -> None:
    from django.contrib.staticfiles import finders

    loads = {here(load, v.address) for v in walk.plain.values() if v.is_page for load in v.reader.loads}
    missing = [
        load
        for load in loads
        if load and load.startswith("/static/") and not finders.find(load.removeprefix("/static/"))
    ]
    assert not missing


def test_the_policy_of_every_public_answer_is_strict(walk: Walk) -> None:
    for visit in walk.visits():
        if visit.address.startswith("/admin/"):
            continue
        policy = visit.headers.get("content-security-policy", "")
        # What people sent may load nothing and do nothing, not even as a page of ours.
        sent = visit.status == 200 and visit.address.endswith("/file/")
        loads = "sandbox; default-src 'none'" if sent else "default-src 'self'"
        assert loads in policy, visit.address
        assert "unsafe" not in policy and "nonce" not in policy and "*" not in policy, visit.address
        assert "frame-ancestors 'none'" in policy, visit.address
        assert visit.headers.get("x-content-type-options") == "nosniff", visit.address
        assert "geolocation=()" in visit.headers.get("permissions-policy", ""), visit.address  # KC-10


def test_answers_say_what_they_are(walk: Walk) -> None:
    ends = {
        "/file/": "application/octet-stream",
        ".csv": "text/csv",
        ".ics": "text/calendar",
        ".txt": "text/plain",
        ".xml": "application/xml",
    }
    for visit in walk.plain.values():
        if visit.status != 200:
            continue
        path = visit.address.partition("?")[0]
        wanted = next((kind for end, kind in ends.items() if path.endswith(end)), "text/html")
        wanted = {"/healthz": "application/json", "/feed/": "application/atom+xml"}.get(path, wanted)
        assert visit.kind == wanted, visit.address
        assert "charset=utf-8" in visit.headers["content-type"] or visit.kind.startswith("application/")


def test_a_page_that_sets_a_cookie_is_kept_by_nobody(walk: Walk) -> None:
    for visit in walk.visits():
        if visit.cookies and not visit.address.startswith("/accounts/"):  # allauth's own: "Vary: Cookie"
            assert "no-store" in visit.headers.get("cache-control", ""), f"{visit.address} {visit.cookies}"


def test_the_pages_that_people_read_come_out_of_the_cache_the_second_time(walk: Walk) -> None:
    read = ("/", "/model/", "/decisions/", "/flow/", f"/consultations/{OPEN}/", "/themes/", "/help/")
    for address in read:
        assert walk.plain[address].status == 200
        assert walk.plain[address].body == walk.kept[address].body
        assert not walk.kept[address].cookies


def test_pages_change_their_language_and_say_so(walk: Walk) -> None:
    assert walk.plain["/"].reader.lang == "en-gb"
    assert walk.gaelic["/"].reader.lang == "gd"
    assert walk.gaelic["/"].body != walk.plain["/"].body


# Comments ----------------------------------------------------------------------------------------


def test_a_socket_that_catches_up_is_told_no_private_word(walk: Walk, django_db_blocker: Any) -> None:
    """Every event of the thread from the first on, as a browser gets them that was away."""
    thread = Thread.objects.order_by("pk")[0]
    after, told = 0, ""
    while True:
        query = {"s": thread.stream, "after": after, "limit": 100}
        answer = Client().get("/live/catch-up/", query)
        assert answer.status_code == 200
        told += answer.content.decode()
        if answer.json()["upto"] >= answer.json()["last"]:
            break
        after = answer.json()["upto"]
    assert not [place for word, place in walk.nest.words.items() if word in told]
    seen = {place for word, place in walk.nest.shown.items() if word in told}
    assert {"comment shown", "comment reply", "an official reply", "name of a comment with a name"} <= seen


def test_a_daily_message_holds_no_private_word(walk: Walk, django_db_blocker: Any, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    assert mailing.digests() == 1
    outbox.sweep()
    assert len(mail.outbox) == 1
    whole = mail.outbox[0].message().as_string() + mail.outbox[0].body
    to = mail.outbox[0].to[0].partition("@")[0]
    assert not [place for word, place in walk.nest.words.items() if word in whole and word != to]
    assert "comment shown" in {place for word, place in walk.nest.shown.items() if word in whole}


def test_kid_3_the_code_that_a_class_reads_by_shows_no_private_word(
    walk: Walk, django_db_blocker: Any
) -> None:
    answer = Client().post("/join/", {"code": walk.nest.reading_code}, follow=True)
    assert answer.status_code == 200 and answer.redirect_chain
    page = answer.content.decode()
    assert not [place for word, place in walk.nest.words.items() if word in page]


def test_fbk_2_a_letter_about_what_came_of_it_holds_no_private_word(
    walk: Walk, django_db_blocker: Any
) -> None:
    row = Feedback.objects.filter(engagement__slug=CLOSED).order_by("pk").first()
    assert row, "the demonstration set tells what came of it"
    receipts = letters.wanted(row.engagement_id)
    assert receipts.exists()
    for receipt in receipts:
        message = letters.feedback({"feedback": row.pk, "receipt": receipt.pk})
        assert message is not None
        own = receipt.contact_email.partition("@")[0]
        whole = message.message().as_string() + str(message.body)
        stop = letters.token_of(receipt)
        asked = Client().get(f"/consultations/letters/stop/{stop}/").content.decode()
        found = [place for word, place in walk.nest.words.items() if word in whole + asked and word != own]
        assert not found, found
        assert own not in asked


# Downloads for the team --------------------------------------------------------------------------

# Places of canaries whose words may leave with a usual download: checked, whatever may be published of them.
CHECKED = {
    CLOSED: {
        *("do not publish", KEPT_OFF, ON_PAPER, "its words"),
        *("left out: duplicate", "left out: blank", "left out: test"),
        *(f"the name of a file: {why}" for why in ("do not publish", "kept off the page", "left out")),
    },
    OPEN: {"comment left out", "comment not to be shown"},
    HELD: {"a note in a group not for publishing"},
    LIVE: set(),
}
# And with a raw one, which takes two people. An address only of those to whom we may write.
RAW_TOO = {
    CLOSED: {
        *(
            "refused",
            "refused later",
            "refused with a reason",
            "refused, and a second look is asked",
            "hidden",
            "the name of a file: refused",
        ),
        *("words removed", "why words were removed", "words removed after sorting"),
        *("why words were removed later", "name", "organisation", "address", "address of a named person"),
        "who answered for a named organisation",
    },
    OPEN: {
        *("refused", "words removed", "why words were removed", "comment refused", "comment refused later"),
        *("comment words removed", "comment whose replies went with it"),
        *("comment reply that went with its parent", "name of a comment without a name"),
        "address of somebody who commented",
    },
    # Of workshops: nothing said to staff alone, and no seat of a small group; the name of who gave it to us.
    HELD: {"note refused", "note words removed", "why words of a note were removed"},
    LIVE: {"name of somebody in a small group"},
}


def found_in_downloads(nest: Nest, slug: str, raw: RawRequest | None) -> set[str]:
    whole = ""
    place = Engagement.objects.get(slug=slug)
    for shape in dict(shapes_of(place)):
        export = exports.begin(place, shape, "csv", by=nest.analyst, raw=raw)
        whole += b"".join(exports.parts(export)).decode()
    places = nest.words | nest.shown
    return {places[word].partition(" (")[0] for word in places if word in whole}


@pytest.mark.parametrize("slug", [OPEN, CLOSED, HELD, LIVE])
@pytest.mark.parametrize("raw", [False, True], ids=["usual", "raw"])
def test_p3_only_what_may_leave_with_a_download_does(
    walk: Walk, django_db_blocker: Any, slug: str, raw: bool
) -> None:
    nest, request = walk.nest, None
    if raw:
        request = RawRequest.objects.filter(engagement__slug=slug, state="approved").first()
        if request is None:
            place = Engagement.objects.get(slug=slug)
            request = exports.ask(place, "For a test.", by=nest.analyst)
            exports.approve(request, by=nest.second_analyst)
            request.refresh_from_db()
    found = found_in_downloads(nest, slug, request)
    shown = {said.partition(" (")[0] for said in nest.shown.values()}
    if not raw:
        shown -= {"name of a named person", "a named organisation"}
    must = CHECKED[slug] | (RAW_TOO[slug] if raw else set())
    assert must <= found <= must | shown, (must - found, found - must - shown)


# One's own code ----------------------------------------------------------------------------------


def by_code(nest: Nest, place: str) -> str:
    answer = Client().post("/receipt/", {"code": nest.codes[place]}, follow=True)
    assert answer.status_code == 200
    change = Client().post("/receipt/change/", {"code": nest.codes[place]})
    one = Client().post("/receipt/change/", {"code": nest.codes[place], "question": "stop_help"})
    assert change.status_code == one.status_code in (200, 422)
    return "".join(shown.content.decode() for shown in (answer, change, one))


@pytest.mark.parametrize("place", ["waiting", "refused", "do not publish", "taken back", "words removed"])
def test_a_receipt_code_shows_nobody_elses_words(walk: Walk, django_db_blocker: Any, place: str) -> None:
    page = by_code(walk.nest, place)
    seen = {said for word, said in (walk.nest.words | walk.nest.shown).items() if word in page}
    assert {said.partition(" (")[0] for said in seen} <= {place}


def test_an_under_18s_escalated_words_look_like_any_that_wait(walk: Walk, django_db_blocker: Any) -> None:
    """The page of a code must not tell a child's family that somebody is worried."""
    pages = [by_code(walk.nest, place) for place in ("passed to safeguarding, under 18", "waiting, under 18")]
    for number, place in enumerate(("passed to safeguarding, under 18", "waiting, under 18")):
        pages[number] = _without_what_differs(pages[number], walk.nest.codes[place])
    assert pages[0] == pages[1]


def _without_what_differs(page: str, code: str) -> str:
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
    written = {code, quote(code)} | set(re.findall(r'name="(?:code|earlier)" value="([^"]*)"', page))
    for one in sorted(written, key=len, reverse=True):
        page = page.replace(one, "") if one else page
    page = re.sub(r"Code [A-Z0-9-]+", "Code", page)
    return re.sub(r"C-[0-9A-Z]{10}", "", page)


def test_no_name_is_kept_of_anyone_under_16(walk: Walk, django_db_blocker: Any) -> None:
    young = Receipt.objects.exclude(age_band__in=["16-17", "18-25", "26-plus"])
    assert young.exists()
    assert not young.exclude(name="", contact_email="").exists()
