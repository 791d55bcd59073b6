"""Agendas to start from. Chosen on the page of a workshop without parts of its own, one fills them in, made
longer or shorter so that it fits the time there is. After that they are parts like any other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

STEP = 5  # minutes: an agenda of 13 and 27 minutes reads badly


@dataclass(frozen=True)
class Part:
    minutes: int
    kind: str
    title: Any
    text: Any
    columns: Sequence[Any] = ()


@dataclass(frozen=True)
class Agenda:
    name: Any
    parts: Sequence[Part]

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.parts)


WELCOME = (
    _("Welcome"),
    _("Who is here, what people need, the ground rules, and what happens with what you say."),
)
PAUSE = (_("Break"), _("Stretch, drink something, rest your eyes."))
CLOSE = (_("What happens next"), _("Who decides and by when, how you hear of it, and thanks."))

AGENDAS: dict[str, Agenda] = {
    "share-and-choose": Agenda(
        _("Share ideas and choose (2 hours)"),
        (
            Part(10, "talk", *WELCOME),
            Part(15, "talk", _("Why we are here"), _("What is asked, what can change and what cannot.")),
            Part(
                25,
                "board",
                _("Write in silence"),
                _("Everybody writes notes, one thought on each."),
                (_("What works"), _("What gets in the way"), _("What would help")),
            ),
            Part(10, "break", *PAUSE),
            Part(
                25, "discussion", _("What goes together"), _("Read the notes, and say what belongs together.")
            ),
            Part(15, "breakouts", _("Turn it into an idea"), _("In small groups: what if we …?")),
            Part(10, "poll", _("Choose"), _("Everybody has the same number of votes.")),
            Part(10, "talk", *CLOSE),
        ),
    ),
    "map-a-journey": Agenda(
        _("Follow a real journey (90 minutes)"),
        (
            Part(10, "talk", *WELCOME),
            Part(
                30, "breakouts", _("Draw the journey"), _("In threes: each door, call and wait, as it was.")
            ),
            Part(
                15,
                "board",
                _("Where it sticks"),
                _("A note for each place where somebody gave up or was sent on."),
                (_("Before"), _("In the middle"), _("After")),
            ),
            Part(5, "break", *PAUSE),
            Part(20, "discussion", _("What would have helped"), _("Begin with what matters most to you.")),
            Part(10, "talk", *CLOSE),
        ),
    ),
    "look-at-figures": Agenda(
        _("Read figures together, online (75 minutes)"),
        (
            Part(5, "talk", *WELCOME),
            Part(
                10,
                "talk",
                _("What the figures cannot say"),
                _("Who was asked, who was not, and what is hidden."),
            ),
            Part(15, "poll", _("Guess first"), _("What do you think the figures will say?")),
            Part(20, "discussion", _("Then look"), _("What surprises you, and what is missing?")),
            Part(5, "break", *PAUSE),
            Part(15, "board", _("What to ask next"), _("One question on each note."), (_("Questions"),)),
            Part(5, "talk", *CLOSE),
        ),
    ),
    "short": Agenda(
        _("A short one (45 minutes)"),
        (
            Part(5, "talk", *WELCOME),
            Part(15, "board", _("Notes"), _("One thought on each."), (_("Keep"), _("Change"))),
            Part(15, "discussion", _("Talk about it"), _("What stands out?")),
            Part(5, "poll", _("Choose"), _("What matters most?")),
            Part(5, "talk", *CLOSE),
        ),
    ),
}
CHOICES = [("", _("None: I write the parts myself")), *((key, one.name) for key, one in AGENDAS.items())]


def fitted(agenda: Agenda, minutes: int | None) -> list[int]:
    """How long each part takes, so that all of them last as long as the workshop. As they stand where the
    time is not known, or is too short for a step each."""
    lengths = [part.minutes for part in agenda.parts]
    if minutes is None or minutes == agenda.minutes or minutes < STEP * len(lengths):
        return lengths
    new = [max(STEP, length * minutes // agenda.minutes // STEP * STEP) for length in lengths]
    # What rounding left over, or took too much, is the longest part's: it bears it best.
    while (over := sum(new) - minutes) != 0:
        longest = new.index(max(new))
        new[longest] -= min(over, max(new[longest] - STEP, 1)) if over > 0 else over
    return new


def blocks(key: str, minutes: int | None) -> list[dict[str, Any]]:
    """The parts as the blocks of a page."""
    agenda = AGENDAS[key]
    return [
        {
            "type": "stage",
            "value": {
                "minutes": length,
                "title": str(part.title),
                "text": str(part.text),
                "kind": part.kind,
                "columns": [str(column) for column in part.columns],
            },
        }
        for part, length in zip(agenda.parts, fitted(agenda, minutes), strict=True)
    ]
