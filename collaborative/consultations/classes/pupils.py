"""What is different for a pupil: nothing stays on the device, and the lesson ends.

A lesson that ends in the middle of an answer takes nothing away: for GRACE everything goes on as before, with
a line that says so; after that what was written stands on the screen, to read out, and can be cleared.
"""

from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from collaborative.consultations import actions
from collaborative.consultations.classes import keys
from collaborative.consultations.models import ClassSession
from collaborative.consultations.visit import Visit, forget
from collaborative.contributions.models import Channel
from collaborative.csrf import forged
from collaborative.threads import visit as comments


def in_class(visit: Visit) -> bool:
    """Also once the answers are sent and the draft is gone."""
    if visit.draft is not None:
        return visit.journey.in_class
    return visit.receipt is not None and visit.receipt.channel == Channel.CLASS


def finishes(visit: Visit) -> bool:
    return visit.request.method == "POST" and in_class(visit) and not forged(visit.request)


def cleared(visit: Visit) -> HttpResponse:
    """For the next pupil: what was not sent goes, and the browser forgets it, Back included (KID-1)."""
    session = _lesson(visit)
    if visit.draft is not None:
        actions.erase_draft(visit.engagement, visit.token)
    query = {"cleared": "1"}
    if session is not None and session.is_open(visit.now):
        query["c"] = keys.class_code(session)
    response = redirect(f"{reverse('join')}?{urlencode(query)}")
    forget(response, visit.engagement)
    for name in (comments.cookie_of(visit.engagement), comments.CLASS):
        response.delete_cookie(name, path=comments.PATH, samesite="Lax")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _lesson(visit: Visit) -> ClassSession | None:
    if visit.draft is not None:
        return visit.journey.lesson
    code = visit.receipt.join_code_id if visit.receipt else None
    return ClassSession.objects.filter(join_code=code).first() if code else None


def go_on(visit: Visit) -> HttpResponse:
    """From the screen that waits: to a question that was opened since, or on to the end."""
    posted = visit.request.POST
    if posted.get("then") == "look":
        seen = posted.get("seen", "").split(",")
        fresh = next((one.step for one in visit.journey.asked if one.step not in seen), None)
        return visit.go(fresh or "wait", "" if fresh else "?looked=1")
    visit.keep({"wait": "done"})
    return visit.go("permission")


def over(visit: Visit, typed: QueryDict | None = None) -> HttpResponse:
    """The lesson is over for good: what was written, to read out, and a way to clear the screen."""
    words = [typed[name] for name in ("text", "why") if typed.get(name, "").strip()] if typed else []
    for one in visit.journey.questions:
        answer = visit.journey.kept_answer(one)
        words += [text for text in (answer["text"], answer["why"]) if text.strip() and text not in words]
    context = {
        "page": visit.page,
        "in_class": True,
        "typed": words,
        "clear_url": visit.address("leave"),
        "consultation_url": reverse("consultation", args=[visit.engagement.slug]),
    }
    return render(visit.request, "consultations/respond/class_over.html", context, status=410)
