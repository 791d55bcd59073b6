"""Addresses of the page of answers with one thing chosen otherwise."""

from django import template

from collaborative.consultations.published import Answers

register = template.Library()


@register.simple_tag
def responses_query(found: Answers, **changed: str) -> str:
    """The query of this page, changed so: `show`, `group`, `q`, `view`. The page's number starts anew."""
    return found.wanted.address(**{"show": found.chosen.key if found.chosen else "", **changed})
