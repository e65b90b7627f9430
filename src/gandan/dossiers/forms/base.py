"""What the forms of all acts share.

Every form carries `request_id` (a double click is one act) and `seen` (the revision that was looked at).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandan.calculus.rules import VIETNAM
from gandan.documents.kinds import ACCEPT
from gandan.dossiers.models import Dossier
from gandan.ledger.ids import new_id
from gandan.organization.permissions import Officer

LONGEST = 2000
YEARS = range(2000, 2101)
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

    upload_field = ""

    def uploads(self) -> list[UploadedFile[bytes]]:
        """The files that were sent in `upload_field`. After `is_valid`."""
        return []

    def with_files(self, kept: Sequence[UUID]) -> dict[str, Any]:
        """What the act is told of the files, once they are kept."""
        return {}


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


class MomentField(forms.DateTimeField):
    """A day with its hour, on the wall of the office."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})

    def clean(self, value: Any) -> datetime | None:
        moment: datetime | None = super().clean(value)
        if moment is not None and moment.astimezone(VIETNAM).year not in YEARS:
            raise forms.ValidationError(_("Check the year."), code="year")
        return moment


def this_minute(at: datetime) -> datetime:
    """The moment as a form can say it."""
    return at.astimezone(VIETNAM).replace(second=0, microsecond=0)


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, up to `most`."""

    most = 10

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=SeveralFiles(attrs={"accept": ACCEPT, "multiple": True}), **more)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        given = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(given) > self.most:
            raise forms.ValidationError(_("At most ten files at a time."), code="files")
        return [super(FilesField, self).clean(one, initial) for one in given]
