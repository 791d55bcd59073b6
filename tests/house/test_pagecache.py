"""The page cache: who gets a kept page, what is never kept, and when a kept page is out of reach."""

import asyncio
import time
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import transaction
from django.test import AsyncClient, Client

from collaborative import pagecache
from collaborative.models import Epoch
from collaborative.people.models import StakeholderGroup, User

pytestmark = [pytest.mark.urls("tests.house.urls")]


@pytest.fixture
def group(db: None) -> StakeholderGroup:
    return StakeholderGroup.objects.create(slug="canary", name="Canary")


def kept() -> int:
    return len(pagecache.shelf)


@pytest.mark.django_db
def test_a_second_stranger_gets_the_kept_page_without_a_query(
    stranger: Client, group: StakeholderGroup, django_assert_num_queries: Callable
) -> None:
    first = stranger.get("/groups/")
    with django_assert_num_queries(0):
        second = Client().get("/groups/")
    assert b"Canary" in first.content
    assert second.content == first.content
    assert second["Content-Type"] == first["Content-Type"]
    assert second["Content-Security-Policy"] == first["Content-Security-Policy"]
    assert second["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db(transaction=True)
def test_the_epoch_is_asked_for_once_a_second(
    stranger: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Callable
) -> None:
    stranger.get("/groups/")
    later = time.monotonic() + 1.01
    monkeypatch.setattr(pagecache.time, "monotonic", lambda: later)
    with django_assert_num_queries(1):
        stranger.get("/groups/")
    with django_assert_num_queries(0):
        stranger.get("/groups/")


@pytest.mark.django_db(transaction=True)
def test_removed_text_is_gone_after_a_second_in_another_process(
    stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = StakeholderGroup.objects.create(slug="canary", name="Canary")
    assert b"Canary" in stranger.get("/groups/").content
    StakeholderGroup.objects.filter(pk=group.pk).delete()
    # What another process would do: the epoch moves in the database, and this process is not told.
    Epoch.objects.filter(pk=1).update(number=Epoch.objects.get(pk=1).number + 1)
    later = time.monotonic() + pagecache.EPOCH_SECONDS
    monkeypatch.setattr(pagecache.time, "monotonic", lambda: later)
    assert b"Canary" not in stranger.get("/groups/").content


@pytest.mark.django_db(transaction=True)
def test_the_process_that_removed_it_shows_it_no_more_at_once(stranger: Client) -> None:
    group = StakeholderGroup.objects.create(slug="canary", name="Canary")
    assert b"Canary" in stranger.get("/groups/").content
    with transaction.atomic():
        group.delete()
        pagecache.touch()
    assert b"Canary" not in stranger.get("/groups/").content


@pytest.mark.django_db(transaction=True)
def test_a_rollback_does_not_move_the_epoch(stranger: Client) -> None:
    before = Epoch.objects.get(pk=1).number
    stranger.get("/groups/")
    with pytest.raises(RuntimeError), transaction.atomic():
        pagecache.touch()
        assert Epoch.objects.get(pk=1).number == before + 1
        raise RuntimeError
    assert Epoch.objects.get(pk=1).number == before
    assert pagecache.epoch.fresh() == before


@pytest.mark.django_db(transaction=True)
def test_touch_makes_the_row_when_it_is_missing() -> None:
    Epoch.objects.all().delete()
    pagecache.touch()
    first = Epoch.objects.get(pk=1).number
    pagecache.touch()
    assert Epoch.objects.get(pk=1).number == first + 1


@pytest.mark.django_db
def test_watched_models_move_the_epoch_when_saved_and_deleted() -> None:
    pagecache.watch(User)
    numbers = [Epoch.objects.get(pk=1).number]
    user = User.objects.create_user(email="a@example.org")
    numbers.append(Epoch.objects.get(pk=1).number)
    user.groups.create(name="watched")
    numbers.append(Epoch.objects.get(pk=1).number)
    user.delete()
    numbers.append(Epoch.objects.get(pk=1).number)
    for signal in (pagecache.post_save, pagecache.post_delete):
        signal.disconnect(
            sender=User,
            dispatch_uid=f"pagecache:people.User:{'save' if signal is pagecache.post_save else 'delete'}",
        )
    assert numbers == sorted(set(numbers))


@pytest.mark.django_db
def test_someone_signed_in_never_gets_a_kept_page(
    stranger: Client, group: StakeholderGroup, client_for: Callable, signed_in_person: User
) -> None:
    assert b"AnonymousUser" in stranger.get("/who/").content
    assert kept() == 1
    assert b"Pat" in client_for(signed_in_person).get("/who/").content


@pytest.mark.django_db
def test_someone_signed_in_never_makes_one(
    stranger: Client, client_for: Callable, signed_in_person: User
) -> None:
    client_for(signed_in_person).get("/who/")
    assert kept() == 0
    assert b"Pat" not in stranger.get("/who/").content


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/form/", "/cookie/", "/session/", "/never/", "/json/", "/lost/", "/healthz"]
)
def test_what_is_not_a_plain_public_page_is_never_kept(stranger: Client, address: str) -> None:
    stranger.get(address)
    assert kept() == 0


@pytest.mark.django_db
def test_a_csrf_cookie_is_never_kept_even_for_a_visitor_who_has_one_already() -> None:
    visitor = Client()
    visitor.get("/form/")
    assert "csrftoken" in visitor.cookies
    visitor.get("/form/")
    assert kept() == 0
    visitor.get("/groups/")
    answer = Client().get("/groups/")
    assert kept() == 1
    assert not answer.cookies


@pytest.mark.django_db
def test_a_visitor_with_a_message_waiting_is_not_served_from_the_cache(stranger: Client) -> None:
    stranger.cookies["messages"] = "anything"
    stranger.get("/groups/")
    assert kept() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers", [{"hx-request": "true"}, {"authorization": "Basic eA=="}, {"range": "bytes=0-1"}]
)
def test_requests_for_something_other_than_the_page_pass_by(
    stranger: Client, headers: dict[str, str]
) -> None:
    stranger.get("/groups/", headers=headers)
    assert kept() == 0


