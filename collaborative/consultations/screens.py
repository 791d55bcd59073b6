"""What each answering screen shows: the page of one step, with what is kept or what was just typed."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from collaborative.consultations import answers, copies, fields
from collaborative.consultations.changing import sent
from collaborative.consultations.classes import banner
from collaborative.consultations.closing import kept_until
from collaborative.consultations.journey import NO_GROUP, Journey
from collaborative.consultations.kinds import FILE, IN_WORDS
from collaborative.consultations.listing import moment, steps_for_a_response
from collaborative.consultations.questions import Asked
from collaborative.consultations.visit import Visit
from collaborative.contributions import drafts
from collaborative.contributions.actions import PRIVACY_VERSION
from collaborative.contributions.models import Channel, Draft, Edition, Permission, Receipt, RespondentKind
from collaborative.engagements import ages
from collaborative.people.models import AgeBand

Errors = list[tuple[str, str]]
Signs = tuple[str, list[str]] | None


def screen(
    visit: Visit,
    step: str,
    *,
    posted: QueryDict | None = None,
    errors: Errors | None = None,
    signs: Signs = None,
    status: int = 200,
) -> HttpResponse:
    """The screen of one step. With `errors`, it shows `posted`: what was just typed, word for word."""
    journey = visit.journey
    errors = errors or []
    context = {
        **_shell(visit, step),
        "errors": errors,
        "error": dict(reversed(errors)),
        "signs": signs
        and {"found": signs[1], "url": visit.address(signs[0], "?back=check" if step == "check" else "")},
    }
    one = journey.question(step)
    if one is not None:
        context |= _question(one, journey, posted, errors)
        name = "question"
    else:
        context |= CONTEXTS.get(step, _nothing)(visit, posted)
        name = step if step in CONTEXTS else "lost_question"
    response = render(visit.request, f"consultations/respond/{name}.html", context, status=status)
    if visit.draft:
        visit.remember(response)
    return response


def _shell(visit: Visit, step: str) -> dict[str, Any]:
    """What every screen has: where it leads back to, how far it is, and in whose words it speaks."""
    journey, request = visit.journey, visit.request
    back_to_check = "check" in (request.GET.get("back"), request.POST.get("back"))
    before = "check" if back_to_check else journey.before(step)
    consultation = reverse("consultation", args=[visit.engagement.slug])
    return {
        "page": visit.page,
        "engagement": visit.engagement,
        "consultation_url": consultation,
        "answering": visit.address(),
        "closes": moment(visit.engagement.closes_at),
        "step": step,
        "action": visit.address(step),
        "back": "check" if back_to_check else "",
        "back_url": visit.address(before) if before else consultation,
        "young": journey.young,
        "in_class": journey.in_class,
        "class_ended": banner.words(journey, visit.now),
        "is_organisation": journey.is_organisation,
        "saved_at": visit.draft.updated_at if visit.draft else None,
        "minutes_left": journey.minutes_left(visit.page.minutes, step),
        "privacy_version": PRIVACY_VERSION,
    }


def _nothing(visit: Visit, posted: QueryDict | None) -> dict[str, Any]:
    """For a question that is no longer asked: what was typed is shown to copy."""
    return {"typed": _typed(posted)}


def _question(one: Asked, journey: Journey, posted: QueryDict | None, errors: Errors) -> dict[str, Any]:
    others = [edition for edition in journey.sheet.editions if edition != journey.edition]
    return {
        "one": one,
        "total": len(journey.asked),
        "fields": _fields(one, journey, posted, errors),
        "may_skip": journey.may_skip(one),
        "may_decline": journey.may_decline(one),
        "skip_url": step_url(journey, journey.after(one.step)),
        # LNG-3: said where this edition lacks the question, or says what the standard one said before.
        "lacking": Edition(journey.edition).label if one.edition != journey.edition else "",
        "signed": journey.edition == Edition.BSL and bool(one.type in IN_WORDS - {FILE} or one.why),
        "other_words": [(f"words-{edition}", Edition(edition).label) for edition in others],
    }


def _fields(one: Asked, journey: Journey, posted: QueryDict | None, errors: Errors) -> fields.Fields:
    if posted is None:
        return fields.kept(one, journey.kept_answer(one))
    if one.type == FILE:
        return fields.with_file(one, journey.kept_answer(one), errors)
    return fields.typed(one, dict(posted.lists()), errors)


def step_url(journey: Journey, step: str) -> str:
    return reverse("respond_step", args=[journey.engagement.slug, step])


def _value(visit: Visit, posted: QueryDict | None, name: str) -> str:
    return posted.get(name, "") if posted is not None else visit.journey.kept.get(name, "")


def _age(visit: Visit, posted: QueryDict | None) -> dict[str, Any]:
    """Before any name or place, and before anything is stored: who is this for, who reads it (KC-3, KC-4)."""
    source = posted if posted is not None else visit.request.GET
    return {
        "bands": AgeBand.choices,
        "value": _value(visit, posted, "age"),
        "edition": source.get("edition", ""),
        "carried_step": source.get("carried_step", "") if posted is not None else "",
        "carried": source.get("carried", "") if posted is not None else "",
        "started": visit.draft is not None and bool(visit.journey.band),
    }


def _about(visit: Visit, posted: QueryDict | None) -> dict[str, Any]:
    journey = visit.journey
    groups = [(group.slug, group.name) for group in journey.groups] if journey.asks_group else []
    return {
        "asks_kind": journey.asks_kind,
        "asks_group": journey.asks_group,
        "kinds": RespondentKind.choices,
        "kind": _value(visit, posted, "kind"),
        "groups": [*groups, (NO_GROUP, _("None of these, or I would rather not say"))],
        "group": _value(visit, posted, "group"),
    }


def _permission(visit: Visit, posted: QueryDict | None) -> dict[str, Any]:
    return {
        "choices": [(one, *permission_words(visit.journey, one)) for one in visit.journey.permissions],
        "value": _value(visit, posted, "permission"),
        "may_be_named": visit.journey.may_be_named,
    }


def permission_words(journey: Journey, permission: str) -> tuple[str, str]:
    """A permission as it is offered (RIF-2): label and hint."""
    if journey.young:
        words = {
            Permission.NAMED: (_("Yes, with my name"), _("Anyone can read it and see your name.")),
            Permission.ANONYMOUS: (
                _("Yes, but without my name"),
                _("Anyone can read it. Nobody sees who wrote it."),
            ),
            Permission.NOT_PUBLISHED: (
                _("No, do not show it"),
                _("Only the people who work on this read it. It counts just as much."),
            ),
        }
        return words[Permission(permission)]
    named = _("Publish with my name")
    if journey.is_organisation:
        named = _("Publish with the name of my organisation")
    words = {
        Permission.NAMED: (named, _("Anyone can read your answers and see the name.")),
        Permission.ANONYMOUS: (
            _("Publish without a name"),
            _("Anyone can read your answers. No name is shown."),
        ),
        Permission.NOT_PUBLISHED: (
            _("Do not publish"),
            _("Only the people who work on this read your answers. They count just as much."),
        ),
    }
    return words[Permission(permission)]


def _contact(visit: Visit, posted: QueryDict | None) -> dict[str, Any]:
    journey = visit.journey
    return {
        "asks_name": journey.asks_name,
        "asks_recontact": journey.asks_recontact,
        "named": journey.permission == Permission.NAMED,
        "yes_no": [("yes", _("Yes")), ("no", _("No"))],
        "values": {
            name: _value(visit, posted, name) for name in ("name", "organisation", "recontact", "email")
        },
    }


def _check(visit: Visit, posted: QueryDict | None) -> dict[str, Any]:
    journey = visit.journey
    missing = dict(journey.problems())
    said = []
    for one in journey.asked:
        answer = journey.answer(one)
        said.append(
            {
                "one": one,
                "labels": one.labels(answer["chosen"]),
                "answer": answer,
                "empty": not answers.says_anything(answer),
                "declined": journey.declined(one),
                "url": visit.address(one.step, "?back=check"),
                "missing": missing.get(one.step, ""),
            }
        )
    return {"said": said, "rows": _about_rows(visit, missing), "ready": not missing}


def _about_rows(visit: Visit, missing: dict[str, str]) -> list[dict[str, str]]:
    """What is known about the respondent, each with where to change it."""
    journey = visit.journey
    age = AgeBand(journey.band).label if journey.band else ""
    rows: list[tuple[str, str, str]] = [("age", _("Age"), str(age))]
    if "about" in journey.steps:
        kind = str(RespondentKind(journey.kind).label) if journey.kind and journey.asks_kind else ""
        group = journey.group.name if journey.asks_group and journey.group else ""
        rows.append(("about", _("You answer as"), ", ".join(part for part in (kind, group) if part)))
    permission = permission_words(journey, journey.permission)[0] if journey.permission else ""
    rows.append(("permission", _("May we publish it?"), permission))
    if "contact" in journey.steps:
        rows.append(("contact", _("Name, and how to reach you"), _contact_words(journey)))
    return [
        {
            "step": step,
            "name": name,
            "value": value,
            "url": visit.address(step, "?back=check"),
            "missing": missing.get(step, ""),
        }
        for step, name, value in rows
    ]


def _contact_words(journey: Journey) -> str:
    kept = journey.kept
    name = kept.get("name", "") if journey.asks_name else ""
    organisation = kept.get("organisation", "") if journey.is_organisation else ""
    reach = {True: kept.get("email", ""), False: _("Do not get in touch"), None: ""}[journey.recontact]
    return ", ".join(part for part in (name, organisation, reach) if part)


def _leave(visit: Visit, posted: QueryDict | None) -> dict[str, Any]:
    return {"code": visit.resume_code, "carry_on_url": visit.address(visit.journey.where_left_off())}


CONTEXTS = {
    "age": _age,
    "about": _about,
    "permission": _permission,
    "contact": _contact,
    "check": _check,
    "wait": banner.wait,
    "leave": _leave,
}


# Pages that are no step -------------------------------------------------------------------------


def welcome_back(visit: Visit) -> HttpResponse:
    context = {**_shell(visit, ""), "carry_on_url": visit.address(visit.journey.where_left_off())}
    response = render(visit.request, "consultations/respond/welcome_back.html", context)
    visit.remember(response)
    return response


def stop(visit: Visit, why: str) -> HttpResponse:
    """AGE-1, SAF-1: the kind stop. Nothing of what was chosen is kept, unless it is a pause."""
    context = {**_shell(visit, "age"), "young": True, "started": visit.draft is not None}
    context["oldest"] = ages.oldest_with_adult()
    context["start_url"] = visit.address()
    context["age_url"] = visit.address("age")
    return render(visit.request, f"consultations/respond/stop_{why.replace('-', '_')}.html", context)


def lost(visit: Visit, step: str, posted: QueryDict) -> HttpResponse:
    """No draft behind this screen (the cookie went): ask the age again, and carry along what was typed."""
    carried = posted.copy()
    for name in ("csrfmiddlewaretoken", "then"):
        carried.pop(name, None)
    form = QueryDict(mutable=True)
    if step == "check" and visit.was_elsewhere:
        return elsewhere(visit)
    if step != "check":
        form["carried_step"], form["carried"] = step, carried.urlencode()
        text = _(
            "We have lost sight of your other answers. What you just typed is kept: choose your age to go on."
        )
        if visit.was_elsewhere:
            text = _(
                "Your other answers were sent, or carried on, from another device. What you just typed is "
                "kept here: choose your age to begin new answers with it."
            )
    else:
        text = _("We cannot find your answers from this browser, so nothing was sent.")
    help_text = _("If you noted a code, “I have a code” at the top of the page brings your answers back.")
    return screen(visit, "age", posted=form, errors=[("age", text), ("", help_text)], status=422)


def elsewhere(visit: Visit) -> HttpResponse:
    """Begun in this browser, and carried on or sent from another device: say so before asking anything."""
    context = {**_shell(visit, ""), "going": visit.was_elsewhere == "going", "age_url": visit.address("age")}
    return render(visit.request, "consultations/respond/elsewhere.html", context)


def closed(visit: Visit, typed: QueryDict | None = None) -> HttpResponse:
    """It closed in the meantime: say so, and show what was written, to copy, to print, and to send should
    there be more time after all."""
    draft: Draft | None = drafts.find_expired(visit.token, visit.engagement) if visit.token else None
    journey = Journey(visit.engagement, draft.answers) if draft is not None else None
    said = _said(journey) if journey else []
    kept = {text for one in said for text in (one["answer"]["text"], one["answer"]["why"], *one["labels"])}
    context = {
        **_shell(visit, ""),
        "said": said,
        "typed": [text for text in _typed(typed) if text not in kept],
        # Pupils share a device, and are told of no code (KID-2).
        "code": visit.resume_code if journey and not journey.in_class else "",
        "kept_until": kept_until(visit.engagement) if journey and not journey.in_class else "",
        "forget_url": visit.address("leave") if journey else "",
    }
    response = render(visit.request, "consultations/respond/closed.html", context, status=410)
    if journey:
        visit.remember_after_close(response, in_class=journey.in_class)
    return response


def _said(journey: Journey) -> list[dict[str, Any]]:
    """Each question that has an answer, with that answer as its author reads it."""
    found = ((one, journey.kept_answer(one)) for one in journey.questions)
    return [
        {"one": one, "labels": one.labels(answer["chosen"]), "answer": answer}
        for one, answer in found
        if answers.says_anything(answer)
    ]


def _typed(posted: QueryDict | None) -> list[str]:
    return fields.words_typed(posted) if posted else []


def sent_page(
    visit: Visit, receipt: Receipt, code: str, *, email: str = "", problem: str = "", status: int = 200
) -> HttpResponse:
    """The code, what was sent, what happens next and when. Loading the page again shows the same code for an
    hour.

    `email` and `problem`: what was typed for a copy, and what is wrong with it.
    """
    received = moment(receipt.created_at)
    in_class = receipt.channel == Channel.CLASS
    context = {
        **_shell(visit, ""),
        "in_class": in_class,
        "done_url": visit.address("sent"),
        "young": receipt.edition == Edition.YOUNG,
        "code": code,
        "steps": steps_for_a_response(visit.engagement, received),
        # Pupils share a device: what one wrote is not shown again.
        "said": [] if in_class else [one for one in sent(receipt) if not one.empty],
        "copy_url": visit.address("copy") if copies.may_have(receipt) else "",
        "copied": "copy" in visit.request.GET,
        "email": email,
        "error": {"email": problem},
        "errors": [("email", problem)] if problem else [],
        "error_title": _("We have your answers, and could not send the copy"),
    }
    return render(visit.request, "consultations/respond/sent.html", context, status=status)
