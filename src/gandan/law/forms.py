"""What a reader may ask of the law's pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


def check_day(day: date) -> None:
    """Refuses a day so far off that it can only be a slip."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise forms.ValidationError(
            _("The day lies outside 2000-2100. Check the year; today is used meanwhile."), code="far_day"
        )


class DayField(forms.DateField):
    """A day, typed as 30/11/2026 or chosen (2026-11-30)."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"],
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            validators=[check_day],
            error_messages={
                "invalid": _("This is not a day. Write it as 30/11/2026; today is used meanwhile.")
            },
        )


class LawFilter(forms.Form):
    """Search and filter of the list of parameters."""

    q = forms.CharField(
        label=_("Search by words or document"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    on = DayField(_("Valid on"))
    check = forms.BooleanField(label=_("Only what needs checking"), required=False)


class DayFilter(forms.Form):
    """The day for which forms are shown."""

    on = DayField(_("Valid on"))
