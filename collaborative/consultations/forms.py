"""Reading what somebody sent from one screen: what to keep, and what to say beside which field.

Whatever arrives, it becomes text of a bounded length or a message; nothing here raises. The raw values go
back onto the screen with the message, so nothing typed is lost.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collaborative.consultations.journey import NO_GROUP, Journey
from collaborative.consultations.questions import MANY, RANK, TEXT, Asked
from collaborative.contributions.models import Permission, RespondentKind
from collaborative.people.models import AgeBand

MOST_CHARACTERS = 20_000
MOST_IN_A_LINE = 200


@dataclass
class Cleaned:
    """What to keep in the draft, and errors as (field id, message). While there are errors, keep nothing."""

    keep: dict[str, Any] = field(default_factory=dict)
    errors: list[tuple[str, str]] = field(default_factory=list)


def text_of(data: QueryDict, name: str) -> str:
    """What was typed, without what no database keeps (NUL), with the line ends of one system."""
    return str(data.get(name, "")).replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")


def clean(step: str, journey: Journey, data: QueryDict) -> Cleaned:
    """Read one screen. An unknown step keeps nothing."""
    one = journey.question(step)
    if one is not None:
        return clean_question(one, data, may_skip=journey.in_class or not one.required)
    reader = READERS.get(step)
    return reader(journey, data) if reader else Cleaned()


def clean_question(one: Asked, data: QueryDict, *, may_skip: bool) -> Cleaned:
    cleaned = Cleaned()
    answer: dict[str, Any] = {}
    if one.type == TEXT:
        answer["text"] = text_of(data, "text")
        _measure(cleaned, "text", answer["text"])
    else:
        answer["chosen"] = _ranked(one, data, cleaned) if one.type == RANK else _chosen(one, data, cleaned)
    if one.why:
        answer["why"] = text_of(data, "why")
        _measure(cleaned, "why", answer["why"])
    empty = not any(value if isinstance(value, list) else value.strip() for value in answer.values())
    if empty and not may_skip and not cleaned.errors:
        message = _("Write an answer.") if one.type == TEXT else _("Choose an answer.")
        cleaned.errors.append(("text" if one.type == TEXT else "chosen", message))
    cleaned.keep[one.step] = answer
    return cleaned


def _measure(cleaned: Cleaned, name: str, text: str, most: int = MOST_CHARACTERS) -> None:
    over = len(text) - most
    if over > 0:
        message = ngettext(
            "This is %(over)s character too long. Nothing is lost: make it shorter, then carry on.",
            "This is %(over)s characters too long. Nothing is lost: make it shorter, then carry on.",
            over,
        )
        cleaned.errors.append(
            (name, message % {"over": number_format(over, use_l10n=True, force_grouping=True)})
        )


def _chosen(one: Asked, data: QueryDict, cleaned: Cleaned) -> list[str]:
    known = {key for key, _label in one.options}
    sent = [value for value in data.getlist("chosen") if value]
    chosen = [key for key, _label in one.options if key in sent]
    if set(sent) - known:
        cleaned.errors.append(("chosen", _("Choose from the answers on this page.")))
    most = one.max_choices if one.type == MANY else 1
    if most and len(chosen) > most:
        message = ngettext("Choose only %(most)s.", "Choose up to %(most)s.", most) % {"most": most}
        cleaned.errors.append(("chosen", message))
    return chosen


def _ranked(one: Asked, data: QueryDict, cleaned: Cleaned) -> list[str]:
    places: dict[int, str] = {}
    for key, _label in one.options:
        sent = str(data.get(f"chosen-{key}", ""))
        if not sent:
            continue
        if sent not in {str(number) for number in range(1, len(one.options) + 1)}:
            cleaned.errors.append(("chosen", _("Choose from the numbers on this page.")))
            return []
        if int(sent) in places:
            message = _("Two have the number %(number)s. Give each a number of its own.") % {"number": sent}
            cleaned.errors.append(("chosen", message))
            return []
        places[int(sent)] = key
    return [key for _place, key in sorted(places.items())]


def _age(journey: Journey, data: QueryDict) -> Cleaned:
    band = str(data.get("age", ""))
    if band not in AgeBand.values:
        return Cleaned(errors=[("age", _("Choose your age group. You can choose not to say."))])
    keep = {"age": band}
    if data.get("edition") in journey.sheet.editions:
        keep["edition"] = str(data["edition"])
    return Cleaned(keep=keep)


def _about(journey: Journey, data: QueryDict) -> Cleaned:
    cleaned = Cleaned()
    if journey.asks_kind:
        cleaned.keep["kind"] = str(data.get("kind", ""))
        if cleaned.keep["kind"] not in RespondentKind.values:
            cleaned.errors.append(("kind", _("Say whether you answer for yourself or for an organisation.")))
    if journey.asks_group:
        group = data.get("group", "")
        cleaned.keep["group"] = group
        if group not in {"", NO_GROUP, *(known.slug for known in journey.groups)}:
            cleaned.errors.append(("group", _("Choose from the groups on this page.")))
    return cleaned


def _permission(journey: Journey, data: QueryDict) -> Cleaned:
    chosen = data.get("permission", "")
    if chosen not in journey.permissions:
        return Cleaned(errors=[("permission", _("Choose what we may publish."))])
    return Cleaned(keep={"permission": chosen})


def _contact(journey: Journey, data: QueryDict) -> Cleaned:
    cleaned = Cleaned()
    if journey.is_organisation:
        needed = journey.permission == Permission.NAMED
        _line(cleaned, data, "organisation", _("Write the name of the organisation.") if needed else "")
    if journey.asks_name:
        _line(cleaned, data, "name", _("Write the name that we may publish."))
    if journey.asks_recontact:
        _recontact(cleaned, data)
    return cleaned


def _line(cleaned: Cleaned, data: QueryDict, name: str, if_empty: str) -> None:
    value = " ".join(text_of(data, name).split())
    cleaned.keep[name] = value
    _measure(cleaned, name, value, MOST_IN_A_LINE)
    if if_empty and not value:
        cleaned.errors.append((name, if_empty))


def _recontact(cleaned: Cleaned, data: QueryDict) -> None:
    wish, address = data.get("recontact", ""), text_of(data, "email").strip()
    cleaned.keep |= {"recontact": wish, "email": address if wish == "yes" else ""}
    if wish not in ("yes", "no"):
        cleaned.errors.append(("recontact", _("Choose yes or no.")))
    elif wish == "yes":
        try:
            validate_email(address)
            if len(address) > 254:
                raise ValidationError("long")
        except ValidationError:
            cleaned.errors.append(("email", _("Write an e-mail address, such as name@example.org.")))


READERS: dict[str, Callable[[Journey, QueryDict], Cleaned]] = {
    "age": _age,
    "about": _about,
    "permission": _permission,
    "contact": _contact,
}
