"""The screens on which somebody answers: one question each, an address each, without account or script.

Every screen saves to a draft and leads on with a redirect, so the back button is safe and a reload sends
nothing twice. Whatever goes wrong, the same screen comes back with what was typed and what to do.
"""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from collaborative import codes, limits
from collaborative.consultations import actions, copies, signs, uploads
from collaborative.consultations.classes import pupils
from collaborative.consultations.classes.actions import joined
from collaborative.consultations.forms import LEAVE, OTHER_WORDS, clean, text_of
from collaborative.consultations.journey import Journey
from collaborative.consultations.kinds import FILE
from collaborative.consultations.screens import closed, elsewhere, lost, screen, sent_page, stop, welcome_back
from collaborative.consultations.visit import (
    AFTER_SENDING,
    AT_MOST,
    BETWEEN,
    Visit,
    forget,
    set_cookie,
    step_address,
    too_fast,
)
from collaborative.contributions import drafts
from collaborative.contributions.actions import NotPossible
from collaborative.contributions.models import Channel, Draft
from collaborative.csrf import checks_itself, forged
from collaborative.engagements.actions import find_join_code
from collaborative.engagements.ages import Stop
from collaborative.engagements.models import Engagement, JoinCode
from collaborative.errors import too_many
from collaborative.threads.visit import enter_class

View = Callable[..., HttpResponse]
FIXED_STEPS = frozenset({"about", "wait", "permission", "contact", "check"})


