"""A thread in real browsers: live in three windows, drafts, a shared device, closing, every screen."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect
from wagtail.models import Page as Page_

from collaborative.live.actions import announce
from collaborative.people.models import User
from collaborative.people.roles import Role
from collaborative.threads import actions
from collaborative.threads.models import Comment, Thread
from tests.browser.conftest import PHONE, Site, assert_no_sideways_scrolling
from tests.browser.hearing import waits_to_hear
from tests.outcomes import plan
from tests.threads import talking

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 20_000


def opened(site: Site, thread: Thread, user: User | None = None, **how: Any) -> Page:
    page = site.window(user=user, **how)
    page.goto(f"/comments/{thread.pk}/")
    return page


def listening(page: Page) -> None:
    """Its socket is open: what comes from now on is heard."""
    expect(page.locator("[data-live-words]")).to_contain_text("appear when you ask", timeout=SOON)


def write(page: Page, text: str) -> None:
    page.get_by_label("What do you want to say?").fill(text)
    page.get_by_role("button", name="Post comment").click()


def choose(page: Page, label: str) -> None:
    page.locator("label.ds_radio__label").get_by_text(label, exact=True).click()


def adult(thread: Thread, name: str) -> User:
    """Somebody with an account who has spoken here before, so that what they say stands at once."""
    user = talking.person_of(name)
    talking.voice(thread, user)
    return user


def test_three_windows_see_what_is_said_and_what_goes(site: Site) -> None:
    thread = talking.thread()
    first = talking.shown(thread, "The first comment.")
    writer = opened(site, thread, adult(thread, "Ann"))
    reader = opened(site, thread, adult(thread, "Bea"))
    phone = opened(site, thread, width=PHONE)
    for page in (writer, reader, phone):
        listening(page)
    write(writer, "Said in the first window.")
    expect(writer.locator("[data-list]")).to_contain_text("Said in the first window.", timeout=SOON)
    write(writer, "And another thing.")
    for page in (reader, phone):
        expect(page.get_by_role("button", name="Show 2 new comments")).to_be_visible(timeout=SOON)
        expect(page.locator("[data-list]")).not_to_contain_text("another thing")  # nothing jumps
        waits_to_hear(page, "2 new comments. A button above the list shows them.")
        expect(page.locator("[data-count]")).to_contain_text("3 comments")
    reader.get_by_role("button", name="Show 2 new comments").click()
    listed = [int(one.get_attribute("data-comment") or 0) for one in reader.locator("[data-list] > li").all()]
    assert listed == list(Comment.objects.order_by("-seq").values_list("pk", flat=True))
    waits_to_hear(reader, "2 comments added.")
    expect(reader.locator(":focus")).to_contain_text("And another thing.")
    talking.refuse(first)
    for page in (writer, reader, phone):
        expect(page.locator("[data-thread]")).not_to_contain_text("The first comment.", timeout=SOON)
    expect(reader.locator("[data-live-words]")).to_contain_text("3 people are here now.", timeout=SOON)


def test_replies_edits_pins_and_the_official_answer_come_in_their_place(site: Site) -> None:
    thread = talking.thread()
    comment = talking.shown(thread, "When is it open?", user=adult(thread, "Ann"))
    other = talking.shown(thread, "And on Sundays?")
    page = opened(site, thread)
    listening(page)
    editor = talking.person_of("Edwina")
    actions.answer(thread, "From eight.", by=editor, key="k", under=talking.again(comment))
    page.get_by_role("button", name="Show 1 new comment").click(timeout=SOON)
    expect(page.locator(f"#c{comment.pk} .cs_comment--official")).to_contain_text("From eight.")
    expect(page.locator("[data-count]")).to_contain_text("2 comments, 1 answered by the partnership")
    actions.change(talking.again(comment), "When does it open?", voice=comment.voice, user=comment.voice.user)
    expect(page.locator(f"#c{comment.pk} > .cs_comment")).to_contain_text("When does it open?", timeout=SOON)
    expect(page.locator(f"#c{comment.pk} > .cs_comment")).to_contain_text("edited")
    expect(page.locator(f"#c{comment.pk} .cs_comment--official")).to_be_visible()
    above, below = page.locator("[data-pins] > li"), page.locator("[data-list] > li")
    for on, pinned, others in ((True, [comment], [other]), (False, [], [other, comment])):
        actions.pin(talking.again(comment), by=editor, on=on)
        for where, rows in ((above, pinned), (below, others)):
            expect(where).to_have_count(len(rows), timeout=SOON)
            assert [one.get_attribute("id") for one in where.all()] == [f"c{row.pk}" for row in rows]
        expect(page.locator(f"#c{comment.pk} .cs_comment--official")).to_be_visible()
    expect(page.locator("[data-pins]")).to_have_count(0)
    actions.summarise(thread, "People ask when it opens.", by=editor)
    expect(page.locator("[data-summary]")).to_contain_text("People ask when it opens.", timeout=SOON)


def test_oldest_first_what_is_new_stands_on_the_last_page_and_nowhere_else(site: Site) -> None:
    thread = talking.thread()
    others, writer = adult(thread, "Ann"), adult(thread, "Bea")
    first = [talking.shown(thread, f"Comment {n}.", user=others) for n in range(24)]
    page = site.window(user=writer)
    page.goto(f"/comments/{thread.pk}/?order=oldest")
    listening(page)
    listed = page.locator("[data-list] > li")
    write(page, "My own, the last of all.")
    expect(page.get_by_text("Your comment is on another page.")).to_be_visible(timeout=SOON)
    other = talking.shown(thread, "Said after that.", user=others)
    page.get_by_role("button", name="Show 1 new comment").click(timeout=SOON)
    expect(page.locator(f"#c{other.pk}")).to_be_visible()
    page.go_back()
    write(page, "Once more.")
    page.get_by_role("link", name="See it.").click(timeout=SOON)
    page.wait_for_url(lambda address: "from=" in address)
    expect(listed).to_have_count(1)
    page.goto(f"/comments/{thread.pk}/?order=oldest&from={first[20].seq}")
    listening(page)
    write(page, "On the page where it belongs.")
    expect(listed).to_have_count(8, timeout=SOON)
    expect(listed.last).to_contain_text("On the page where it belongs.")
    expect(page.get_by_text("Your comment is on another page.")).to_be_hidden()


def test_closing_stops_the_composer_at_once_and_keeps_what_was_typed(site: Site) -> None:
    thread = talking.thread()
    page = opened(site, thread, adult(thread, "Ann"))
    listening(page)
    box = page.get_by_label("What do you want to say?")
    box.fill("Half a sentence")
    actions.close(thread, by=talking.moderator())
    expect(page.get_by_role("button", name="Post comment")).to_be_disabled(timeout=SOON)
    expect(page.locator("[data-condition]")).to_contain_text("What you typed is still here")
    expect(box).to_have_value("Half a sentence")
    actions.reopen(thread, by=talking.moderator())
    expect(page.get_by_role("button", name="Post comment")).to_be_enabled(timeout=SOON)
    expect(page.get_by_role("button", name="Post comment")).to_be_enabled(timeout=SOON)
    actions.close(thread, by=talking.moderator())
    expect(page.get_by_role("button", name="Post comment")).to_be_disabled(timeout=SOON)
    page.reload()  # without a form now; it leads to one as soon as there is something to write in
    listening(page)
    expect(page.get_by_role("link", name="Write a comment")).to_be_hidden()
    actions.reopen(thread, by=talking.moderator())
    waits_to_hear(page, "You can comment now.")
    page.get_by_role("link", name="Write a comment").click()
    expect(box).to_have_value("Half a sentence")
    write(page, "Half a sentence, and the rest.")
    expect(page.locator("[data-list]")).to_contain_text("and the rest.", timeout=SOON)


def test_a_pause_of_the_thread_ends_by_itself(site: Site) -> None:
    thread = talking.thread(paused_until=timezone.now() + timedelta(seconds=12))
    page = opened(site, thread, adult(thread, "Ann"))
    expect(page.locator("[data-condition]")).to_contain_text("Nobody can post until")
    expect(page.get_by_role("link", name="Write a comment")).to_be_visible(timeout=SOON)
    page.reload()
    listening(page)
    page.get_by_label("What do you want to say?").fill("After the pause.")
    with transaction.atomic():
        Thread.objects.filter(pk=thread.pk).update(paused_until=timezone.now() + timedelta(seconds=15))
        announce((thread.stream, "thread", thread.pk))
    expect(page.get_by_role("button", name="Post comment")).to_be_disabled(timeout=SOON)
    expect(page.get_by_role("button", name="Post comment")).to_be_enabled(timeout=2 * SOON)
    page.get_by_role("button", name="Post comment").click()
    expect(page.locator("[data-list]")).to_contain_text("After the pause.", timeout=SOON)


def test_pausing_waits_and_catches_up(site: Site) -> None:
    thread = talking.thread()
    page = opened(site, thread)
    listening(page)
    page.get_by_role("button", name="Stop checking for new ones").click()
    talking.shown(thread, "Said meanwhile.")
    page.wait_for_timeout(4000)
    expect(page.get_by_role("button", name="Show 1 new comment")).to_be_hidden()
    page.get_by_role("button", name="Check for new ones").click()
    page.get_by_role("button", name="Show 1 new comment").click(timeout=SOON)
    expect(page.locator("[data-list]")).to_contain_text("Said meanwhile.")


def test_a_draft_survives_a_reload_until_the_server_has_it(site: Site) -> None:
    thread = talking.thread(talking.for_all())
    page = opened(site, thread, adult(thread, "Ann"))
    box = page.get_by_label("What do you want to say?")
    box.fill("Not sent yet.")
    page.wait_for_timeout(500)
    page.reload()
    expect(box).to_have_value("Not sent yet.")
    expect(page.locator("[data-draft]")).to_contain_text("kept in this browser")
    page.get_by_role("button", name="Post comment").click()
    expect(page.locator("[data-own-list]")).to_contain_text("Not sent yet.", timeout=SOON)
    page.reload()
    expect(box).to_have_value("")
    assert Comment.objects.count() == 1


def test_a_first_comment_goes_through_the_plain_form_and_its_draft_goes_with_it(site: Site) -> None:
    thread = talking.thread()
    page = opened(site, thread)
    write(page, "My first words here.")
    choose(page, "26 or over")
    page.get_by_role("button", name="Continue").click()
    choose(page, "Myself")
    choose(page, "Without my name")
    choose(page, "No")
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_text("Your code")).to_be_visible()
    page.get_by_role("link", name="Back to the comments").first.click()
    expect(page.get_by_label("What do you want to say?")).to_have_value("")
    expect(page.locator("[data-own-list]")).to_contain_text("My first words here.")


def test_an_unanswered_post_keeps_the_words_and_makes_one_comment(site: Site) -> None:
    thread = talking.thread()
    page = opened(site, thread, adult(thread, "Ann"), statuses=())
    listening(page)
    site.complaints.clear()
    lost: list[int] = []

    def lose_the_answer(route: Any) -> None:
        if not lost:
            lost.append(1)
            route.fetch()  # it arrives, and nobody hears of it
            route.abort()
        else:
            route.continue_()

    page.route("**/add/", lose_the_answer)
    write(page, "Sent once, and once more.")
    expect(page.locator("[data-draft]")).to_contain_text("This did not reach us", timeout=SOON)
    expect(page.get_by_label("What do you want to say?")).to_have_value("Sent once, and once more.")
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_label("What do you want to say?")).to_have_value("", timeout=SOON)
    assert Comment.objects.count() == 1
    site.complaints[:] = [one for one in site.complaints if "ERR_FAILED" not in one]


def test_a_shared_device_keeps_no_draft_and_finishing_clears_back_too(site: Site) -> None:
    thread = talking.thread(talking.for_all())
    page = opened(site, thread, adult(thread, "Ann"))
    page.get_by_label("What do you want to say?").fill("Kept until it is shared.")
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Finish and clear this screen").click()
    expect(page.get_by_role("heading", name="This screen is clear")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0
    page.go_back()
    expect(page.get_by_label("What do you want to say?")).to_have_value("")
    expect(page.locator("body")).not_to_contain_text("You speak as")
    page.get_by_role("button", name="Keep nothing on it").click()
    page.get_by_label("What do you want to say?").fill("On a shared device.")
    page.wait_for_timeout(500)
    assert page.evaluate("localStorage.length") == 0
    page.reload()
    expect(page.get_by_label("What do you want to say?")).to_have_value("")


def test_support_is_counted_in_every_window(site: Site) -> None:
    thread = talking.thread()
    comment = talking.shown(thread, "Longer hours.")
    supporter, other = opened(site, thread, adult(thread, "Ann")), opened(site, thread, width=PHONE)
    for page in (supporter, other):
        listening(page)
    supporter.locator(f"#c{comment.pk} [data-support]").click()
    supporter.get_by_role("button", name="Support it").click()
    for page in (supporter, other):
        expect(page.locator(f"#c{comment.pk}")).to_contain_text("1 supports this", timeout=SOON)


def test_every_screen_is_whole_with_and_without_script(
    site: Site, width: int, javascript: bool, assert_axe_clean: Any
) -> None:
    thread = talking.thread(talking.for_all(), intro="Tell us.")
    comment = talking.shown(thread, "A comment with a " + "long" * 40 + " word.")
    talking.shown(thread, "A reply.", parent=comment)
    actions.answer(
        thread, "Thank you.", by=talking.person_of("Edwina"), key="k", under=talking.again(comment)
    )
    user = adult(thread, "Ann")
    own = talking.say(
        thread, "My own words.", user=user, by=actions.voice_of(thread.engagement, user=user, token="")
    )
    page = site.window(width=width, javascript=javascript, user=user)
    base = f"/comments/{thread.pk}/"
    rests = (
        "",
        f"{comment.pk}/",
        "add/",
        f"{comment.pk}/reply/",
        f"{own.pk}/change/",
        f"{own.pk}/take-back/",
    )
    for rest in (*rests, "added/", "finish/"):
        page.goto(base + rest)
        assert_no_sideways_scrolling(page)
        assert page.locator("h1").count() == 1
        if javascript:
            assert_axe_clean(page)
    stranger = site.window(width=width, javascript=javascript, statuses=(422,))
    stranger.goto(base)
    write(stranger, "Ring 01632 960123.")
    expect(stranger.locator("#signs")).to_be_visible()
    stranger.get_by_role("button", name="Post comment").click()
    expect(stranger.get_by_role("heading", name="How old are you?")).to_be_visible()
    choose(stranger, "26 or over")
    stranger.get_by_role("button", name="Continue").click()
    if javascript:
        assert_axe_clean(stranger)
    stranger.get_by_role("button", name="Post comment").click()
    expect(stranger.locator(".ds_error-summary")).to_be_visible()
    assert_no_sideways_scrolling(stranger)
    assert re.search(r"Ring 01632 960123\.", stranger.content())


def test_words_selected_in_the_sentence_are_what_it_is_about(site: Site) -> None:
    written = plan.published_page()
    where = talking.adults_only()
    editor = talking.person_of("Edwina", Role.EDITORS)
    opened_on = Page_.objects.get(pk=written.pk)
    thread = actions.open_thread(where, opened_on, title="And this?", by=editor, kind="clause", key="P1")
    thread = Thread.objects.whole().get(pk=thread.pk)
    page = opened(site, thread, adult(thread, "Ann"))
    page.locator("[data-sentence]").evaluate(
        """(one) => {
          const text = one.firstChild, range = document.createRange();
          range.setStart(text, text.data.indexOf("asked"));
          range.setEnd(text, text.data.indexOf("asked") + 8);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }"""
    )
    expect(page.get_by_label("Which words?")).to_have_value("asked me")
    write(page, "Early enough?")
    expect(page.locator("[data-list]")).to_contain_text("Early enough?", timeout=SOON)
    assert Comment.objects.get().about_words == "asked me"
