"""What every form of an administrative act has: its request and its basis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy

from gandan.law.bases import LONGEST_DOCUMENT
from gandan.ledger.ids import new_id

DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y")


class AdministrativeForm(forms.Form):
    """The base. The basis stands last: it is what one has before one when all else is typed."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)
    document = forms.CharField(
        label=gettext_lazy("Basis"),
        help_text=gettext_lazy("Number, date and issuer of the document on which this rests."),
        max_length=LONGEST_DOCUMENT,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, Any] | None = None,
        *,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, initial={"request_id": new_id(), **(initial or {})}, label_suffix="")
        self.order_fields([name for name in self.fields if name != "document"] + ["document"])


class DayField(forms.DateField):
    """A day, chosen or typed as 30/11/2026."""

    def __init__(self, **more: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(input_formats=DAY_FORMATS, widget=widget, **more)


def labelled(rows: Iterable[tuple[Any, Any]]) -> list[tuple[str, Any]]:
    """Choices with their first letter in capitals, as a list shows them."""
    return [(str(value), str(label)[:1].upper() + str(label)[1:]) for value, label in rows]
