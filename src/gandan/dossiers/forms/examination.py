"""Forms of what an examination may need: the opinion of another body, a visit on site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandan.calculus.calendars import working_time
from gandan.calculus.errors import YearWithoutCalendar
from gandan.dossiers.actions.consult import LONGEST_TERM
from gandan.dossiers.actions.visit import Minutes
from gandan.dossiers.desks import on_day
from gandan.dossiers.forms.base import (
    ActForm,
    FilesField,
    MomentField,
    Note,
    reason_field,
    this_minute,
)
from gandan.dossiers.models import AnswerWay, Consultation, Presence, Visit
from gandan.organization.models import Unit
from gandan.organization.queries import calendar_of, unit_of, units_of, units_of_province
from gandan.ui.words import datetime_words

YES_NO = [("1", gettext_lazy("yes")), ("0", gettext_lazy("no"))]


class ConsultForm(ActForm):
    unit = forms.ChoiceField(
        label=gettext_lazy("Unit that is asked"),
        help_text=gettext_lazy("Of this ward or of its province. Leave it empty for any other body."),
        required=False,
    )
    body = forms.CharField(label=gettext_lazy("Another body: its name"), max_length=200, required=False)
    question = reason_field(
        gettext_lazy("What you ask"),
        gettext_lazy(
            "Exactly what the body is to say, and on which papers. Only what it needs of the person."
        ),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Term for the answer, in working days"),
        min_value=1,
        max_value=LONGEST_TERM,
        widget=forms.NumberInput(attrs={"class": "input-short input-figures"}),
    )
    answer_way = forms.ChoiceField(
        label=gettext_lazy("How it is to answer"),
        choices=AnswerWay.choices,
        initial=AnswerWay.ELECTRONIC,
        widget=forms.RadioSelect,
    )

    def prepare(self) -> None:
        self.units = {str(unit.pk): unit for unit in self._units()}
        field = cast(forms.ChoiceField, self.fields["unit"])
        field.choices = [("", "–"), *((key, unit.name) for key, unit in self.units.items())]
        if not self.is_bound:
            self.initial["days"] = self._half_of_what_is_left()

    def _units(self) -> Iterator[Unit]:
        day, commune = on_day(self.at), self.dossier.commune
        for unit in (*units_of(commune, day), *units_of_province(commune.province_id, day)):
            if unit.pk != self.dossier.department_id:
                yield unit

    def _half_of_what_is_left(self) -> int:
        if self.dossier.due_at is None:
            return 1
        calendar = working_time(calendar_of(self.dossier.unit_competent))
        try:
            left = calendar.days_between(on_day(self.at), on_day(self.dossier.due_at))
        except YearWithoutCalendar:
            return 1
        return max(1, left // 2)

    def arguments(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        unit = self.units.get(cleaned["unit"])
        return {
            "unit": unit_of(unit.pk) if unit else None,
            "body": cleaned["body"],
            "question": cleaned["question"],
            "days": cleaned["days"],
            "answer_way": AnswerWay(cleaned["answer_way"]),
        }

    def notes(self) -> list[Note]:
        due = self.dossier.due_at
        runs = _("Asking does not stop the time limit: the result stays due %(moment)s.")
        return [("info", runs % {"moment": datetime_words(due)})] if due else []


class OpinionForm(ActForm):
    opinion = forms.ChoiceField(label=gettext_lazy("Which opinion"), widget=forms.RadioSelect)
    outcome = forms.ChoiceField(
        label=gettext_lazy("What came"),
        choices=[
            ("came", gettext_lazy("an answer")),
            ("none", gettext_lazy("no answer; we go on without it")),
        ],
        widget=forms.RadioSelect,
    )
    came_at = MomentField(label=gettext_lazy("When the answer came"), required=False)
    reference = forms.CharField(
        label=gettext_lazy("Number and date of the letter"), max_length=100, required=False
    )
    answer = reason_field(
        gettext_lazy("What the answer says"),
        gettext_lazy("Without an answer: why you go on, and what you did to get it."),
    )

    def prepare(self) -> None:
        self.waiting: list[Consultation] = [
            one for one in self.dossier.consultations.order_by("number") if one.is_open or self.is_bound
        ]
        field = cast(forms.ChoiceField, self.fields["opinion"])
        field.choices = [
            (str(one.number), f"{one.body} · {datetime_words(one.due_at)}") for one in self.waiting
        ]
        if self.is_bound:
            return
        if len(self.waiting) == 1:
            self.initial["opinion"] = str(self.waiting[0].number)
        self.initial["came_at"] = this_minute(self.at)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("outcome") == "came" and not cleaned.get("came_at") and "came_at" not in self.errors:
            self.add_error("came_at", _("Say when the answer came: whether it was in time depends on it."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        came = cleaned["outcome"] == "came"
        return {
            "opinion": int(cleaned["opinion"]),
            "answer": cleaned["answer"],
            "came_at": cleaned["came_at"] if came else None,
            "reference": cleaned["reference"] if came else "",
        }

    def notes(self) -> list[Note]:
        late = _(
            "%(body)s has not answered by %(moment)s. The director of the centre sees this on their list."
        )
        return [
            ("soon", late % {"body": one.body, "moment": datetime_words(one.due_at)})
            for one in self.waiting
            if one.is_open and one.due_at < self.at
        ]


class VisitPlanForm(ActForm):
    starts_at = MomentField(label=gettext_lazy("Day and hour"))
    place = forms.CharField(label=gettext_lazy("Place"), max_length=300)
    who = forms.CharField(
        label=gettext_lazy("Who comes"),
        help_text=gettext_lazy("Names and offices, as the person will read them."),
        max_length=500,
    )
    what = reason_field(
        gettext_lazy("What is looked at"),
        gettext_lazy("In plain words, and what the person should have ready."),
    )
    citizen_asked = forms.ChoiceField(
        label=gettext_lazy("The person is asked to be there"), choices=YES_NO, widget=forms.RadioSelect
    )

    def prepare(self) -> None:
        planned = self.dossier.visit
        if self.is_bound:
            return
        self.initial["citizen_asked"] = "1"
        if planned:
            for name in ("place", "who", "what"):
                self.initial[name] = getattr(planned, name)
            self.initial["starts_at"] = this_minute(planned.starts_at)
            self.initial["citizen_asked"] = str(int(planned.citizen_asked))
        else:
            self.initial["place"], self.initial["who"] = self.dossier.owner.address, self.officer.name

    def arguments(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        kept = {name: cleaned[name] for name in ("starts_at", "place", "who", "what")}
        return {**kept, "citizen_asked": cleaned["citizen_asked"] == "1"}

    def notes(self) -> list[Note]:
        told = _(
            "The one-stop tells the person time, place, who comes and what for. The time limit of the dossier runs on."
        )
        planned = self.dossier.visit
        if planned is None:
            return [("info", told)]
        moved = _(
            "A visit is planned for %(moment)s. What you enter here replaces it, and the person is told anew."
        )
        return [("soon", moved % {"moment": datetime_words(planned.starts_at)}), ("info", told)]


class VisitForm(ActForm):
    held = forms.ChoiceField(
        label=gettext_lazy("The visit"),
        choices=[("1", gettext_lazy("took place")), ("0", gettext_lazy("does not take place"))],
        widget=forms.RadioSelect,
        initial="1",
    )
    held_at = MomentField(label=gettext_lazy("When it began"), required=False)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=300, required=False)
    present = reason_field(
        gettext_lazy("Who was there"), gettext_lazy("One by one, with their office."), required=False
    )
    presence = forms.ChoiceField(
        label=gettext_lazy("The person"), choices=Presence.choices, widget=forms.RadioSelect, required=False
    )
    content = reason_field(gettext_lazy("What was found"), required=False)
    conclusion = reason_field(gettext_lazy("Conclusion"), required=False)
    minutes_files = FilesField(
        label=gettext_lazy("Signed minutes, photographs"),
        help_text=gettext_lazy("PDF or pictures, up to ten; kept with the dossier."),
        required=False,
    )
    reason = reason_field(
        gettext_lazy("If it does not take place: why"),
        gettext_lazy("The person is told that nobody comes; the reason stays here."),
        required=False,
    )

    upload_field = "minutes_files"
    MINUTES = ("held_at", "place", "present", "presence", "content", "conclusion")

    def prepare(self) -> None:
        planned: Visit | None = self.dossier.visit
        if planned is None and "held" not in self.data:
            del self.fields["held"], self.fields["reason"]
        if self.is_bound:
            return
        for name in self.MINUTES:  # asked for on the page; when sent, `held` decides
            self.fields[name].required = True
        self.initial["held_at"] = this_minute(planned.starts_at if planned else self.at)
        self.initial["place"] = planned.place if planned else self.dossier.owner.address
        self.initial["present"] = planned.who if planned else self.officer.name
        if not planned:
            self.initial["presence"] = Presence.NOT_ASKED

    @property
    def took_place(self) -> bool:
        """Where no visit was planned, there is none to call off."""
        return bool(self.cleaned_data.get("held", "1") == "1")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        needed = self.MINUTES if self.took_place else ("reason",)
        for name in needed if "held" not in self.errors else ():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(
                    name, _("The minutes need this.") if name != "reason" else _("Write the reason.")
                )
        return cleaned

    def arguments(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if not self.took_place:
            return {"minutes": None, "reason": cleaned["reason"]}
        kept = {name: cleaned[name] for name in self.MINUTES}
        return {"minutes": Minutes(**{**kept, "presence": Presence(cleaned["presence"])})}

    def uploads(self) -> list[UploadedFile[bytes]]:
        return self.cleaned_data["minutes_files"] if self.took_place else []

    def with_files(self, kept: Sequence[UUID]) -> dict[str, Any]:
        return {"files": tuple(kept)}
