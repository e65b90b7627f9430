"""Forms of the catalogue's pages: the search box, and the questions of a procedure."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from gandan.catalogue.models import Audience, Question, QuestionKind
from gandan.ui.fixed import fixed_fields

CHANNELS = [("counter", _("at the counter")), ("post", _("by post")), ("online", _("online"))]
MOST = 9999


class SearchForm(forms.Form):
    """What a person types to find a procedure; anything is welcome, the first 200 characters count."""

    q = forms.CharField(required=False, label=_("What do you need?"), strip=True)

    def clean_q(self) -> str:
        return str(self.cleaned_data["q"])[:200]


class MomentForm(forms.Form):
    """A moment of reception to try out, on the wall clock of Vietnam."""

    received = forms.DateTimeField(
        label=_("Received at"),
        input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"],
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )


@fixed_fields
class AnswersForm(forms.Form):
    """The questions of a version, all optional: nothing is assumed where nothing was answered."""

    channel = forms.ChoiceField(choices=CHANNELS, required=False, label=_("How will you file?"))

    def __init__(
        self,
        *arguments: object,
        questions: Iterable[Question],
        audience: str = Audience.ANYONE.value,
        provinces: list[tuple[str, str]] | None = None,
        **options: object,
    ) -> None:
        """`provinces`: those with fees of their own; the data say which one the person files in, if any."""
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.questions = [q for q in questions if audience == Audience.OFFICER or q.audience == audience]
        for question in self.questions:
            self.fields[question.key] = _field(question, for_officer=audience == Audience.OFFICER)
        if provinces:
            choices = [("", _("not chosen, or another province")), *provinces]
            self.fields["province"] = forms.ChoiceField(
                choices=choices, required=False, label=_("Where will you file?")
            )

    def answers(self) -> dict[str, str | int]:
        """The valid answers given, by key; `channel` among them, other than the counter's only if chosen."""
        self.is_valid()
        given = {key: value for key, value in self.cleaned_data.items() if value not in (None, "")}
        given.pop("province", None)
        given.setdefault("channel", "counter")
        given["by_post"] = "yes" if given["channel"] == "post" else "no"
        return given

    def quantities(self) -> dict[str, int]:
        """The numbers among the answers."""
        return {key: value for key, value in self.answers().items() if isinstance(value, int)}

    def province(self) -> str:
        """Code of the province chosen, or ""."""
        self.is_valid()
        return str(self.cleaned_data.get("province", ""))


def vietnamese(text: str) -> SafeString:
    """Words of the catalogue, which stay Vietnamese on an English page and say so."""
    return format_html('<span lang="vi">{}</span>', text)


@lru_cache(maxsize=4096)
def _field(question: Question, *, for_officer: bool) -> forms.Field:
    """The field of a question, shared by all forms; an officer's is a row of buttons where it offers a choice."""
    # Optimization: a version's questions never change, and making their fields cost as much as all the papers'.
    field = _made(question)
    if for_officer and isinstance(field, forms.ChoiceField):
        choices: list[tuple[str, str]] = list(field.choices)  # type: ignore[arg-type]
        field.widget = forms.RadioSelect(choices=[one for one in choices if one[0]])
    elif for_officer:
        field.widget.attrs |= {"class": "input-short input-figures", "data-step": "", "inputmode": "numeric"}
    return field


def _made(question: Question) -> forms.Field:
    if question.kind == QuestionKind.NUMBER:
        return forms.IntegerField(
            required=False, min_value=1, max_value=MOST, label=vietnamese(question.text)
        )
    choices = [("", _("not known yet"))]
    if question.kind == QuestionKind.YES_NO:
        choices += [("yes", _("yes")), ("no", _("no"))]
    else:
        choices += [(value, label) for value, label in question.choices]
    return forms.ChoiceField(choices=choices, required=False, label=vietnamese(question.text))
