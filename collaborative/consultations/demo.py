"""The three consultations of the demonstration set, and what people answered."""

from functools import cache
from typing import Any

from django.utils.html import format_html_join
from wagtail.models import Page

from collaborative import codes, demonstration
from collaborative.analysis import campaigns
from collaborative.analysis.actions import confirm_campaign
from collaborative.analysis.demo import sort
from collaborative.analysis.models import Theme
from collaborative.consultations import letters
from collaborative.consultations.actions import respond
from collaborative.consultations.classes import actions as classes
from collaborative.consultations.classes import keys
from collaborative.consultations.models import ConsultationPage, Feedback
from collaborative.consultations.questions import WHY
from collaborative.contributions.actions import About, exclude, stop_writing
from collaborative.contributions.models import Contribution, Receipt
from collaborative.demonstration import Days, Passage, as_of, notice, unmark
from collaborative.engagements.models import Engagement
from collaborative.moderation.demo import check
from collaborative.people.demo import somebody, user
from collaborative.people.models import StakeholderGroup, User
from collaborative.people.roles import Role

FIRST, SECOND, THIRD = "starting-the-conversation-in-p7", "fair-tastes-of-work", "how-will-we-know"
WHOLE = ("young", "easy-read")  # the others have room for films and for Gaelic, in part or not yet
READ_AFTER, SORTED_ON = 2, -58  # days after it came in; day on which the second was sorted


def load_page(slug: str, parent: Page, days: Days, by: User) -> ConsultationPage:
    """Publish a consultation some days before it opens (the third: before the day of loading)."""
    row = next(
        r for r in demonstration.read("consultations", "consultations")["consultation"] if r["slug"] == slug
    )
    with as_of(days.at(min(row["opens"] - 3, -2), 9)):
        page = ConsultationPage(
            title=row["title"],
            slug=slug,
            summary=row["summary"],
            background=format_html_join("", "<p>{}</p>", ((text,) for text in row["background"])),
            audience_text=row["audience_text"],
            minutes=row["minutes"],
            editions=[one for one in row["editions"] if one in WHOLE],
            opens_at=days.at(row["opens"], 9),
            closes_at=days.at(row["closes"], 17),
            short_period_reason=row["short_reason"],
            can_change=_lines(row["can_change"]),
            cannot_change=_lines(row["cannot_change"]),
            who_decides=row["who_decides"],
            decides_by=days.on(row["decides_by"]),
            invites_under_18=row["invites_under_18"],
            lead=user(row["lead"]),
            safeguarding_lead=user(row["safeguarding_lead"]),
            safeguarding_deputy=user(row["deputy"]),
            cover_times=row["cover_times"],
            cover_hours=row["cover_hours"],
            **{f"lundy_{part}": text for part, text in row["lundy"].items()},
            questions=_questions(row["question"]),
            live=False,
        )
        parent.add_child(instance=page)
        page.audiences.set(StakeholderGroup.objects.filter(slug__in=row["audiences"]))
        if row["invites_under_18"]:
            page.young_group = StakeholderGroup.objects.get(slug="young-people")
        page.save_revision(user=by).publish(user=by)
    return page


def _lines(texts: list[str]) -> str:
    return "\n".join(texts)


def _questions(rows: list[dict[str, Any]]) -> Any:
    blocks = [{"type": "question", "value": {**row, "options": _options(row)}} for row in rows]
    field: Any = ConsultationPage._meta.get_field("questions")
    return field.stream_block.to_python(blocks)


def _options(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"young": "", **option} for option in row.get("options", [])]


def load_classes(days: Days) -> dict[str, str]:
    """A class that is approved and at work from the day before loading to the day after; and one that waits.

    Returns what the command shows and keeps nowhere: the code for pupils and the link of their teacher.
    """
    engagement = Engagement.objects.get(slug=FIRST)
    rows = {row["key"]: row for row in demonstration.read("consultations", "classes")["class"]}
    with as_of(days.at(-3, 10)):
        teacher = user("Ailsa Baird")
        leads = classes.ask(engagement, _wish(rows["leads"], days), key="leads", account=teacher)
    with as_of(days.at(-2, 11)):
        classes.approve(leads, by=somebody(Role.EDITORS), reason=rows["leads"]["reason"])
        classes.ask(engagement, _wish(rows["waits"], days), key="waits")
    leads.refresh_from_db()
    return {"class": keys.class_code(leads), "teacher": keys.link(leads)}


def _wish(row: dict[str, Any], days: Days) -> classes.Wish:
    fields = {name: row[name] for name in classes.Wish.__dataclass_fields__ if name in row}
    opens, closes = days.at(*row["opens"]), days.at(*row["closes"])
    return classes.Wish(**fields, opens_at=opens, closes_at=closes)


def load_open_responses(days: Days) -> None:
    """The samples of the first consultation: read, waiting, with words taken out, kept off the page, and one
    passed to safeguarding; and a letter that many sent, found and waiting for somebody to decide."""
    engagement = Engagement.objects.get(slug=FIRST)
    moderator = somebody(Role.MODERATORS)
    for row in _open_responses():
        receipt, _marks = _respond(engagement, row, days)
        # Whatever looks like a concern is read on the day it came.
        read = days.at(row["day"], 14) if row["escalate"] else days.at(min(row["day"] + READ_AFTER, 0), 8)
        with as_of(read):
            for contribution in receipt.contributions.order_by("pk"):
                check(contribution, row["state"], row["redact"], moderator, reason=row.get("reason", ""))
    with as_of(days.at(-1, 9)):
        search = campaigns.look(engagement, by=somebody(Role.ANALYSTS))
        campaigns.work.call(search.pk)


