"""Forms of declarations and of reports of conflicts of interest: typed input becomes clean values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandan.accounts.identity import compact, recognise
from gandan.accounts.models import User
from gandan.calculus.rules import VIETNAM
from gandan.ledger.ids import new_id
from gandan.organization.integrity.models import BODIES, PEOPLE, Measure, Tie
from gandan.organization.integrity.words import CASES
from gandan.organization.models import Duty

TAX_CODE_DIGITS = (10, 12, 13)
LONGEST = 2000
OLDEST = date(2000, 1, 1)


class RequestForm(forms.Form):
    """The base: one form is one request, however often it is sent. `on` is today."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, on: date, **more: Any) -> None:
        self.on = on
        initial = {"request_id": new_id(), **more.pop("initial", {})}
        super().__init__(data, initial=initial, label_suffix="", **more)


def day_field(label: Any, help_text: Any = "", **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, widget=widget, **more)


def words_field(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4})
    )


def tie_choices() -> list[tuple[Any, Any]]:
    def of(group: frozenset[Tie]) -> list[tuple[str, Any]]:
        return [(one.value, one.label) for one in Tie if one in group]

    return [(_("People"), of(PEOPLE)), (_("Enterprises and bodies"), of(BODIES))]


class DeclareForm(RequestForm):
    """A relative by identity number, or an enterprise or body by tax code."""

    tie = forms.ChoiceField(label=gettext_lazy("Who or what"), choices=tie_choices)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    number = forms.CharField(
        label=gettext_lazy("Identity number, or tax code"),
        help_text=gettext_lazy(
            "Kept sealed. It is compared with the parties of dossiers, and shown to you alone."
        ),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input-short"}),
    )
    since = day_field(gettext_lazy("Since"))

    def __init__(self, data: Mapping[str, Any] | None = None, *, on: date) -> None:
        super().__init__(data, on=on, initial={"since": on})

    def clean_number(self) -> str:
        text = str(self.cleaned_data["number"])
        tie = self.cleaned_data.get("tie")
        return tax_code(text) if tie in BODIES else recognise(text).value

    def arguments(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "tie": Tie(cleaned["tie"]),
            "name": cleaned["name"],
            "number": cleaned["number"],
            "since": cleaned["since"],
            "request_id": cleaned["request_id"],
        }


def tax_code(text: str) -> str:
    """The digits of a tax code: 10, with the branch 13, or a person's 12."""
    digits = compact(text)
    if not (digits.isascii() and digits.isdigit() and len(digits) in TAX_CODE_DIGITS):
        message = _("A tax code has 10 digits, 13 with the branch, or the 12 of a personal number.")
        raise ValidationError(message, code="tax_code")
    return digits


class WithdrawInterestForm(RequestForm):
    until = day_field(
        gettext_lazy("Last day"),
        gettext_lazy(
            "The declaration stays in the history and counts for dossiers that were running until then."
        ),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, on: date) -> None:
        super().__init__(data, on=on, initial={"until": on})


def measures_to_propose() -> list[tuple[str, Any]]:
    return [(one.value, one.label) for one in Measure if one != Measure.NONE]


def case_choices() -> list[tuple[int, str]]:
    return [(number, f"{number}. {words}") for number, words in CASES.items()]


class ReportForm(RequestForm):
    """The four contents of a report (NĐ 59/2019/NĐ-CP art. 30), and whom and which case it is about."""

    dossier = forms.UUIDField(widget=forms.HiddenInput, required=False)
    concerned = forms.ChoiceField(label=gettext_lazy("Whom it is about"), widget=forms.Select)
    case = forms.TypedChoiceField(
        label=gettext_lazy("Which case"), choices=case_choices, coerce=int, widget=forms.RadioSelect
    )
    situation = words_field(gettext_lazy("1. The situation"))
    known_on = day_field(gettext_lazy("2. When it arose or became known"))
    known_time = forms.TimeField(
        label=gettext_lazy("Hour"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    effect = words_field(gettext_lazy("3. How far it has an effect"))
    proposal = forms.ChoiceField(label=gettext_lazy("4. Proposed measure"), choices=measures_to_propose)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        at: datetime,
        staff: Sequence[Duty],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        local = at.astimezone(VIETNAM)
        suggested = {"known_on": local.date(), "known_time": local.time().replace(second=0, microsecond=0)}
        super().__init__(data, on=local.date(), initial={**suggested, **(initial or {})})
        self.people: dict[str, Duty] = {}
        for duty in staff:
            self.people.setdefault(duty.user.code, duty)
        field = cast(forms.ChoiceField, self.fields["concerned"])
        field.choices = [(code, person_words(duty)) for code, duty in self.people.items()]

    def clean_known_on(self) -> date:
        day: date = self.cleaned_data["known_on"]
        if not OLDEST <= day <= self.on:
            raise ValidationError(_("Choose a day between the year 2000 and today."), code="known_on")
        return day

    def arguments(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        duty = self.people[cleaned["concerned"]]
        day, hour = cast(date, cleaned["known_on"]), cast(time, cleaned["known_time"])
        return {
            "commune": duty.unit.commune_id,
            "concerned": duty.user,
            "case": cleaned["case"],
            "known_at": datetime.combine(day, hour, VIETNAM),
            "situation": cleaned["situation"],
            "effect": cleaned["effect"],
            "proposal": Measure(cleaned["proposal"]),
            "request_id": cleaned["request_id"],
            "dossier_id": cleaned["dossier"],
        }


def person_words(duty: Duty) -> str:
    return f"{duty.user.full_name} · {duty.post or duty.get_role_display()}"


class DecideForm(RequestForm):
    """The head's decision: measure, basis, and who supervises where that is the measure."""

    measure = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=Measure.choices, widget=forms.RadioSelect
    )
    basis = words_field(gettext_lazy("Reasons and basis"))
    supervisor = forms.ChoiceField(
        label=gettext_lazy("Who supervises"),
        help_text=gettext_lazy("Only where you decide on supervision."),
        required=False,
    )
    starts = day_field(gettext_lazy("First day"))
    ends = day_field(
        gettext_lazy("Last day"), gettext_lazy("Empty: until it is decided anew."), required=False
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, on: date, staff: Sequence[Duty]) -> None:
        super().__init__(data, on=on, initial={"starts": on})
        self.people: dict[str, User] = {duty.user.code: duty.user for duty in staff}
        named = {duty.user.code: person_words(duty) for duty in staff}
        field = cast(forms.ChoiceField, self.fields["supervisor"])
        field.choices = [("", _("nobody")), *named.items()]

    def arguments(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "measure": Measure(cleaned["measure"]),
            "basis": cleaned["basis"],
            "supervisor": self.people.get(cleaned["supervisor"]),
            "starts": cleaned["starts"],
            "ends": cleaned["ends"],
            "request_id": cleaned["request_id"],
        }
