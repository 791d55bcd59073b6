"""What the columns, keys, questions and topics of an export mean, and what may be said with it (ANA-1)."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborative.analysis.models import Stance, ThemeVersion
from collaborative.consultations.exports import reading
from collaborative.consultations.exports.tables import Tables, extras_of
from collaborative.consultations.models import Export
from collaborative.contributions.models import (
    Channel,
    Edition,
    Exclusion,
    Permission,
    Receipt,
    RespondentKind,
    State,
    Wording,
)
from collaborative.people.models import AgeBand

HEAD = [gettext_lazy("Part"), gettext_lazy("Name"), gettext_lazy("Meaning"), gettext_lazy("More")]
Row = list[str]
KEPT_OFF = (reading.WITHHELD, gettext_lazy("Checked and counted, but kept off the page. Do not quote it."))

COLUMNS: dict[str, Any] = {
    "response": gettext_lazy(
        "The number of a response. One respondent in one place; the same in every file."
    ),
    "received": gettext_lazy("The day on which it came"),
    "channel": gettext_lazy("How it came"),
    "edition": gettext_lazy("Which edition was answered"),
    "language": gettext_lazy("The language it was answered in"),
    "group": gettext_lazy("The key of the group"),
    "group_in_words": gettext_lazy("The name of the group"),
    "age_band": gettext_lazy("Age band. Nobody is asked for a date of birth."),
    "respondent_kind": gettext_lazy("A person or an organisation"),
    "permission": gettext_lazy("What may be published. Quote nothing from “not-published”."),
    "permission_in_words": gettext_lazy("The same, as it was asked"),
    "excluded": gettext_lazy("Why it is left out of the analysis; empty when it counts"),
    "campaign": gettext_lazy("The campaign it belongs to"),
    "campaign_copy": gettext_lazy("Of a campaign: “identical” ones count once, “varied” ones each"),
    "reference": gettext_lazy("The code of one piece of text, as on the website"),
    "number": gettext_lazy("The place of the question"),
    "question": gettext_lazy("The key of the question; with “-why” at the end, its reason"),
    "question_in_words": gettext_lazy("The question as it was put to this respondent"),
    "answer": gettext_lazy("The keys of what was chosen, in order for a ranking; a number; a day"),
    "answer_in_words": gettext_lazy(
        "What was written; what a file is called; or what was chosen, in the words that were offered"
    ),
    "state": gettext_lazy("Where this text stands"),
    "left_out": gettext_lazy("Why there are no words"),
    "wording": gettext_lazy("Whether the words are as given, or were changed"),
    "topics": gettext_lazy("Codes of the topics that it was sorted under"),
    "topic": gettext_lazy("The code of the topic"),
    "topic_in_words": gettext_lazy("The name of the topic when it was sorted"),
    "topic_wording": gettext_lazy("Which wording of the topic was used"),
    "stance": gettext_lazy("For or against"),
    "start": gettext_lazy("Where the passage begins, in characters from 0"),
    "end": gettext_lazy("Where it ends"),
    "passage": gettext_lazy("The words that were sorted"),
    "sorted_by": gettext_lazy("Who sorted it"),
    "sorted_at": gettext_lazy("When"),
    "before": gettext_lazy("Raw: the words before some were removed"),
    "why_changed": gettext_lazy("Raw: why words were removed"),
    "name": gettext_lazy("Raw: the name, where it was given"),
    "organisation": gettext_lazy("Raw: the organisation, where it was given"),
    "recontact": gettext_lazy("Raw: whether we may get in touch"),
    "email": gettext_lazy("Raw: the address, where we may get in touch"),
    "q-…": gettext_lazy("The answer to the question with that key; “in words” beside it for choices"),
    "why-…": gettext_lazy("The reason given for that answer"),
    "… left out": gettext_lazy("Why there are no words in the column before"),
    "other": gettext_lazy("What was written in answer to anything else"),
}
LEFT_OUT: dict[str, Any] = {
    reading.WAITING: gettext_lazy("Not checked by a person yet"),
    reading.REFUSED: gettext_lazy("Not shown, by a house rule"),
    reading.HIDDEN: gettext_lazy("Hidden with what it answers"),
    reading.TAKEN_BACK: gettext_lazy("Taken back by its author"),
    reading.IDENTIFYING: gettext_lazy("By somebody who is or may be under 16, and may tell who they are"),
    reading.CHANGED: gettext_lazy("The words were changed after they were sorted"),
}


def head() -> Row:
    return [str(one) for one in HEAD]


def rows(export: Export, tables: Tables) -> Iterator[Row]:
    """[part, name, meaning, more] for everything that stands in the file."""
    yield from _about(export)
    yield from _all(_("Column"), COLUMNS.items())
    yield from _all("left_out", LEFT_OUT.items())
    for name, choices in (
        ("channel", Channel.choices),
        ("edition", Edition.choices),
        ("age_band", AgeBand.choices),
        ("respondent_kind", RespondentKind.choices),
        ("permission", Permission.choices),
        ("excluded", Exclusion.choices),
        ("state", [pair for pair in State.choices if pair[0] != State.ESCALATED] + [KEPT_OFF]),
        ("wording", Wording.Kind.choices),
        ("stance", Stance.choices),
    ):
        yield from _all(name, choices)
    for extra in extras_of(export.engagement):
        yield from _all(_("Column"), extra.columns.items())
        for name, choices in extra.values.items():
            yield from _all(name, choices)
    yield from _questions(tables)
    part = _("Topic")
    for version in ThemeVersion.objects.newest():
        yield [part, version.theme.code, version.label, version.definition]


def _about(export: Export) -> Iterator[Row]:
    part, engagement = _("This file"), export.engagement
    made = timezone.localtime(export.at).strftime("%Y-%m-%d %H:%M")
    yield [part, _("About"), engagement.title, engagement.get_kind_display()]
    yield [part, _("Made"), made, str(export.by or "")]
    yield [part, _("Rows"), str(export.get_shape_display()), ""]
    if export.raw is not None:
        who = str(export.raw.decided_by or "")
        yield [
            part,
            _("Raw"),
            _("With names and original words. For one person, and not to be passed on."),
            who,
        ]
    else:
        yield [part, _("For the team"), _("Without names, addresses and codes of receipts"), ""]
    yield from _base(part, export)
    yield [part, _("What it cannot say"), str(CAVEAT), ""]
    yield [part, _("Small numbers"), str(SMALL), ""]
    yield [part, _("Cells"), str(CELLS), ""]


CAVEAT = gettext_lazy(
    "Those who answer choose themselves. The numbers say how many said something here, and cannot say how "
    "many people in Scotland think so."
)
SMALL = gettext_lazy(
    "Rows in this file stand for people. Publish no count below the threshold, and no other that lets one be "
    "worked out: the public figures of the site are checked for that."
)
CELLS = gettext_lazy(
    "In a workbook, text that is too long for a cell stands whole on the sheet “Long texts”, and a sheet "
    "that is full goes on in the next. In a CSV, an apostrophe stands before what a spreadsheet program "
    "would run. A character that no spreadsheet can hold stands as _x0001_."
)


def _base(part: str, export: Export) -> Iterator[Row]:
    """ANA-2: received, left out by reason, what remains. Two queries."""
    receipts = Receipt.objects.filter(engagement=export.engagement)
    received = receipts.count()
    counts = receipts.exclude(exclusion="").values_list("exclusion").annotate(n=Count("pk")).order_by()
    left_out = dict(counts)
    yield [part, _("Responses received"), str(received), ""]
    for value, label in Exclusion.choices:
        yield [part, _("Left out"), str(left_out.get(value, 0)), str(label)]
    yield [part, _("Responses not left out"), str(received - sum(left_out.values())), ""]


def _all(part: str, pairs: Iterable[tuple[Any, str | Promise]]) -> Iterator[Row]:
    for name, meaning in pairs:
        yield [part, str(name), str(meaning), ""]


def _questions(tables: Tables) -> Iterator[Row]:
    """Every wording of every question, and what could be chosen."""
    part, choice, line = _("Question"), _("Choice"), _("Line of a table")
    for wording in sorted(
        tables.wordings.values(), key=lambda one: (int(tables.numbers[one.question.key]), one.pk)
    ):
        key, when = wording.question.key, timezone.localdate(wording.from_date).isoformat()
        said = f"{wording.get_edition_display()}, {when}"
        yield [part, key, wording.text, f"{wording.question.type}; {said}"]
        for name, found in ((choice, wording.options), (line, wording.rows)):
            for one in found:
                yield [name, f"{key}: {one['key']}", one["label"], said]
