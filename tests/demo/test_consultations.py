"""Consultations of the demonstration set: a letter that many sent, what is kept off pages, and letters."""

from typing import Any

from collaborative.analysis.models import Campaign, CampaignSuggestion
from collaborative.consultations.demo import FIRST, SECOND
from collaborative.consultations.letters import wanted
from collaborative.consultations.models import Feedback
from collaborative.contributions.models import Contribution, Receipt, Wording
from collaborative.engagements.models import Engagement
from collaborative.models import Message
from collaborative.moderation.models import Check
from tests.demo.content import CONSULTATIONS, read
from tests.demo.test_load_demo import demonstration  # noqa: F401

MORE = read("collaborative/consultations/demo_data/starting_the_conversation_more.toml")["response"]
LETTER = [row for row in MORE if row["label"].startswith("The letter")]


def test_every_answer_has_what_the_form_asks_for() -> None:
    assert [row["n"] for row in MORE] == list(range(21, 31))
    for row in MORE:
        assert row["state"] in {"released", "withheld"} and -20 <= row["day"] <= -3, row["n"]
        assert bool(row["name"]) == (row["permission"] == "named"), row["n"]
        assert not row["redact"] or row["redact"] in row["answers"]["never_feel"], row["n"]
        assert bool(row["reason"]) == bool(row["redact"] or row["state"] == "withheld"), row["n"]


def test_ana_3_one_campaign_is_confirmed_and_one_waits_for_a_person(demonstration: Any) -> None:  # noqa: F811
    waits = CampaignSuggestion.objects.get()
    assert (waits.engagement.slug, waits.state) == (FIRST, CampaignSuggestion.State.OPEN)
    assert (waits.identical, waits.varied) == (6, 2) and len(LETTER) == 8
    assert {one.likeness < 100 for one in waits.members.filter(varied=True)} == {True}
    assert Campaign.objects.get().engagement.slug == SECOND


def test_rif_6_a_name_is_taken_out_and_one_answer_is_kept_off_the_page(demonstration: Any) -> None:  # noqa: F811
    shown = Contribution.objects.public().filter(engagement__slug=FIRST).with_newest_text()
    words = " ".join(row.newest_text for row in shown)
    for row in MORE:
        if row["redact"]:
            assert row["redact"] not in words and "under the pool table" in words
            was = Wording.objects.get(text__contains=row["redact"], number=1)
            assert was.contribution.wordings.filter(kind=Wording.Kind.REDACTED, reason=row["reason"]).exists()
        if row["state"] == "withheld":
            assert row["answers"]["never_feel"] not in words
            kept = Contribution.objects.get(withheld=True, engagement__slug=FIRST)
            assert kept in Contribution.objects.analysable()
            assert Check.objects.get(contribution=kept).outcome == Check.Outcome.WITHHELD


def test_fbk_2_who_asked_has_one_letter_and_who_stopped_it_none(demonstration: Any) -> None:  # noqa: F811
    feedback = CONSULTATIONS[SECOND]["feedback"]
    addresses = {one["email"] for one in feedback["told"]}
    told = Message.objects.filter(kind="feedback")
    assert told.count() == len(addresses) < len(feedback["told"])
    assert told.filter(state=Message.State.SENT).count() == len(addresses) - len(feedback["stopped"])
    assert told.filter(state=Message.State.DROPPED).count() == len(feedback["stopped"]) == 1
    stands = wanted(Engagement.objects.get(slug=SECOND).pk).values_list("contact_email", flat=True)
    assert len(set(stands)) == len(addresses) - 1
    assert Receipt.objects.filter(recontact=True, exclusion="duplicate").count() == 1
    assert not Feedback.objects.filter(told_at=None).exists()


def test_rif_1_answers_keep_the_notice_of_their_day(demonstration: Any) -> None:  # noqa: F811
    versions = Receipt.objects.values_list("engagement__slug", "privacy_version").distinct()
    assert {(FIRST, "2"), (SECOND, "1")} <= set(versions)
    assert not {(FIRST, "1"), (SECOND, "2")} & set(versions)
