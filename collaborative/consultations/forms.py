"""Reading what somebody sent from one screen: what to keep, and what to say beside which field.

Whatever arrives, it becomes text of a bounded length or a message; nothing here raises. The raw values go
back onto the screen with the message, so nothing typed is lost. `answers.py` reads the questions.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from collaborative.consultations import answers, uploads
from collaborative.consultations.journey import NO_GROUP, Journey
from collaborative.consultations.kinds import FILE
from collaborative.consultations.questions import Asked
from collaborative.contributions.filetypes import Accepted
from collaborative.contributions.models import Permission, RespondentKind
from collaborative.people.models import AgeBand

# What the buttons beside "Continue" send as `then`.
DECLINE, LEAVE, OTHER_WORDS = "decline", "leave", "words-"


@dataclass
class Cleaned:
    """What to keep in the draft, and errors as (field id, message). While there are errors, keep nothing."""

    keep: dict[str, Any] = field(default_factory=dict)
    errors: list[tuple[str, str]] = field(default_factory=list)
    # To a question that asks for a file: the one that was sent, and whether the one that stands is to go.
    file: Accepted | None = None
    remove: bool = False


def text_of(data: QueryDict, name: str) -> str:
    return answers.plain(str(data.get(name, "")))


def clean(step: str, journey: Journey, data: QueryDict, request: HttpRequest | None = None) -> Cleaned:
    """Read one screen. An unknown step keeps nothing. Without the request, no file is looked for."""
    one = journey.question(step)
    if one is not None:
        then = data.get("then", "")
        declined = then == DECLINE and journey.may_decline(one)
        pausing = then == LEAVE or then.startswith(OTHER_WORDS)  # nobody has to finish before they may rest
        may_skip = declined or pausing or journey.may_skip(one)
        if one.type == FILE:
            cleaned = clean_file(one, data, request, journey.kept_answer(one), may_skip=may_skip)
        else:
            cleaned = clean_question(one, data, may_skip=may_skip)
        if declined:
            cleaned.keep[step]["declined"] = True
        return cleaned
    reader = READERS.get(step)
    return reader(journey, data) if reader else Cleaned()


def clean_question(one: Asked, data: QueryDict, *, may_skip: bool) -> Cleaned:
    """Read the fields of one question, as consultations/respond/fields.html sends them."""
    answer, errors = answers.read(one, dict(data.lists()))
    if not errors and not may_skip:
        errors = answers.missing(one, answer)
    return Cleaned(keep={one.step: answer}, errors=errors)


def clean_file(
    one: Asked,
    data: QueryDict,
    request: HttpRequest | None,
    kept: answers.Answer,
    *,
    may_skip: bool,
) -> Cleaned:
    """Read the fields of a question that asks for a file: another one, none any more, or what stands."""
    file, errors = uploads.given(one, request) if request is not None else (None, [])
    remove = file is None and data.get(uploads.REMOVE) == "yes"
    if not file and not errors and not may_skip and (remove or not answers.says_anything(kept)):
        errors = answers.missing(one, {**kept, "text": ""})
    return Cleaned(keep={one.step: kept}, errors=errors, file=file, remove=remove)


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
    cleaned.errors += answers.too_long(name, value, answers.MOST_IN_A_LINE)
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
