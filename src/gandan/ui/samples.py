"""Invented content for the component page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandan.ui.words import LEGAL_ZONE


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=gettext_lazy("Full name"), help_text=gettext_lazy("As on the citizen card."))
    number = forms.CharField(
        label=gettext_lazy("Personal number"), widget=forms.TextInput(attrs={"class": "input-figures"})
    )
    born = forms.CharField(label=gettext_lazy("Born on"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Way of receiving the result"),
        choices=[("counter", gettext_lazy("At the counter")), ("post", gettext_lazy("By post"))],
    )
    paper = forms.ChoiceField(
        label=gettext_lazy("Birth certificate of the hospital"),
        choices=[("there", gettext_lazy("Handed in")), ("missing", gettext_lazy("Missing"))],
        widget=forms.RadioSelect,
    )
    help = forms.BooleanField(label=gettext_lazy("Needs help with reading"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_number(self) -> str:
        raise forms.ValidationError(
            _("A personal number has 12 digits; here there are %(count)d.") % {"count": 11}
        )


def sample_context() -> dict[str, Any]:
    """What `ui/components.html` shows."""
    form = SampleForm({"number": "00000000000", "kind": "counter", "help": "on"})
    due = datetime(2026, 11, 30, 17, 0, tzinfo=LEGAL_ZONE)
    return {
        "form": form,
        "due": due,
        "rows": [
            {"name": _("Birth registration"), "due": due, "percent": 80, "days": 4, "kind": "now", "fee": 0},
            {
                "name": _("Certified copy"),
                "due": due - timedelta(days=5),
                "percent": 20,
                "days": 1,
                "kind": "soon",
                "fee": 8000,
            },
            {
                "name": _("Change of land use"),
                "due": due - timedelta(days=9),
                "percent": 0,
                "days": -2,
                "kind": "late",
                "fee": None,
            },
        ],
        "steps": [
            {"name": _("Received"), "state": "done", "note": ""},
            {"name": _("Under examination"), "state": "now", "note": ""},
            *(
                {"name": name, "state": "next", "note": ""}
                for name in (_("Checking"), _("Approval"), _("Signing"))
            ),
            {"name": _("Entry in the register"), "state": "next", "note": ""},
            {"name": _("Result returned"), "state": "next", "note": ""},
        ],
        "entries": [
            {
                "at": due - timedelta(days=7),
                "what": _("Received"),
                "who": "CB-014",
                "kind": "done",
                "icon": "check-circle",
            },
            {
                "at": due - timedelta(days=5),
                "what": _("Waiting for papers"),
                "kind": "wait",
                "icon": "pause-circle",
            },
        ],
    }
