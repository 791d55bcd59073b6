"""The whole walk in a real browser: from words without an account to the sentence that changed, and back.

One test, because it is one chain: each act stands on what the one before it did through the screens.
"""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from collaborative.contributions.models import Contribution, Receipt
from collaborative.flow.actions import cut_release
from collaborative.outcomes.models import DecisionPage, Disposition, ModelVersion
from collaborative.people.models import User
from tests.browser.answering import TOO_MANY, Answering, receipt_of
from tests.browser.conftest import DESKTOP, PHONE, Site
from tests.browser.editing import Editor
from tests.browser.scene import Scene, newest_receipt, release_and_sort, set_scene
from tests.browser.staffing import Queue, Workbench, assert_menu_is, sign_in
from tests.outcomes import deciding

pytestmark = pytest.mark.both_engines

WHY = "Because they were there not long ago.\nThey tell it as it was."
EXAM = "It must never feel like an exam."
ASK = "Ask me before you decide anything about me."
UNKIND = "You are all zibbertigibs and should be ashamed."
WORRY = "I am qualmfrightened to go home tonight."
LARGE = ["practitioners", "employers", "communities"]
SECRET = "Only for those who work on it, says hushwhistle."
DECISION = "Ask before anything is settled"
P1_AFTER = "You asked me first, and gladly."
STILL = "I would like it to be after the summer."


@pytest.fixture
def scene(transactional_db: None, analyst: User) -> Scene:
    return set_scene(analyst)


def answer_and_send(site: Site, scene: Scene) -> str:
    """Without account or script, with a mistake and a rest on the way. Returns the receipt code."""
    first = Answering(site.window(width=PHONE, javascript=False, statuses=(422,)))
    first.find_it()
    first.go_on()
    first.error("age", "Choose your age group. You can choose not to say.")
    first.say_who()
    first.heading("When should it happen?")
    first.go_on()
    first.error("chosen", "Choose an answer.")
    first.tick("In P7")
    first.go_on()
    first.tick("A teacher", "A parent", "An older friend")
    first.page.get_by_label("Why them?").fill(WHY)
    first.go_on()
    first.error("chosen", TOO_MANY)
    expect(first.page.get_by_label("Why them?")).to_have_value(WHY)
    first.tick("A teacher")
    first.page.get_by_role("button", name="Save and come back later").click()
    first.heading("Saved. Come back when you like.")
    return finish_elsewhere(site, first.code(), scene)


def finish_elsewhere(site: Site, code: str, scene: Scene) -> str:
    """On another device, with the code alone."""
    second = Answering(site.window(width=DESKTOP, javascript=False))
    second.page.goto("/")
    second.type_code(code)
    second.heading("What should it never feel like?")
    second.page.get_by_label("What should it never feel like?").fill("Like school.")
    second.go_on()
    for label, place in (("You ask me", "1"), ("You tell me", "2")):
        second.page.get_by_label(label).select_option(place)
    second.go_on()
    second.heading("May we publish your answers?")
    second.tick("Publish without a name")
    second.go_on()
    second.tick("No")
    second.go_on()
    second.heading("Check your answers")
    expect(second.page.locator("#row-q-who")).to_contain_text("They tell it as it was.")
    change_one_answer(second)
    return send_twice(second, scene)


def change_one_answer(second: Answering) -> None:
    second.page.locator("#row-q-feel").get_by_role("link", name="Change").click()
    expect(second.page.get_by_label("What should it never feel like?")).to_have_value("Like school.")
    second.page.get_by_label("What should it never feel like?").fill(f"{EXAM} {ASK}")
    second.go_on()
    second.heading("Check your answers")
    expect(second.page.locator("#row-q-feel")).to_contain_text(ASK)


def send_twice(second: Answering, scene: Scene) -> str:
    """Two tabs, two presses, one response."""
    tab = second.page.context.new_page()
    tab.goto(second.page.url)
    assert not Receipt.objects.exists()
    second.page.get_by_role("button", name="Send my answers").click()
    second.heading("Thank you. We have it.")
    code = second.code()
    tab.get_by_role("button", name="Send my answers").click()
    assert Answering(tab).code() == code
    assert scene.engagement.receipts.count() == 1
    second.page.get_by_role("button", name="Open my page now").click()
    expect(second.page.locator("main")).to_contain_text("A person reads this next.")
    expect(second.page.locator(".cs_line").first).to_contain_text("Read Not yet", use_inner_text=True)
    return code


