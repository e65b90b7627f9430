"""Forms of mergers: what goes into what, from when, on which document; and what the duties of each unit do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandan.ledger.ids import new_id
from gandan.organization.errors import Refused
from gandan.organization.loading import searchable
from gandan.organization.mergers.actions import merge_communes, merge_units
from gandan.organization.mergers.models import Merger
from gandan.organization.mergers.planning import Plan, is_committee, plan_communes, plan_units
from gandan.organization.models import Commune, CommuneKind, Province, Unit
from gandan.organization.permissions import Officer
from gandan.organization.queries import units_of

CODE = re.compile(r"[0-9]{5}")
LONGEST_DOCUMENT = 200


class MergerForm(forms.Form):
    """What both kinds of merger share. `step` is `look` (dry run) or `decide`; `ending` the units whose duties end."""

    document = forms.CharField(
        label=gettext_lazy("Document that decides it"),
        help_text=gettext_lazy("Number, date and issuer."),
        max_length=LONGEST_DOCUMENT,
    )
    effective_on = forms.DateField(
        label=gettext_lazy("Day of effect"),
        help_text=gettext_lazy(
            "From this day on the successor does the work. A day that has passed means today."
        ),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    request_id = forms.UUIDField(widget=forms.HiddenInput)
    ending = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, today: date) -> None:
        super().__init__(data, initial={"request_id": new_id(), "effective_on": today}, label_suffix="")
        given = data.getlist("ending") if data is not None and hasattr(data, "getlist") else []
        # What was ticked is compared with the plan's own units; another code simply ends nothing.
        cast(forms.MultipleChoiceField, self.fields["ending"]).choices = [(one, one) for one in given[:200]]
        self.today = today

    def plan(self) -> Plan:
        """What would happen. After `is_valid`; raises Refused."""
        raise NotImplementedError

    def decide(self, officer: Officer, at: datetime) -> Merger:
        """The act. After `is_valid`; raises Refused, NotCompetent, BasisMissing."""
        raise NotImplementedError

    def refuse(self, error: Refused) -> None:
        self.add_error(error.field if error.field in self.fields else None, str(error))


class CommuneMergerForm(MergerForm):
    sources = forms.CharField(
        label=gettext_lazy("Communes that are merged: their codes"),
        help_text=gettext_lazy(
            "Five digits each, with a space between them. Not the successor's, if it exists."
        ),
        max_length=80,
    )
    successor = forms.CharField(label=gettext_lazy("Successor: its code"), max_length=5)
    new_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of a successor that is new"),
        choices=[("", "–"), *CommuneKind.choices],
        required=False,
    )
    new_name = forms.CharField(
        label=gettext_lazy("Name of a successor that is new, without its kind"), max_length=60, required=False
    )
    field_order = ("sources", "successor", "new_kind", "new_name", "effective_on", "document")

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, today: date, provinces: Iterable[Province]
    ) -> None:
        super().__init__(data, today=today)
        self.provinces = {one.pk: one for one in provinces}
        self.into: Commune  # known once the form is clean

    def clean_sources(self) -> list[Commune]:
        codes = list(dict.fromkeys(CODE.findall(self.cleaned_data["sources"])))
        found = list(
            Commune.objects.filter(pk__in=codes, province__in=self.provinces).select_related("province")
        )
        missing = sorted(set(codes) - {one.pk for one in found})
        if missing or not codes:
            raise forms.ValidationError(
                _("Not a commune of your province: %(codes)s.") % {"codes": ", ".join(missing) or "–"},
                code="unknown",
            )
        return sorted(found, key=lambda one: one.pk)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        code, sources = cleaned.get("successor", ""), cleaned.get("sources")
        if code and sources:
            known = Commune.objects.filter(pk=code).select_related("province").first()
            into = known or self._new(code, sources[0].province)
            if into is not None:
                self.into = into
        return cleaned

    def _new(self, code: str, province: Province) -> Commune | None:
        """A commune that the reference data do not know: its kind and name are needed then."""
        kind, name = (
            self.cleaned_data.get("new_kind", ""),
            " ".join(self.cleaned_data.get("new_name", "").split()),
        )
        if not CODE.fullmatch(code):
            self.add_error("successor", _("A commune's code has five digits."))
        elif not kind or not name:
            self.add_error(
                "new_name", _("No commune has this code yet. Give its kind and name, or check the code.")
            )
        else:
            return Commune(
                code=code,
                kind=kind,
                name=name,
                province=province,
                resolution=self.cleaned_data.get("document", "")[:60],
                resolution_on=self.cleaned_data.get("effective_on"),
                folded=searchable(name).strip()[:60],
                search_text=searchable(kind, name, province.kind, province.name)[:160],
            )
        return None

    def plan(self) -> Plan:
        return plan_communes(
            self.cleaned_data["sources"],
            self.into,
            effective_on=self.cleaned_data["effective_on"],
            today=self.today,
            ending=self.cleaned_data["ending"],
        )

    def decide(self, officer: Officer, at: datetime) -> Merger:
        cleaned = self.cleaned_data
        return merge_communes(
            cleaned["sources"],
            self.into,
            document=cleaned["document"],
            effective_on=cleaned["effective_on"],
            ending=cleaned["ending"],
            officer=officer,
            at=at,
            request_id=cleaned["request_id"],
        )


class UnitMergerForm(MergerForm):
    units = forms.MultipleChoiceField(
        label=gettext_lazy("Units that close"), widget=forms.CheckboxSelectMultiple
    )
    into = forms.ChoiceField(label=gettext_lazy("Unit that goes on with their work"))
    field_order = ("units", "into", "effective_on", "document")

    def __init__(self, data: Mapping[str, Any] | None = None, *, today: date, commune: Commune) -> None:
        super().__init__(data, today=today)
        open_ones = [unit for unit in units_of(commune, today) if not is_committee(unit)]
        self.known: dict[str, Unit] = {str(unit.pk): unit for unit in open_ones}
        choices = [(key, unit.name) for key, unit in self.known.items()]
        for name in ("units", "into"):
            cast(forms.ChoiceField, self.fields[name]).choices = choices

    @property
    def closing(self) -> list[Unit]:
        return [self.known[key] for key in self.cleaned_data["units"]]

    def plan(self) -> Plan:
        cleaned = self.cleaned_data
        return plan_units(
            self.closing,
            self.known[cleaned["into"]],
            effective_on=cleaned["effective_on"],
            today=self.today,
            ending=cleaned["ending"],
        )

    def decide(self, officer: Officer, at: datetime) -> Merger:
        cleaned = self.cleaned_data
        return merge_units(
            self.closing,
            self.known[cleaned["into"]],
            document=cleaned["document"],
            effective_on=cleaned["effective_on"],
            ending=cleaned["ending"],
            officer=officer,
            at=at,
            request_id=cleaned["request_id"],
        )
