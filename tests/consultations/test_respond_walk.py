"""A stranger answers, from Start to the code, without account and without script."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collaborative.consultations.models import ChoiceAnswer
from collaborative.contributions.models import Contribution, Draft, Receipt, Wording
from tests.consultations.making import WORDS, Respondent, consultation

pytestmark = pytest.mark.django_db


def test_it_works() -> None:
    someone = Respondent(consultation())
    assert someone.get().headers["Location"].endswith("/respond/age/")
    screens = [
        "age",
        "about",
        "q-when",
        "q-who",
        "q-feel",
        "q-agree",
        "q-promises",
        "permission",
        "contact",
        "check",
    ]
    answers = [
        {"age": "26-plus"},
        {"kind": "individual", "group": "parents"},
        {"chosen": "p7", "why": "Before the summer."},
        {"chosen": ["p6", "s1"]},
        {"text": WORDS},
        {"chosen": "p6"},
        {"chosen-p6": "2", "chosen-p7": "1"},
        {"permission": "anonymous"},
        {"recontact": "no"},
    ]
    for step, following, data in zip(screens, screens[1:], answers, strict=False):
        assert someone.get(step).status_code == 200
        assert someone.post(step, **data).headers["Location"] == someone.address(following)
    sent = someone.client.post(someone.address("check"), follow=True)
    code = re.search(r'class="cs_code">([A-Z0-9-]+)<', sent.content.decode())
    assert code
    receipt = Receipt.objects.get()
    assert (receipt.age_band, receipt.permission, receipt.respondent_kind) == (
        "26-plus",
        "anonymous",
        "individual",
    )
    assert (receipt.group.slug, receipt.recontact, receipt.channel) == ("parents", False, "web")
    assert set(Wording.objects.values_list("text", flat=True)) == {"Before the summer.", WORDS}
    assert {c.prompt_key for c in Contribution.objects.all()} == {"when-why", "feel"}
    chosen = {a.wording.question.key: a.value for a in ChoiceAnswer.objects.all()}
    assert chosen == {"when": ["p7"], "who": ["p6", "s1"], "agree": ["p6"], "promises": ["p7", "p6"]}
    assert not Draft.objects.exists()


def test_the_questions_on_the_page_stay_in_the_database_while_somebody_answers() -> None:
    """People answer the frozen ones; to make blocks of the others cost a third of every save."""
    someone = Respondent(consultation())
    someone.post("age", age="26-plus")
    with CaptureQueriesContext(connection) as seen:
        assert someone.get("about").status_code == 200
        assert someone.post("about", kind="individual", group="parents").status_code == 302
    columns = [query["sql"] for query in seen if "consultations_consultationpage" in query["sql"]]
    assert len(columns) == 2, "one look at the page for each request"
    assert not any('"consultations_consultationpage"."questions"' in sql for sql in columns)
