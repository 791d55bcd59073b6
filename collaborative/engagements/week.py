"""A week of hours as a field of a model and of a form: two times for each day, typed as times."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from collaborative.engagements.cover import DAYS, MIDNIGHT


class WeekWidget(forms.MultiWidget):
    """Seven rows of two times. Needs no script."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        times = [forms.TimeInput(attrs={"type": "time"}, format="%H:%M") for _day in DAYS for _end in (0, 1)]
        super().__init__(times, attrs)

    def decompress(self, value: Any) -> list[Any]:
        kept = value if isinstance(value, dict) else {}
        return [text for day in DAYS for text in (kept.get(day) or ["", ""])]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """By the site's own templates; Django's form renderer only knows those of apps."""
        times = self.get_context(name, value, attrs)["widget"]["subwidgets"]
        rows = zip(DAYS.values(), times[::2], times[1::2], strict=True)
        return render_to_string("engagements/week.html", {"rows": list(rows), "id": (attrs or {}).get("id")})


class WeekFormField(forms.MultiValueField):
    widget = WeekWidget

    def __init__(self, **kwargs: Any) -> None:
        for unknown in ("encoder", "decoder"):
            kwargs.pop(unknown, None)
        fields = [forms.TimeField(required=False) for _day in DAYS for _end in (0, 1)]
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, values: list[Any]) -> dict[str, list[str]]:
        found, problems = {}, []
        pairs = zip(values[::2], values[1::2], strict=True) if values else ()
        for (day, name), (start, end) in zip(DAYS.items(), pairs, strict=False):
            if start is None and end is None:
                continue
            if start is None or end is None:
                problems.append(_("%(day)s: give both times, or none.") % {"day": name})
            elif end <= start and end != MIDNIGHT:
                problems.append(_("%(day)s: it must end after it begins.") % {"day": name})
            else:
                found[day] = [start.strftime("%H:%M"), end.strftime("%H:%M")]
        if problems:
            raise ValidationError(problems)
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.clean(data) != (initial or {})
        except ValidationError:
            return True


class WeekField(models.JSONField):
    """{"mon": ["08:30", "17:30"], …}: read it with `cover.week`."""

    def formfield(self, **kwargs: Any) -> Any:
        return super(models.JSONField, self).formfield(**{"form_class": WeekFormField, **kwargs})
