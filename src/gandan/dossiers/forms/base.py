"""What the forms of all acts share.

Every form carries `request_id` (a double click is one act) and `seen` (the revision that was looked at).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy

from gandan.dossiers.models import Dossier
from gandan.ledger.ids import new_id
from gandan.organization.permissions import Officer

LONGEST = 2000
Note = tuple[str, str]


class ActForm(forms.Form):
    """The base: an act without further questions."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, Any] | None = None,
        *,
        dossier: Dossier,
        officer: Officer,
        at: datetime,
    ) -> None:
        self.dossier, self.officer, self.at = dossier, officer, at
        initial = {"request_id": new_id(), "seen": dossier.revision}
        super().__init__(data, files, initial=initial, label_suffix="")
        self.prepare()

    def prepare(self) -> None:
        """Choices and suggestions that depend on the dossier."""

    def arguments(self) -> dict[str, Any]:
        """What the act is told beyond dossier, officer, moment, request and revision. After `is_valid`."""
        return {}

    def notes(self) -> list[Note]:
        """Sentences above the form that depend on the dossier, each with its kind of notice (info, soon)."""
        return []


def reason_field(label: Any, help_text: Any = "", **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        **more,
    )


class ReasonForm(ActForm):
    reason = reason_field(
        gettext_lazy("Reason"), gettext_lazy("In plain words: the person reads exactly what you write.")
    )

    def arguments(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"]}
