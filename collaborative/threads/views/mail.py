"""Asking for e-mail, confirming the address, and stopping it: by one press, also of a mail program."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from collaborative import limits
from collaborative.contributions.actions import NotPossible
from collaborative.csrf import checks_itself, pressed
from collaborative.threads.actions import mailing
from collaborative.threads.models import Subscription
from collaborative.threads.views.pages import shell, thread_url
from collaborative.threads.visit import Visit


@checks_itself
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """Be told by e-mail. For those who have said something here, and are 16 or over."""
    visit = Visit(request, number)
    voice = visit.voice
    if voice is None or not mailing.may_subscribe(voice):
        return redirect(f"{thread_url(number)}#add")
    standing = Subscription.objects.filter(thread=visit.thread, voice=voice).first()
    errors: list[tuple[str, str]] = []
    if pressed(request):
        if request.POST.get("how") == "stop" and standing:
            mailing.stop(standing)
            messages.success(request, _("You get no more e-mail about this."))
            return redirect(thread_url(number))
        wait = limits.spend(request, "wrong", receipt=voice.receipt_id)
        try:
            if wait:
                raise NotPossible(_("Please wait %(seconds)s seconds.") % {"seconds": wait})
            email = request.POST.get("email", "")[:254]
            row = mailing.subscribe(
                visit.thread, request.POST.get("how", ""), voice=voice, email=email, user=visit.user
            )
        except NotPossible as refused:
            field = "email" if request.POST.get("how") in Subscription.How.values else "how"
            errors = [(field, str(refused))]
        else:
            messages.success(request, _said(row))
            return redirect(thread_url(number))
    active = standing is not None and standing.stopped_at is None
    options = [(value, str(label)) for value, label in Subscription.How.choices]
    if active:
        options.append(("stop", _("Nothing any more")))
    context = {
        **shell(visit),
        "errors": errors,
        "error": dict(errors),
        "options": options,
        "how": request.POST.get("how") or (standing.how if standing and active else ""),
        "email": request.POST.get("email", ""),
        "user_email": visit.user.email if visit.user else "",
    }
    return render(request, "threads/mail.html", context, status=422 if errors else 200)


def _said(row: Subscription) -> str:
    if row.confirmed_at:
        return _("You will hear from us.")
    return _("We have sent you a message. Open the link in it, so that we know that the address is yours.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link only asks: programs open links too."""
    row, is_theirs = mailing.find_to_confirm(token)
    if row is None:
        raise Http404
    if request.method == "POST" and is_theirs:
        mailing.confirm(row)
    counts = is_theirs and row.stopped_at is None
    context = {
        "row": row,
        "thread": row.thread,
        "counts": counts,
        "done": counts and request.method == "POST",
    }
    return render(request, "threads/mail_confirm.html", context)


@never_cache
@csrf_exempt  # RFC 8058: the mail program posts without a cookie; the signed link is what lets it
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    row = _found(token)
    if request.method == "POST":
        mailing.stop(row)
    return render(request, "threads/mail_stop.html", {"thread": row.thread, "done": request.method == "POST"})


def _found(token: str) -> Subscription:
    row = mailing.find(token)
    if row is None:
        raise Http404
    return row
