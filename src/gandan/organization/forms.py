"""What a reader may ask of the pages of the organization."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class PlaceSearch(forms.Form):
    """The search for a commune, present or past."""

    q = forms.CharField(
        label=_("Name of the ward or commune, new or old"),
        help_text=_(
            "A few letters are enough, with or without marks. Add the old district to find it faster."
        ),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
