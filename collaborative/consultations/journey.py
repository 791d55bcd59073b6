"""Where somebody is in answering, and what may be asked of them. Rules follow the answers kept on the server.

A draft's answers are {"channel", "edition", "age", "kind", "group", "permission", "organisation", "name",
"recontact", "email"} as they were chosen, and {"chosen", "text", "why"} under "q-<key>" for each question,
with "declined" where somebody would rather not say. Nothing in them is trusted: they may be older than the
questions, and they came from a browser.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from collaborative.consultations import answers
from collaborative.consultations.files import may_give
from collaborative.consultations.kinds import FILE, sound
from collaborative.consultations.models.classes import GRACE, ClassSession
from collaborative.consultations.questions import Asked, Sheet
from collaborative.contributions.actions import About
from collaborative.contributions.models import Channel, Edition, Permission, RespondentKind
from collaborative.engagements import ages
from collaborative.engagements.ages import UNDER_18
from collaborative.engagements.models import Engagement, JoinCode
from collaborative.people.models import (
    HANDLED_AS_UNDER_16,
    HANDLED_AS_UNDER_18,
    AgeBand,
    StakeholderGroup,
)

# Asked dozens of times for each screen, and `values` makes its list anew each time.
BANDS = frozenset(AgeBand.values)
NO_GROUP = "none"


class Journey:
    """One person's way through one consultation."""

    def __init__(self, engagement: Engagement, answers: dict[str, Any], sheet: Sheet | None = None) -> None:
        self.engagement = engagement
        self.kept = answers
        self.sheet = sheet or Sheet(engagement)

    # Who ---------------------------------------------------------------------------------------

    @property
    def band(self) -> str:
        band = self.kept.get("age")
        return band if isinstance(band, str) and band in BANDS else ""

    @property
    def in_class(self) -> bool:
        return self.kept.get("channel") == Channel.CLASS

    @property
    def young(self) -> bool:
        """Whether to speak in young words: they are under 18, or chose that edition."""
        return self._known_as_young or self.edition == Edition.YOUNG

    @property
    def _known_as_young(self) -> bool:
        """Under 18, or in a class without having said that they are grown up."""
        return self.band in UNDER_18 or (self.in_class and self.handled_as_under_18)

    @cached_property
    def stop(self) -> ages.Stop | None:
        """AGE-1, SAF-1: what keeps somebody of this age from taking part. One query for those under 18."""
        return ages.stop(self.engagement, self.band, led_by_adult=self.in_class)

    @cached_property
    def class_code(self) -> JoinCode | None:
        """Which class it is, for those who look after safety alone. One query in a class."""
        code = self.kept.get("join_code") if self.in_class else None
        if not isinstance(code, int):
            return None
        return self.engagement.join_codes.select_related("class_session").filter(pk=code).first()

    @property
    def lesson(self) -> ClassSession | None:
        """What its teacher opened and closed; None for a class whose code staff made by hand."""
        return getattr(self.class_code, "class_session", None)

    def class_ended(self, now: datetime) -> datetime | None:
        """When the class ended, once it has. What was begun may be sent for GRACE after that (KID-2)."""
        code = self.class_code
        return code.valid_until if code is not None and now >= code.valid_until else None

    def class_is_over(self, now: datetime) -> bool:
        """Nothing can be sent from this class any more. Also when its code was forgotten long ago."""
        if not self.in_class or "join_code" not in self.kept:
            return False
        ended = self.class_ended(now)
        return self.class_code is None or (ended is not None and now >= ended + GRACE)

    @property
    def handled_as_under_18(self) -> bool:
        return not self.band or self.band in HANDLED_AS_UNDER_18

    @property
    def may_be_named(self) -> bool:
        """KC-3, KC-7, KID-1: no name under 16, of unknown age, or in a class."""
        return bool(self.band) and self.band not in HANDLED_AS_UNDER_16 and not self.in_class

    @property
    def edition(self) -> str:
        chosen = self.kept.get("edition")
        if chosen in self.sheet.editions:
            return chosen  # type: ignore[return-value]
        return (
            Edition.YOUNG
            if self._known_as_young and Edition.YOUNG in self.sheet.editions
            else Edition.STANDARD
        )

    @property
    def asks_kind(self) -> bool:
        return self.band not in UNDER_18 and not self.in_class

    @property
    def kind(self) -> str:
        if not self.asks_kind:
            return RespondentKind.INDIVIDUAL
        kind = self.kept.get("kind")
        return kind if kind in RespondentKind.values else ""

    @property
    def is_organisation(self) -> bool:
        return self.kind == RespondentKind.ORGANISATION

    @cached_property
    def groups(self) -> list[StakeholderGroup]:
        """Whom it is for; all main groups when the editors named nobody. One query."""
        named = list(self.engagement.audiences.all())
        return named or list(StakeholderGroup.objects.filter(parent=None))

    @cached_property
    def young_group(self) -> StakeholderGroup | None:
        page = getattr(self.engagement.page, "consultationpage", None)
        return page.young_group if page else None

    @property
    def asks_group(self) -> bool:
        return not (self._known_as_young and self.young_group)

    @property
    def group(self) -> StakeholderGroup | None:
        if not self.asks_group:
            return self.young_group
        return next((group for group in self.groups if group.slug == self.kept.get("group")), None)

    @property
    def permissions(self) -> list[str]:
        """What may be chosen (RIF-2), in the order of the form."""
        named = self.may_be_named
        return [one for one in Permission.values if named or one != Permission.NAMED]

    @property
    def permission(self) -> str:
        chosen = self.kept.get("permission")
        return chosen if chosen in self.permissions else ""

    @property
    def asks_name(self) -> bool:
        return self.permission == Permission.NAMED and self.may_be_named and not self.is_organisation

    @property
    def asks_recontact(self) -> bool:
        return self.may_be_named

    @property
    def recontact(self) -> bool | None:
        """None while it is asked and not answered."""
        if not self.asks_recontact:
            return False
        return {"yes": True, "no": False}.get(self.kept.get("recontact", ""))

    # Steps -------------------------------------------------------------------------------------

    @cached_property
    def questions(self) -> list[Asked]:
        """Every question in the words of their edition, asked of them or not."""
        return self.sheet.asked(self.edition)

    @cached_property
    def asked(self) -> list[Asked]:
        """The questions that their answers so far lead to, numbered as they meet them. In a class, of those
        what its teacher has opened, and what was answered before they closed it."""
        closed = frozenset(self.lesson.closed_questions) if self.lesson else frozenset()
        asked = [
            one
            for one in self._led_to
            if one.key not in closed or answers.says_anything(self.kept_answer(one))
        ]
        return [replace(one, number=number) for number, one in enumerate(asked, 1)]

    @cached_property
    def _led_to(self) -> list[Asked]:
        led_to = answers.still_asked(self.questions, {one.key: self.answer(one) for one in self.questions})
        return led_to if self._may_give_files else [one for one in led_to if one.type != FILE]

    @property
    def _may_give_files(self) -> bool:
        return may_give(self.engagement, self.band, Channel.CLASS if self.in_class else Channel.WEB)

    @property
    def steps(self) -> list[str]:
        """The screens in order. They follow from the answers, so ask again after each change."""
        about = ["about"] if self.asks_kind or self.asks_group else []
        contact = ["contact"] if self.asks_recontact or self.is_organisation else []
        wait = ["wait"] if len(self.asked) < len(self._led_to) else []
        return ["age", *about, *(one.step for one in self.asked), *wait, "permission", *contact, "check"]

    def question(self, step: str) -> Asked | None:
        """The question of that step, also one that is not asked of them any more: its answer is kept."""
        return next((one for one in [*self.asked, *self.questions] if one.step == step), None)

    def may_skip(self, one: Asked) -> bool:
        return self.in_class or not one.required

    def may_decline(self, one: Asked) -> bool:
        """Where people under 18 are invited, nobody has to say anything, and nobody is told apart by age."""
        return self.engagement.invites_under_18 and not self.may_skip(one)

    def after(self, step: str) -> str:
        steps = self.steps
        if step not in steps and "wait" in steps:
            return "wait"
        return steps[steps.index(step) + 1] if step in steps[:-1] else "check"

    def before(self, step: str) -> str | None:
        steps = self.steps
        return steps[steps.index(step) - 1] if step in steps[1:] else None

    def where_left_off(self) -> str:
        """The first screen that was not answered or passed over."""
        done = {
            "age": bool(self.band) and not self.stop,
            "about": "kind" in self.kept or "group" in self.kept,
            "permission": bool(self.permission),
            "contact": "recontact" in self.kept or "organisation" in self.kept,
        }
        for one in self.asked:
            done[one.step] = one.step in self.kept and not self._unanswered(one)
        return next((step for step in self.steps if not done.get(step, False)), "check")

    def minutes_left(self, minutes: int, step: str) -> int:
        """About how long the rest takes, from what the editors say the whole takes."""
        steps = self.steps
        left = len(steps) - steps.index(step) if step in steps else 1
        return max(1, round(minutes * left / len(steps)))

    # Answers -----------------------------------------------------------------------------------

    def answer(self, one: Asked) -> answers.Answer:
        """What counts as their answer: {"chosen", "text", "why"}, empty parts included."""
        kept = self.kept_answer(one)
        return kept if not self.declined(one) else {"chosen": [], "text": "", "why": ""}

    def kept_answer(self, one: Asked) -> answers.Answer:
        """What they last put down, also where they would rather not say in the end."""
        kept = self._kept(one)
        chosen = kept.get("chosen")
        found: answers.Answer = {
            "chosen": sound(one.type, chosen if isinstance(chosen, list) else [], one.options, one.rows),
            "text": str(kept.get("text") or ""),
            "why": str(kept.get("why") or ""),
        }
        if one.type == FILE:
            found |= {name: kept[name] for name in ("kind", "size") if name in kept}
        return found

    def declined(self, one: Asked) -> bool:
        return bool(self._kept(one).get("declined")) and self.may_decline(one)

    def _kept(self, one: Asked) -> dict[str, Any]:
        kept = self.kept.get(one.step)
        return kept if isinstance(kept, dict) else {}

    def answers_given(self) -> dict[str, answers.Answer]:
        return {one.key: self.answer(one) for one in self.asked}

    @property
    def says_anything(self) -> bool:
        """Whether one question at least has an answer: a choice, or words that are more than spaces."""
        return any(answers.says_anything(self.answer(one)) for one in self.asked)

    def problems(self) -> list[tuple[str, str]]:
        """What is still needed before sending, as (step, message). Empty: it may be sent."""
        found: list[tuple[str, str]] = []
        if not self.band or self.stop:
            found.append(("age", _("Choose your age group.")))
        if self.asks_kind and not self.kind:
            found.append(("about", _("Say whether you answer for yourself or for an organisation.")))
        found += [problem for one in self.asked for problem in self._unanswered(one)]
        if self.asked and not self.says_anything and not any(step.startswith("q-") for step, _text in found):
            found.append((self.asked[0].step, _("You have not answered anything yet. Answer one question.")))
        if not self.asked:
            found.append(("age", _("You have not answered anything yet.")))
        if not self.permission:
            found.append(("permission", _("Choose what we may publish.")))
        if self._contact_missing():
            found.append(("contact", _("Finish the screen about your name and how to reach you.")))
        return found

    def _unanswered(self, one: Asked) -> list[tuple[str, str]]:
        answer = self.answer(one)
        beyond = answers.beyond(one, answer)
        if beyond:
            words = {"number": one.number, "what": beyond[0][1]}
            return [(one.step, _("Question %(number)s: %(what)s") % words)]
        if not self.may_skip(one) and not self.declined(one) and answers.missing(one, answer):
            return [(one.step, _("Answer question %(number)s.") % {"number": one.number})]
        return []

    def _contact_missing(self) -> bool:
        named = self.permission == Permission.NAMED
        return (
            self.recontact is None
            or (self.asks_name and not self.kept.get("name"))
            or (named and self.is_organisation and not self.kept.get("organisation"))
            or (self.recontact is True and not self.kept.get("email"))
        )

    def about(self) -> About:
        """Everything about the respondent, each part only where the rules allow it (RIF-2, RIF-4, KC-7)."""
        return About(
            age_band=self.band,
            respondent_kind=self.kind,
            permission=self.permission,
            recontact=bool(self.recontact),
            group=self.group,
            channel=Channel.CLASS if self.in_class else Channel.WEB,
            join_code=self.class_code,
            edition=self.edition,
            language="gd" if self.edition == Edition.GAELIC else get_language() or "en-gb",  # LNG-2
            name=self.kept.get("name", "") if self.asks_name else "",
            organisation=self.kept.get("organisation", "") if self.is_organisation else "",
            contact_email=self.kept.get("email", "") if self.recontact else "",
        )
