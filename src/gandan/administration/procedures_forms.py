"""Forms made of the fields of a content: one page for the general part, one for each question, case, paper and fee."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandan.administration.procedures_conditions import chosen_condition, condition_fields
from gandan.calculus.folding import fold
from gandan.catalogue.content import (
    CaseContent,
    Content,
    FeeContent,
    Kind,
    PaperContent,
    QuestionContent,
    Spec,
    as_json,
    key_of,
    specs,
    title_of,
)
from gandan.catalogue.reading import ContentReader
from gandan.catalogue.stored import longest_of
from gandan.ledger.ids import new_id

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "input-short"})
DAYS = ["%Y-%m-%d", "%d/%m/%Y"]
LONG_TEXTS = frozenset({"name", "result", "note", "why_guide_only", "why_no_rule", "exempt_text"})
SCALE_STEPS = 3


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that stand together; `further`: folded away while they say what is usual."""

    title: str | Promise
    names: tuple[str, ...]
    help: str | Promise = ""
    further: bool = False


GROUPS: dict[type[Any], tuple[Group, ...]] = {
    Content: (
        Group(gettext_lazy("What it is called"), ("name", "everyday_name")),
        Group(
            gettext_lazy("Who handles it, and what comes of it"), ("level", "decides", "result", "presence")
        ),
        Group(gettext_lazy("Legal basis"), ("legal", "decision", "source_url")),
        Group(gettext_lazy("Ways of filing"), ("online", "immediate")),
        Group(gettext_lazy("Guidance only"), ("guide_only", "why_guide_only"), further=True),
        Group(gettext_lazy("Note"), ("note",), further=True),
    ),
    QuestionContent: (Group(gettext_lazy("The question"), ("text", "kind", "choices", "audience")),),
    CaseContent: (
        Group(gettext_lazy("The case"), ("label",)),
        Group(gettext_lazy("Time limit"), ("amount", "unit", "document", "article")),
        Group(
            gettext_lazy("Only in some cases"),
            ("when",),
            gettext_lazy("Without a condition the case applies when no other does; exactly one has none."),
            further=True,
        ),
        Group(
            gettext_lazy("How it is counted"),
            ("start", "end", "end_time", "cut_off", "max_extensions"),
            gettext_lazy("The usual way is set already. Change it only where the document says so."),
            further=True,
        ),
        Group(
            gettext_lazy("When papers are missing"),
            ("supplement_effect", "supplement_days", "supplement_unit"),
            gettext_lazy("Leave the time empty where the general rule applies."),
            further=True,
        ),
        Group(gettext_lazy("No date in this case"), ("why_no_rule",), further=True),
        Group(gettext_lazy("Note"), ("note",), further=True),
    ),
    PaperContent: (
        Group(gettext_lazy("The paper"), ("name", "how", "original", "copy", "data_source")),
        Group(gettext_lazy("Only in some cases"), ("when", "when_text"), further=True),
    ),
    FeeContent: (
        Group(gettext_lazy("The fee"), ("label", "kind", "amount", "per", "document")),
        Group(gettext_lazy("Only in some cases"), ("when", "channel", "relief", "exempt_text"), further=True),
        Group(
            gettext_lazy("Only for some time, or in one province"),
            ("valid_from", "valid_to", "province"),
            further=True,
        ),
        Group(gettext_lazy("Counted by a number"), ("quantity", "scale"), further=True),
        Group(gettext_lazy("Not known yet"), ("unknown_because",), further=True),
    ),
}
HELP: dict[tuple[type[Any], str], str | Promise] = {
    (Content, "legal"): gettext_lazy("One document a line."),
    (Content, "everyday_name"): gettext_lazy("As people say it at the counter; search finds it too."),
    (CaseContent, "amount"): gettext_lazy("A number. For “within the day”: 0."),
    (CaseContent, "why_no_rule"): gettext_lazy("If you write something here, no date is given in this case."),
    (CaseContent, "document"): gettext_lazy("Number, date and issuer."),
    (PaperContent, "data_source"): gettext_lazy(
        "If the office looks it up itself, the person need not bring it."
    ),
    (FeeContent, "amount"): gettext_lazy("In đồng, figures alone: 15000. For “free”: 0."),
    (FeeContent, "per"): gettext_lazy("For example: page, copy, case. Leave it empty for one sum."),
    (FeeContent, "valid_from"): gettext_lazy("Leave it empty: then it holds as long as this version."),
    (QuestionContent, "choices"): gettext_lazy("For a choice: one answer a line."),
}


