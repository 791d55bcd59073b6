"""What the page of a thread shows to whom, and in how many questions to the database."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from collaborative.contributions.models import State
from collaborative.threads import actions
from collaborative.threads.models import Comment, Thread
from tests.threads import talking

pytestmark = pytest.mark.django_db


def page(thread: Thread, client: Client | None = None, **query: Any) -> str:
    response = (client or Client()).get(f"/comments/{thread.pk}/", query)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def listed(body: str) -> list[int]:
    """The comments on a page, replies too, in order."""
    return [int(pk) for pk in re.findall(r'data-comment="(\d+)"', body)]


def test_it_works() -> None:
    thread = talking.thread(intro="Tell us.")
    comment = talking.shown(thread, "Ask us first.")
    body = page(thread)
    assert "What would help?" in body and "Tell us." in body and "Ask us first." in body
    assert listed(body) == [comment.pk]
    assert "1 comment" in body


def test_what_waits_was_refused_or_taken_back_is_not_there() -> None:
    thread = talking.thread()
    held, refused, gone = (talking.shown(thread, f"Words of {n}.") for n in ("one", "two", "three"))
    talking.refuse(refused)
    actions.take_back(gone, voice=gone.voice)
    waiting = talking.say(thread, "Words of four.")
    body = page(thread)
    assert listed(body) == [held.pk]
    for words in ("two", "three", "four"):
        assert f"Words of {words}." not in body
    assert waiting.shown is False


def test_words_pass_the_public_door_whatever_the_row_of_the_comment_says() -> None:
    thread = talking.thread()
    comment = talking.say(thread, "It waits.")
    Comment.objects.filter(pk=comment.pk).update(shown=True, seq=1)
    assert "It waits." not in page(thread)


def test_a_page_that_is_not_public_has_no_thread() -> None:
    thread = talking.thread()
    talking.shown(thread, "Words.")
    restriction = PageViewRestriction.objects.create(page=thread.page, restriction_type="login")
    assert Client().get(f"/comments/{thread.pk}/").status_code == 404
    restriction.delete()
    Page.objects.filter(pk=thread.page_id).update(live=False)
    for address in ("", "add/", "1/", "1/reply/", "1/change/", "finish/"):
        assert Client().get(f"/comments/{thread.pk}/{address}").status_code == 404
    assert Client().get("/comments/99999/").status_code == 404


def many(thread: Thread, count: int, **fields: Any) -> list[Comment]:
    """Shown comments, one a minute, by one voice."""
    voice = talking.voice(thread)
    return [talking.shown(thread, f"Comment {n}.", by=voice, **fields) for n in range(1, count + 1)]


def test_twenty_to_a_page_in_three_orders_by_cursor() -> None:
    thread = talking.thread()
    pks = [comment.pk for comment in many(thread, 45)]
    first = page(thread)
    assert listed(first) == pks[:-21:-1]
    second = page(thread, **cursor(first, "Show earlier comments"))
    assert listed(second) == pks[24:4:-1]
    third = page(thread, **cursor(second, "Show earlier comments"))
    assert listed(third) == pks[4::-1]
    assert listed(page(thread, **cursor(third, "Show newer comments"))) == listed(second)
    assert listed(page(thread, **cursor(second, "Show newer comments"))) == listed(first)
    assert listed(page(thread, order="oldest")) == pks[:20]
    Comment.objects.filter(pk=pks[10]).update(support_count=3)
    Comment.objects.filter(pk=pks[30]).update(support_count=7)
    supported = page(thread, order="supported")
    assert listed(supported)[:3] == [pks[30], pks[10], pks[44]]
    following = page(thread, **cursor(supported, "Show comments with less support"))
    assert not set(listed(following)) & set(listed(supported))
    back = page(thread, **cursor(following, "Show comments with more support"))
    assert listed(back) == listed(supported)


def cursor(body: str, words: str) -> dict[str, str]:
    found = re.search(rf'href="\?([^"#]*)[^"]*">{words}', body)
    assert found, words
    return dict(part.split("=") for part in found[1].replace("&amp;", "&").split("&"))


@pytest.mark.parametrize("typed", ["x", "-1", "1-2-3", "9" * 30, "٣", "1%00", ""])
def test_a_place_that_is_none_is_the_beginning(typed: str) -> None:
    thread = talking.thread()
    comment = talking.shown(thread)
    for name in ("from", "to"):
        for order in ("newest", "oldest", "supported", "nonsense"):
            assert listed(page(thread, order=order, **{name: typed})) == [comment.pk]


def test_a_stable_link_leads_to_the_page_on_which_a_comment_stands() -> None:
    thread = talking.thread()
    comments = many(thread, 45)
    deep = comments[3]
    response = Client().get(f"/comments/{thread.pk}/", {"at": deep.pk})
    assert response.status_code == 302
    body = Client().get(response["Location"]).content.decode()
    assert listed(body)[0] == deep.pk and response["Location"].endswith(f"#c{deep.pk}")
    replies = [talking.shown(thread, f"Reply {n}.", parent=deep) for n in range(30)]
    response = Client().get(f"/comments/{thread.pk}/", {"at": replies[1].pk})
    assert replies[1].pk in listed(Client().get(response["Location"]).content.decode())
    response = Client().get(f"/comments/{thread.pk}/", {"at": replies[27].pk})
    assert f"/comments/{thread.pk}/{deep.pk}/" in response["Location"]
    assert replies[27].pk in listed(Client().get(response["Location"]).content.decode())


def test_a_stable_link_leads_to_each_official_reply_however_many() -> None:
    thread, editor = talking.thread(), talking.person_of("Edwina")
    comment = talking.shown(thread)
    reply = talking.shown(thread, "A reply.", parent=comment)
    official = [
        actions.answer(thread, f"Answer {n}.", by=editor, key=f"k{n}", under=talking.again(comment))
        for n in range(45)
    ]
    address = f"/comments/{thread.pk}/{comment.pk}/"
    pages = [Client().get(address).content.decode()]
    while "Show more replies" in pages[-1]:
        pages.append(Client().get(address, cursor(pages[-1], "Show more replies")).content.decode())
    pks = [one.pk for one in official]
    assert [listed(one) for one in pages] == [pks[:20], pks[20:40], [*pks[40:], reply.pk]]

    def assert_each_is_found() -> None:
        for one in (official[0], official[1], official[2], official[21], official[44], reply):
            to = Client().get(f"/comments/{thread.pk}/", {"at": one.pk})["Location"]
            assert to.endswith(f"#c{one.pk}")
            assert one.pk in listed(Client().get(to).content.decode())

    assert_each_is_found()
    actions.pin(talking.again(comment), by=talking.moderator())
    assert_each_is_found()


@pytest.mark.parametrize("at", ["999999", "x", "", "1" * 40])
def test_a_link_to_what_is_gone_says_so(at: str) -> None:
    thread = talking.thread()
    response = Client().get(f"/comments/{thread.pk}/", {"at": at}, follow=True)
    assert response.status_code == 200
    assert ("not on this page any more" in response.content.decode()) is bool(at)


def test_the_first_replies_stand_under_a_comment_the_rest_on_its_own_page() -> None:
    thread, editor = talking.thread(), talking.person_of("Edwina")
    comment = talking.shown(thread)
    replies = [talking.shown(thread, f"Reply {n}.", parent=comment) for n in range(25)]
    official = actions.answer(thread, "Thank you all.", by=editor, key="k", under=talking.again(comment))
    body = page(thread)
    assert listed(body) == [comment.pk, official.pk, *(reply.pk for reply in replies[:3])]
    assert "Show 22 more replies" in body
    whole = Client().get(f"/comments/{thread.pk}/{comment.pk}/").content.decode()
    assert listed(whole) == [official.pk, *(reply.pk for reply in replies[:20])]
    rest = Client().get(f"/comments/{thread.pk}/{comment.pk}/", cursor(whole, "Show more replies"))
    assert listed(rest.content.decode()) == [reply.pk for reply in replies[20:]]


def test_a_pinned_comment_stands_above_the_others() -> None:
    thread = talking.thread()
    comments = many(thread, 25)
    actions.pin(comments[2], by=talking.moderator())
    body = page(thread)
    assert listed(body)[0] == comments[2].pk and len(listed(body)) == 21
    assert comments[2].pk not in listed(page(thread, **cursor(body, "Show earlier comments")))


def test_a_name_stands_there_only_when_its_owner_chose_so_and_never_an_age() -> None:
    thread = talking.thread(talking.for_all())
    talking.shown(thread, "Named.", permission="named", name="Una Sinclair", age_band="26-plus")
    talking.shown(thread, "Not named.", permission="anonymous", name="Hidden Harry", age_band="26-plus")
    talking.shown(thread, "Young.", age_band="13-15")
    body = page(thread)
    assert "Una Sinclair" in body and "Hidden Harry" not in body and "Name not shown" in body
    assert "13 to 15" not in body


def test_nobody_is_offered_a_reply_to_somebody_under_18() -> None:
    thread = talking.thread(talking.for_all())
    young = talking.shown(thread, "I am young.", age_band="16-17")
    adult = talking.shown(thread, "I am not.")
    body = page(thread)
    assert f"/{young.pk}/reply/" not in body and f"/{adult.pk}/reply/" in body
    assert "Only staff can reply" in body


def test_support_is_nowhere_where_young_people_are_invited() -> None:
    thread = talking.thread(talking.for_all())
    talking.shown(thread)
    body = page(thread)
    assert "support" not in body.lower()


def test_everything_that_a_person_wrote_can_be_reported() -> None:
    thread = talking.thread()
    comment = talking.shown(thread)
    editor = talking.person_of("Edwina")
    actions.summarise(thread, "People ask about boats.", by=editor)
    answer = actions.answer(thread, "Daily.", by=editor, key="k", under=comment)
    body = page(thread)
    assert f'href="/help/wrong/?about={comment.contribution.reference}"' in body
    for link, about in (
        (f"/help/wrong/?page=/comments/{thread.pk}/%3Fat%3D{answer.pk}", f"?at={answer.pk}"),
        (f"/help/wrong/?page=/comments/{thread.pk}/", ""),
    ):
        assert f'href="{link}"' in body
        assert f'value="/comments/{thread.pk}/{about}"' in Client().get(link).content.decode()


STATES: dict[str, tuple[dict[str, Any], str]] = {
    "closed": ({"closed_at": timezone.now()}, "Closed on"),
    "paused": ({"paused_until": timezone.now() + timedelta(hours=1)}, "Nobody can post until"),
    "slow": ({"slow_mode_seconds": 120}, "wait 2 minutes between two comments"),
}


@pytest.mark.parametrize("state", STATES)
def test_the_state_of_a_thread_is_said_in_words(state: str) -> None:
    fields, words = STATES[state]
    body = page(talking.thread(**fields))
    assert words in body
    assert ("<textarea" in body) is (state == "slow")


def test_a_thread_that_opens_later_says_when() -> None:
    thread = talking.thread()
    where = thread.engagement
    where.opens_at = timezone.now() + timedelta(days=3)
    where.save()
    assert "Not open yet. It opens on" in page(thread)


def test_a_page_costs_the_same_however_much_has_piled_up() -> None:
    thread, user = talking.thread(), talking.person_of("Ann")
    voice = talking.voice(thread, user)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    comment = talking.shown(thread, by=voice)
    actions.answer(thread, "Thanks.", by=talking.person_of("Edwina"), key="k", under=comment)
    talking.shown(thread, "Reply.", parent=comment)
    page(thread, client)
    with talking.Statements() as few:
        page(thread, client)
    comments = many(thread, 45)
    for one in comments[25:]:
        for _n in range(5):
            talking.shown(thread, "A reply.", parent=one)
    actions.answer(
        thread, "Thanks.", by=talking.person_of("Edwina"), key="l", under=talking.again(comments[44])
    )
    with talking.Statements() as much:
        body = page(thread, client)
    assert len(much.said) == len(few.said) <= 12, "\n".join(much.said)
    assert len(body) < 100_000


def test_own_comments_are_shown_to_their_author_alone() -> None:
    thread, user = talking.thread(talking.for_all()), talking.person_of("Ann")
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    comment = talking.say(thread, "My own words.", user=user)
    assert "My own words." in page(thread, client) and "Waiting to be checked" in page(thread, client)
    assert "My own words." not in page(thread)
    other = Client()
    other.force_login(talking.person_of("Bea"), backend="django.contrib.auth.backends.ModelBackend")
    assert "My own words." not in page(thread, other)
    from collaborative.moderation import actions as moderation

    moderation.escalate(comment.contribution, by=talking.moderator())
    assert "Waiting to be checked" in page(thread, client)  # a concern looks like any that waits
    assert talking.again(comment).contribution.state == State.ESCALATED


@pytest.mark.parametrize("band", ["13-15", "16-17", "not-said"])
def test_young_words_are_not_shown_back_before_a_person_has_read_them(band: str) -> None:
    thread, user = talking.thread(talking.for_all()), talking.person_of("Ann")
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    comment = talking.say(thread, "My own words.", user=user, age_band=band)
    body = page(thread, client)
    assert "My own words." not in body and "It is saved" in body
    change = client.get(f"/comments/{thread.pk}/{comment.pk}/change/").content.decode()
    assert "My own words." not in change
    talking.release(comment)
    assert "My own words." in page(thread, client)


def test_earlier_words_stand_beside_what_was_said_about_them(monkeypatch: pytest.MonkeyPatch) -> None:
    from collaborative.threads import anchors

    thread = talking.thread()
    talking.shown(thread, "About the old.", about_words="One number for everyone.")
    talking.shown(thread, "About both.", about_words="one number")
    now = anchors.Anchor(title="A sentence", words="There is one number to ring.", url="/model/")
    monkeypatch.setattr(anchors, "resolve", lambda _thread: now)
    body = page(thread)
    assert body.count("This was said about earlier words:") == 1
    assert "One number for everyone." in body and "Does this still hold?" in body
