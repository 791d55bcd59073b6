"""Answers in British Sign Language (LNG-1): the address of a film, until somebody writes down what is signed.

The words are published, never the film: it shows a face, and leads to another site.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from collaborative.contributions.actions import NotPossible, add_wording
from collaborative.contributions.models import Contribution, State, Wording
from collaborative.moderation.actions.checks import is_free_for, locked
from collaborative.moderation.films import film_in
from collaborative.moderation.permissions import user_may_check, user_may_decide
from collaborative.people.models import User


def transcribe(contribution: Contribution, text: str, *, by: User) -> Wording:
    """Write down what is signed, as the next wording: from now on it is what is read, checked and shown. The
    address stays as it was given. The same words again write nothing. Raises PermissionDenied,
    NotPossible."""
    if not user_may_check(by):
        raise PermissionDenied
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    with transaction.atomic():
        row = locked(contribution.pk)
        if row.state != State.HELD or not user_may_decide(by, row):
            raise NotPossible(_("Somebody else has dealt with this already."))
        is_free_for(row, by)
        newest = row.wordings.order_by("-number")[0]
        if newest.kind == Wording.Kind.TRANSCRIPT and newest.text == text:
            return newest
        if newest.kind != Wording.Kind.TRANSCRIPT and not film_in(row, newest.text):
            raise NotPossible(_("This is written already."))
        return add_wording(row, Wording.Kind.TRANSCRIPT, text, by=by)