@checks_itself
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Where "Start" leads: to the first screen, or back to where somebody stopped."""
    visit = Visit(request, slug)
    if not visit.is_open:
        return _not_open(visit)
    if visit.draft is None:
        return redirect(visit.address("age") + _edition_wanted(request))
    if visit.class_is_over:
        return pupils.over(visit)
    if request.method == "POST" and not forged(request):
        actions.erase_draft(visit.engagement, visit.token)
        response = redirect(visit.address("age"))
        forget(response, visit.engagement)
        return response
    if request.GET.get("go") == "on":
        return visit.go(visit.journey.where_left_off())
    return welcome_back(visit)


def _edition_wanted(request: HttpRequest) -> str:
    query = QueryDict(mutable=True)
    if request.GET.get("edition"):
        query["edition"] = request.GET["edition"][:20]
    return f"?{query.urlencode()}" if query else ""


@checks_itself
def step(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    uploads.bound(request)
    visit = Visit(request, slug)
    if step == "sent":
        return pupils.cleared(visit) if pupils.finishes(visit) else _sent(visit)
    if step == "leave":
        return _leave(visit)
    if step == "copy":
        return _copy(visit)
    if step != "age" and step not in FIXED_STEPS and not step.startswith("q-"):
        raise Http404
    if request.method == "POST":
        return _save(visit, step)
    if not visit.is_open:
        return _not_open(visit)
    if visit.class_is_over:
        return pupils.over(visit)
    if step == "age":
        return screen(visit, step)
    if visit.draft is None:
        return elsewhere(visit) if visit.was_elsewhere else visit.go("sent" if visit.receipt else "")
    if not visit.journey.band:
        return visit.go("age")
    if visit.journey.stop:
        return stop(visit, visit.journey.stop)
    if step not in visit.journey.steps:
        return visit.go(visit.journey.where_left_off())
    return screen(visit, step, signs=_signs_to_show(visit))


def _not_open(visit: Visit) -> HttpResponse:
    if visit.state == Engagement.State.COMING:
        return redirect(reverse("consultation", args=[visit.engagement.slug]))
    return closed(visit)


# Saving -----------------------------------------------------------------------------------------


def _save(visit: Visit, step: str) -> HttpResponse:
    request = visit.request
    if forged(request):
        text = _(
            "Nothing was saved just now: this page was open too long, or your browser keeps no cookies. "
            "What you typed is still here. Send it once more. If that does not help, let your browser keep "
            "cookies for this site, or answer on paper."
        )
        return screen(visit, step, posted=request.POST, errors=[("", text)], status=403)
    wait = too_fast(visit)
    if wait:
        text = _(
            "So many answers come in from where you are that we need a moment. What you typed is still here."
        )
        response = screen(visit, step, posted=request.POST, errors=[("", text)], status=429)
        response["Retry-After"] = str(wait)
        return response
    if not visit.is_open:
        if visit.state == Engagement.State.COMING:
            return _not_open(visit)
        actions.keep_late(visit.engagement, visit.token, lambda journey: clean(step, journey, request.POST))
        return closed(visit, typed=request.POST)
    if visit.class_is_over:
        return pupils.over(visit, typed=request.POST)
    if step == "age":
        return _save_age(visit)
    if visit.draft is None:
        return visit.go("sent") if visit.receipt else lost(visit, step, request.POST)
    if step == "check":
        return _leave_or(visit, _send)
    if step == "wait":
        return _leave_or(visit, pupils.go_on)
    return _save_answer(visit, step, request.POST)


def _save_age(visit: Visit) -> HttpResponse:
    cleaned = clean("age", visit.journey, visit.request.POST)
    if cleaned.errors:
        return screen(visit, "age", posted=visit.request.POST, errors=cleaned.errors, status=422)
    changed = {**visit.journey.kept, **cleaned.keep}
    why = Journey(visit.engagement, changed, visit.journey.sheet).stop
    if why:
        if visit.draft is not None and why != Stop.PAUSED:
            visit.keep({"age": ""})  # what they began cannot be sent; the screen offers to throw it away
        return stop(visit, why)
    try:
        visit.keep(cleaned.keep) if visit.draft else visit.begin(cleaned.keep)
    except Draft.DoesNotExist:
        visit.begin(cleaned.keep)
    carried = visit.request.POST.get("carried_step", "")
    if carried:
        return _save_answer(visit, carried, QueryDict(visit.request.POST.get("carried", "")))
    return _onward(visit, "age", visit.request.POST)


def _save_answer(visit: Visit, step: str, posted: QueryDict) -> HttpResponse:
    before = visit.journey.steps
    if step not in before and visit.journey.question(step) is None:
        return visit.go(visit.journey.where_left_off())
    one = visit.journey.question(step)
    gives = one is not None and one.type == FILE
    if gives and step not in before:
        return visit.go(visit.journey.where_left_off())  # nobody's file is taken who is not asked for one
    if (
        gives
        and uploads.has_come(visit.request)
        and (wait := limits.spend(visit.request, "file", receipt=visit.token))
    ):
        return _too_many_files(visit, step, posted, wait)
    cleaned = clean(step, visit.journey, posted, visit.request)
    if cleaned.errors:
        response = screen(visit, step, posted=posted, errors=cleaned.errors, status=422)
        visit.remember(response)
        return response
    if posted.get("then", "").startswith(OTHER_WORDS):
        cleaned.keep["edition"] = str(posted["then"]).removeprefix(OTHER_WORDS)[:20]
    try:
        if one is not None and one.type == FILE:
            cleaned.keep.pop(step)
            visit.keep_file(one, cleaned.file, remove=cleaned.remove)
        if cleaned.keep:
            visit.keep(cleaned.keep)
    except Draft.DoesNotExist:  # sent or thrown away in another tab a moment ago
        return visit.go("sent") if visit.receipt else lost(visit, step, posted)
    if step not in before and posted.get("then") != LEAVE:
        # A question that earlier answers no longer lead to: kept, and not sent.
        return visit.go(visit.journey.where_left_off())
    return _onward(visit, step, posted, _newly_asked(visit.journey, before))


def _too_many_files(visit: Visit, step: str, posted: QueryDict, wait: int) -> HttpResponse:
    text = _("So many files come in from where you are that we need a moment. Send it again in a minute.")
    response = screen(visit, step, posted=posted, errors=[("file", text)], status=429)
    response["Retry-After"] = str(wait)
    return response


def _newly_asked(journey: Journey, before: list[str]) -> str:
    """The first question that nobody saw yet and that this answer led to."""
    return next((step for step in journey.steps if step not in before and step not in journey.kept), "")


def _onward(visit: Visit, step: str, posted: QueryDict, fresh: str = "") -> HttpResponse:
    then = posted.get("then", "")
    if then == LEAVE:
        return visit.go("leave")
    coming_back = "?back=check" if posted.get("back") == "check" else ""
    if then.startswith(OTHER_WORDS):
        return visit.go(step, coming_back)
    look = _look_again(visit, step, posted)
    if coming_back and fresh:
        return visit.go(fresh, coming_back + look.replace("?", "&"))
    onward = "check" if coming_back and not visit.journey.stop else visit.journey.after(step)
    return visit.go(onward, look)


def _look_again(visit: Visit, step: str, posted: QueryDict) -> str:
    """Point out to young people, on the next screen, what may lead to them. It never holds them up."""
    if not visit.journey.handled_as_under_18 or visit.journey.question(step) is None:
        return ""
    return f"?look={step}" if signs.in_text(text_of(posted, "text") + "\n" + text_of(posted, "why")) else ""


def _signs_to_show(visit: Visit) -> tuple[str, list[str]] | None:
    one = visit.journey.question(visit.request.GET.get("look", ""))
    if one is None:
        return None
    answer = visit.journey.answer(one)
    found = signs.in_text(answer["text"] + "\n" + answer["why"])
    return (one.step, found) if found else None


# Leaving, sending -------------------------------------------------------------------------------


def _leave_or(visit: Visit, go_on: Callable[[Visit], HttpResponse]) -> HttpResponse:
    return visit.go("leave") if visit.request.POST.get("then") == LEAVE else go_on(visit)


def _send(visit: Visit) -> HttpResponse:
    if visit.draft is not None and visit.journey.stop:
        return stop(visit, visit.journey.stop)
    try:
        source = limits.pseudonym(visit.request, "screen")
        actions.send(visit.engagement, visit.token, visit.now, source=source)
    except actions.Incomplete as incomplete:
        errors = [(f"row-{step}", message) for step, message in incomplete.problems]
        return screen(visit, "check", errors=errors, status=422)
    except actions.Nothing:
        return lost(visit, "check", QueryDict())
    except NotPossible:
        return pupils.over(visit) if visit.class_is_over else closed(visit)
    response = redirect(visit.address("sent"))
    kept_for = None if visit.journey.in_class else AFTER_SENDING
    set_cookie(response, visit.engagement, visit.token, kept_for)
    return response


def _sent(visit: Visit) -> HttpResponse:
    if visit.receipt is None:
        return visit.go("check" if visit.draft else "")
    return sent_page(visit, visit.receipt, drafts.receipt_code(visit.token))


def _copy(visit: Visit) -> HttpResponse:
    """A copy by e-mail, from the page that shows the code."""
    if visit.receipt is None or visit.request.method != "POST":
        return visit.go("sent")
    typed = visit.request.POST.get("email", "")[:300]
    code = drafts.receipt_code(visit.token)
    if forged(visit.request):
        problem = _("Nothing was sent just now: this page was open too long. Press once more.")
        return sent_page(visit, visit.receipt, code, email=typed, problem=problem, status=403)
    if wait := limits.spend(visit.request, "ask", receipt=visit.token):
        return too_many(visit.request, wait=wait)
    try:
        copies.ask(visit.receipt, typed)
    except NotPossible as refused:
        return sent_page(visit, visit.receipt, code, email=typed, problem=str(refused), status=422)
    return redirect(visit.address("sent", "?copy=1"))


def _leave(visit: Visit) -> HttpResponse:
    if not visit.is_open:
        wants_to_forget = visit.request.method == "POST" and visit.state == Engagement.State.CLOSED
        return _forgotten(visit) if wants_to_forget and not forged(visit.request) else _not_open(visit)
    if visit.draft is None:
        return visit.go("sent" if visit.receipt else "")
    if pupils.finishes(visit):
        return pupils.cleared(visit)
    if visit.request.method == "POST" and not forged(visit.request):
        response = redirect(reverse("consultation", args=[visit.engagement.slug]))
        forget(response, visit.engagement)
        return response
    return screen(visit, "leave")


def _forgotten(visit: Visit) -> HttpResponse:
    """It has closed, and its author wants what they wrote to be gone now."""
    draft = drafts.find_expired(visit.token, visit.engagement)
    actions.erase_draft(visit.engagement, visit.token)
    if draft is not None and draft.answers.get("channel") == Channel.CLASS:
        return pupils.cleared(visit)
    response = redirect(reverse("consultation", args=[visit.engagement.slug]))
    forget(response, visit.engagement)
    return response


# Codes ------------------------------------------------------------------------------------------


def resume_redirect(code: str, request: HttpRequest) -> HttpResponse | None:
    """Carry on with a code noted earlier, in this browser (CON-1). None when it is no such code."""
    token = drafts.new_token()
    draft = drafts.resume(code, token)
    if draft is None or not draft.engagement.page.live:
        return None
    in_class = draft.answers.get("channel") == Channel.CLASS
    return _into(draft.engagement, f"{token}{BETWEEN}{codes.written(code)}", "?go=on", in_class=in_class)


def open_class(request: HttpRequest, text: str) -> HttpResponse | None:
    """A class code: a fresh start each time, since the next pupil may be using the same device (AGE-1)."""
    found = find_join_code(text)
    if found is None or found.kind != JoinCode.Kind.CLASS:
        return None
    wait = limits.spend(request, "join", engagement=found.engagement)
    if wait:
        return too_many(request, wait=wait)
    token = drafts.new_token()
    drafts.begin(found.engagement, token, {"channel": Channel.CLASS, "join_code": found.pk})
    joined(found)
    response = _into(found.engagement, token, "age", in_class=True)
    enter_class(response, found)
    return response


def _into(engagement: Engagement, held: str, onward: str, *, in_class: bool) -> HttpResponse:
    response = redirect(step_address(engagement.slug) + (f"{onward}/" if onward == "age" else onward))
    set_cookie(response, engagement, held, None if in_class else AT_MOST)
    return response
