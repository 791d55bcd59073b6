"""`manage.py nightly`: what has to happen once a day. Each step stands alone."""

import traceback
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from collaborative import outbox
from collaborative.analysis import campaigns
from collaborative.changemakers.seats import keeping as places
from collaborative.changemakers.writeup import keeping as rooms
from collaborative.consultations import letters
from collaborative.consultations.classes.actions import forget_old as forget_classes
from collaborative.consultations.copies import forget_old as forget_copies
from collaborative.consultations.imports import work
from collaborative.contributions import drafts, files, ledger
from collaborative.flow.actions import cut_release
from collaborative.live.actions import prune
from collaborative.moderation import alerts
from collaborative.outcomes.actions.reviews import look_for_moves
from collaborative.threads.actions.mailing import digests


def publish_scheduled() -> str:
    call_command("publish_scheduled", verbosity=0)
    return "pages whose time has come are published, or taken down"


def release() -> str:
    return f"the public figures are those of {cut_release()}"


def throw_away_drafts() -> str:
    return f"{drafts.throw_away_expired()} expired drafts thrown away"


def throw_away_files() -> str:
    return f"{files.sweep()} files of drafts that have gone, or that nothing names, thrown away"


def forget_old_classes() -> str:
    return f"{forget_classes()} classes of a month ago forgotten"


def forget_addresses() -> str:
    return f"{forget_copies()} addresses for a copy of answers that were left behind forgotten"


def forget_places() -> str:
    return f"{places.forget_old()} people who registered for a workshop of a month ago forgotten"


def forget_rooms() -> str:
    return f"{rooms.forget_old()} people who were in the room of a workshop a month ago forgotten"


def remind_of_workshops() -> str:
    return f"{places.remind()} reminders of workshops written down"


def forget_events() -> str:
    return f"{prune()} old events of live pages forgotten"


def remind_of_concerns() -> str:
    return f"{alerts.sweep()} concerns that nobody has opened told again"


def look_at_answers() -> str:
    return f"{look_for_moves()} answers to look at again, since something moved behind them"


def write_letters() -> str:
    put, due, old = digests(), outbox.sweep(), outbox.forget_old()
    return f"{put} daily messages written down, {due} due ones sent, {old} old ones forgotten"


def tell_of_feedback() -> str:
    return f"{letters.go_on()} publications of feedback taken up, of which not everybody was told"


def take_up_searches() -> str:
    return f"{campaigns.go_on()} searches for campaigns that had stopped taken up"


def take_up_imports() -> str:
    return f"{work.sweep()} files of answers that had stopped taken up; what nobody finished thrown away"


def clear_sessions() -> str:
    call_command("clearsessions", verbosity=0)
    return "expired sessions cleared"


def seal_record() -> str:
    sealed = 0
    while batch := ledger.seal():
        sealed += batch
    return f"{sealed} entries of the record sealed"


# The release counts what publication brought; the record is sealed last, with what the others wrote.
STEPS: tuple[Callable[[], str], ...] = (
    publish_scheduled,
    release,
    throw_away_drafts,
    throw_away_files,
    forget_old_classes,
    forget_addresses,
    forget_places,
    forget_rooms,
    forget_events,
    remind_of_workshops,
    tell_of_feedback,
    look_at_answers,
    write_letters,
    remind_of_concerns,
    take_up_searches,
    take_up_imports,
    clear_sessions,
    seal_record,
)


class Command(BaseCommand):
    help = (
        "Publishes scheduled pages, cuts a release, throws away expired drafts, reminds of concerns that "
        "nobody has opened, seals the record."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        failed = []
        for step in STEPS:
            try:
                self.stdout.write(f"{step.__name__}: {step()}")
            except Exception as error:
                # One night's trouble with one step must not cost the others.
                failed.append(step.__name__)
                self.stderr.write(f"{step.__name__}: FAILED: {error}\n{traceback.format_exc()}")
        if failed:
            raise CommandError(f"Failed: {', '.join(failed)}")
