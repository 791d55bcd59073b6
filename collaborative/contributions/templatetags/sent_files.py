"""How a file is told in words: what it is and how large."""

from django import template

from collaborative.contributions import filetypes

register = template.Library()


@register.filter
def file_kind(kind: str) -> str:
    return str(filetypes.SHORT_NAMES.get(kind, kind))


@register.filter
def file_size(size: int) -> str:
    return filetypes.in_size(size)
