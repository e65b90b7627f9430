"""Forms of calendars, office hours and values of the law. Each is looked at first (`look`), then entered (`enter`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gandan.administration.forms.base import AdministrativeForm, DayField
from gandan.administration.places import Place
from gandan.law.actions import LARGEST, is_clock_time, rules_of
from gandan.law.forms import check_day
from gandan.law.models import Parameter
from gandan.law.shipped import LawValue
from gandan.law.words import part_words, rule_words
from gandan.organization.actions.hours import Span
from gandan.organization.models import Commune, Unit, words_of_weekday

SPANS = (1, 2, 3)


class LookedAtForm(AdministrativeForm):
    """A change that is looked at before it is entered; how far the look has come travels along."""

    after = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    looked = forms.IntegerField(required=False, min_value=0, max_value=10**9, widget=forms.HiddenInput)
    moved = forms.IntegerField(required=False, min_value=0, max_value=10**9, widget=forms.HiddenInput)


class DayOffForm(LookedAtForm):
    """A day off or a make-up day."""

    day = DayField(label=gettext_lazy("Day"), validators=[check_day])
    works = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        choices=[
            ("0", gettext_lazy("a day off")),
            ("1", gettext_lazy("a working day, to make up for another")),
        ],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=gettext_lazy("Its name, as the document says it"), max_length=120)

    field_order = ["request_id", "day", "works", "name"]


class ConfirmForm(AdministrativeForm):
    """The document that was read in full."""


WHOLE_WEEK = ""


class HoursForm(LookedAtForm):
    """Office hours of the place or of one unit, for every working day or for one weekday."""

    unit = forms.ChoiceField(label=gettext_lazy("Where"), required=False)
    weekday = forms.ChoiceField(label=gettext_lazy("On which days"), required=False)
    reception_only = forms.BooleanField(
        label=gettext_lazy("People are received, but the day is not counted (Saturday)"), required=False
    )
    valid_from = DayField(label=gettext_lazy("From day"), validators=[check_day])

    field_order = ["request_id", "unit", "weekday", "reception_only"]

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, place: Place, units: Sequence[Unit], today: date
    ) -> None:
        super().__init__(data, initial={"valid_from": today})
        self.place = place
        self.units = {str(unit.pk): unit for unit in units}
        every = (
            [("", _("all units of %(place)s") % {"place": place.full_name})]
            if isinstance(place, Commune)
            else []
        )
        named = [(key, unit.name) for key, unit in self.units.items()]
        cast(forms.ChoiceField, self.fields["unit"]).choices = [*every, *named]
        days = [(str(day), _("only on %(day)s") % {"day": words_of_weekday(day)}) for day in range(7)]
        cast(forms.ChoiceField, self.fields["weekday"]).choices = [
            (WHOLE_WEEK, _("every working day")),
            *days,
        ]
        for number in SPANS:
            self.fields[f"opens_{number}"] = clock_field(_("Opens (%(number)d)") % {"number": number})
            self.fields[f"closes_{number}"] = clock_field(_("Closes (%(number)d)") % {"number": number})
        times = [f"{edge}_{number}" for number in SPANS for edge in ("opens", "closes")]
        self.order_fields([*self.field_order, *times, "valid_from", "document"])

    def pairs(self) -> list[tuple[BoundField, BoundField]]:
        """Opening and closing of each span, side by side."""
        return [(self[f"opens_{number}"], self[f"closes_{number}"]) for number in SPANS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.spans: list[Span] = []
        for number in SPANS:
            opens, closes = cleaned.get(f"opens_{number}"), cleaned.get(f"closes_{number}")
            if (opens is None) != (closes is None):
                self.add_error(
                    f"{'opens' if opens is None else 'closes'}_{number}", _("Write both, or neither.")
                )
            elif opens is not None and closes is not None:
                self.spans.append((opens, closes))
        return cleaned

    def where(self) -> Unit | Commune:
        """The unit that was chosen, or the commune itself."""
        unit = self.units.get(self.cleaned_data["unit"])
        if unit is None and not isinstance(self.place, Commune):
            raise ValueError("a province has hours for its units alone")
        return unit or cast(Commune, self.place)

    def weekday_number(self) -> int | None:
        chosen = self.cleaned_data["weekday"]
        return int(chosen) if chosen else None


def clock_field(label: str) -> forms.TimeField:
    """An hour of the day, typed as 7:30 or 07:30."""
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, input_formats=["%H:%M"], widget=widget)


class ValueForm(LookedAtForm):
    """A new value of one key from a day on, in boxes that fit the value it follows."""

    article = forms.CharField(
        label=gettext_lazy("Article"),
        help_text=gettext_lazy("For example: khoản 5 Điều 19."),
        max_length=200,
        required=False,
    )
    valid_from = DayField(label=pgettext_lazy("law", "In force from"), validators=[check_day])

    def __init__(self, data: Mapping[str, Any] | None = None, *, row: Parameter) -> None:
        super().__init__(data)
        self.row = row
        self.parts = parts_of(row)
        for name, (label, value) in self.parts.items():
            self.fields[name] = value_field(row.key, label, value)
            self.initial[name] = value
        self.order_fields(["request_id", *self.parts, "valid_from", "article", "document"])

    @property
    def can_be_typed(self) -> bool:
        """False for a value that has no boxes: a table of ranges, or none at all."""
        return bool(self.parts)

    def value(self) -> LawValue:
        """What was typed, in the form of the value it follows. After `is_valid`."""
        old = self.row.content
        if isinstance(old, dict):
            typed = {name.removeprefix("part_"): self.cleaned_data[name] for name in self.parts}
            return {**old, **{key: as_stored(typed[key], old[key]) for key in typed}}
        return as_stored(self.cleaned_data["value"], old)


def parts_of(row: Parameter) -> dict[str, tuple[str, LawValue]]:
    """The boxes of a value: one, or one for each number of a small table; none where it cannot be typed here."""
    value = row.content
    if isinstance(value, dict):
        numbers = {key: part for key, part in value.items() if isinstance(part, int)}
        return {f"part_{key}": (part_words(key), part) for key, part in numbers.items()}
    if value is None or isinstance(value, list):
        return {}
    return {"value": (_("Value"), value)}


def value_field(key: str, label: str, value: LawValue) -> forms.Field:
    if isinstance(value, bool):
        choices = [("1", _("yes")), ("0", _("no"))]
        return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
    if isinstance(value, int):
        return forms.IntegerField(label=label, min_value=0, max_value=LARGEST)
    if is_clock_time(str(value)):
        return forms.CharField(label=label, max_length=5, help_text=_("An hour, as 15:00."))
    return forms.ChoiceField(label=label, choices=[(rule, rule_words(rule)) for rule in rules_of(key)])


def as_stored(typed: Any, old: Any) -> LawValue:
    """A box's content as the kind of value that it follows."""
    if isinstance(old, bool):
        return bool(typed == "1")
    return int(typed) if isinstance(old, int) else str(typed)


class RecalculateForm(AdministrativeForm):
    """The second, explicit word: these dossiers get the date that the clock says now."""

    agreed = forms.BooleanField(
        label=gettext_lazy("I have looked at the dossiers above. Their dates are to be recalculated.")
    )
    after = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    done = forms.IntegerField(required=False, min_value=0, max_value=10**9, widget=forms.HiddenInput)
