"""Reading what was sent: the words of a comment, and what is asked before somebody’s first one (RIF-1).

As everywhere: what arrives becomes text of a bounded length or a message, nothing here raises, and the raw
values go back onto the screen with the message.
"""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from collaborative.contributions.actions import About
from collaborative.contributions.models import Channel, Permission, RespondentKind
from collaborative.engagements.ages import UNDER_18
from collaborative.engagements.models import Engagement
from collaborative.people.models import HANDLED_AS_UNDER_16, AgeBand, StakeholderGroup
from collaborative.threads.actions.posting import MOST_CHARACTERS

MOST_IN_A_LINE = 200
NO_GROUP = "none"

Errors = list[tuple[str, str]]


def text_of(data: QueryDict, name: str) -> str:
    """What was typed, without what no database keeps (NUL), with the line ends of one system."""
    return str(data.get(name, "")).replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")


def problems_of_words(words: str) -> Errors:
    over = len(words.strip()) - MOST_CHARACTERS
    if over > 0:
        message = ngettext(
            "This is %(over)s character too long. Nothing is lost: make it shorter, then post it.",
            "This is %(over)s characters too long. Nothing is lost: make it shorter, then post it.",
            over,
        )
        return [("text", message % {"over": number_format(over, use_l10n=True, force_grouping=True)})]
    return [] if words.strip() else [("text", _("Write what you want to say."))]


@dataclass
class Asked:
    """What is asked of somebody of this age who speaks here for the first time, and what they answered."""

    engagement: Engagement
    data: QueryDict
    in_class: bool = False
    errors: Errors = field(default_factory=list)

    @property
    def band(self) -> str:
        band = str(self.data.get("age", ""))
        return band if band in AgeBand.values else ""

    @property
    def young(self) -> bool:
        return self.band in UNDER_18

    @property
    def may_be_named(self) -> bool:
        """KC-3, KC-7, KID-1: no name under 16, of unknown age, or in a class."""
        return bool(self.band) and self.band not in HANDLED_AS_UNDER_16 and not self.in_class

    @property
    def asks_kind(self) -> bool:
        return not self.young and not self.in_class

    @property
    def groups(self) -> list[StakeholderGroup]:
        """Whom it is for; all main groups when the editors named nobody."""
        if not hasattr(self, "_groups"):
            named = list(self.engagement.audiences.all())
            self._groups = named or list(StakeholderGroup.objects.filter(parent=None))
        return self._groups

    @property
    def group_choices(self) -> list[tuple[str, str]]:
        none = (NO_GROUP, _("None of these, or I would rather not say"))
        return [*((group.slug, group.name) for group in self.groups), none]

    @property
    def permissions(self) -> list[tuple[str, str, str]]:
        """What may be chosen (RIF-2); nothing is chosen beforehand (KC-7)."""
        words = {
            Permission.NAMED: (_("With my name"), _("Anyone can read it and see the name.")),
            Permission.ANONYMOUS: (_("Without my name"), _("Anyone can read it. No name is shown.")),
            Permission.NOT_PUBLISHED: (
                _("Do not show it"),
                _("Only the people who work on this read it. It counts just as much."),
            ),
        }
        return [(str(one), *words[one]) for one in words if one != Permission.NAMED or self.may_be_named]

    def about(self) -> About | None:
        """Everything about the respondent, each part only where the rules allow it; None with `errors`."""
        kind = self._kind()
        permission = self._one_of(
            "permission", [value for value, *_rest in self.permissions], _("Choose how we may show it.")
        )
        organisation = kind == RespondentKind.ORGANISATION
        named = permission == Permission.NAMED
        name = self._line("name", _("Write the name that we may show.") if named and not organisation else "")
        needs_body = _("Write the name of the organisation.") if named and organisation else ""
        body = self._line("organisation", needs_body)
        group = self._group()
        recontact, address = self._recontact()
        if self.errors:
            return None
        return About(
            age_band=self.band,
            respondent_kind=kind,
            permission=permission,
            recontact=recontact,
            group=group,
            channel=Channel.CLASS if self.in_class else Channel.WEB,
            language=get_language() or "en-gb",
            name=name if named and not organisation else "",
            organisation=body if organisation else "",
            contact_email=address,
        )

    def _kind(self) -> str:
        if not self.asks_kind:
            return RespondentKind.INDIVIDUAL
        return self._one_of(
            "kind", RespondentKind.values, _("Say whether you speak for yourself or for an organisation.")
        )

    def _group(self) -> StakeholderGroup | None:
        chosen = self.data.get("group", "")
        if chosen not in {"", NO_GROUP, *(group.slug for group in self.groups)}:
            self.errors.append(("group", _("Choose from the groups on this page.")))
        return next((group for group in self.groups if group.slug == chosen), None)

    def _recontact(self) -> tuple[bool, str]:
        if not self.may_be_named:
            return False, ""
        wish = self._one_of("recontact", ["yes", "no"], _("Choose yes or no."))
        address = text_of(self.data, "email").strip()
        if wish != "yes":
            return False, ""
        try:
            validate_email(address)
            if len(address) > 254:
                raise ValidationError("long")
        except ValidationError:
            self.errors.append(("email", _("Write an e-mail address, such as name@example.org.")))
        return True, address

    def _one_of(self, name: str, known: list[Any], message: str) -> str:
        chosen = str(self.data.get(name, ""))
        if chosen not in known:
            self.errors.append((name, message))
        return chosen

    def _line(self, name: str, if_empty: str) -> str:
        value = " ".join(text_of(self.data, name).split())
        if len(value) > MOST_IN_A_LINE:
            self.errors.append((name, _("Make this shorter.")))
        if if_empty and not value:
            self.errors.append((name, if_empty))
        return value
