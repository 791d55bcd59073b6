"""Canaries in answers that came by other ways than the form, or that somebody keeps off the page."""

from typing import TYPE_CHECKING

from django.utils import timezone

from collaborative.consultations.exports import actions as exports
from collaborative.consultations.imports import actions as imports
from collaborative.consultations.models import Import
from collaborative.contributions import drafts
from collaborative.contributions.actions import add_wording, keep_back, withdraw
from collaborative.engagements.models import Engagement
from collaborative.moderation import actions as moderation
from tests.consultations.imports.bringing import bring_whole, work_on

if TYPE_CHECKING:
    from tests.whole.canaries import Nest

KEPT_OFF, ON_PAPER = "kept off the page", "keyed in from paper, not to be published"


class Answers:
    def __init__(self, nest: "Nest") -> None:
        self.nest = nest
        self.open = Engagement.objects.get(slug="starting-the-conversation-in-p7")
        self.closed = Engagement.objects.get(slug="fair-tastes-of-work")

    def plant(self, many: int) -> None:
        self.kept_off(many)
        self.on_paper(many)
        self.signed()
        self.half_sent()
        self.in_a_file()
        self.taken_out_raw()

    def kept_off(self, many: int) -> None:
        """Checked, sorted, counted, and on no page (RIF-6): from the start, later, and of somebody named."""
        for _turn in range(many):
            keep_back(self.nest.released(KEPT_OFF), True, by=self.nest.moderator)
        gone = self.nest.released("kept off the page and then taken back")
        keep_back(gone, True, by=self.nest.moderator)
        withdraw(gone.receipt)

    def on_paper(self, many: int) -> None:
        for _turn in range(many):
            self.nest.released(ON_PAPER, channel="paper", permission="not-published")

    def signed(self) -> None:
        """Put into words by staff, and not yet let out: neither the film nor the words may show."""
        film = self.nest.say("a film that waits", edition="bsl")
        address = f"https://films.example/{self.nest.word('the address of a film that waits')}"
        for wording in film.wordings.all():
            add_wording(film, wording.kind, address, by=None)
        moderation.transcribe(film, self.nest.word("the words of a film that waits"), by=self.nest.moderator)

    def half_sent(self) -> None:
        """Kept twice, from two tabs, and carried on in another browser."""
        draft = drafts.begin(
            self.open, drafts.new_token(), {"stop_help": {"text": self.nest.word("half sent")}}
        )
        drafts.keep(draft, {"contact_email": f"{self.nest.word('half sent: address')}@canary.example"})

    def in_a_file(self) -> None:
        """A row that nobody let in, one left out with what was wrong with it, and the name of the file."""
        rows = [
            ["Number", "Age", "Words"],
            [self.nest.word("number of a row"), "26 or over", self.nest.word("a row that waits")],
            ["2", self.nest.word("a cell that is wrong"), self.nest.word("a row left out")],
        ]
        name = f"{self.nest.word('name of a file of answers')}.csv"
        one = bring_whole(self.closed, rows, self.nest.editor, name=name)
        received = timezone.localdate(self.closed.closes_at).isoformat()
        told = {
            "columns": {"0": "key", "1": "age", "2": "q-one_thing"},
            "rest": {"kind": "individual", "received": received},
        }
        imports.tell_columns(one, told, by=self.nest.editor)
        one = work_on(one)
        assert (one.state, one.good, one.bad) == (Import.State.CHECKED, 1, 1), one.trouble

    def taken_out_raw(self) -> None:
        """A raw download that was asked for and refused says no more than one that was allowed."""
        why = self.nest.word("why raw answers were asked for and not given")
        asked = exports.ask(self.open, why, by=self.nest.analyst)
        note = self.nest.word("why they were not given")
        exports.refuse(asked, by=self.nest.second_analyst, note=note)
