"""One line of the checklist and one line of the fees, as the counter answers them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gandan.catalogue.fees import FeeLine
from gandan.catalogue.models import PaperHow, PaperRequirement
from gandan.dossiers.forms.scans import Scan
from gandan.dossiers.intake import FeeInput, PaperInput
from gandan.dossiers.models import Answer
from gandan.ui.fixed import fixed_fields

MOST_SHEETS = 999
HIGHEST_FEE = 1_000_000_000
LABELS: dict[Answer, str | Promise] = {
    Answer.HANDED_IN: pgettext_lazy("paper", "enough"),
    Answer.MISSING: pgettext_lazy("paper", "missing"),
    Answer.FROM_DATABASE: pgettext_lazy("paper", "in the data"),
    Answer.SHOWN: pgettext_lazy("paper", "shown"),
}
# The digit on the keyboard is the place in the row: what is usual for the paper comes first.
ORDER = (Answer.HANDED_IN, Answer.MISSING, Answer.FROM_DATABASE, Answer.SHOWN)
ORDER_SHOW = (Answer.SHOWN, Answer.MISSING, Answer.FROM_DATABASE, Answer.HANDED_IN)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the one-key choices of a paper."""

    value: str
    label: str | Promise
    digit: int
    checked: bool


@fixed_fields
class PaperForm(forms.Form):
    """What was done about one paper (thành phần hồ sơ); `certain` False: an answer not given decides about it."""

    answer = forms.ChoiceField(choices=Answer.choices, required=False)
    originals = forms.IntegerField(
        required=False, min_value=0, max_value=MOST_SHEETS, label=gettext_lazy("originals")
    )
    certified = forms.IntegerField(
        required=False, min_value=0, max_value=MOST_SHEETS, label=gettext_lazy("certified copies")
    )
    copies = forms.IntegerField(
        required=False, min_value=0, max_value=MOST_SHEETS, label=gettext_lazy("copies")
    )
    source = forms.CharField(required=False, max_length=200, label=gettext_lazy("Which data"))
    reason = forms.CharField(required=False, max_length=500, label=gettext_lazy("Reason"))

    def __init__(self, data: Any, paper: PaperRequirement, *, certain: bool, scans: Iterable[Scan]) -> None:
        super().__init__(data, prefix=f"p-{paper.key}", auto_id="%s", label_suffix="")
        self.paper, self.certain, self.scans = paper, certain, tuple(scans)
        self.refusals: list[str] = []
        self.is_valid()

    @property
    def chosen(self) -> Answer | None:
        value = self.cleaned_data.get("answer", "")
        return Answer(value) if value else None

    @property
    def choices(self) -> list[Choice]:
        order = ORDER_SHOW if self.paper.how == PaperHow.SHOW else ORDER
        return [
            Choice(one.value, LABELS[one], digit, one == self.chosen) for digit, one in enumerate(order, 1)
        ]

    def count(self, name: str, usual: int) -> int:
        """How many sheets were typed; what the catalogue asks for where nothing was."""
        typed = self.cleaned_data.get(name)
        return usual if typed is None else int(typed)

    @property
    def counts(self) -> list[tuple[str, str | Promise, int]]:
        """Name of the box, its word, its number: originals, certified copies, copies."""
        usual = {"originals": self.paper.original or (0 if self.paper.copy else 1), "copies": self.paper.copy}
        return [
            (self.add_prefix(name), self.fields[name].label or "", self.count(name, usual.get(name, 0)))
            for name in ("originals", "certified", "copies")
        ]

    @property
    def source_shown(self) -> str:
        """The database that was typed, else the one that the catalogue names."""
        return str(self.data.get(self.add_prefix("source")) or self.paper.data_source)

    @property
    def reason_shown(self) -> str:
        return str(self.cleaned_data.get("reason", ""))

    @property
    def asked_without_need(self) -> bool:
        """True when the State has it in its data and it was taken on paper all the same."""
        return bool(self.paper.data_source) and self.chosen in (Answer.HANDED_IN, Answer.SHOWN)

    def require(self) -> None:
        """Asks for what an accepted dossier must know about this paper."""
        if self.chosen is None and self.certain:
            self.add_error("answer", _("Is this paper there? Press 1, 2, 3 or 4."))
        if self.chosen == Answer.FROM_DATABASE and not self.source_shown:
            self.add_error("source", _("Write which data it was found in."))
        if self.asked_without_need and not self.reason_shown:
            message = _(
                "The State has this in its data (%(source)s). Choose “in the data”, or write why the paper "
                "was still needed."
            )
            self.add_error("reason", message % {"source": self.paper.data_source})

    def line(self) -> PaperInput | None:
        """The line as the act takes it; None for a paper that nobody answered."""
        if self.chosen is None:
            return None
        has_sheets = self.chosen in (Answer.HANDED_IN, Answer.SHOWN)
        originals, certified, copies = (number if has_sheets else 0 for _name, _word, number in self.counts)
        return PaperInput(
            key=self.paper.key,
            name=self.paper.name,
            answer=self.chosen,
            originals=originals,
            certified=certified,
            copies=copies,
            data_source=self.source_shown if self.chosen == Answer.FROM_DATABASE else "",
            reason=self.reason_shown,
            files=tuple(scan.id for scan in self.scans),
        )

    def why_missing(self) -> str:
        """What the guidance slip says beside a missing paper."""
        return self.reason_shown or self.paper.when_text or _("The procedure asks for it.")


@fixed_fields
class FeeForm(forms.Form):
    """One line of fees: paid or not, and its amount where the catalogue does not know it."""

    paid = forms.BooleanField(required=False, label=gettext_lazy("paid"))
    amount = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=HIGHEST_FEE,
        label=gettext_lazy("Amount in đồng"),
        widget=forms.NumberInput(attrs={"class": "input-figures input-short", "inputmode": "numeric"}),
    )

    def __init__(self, data: Any, line: FeeLine, words: str) -> None:
        super().__init__(data, prefix=f"f-{line.key}", auto_id="%s", label_suffix="")
        self.line, self.words = line, words
        self.is_valid()

    @property
    def sum(self) -> int | None:
        """What it costs: by the catalogue, else as the officer typed it from the province's table."""
        if self.line.amount is not None:
            return self.line.amount
        typed = self.cleaned_data.get("amount")
        return None if typed is None else int(typed)

    @property
    def asks_amount(self) -> bool:
        return self.line.amount is None and not self.line.conditional and self.line.unit_amount is None

    def fee(self) -> FeeInput | None:
        """The line as the act takes it; None while an answer that decides it is missing."""
        if self.line.conditional:
            return None
        return FeeInput(
            key=self.line.key,
            label=self.line.label,
            amount=self.sum,
            paid=bool(self.cleaned_data.get("paid")) and self.sum != 0,
        )
