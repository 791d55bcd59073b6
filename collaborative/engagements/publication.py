"""What a page with terms has in common: every door to publication leads through `save()`."""

from typing import Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext as _

from collaborative.engagements import clock, gates
from collaborative.engagements.actions import TERMS, publish_terms
from collaborative.engagements.models import Engagement
from collaborative.errors import Refused


class PublishesTerms:
    """Mixin for a Wagtail page with `Terms`; stands before them in the list of bases.

    Editor, bulk, workflow, schedule, command and import all end in `save()`. When it makes another revision
    live (or puts the page live for the first time), the terms are published in the same transaction: a
    refusal leaves the page as it was.
    """

    engagement_kind: ClassVar[str]

    def checklist(self) -> list[gates.Rule]:
        """All that must stand before this is published, met or not: the editor's panel shows it, and
        publication is refused by it. A page that asks for more adds to it."""
        taken = gates.address_taken(self.slug, self.pk)  # type: ignore[attr-defined]
        rules = gates.checklist(self, self.engagement_kind)
        return [*rules, gates.Rule("", _("It has an address of its own."), taken)]

    def save(self, *args: Any, **kwargs: Any) -> Any:
        if self.alias_of_id:  # type: ignore[attr-defined]
            # It would open a second time under the same terms, and close the first to every change.
            raise Refused(_("This cannot have an alias: copy it instead, and give the copy its own dates."))
        with transaction.atomic():
            before = None
            if self.pk:  # type: ignore[attr-defined]
                rows = type(self)._base_manager.filter(pk=self.pk)  # type: ignore[attr-defined]
                before = rows.values_list("live", "live_revision_id").first()
            result = super().save(*args, **kwargs)  # type: ignore[misc]
            now_live = (self.live, self.live_revision_id)  # type: ignore[attr-defined]
            if self.live and now_live != before:  # type: ignore[attr-defined]
                self.published(publish_terms(self, self.engagement_kind))
        return result

    def published(self, engagement: Engagement) -> None:
        """For a page that freezes more than its terms."""


class TermsForm:
    """Mixin for the form of such a page: says at each field what is missing, once validation is not deferred.

    Drafts and autosave always save; publishing and sending for approval do not until everything stands.
    """

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()  # type: ignore[misc]
        self._say_what_the_clock_does()
        if not self.is_deferred_validation:  # type: ignore[attr-defined]
            for gate in gates.missing(Filled(self), self.instance.engagement_kind):  # type: ignore[attr-defined]
                name = gate.field if gate.field in self.fields else None  # type: ignore[attr-defined]
                self.add_error(name, gate.message)  # type: ignore[attr-defined]
            self._refuse_taken_address(cleaned)
        return cleaned

    def _say_what_the_clock_does(self) -> None:
        """In place of Django's own words for an hour that a clock shows twice or not at all."""
        for name in ("opens_at", "closes_at"):
            found = self.errors.get(name)  # type: ignore[attr-defined]
            for error in found.as_data() if found else ():
                if error.code == "ambiguous_timezone":
                    words = clock.problem(error.params["datetime"])
                    self.errors[name] = self.error_class([words or error])  # type: ignore[attr-defined]

    def _refuse_taken_address(self, cleaned: dict[str, Any]) -> None:
        for gate in gates.address_taken(cleaned.get("slug", ""), self.instance.pk):  # type: ignore[attr-defined]
            self.add_error(gate.field, gate.message)  # type: ignore[attr-defined]


class Filled:
    """The terms as they would stand after saving the form: what was typed, else what the page has."""

    def __init__(self, form: Any) -> None:
        for name in TERMS:
            value = form.cleaned_data[name] if name in form.cleaned_data else getattr(form.instance, name)
            setattr(self, name, value)
