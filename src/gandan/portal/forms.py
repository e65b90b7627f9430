"""What a citizen types."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class TrackForm(forms.Form):
    """The code and the word beside it, as printed on the receipt."""

    code = forms.CharField(
        label=_("Dossier code"),
        help_text=_("On the receipt, under the square code. For example: 19975-261123-0001."),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    word = forms.CharField(
        label=_("Look-up word"),
        help_text=_("Eight letters and digits beside the code. Capital or small letters do not matter."),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        return "".join(str(self.cleaned_data["code"]).split()).upper()
