"""Whom to ring at the school of a class: on the screen of a safeguarding case; each look is recorded."""

from typing import Any

from django import template

from collaborative.consultations.classes import keys
from collaborative.consultations.models import ClassSession

register = template.Library()


@register.inclusion_tag("consultations/classes/contact.html")
def class_contact(code: Any = None, told: str = "") -> dict[str, Any]:
    """By the code of the class that something came from, or by what a teacher's message says. One query."""
    number = keys.number_in(told)
    if code is None and number is None:
        return {"session": None}
    wanted = {"join_code": code} if code is not None else {"pk": number}
    return {"session": ClassSession.objects.filter(**wanted).first()}
