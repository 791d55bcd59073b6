"""One word that stands nowhere else for every private place of the site."""

import secrets
from collections.abc import Callable
from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Comment,
    Page,
    PageViewRestriction,
)

from collaborative.analysis.actions import apply_theme, retract
from collaborative.analysis.models import Coding, Theme
from collaborative.changemakers.models import SessionPage
from collaborative.consultations.classes import keys
from collaborative.consultations.classes.actions import approve as approve_class
from collaborative.consultations.exports import actions as exports
from collaborative.consultations.models import ConsultationIndexPage, ConsultationPage, CopyWanted
from collaborative.contributions import drafts, ledger
from collaborative.contributions.actions import (
    About,
    Given,
    add_wording,
    erase,
    exclude,
    move,
    receive,
    withdraw,
)
from collaborative.contributions.models import Contribution, Exclusion, State
from collaborative.engagements.models import Engagement
from collaborative.flow.actions import cut_release
from collaborative.moderation import actions as moderation
from collaborative.moderation.models import HouseRule
from collaborative.outcomes.models import (
    DecisionIndexPage,
    DecisionPage,
    ModelPage,
    RecommendationIndexPage,
    RecommendationPage,
)
from collaborative.people.models import StakeholderGroup, User
from collaborative.people.roles import Role
from home.models import HomePage, NewsPage, StandardPage
from tests.cast import person
from tests.consultations.classes import making as classes
from tests.whole import canaries_files
from tests.whole.canaries_answers import Answers
from tests.whole.canaries_comments import Comments
from tests.whole.canaries_groups import Groups
from tests.whole.canaries_ideas import Ideas
from tests.whole.canaries_notes import Notes
from tests.whole.canaries_seats import Seats

OPEN, CLOSED = "starting-the-conversation-in-p7", "fair-tastes-of-work"
LETTERS = "bcdfghjklmnpqrstvwxz"
MANY = 12  # of one kind, so that no canary is kept back for being rare