def check_what_waits(site: Site, scene: Scene, moderator: User) -> None:
    """The moderator signs in, releases, refuses and passes on, and sees nobody else's work."""
    page = site.window(statuses=(422,))
    sign_in(page, moderator.email)
    assert_menu_is(page, "Waiting to be checked", "Something is wrong")
    queue = Queue(page)
    mine = list(newest_receipt().contributions.order_by("pk"))
    unkind = scene.answer(UNKIND, who="practitioners")
    worry = scene.answer(WORRY, who="young-people", age_band="16-17")
    still = scene.answer(STILL, who="young-people", age_band="16-17")
    assert queue.waiting() == [row.reference for row in (*mine, unkind, worry, still)]
    queue.look_at(mine[0])
    for row in mine:
        expect(page.locator(".cs-words")).to_contain_text(newest(row).splitlines()[0])
        queue.release()
        queue.told(f"{row.reference} is released.")
    expect(page.locator(".cs-words")).to_contain_text("zibbertigibs")
    queue.refuse(scene.rule)
    queue.told(f"{unkind.reference} is refused.")
    expect(page.locator(".cs-words")).to_contain_text("qualmfrightened")
    queue.escalate()
    queue.told(f"{worry.reference} went to safeguarding.")
    assert gone_from(page, worry)
    assert queue.waiting() == [still.reference]


def newest(row: Contribution) -> str:
    return row.wordings.order_by("-number")[0].text


def gone_from(page: Page, row: Contribution) -> bool:
    """Not in the queue, not under its own address."""
    for address in ("/admin/waiting/", f"/admin/waiting/{row.reference}/", "/admin/"):
        page.goto(address)
        if "qualmfrightened" in page.content():
            return False
    return True


def see_the_concern(site: Site, scene: Scene, another: User) -> None:
    """Only those named for the place where it was said find it."""
    page = site.window(user=another)
    page.goto("/admin/safeguarding/")
    expect(page.locator("main")).to_contain_text("No concern that you are named for")
    page = site.window(user=scene.engagement.safeguarding_lead)
    assert_menu_is(page, "Safeguarding")
    page.goto("/admin/safeguarding/")
    assert "qualmfrightened" not in page.content()
    page.get_by_role("link", name="Case").click()
    expect(page.locator(".cs-words")).to_have_text(WORRY)
    page.get_by_role("textbox", name="What was done").fill("Rang the school.")
    page.get_by_role("button", name="Keep this note").click()
    expect(page.locator("section[aria-labelledby=done-title]")).to_contain_text("Rang the school.")


def read_the_receipts_of_the_three(site: Site, scene: Scene) -> None:
    """A refusal is said kindly; a concern that was passed on looks like any answer that waits."""
    page = site.window(javascript=False)
    unkind, worry, still = scene.codes[-3:]
    assert scene.rule.kind_reason in receipt_of(page, unkind)
    passed_on, waiting = receipt_of(page, worry), receipt_of(page, still)
    assert passed_on.replace(worry, "") == waiting.replace(still, "")
    assert "A person reads this next." in waiting
    assert "summer" not in waiting


def sort_by_keys_and_mouse(site: Site, scene: Scene, analyst: User) -> None:
    page = site.window(user=analyst)
    own = ("Sort what people said", "List of topics", "Campaigns", "Downloads for the team")
    assert_menu_is(page, *own, "What came of it")
    bench = Workbench(page)
    feel = newest_receipt_of_the_stranger(scene).contributions.get(prompt_key="feel")
    bench.open(feel)
    bench.text.focus()
    page.keyboard.press("ArrowRight")
    for _word in EXAM.split()[1:]:
        page.keyboard.press("Shift+ArrowRight")
    expect(bench.chosen).to_have_text(f"Chosen: “{EXAM}”")
    page.keyboard.press("2")
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("Sorted under")
    bench.drag_over("Ask", "me.")
    expect(bench.chosen).to_have_text(f"Chosen: “{ASK}”")
    page.get_by_label("T1 Ask me first").check()
    page.get_by_label("For", exact=True).check()
    page.get_by_role("button", name="Sort these words").click()
    expect(page.locator(".messages")).to_contain_text("Sorted under")
    assert [line.partition(" · ")[0] for line in bench.sorted_so_far()] == [
        "T2 Feeling tested",
        "T1 Ask me first",
    ]


