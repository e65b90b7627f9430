"""Forms of absences and substitutions; the acts judge."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from gandan.accounts.models import User
from gandan.ledger.ids import new_id
from gandan.organization.absence.models import Manner
from gandan.organization.models import Duty


def day_field(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class Arranging(forms.Form):
    """What all of them carry: the request of one act, and which form was sent."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)
    what = forms.CharField(widget=forms.HiddenInput, max_length=20)
    kind = ""

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        initial = {"request_id": new_id(), "what": self.kind, **options.pop("initial", {})}
        super().__init__(data, initial=initial, label_suffix="", auto_id=f"{self.kind}-%s", **options)

    def arguments(self) -> dict[str, Any]:
        """What the act is told beyond officer, moment and request. After `is_valid`."""
        raise NotImplementedError


class SubstituteForm(Arranging):
    """Who replaces whom in which duty, from and to which day, on which document."""

    kind = "substitute"
    duty = forms.ChoiceField(label=gettext_lazy("Whose duty"))
    substitute = forms.ChoiceField(label=gettext_lazy("Who replaces them"))
    valid_from = day_field(gettext_lazy("From"))
    valid_to = day_field(gettext_lazy("Until, this day too"))
    manner = forms.ChoiceField(
        label=gettext_lazy("How the substitute signs"), choices=Manner.choices, required=False
    )
    document = forms.CharField(
        label=gettext_lazy("Basis"),
        help_text=gettext_lazy("Number, date and issuer of the document."),
        max_length=200,
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, duties: list[Duty], people: list[User], **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.duties = {str(duty.pk): duty for duty in duties}
        self.people = {user.code: user for user in people}
        choices = [(key, duty_words(duty)) for key, duty in self.duties.items()]
        cast(forms.ChoiceField, self.fields["duty"]).choices = choices
        cast(forms.ChoiceField, self.fields["substitute"]).choices = [
            (code, user.full_name) for code, user in self.people.items()
        ]

    def arguments(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            "duty": self.duties[typed["duty"]],
            "by_whom": self.people[typed["substitute"]],
            "manner": Manner(typed["manner"]),
            "valid_from": typed["valid_from"],
            "valid_to": typed["valid_to"],
            "document": typed["document"],
        }


def duty_words(duty: Duty) -> str:
    return f"{duty.user.full_name} · {duty.post or duty.get_role_display()} · {duty.unit.name}"


class AbsenceForm(Arranging):
    """Who is away, from and to which day. Why is not asked."""

    kind = "absence"
    person = forms.ChoiceField(label=gettext_lazy("Who is away"))
    first = day_field(gettext_lazy("From"))
    last = day_field(gettext_lazy("Until, this day too"))

    def __init__(self, data: Mapping[str, Any] | None, *, people: list[User], **options: Any) -> None:
        super().__init__(data, **options)
        self.people = {user.code: user for user in people}
        cast(forms.ChoiceField, self.fields["person"]).choices = [
            (code, user.full_name) for code, user in self.people.items()
        ]

    def arguments(self) -> dict[str, Any]:
        first: date = self.cleaned_data["first"]
        return {
            "user": self.people[self.cleaned_data["person"]],
            "valid_from": first,
            "valid_to": self.cleaned_data["last"],
        }


class EndSubstitutionForm(Arranging):
    kind = "end-substitution"
    row = forms.UUIDField(widget=forms.HiddenInput)
    document = forms.CharField(label=gettext_lazy("Basis"), max_length=200)

    def arguments(self) -> dict[str, Any]:
        row: UUID = self.cleaned_data["row"]
        return {"substitution_id": row, "document": self.cleaned_data["document"]}


class EndAbsenceForm(Arranging):
    kind = "end-absence"
    row = forms.UUIDField(widget=forms.HiddenInput)

    def arguments(self) -> dict[str, Any]:
        return {"absence_id": self.cleaned_data["row"]}
