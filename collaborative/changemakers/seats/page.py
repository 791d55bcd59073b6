"""What an editor writes about places on the page of a workshop."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField

from collaborative.engagements.gates import Gate, Rule
from collaborative.people.models import StakeholderGroup


def groups() -> list[tuple[str, str]]:
    return list(StakeholderGroup.objects.values_list("slug", "name"))


class GroupSeatsBlock(blocks.StructBlock):
    group = blocks.ChoiceBlock(label=_("Group"), choices=groups)
    seats = blocks.IntegerBlock(label=_("Places kept for it"), min_value=1)

    class Meta:
        icon = "group"


class Places(models.Model):
    """Fields of a workshop page. Without a capacity nobody registers: people come, or join by code."""

    capacity = models.PositiveIntegerField(
        _("how many people can come"),
        null=True,
        blank=True,
        help_text=_("With a number here, people register. Leave it empty, and they just come."),
    )
    group_seats = StreamField(
        blocks.StreamBlock([("group", GroupSeatsBlock())]),
        verbose_name=_("places kept for groups"),
        blank=True,
        help_text=_("So that one group cannot take them all. The other places are for everyone."),
    )
    registration_from = models.DateTimeField(
        _("registration opens"), null=True, blank=True, help_text=_("Left empty: when it is published.")
    )
    registration_until = models.DateTimeField(
        _("registration closes"), null=True, blank=True, help_text=_("Left empty: when it begins.")
    )
    place_exact = models.CharField(
        _("the room, and how to get in"),
        max_length=300,
        blank=True,
        help_text=_("Only people who have a place read this."),
    )
    link = models.URLField(
        _("link to join online"),
        max_length=500,
        blank=True,
        help_text=_("Only people who have a place read this."),
    )

    class Meta:
        abstract = True

    @property
    def takes_registrations(self) -> bool:
        return self.capacity is not None


def places_panel() -> MultiFieldPanel:
    return MultiFieldPanel(
        [
            FieldPanel("capacity"),
            FieldPanel("group_seats"),
            FieldRowPanel([FieldPanel("registration_from"), FieldPanel("registration_until")]),
            FieldPanel("place_exact"),
            FieldPanel("link"),
        ],
        heading=_("Places"),
    )


def kept(stream: Any) -> dict[str, int]:
    """{slug of a group: places kept for it}. A group that stands there twice has both."""
    found: dict[str, int] = {}
    for block in stream or ():
        slug, seats = block.value.get("group"), block.value.get("seats")
        if slug and seats:
            found[slug] = found.get(slug, 0) + seats
    return found


def problems(page: Any) -> tuple[Gate, ...]:
    """What keeps these places from being published. `page` is anything with the fields of Places and the
    times of Terms. No query."""
    if page.capacity is None:
        return ()
    gates = []
    if not page.capacity:
        gates.append(Gate("capacity", _now("Say how many people can come, or leave it empty.")))
    if sum(kept(page.group_seats).values()) > page.capacity:
        text = _now("More places are kept for groups than there are. Keep fewer, or let more people come.")
        gates.append(Gate("group_seats", text))
    begins, until = page.registration_from, page.registration_until
    if until and page.opens_at and until > page.opens_at:
        text = _now("Registration must close before the workshop begins, or when it begins.")
        gates.append(Gate("registration_until", text))
    if begins and begins >= (until or page.opens_at or begins):
        gates.append(Gate("registration_from", _now("Registration must open before it closes.")))
    return tuple(gates)


def rule(page: Any) -> Rule:
    return Rule("", _now("Its places add up, and registration closes before it begins."), problems(page))