def newest_receipt_of_the_stranger(scene: Scene) -> Receipt:
    return scene.engagement.receipts.order_by("pk")[0]


# The crowd, so that there are figures to show ------------------------------------------------------


def let_others_answer(scene: Scene, moderator: User, analyst: User) -> None:
    """Groups large enough to show, a group of two that is not, and one who must not be quoted."""
    asked, tested = scene.topics
    parents = [scene.answer(f"Ask us before anything is settled, parent {n}.") for n in range(9)]
    others = [scene.answer(f"Ask them first, {n} of {who}.", who=who) for who in LARGE for n in range(8)]
    few = [scene.answer(f"Ask me, {n}.", who="young-people", age_band="16-17") for n in range(2)]
    parents.append(scene.answer(SECRET, permission="not-published"))
    release_and_sort(parents + others + few, asked, ["for", "for", "against"], moderator, analyst)
    more = [scene.answer(f"No exam, please, {n}.") for n in range(6)]
    release_and_sort(more, tested, ["against"], moderator, analyst)


def begin_decision(scene: Scene, editor: User) -> DecisionPage:
    """The long texts are typed by hand elsewhere; what the rules ask about is done in the editor."""
    page = deciding.draft(
        1,
        title=DECISION,
        question="Should we ask young people first?",
        answer_sentence="Yes, we will ask before anything is settled.",
        answers=[deciding.answer(scene.topics[0], "adopted", "They know best what they need.")],
        engagements=[scene.engagement],
        changes_made=[
            deciding.block("clause", {"ref": "P1", "part": "", "intended": "Say that we ask gladly."})
        ],
        decided_on=timezone.localdate(),
    )
    page.save_revision(user=editor)
    return page


# Deciding -----------------------------------------------------------------------------------------


def decide(site: Site, scene: Scene, editor: User) -> None:
    """In the editor: refused while a topic has no answer, then public, with words that may be quoted."""
    decision = begin_decision(scene, editor)
    page = site.window(user=editor)
    assert_menu_is(page, "Classes", "What came of it")
    desk = Editor(page)
    desk.open(decision.pk)
    desk.add("answers")
    desk.choose("answers-1-value-theme", "Feeling tested")
    desk.is_refused("Publish")
    expect(desk.error("answers-1-value-answer")).to_contain_text("“Feeling tested” has no answer.")
    expect(desk.error("answers-1-value-reason")).to_contain_text("“Feeling tested” has no reason.")
    assert not Disposition.objects.exists()
    assert page.request.get("/decisions/decision-1/").status == 404
    desk.pick("answers-1-value-answer", "adopted-in-part")
    desk.write("answers-1-value-reason", "We drop the form, and keep one conversation.")
    desk.add("quotes")
    offered = desk.choose("quotes-0-value-passage", ASK)
    assert not any("hushwhistle" in words for words in offered)
    desk.pick("quotes-0-value-side", "for")
    desk.act("Publish")
    desk.told("has been published")
    assert {row.theme.code: row.answer for row in Disposition.objects.all()} == {
        "T1": "adopted",
        "T2": "adopted-in-part",
    }


def change_the_sentence(site: Site, scene: Scene, editor: User, board_member: User) -> None:
    """The editor words it and sends it in, but cannot pass it; the board passes it."""
    desk = Editor(site.window(user=editor))
    desk.open(scene.plan.pk)
    desk.write("body-3-value-statement", P1_AFTER)
    assert desk.actions() == ["Submit to Board approval", "Save draft"]
    desk.is_refused("Submit to Board approval")
    expect(desk.error("body-3-value-reason")).to_contain_text("Write why these words changed, afresh")
    desk.write("body-3-value-reason", "People said that being asked late is worse than not being asked.")
    desk.choose("body-3-value-decision", DECISION)
    desk.write("version_summary", "Principle 1 now says that people are asked gladly.")
    desk.act("Submit to Board approval")
    desk.told("has been submitted")
    desk.page.goto(reverse("wagtailadmin_pages:edit", args=[scene.plan.pk]))
    assert not any("Approve" in action or "Publish" in action for action in desk.actions())
    assert ModelVersion.objects.current().number == 1

    board = Editor(site.window(user=board_member))
    assert_menu_is(board.page)
    expect(board.page.get_by_text("Our plan").first).to_be_visible()
    board.open(scene.plan.pk)
    expect(board.field("body-3-value-statement")).to_have_value(P1_AFTER)
    assert board.actions()[:2] == ["Approve and Publish", "Save draft"]
    board.act("Approve and Publish")
    board.told("Our plan")
    assert ModelVersion.objects.current().number == 2


