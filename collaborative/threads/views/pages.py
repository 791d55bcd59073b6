"""Reading a thread: its page, one comment with all its replies, and the stable link to a comment."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collaborative.threads import own_words, reading, states
from collaborative.threads.actions.mailing import may_subscribe
from collaborative.threads.models import Comment
from collaborative.threads.reading import NEWEST, OLDEST, SUPPORTED
from collaborative.threads.views.composing import composer
from collaborative.threads.visit import Visit

ORDERS = {
    NEWEST: gettext_lazy("Newest first"),
    OLDEST: gettext_lazy("Oldest first"),
    SUPPORTED: gettext_lazy("Most supported first"),
}


def shell(visit: Visit) -> dict[str, Any]:
    """What every page of a thread has: what it is about, and how it is doing."""
    thread, anchor = visit.thread, visit.anchor
    return {
        "thread": thread,
        "thread_url": thread_url(thread.pk),
        "anchor": anchor,
        "section": anchor.section,
        "condition": states.condition(thread, visit.now),
        "voice": visit.voice,
        "in_class": visit.in_class,
        "shared": visit.is_shared,
        "may_mail": may_subscribe(visit.voice),
    }


def thread_url(number: int) -> str:
    return reverse("thread", args=[number])


@never_cache
@require_safe
def thread(request: HttpRequest, number: int) -> HttpResponse:
    """The page of a thread: 20 comments from a place on, each with its first replies."""
    visit = Visit(request, number, reading.follow(number))
    order = request.GET.get("order", "")
    order = order if order in orders(visit) else NEWEST
    at = request.GET.get("at", "")
    if at:
        return _to_comment(visit, at, order)
    page = reading.page(
        visit.thread,
        order,
        request.GET.get("from", ""),
        request.GET.get("to", ""),
        sentence=visit.anchor.words,
    )
    crumbs = [*visit.anchor.crumbs, (visit.anchor.url, visit.anchor.name), ("", _("Comments"))]
    mine = own_words.mine(visit)
    page.give_tools(mine.tools)
    context = {
        **shell(visit),
        **composer(visit),
        "crumbs": crumbs,
        "page": page,
        "order": order,
        "orders": [(code, words) for code, words in orders(visit).items()],
        "mine": mine,
        "gone": "gone" in request.GET,
    }
    return render(request, "threads/thread.html", context)


def orders(visit: Visit) -> dict[str, str]:
    known = {code: str(words) for code, words in ORDERS.items()}
    if not visit.thread.has_support:
        del known[SUPPORTED]
    return known


def _to_comment(visit: Visit, at: str, order: str) -> HttpResponse:
    """The page on which a comment stands now, however deep: in the list, or among the replies of another."""
    found = None
    if at.isascii() and at.isdecimal() and len(at) < 18:
        found = visit.thread.comments.shown().select_related("parent").filter(pk=int(at)).first()
    if found is None:
        return redirect(f"{thread_url(visit.thread.pk)}?gone")
    return redirect(place_of(found, order))


def place_of(comment: Comment, order: str = NEWEST) -> str:
    """The address of a shown comment; two queries at most."""
    top = comment.parent or comment
    # Where the comment is pinned, it stands above the list without its replies.
    if comment.parent is not None and (top.pinned_at or not reading.is_among_first(comment)):
        page = reverse("thread_comment", args=[comment.thread_id, top.pk])
        return f"{page}?{urlencode({'from': reading.place_among_replies(comment)})}#c{comment.pk}"
    query = {} if order == NEWEST else {"order": order}
    if top.pinned_at is None:
        at = f"{top.support_count}-{top.seq}" if order == SUPPORTED else top.seq
        query |= {"from": str(at)}
    question = f"?{urlencode(query)}" if query else ""
    return f"{thread_url(comment.thread_id)}{question}#c{comment.pk}"


@never_cache
@require_safe
def comment(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """One comment as it was typed, whole, with all its replies, 20 at a time."""
    visit, found = Visit.to(request, number, pk)
    shown = reading.show([found], visit.anchor.words, whole=True) if found.shown else []
    if not shown or found.parent_id is not None:
        return redirect(f"{thread_url(number)}?at={pk}")
    page = reading.replies_page(found, request.GET.get("from", ""))
    crumbs = [
        *visit.anchor.crumbs,
        (visit.anchor.url, visit.anchor.name),
        (thread_url(number), _("Comments")),
        ("", _("One comment")),
    ]
    page.shown.insert(0, shown[0])
    page.give_tools(own_words.mine(visit).tools)
    context = {**shell(visit), "crumbs": crumbs, "one": page.shown.pop(0), "page": page}
    return render(request, "threads/comment_page.html", context)