def _open_responses() -> list[dict[str, Any]]:
    files = ("starting_the_conversation", "starting_the_conversation_more")
    return [row for name in files for row in demonstration.read("consultations", name)["response"]]


def load_closed_responses(days: Days, progress: Any) -> None:
    """The 214 answers of the second: read by a person, set aside where that is so, the rest sorted."""
    engagement = Engagement.objects.get(slug=SECOND)
    moderator, analyst = somebody(Role.MODERATORS), somebody(Role.ANALYSTS)
    themes = {theme.code: theme for theme in Theme.objects.all()}
    campaign: dict[str, list[Receipt]] = {"identical": [], "varied": []}
    rows = sorted(
        demonstration.read("consultations", "fair_tastes")["response"], key=lambda r: (r["day"], r["n"])
    )
    for done, row in enumerate(rows):
        receipt, marks = _respond(engagement, row, days)
        contributions = list(receipt.contributions.order_by("pk"))
        with as_of(days.at(row["day"] + READ_AFTER, 9)):
            for contribution in contributions:
                check(contribution, "released", "", moderator)
            if row["excluded"]:
                exclude(receipt, row["excluded"], by=analyst)
        if row["campaign"]:
            campaign[row["campaign"]].append(receipt)
        if not row["excluded"]:
            _sort(contributions, marks, themes, days, analyst)
        progress(done + 1, len(rows))
    with as_of(days.at(SORTED_ON, 16)):
        confirm_campaign(
            engagement, "Small Hosts", identical=campaign["identical"], varied=campaign["varied"], by=analyst
        )


def _sort(
    contributions: list[Contribution],
    marks: dict[str, list[Passage]],
    themes: dict[str, Theme],
    days: Days,
    analyst: User,
) -> None:
    with as_of(days.at(SORTED_ON, 11)):
        for contribution in contributions:
            sort(contribution, marks.pop(contribution.prompt_key, []), themes, analyst)
    lost = [key for key, passages in marks.items() if passages]
    assert not lost, f"marks on answers that were not stored: {lost}"


def demo_code(slug: str, n: int) -> str:
    """The receipt code of one made-up respondent: the same each time on one site."""
    return codes.derived("demo", f"{slug}:{n}")


def _respond(
    engagement: Engagement, row: dict[str, Any], days: Days
) -> tuple[Receipt, dict[str, list[Passage]]]:
    """Store one answer on its day. Returns the receipt and the marks of each text by its question's key."""
    answers, marks = _plain(row["answers"])
    email = _addresses().get(row["n"], "") if engagement.slug == SECOND else ""
    about = About(
        age_band=row["age_band"],
        respondent_kind=row["kind"],
        permission=row["permission"],
        recontact=bool(email),
        contact_email=email,
        group=StakeholderGroup.objects.get(slug=row["group"]),
        channel=row["channel"],
        edition=row.get("edition", "standard"),
        name=row.get("name", ""),
        organisation=row.get("organisation", ""),
        privacy_version=notice(row["day"]),
    )
    moment = days.at(row["day"], 9 + row["n"] % 8, row["n"] * 7 % 60)
    with as_of(moment):
        receipt, _new = respond(
            engagement, about, answers, code=demo_code(engagement.slug, row["n"]), now=moment
        )
    return receipt, marks


def _plain(given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, list[Passage]]]:
    """{key: {"chosen", "text", "why"}} from the short form of the file, and the passages of each text."""
    answers: dict[str, Any] = {}
    marks: dict[str, list[Passage]] = {}
    for key, value in given.items():
        if key.endswith("_why"):
            why, marks[f"{key.removesuffix('_why')}{WHY}"] = unmark(value)
            answers.setdefault(key.removesuffix("_why"), {})["why"] = why
        elif isinstance(value, str) and key in TEXTS:
            text, marks[key] = unmark(value)
            answers[key] = {"text": text}
        else:
            chosen = value if isinstance(value, list) else [str(value)]
            answers.setdefault(key, {})["chosen"] = chosen
    return answers, marks


TEXTS = frozenset({"size", "one_thing", "never_feel", "stop_help", "anything_else", "going_well", "worry"})


def _feedback() -> dict[str, Any]:
    texts = demonstration.read("consultations", "consultations")["consultation"]
    found: dict[str, Any] = next(r for r in texts if r["slug"] == SECOND)["feedback"]
    return found


@cache
def _addresses() -> dict[int, str]:
    """Where the letter goes for those who asked to be told, by the number of their answer."""
    return {one["n"]: one["email"] for one in _feedback()["told"]}


def feedback_day() -> int:
    return int(_feedback()["day"])


def load_feedback(page: ConsultationPage, days: Days, by: User) -> None:
    """What became of the second consultation, published after the decisions that answer it, and the letters
    about it. They go out once the set is loaded."""
    feedback = _feedback()
    day = days.on(feedback["day"])
    with as_of(days.at(feedback["day"], 10)):
        page = ConsultationPage.objects.get(pk=page.pk)
        page.we_asked, page.we_asked_on = feedback["we_asked"], day
        page.you_said, page.you_said_on = feedback["you_said"], day
        page.we_did, page.we_did_on = feedback["we_did"], day
        page.young_feedback = feedback["young_feedback"]
        page.save_revision(user=by).publish(user=by)
        letters.tell.call(Feedback.objects.latest("pk").pk)
    with as_of(days.at(feedback["day"] + 1, 8)):
        for n in feedback["stopped"]:
            stop_writing(Receipt.objects.get(code_hash=codes.hashed(demo_code(SECOND, n))))


def page_of(slug: str) -> ConsultationPage:
    return ConsultationPage.objects.get(slug=slug)
