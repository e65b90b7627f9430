"""Forms of stopping, correcting and reopening."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandan.dossiers import clock
from gandan.dossiers.forms.base import MomentField, Note, ReasonForm, reason_field, this_minute
from gandan.ui.words import datetime_words


class StopForm(ReasonForm):
    asked_at = MomentField(
        label=gettext_lazy("When the applicant asked"),
        help_text=gettext_lazy("Day and hour of their letter, or of their word at the counter."),
    )
    reason = reason_field(
        gettext_lazy("Why, as the applicant says"), gettext_lazy("It is printed on the notice.")
    )
    field_order = ("asked_at", "reason")

    def prepare(self) -> None:
        if not self.is_bound:
            self.initial["asked_at"] = this_minute(self.at)

    def arguments(self) -> dict[str, Any]:
        return {"asked_at": self.cleaned_data["asked_at"], "reason": self.cleaned_data["reason"]}

    def notes(self) -> list[Note]:
        return [("info", _("No decision is signed and no result is issued: the dossier can be stopped."))]


class CorrectForm(ReasonForm):
    reason = reason_field(
        gettext_lazy("What is wrong in the result, and how that came about"),
        gettext_lazy("The person reads exactly this, under our apology. No excuse, no abbreviation."),
    )

    def notes(self) -> list[Note]:
        due = clock.correction(self.dossier, self.at).due
        if due is None:
            return []
        by = _("The corrected result is due %(moment)s. The person pays nothing.")
        return [("info", by % {"moment": datetime_words(due)})]


class ReopenForm(ReasonForm):
    reason = reason_field(
        gettext_lazy("Why the dossier is reopened"), gettext_lazy("In plain words: the person reads it.")
    )
    basis = forms.CharField(
        label=gettext_lazy("Basis of the decision"),
        help_text=gettext_lazy("Number and date of the decision, and the article it rests on."),
        max_length=300,
    )

    def arguments(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"], "basis": self.cleaned_data["basis"]}

    def notes(self) -> list[Note]:
        if self.dossier.accepted_at is None:
            return [
                ("info", _("Nothing was accepted yet: the one-stop answers anew, and no time limit runs."))
            ]
        due = clock.reopened(self.dossier, self.at).due
        if due is None:
            return [("info", _("The person gets the whole period for the missing papers once more."))]
        if due < self.at:
            late = _(
                "The time limit runs on to the same date, %(moment)s. It has passed: the dossier is late at once."
            )
            return [("soon", late % {"moment": datetime_words(due)})]
        return [
            (
                "info",
                _("The time limit runs on to the same date, %(moment)s.") % {"moment": datetime_words(due)},
            )
        ]
