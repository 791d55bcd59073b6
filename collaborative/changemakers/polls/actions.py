"""Voting, and showing how a vote stands. Locks: the stage, then the stream."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.changemakers.polls import kinds
from collaborative.changemakers.polls.kinds import Votes
from collaborative.changemakers.polls.models import Ballot, Vote
from collaborative.changemakers.room.giving import refuse_if_stopped
from collaborative.changemakers.room.models import Kind, Participant, Stage
from collaborative.changemakers.room.permissions import user_may_facilitate
from collaborative.contributions import ledger
from collaborative.contributions.actions import NotPossible
from collaborative.live.actions import announce
from collaborative.people.models import User


def stream(stage: Stage) -> str:
    return f"poll.{stage.pk}"


def vote(stage: Stage, votes: Votes, *, participant: Participant, now: datetime | None = None) -> Ballot:
    """Theirs counts so from now on, in place of what it was. The same again changes nothing.

    Raises NotPossible: then what they had voted before stands.
    """
    now = now or timezone.now()
    with transaction.atomic():
        row = _locked(stage)
        _refuse_unless_theirs(row, participant)
        refuse_if_stopped(participant)
        why = kinds.problem(kinds.asked(row), votes)
        if why:
            raise NotPossible(why)
        ballot, _new = Ballot.objects.get_or_create(
            stage=row,
            participant=participant,
            defaults={"cast_at": now, "changed_at": now, "group": participant.group},
        )
        if dict(ballot.votes.values_list("option", "value")) == votes:
            return ballot
        ballot.votes.all().delete()
        Vote.objects.bulk_create(
            Vote(ballot=ballot, option=option, value=value) for option, value in votes.items()
        )
        Ballot.objects.filter(pk=ballot.pk).update(changed_at=now)
        announce((stream(row), "poll", row.pk))
    return ballot


def take_back(stage: Stage, *, participant: Participant) -> None:
    """They would rather not have voted. Twice is no error."""
    with transaction.atomic():
        row = _locked(stage)
        _refuse_unless_theirs(row, participant)
        if Ballot.objects.filter(stage=row, participant=participant).delete()[0]:
            announce((stream(row), "poll", row.pk))


def reveal(stage: Stage, shown: bool, *, by: User) -> None:
    """Let the room see how it stands, or hide it again. Totals alone: nobody sees who voted for what."""
    with transaction.atomic():
        row = _locked(stage)
        if not user_may_facilitate(by, row.engagement):
            raise NotPossible(_("You do not run this workshop."))
        if row.revealed == shown:
            return
        Stage.objects.filter(pk=row.pk).update(revealed=shown)
        verb = "poll.revealed" if shown else "poll.hidden"
        ledger.record(verb, f"stage:{row.pk}", by)
        announce((stream(row), "poll", row.pk))
    stage.revealed = shown


def _locked(stage: Stage) -> Stage:
    Stage.objects.select_for_update().values_list("pk").get(pk=stage.pk)
    return Stage.objects.select_related("engagement").get(pk=stage.pk, kind=Kind.POLL)


def _refuse_unless_theirs(stage: Stage, participant: Participant) -> None:
    if participant.engagement_id != stage.engagement_id or not participant.is_here:
        raise NotPossible(_("You are not in this workshop any more. Join again with its code."))
    if not stage.is_open:
        raise NotPossible(_("This vote is closed. What you chose before stands."))
