"""The form of a review: for each duty keep, end or not yet, with a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from gandan.administration.access import Held
from gandan.ledger.ids import new_id
from gandan.organization.reviews.actions import LONGEST_REASON, Line
from gandan.organization.reviews.models import Verdict


class AccessReviewForm(forms.Form):
    """Two fields a duty that is still to be looked at and is not one's own."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, held: Sequence[Held]) -> None:
        super().__init__(data, initial={"request_id": new_id()}, label_suffix="")
        self.open = [one for one in held if one.line is None and not one.is_own]
        for one in self.open:
            name = one.duty.user.full_name
            self.fields[f"verdict_{one.duty.pk}"] = forms.ChoiceField(
                label=_("%(name)s: keep or end") % {"name": name},
                choices=[*Verdict.choices],
                required=False,
                widget=forms.RadioSelect,
            )
            self.fields[f"reason_{one.duty.pk}"] = forms.CharField(
                label=_("Reason"), max_length=LONGEST_REASON, required=False
            )

    def rows(self, held: Sequence[Held]) -> Iterator[tuple[Held, BoundField | None, BoundField | None]]:
        """Each duty with its two fields, or with none where nothing is asked."""
        asked = {one.duty.pk for one in self.open}
        for one in held:
            if one.duty.pk in asked:
                yield one, self[f"verdict_{one.duty.pk}"], self[f"reason_{one.duty.pk}"]
            else:
                yield one, None, None

    def lines(self) -> list[Line]:
        """What was chosen; a duty left alone is left for later."""
        chosen = []
        for one in self.open:
            verdict = self.cleaned_data.get(f"verdict_{one.duty.pk}", "")
            if verdict:
                reason = self.cleaned_data.get(f"reason_{one.duty.pk}", "")
                chosen.append(Line(one.duty.pk, Verdict(verdict), reason))
        return chosen

    def refuse(self, message: str, duty: UUID | None) -> None:
        name = f"reason_{duty}"
        self.add_error(name if name in self.fields else None, message)