class ContentForm(forms.Form):
    """The form of one content object (`row`); `value()` is what it says after `is_valid`.

    `seen`: the revision of the draft that was looked at. Marks and short names are not asked for.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, row: Any, content: Content, seen: int) -> None:
        self.row, self.content = row, content
        super().__init__(data, initial={"seen": seen}, label_suffix="")
        by_name = {spec.name: spec for spec in specs(type(row))}
        for group in GROUPS[type(row)]:
            for name in group.names:
                self.fields.update(fields_of(type(row), by_name[name], getattr(row, name), content))

    def groups(self) -> Iterator[tuple[Group, list[BoundField], bool]]:
        """Each group with its fields, and whether it stands open."""
        usual = type(self.row)()
        for group in GROUPS[type(self.row)]:
            fields = [self[name] for name in self.fields if name.partition("-")[0] in group.names]
            differs = any(getattr(self.row, name) != getattr(usual, name) for name in group.names)
            yield group, fields, not group.further or differs or any(one.errors for one in fields)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            self.said = self._said()
            self._require_readable()
        return cleaned

    def _require_readable(self) -> None:
        """What a draft holds must be read again as it is: no sign that cannot be shown, nothing too long."""
        reader = ContentReader()
        reader.read(type(self.row), {k: v for k, v in as_json(self.said).items() if k != "schema"}, "")
        for fault in reader.faults:
            name = fault.place if fault.place in self.fields else None
            self.add_error(name, fault.message)

    def _said(self) -> Any:
        by_name = {spec.name: spec for spec in specs(type(self.row))}
        names = [name for group in GROUPS[type(self.row)] for name in group.names]
        return replace(self.row, **{name: self._value(by_name[name]) for name in names})

    def _value(self, spec: Spec) -> Any:
        before, given = getattr(self.row, spec.name), self.cleaned_data.get(spec.name)
        if spec.kind is Kind.CONDITION:
            return chosen_condition(self, before)
        if spec.kind is Kind.SCALE:
            return chosen_scale(self, before)
        if spec.kind is Kind.LINES:
            return tuple(line.strip() for line in str(given).splitlines() if line.strip())
        if spec.kind is Kind.PAIRS:
            return chosen_pairs(str(given), before)
        if spec.kind is Kind.COUNT:
            return spec.default if given is None else given
        return given.replace("\r\n", "\n") if isinstance(given, str) else given

    def value(self) -> Any:
        """The content object, with a short name if it is new."""
        return self.said if isinstance(self.row, Content) else named(self.said, self.content)


def fields_of(kind: type[Any], spec: Spec, value: Any, content: Content) -> dict[str, forms.Field]:
    """The field or fields for one value."""
    if spec.kind is Kind.CONDITION:
        return condition_fields(value, content.questions, str(spec.label))
    if spec.kind is Kind.SCALE:
        return scale_fields(value, content)
    field = field_of(kind, spec, content)
    field.initial = shown(spec, value)
    field.help_text = str(HELP.get((kind, spec.name), ""))
    return {spec.name: field}


def field_of(kind: type[Any], spec: Spec, content: Content) -> forms.Field:
    label = str(spec.label)
    if spec.name == "quantity":
        return forms.ChoiceField(label=label, choices=number_questions(content), required=False)
    if spec.kind is Kind.CHOICE:
        choices = [(key, words or _("not chosen")) for key, words in spec.choices.items()]
        few = len(choices) <= 4
        return forms.ChoiceField(
            label=label,
            choices=choices,
            required="" not in spec.choices,
            widget=forms.RadioSelect if few else forms.Select,
        )
    if spec.kind in (Kind.NUMBER, Kind.COUNT):
        figures = forms.NumberInput(attrs={"class": "input-short input-figures", "inputmode": "numeric"})
        return forms.IntegerField(
            label=label, min_value=0, max_value=2_000_000_000, required=False, widget=figures
        )
    if spec.kind is Kind.FLAG:
        return forms.BooleanField(label=label, required=False)
    if spec.kind is Kind.DAY:
        return forms.DateField(label=label, required=False, input_formats=DAYS, widget=DAY)
    if spec.kind is Kind.CLOCK:
        clock = forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "input-short"})
        return forms.TimeField(label=label, required=False, widget=clock)
    return text_field(kind, spec, label)


def text_field(kind: type[Any], spec: Spec, label: str) -> forms.CharField:
    several = spec.kind in (Kind.LINES, Kind.PAIRS)
    longest = 5000 if several else longest_of(kind, spec.name) or 5000
    wide = forms.Textarea(attrs={"rows": 6 if several else 3})
    return forms.CharField(
        label=label,
        max_length=longest,
        required=spec.name in ("name", "label", "text"),
        widget=wide if several or spec.name in LONG_TEXTS or longest > 200 else forms.TextInput(),
    )


def shown(spec: Spec, value: Any) -> Any:
    """The value as its field shows it."""
    if spec.kind is Kind.LINES:
        return "\n".join(value)
    if spec.kind is Kind.PAIRS:
        return "\n".join(label for _key, label in value)
    return value


def number_questions(content: Content) -> list[tuple[str, str]]:
    asked = [(one.key, one.text) for one in content.questions if one.kind == "number"]
    return [("", _("not counted by a number")), *asked]


# ---- prices in steps ---------------------------------------------------------------------------------------


def scale_fields(scale: dict[str, Any] | None, content: Content) -> dict[str, forms.Field]:
    """A price in up to three steps: from the first on, beyond a number another price, at most a sum."""
    if len(number_questions(content)) < 2:
        return {}
    given = scale or {"by": "", "times": "", "steps": []}
    steps = [*given["steps"], *({} for _n in range(SCALE_STEPS))][:SCALE_STEPS]
    made: dict[str, forms.Field] = {
        "scale-by": forms.ChoiceField(
            label=_("Price in steps, counted by"),
            choices=number_questions(content),
            required=False,
            initial=given["by"],
        ),
        "scale-times": forms.ChoiceField(
            label=_("and times"), choices=number_questions(content), required=False, initial=given["times"]
        ),
    }
    for number, step in enumerate(steps, 1):
        made[f"scale-{number}-amount"] = whole(
            _("Step %(n)s: price of one, in đồng") % {"n": number}, step.get("amount")
        )
        if number < SCALE_STEPS:
            made[f"scale-{number}-up"] = whole(
                _("Step %(n)s holds up to (empty: no end)") % {"n": number}, step.get("up_to")
            )
    made["scale-cap"] = whole(_("Together at most, in đồng"), given.get("cap"))
    return made


def whole(label: str, initial: int | None) -> forms.IntegerField:
    figures = forms.NumberInput(attrs={"class": "input-short input-figures"})
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=2_000_000_000,
        required=False,
        initial=initial,
        widget=figures,
    )


def chosen_scale(form: forms.Form, before: dict[str, Any] | None) -> dict[str, Any] | None:
    """The steps as filled in; what has more than three steps stays as it was while its first fields do."""
    clean = form.cleaned_data
    if "scale-by" not in form.fields or (before and len(before["steps"]) > SCALE_STEPS):
        return before
    if not clean.get("scale-by"):
        return None
    steps = []
    for number in range(1, SCALE_STEPS + 1):
        amount, up_to = clean.get(f"scale-{number}-amount"), clean.get(f"scale-{number}-up")
        if amount is not None:
            steps.append({"amount": amount} if up_to is None else {"up_to": up_to, "amount": amount})
    bounds = [one.get("up_to") for one in steps]
    rising = None not in bounds[:-1] and bounds[:-1] == sorted(set(bounds[:-1]), key=lambda one: one or 0)
    if not steps or not clean.get("scale-times") or bounds[-1] is not None or not rising:
        form.add_error(
            "scale-by",
            _(
                "A price in steps needs what it is multiplied by, a price for each step, and no end for the last one."
            ),
        )
        return before
    made: dict[str, Any] = {"by": clean["scale-by"], "times": clean["scale-times"], "steps": steps}
    if clean.get("scale-cap") is not None:
        made["cap"] = clean["scale-cap"]
    return made


# ---- short names -------------------------------------------------------------------------------------------


def chosen_pairs(text: str, before: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Answers one a line; those that were there keep the value that conditions compare with."""
    known = {label: value for value, label in before}
    made: list[tuple[str, str]] = []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        taken = {value for value, _label in made} | set(known.values())
        made.append((known.get(line) or free_name(line, taken), line))
    return tuple(made)


