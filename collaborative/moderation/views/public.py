"""The pages that anyone may need: whom to talk to, telling us something is wrong, the house rules."""

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.models import Page

from collaborative import limits
from collaborative.contributions.models import Contribution
from collaborative.engagements.models import Engagement
from collaborative.figures.models import Table
from collaborative.moderation import actions
from collaborative.moderation.forms import ReportForm
from collaborative.moderation.hours import said
from collaborative.moderation.models import Contact, HouseRule, SafetySettings
from collaborative.moderation.permissions import user_works_here


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Whom to talk to, and whether somebody reads messages now: a cached page, so a minute late at most."""
    return render(
        request,
        "moderation/help.html",
        {
            "contacts": Contact.objects.all(),
            "hours": said(SafetySettings.now()),
            "crumbs": [("", _("I’m not okay"))],
        },
    )


@require_safe
def house_rules(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "moderation/house_rules.html",
        {"rules": HouseRule.objects.all(), "crumbs": [("", _("House rules"))]},
    )


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """How checking went, from the newest release (MOD-3). The same for everyone: out of the page cache."""
    table = Table.objects.now("moderation")
    periods = [(name, _period(table.get(key))) for key, name in PERIODS] if table else []
    crumbs = [(reverse("house_rules"), _("House rules")), ("", _("How checking went"))]
    context = {
        "table": table,
        "periods": periods,
        "lines": [
            (label, [period["counts"].get(key, 0) for _name, period in periods]) for key, label in LINES
        ],
        "rules": _rules([period for _name, period in periods]),
        "crumbs": crumbs,
    }
    return render(request, "moderation/figures.html", context)


PERIODS = (("month", gettext_lazy("The last whole month")), ("year", gettext_lazy("The last whole year")))
LINES = (
    ("received", gettext_lazy("Things that people wrote to us")),
    ("decided", gettext_lazy("Decided by a person")),
    ("released", gettext_lazy("Shown or counted as it stood")),
    ("redacted", gettext_lazy("With some words taken out")),
    ("withheld", gettext_lazy("Counted, but kept off the page")),
    ("refused", gettext_lazy("Not shown")),
    ("at_once", gettext_lazy("Shown at once, without a person, where the rules of a place say so")),
    ("late", gettext_lazy("Looked at later than we promise")),
    ("asked", gettext_lazy("Authors who asked for a second person to look")),
    ("stood", gettext_lazy("A second person came to the same answer")),
    ("changed", gettext_lazy("A second person decided it differently")),
)


def _period(content: dict[str, Any]) -> dict[str, Any]:
    days = {name: datetime.date.fromisoformat(content[name]) for name in ("from", "to")}
    return (
        content
        | days
        | {
            "median": _length(content["median_minutes"]),
            "p90": _length(content["p90_minutes"]),
        }
    )


def _length(minutes: int | None) -> str:
    """How long something took, in the largest unit that says enough; "" where it is hidden."""
    if minutes is None:
        return ""
    if minutes < 100:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    hours = round(minutes / 60)
    if hours < 48:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    days = round(minutes / 60 / 24)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def _rules(periods: list[dict[str, Any]]) -> list[tuple[int, str, list[int | None]]]:
    """For each rule how often it was the reason, in each period."""
    titles = {rule["number"]: rule["title"] for period in periods for rule in period["rules"]}
    counted = [{rule["number"]: rule["n"] for rule in period["rules"]} for period in periods]
    return [(number, titles[number], [one[number] for one in counted]) for number in sorted(titles)]


@never_cache
def wrong(request: HttpRequest) -> HttpResponse:
    """Tell us something is wrong, without an account (UNC-3). Nothing typed is ever lost.

    `?about=C-…`: it is about what somebody wrote (SAF-3). Those words show here where anyone may read them;
    otherwise the page is the same for any reference, so that it tells nothing about one.
    """
    if request.method != "POST":
        asked = {"page": request.GET.get("page", "")[:300], "what": request.GET.get("about", "")}
        return _wrong_page(request, ReportForm(initial=asked))
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _wrong_page(request, form)
    wait = limits.spend(request, "wrong")
    if wait:
        form.add_error(None, _too_soon(wait))
        response = _wrong_page(request, form, status=429)
        response["Retry-After"] = str(wait)
        return response
    words = {name: form.cleaned_data[name] for name in ("message", "about", "page", "reply_to")}
    rows = Contribution.objects.select_related("engagement")
    about = rows.filter(reference=form.reference()).first()
    actions.report(**words, contribution=about, key=form.fresh_key())
    where = f"?{urlencode({'at': about.engagement.slug})}" if about else ""
    return redirect(reverse("help_wrong_sent") + where)


def _too_soon(wait: int) -> str:
    text = ngettext(
        "Many messages came from where you are. What you wrote is still here: send it in %(n)s second.",
        "Many messages came from where you are. What you wrote is still here: send it in %(n)s seconds.",
        wait,
    )
    return text % {"n": wait}


def _wrong_page(request: HttpRequest, form: ReportForm, status: int = 200) -> HttpResponse:
    fields = [name for name in form.fields if name in form.errors]
    errors = [(name, form.errors[name][0]) for name in fields]
    errors += [("", error) for error in form.non_field_errors()]
    crumbs = [("/help/", _("I’m not okay")), ("", _("Tell us something is wrong"))]
    context = {
        "form": form,
        "choices": form.choices(),
        "what": form.reference(),
        "quoted": Contribution.objects.public().filter(reference=form.reference()).first(),
        "hours": said(SafetySettings.now()),
        "works_here": user_works_here(request.user),
        "key": form.fresh_key(),
        "summary": errors,
        "crumbs": crumbs,
    }
    return render(request, "moderation/help_wrong.html", context, status=status)


@never_cache
@require_safe
def wrong_sent(request: HttpRequest) -> HttpResponse:
    """Thank you; and outside the hours (of where it was said, `?at=`, or the site) when somebody is back."""
    rows = Engagement.objects.filter(page__in=Page.objects.live().public())
    engagement = rows.filter(slug=request.GET.get("at", "")).first()
    hours = said(SafetySettings.now(), engagement)
    return render(request, "moderation/help_wrong_sent.html", {"hours": hours})
