"""Posting: from the page of a thread, as a reply, and through the questions before somebody's first comment.

Whatever goes wrong, what was typed comes back with what to do. Everything arrives in one form each time and
is read afresh, so that reloading, going back and sending twice do nothing twice.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from collaborative import limits
from collaborative.accept import wants_json
from collaborative.contributions.actions import About, NotPossible
from collaborative.csrf import checks_itself, forged
from collaborative.engagements import ages
from collaborative.threads import actions, own_words, states, text
from collaborative.threads.actions.posting import Wait
from collaborative.threads.actions.voices import receipt_code
from collaborative.threads.forms import Asked, Errors, problems_of_words, text_of
from collaborative.threads.models import Comment
from collaborative.threads.permissions import may_reply
from collaborative.threads.views.composing import ask_page, compose_page, key_of
from collaborative.threads.views.pages import shell, thread_url
from collaborative.threads.visit import PATH, SHARED, Visit, set_cookie


@checks_itself
def add(request: HttpRequest, number: int) -> HttpResponse:
    return _write(Visit(request, number), None)


@checks_itself
def reply(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    visit, parent = Visit.to(request, number, pk)
    if not may_reply(parent):
        if request.method == "POST":
            gone = _("You cannot reply to this comment (any more).")
            return _sent_again(visit) or _refused(visit, None, [("", gone)], 409)
        return redirect(f"{thread_url(number)}?at={pk}")
    return _write(visit, parent)


def _write(visit: Visit, parent: Comment | None) -> HttpResponse:
    request, posted = visit.request, visit.request.POST
    if request.method != "POST":
        return compose_page(visit, parent)
    if forged(request):
        return _refused(
            visit,
            parent,
            [
                (
                    "",
                    _(
                        "Nothing was posted: this page was open too long, or your browser keeps no cookies. "
                        "What you typed is still here. Send it once more."
                    ),
                )
            ],
            403,
        )
    words = text_of(posted, "text")
    if posted.get("then") == "preview":
        return compose_page(visit, parent, posted=posted, preview=True)
    errors = problems_of_words(words)
    if errors:
        return _refused(visit, parent, errors, 422)
    now = states.condition(visit.thread, visit.now)
    if not now.takes_comments:
        return _sent_again(visit) or _refused(visit, parent, [("", now.words)], 409)
    if text.signs(words) and not posted.get("looked"):
        return _look_again(visit, parent)
    if visit.voice is None:
        return _sent_again(visit) or _ask(visit, parent)
    return _post(visit, parent, None)


def _sent_again(visit: Visit) -> HttpResponse | None:
    """To a retry: the comment that its first sending made. Asked before anything is refused, and only then.

    Whoever spoke here for the first time and never had our answer is known by the name of the attempt.
    """
    if forged(visit.request):
        return None
    key = key_of(visit.request.POST)
    token = _token(visit, key)
    stands = actions.standing(visit.thread, key, voice=visit.voice, user=visit.user, token=token)
    return _done(visit, stands, token) if stands else None


def _token(visit: Visit, key: str) -> str:
    return "" if visit.voice else actions.token_for(visit.engagement, visit.user, key)


def _look_again(visit: Visit, parent: Comment | None) -> HttpResponse:
    """Something in it may lead to a person: pointed out once, before anyone else sees it. It stops nobody."""
    if wants_json(visit.request):
        return JsonResponse({"step": "look"})
    return compose_page(visit, parent, posted=visit.request.POST, preview=True)


def _ask(visit: Visit, parent: Comment | None) -> HttpResponse:
    """Before somebody's first comment: how old they are, then the rest of the form (RIF-1)."""
    if wants_json(visit.request):
        return JsonResponse({"step": "ask"})
    posted = visit.request.POST
    asked = Asked(visit.engagement, posted, visit.in_class)
    step = posted.get("step", "")
    if step == "age" and not asked.band:
        asked.errors.append(("age", _("Choose your age group. You can choose not to say.")))
        return ask_page(visit, parent, "age", asked, status=422)
    if not asked.band:
        return ask_page(visit, parent, "age", asked)
    why = ages.stop(visit.engagement, asked.band, led_by_adult=visit.in_class)
    if why:
        return _stop(visit, why)
    if step != "about":
        return ask_page(visit, parent, "about", asked)
    about = asked.about()
    if about is None:
        return ask_page(visit, parent, "about", asked, status=422)
    return _post(visit, parent, about)