def named(row: Any, content: Content) -> Any:
    """The row with a short name of its own, if it has none yet."""
    if key_of(row):
        return row
    part = {QuestionContent: "questions", CaseContent: "cases", PaperContent: "papers"}.get(type(row), "fees")
    taken = {key_of(one) for one in getattr(content, part)}
    return replace(row, **{row.KEY: free_name(title_of(row), taken)})


def free_name(words: str, taken: Iterable[str]) -> str:
    """A short name made of the first words, that nothing else bears."""
    base = re.sub(r"[^a-z0-9]+", "_", fold(words)).strip("_")[:30] or "muc"
    name, number, used = base, 1, set(taken)
    while name in used:
        number += 1
        name = f"{base}_{number}"
    return name


# ---- the acts ----------------------------------------------------------------------------------------------


class BasisForm(forms.Form):
    """What every act on the catalogue asks: the document, one request a form, the revision that was seen."""

    document = forms.CharField(
        label=gettext_lazy("Basis: number, date and issuer of the document"), max_length=200
    )
    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, **options: Any) -> None:
        initial = {"request_id": new_id()} | options.pop("initial", {})
        super().__init__(data, initial=initial, label_suffix="", **options)


class PublishForm(BasisForm):
    """From which day it holds."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    starts_on = forms.DateField(
        label=gettext_lazy("In force from"),
        help_text=gettext_lazy(
            "Today: at once, as soon as you publish. A later day: from 00:00 of that day."
        ),
        input_formats=DAYS,
        widget=DAY,
    )
    field_order = ("starts_on", "document", "seen", "request_id")


class ConfirmForm(BasisForm):
    """That a legal officer has compared it with the document."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    whole = forms.BooleanField(
        label=gettext_lazy("I compared the whole content, not only what was changed"), required=False
    )


class WithdrawForm(BasisForm):
    reason = forms.CharField(
        label=gettext_lazy("Why it is withdrawn"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    field_order = ("reason", "document", "request_id")


class FileForm(forms.Form):
    """A file that was exported here or written by the schema."""

    file = forms.FileField(
        label=gettext_lazy("File (YAML or JSON)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml,.json"}),
    )


class SampleForm(forms.Form):
    """An example dossier: when it is received."""

    received = forms.DateTimeField(
        label=gettext_lazy("Received at"),
        input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"],
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )


def today_first(form: PublishForm, today: date) -> PublishForm:
    """The date field refuses days before today in the browser too; the act judges again."""
    form.fields["starts_on"].widget.attrs["min"] = today.isoformat()
    return form
