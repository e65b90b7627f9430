"""Forms of what goes to another level and comes back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandan.documents.kinds import ACCEPT
from gandan.dossiers import phases
from gandan.dossiers.forms.base import ActForm, Note, ReasonForm, reason_field
from gandan.dossiers.models import Desk, PhaseOutcome
from gandan.dossiers.phases import Limit
from gandan.law.rows import CERTAIN
from gandan.law.words import amount_words, part_words, title_of
from gandan.organization.queries import unit_of
from gandan.ui.words import datetime_words


class ForwardForm(ActForm):
    body = forms.ChoiceField(label=gettext_lazy("Body that takes the part"), widget=forms.RadioSelect)
    task = reason_field(
        gettext_lazy("What it is asked to do"),
        gettext_lazy(
            "The letter in a few words: what is decided here already, what is still to be decided there."
        ),
    )
    limit = forms.ChoiceField(
        label=gettext_lazy("Time for this part"),
        help_text=gettext_lazy(
            "Only what a decision of the province or a decree names. The date of the whole does not move."
        ),
        required=False,
        widget=forms.RadioSelect,
    )
    paper = forms.BooleanField(
        label=gettext_lazy("Paper goes too; it has to be there within 01 working day"), required=False
    )
    whole = forms.BooleanField(
        label=gettext_lazy("That body is competent for the whole dossier"),
        help_text=gettext_lazy(
            "The time limit then counts from now, when the competent body has it (118/2025/NĐ-CP art. 17.3)."
        ),
        required=False,
    )

    def prepare(self) -> None:
        bodies = phases.bodies_for(self.dossier, self.at)
        cast(forms.ChoiceField, self.fields["body"]).choices = [(str(one.pk), one.name) for one in bodies]
        limits = {one.key: one for body in bodies for one in phases.limits_for(self.dossier, body, self.at)}
        cast(forms.ChoiceField, self.fields["limit"]).choices = [
            *((key, limit_words(one)) for key, one in limits.items()),
            ("", _("none is known: the date of the whole alone holds")),
        ]
        usual = phases.usual_body(self.dossier, bodies)
        if usual:
            self.initial["body"] = str(usual.pk)
        self.initial["limit"] = phases.WORKFLOW if phases.WORKFLOW in limits else ""
        if self.dossier.desk != Desk.TRANSFER and not self.is_bound:
            del self.fields["whole"]

    def arguments(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "body": unit_of(UUID(cleaned["body"])),
            "task": cleaned["task"],
            "limit": cleaned["limit"],
            "paper": cleaned["paper"],
            "whole": cleaned.get("whole", False),
        }

    def notes(self) -> list[Note]:
        if not cast(forms.ChoiceField, self.fields["body"]).choices:
            return [("soon", _("No body of the province is entered yet. Ask the province's administrator."))]
        if self.dossier.due_at is None:
            return []
        stays = _("The result stays due %(moment)s, whatever part is whose.")
        return [("info", stays % {"moment": datetime_words(self.dossier.due_at)})]


def limit_words(limit: Limit) -> str:
    """ "05 ngày làm việc · 2022/QĐ-UBND" or "8 ngày làm việc · bảo hiểm xã hội · NĐ 63/2024/NĐ-CP"."""
    parts = (
        amount_words(limit.amount, limit.unit),
        title_of(limit.law_key) if limit.law_key else "",
        part_words(limit.part) if limit.part else "",
        limit.source.document,
        "" if limit.source.mark in CERTAIN else _("to be checked"),
    )
    return " · ".join(part for part in parts if part)


class AskBackForm(ReasonForm):
    reason = reason_field(
        gettext_lazy("What is missing or unclear"),
        gettext_lazy("For the commune. Only its one-stop asks the person, once and for everything."),
    )


class ReturnPhaseForm(ActForm):
    outcome = forms.ChoiceField(
        label=gettext_lazy("What you return"),
        choices=[
            (PhaseOutcome.GRANTED.value, gettext_lazy("the result: granted")),
            (PhaseOutcome.REFUSAL.value, gettext_lazy("the result: refused, with the reason in writing")),
            (PhaseOutcome.PART_DONE.value, gettext_lazy("our part; the commune goes on")),
        ],
        widget=forms.RadioSelect,
    )
    number = forms.CharField(
        label=gettext_lazy("Number of your document"),
        help_text=gettext_lazy("For a result."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"class": "input-short input-figures"}),
    )
    opinion = reason_field(
        gettext_lazy("Opinion, or the reason for a refusal"),
        gettext_lazy("A refusal needs its reason and the rule; the person reads it."),
        required=False,
    )
    result_file = forms.FileField(
        label=gettext_lazy("Signed result"),
        help_text=gettext_lazy("A PDF or a scan of the signed result, kept with the dossier."),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )

    upload_field = "result_file"

    def arguments(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "outcome": PhaseOutcome(cleaned["outcome"]),
            "number": cleaned["number"],
            "opinion": cleaned["opinion"],
        }

    def uploads(self) -> list[UploadedFile[bytes]]:
        uploaded = self.cleaned_data["result_file"]
        return [uploaded] if isinstance(uploaded, UploadedFile) else []

    def with_files(self, kept: Sequence[UUID]) -> dict[str, Any]:
        return {"file_id": kept[0]} if kept else {}
