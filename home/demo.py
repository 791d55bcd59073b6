"""The demonstration set: every room lays its part, in the order in which things are said to have happened."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Site

from collaborative import demonstration
from collaborative.analysis import demo as analysis
from collaborative.changemakers import demo as changemakers
from collaborative.changemakers.demo_ideas import load_ideas
from collaborative.changemakers.demo_room import load_notes as load_workshop_notes
from collaborative.changemakers.models import SessionIndexPage
from collaborative.changemakers.writeup.demo import load_write_up
from collaborative.consultations import demo as consultations
from collaborative.consultations.models import ConsultationIndexPage
from collaborative.demonstration import Days, as_of
from collaborative.flow.actions import cut_release
from collaborative.moderation import demo as moderation
from collaborative.outcomes import demo as outcomes
from collaborative.outcomes.models import DecisionIndexPage, ModelPage, RecommendationIndexPage
from collaborative.people import demo as people
from collaborative.people.demo import somebody
from collaborative.people.models import User
from collaborative.people.roles import Role
from collaborative.threads import demo as threads
from home.models import HomePage, NewsPage, SiteSettings, StandardPage
from home.tree import lay_out

ROUTED = frozenset({"house-rules"})  # has an address of its own, made from the rules themselves

Say = Callable[[str], None]


def load(password: str, say: Say, progress: Callable[[int, int], None]) -> dict[str, str]:
    """Lay the whole set in one transaction. Returns the codes to show, by what they are for."""
    days = Days(timezone.localdate())
    with transaction.atomic():
        home = lay_out(with_standing_pages=False)
        say("people, groups and house rules")
        people.load(password)
        moderation.load(days)
        editor = somebody(Role.EDITORS)
        say("the plan, topics, evidence and recommendations")
        _lay_the_plan(days, editor)
        say("consultations and workshops")
        codes = _ask(days, editor)
        say("what people answered, read and sorted")
        consultations.load_closed_responses(days, progress)
        load_workshop_notes()
        ideas = load_ideas()
        consultations.load_open_responses(days)
        moderation.look_after()
        say("decisions, what they changed, and comments on it")
        _decide(days, editor, ideas)
        threads.load(days, ModelPage.objects.get())
        moderation.load_note(days)
        say("pages and news")
        _write_pages(home, days, editor)
        say("figures")
        cut_release(by=somebody(Role.ANALYSTS), reason="demonstration set")
    return codes


def _lay_the_plan(days: Days, editor: User) -> None:
    plan = ModelPage.objects.get()
    outcomes.load_seats(days)
    analysis.load(days)
    outcomes.load_evidence(days)
    outcomes.load_version(plan, 1, days, editor)
    outcomes.load_version(plan, 2, days, editor)
    outcomes.load_recommendations(RecommendationIndexPage.objects.get(), days, editor)


def _ask(days: Days, editor: User) -> dict[str, str]:
    for slug in (consultations.SECOND, consultations.FIRST, consultations.THIRD):
        consultations.load_page(slug, ConsultationIndexPage.objects.get(), days, editor)
    for slug in (changemakers.ISLANDS, changemakers.EMPLOYERS, changemakers.NUMBERS):
        changemakers.load_page(slug, SessionIndexPage.objects.get(), days, editor)
    changemakers.load_places(days)
    return {
        **consultations.load_classes(days),
        "workshop": changemakers.load_join_code(days),
    }


def _decide(days: Days, editor: User, ideas: dict[int, Any]) -> None:
    """Decisions day by day; version 3 of the plan between those before it and those after."""
    plan = ModelPage.objects.get()
    approved = next(
        row["approved_day"]
        for row in demonstration.read("outcomes", "model")["version"]
        if row["number"] == 3
    )
    rows = outcomes.load_decisions()
    parent = DecisionIndexPage.objects.get()
    for row in [r for r in rows if r["day"] <= approved]:
        outcomes.load_decision(row, parent, days, editor, ideas)
    outcomes.load_version(plan, 3, days, editor)
    for row in [r for r in rows if r["day"] > approved]:
        outcomes.load_decision(row, parent, days, editor, ideas)
    outcomes.load_draft(plan, days, editor)
    page = consultations.page_of(consultations.SECOND)
    with as_of(days.at(consultations.feedback_day(), 8)):  # what the feedback then stands on
        cut_release(by=somebody(Role.ANALYSTS), reason="everything of the second consultation is sorted")
    consultations.load_feedback(page, days, editor)
    changemakers.load_output(changemakers.page_of(changemakers.ISLANDS), days, editor)
    load_write_up(days)


def _write_pages(home: HomePage, days: Days, editor: User) -> None:
    rows = {row["slug"]: row for row in demonstration.read("home", "pages")["page"]}
    front = rows["home"]
    home.sentence, home.leader = front["title"], front["intro"]
    home.save_revision(user=editor).publish(user=editor)
    settings = SiteSettings.for_site(Site.objects.get(is_default_site=True))
    settings.partnership, settings.operator = front["partnership"], front["operator"]
    settings.not_heard_enough = front["not_heard_enough"]
    settings.save()
    for row in rows.values():
        if row["kind"] == "standard" and row["slug"] not in ROUTED:
            # Every site has some of them from the first day: then the set writes on those.
            laid = StandardPage.objects.child_of(home).filter(slug=row["slug"]).first()
            _publish(home, laid or StandardPage(live=False), row, editor)
        elif row["kind"] == "news":
            with as_of(days.at(row["day"], 9)):
                _publish(home, NewsPage(date=days.on(row["day"]), live=False), row, editor)


def _publish(parent: Page, page: Any, row: dict[str, Any], editor: User) -> None:
    page.title, page.slug, page.introduction = row["title"], row["slug"], row["intro"]
    page.body = type(page)._meta.get_field("body").stream_block.to_python(_blocks(row["body"]))
    if page.pk is None:
        parent.add_child(instance=page)
    page.save_revision(user=editor).publish(user=editor)


def _blocks(body: list[dict[str, Any]]) -> list[dict[str, str]]:
    blocks = []
    for part in body:
        if part["heading"]:
            blocks.append({"type": "heading", "value": part["heading"]})
        text = "".join(f"<p>{paragraph}</p>" for paragraph in part["paragraphs"])
        if part["bullets"]:
            text += "<ul>" + "".join(f"<li>{bullet}</li>" for bullet in part["bullets"]) + "</ul>"
        if text:
            blocks.append({"type": "paragraph", "value": text})
    return blocks