# Walking back -------------------------------------------------------------------------------------


def walk_back(site: Site) -> None:
    """A stranger, by links alone and without script: sentence, who shaped it, decision, figures, topic."""
    page = site.window(javascript=False)
    page.goto("/")
    page.get_by_role("link", name="Our plan").first.click()
    page.locator("summary", has_text="Name of P1").click()
    page.get_by_role("link", name=re.compile("The address of this sentence.*Name of P1")).click()
    expect(page.locator(".cs_voice--big")).to_have_text(f"“{P1_AFTER}”")
    shaped = page.locator("section[aria-labelledby=shaped]")
    # Two topics stand behind it, and one response raised both: so these are times, not responses.
    expect(shaped).to_contain_text(re.compile("The topics behind these words were raised [0-9]+ times"))
    expect(shaped).to_contain_text(re.compile("Parents and carers: [0-9]{2}"))
    expect(shaped).to_contain_text("Young people: hidden")
    nothing_private(page)
    shaped.get_by_role("link", name=DECISION).click()
    read_the_decision(page)
    page.get_by_role("link", name="What changed").first.click()
    page.get_by_role("link", name="See how views shaped decisions").click()
    read_the_figures(page)


def read_the_decision(page: Page) -> None:
    main = page.locator("main")
    expect(main).to_contain_text("Yes, we will ask before anything is settled.")
    expect(main.locator("ins")).to_contain_text("and gladly")
    expect(page.locator("blockquote")).to_contain_text(ASK)
    expect(main).to_contain_text(re.compile(r"[0-9]{2} of [0-9]{2} responses spoke of it"))
    small_groups_are_hidden(page)
    nothing_private(page)


def read_the_figures(page: Page) -> None:
    main = page.locator("main")
    expect(main).to_contain_text("raised 2 topics: 1 yes, 1 partly.", ignore_case=True, use_inner_text=True)
    nothing_private(page)
    main.get_by_role("link", name="Ask me first").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask me first")
    small_groups_are_hidden(page)
    nothing_private(page)
    page.get_by_role("link", name="Next").click()  # the newest words come first
    expect(main).to_contain_text(ASK)
    nothing_private(page)


def nothing_private(page: Page) -> None:
    """Not the words that were refused, passed on, or given on condition that nobody publishes them."""
    for word in ("zibbertigibs", "qualmfrightened", "hushwhistle"):
        assert word not in page.content(), page.url


def small_groups_are_hidden(page: Page) -> None:
    """No number from one to four in any cell, and the group of two is hidden."""
    cells = [text.strip() for text in page.locator("td.cs_num").all_inner_texts()]
    assert not {"1", "2", "3", "4"} & set(cells)
    young = page.locator("tr", has=page.get_by_role("link", name="Young people")).first
    assert young.locator("td").first.inner_text().strip() == "hidden"


def read_the_receipt(site: Site, code: str) -> None:
    page = site.window(width=PHONE, javascript=False)
    words = receipt_of(page, code)
    one = page.get_by_role("article", name="What should it never feel like?")
    for step in ("Received", "Read", "Sorted", "Answered"):
        expect(one.locator("li.is-done", has_text=step)).to_be_visible()
    assert "They know best what they need." in words
    assert "We drop the form, and keep one conversation." in words
    expect(one.get_by_role("link", name="This sentence of our plan changed").first).to_have_attribute(
        "href", "/model/clauses/P1/"
    )
    one.get_by_role("link", name="Read decision 1").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Should we ask young people first?")


def test_words_walk_to_the_sentence_that_changed_and_back(
    site: Site,
    scene: Scene,
    moderator: User,
    safeguarding_lead: User,
    analyst: User,
    editor: User,
    board_member: User,
) -> None:
    code = answer_and_send(site, scene)
    check_what_waits(site, scene, moderator)
    see_the_concern(site, scene, safeguarding_lead)
    read_the_receipts_of_the_three(site, scene)
    sort_by_keys_and_mouse(site, scene, analyst)
    let_others_answer(scene, moderator, analyst)
    scene.close()
    decide(site, scene, editor)
    change_the_sentence(site, scene, editor, board_member)
    cut_release(by=analyst, reason="after the decision")
    walk_back(site)
    read_the_receipt(site, code)
