"""After any sequence an answer is suspect exactly when what was seen is not what stands (I7)."""

from contextlib import suppress
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collaborative.analysis.actions import apply_theme, define_theme, retract
from collaborative.analysis.models import Coding, Stance, Theme
from collaborative.contributions.actions import NotPossible, move, withdraw
from collaborative.contributions.models import State
from collaborative.engagements.models import Engagement
from collaborative.outcomes.actions import reviews
from collaborative.outcomes.models import DecisionPage, Disposition
from collaborative.people.roles import Role
from tests.cast import person
from tests.outcomes import deciding
from tests.outcomes.test_reviews import HOLDS, of

pytestmark = pytest.mark.django_db

VERBS = ("say", "take back", "hide", "show", "sort away", "sort again", "reword", "word back", "review")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 3)), max_size=12))
def test_i7_after_any_sequence_it_is_suspect_exactly_when_what_was_seen_is_not_what_stands(
    steps: list[tuple[str, int]],
) -> None:
    with transaction.atomic():
        try:
            _live(steps)
        finally:
            transaction.set_rollback(True)


def _live(steps: list[tuple[str, int]]) -> None:
    name = uuid4().hex[:6]
    place, topic = deciding.engagement(f"place-{name}"), deciding.theme(f"T{name[:4]}")
    said = [deciding.said(f"Words {n} of {name}", place, topic) for n in range(3)]
    number = 1000 + DecisionPage.objects.count()
    draft = deciding.draft(number, answers=[deciding.answer(topic)], engagements=[place])
    page, board = deciding.publish(draft), person(f"Board {name}", Role.BOARD)
    seen = _rows(topic)
    for verb, which in steps:
        with suppress(NotPossible):
            _do(verb, said[which % len(said)], topic, place, said)
        reviews.look_at(page)
        found = Disposition.objects.suspect().filter(decision=page).first()
        if verb == "review" and found is not None:
            reviews.review(found, HOLDS, "Looked.", by=board, seen=found.suspicion.moves)
            seen, found = _rows(topic), None
        assert (found is not None) == _differs(seen, _rows(topic)), (verb, which)


def _do(verb: str, coding: Coding, topic: Theme, place: Engagement, said: list[Coding]) -> None:
    contribution, analyst = of(coding), deciding.analyst()
    if verb == "say":
        said.append(deciding.said(f"More {len(said)} {topic.code}", place, topic))
    elif verb == "take back":
        withdraw(contribution.receipt)
    elif verb in ("hide", "show"):
        move(contribution, State.HIDDEN if verb == "hide" else State.RELEASED, by=None)
    elif verb == "sort away":
        for live in Coding.objects.live().filter(wording=coding.wording, theme=topic):
            retract(live, by=analyst)
    elif verb == "sort again":
        key = uuid4().hex
        apply_theme(coding.wording, 0, coding.end, topic, by=analyst, key=key, stance=Stance.FOR)
    elif verb in ("reword", "word back"):
        words = "What it is" if verb == "word back" else "Something else"
        more = {"includes": "This", "excludes": "That", "example": "Words"}
        define_theme(topic.code, label=f"Topic {topic.code}", by=analyst, definition=words, **more)


Rows = tuple[str, dict[tuple[int, int, int, str], tuple[int, str]]]


def _rows(topic: Theme) -> Rows:
    """From the rows themselves: what the topic means, and each passage sorted under it: (response, state)."""
    live = Coding.objects.live().filter(theme=topic).select_related("wording__contribution")
    passages = {
        (one.wording_id, one.start, one.end, one.stance): (
            one.wording.contribution.receipt_id,
            one.wording.contribution.state,
        )
        for one in live
    }
    return topic.versions.order_by("-number")[0].definition, passages


def _differs(seen: Rows, now: Rows) -> bool:
    """As decision 51 says it, told another way than the product does."""
    (meant, before), (means, after) = seen, now
    if meant != means:
        return True
    for passage, (_response, state) in before.items():
        if passage not in after and state == State.RELEASED:
            return True
        if passage in after and after[passage][1] != state:
            return True
    known = {response for response, state in before.values() if state == State.RELEASED}
    added = {r for p, (r, state) in after.items() if p not in before and state == State.RELEASED}
    new = added - known
    return bool(added & known) or (len(new) >= 5 and len(new) * 10 >= len(known))
