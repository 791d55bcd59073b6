"""What a teacher sees, without an account: asking for a class, and the private page from which it is led."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collaborative import codes, limits, qr
from collaborative.consultations.classes import actions, counts, keys, times
from collaborative.consultations.classes.forms import AskForm
from collaborative.consultations.listing import crumbs
from collaborative.consultations.models import ClassSession
from collaborative.consultations.questions import Sheet
from collaborative.consultations.visit import find_consultation
from collaborative.contributions.models import Edition
from collaborative.csrf import checks_itself, forged, pressed
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused

A_DAY, A_DAY_EACH = 24 * 60 * 60, 6  # letters that one address may be sent because somebody typed it


@checks_itself
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a class. Nothing typed is lost, whatever is wrong."""
    page, engagement = find_consultation(slug)
    now = timezone.now()
    if not engagement.invites_under_18 or engagement.state_at(now) == Engagement.State.CLOSED:
        raise Http404
    if request.method != "POST":
        known = AskForm.known(request.user)
        return _ask_page(request, page, AskForm(initial=known, engagement=engagement, now=now))
    form = AskForm(request.POST, engagement=engagement, now=now)
    if forged(request):
        form.add_error(None, _("This page was open too long. What you typed is still here: send it again."))
        return _ask_page(request, page, form, status=403)
    if not form.is_valid():
        return _ask_page(request, page, form, status=422)
    wait = limits.spend(request, "ask", engagement=engagement)
    if wait or limits.times("class", form.cleaned_data["email"].lower(), A_DAY) > A_DAY_EACH:
        form.add_error(None, _too_soon(wait or A_DAY))
        response = _ask_page(request, page, form, status=429)
        response["Retry-After"] = str(wait or A_DAY)
        return response
    account = request.user if request.user.is_authenticated else None
    try:
        actions.ask(engagement, form.wish(), key=form.fresh_key(), account=account)
    except Refused as refused:
        for message in refused.messages:
            form.add_error(None, message)
        return _ask_page(request, page, form, status=422)
    return redirect("class_asked", slug)


def _too_soon(wait: int) -> str:
    if wait >= A_DAY:
        return _("Many classes were asked for with this address today. What you typed is still here.")
    text = ngettext(
        "Many requests came from where you are. What you typed is still here: send it in %(n)s second.",
        "Many requests came from where you are. What you typed is still here: send it in %(n)s seconds.",
        wait,
    )
    return text % {"n": wait}


def _ask_page(request: HttpRequest, page: Any, form: AskForm, status: int = 200) -> HttpResponse:
    wrong = [(name, form.errors[name][0]) for name in form.fields if name in form.errors]
    context = {
        "page": page,
        "section": "consultations",
        "crumbs": crumbs(page, ("", _("Take part with a class"))),
        "form": form,
        "key": form.fresh_key(),
        "ages": form.fields["youngest"].choices,  # type: ignore[attr-defined]
        "errors": [*wrong, *(("", message) for message in form.non_field_errors())],
    }
    return render(request, "consultations/classes/ask.html", context, status=status)


@never_cache
@require_safe
def asked(request: HttpRequest, slug: str) -> HttpResponse:
    page, _engagement = find_consultation(slug)
    context = {"page": page, "crumbs": crumbs(page, ("", _("Take part with a class")))}
    return render(request, "consultations/classes/asked.html", context)


# The private link -------------------------------------------------------------------------------


def _session(token: str) -> ClassSession:
    """Raises Http404 for a link that we did not make."""
    found = keys.find(token)
    if found is None:
        raise Http404
    return found


def _gone(request: HttpRequest, session: ClassSession) -> HttpResponse:
    context = {"title": session.engagement.title, "when": times.window(session)}
    return render(request, "consultations/classes/gone.html", context, status=410)


@checks_itself
def lead(request: HttpRequest, token: str) -> HttpResponse:
    """Open and close questions, see how many, end it; and afterwards what may be told."""
    session = _session(token)
    if keys.has_run_out(session):
        return _gone(request, session)
    if request.method == "POST":
        if pressed(request):
            _do(request, session)
        return redirect("class_lead", token)
    now = timezone.now()
    context = {
        "session": session,
        "token": token,
        "title": session.engagement.title,
        "consultation_url": session.engagement.page.get_url(request),
        "when": times.window(session),
        "link_ends": times.moment(keys.link_ends(session)),
        "is_open": session.is_open(now),
        "is_over": session.is_over(now),
        "ended": times.moment(session.ends_at),
        "grace_until": times.clock(session.grace_until),
        "code": keys.class_code(session),
        "reading_code": keys.reading_code(session),
        "qr": qr.picture(keys.join_link(session)),
        "questions": _questions(session),
        "counts": counts.now(session),
        "at": times.clock(now),
        "summary": counts.summary(session, now),
        "concern_url": _concern_url(session),
    }
    return render(request, "consultations/classes/lead.html", context)


def _concern_url(session: ClassSession) -> str:
    """The page that takes any concern (SAF-3), with the class in its field: safety sees whom to ring."""
    which = _("Class: %(class)s") % {"class": session.label}
    return f"{reverse('help_wrong')}?{urlencode({'page': which})}"


def _questions(session: ClassSession) -> list[dict[str, Any]]:
    """In the words for young people where there are some."""
    closed = set(session.closed_questions)
    asked = Sheet(session.engagement).asked(Edition.YOUNG)
    return [
        {"key": one.key, "number": one.number, "text": one.text, "open": one.key not in closed}
        for one in asked
    ]


def _do(request: HttpRequest, session: ClassSession) -> None:
    try:
        if key := request.POST.get("open"):
            actions.set_question(session, key, open_=True)
        elif key := request.POST.get("close"):
            actions.set_question(session, key, open_=False)
        elif "end" in request.POST:
            actions.end(session)
    except Refused as refused:
        for message in refused.messages:
            messages.error(request, message)


@never_cache
@require_safe
def numbers(request: HttpRequest, token: str) -> HttpResponse:
    """The two numbers alone, for the script that keeps them fresh."""
    session = _session(token)
    if keys.has_run_out(session):
        raise Http404
    now = timezone.now()
    context = {"counts": counts.now(session), "at": times.clock(now), "is_open": session.is_open(now)}
    return render(request, "consultations/classes/counts.html", context)


@never_cache
@require_safe
def sheet(request: HttpRequest, token: str) -> HttpResponse:
    """One page to print: how to join, what pupils should know first, and the code to read by later."""
    session = _session(token)
    if keys.has_run_out(session):
        return _gone(request, session)
    context = {
        "session": session,
        "token": token,
        "title": session.engagement.title,
        "when": times.window(session),
        "code": keys.class_code(session),
        "reading_code": keys.reading_code(session),
        "qr": qr.picture(keys.join_link(session)),
        "address": keys.absolute("/join/").split("://")[-1],
    }
    return render(request, "consultations/classes/sheet.html", context)


def open_reading(request: HttpRequest, text: str) -> HttpResponse | None:
    """The second code of a class: what came of it. Never who was there, nor what they said."""
    rows = ClassSession.objects.filter(after_hash=codes.hashed(text), engagement__page__live=True)
    session = rows.select_related("engagement").first()
    if session is None:
        return None
    return redirect("consultation_feedback", session.engagement.slug)