class Nest:
    """Plants the canaries. `words`: word -> the place it was put in. `shown`: words that must be found."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}
        self.shown: dict[str, str] = {}
        self.codes: dict[str, str] = {}
        self.files: list[str] = []  # references
        self.moderator = person("Mona", Role.MODERATORS)
        self.analyst = person("Anil", Role.ANALYSTS)
        self.second_analyst = person("Ana", Role.ANALYSTS)
        # A case is opened by those who are named for where it comes from.
        self.lead = Engagement.objects.get(slug=CLOSED).safeguarding_lead
        self.editor = person("Edith", Role.EDITORS)
        self.theme = Theme.objects.get(code="T1")
        self.group = StakeholderGroup.objects.get(slug="practitioners")

    def word(self, place: str, *, shown: bool = False) -> str:
        """A word of twelve letters without a vowel, as no text has."""
        word = "".join(secrets.choice(LETTERS) for _ in range(12))
        (self.shown if shown else self.words)[word] = place
        return word

    def plant(self) -> None:
        for place in (
            self.drafts_of_pages,
            self.pages_never_published,
            self.pages_taken_down,
            self.what_was_said,
            self.who_said_it,
            self.answers_begun,
            self.signed,
            self.classes_that_ask,
            self.what_staff_wrote,
            self.accounts_and_files,
            Comments(self).plant,
            lambda: Answers(self).plant(MANY),
            Seats(self).plant,
            Ideas(self).plant,
            Groups(self).plant,
            Notes(self).plant,
        ):
            place()
        cut_release(by=self.analyst, reason="with canaries")

    # Pages ---------------------------------------------------------------------------------------

    def drafts_of_pages(self) -> None:
        """Changes that an editor saved and did not publish."""
        plan = ModelPage.objects.get().get_latest_revision_as_object()
        plan.introduction = self.word("draft of the plan: introduction")
        blocks = plan.body.get_prep_value()
        blocks[0]["value"] = _with_word(blocks[0]["value"], self.word("draft of the plan: a sentence"))
        plan.body = plan.body.stream_block.to_python(blocks)
        plan.save_revision(user=self.editor)
        for model, names in (
            (DecisionPage, ("title", "question", "why", "story", "answer_sentence", "for_heard", "status")),
            (ConsultationPage, ("title", "summary", "background", "who_decides", "we_did")),
            (SessionPage, ("title", "who_decides")),
            (RecommendationPage, ("title", "statement")),
            (StandardPage, ("title", "introduction")),
            (NewsPage, ("title", "introduction")),
        ):
            page = model.objects.live().order_by("pk").first().get_latest_revision_as_object()
            for name in names:
                setattr(page, name, self.word(f"draft of a {model.__name__}: {name}"))
            page.save_revision(user=self.editor)
        home = HomePage.objects.get()
        home.sentence = self.word("draft of the front page")
        home.save_revision(user=self.editor)

    def pages_never_published(self) -> None:
        home = HomePage.objects.get()
        for parent, model, fields in (
            (home, StandardPage, {}),
            (home, NewsPage, {"date": timezone.localdate()}),
            (DecisionIndexPage.objects.get(), DecisionPage, {"number": 99}),
            (ConsultationIndexPage.objects.get(), ConsultationPage, {}),
            (RecommendationIndexPage.objects.get(), RecommendationPage, {"number": 99}),
        ):
            slug = self.word(f"address of a {model.__name__} never published")
            title = self.word(f"title of a {model.__name__} never published")
            parent.add_child(instance=model(title=title, slug=slug, live=False, **fields))

    def pages_taken_down(self) -> None:
        home = HomePage.objects.get()
        for how in ("taken down", "for those who sign in"):
            page = NewsPage(
                title=self.word(f"news {how}: title"),
                slug=self.word(f"news {how}: address"),
                introduction=self.word(f"news {how}: introduction"),
                date=timezone.localdate(),
            )
            home.add_child(instance=page)
            page.save_revision(user=self.editor).publish(user=self.editor)
            if how == "taken down":
                Page.objects.get(pk=page.pk).unpublish()
            else:
                PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)

    # What people said ----------------------------------------------------------------------------

    def say(
        self, place: str, *, engagement: str = CLOSED, shown: bool = False, **about: object
    ) -> Contribution:
        """One response with a canary for its words; `place` says why it may not show."""
        whole = Engagement.objects.get(slug=engagement)
        text = f"I would say {self.word(f'{place} ({engagement})', shown=shown)} to all of it."
        said = {
            "age_band": "26-plus",
            "respondent_kind": "individual",
            "permission": "anonymous",
            "recontact": False,
            "group": self.group,
            **about,
        }
        code = f"{place} {engagement} {secrets.token_hex(8)}"
        key = "one_thing" if engagement == CLOSED else "stop_help"
        receipt, _new = receive(
            whole,
            About(**said),  # type: ignore[arg-type]
            [Given(prompt_key=key, prompt="What else?", text=text)],
            code=code,
            now=timezone.now() - timedelta(hours=1),
            check_open=False,
        )
        self.codes[place] = code
        return receipt.contributions.get()

    def released(self, place: str, **about: object) -> Contribution:
        """As `say`, checked by a person and sorted into a topic whose page quotes what was said."""
        said = self.say(place, **about)  # type: ignore[arg-type]
        moderation.release(said, by=self.moderator)
        self.sort(said)
        return said

    def sort(self, said: Contribution) -> Coding:
        words = said.wordings.order_by("-number")[0]
        return apply_theme(
            words, 0, len(words.text), self.theme, by=self.analyst, key=f"canary {said.pk} {words.number}"
        )

    def what_was_said(self) -> None:
        rule = HouseRule.objects.order_by("number")[0]
        ways: dict[str, Callable[[Contribution], object]] = {
            "waiting": lambda said: None,
            "refused": lambda said: moderation.refuse(said, rule, by=self.moderator),
            "passed to safeguarding": lambda said: moderation.escalate(said, by=self.moderator),
        }
        for engagement in (OPEN, CLOSED):
            for place, way in ways.items():
                way(self.say(place, engagement=engagement))
        young = self.say("passed to safeguarding, under 18", engagement=OPEN, age_band="13-15")
        moderation.escalate(young, by=self.moderator)
        self.say("waiting, under 18", engagement=OPEN, age_band="13-15")
        after: dict[str, Callable[[Contribution], object]] = {
            "taken back": lambda said: withdraw(said.receipt),
            "erased": lambda said: erase(said),
            "hidden": lambda said: move(said, State.HIDDEN, by=self.moderator),
            "refused later": lambda said: moderation.refuse(said, rule, by=self.moderator),
            "passed on later": lambda said: moderation.escalate(said, by=self.moderator),
            **{
                f"left out: {why}": lambda said, why=why: exclude(said.receipt, why, by=self.analyst)
                for why in Exclusion.values
            },
        }
        for place, way in after.items():
            way(self.released(place))
        for _turn in range(MANY):
            self.released("do not publish", permission="not-published")
        # The open consultation shows no answers yet; what was sorted there may stand under its topic.
        self.released("shown", shown=True)
        self.released("shown with the name of its organisation", shown=True, permission="anonymous")
        self._with_words_removed()
        canaries_files.plant(self)

    def _with_words_removed(self) -> None:
        for engagement in (OPEN, CLOSED):
            said = self.say("words removed", engagement=engagement)
            gone = said.wordings.get().text.split()[3]
            safe = said.wordings.get().text.replace(gone, "[removed]")
            why = self.word("why words were removed")
            moderation.release_redacted(said, safe, why, by=self.moderator)
            self.sort(said)
        # Sorted first, and only then found to hold a name.
        said = self.released("words removed after sorting")
        gone = said.wordings.get().text.split()[3]
        safe = said.wordings.get().text.replace(gone, "[removed]")
        moderation.release_redacted(said, safe, self.word("why words were removed later"), by=self.moderator)

    def who_said_it(self) -> None:
        """Names, bodies and addresses without permission; a recontact address even with it."""
        for permission in ("anonymous", "not-published"):
            for kind in ("individual", "organisation"):
                self.released(
                    f"its words ({permission}, {kind})",
                    shown=permission == "anonymous",
                    permission=permission,
                    respondent_kind=kind,
                    recontact=True,
                    name=self.word(f"name ({permission}, {kind})"),
                    organisation=self.word(f"organisation ({permission}, {kind})"),
                    contact_email=f"{self.word(f'address ({permission}, {kind})')}@canary.example",
                )
        self.released(
            "words of a named person",
            shown=True,
            permission="named",
            recontact=True,
            name=self.word("name of a named person", shown=True),
            contact_email=f"{self.word('address of a named person')}@canary.example",
        )
        self.released(
            "words of a named organisation",
            shown=True,
            permission="named",
            respondent_kind="organisation",
            name=self.word("who answered for a named organisation"),
            organisation=self.word("a named organisation", shown=True),
            contact_email=f"{self.word('address of a named organisation')}@canary.example",
        )

    def answers_begun(self) -> None:
        engagement = Engagement.objects.get(slug=OPEN)
        answers = {
            "stop_help": {"text": self.word("an answer begun")},
            "name": self.word("a name begun"),
            "contact_email": f"{self.word('an address begun')}@canary.example",
        }
        drafts.begin(engagement, drafts.new_token(), answers)

    def signed(self) -> None:
        """An answer in British Sign Language: its words are shown, the film is not. And who wants a copy."""
        said = self.say("somebody who wants a copy")
        film = self.say("a film", engagement=CLOSED, edition="bsl")
        address = f"https://films.example/{self.word('the address of a film')}"
        for wording in film.wordings.all():
            add_wording(film, wording.kind, address, by=None)
        moderation.transcribe(film, "I would say it in signs.", by=self.moderator)
        moderation.release(film, by=self.moderator)
        to = f"{self.word('where a copy goes')}@canary.example"
        CopyWanted.objects.create(receipt=said.receipt, email=to, asked_at=timezone.now())

    def classes_that_ask(self) -> None:
        """Who asks, whose class it is, whom to ring: before and after it is approved."""
        engagement = Engagement.objects.get(slug=OPEN)
        for stands in ("asked", "approved"):
            named = ("teacher", "school", "years", "contact_name", "contact_how", "contact_hours")
            words = {name: self.word(f"{name} of a class ({stands})") for name in named}
            words["email"] = f"{self.word(f'address of a teacher ({stands})')}@canary.example"
            session = classes.asked(engagement, f"canary {stands}", **words)
            if stands == "approved":
                approve_class(session, by=self.editor, reason=self.word("a note to a teacher"))
                self.reading_code = keys.reading_code(session)

    # What staff wrote ----------------------------------------------------------------------------

    def what_staff_wrote(self) -> None:
        rule = HouseRule.objects.order_by("number")[0]
        said = self.say("refused with a reason")
        moderation.refuse(said, rule, by=self.moderator, reason=self.word("a moderator's reason"))
        case = moderation.escalate(self.say("with a case"), by=self.moderator)
        moderation.note_on_case(case, self.word("a note on a case"), by=self.lead)
        moderation.close_case(case, self.word("how a case ended"), by=self.lead)
        for about in ("safety", "site"):
            moderation.report(
                self.word(f"a report about {about}"),
                about=about,
                page=f"/{self.word('the page of a report')}/",
                reply_to=self.word("where to reply"),
                key=f"canary {about}",
            )
        self.on_the_desk(rule)
        asked = exports.ask(
            Engagement.objects.get(slug=CLOSED), self.word("why the raw answers are needed"), by=self.analyst
        )
        exports.approve(asked, by=self.second_analyst, note=self.word("a note on the raw answers"))
        coding = self.sort(self._released_shown())
        retract(coding, by=self.analyst, reason=self.word("why a sorting was taken back"))
        ledger.record("canary.planted", f"canary:{self.word('what the record is about')}", self.editor)
        ledger.record("canary.planted", "canary:1", self.editor, reason=self.word("the record"))
        decision = DecisionPage.objects.live().order_by("pk")[0]
        Comment.objects.create(
            page=decision, user=self.editor, text=self.word("a note between editors"), contentpath="title"
        )

    def on_the_desk(self, rule: HouseRule) -> None:
        moderation.hand_over(self.word("a note for the next on duty"), by=self.moderator)
        again = self.say("refused, and a second look is asked")
        moderation.refuse(again, rule, by=self.moderator)
        moderation.ask_again(again)
        back = moderation.decide_together(
            [self.say("released and put back").reference], rule=None, by=self.moderator
        )
        assert back.batch is not None
        moderation.undo(back.batch, by=self.moderator)
        waiting = self.say("waits, and somebody told us about it")
        told = self.word("a report about words")
        moderation.report(told, about="words", contribution=waiting, key="canary words")

    def _released_shown(self) -> Contribution:
        said = self.say("its sorting was taken back", shown=True)
        moderation.release(said, by=self.moderator)
        return said

    def accounts_and_files(self) -> None:
        User.objects.create_user(
            email=f"{self.word('address of an account')}@canary.example",
            password="a long password for tests",
            first_name=self.word("first name of an account"),
            last_name=self.word("last name of an account"),
        )
        private = Collection.get_first_root_node().add_child(name=self.word("name of a private collection"))
        CollectionViewRestriction.objects.create(
            collection=private, restriction_type=CollectionViewRestriction.LOGIN
        )
        name = self.word("name of a private file")
        get_document_model().objects.create(
            title=self.word("title of a private file"),
            collection=private,
            file=ContentFile(self.word("a private file").encode(), name=f"{name}.txt"),
        )


def _with_word(value: object, word: str) -> object:
    """The value of a block with the word in its first text."""
    if isinstance(value, str):
        return f"{value} {word}"
    first = next(key for key, held in value.items() if isinstance(held, str))  # type: ignore[attr-defined]
    return {**value, first: f"{value[first]} {word}"}  # type: ignore[dict-item,index]