def _stop(visit: Visit, why: str) -> HttpResponse:
    """AGE-1, SAF-1: the kind stop. Nothing of what was typed or chosen is kept."""
    context = {**shell(visit), "why": why, "oldest": ages.oldest_with_adult()}
    return render(visit.request, "threads/stop.html", context)


def _post(visit: Visit, parent: Comment | None, about: About | None) -> HttpResponse:
    request, posted = visit.request, visit.request.POST
    key = key_of(posted)
    whose = visit.voice.receipt_id if visit.voice else None
    wait = limits.spend(request, "post", receipt=whose, engagement=visit.engagement)
    if wait:
        many = _("So many comments come from you or from where you are that we need a moment.")
        return _sent_again(visit) or _wait(visit, parent, many, wait)
    token = _token(visit, key)
    said = actions.Post(
        text=text_of(posted, "text"),
        key=key,
        about_words=visit.about_words(text_of(posted, "about_words"), posted.get("sentence", "")),
        parent=parent,
        source=limits.pseudonym(request, "post"),
    )
    try:
        comment, _new = actions.post(
            visit.thread, said, voice=visit.voice, about=about, token=token, user=visit.user, now=visit.now
        )
    except Wait as refused:
        return _wait(visit, parent, str(refused), refused.seconds)
    except NotPossible as refused:
        return _refused(visit, parent, [("", str(refused))], 409)
    return _done(visit, comment, token)


def _wait(visit: Visit, parent: Comment | None, message: str, seconds: int) -> HttpResponse:
    words = _("%(what)s What you typed is still here. Try again in %(seconds)s seconds.")
    response = _refused(visit, parent, [("", words % {"what": message, "seconds": seconds})], 429)
    response["Retry-After"] = str(seconds)
    return response


def _refused(visit: Visit, parent: Comment | None, errors: Errors, status: int) -> HttpResponse:
    if wants_json(visit.request):
        found = [{"field": name, "message": message} for name, message in errors]
        return JsonResponse({"errors": found}, status=status)
    return compose_page(visit, parent, posted=visit.request.POST, errors=errors, status=status)


def _done(visit: Visit, comment: Comment, token: str) -> HttpResponse:
    """Where it stands, or that it waits. After somebody's first: their code."""
    first = bool(token)
    if first:
        onward = reverse("thread_added", args=[visit.thread.pk])
    elif comment.shown:
        onward = f"{thread_url(visit.thread.pk)}?at={comment.pk}"
    else:
        onward = f"{thread_url(visit.thread.pk)}#own"
    response: HttpResponse
    if wants_json(visit.request):
        response = _acknowledged(visit, comment, onward if first else "")
    else:
        if not first:
            messages.success(visit.request, _said(comment))
        response = redirect(onward)
    if first and visit.user is None:
        visit.remember(response, token)
    if visit.request.POST.get("shared"):
        set_cookie(response, SHARED, "1")
    acknowledge(response, visit.request)
    return response


def acknowledge(response: HttpResponse, request: HttpRequest) -> None:
    """For the script that keeps drafts, which must not read our other cookies: we have this attempt."""
    response.set_cookie("posted", key_of(request.POST), max_age=60, path=PATH, samesite="Lax")


def _said(comment: Comment) -> str:
    if comment.shown:
        return _("Your comment is on the page.")
    return _("Saved. A person checks it before anyone else sees it.")


def _acknowledged(visit: Visit, comment: Comment, onward: str) -> JsonResponse:
    """For the script of the page: the draft may go, and this is what stands for it until it is checked."""
    html = ""
    if not comment.shown and visit.voice is not None:
        mine = own_words.mine(visit)
        own = next((one for one in mine.waiting if one.comment.pk == comment.pk), None)
        html = render_to_string("threads/own.html", {"one": own, "thread": visit.thread}) if own else ""
    fresh = key_of(None)  # the next comment is another attempt
    return JsonResponse(
        {
            "ok": True,
            "id": comment.pk,
            "shown": comment.shown,
            "says": _said(comment),
            "own": html,
            "onward": onward,
            "key": fresh,
        }
    )


@never_cache
def added(request: HttpRequest, number: int) -> HttpResponse:
    """After somebody's first comment: the code, and what happens next; until the browser is closed."""
    visit = Visit(request, number)
    if visit.voice is None:
        return redirect(thread_url(number))
    token = visit.token if visit.user is None else actions.token_for(visit.engagement, visit.user, "")
    context = {**shell(visit), "code": receipt_code(token), "mine": own_words.mine(visit)}
    return render(request, "threads/added.html", context)
