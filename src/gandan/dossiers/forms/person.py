"""Who hands in (chủ hồ sơ, người được ủy quyền), as typed or scanned at the counter."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandan.accounts.identity import (
    BirthDate,
    Card,
    clean_name,
    compact,
    number_warnings,
    parse_birth,
    recognise,
)
from gandan.calculus.folding import fold
from gandan.documents.typesetting import unprintable
from gandan.dossiers.intake import PartyInput
from gandan.dossiers.models import IdentityKind, PartyKind, Sex
from gandan.ui.fixed import fixed_fields

IDENTITY_KINDS = {
    "personal_number": IdentityKind.PERSONAL_NUMBER,
    "old_number": IdentityKind.OLD_CARD,
    "passport": IdentityKind.PASSPORT,
}
TAX_CODE = re.compile(r"\d{10}(\d{3})?")
LONGEST_PHONE = 20
STEP = {"data-step": ""}
FIGURES = {"inputmode": "numeric", "spellcheck": "false"}
LONGEST_NAME = 200
# Mobile prefixes of 11-digit numbers, and what they became in 2018: people still write the old ones.
OLD_PREFIXES = {f"016{n}": f"03{n}" for n in range(2, 10)} | {
    "0120": "070",
    "0121": "079",
    "0122": "077",
    "0123": "083",
    "0124": "084",
    "0125": "085",
    "0126": "076",
    "0127": "081",
    "0128": "078",
    "0129": "082",
    "0186": "056",
    "0188": "058",
    "0199": "059",
}


def phone_kept(text: str) -> tuple[str, str]:
    """The number to keep and a sentence for the officer, '' when all is well. A doubt never refuses a number."""
    digits = re.sub(r"[^\d+]", "", text)
    if not digits:
        return ("", _("A telephone number has digits. Please look again.")) if text.strip() else ("", "")
    if len(digits) > LONGEST_PHONE:
        raise ValidationError(
            _("This telephone number is too long. Write one number here."), code="phone_long"
        )
    home = "0" + digits[3:] if digits.startswith("+84") else digits
    if len(home) == 11 and home[:4] in OLD_PREFIXES:
        new = OLD_PREFIXES[home[:4]] + home[4:]
        return home, _("This is the old form of the number. Today it would be %(new)s: please ask.") % {
            "new": new
        }
    try:
        number = phonenumbers.parse(digits, "VN")
    except phonenumbers.NumberParseException:
        return digits, phone_doubt()
    if not phonenumbers.is_valid_number(number):
        return digits, phone_doubt()
    if number.country_code == 84:
        return f"0{number.national_number}", ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), ""


def phone_doubt() -> str:
    return _("This does not look like a telephone number. It is kept as typed: please look again.")


def box(**more: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off", **more})


@fixed_fields
class PersonForm(forms.Form):
    """A person or body; nothing here is required, `require_name` asks for the one thing that is.

    A year alone is a valid birth date, one word a valid name. `warnings` never refuse.
    """

    kind = forms.TypedChoiceField(
        choices=PartyKind.choices,
        coerce=lambda value: PartyKind(int(value)),
        empty_value=None,
        required=False,
        label=gettext_lazy("Kind of applicant"),
        widget=forms.Select(attrs={"autocomplete": "off"}),
    )
    number = forms.CharField(
        required=False,
        max_length=40,
        label=gettext_lazy("Identity number"),
        widget=box(**STEP, **FIGURES, **{"class": "input-figures"}),
    )
    name = forms.CharField(
        required=False, max_length=200, label=gettext_lazy("Full name"), widget=box(**STEP)
    )
    born = forms.CharField(
        required=False,
        max_length=20,
        label=gettext_lazy("Date or year of birth"),
        widget=box(**STEP, **{"placeholder": gettext_lazy("05/09/1980 or 1980"), "class": "input-figures"}),
    )
    sex = forms.ChoiceField(
        choices=Sex.choices,
        required=False,
        label=gettext_lazy("Sex"),
        widget=forms.Select(attrs={"autocomplete": "off"}),
    )
    address = forms.CharField(
        required=False, max_length=300, label=gettext_lazy("Address"), widget=box(**STEP)
    )
    phone = forms.CharField(
        required=False,
        max_length=40,
        label=gettext_lazy("Telephone"),
        widget=box(**STEP, **{"inputmode": "tel", "class": "input-figures"}),
    )
    email = forms.EmailField(
        required=False,
        max_length=254,
        label=gettext_lazy("E-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any, *, prefix: str, today: date) -> None:
        super().__init__(data, prefix=prefix, auto_id="%s", label_suffix="")
        self.today = today
        self.identity_kind = IdentityKind.NONE
        self.birth: BirthDate | None = None
        self.phone_warning = ""
        self.is_valid()

    def clean_name(self) -> str:
        name = clean_name(str(self.cleaned_data["name"]))
        if max(len(name), len(fold(name))) > LONGEST_NAME:  # some letters become several
            raise ValidationError(
                _("This name is longer than 200 letters. Please shorten it."), code="name_long"
            )
        return name

    def clean_number(self) -> str:
        text = str(self.cleaned_data["number"])
        if not text:
            return ""
        if (self.cleaned_data.get("kind") or PartyKind.CITIZEN) != PartyKind.CITIZEN:
            self.identity_kind = (
                IdentityKind.TAX_CODE if TAX_CODE.fullmatch(compact(text)) else IdentityKind.OTHER
            )
            return compact(text)
        found = recognise(text)
        self.identity_kind = IDENTITY_KINDS[found.kind]
        return found.value

    def clean_born(self) -> str:
        text = str(self.cleaned_data["born"])
        self.birth = parse_birth(text, on=self.today) if text else None
        return text

    def clean_phone(self) -> str:
        kept, self.phone_warning = phone_kept(str(self.cleaned_data["phone"]))
        return kept

    @property
    def is_empty(self) -> bool:
        """True when nobody was written down."""
        return not any(str(self.data.get(self.add_prefix(name), "")).strip() for name in ("name", "number"))

    @property
    def warnings(self) -> list[str]:
        """What does not seem to fit; the officer looks again, and goes on."""
        clean = self.cleaned_data
        found = [self.phone_warning] if self.phone_warning else []
        if self.identity_kind == IdentityKind.PERSONAL_NUMBER and clean.get("number"):
            year = self.birth.year if self.birth else None
            found += number_warnings(str(clean["number"]), birth_year=year, sex=clean.get("sex", ""))
        strange = "".join(sorted(unprintable(str(clean.get("name", "")) + str(clean.get("address", "")))))
        if strange:
            found.append(_("The receipt cannot print these letters: %(letters)s.") % {"letters": strange})
        return found

    def require_name(self) -> None:
        if not self.cleaned_data.get("name") and not self.has_error("name"):
            self.add_error("name", _("Write the name: one word is enough."))

    def party(self) -> PartyInput:
        """The values as the act takes them; call it on a valid form only."""
        clean, born = self.cleaned_data, self.birth
        whole = bool(born and born.day)
        return PartyInput(
            name=clean["name"],
            kind=clean["kind"] or PartyKind.CITIZEN,
            birth_date=born.earliest if born and whole else None,
            birth_year=born.year if born and not whole else None,
            sex=Sex(clean["sex"]),
            address=" ".join(clean["address"].split()),
            phone=clean["phone"],
            email=clean["email"],
            identity_kind=self.identity_kind,
            identity_number=clean["number"],
        )


def card_values(card: Card) -> dict[str, str]:
    """What a scanned card (thẻ căn cước) puts into the boxes."""
    return {
        "number": card.number,
        "name": card.name,
        "born": str(card.born or ""),
        "sex": card.sex,
        "address": card.address,
    }
