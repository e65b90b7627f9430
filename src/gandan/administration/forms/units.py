"""Forms of units: add, change, close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from gandan.administration.forms.base import AdministrativeForm, DayField, labelled
from gandan.administration.places import Place
from gandan.organization.actions.units import LONGEST, OF_A_COMMUNE, UnitContent
from gandan.organization.models import OF_A_PROVINCE, Commune, Unit, UnitKind


class UnitForm(AdministrativeForm):
    """What is shown and printed of a unit."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("As its seal says it. It is printed on receipts."),
        max_length=LONGEST["name"],
    )
    address = forms.CharField(label=gettext_lazy("Address"), max_length=LONGEST["address"], required=False)
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=LONGEST["phone"], required=False)
    official_code = forms.CharField(
        label=gettext_lazy("Official code"),
        help_text=gettext_lazy("The unit's identifier in the State's list, if it has one."),
        max_length=LONGEST["official_code"],
        required=False,
    )

    def content(self) -> UnitContent:
        cleaned = self.cleaned_data
        return UnitContent(cleaned["name"], cleaned["address"], cleaned["phone"], cleaned["official_code"])


class NewUnitForm(UnitForm):
    """A new unit: its kind and what stands above it besides."""

    kind = forms.ChoiceField(label=pgettext_lazy("unit", "Kind"))
    parent = forms.ChoiceField(label=gettext_lazy("Below which unit"))
    opened_on = DayField(label=gettext_lazy("Open from"))

    field_order = ["request_id", "kind", "parent", "name", "address", "phone", "official_code", "opened_on"]

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, place: Place, units: Sequence[Unit], today: date
    ) -> None:
        super().__init__(data, initial={"opened_on": today})
        self.units = {str(unit.pk): unit for unit in units}
        wrong = OF_A_PROVINCE if isinstance(place, Commune) else OF_A_COMMUNE
        kinds = [(kind.value, kind.label) for kind in UnitKind if kind not in wrong]
        cast(forms.ChoiceField, self.fields["kind"]).choices = labelled(kinds)
        above = [(key, unit.name) for key, unit in self.units.items()]
        cast(forms.ChoiceField, self.fields["parent"]).choices = above

    def parent_unit(self) -> Unit:
        return self.units[self.cleaned_data["parent"]]


class CloseUnitForm(AdministrativeForm):
    """The last day of a unit, and whether its duties end with it."""

    last_day = DayField(label=gettext_lazy("Last day"))
    end_duties = forms.BooleanField(label=gettext_lazy("Its duties end with it"), required=False)
