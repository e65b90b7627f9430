"""Forms of the calls to people."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from gandan.calculus.rules import VIETNAM
from gandan.dossiers import words
from gandan.dossiers.forms.base import ActForm
from gandan.dossiers.models import CallOutcome
from gandan.notifications.models import Channel, Message, MessageState

MORNING = time(8)  # when a day is named and no hour


class RecordCallForm(ActForm):
    """What came of a call. The buttons of the list send the same fields."""

    message = forms.ChoiceField(label=gettext_lazy("About"), widget=forms.RadioSelect)
    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it"), choices=CallOutcome.choices, widget=forms.RadioSelect
    )
    next_date = forms.DateField(
        label=gettext_lazy("Call again on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Only if the person asks for it."),
    )
    next_time = forms.TimeField(
        label=gettext_lazy("at"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("For colleagues of the one-stop: who answered, what was agreed."),
    )

    def prepare(self) -> None:
        waiting = Message.objects.filter(
            subject_kind="dossier",
            subject_id=self.dossier.id,
            channel=Channel.CALL,
            state=MessageState.WAITING,
        )
        field = cast(forms.ChoiceField, self.fields["message"])
        field.choices = [(str(one.pk), words.topic(one.topic)) for one in waiting.order_by("queued_at")]
        if self.is_bound:
            # What a colleague settled meanwhile is refused by the act, with a reason, not by the list.
            field.choices = [*field.choices, (self.sent_message(), "")]
        elif field.choices:
            self.initial["message"] = field.choices[0][0]

    def sent_message(self) -> str:
        try:
            return str(UUID(str(self.data.get("message", ""))))
        except ValueError:
            return ""

    def arguments(self) -> dict[str, Any]:
        day, clock = self.cleaned_data["next_date"], self.cleaned_data["next_time"]
        asked = CallOutcome(self.cleaned_data["outcome"])
        moment = None
        if asked == CallOutcome.CALL_BACK and day:
            moment = datetime.combine(day, clock or MORNING, VIETNAM)
        return {
            "message_id": UUID(self.cleaned_data["message"]),
            "outcome": asked,
            "note": self.cleaned_data["note"],
            "next_try_at": moment,
        }


class UndoCallForm(ActForm):
    call = forms.UUIDField(widget=forms.HiddenInput)

    def arguments(self) -> dict[str, Any]:
        return {"call_id": self.cleaned_data["call"]}