@pytest.mark.django_db
def test_posts_pass_by_and_head_is_answered_from_the_kept_page(
    stranger: Client, group: StakeholderGroup
) -> None:
    stranger.post("/groups/")
    stranger.head("/groups/")
    assert kept() == 0
    whole = stranger.get("/groups/")
    head = stranger.head("/groups/")
    assert head.content == b""
    assert head["Content-Length"] == whole["Content-Length"]


@pytest.mark.django_db
def test_a_known_parameter_has_a_page_of_its_own_and_an_unknown_one_has_none(stranger: Client) -> None:
    assert b"young" in stranger.get("/groups/?group=young").content
    assert b"older" in stranger.get("/groups/?group=older").content
    assert kept() == 2
    stranger.get("/groups/?utm_source=x")
    stranger.get("/groups/?group=young&utm_source=x")
    assert kept() == 2


@pytest.mark.django_db
def test_host_language_and_scheme_have_pages_of_their_own(stranger: Client) -> None:
    answers = [
        stranger.get("/groups/"),
        stranger.get("/groups/", headers={"accept-language": "gd"}),
        stranger.get("/groups/", headers={"host": "localhost"}),
        stranger.get("/groups/", secure=True),
    ]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert answers[1]["Content-Language"] == "gd"
    assert kept() == 4


@pytest.mark.django_db
def test_a_host_that_is_not_ours_is_refused_and_not_kept(stranger: Client) -> None:
    assert stranger.get("/groups/", headers={"host": "evil.example"}).status_code == 400
    assert kept() == 0


@pytest.mark.django_db
def test_a_browser_that_has_the_page_is_told_so(stranger: Client, group: StakeholderGroup) -> None:
    etag = stranger.get("/groups/")["ETag"]
    for _ in range(2):
        assert stranger.get("/groups/", headers={"if-none-match": etag}).status_code == 304
    assert stranger.get("/groups/", headers={"if-none-match": '"other"'}).status_code == 200
    pagecache.shelf.clear()
    assert stranger.get("/groups/", headers={"if-none-match": etag}).status_code == 304
    assert kept() == 1


@pytest.mark.django_db
def test_browsers_and_proxies_must_ask_again(stranger: Client) -> None:
    answer = stranger.get("/groups/")
    assert answer["Cache-Control"] == "no-cache"
    assert {"Accept-Encoding", "Accept-Language"} <= {part.strip() for part in answer["Vary"].split(",")}


@pytest.mark.django_db
def test_compressed_and_plain_pages_are_kept_apart(stranger: Client) -> None:
    packed = [stranger.get("/groups/", headers={"accept-encoding": "gzip, br"}) for _ in range(2)]
    plain = [stranger.get("/groups/") for _ in range(2)]
    assert [answer.get("Content-Encoding") for answer in packed + plain] == ["gzip", "gzip", None, None]


@pytest.mark.django_db
def test_a_page_ages_although_nothing_moved(stranger: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger.get("/groups/")
    StakeholderGroup.objects.create(slug="late", name="Latecomer")
    later = time.monotonic() + settings.PAGE_CACHE_SECONDS + 1
    monkeypatch.setattr(pagecache.time, "monotonic", lambda: later)
    assert b"Latecomer" in stranger.get("/groups/").content


@pytest.mark.django_db
def test_the_shelf_holds_no_more_bytes_than_it_may(stranger: Client, settings: object) -> None:
    size = len(stranger.get("/groups/?group=0").content)
    settings.PAGE_CACHE_BYTES = size * 3  # type: ignore[attr-defined]
    for number in range(1, 9):
        stranger.get(f"/groups/?group={number}")
    assert kept() == 3
    assert pagecache.shelf._bytes <= size * 3


@pytest.mark.django_db(transaction=True)
def test_under_asgi_a_hit_is_the_same_page(stranger: Client) -> None:
    StakeholderGroup.objects.create(slug="canary", name="Canary")

    async def ask() -> list[bytes]:
        return [(await AsyncClient().get("/groups/")).content for _ in range(2)]

    first, second = asyncio.run(ask())
    assert b"Canary" in first
    assert second == first
    assert kept() == 1
