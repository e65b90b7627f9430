"""The filter of the report of who looked: what is unclear falls back, for a filter is no form to fail in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from gandan.administration.looks import FACTS, LONGEST_DAYS, Asked

USUAL_DAYS = 7
OLDEST = date(2020, 1, 1)


def day(name: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=name, required=False, widget=widget)


class LooksFilter(forms.Form):
    """Period, officer, dossier, fact."""

    tu = day(gettext_lazy("From"))
    den = day(gettext_lazy("Until"))
    can_bo = forms.CharField(label=gettext_lazy("Officer’s code"), max_length=40, required=False)
    ho_so = forms.CharField(label=gettext_lazy("Dossier’s code"), max_length=50, required=False)
    ly_do = forms.ChoiceField(
        label=gettext_lazy("Only with this fact"),
        choices=[("", gettext_lazy("all views")), *FACTS.items()],
        required=False,
    )


def asked_from(data: QueryDict, commune: str, today: date) -> tuple[LooksFilter, Asked]:
    """The filter as it is shown again, and what it asks for: the last seven days unless it says otherwise."""
    given = LooksFilter(data, label_suffix="")
    given.is_valid()
    cleaned = given.cleaned_data
    last = min(max(cleaned.get("den") or today, OLDEST), today)
    first = cleaned.get("tu") or last - timedelta(days=USUAL_DAYS - 1)
    first = max(min(first, last), last - timedelta(days=LONGEST_DAYS - 1))
    values = {name: cleaned.get(name) or "" for name in ("can_bo", "ho_so", "ly_do")}
    shown = LooksFilter({**values, "tu": first, "den": last}, label_suffix="")
    asked = Asked(commune, first, last, values["can_bo"], values["ho_so"].strip().upper(), values["ly_do"])
    return shown, asked
