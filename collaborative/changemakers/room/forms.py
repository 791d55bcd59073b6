"""Reading what somebody sends who comes in. Nothing raises; what was typed goes back onto the screen."""

import secrets

from django.http import QueryDict
from django.utils.translation import gettext as _

from collaborative.changemakers.room.actions.joining import LONGEST_NAME, Joining
from collaborative.contributions.models import Permission
from collaborative.engagements.models import Engagement
from collaborative.people.models import HANDLED_AS_UNDER_16, AgeBand, StakeholderGroup

NO_GROUP = "none"


class JoinForm:
    """One screen: age band, group, permission, name. Nothing is chosen beforehand (KC-7, RIF-1)."""

    bands = AgeBand.choices

    def __init__(self, engagement: Engagement, data: QueryDict | None, offered: str = "") -> None:
        """`offered`: the name that they registered with, to keep or to change."""
        self.engagement = engagement
        self.data = data if data is not None else QueryDict(mutable=True)
        if data is None:
            self.data["name"] = offered
        self.errors: list[tuple[str, str]] = []
        named = list(engagement.audiences.all())
        self._groups = named or list(StakeholderGroup.objects.filter(parent=None))

    def value(self, name: str) -> str:
        return str(self.data.get(name, "")).replace("\x00", "")

    @property
    def values(self) -> dict[str, str]:
        return {name: self.value(name) for name in ("age", "group", "permission", "name")}

    @property
    def key(self) -> str:
        sent = self.value("key")[:64]
        return sent if len(sent) >= 16 else secrets.token_urlsafe(24)

    @property
    def band(self) -> str:
        band = self.value("age")
        return band if band in AgeBand.values else ""

    @property
    def groups(self) -> list[tuple[str, str]]:
        none = (NO_GROUP, _("None of these, or I would rather not say"))
        return [*((group.slug, group.name) for group in self._groups), none]

    @property
    def permissions(self) -> list[tuple[str, str, str]]:
        return [
            (Permission.NAMED.value, _("With my name"), _("Only if you are 16 or over.")),
            (Permission.ANONYMOUS.value, _("Without my name"), _("Anyone can read it. No name is shown.")),
            (
                Permission.NOT_PUBLISHED.value,
                _("Do not show it"),
                _("Only the people who work on this read it. It counts just as much."),
            ),
        ]

    def read(self) -> Joining | None:
        """What was asked for; None with `errors`, in the order of the screen."""
        group, permission, name = self.value("group"), self.value("permission"), self.value("name").strip()
        young = self.band in HANDLED_AS_UNDER_16
        known = {one.slug: one for one in self._groups}
        if not self.band:
            self._wrong("age", _("Choose your age group. You can choose not to say."))
        if group != NO_GROUP and group not in known:
            self._wrong("group", _("Choose a group, or the last line."))
        if permission not in Permission.values:
            self._wrong("permission", _("Choose how we may show what you say."))
        elif permission == Permission.NAMED and young:
            text = _("We show no names of people who are, or may be, under 16. Choose one of the others.")
            self._wrong("permission", text)
        elif permission == Permission.NAMED and not name:
            self._wrong("name", _("Write the name that we may show."))
        if len(name) > LONGEST_NAME:
            self._wrong("name", _("Make this shorter: up to 60 characters."))
        if self.errors:
            return None
        return Joining(
            key=self.key,
            age_band=self.band,
            group=known.get(group),
            permission=permission,
            name=name,
        )

    def _wrong(self, name: str, message: str) -> None:
        self.errors.append((name, message))
