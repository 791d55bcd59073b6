"""The verbs of the decider's desk (decision 53)."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from collaborative import pagecache
from collaborative.analysis.models import Theme
from collaborative.contributions import ledger
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused
from collaborative.outcomes import desk
from collaborative.outcomes.models import ClosedOff, DecisionIndexPage, DecisionPage, PutOff
from collaborative.outcomes.permissions import user_may_begin_decision, user_may_put_off
from collaborative.people.models import User

LONGEST_REASON = 2_000


def put_off(
    engagement: Engagement,
    theme: Theme,
    reason: str,
    until: date | None,
    *,
    by: User,
    now: datetime | None = None,
) -> PutOff:
    """The board does not answer this topic yet; people read why, and by when it looks again.

    Raises PermissionDenied, and Refused when the reason or the day is missing or makes no sense, or when the
    topic does not wait there. The same sent twice is one.
    """
    if not user_may_put_off(by):
        raise PermissionDenied
    now = now or timezone.now()
    reason = reason.replace("\x00", "").strip()
    if not reason:
        raise Refused(_("Say why, in words that people can read beside the topic."))
    if len(reason) > LONGEST_REASON:
        raise Refused(_("Write up to 2,000 characters."))
    if until is None or until <= timezone.localdate(now):
        raise Refused(_("Say by when the board looks at it again: a day that is still to come."))
    with _alone(engagement):
        stands = desk.standing(engagement).get(theme.pk)
        if stands and (stands.reason, stands.until) == (reason, until):
            return stands
        if stands is None and theme not in desk.waiting(engagement):
            raise Refused(_("This topic has an answer by now, or nothing counts under it any more."))
        made = _next(engagement, theme, by=by, at=now, reason=reason, until=until)
        ledger.record("topic.put_off", _subject(engagement), by, theme=theme.code, until=until.isoformat())
        pagecache.touch()
    return made


def take_up(engagement: Engagement, theme: Theme, *, by: User, now: datetime | None = None) -> None:
    """The topic waits for an answer again; nothing happens where it was not put off.

    Raises PermissionDenied.
    """
    if not user_may_put_off(by):
        raise PermissionDenied
    with _alone(engagement):
        if theme.pk in desk.standing(engagement):
            _next(engagement, theme, by=by, at=now or timezone.now(), reason="", taken_up=True)
            ledger.record("topic.taken_up", _subject(engagement), by, theme=theme.code)
            pagecache.touch()


def close_off(engagement: Engagement, *, by: User, now: datetime | None = None) -> ClosedOff:
    """Nothing that was said there waits any more: every topic was answered or put off.

    Raises PermissionDenied, and Refused while it is open, or while a topic waits, naming which.
    """
    if not user_may_put_off(by):
        raise PermissionDenied
    now = now or timezone.now()
    with _alone(engagement):
        done = ClosedOff.objects.filter(engagement=engagement).first()
        if done is not None:
            return done
        if engagement.closes_at is None or engagement.closes_at > now:
            raise Refused(_("It is still open: more can come in."))
        left = desk.waiting(engagement)
        if left:
            names = ", ".join(f"“{one.name}”" for one in left)
            raise Refused(_("Answer these or put them off first: %(topics)s.") % {"topics": names})
        done = ClosedOff.objects.create(engagement=engagement, by=by, at=now)
        ledger.record("engagement.closed_off", _subject(engagement), by)
    return done


def begin_decision(engagement: Engagement, themes: Collection[Theme], *, by: User) -> DecisionPage:
    """A draft of one decision that answers these topics of this engagement: what was decided is still to be
    written. Raises PermissionDenied, and Refused when no topic that waits or was put off is among them."""
    index = DecisionIndexPage.objects.live().first()
    if index is None or not user_may_begin_decision(by, index):
        raise PermissionDenied
    open_now = {one.pk for one in desk.waiting(engagement)} | desk.standing(engagement).keys()
    chosen = [one for one in themes if one.pk in open_now]
    if not chosen:
        raise Refused(_("Choose at least one topic that waits for an answer."))
    with transaction.atomic():
        Page.objects.select_for_update().get(pk=index.pk)  # two drafts at once get two numbers
        begun = _begun(engagement, chosen, by)
        if begun is not None:
            return begun
        number = (DecisionPage.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        page = DecisionPage(
            title=", ".join(one.name for one in chosen)[:200],
            slug=f"decision-{number}",
            number=number,
            live=False,
            owner=by,
            answers=[("answer", {"theme": one, "answer": "", "reason": ""}) for one in chosen],
        )
        index.add_child(instance=page)
        page.engagements.set([engagement])
        page.save()
        page.save_revision(user=by)
    return page


@contextmanager
def _alone(engagement: Engagement) -> Iterator[None]:
    """What is done about one engagement is done one thing after the other."""
    with transaction.atomic():
        Engagement.objects.select_for_update().values_list("pk").get(pk=engagement.pk)
        yield


def _next(engagement: Engagement, theme: Theme, **row: Any) -> PutOff:
    number = PutOff.objects.filter(engagement=engagement, theme=theme).count() + 1
    return PutOff.objects.create(engagement=engagement, theme=theme, number=number, **row)


def _begun(engagement: Engagement, chosen: list[Theme], by: User) -> DecisionPage | None:
    """The draft that the same press made a moment ago."""
    drafts = DecisionPage.objects.filter(
        live=False, first_published_at=None, owner=by, engagements=engagement
    )
    wanted = {one.pk for one in chosen}
    return next((page for page in drafts if {b.value["theme"].pk for b in page.answers} == wanted), None)


def _subject(engagement: Engagement) -> str:
    return f"engagement:{engagement.slug}"
