"""Forms of staff: a person, a duty, an end, a leave, a list."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gandan.accounts.models import User
from gandan.administration.forms.base import AdministrativeForm, DayField, labelled
from gandan.organization.actions.staff import (
    LONGEST_FIELDS,
    LONGEST_NAME,
    LONGEST_POST,
    DutyWish,
    PersonWish,
)
from gandan.organization.models import Role, Unit

LARGEST_LIST = 3 * 1024 * 1024  # as base64 in a hidden box it must fit into what a request may bring


class StaffSearch(forms.Form):
    """The list of staff, narrowed down."""

    q = forms.CharField(
        label=gettext_lazy("Name, code or user name"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    left = forms.BooleanField(label=gettext_lazy("Also who has left"), required=False)


class PersonForm(AdministrativeForm):
    """Name and telephone of somebody entered."""

    full_name = forms.CharField(label=gettext_lazy("Full name"), max_length=LONGEST_NAME)
    phone = forms.CharField(label=gettext_lazy("Telephone for colleagues"), max_length=20, required=False)

    def person(self) -> PersonWish:
        return PersonWish(self.cleaned_data["full_name"], phone=self.cleaned_data["phone"])


class DutyForm(AdministrativeForm):
    """A role in a unit between two days."""

    unit = forms.ChoiceField(label=pgettext_lazy("staff list", "Unit"))
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    post = forms.CharField(
        label=gettext_lazy("Post"),
        help_text=gettext_lazy("As the public page shows it, for example: Cán bộ tiếp nhận, quầy 1."),
        max_length=LONGEST_POST,
        required=False,
    )
    fields_of_work = forms.CharField(
        label=gettext_lazy("Fields of work"), max_length=LONGEST_FIELDS, required=False
    )
    valid_from = DayField(label=gettext_lazy("From day"))
    valid_to = DayField(label=gettext_lazy("Until day"), required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, units: Sequence[Unit], today: date) -> None:
        super().__init__(data, initial={"valid_from": today})
        self.units = {str(unit.pk): unit for unit in units}
        named = [(key, unit.name) for key, unit in self.units.items()]
        cast(forms.ChoiceField, self.fields["unit"]).choices = named
        cast(forms.ChoiceField, self.fields["role"]).choices = labelled(Role.choices)

    def duty(self) -> DutyWish:
        cleaned = self.cleaned_data
        return DutyWish(
            self.units[cleaned["unit"]],
            Role(cleaned["role"]),
            cleaned["valid_from"],
            cleaned["valid_to"],
            cleaned["post"],
            cleaned["fields_of_work"],
        )


class NewPersonForm(DutyForm):
    """Somebody new with a first duty."""

    full_name = forms.CharField(label=gettext_lazy("Full name"), max_length=LONGEST_NAME)
    username = forms.CharField(
        label=gettext_lazy("User name"),
        help_text=gettext_lazy("Small letters without marks. Leave it empty and one is made of the name."),
        max_length=60,
        required=False,
    )
    phone = forms.CharField(label=gettext_lazy("Telephone for colleagues"), max_length=20, required=False)

    field_order = ["request_id", "full_name", "username", "phone", "unit", "role", "post"]

    def person(self) -> PersonWish:
        cleaned = self.cleaned_data
        return PersonWish(cleaned["full_name"], cleaned["username"], cleaned["phone"])


class EndDutyForm(AdministrativeForm):
    """The last day of a duty."""

    last_day = DayField(label=gettext_lazy("Last day"))


class LinkForm(forms.Form):
    """A one-time link is asked for: nothing is typed."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)


class HelpForm(forms.Form):
    """Which help with signing in is asked for: one button each."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)
    help = forms.ChoiceField()

    def __init__(self, *args: Any, names: Iterable[str], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["help"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  said above
        field.choices = [(name, name) for name in names]


class LeaveForm(AdministrativeForm):
    """Who goes on with what lies on the desk, and the last day."""

    last_day = DayField(label=gettext_lazy("Last day"))
    successor = forms.ChoiceField(
        label=gettext_lazy("Who goes on with these dossiers"), required=False, widget=forms.RadioSelect
    )
    seen = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        seen: Sequence[str],
        colleagues: Sequence[tuple[User, str]],
        today: date,
    ) -> None:
        super().__init__(data, initial={"last_day": today, "seen": list(seen), "successor": ""})
        self.colleagues = {user.code: user for user, _words in colleagues}
        sent = data.getlist("seen") if data is not None and hasattr(data, "getlist") else seen
        # What was looked at is compared with the desk as it is now; another id simply makes them differ.
        cast(forms.MultipleChoiceField, self.fields["seen"]).choices = [(one, one) for one in sent]
        choices = [(user.code, words) for user, words in colleagues]
        to_head = gettext_lazy("back to the head of the department, who assigns them anew")
        cast(forms.ChoiceField, self.fields["successor"]).choices = [("", to_head), *choices]
        if not seen and not sent:
            del self.fields["successor"]

    def heir(self) -> User | None:
        return self.colleagues.get(self.cleaned_data.get("successor", ""))


class StaffListForm(forms.Form):
    """A list of staff to be looked at."""

    file = forms.FileField(
        label=gettext_lazy("List of staff (XLSX)"),
        help_text=gettext_lazy(
            "At most 10,000 rows and 3 MB. Nothing is entered before you have seen what would happen."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_file(self) -> bytes:
        """The content of the file. It is kept nowhere: the page that shows the dry run carries it back."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_LIST:
            raise forms.ValidationError(
                _("The file is larger than 3 MB. Please send it in parts."), code="large"
            )
        return bytes(file.read())


class CarryOutForm(AdministrativeForm):
    """The list is carried out as it was shown."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    content = forms.CharField(max_length=LARGEST_LIST * 4 // 3 + 4, widget=forms.HiddenInput)

    def clean_content(self) -> bytes:
        try:
            return base64.b64decode(self.cleaned_data["content"], validate=True)
        except ValueError:  # no base64, or a letter that it has not
            raise forms.ValidationError(
                _("The list did not arrive whole. Please choose the file once more."), code="cut"
            ) from None
