"""What people do with what they said, each on a page of its own: change, take back, support, still holds?"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from collaborative import limits
from collaborative.accept import wants_json
from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Wording
from collaborative.csrf import checks_itself, forged, pressed
from collaborative.threads import actions, reading, text
from collaborative.threads.actions.posting import MOST_CHARACTERS
from collaborative.threads.forms import problems_of_words, text_of
from collaborative.threads.models import Comment
from collaborative.threads.own_words import hides_words
from collaborative.threads.permissions import voice_may_change, voice_may_support, voice_may_take_back
from collaborative.threads.views.composing import key_of
from collaborative.threads.views.pages import place_of, shell, thread_url
from collaborative.threads.views.writing import acknowledge
from collaborative.threads.visit import Visit


def _open_too_long() -> str:
    return _(
        "Nothing was saved: this page was open too long, or your browser keeps no cookies. Send it once more."
    )


def _back(comment: Comment) -> HttpResponse:
    if comment.shown and (comment.parent is None or comment.parent.shown):
        return redirect(place_of(comment))
    return redirect(f"{thread_url(comment.thread_id)}#own")


@checks_itself
def change(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    visit, comment = Visit.to(request, number, pk)
    if not visit.is_open or not voice_may_change(visit.voice, comment, visit.now):
        if request.method != "POST":
            messages.info(request, _("You can change your own comment for 30 minutes."))
            return _back(comment)
        over = _(
            "You can change a comment for 30 minutes. That time is over, and the comment stands as it was."
        )
        return _change_page(visit, comment, text_of(request.POST, "text"), [("", over)], 409)
    assert visit.voice is not None
    if request.method != "POST":
        return _change_page(visit, comment, _words(visit, comment), [])
    words = text_of(request.POST, "text")
    errors = [("", _open_too_long())] if forged(request) else problems_of_words(words)
    preview = request.POST.get("then") == "preview"
    if not errors and (preview or (text.signs(words) and not request.POST.get("looked"))):
        return _change_page(visit, comment, words, [], look=True)
    wait = 0 if errors else limits.spend(request, "change", receipt=visit.voice.receipt_id)
    if wait:
        errors = [
            ("", _("Please wait %(seconds)s seconds. What you typed is still here.") % {"seconds": wait})
        ]
    if errors:
        return _change_page(visit, comment, words, errors, 429 if wait else 422)
    try:
        source = limits.pseudonym(request, "post")
        actions.change(comment, words, voice=visit.voice, user=visit.user, source=source, now=visit.now)
    except NotPossible as refused:
        return _change_page(visit, comment, words, [("", str(refused))], 409)
    messages.success(request, _("Your comment is changed. The earlier words are kept in our record."))
    response = _back(Visit.to(request, number, pk)[1])
    acknowledge(response, request)
    return response


def _words(visit: Visit, comment: Comment) -> str:
    """What its author may see of it: young people's words are not shown back before they were read."""
    assert visit.voice is not None and comment.contribution is not None
    if hides_words(visit.voice) and not comment.shown:
        return ""
    newest = Wording.objects.filter(contribution=comment.contribution).order_by("-number")
    return newest.values_list("text", flat=True).first() or ""


def _change_page(
    visit: Visit, comment: Comment, words: str, errors: Any, status: int = 200, *, look: bool = False
) -> HttpResponse:
    """With `look`: how it will look, and what in it may lead to a person, before anyone else sees it."""
    theirs = voice_may_change(visit.voice, comment, visit.now)
    signs = text.signs(words) if look else []
    context = {
        **shell(visit),
        "comment": comment,
        "words": words,
        "stands": _words(visit, comment) if theirs else "",
        "key": key_of(visit.request.POST),
        "preview": text.html(words) if look else "",
        "signs": signs,
        "looked": bool(signs or visit.request.POST.get("looked")),
        "most": MOST_CHARACTERS,
        "errors": errors,
        "error": dict(reversed(errors)),
        "hidden": visit.voice is not None and hides_words(visit.voice) and not comment.shown,
    }
    return render(visit.request, "threads/change.html", context, status=status)


@checks_itself
def take_back(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    visit, comment = Visit.to(request, number, pk)
    if visit.voice is None or not voice_may_take_back(visit.voice, comment):
        return _back(comment)
    if pressed(request):
        try:
            actions.take_back(comment, voice=visit.voice, user=visit.user)
        except PermissionDenied:
            return _back(comment)
        messages.success(request, _("Your comment is taken back. Nobody can see it on this site any more."))
        return redirect(thread_url(number))
    context = {**shell(visit), "comment": comment, "replies": comment.reply_count}
    return render(request, "threads/take_back.html", context)


@checks_itself
def support(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Support a comment, or no longer. Whoever has not spoken here is asked to: a click is no person."""
    visit, comment = Visit.to(request, number, pk)
    if not comment.shown or not visit.thread.has_support:
        return _back(comment)
    may = visit.is_open and voice_may_support(visit.voice, comment)
    if may and pressed(request):
        return _support(visit, comment)
    if wants_json(request):
        return JsonResponse({"step": "page"})
    shown = reading.show([comment], visit.anchor.words)
    mine = visit.voice is not None and comment.supports.filter(voice=visit.voice).exists()
    context = {**shell(visit), "one": shown[0] if shown else None, "may": may, "supports": mine}
    return render(request, "threads/support.html", context)


def _support(visit: Visit, comment: Comment) -> HttpResponse:
    assert visit.voice is not None
    on = visit.request.POST.get("on", "yes") == "yes"
    wait = limits.spend(visit.request, "support", receipt=visit.voice.receipt_id, engagement=visit.engagement)
    if wait:
        messages.info(visit.request, _("Please wait %(seconds)s seconds.") % {"seconds": wait})
        return _back(comment)
    try:
        count = actions.support(comment, voice=visit.voice, on=on)
    except NotPossible as refused:
        messages.info(visit.request, str(refused))
        return _back(comment)
    if wants_json(visit.request):
        return JsonResponse({"ok": True, "count": count, "on": on})
    messages.success(visit.request, _("You support this comment.") if on else _("You no longer support it."))
    return _back(comment)


@checks_itself
def still_holds(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """The words that it was about have changed: its author says whether it still holds."""
    visit, comment = Visit.to(request, number, pk)
    if visit.voice is None or comment.voice_id != visit.voice.pk or comment.taken_back_at:
        return _back(comment)
    errors = []
    if pressed(request):
        try:
            holds = request.POST.get("holds", "")
            actions.say_it_holds(comment, holds, visit.anchor.words, voice=visit.voice)
        except NotPossible as refused:
            errors = [("holds", str(refused))]
        else:
            messages.success(request, _("Thank you. It says so under your comment."))
            return _back(comment)
    context = {
        **shell(visit),
        "comment": comment,
        "own": _words(visit, comment),
        "errors": errors,
        "error": dict(errors),
        "choices": [(Comment.Holds.YES, _("Yes, it still holds")), (Comment.Holds.NO, _("No, not any more"))],
    }
    return render(request, "threads/still_holds.html", context, status=422 if errors else 200)
