"""The screens of a consultation that no other file opens: its closing, its editions, what came of it, its
preview and its copy. By keyboard alone, with axe after each thing that happens, empty and with a mistake."""

from collections.abc import Callable
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from collaborative.consultations.models import ConsultationPage
from collaborative.engagements.models import Engagement
from collaborative.flow.actions import cut_release
from collaborative.people.models import User
from home.tree import lay_out
from tests.browser.conftest import Site, assert_no_sideways_scrolling
from tests.browser.keys import Keys
from tests.consultations import telling
from tests.consultations.making import block, consultation, group

Clean = Callable[..., None]


def looked_at(page: Page, check: Clean, within: str = "main") -> None:
    """A message of Wagtail fades in, and colours in between are nobody's choice: look once it stands."""
    if page.locator(".messages > ul").count():
        expect(page.locator(".ready .messages > ul")).to_have_css("opacity", "1")
    check(page, within=within)
    assert_no_sideways_scrolling(page)


def test_the_closing_is_moved_by_keyboard_after_a_mistake(
    site: Site, editor: User, width: int, assert_axe_clean: Clean
) -> None:
    engagement = consultation()
    before = engagement.closes_at
    assert before
    later = timezone.localtime(before) + timedelta(days=14)
    page = site.window(user=editor, width=width, statuses=(422,))
    page.goto(reverse("move_closing", args=[engagement.pk]))
    looked_at(page, assert_axe_clean)
    keys, move = Keys(page), page.get_by_role("button", name="Move the closing")
    # Watching takes the focus away and gives it back: in the field of a day that is its first part again.
    keys.to(move, watched=False)
    keys.is_seen()
    keys.press("Enter")
    expect(page.get_by_text("Say why: people will read it.")).to_be_visible()
    looked_at(page, assert_axe_clean)
    page.locator("#id_day").fill(f"{later:%Y-%m-%d}")  # the order of its parts is the browser's
    keys.to(page.locator("#id_reason"), watched=False)
    page.keyboard.type("A school asked for more time.")
    keys.to(move)
    keys.press("Enter")
    page.wait_for_url(f"**/pages/{engagement.page_id}/edit/")
    expect(page.locator(".messages")).to_contain_text("It now closes on")
    page.goto(reverse("move_closing", args=[engagement.pk]))
    expect(page.locator("main")).to_contain_text("A school asked for more time.")
    looked_at(page, assert_axe_clean)
    moved = Engagement.objects.get().closes_at
    assert moved and timezone.localdate(moved) == later.date()


def test_lng_3_an_edition_that_still_fits_is_noted_by_keyboard(
    site: Site, editor: User, width: int, assert_axe_clean: Clean
) -> None:
    engagement = consultation(questions=[block("a", text="What is wrong?", young="What is rubbish?")])
    changed = ConsultationPage.objects.get()
    changed.questions[0].value["text"] = "What is really wrong?"
    changed.save_revision().publish()
    page = site.window(user=editor, width=width)
    page.goto(reverse("editions", args=[engagement.pk]))
    looked_at(page, assert_axe_clean)
    keys = Keys(page)
    keys.to(page.get_by_role("button", name="It still fits"))
    keys.press("Enter")
    expect(page.locator(".messages")).to_contain_text("Noted: it still fits.")
    expect(page.get_by_role("button", name="It still fits")).to_have_count(0)
    looked_at(page, assert_axe_clean)


def test_con_4_what_came_of_it_empty_late_and_told(
    site: Site, editor: User, width: int, assert_axe_clean: Clean
) -> None:
    page = site.window(user=editor, width=width)
    page.goto(reverse("feedback_overview"))
    expect(page.get_by_text("No consultation has closed.")).to_be_visible()
    looked_at(page, assert_axe_clean)
    engagement = telling.closed(days=100)
    page.reload()
    expect(page.get_by_text("Overdue by")).to_be_visible()
    looked_at(page, assert_axe_clean)
    keys = Keys(page)
    keys.follow(engagement.title)
    expect(page.get_by_text("They have not been counted yet.")).to_be_visible()
    looked_at(page, assert_axe_clean)
    telling.crowd(engagement, 7)
    telling.crowd(engagement, 6, channel="paper", group=group("young-people"))
    telling.decided(engagement)
    cut_release()
    telling.told(**telling.parts("we_asked", "you_said"))
    page.reload()
    expect(page.get_by_role("heading", name="The newest figures that are public")).to_be_visible()
    looked_at(page, assert_axe_clean)


def test_the_screens_for_answers_downloads_and_classes_before_there_is_anything(
    site: Site, editor: User, analyst: User, assert_axe_clean: Clean
) -> None:
    for user, names in (
        (editor, ("imports_home", "classes")),
        (analyst, ("exports_home", "analysis_campaigns")),
    ):
        page = site.window(user=user)
        for name in names:
            page.goto(reverse(name))
            looked_at(page, assert_axe_clean)


def test_a_consultation_is_previewed_and_copied_by_keyboard(
    site: Site, editor: User, width: int, assert_axe_clean: Clean
) -> None:
    lay_out()
    first = consultation()
    page = site.window(user=editor, width=width)
    page.goto(reverse("wagtailadmin_pages:edit", args=[first.page_id]))
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[first.page_id])
    with page.expect_response(lambda answer: preview in answer.url and answer.request.method == "POST"):
        page.get_by_role("button", name="Toggle preview").focus()
        page.keyboard.press("Enter")
    for mode in ("standard", "young"):
        page.goto(f"{preview}?mode={mode}")
        expect(page.get_by_text("When")).not_to_have_count(0)
        looked_at(page, assert_axe_clean)
    page.goto(reverse("wagtailadmin_pages:copy", args=[first.page_id]))
    looked_at(page, assert_axe_clean, "main form")
    page.get_by_label("New slug").fill("")
    keys = Keys(page)
    keys.push("Copy this page")
    expect(page.get_by_text("This field is required.")).to_be_visible()
    looked_at(page, assert_axe_clean, "main form")
    page.get_by_label("New slug").fill("again")
    keys.push("Copy this page")
    expect(page.locator(".messages")).to_contain_text("copied")
    assert not ConsultationPage.objects.get(slug="again").live
