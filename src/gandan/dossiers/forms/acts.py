"""Forms of the acts: each turns what was typed into the arguments of one act; the act judges.

Every form carries `request_id` (a double click is one act) and `seen` (the revision that was looked at).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gandan.accounts.models import User
from gandan.calculus.calendars import working_time
from gandan.calculus.errors import ClockError, YearWithoutCalendar
from gandan.calculus.rules import VIETNAM
from gandan.documents.kinds import ACCEPT
from gandan.dossiers import desks
from gandan.dossiers.actions.supplement import MissingPaper
from gandan.dossiers.forms.again import CorrectForm, ReopenForm, StopForm
from gandan.dossiers.forms.base import LONGEST, ActForm, Note, ReasonForm, reason_field
from gandan.dossiers.forms.calls import RecordCallForm, UndoCallForm
from gandan.dossiers.forms.examination import ConsultForm, OpinionForm, VisitForm, VisitPlanForm
from gandan.dossiers.forms.forward import AskBackForm, ForwardForm, ReturnPhaseForm
from gandan.dossiers.models import Answer, Desk, Dossier, DossierPaper, ResultKind, ReturnWay
from gandan.dossiers.queries import Handler, departments_of, handlers_for, usual_department
from gandan.organization.models import Unit, UnitKind
from gandan.organization.queries import calendar_of, unit_of
from gandan.ui.words import datetime_words

OTHER_PAPERS = 3
DEPARTMENTS = (UnitKind.DEPARTMENT, UnitKind.POLICE, UnitKind.TAX)


class SendBackForm(ReasonForm):
    reason = reason_field(gettext_lazy("What is to be improved"), gettext_lazy("For your colleague alone."))


class WithdrawForm(ReasonForm):
    reason = reason_field(
        gettext_lazy("Why the person withdraws"),
        gettext_lazy("As the person says it, or as their letter says."),
    )


class DepartmentField(forms.ChoiceField):
    """A department of the dossier's ward; the list is read to be shown, what was chosen is looked at by itself."""

    commune = ""

    def valid_value(self, value: Any) -> bool:
        unit = unit_chosen(str(value))
        return (
            unit is not None
            and unit.commune_id == self.commune
            and unit.kind in DEPARTMENTS
            and unit.closed_on is None
        )


def unit_chosen(key: str) -> Unit | None:
    try:
        return unit_of(UUID(key))
    except (ValueError, Unit.DoesNotExist):
        return None


class TransferForm(ActForm):
    department = DepartmentField(label=gettext_lazy("Department"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        field = cast(DepartmentField, self.fields["department"])
        field.commune = self.dossier.commune_id
        field.choices = self.choices  # called when shown
        self.usual = None if self.is_bound else usual_department(self.dossier)
        if self.usual:
            self.initial["department"] = str(self.usual)
        elif not self.is_bound and len(self.choices()) == 1:
            self.initial["department"] = self.choices()[0][0]

    def choices(self) -> list[tuple[str, str]]:
        return [(str(unit.pk), unit.name) for unit in departments_of(self.dossier)]

    def arguments(self) -> dict[str, Any]:
        return {"department": unit_of(UUID(self.cleaned_data["department"]))}

    def notes(self) -> list[Note]:
        if self.usual:
            return [
                ("info", _("The last dossier of this procedure went to the department that is chosen below."))
            ]
        return []


class AssignForm(ActForm):
    assignee = forms.ChoiceField(label=gettext_lazy("Officer"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        self.handlers = {one.user.code: one for one in handlers_for(self.dossier, self.at)}
        field = cast(forms.ChoiceField, self.fields["assignee"])
        field.choices = [(code, handler_words(one)) for code, one in self.handlers.items()]
        free = [code for code, one in self.handlers.items() if not one.hindrance]
        if self.dossier.assignee and self.dossier.assignee.code in free:
            self.initial["assignee"] = self.dossier.assignee.code
        elif len(free) == 1:
            self.initial["assignee"] = free[0]

    def arguments(self) -> dict[str, Any]:
        chosen: User = self.handlers[self.cleaned_data["assignee"]].user
        return {"assignee": chosen}

    def notes(self) -> list[Note]:
        if not self.handlers:
            return [
                (
                    "soon",
                    _("Nobody in this ward has a processing duty today. Ask the administrator to enter one."),
                )
            ]
        return list(self.notes_on_ties())

    def notes_on_ties(self) -> Iterator[Note]:
        if any(one.hindrance for one in self.handlers.values()):
            yield "soon", _("Who has a conflict of interest with this dossier stands last, with the rule.")
        silent = sum(not one.has_declared for one in self.handlers.values())
        if silent:
            told = ngettext(
                "%(count)d officer below has declared no relatives and interests: of them no conflict can be known.",
                "%(count)d officers below have declared no relatives and interests: of them no conflict can be known.",
                silent,
            )
            yield "info", told % {"count": silent}


def handler_words(one: Handler) -> str:
    """Name, post and load: "Người mẫu B · Phòng Văn hóa · đang giữ 12 hồ sơ, 1 trễ"."""
    load = ngettext("has %(count)d dossier now", "has %(count)d dossiers now", one.load) % {"count": one.load}
    late = ngettext("%(count)d late", "%(count)d late", one.late) % {"count": one.late} if one.late else ""
    parts = (one.user.full_name, one.post, _("away today") if one.is_away else "", load, late, one.hindrance)
    return " · ".join(part for part in parts if part)


class ProposeForm(ActForm):
    result = forms.ChoiceField(
        label=gettext_lazy("You propose"),
        choices=[
            (ResultKind.GRANTED.value, gettext_lazy("to grant what is asked for")),
            (ResultKind.REFUSAL.value, gettext_lazy("to refuse, with a written reason")),
        ],
        widget=forms.RadioSelect,
    )
    opinion = reason_field(
        gettext_lazy("Opinion, or the reason for a refusal"),
        gettext_lazy("A refusal needs its reason and the rule; the person reads it."),
        required=False,
    )

    def arguments(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {"result": ResultKind(cleaned["result"]), "opinion": cleaned["opinion"]}

    def notes(self) -> list[Note]:
        waiting = self.dossier.opinions_open
        if not waiting:
            return []
        sentence = ngettext(
            "%(count)d opinion of another body is still awaited.",
            "%(count)d opinions of other bodies are still awaited.",
            waiting,
        )
        return [("soon", sentence % {"count": waiting})]


class StampForm(ActForm):
    number = forms.CharField(
        label=gettext_lazy("Number of the result"),
        help_text=gettext_lazy("Leave it empty to take the next number of the book."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"class": "input-short input-figures"}),
    )
    result_file = forms.FileField(
        label=gettext_lazy("Signed result"),
        help_text=gettext_lazy("A PDF or a scan of the signed result, kept with the dossier."),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )

    upload_field = "result_file"

    def arguments(self) -> dict[str, Any]:
        return {"number": self.cleaned_data["number"]}

    def uploads(self) -> list[UploadedFile[bytes]]:
        uploaded = self.cleaned_data["result_file"]
        return [uploaded] if isinstance(uploaded, UploadedFile) else []

    def with_files(self, kept: Sequence[UUID]) -> dict[str, Any]:
        return {"file_id": kept[0]} if kept else {}


class NotifyEarlyForm(ActForm):
    how = forms.ChoiceField(
        label=gettext_lazy("How the person was told"),
        choices=[
            ("call", gettext_lazy("by telephone")),
            ("message", gettext_lazy("by a message")),
            ("in-person", gettext_lazy("in person")),
        ],
        widget=forms.RadioSelect,
    )

    def arguments(self) -> dict[str, Any]:
        return {"how": self.cleaned_data["how"]}


class ReturnForm(ActForm):
    way = forms.ChoiceField(
        label=gettext_lazy("How the result is handed over"),
        choices=ReturnWay.choices,
        widget=forms.RadioSelect,
    )
    collected_by = forms.CharField(
        label=gettext_lazy("Collected by somebody else: their name"),
        help_text=gettext_lazy("Only with a power of attorney; leave it empty if the person came."),
        max_length=200,
        required=False,
    )

    def prepare(self) -> None:
        self.initial["way"] = self.dossier.return_way

    def arguments(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {"way": ReturnWay(cleaned["way"]), "collected_by": cleaned["collected_by"]}


class ReceiveSupplementForm(ActForm):
    complete = forms.ChoiceField(
        label=gettext_lazy("What came"),
        choices=[
            ("1", gettext_lazy("all that was asked for: the time limit is counted anew")),
            ("0", gettext_lazy("a part: the dossier goes on waiting")),
        ],
        widget=forms.RadioSelect,
    )
    remark = reason_field(
        gettext_lazy("What is still missing"),
        gettext_lazy("Only of what was asked for. Nothing new may be asked for now."),
        required=False,
    )

    def arguments(self) -> dict[str, Any]:
        return {
            "complete": self.cleaned_data["complete"] == "1",
            "remark": self.cleaned_data["remark"].strip(),
        }


class SupplementForm(ActForm):
    """One line a paper of the checklist (asked for or not, and why), and three for papers that no list names."""

    basis = forms.CharField(
        label=gettext_lazy("Basis in law for a second request"),
        help_text=gettext_lazy("Document and article, for example: Điều 7 Nghị định 301/2026/NĐ-CP."),
        max_length=300,
        required=False,
    )

    def prepare(self) -> None:
        self.papers: list[DossierPaper] = list(self.dossier.papers.order_by("position"))
        for paper in self.papers:
            self.fields[f"ask_{paper.position}"] = forms.BooleanField(label=paper.name, required=False)
            self.initial[f"ask_{paper.position}"] = paper.answer == Answer.MISSING
            self.fields[f"why_{paper.position}"] = short_reason(_("Why: %(paper)s") % {"paper": paper.name})
        for place in range(1, OTHER_PAPERS + 1):
            self.fields[f"other_{place}"] = forms.CharField(
                label=_("Another paper (%(number)d)") % {"number": place}, max_length=300, required=False
            )
            self.fields[f"other_why_{place}"] = short_reason(
                _("Why another paper is needed (%(number)d)") % {"number": place}
            )
        if not self.is_second:
            del self.fields["basis"]
        elif not self.is_bound:
            # Asked for on the page; when sent, the act judges: a repeated click must pass as it first did.
            self.fields["basis"].required = True

    @property
    def is_second(self) -> bool:
        """True if more papers were asked for before. A repeated click is still judged as it was first sent."""
        return bool(self.dossier.supplement_count) or bool(self.data.get("basis"))

    def lines(self) -> Iterator[tuple[BoundField, BoundField]]:
        """Tick box and reason of each paper of the checklist."""
        for paper in self.papers:
            yield self[f"ask_{paper.position}"], self[f"why_{paper.position}"]

    def others(self) -> Iterator[tuple[BoundField, BoundField]]:
        for place in range(1, OTHER_PAPERS + 1):
            yield self[f"other_{place}"], self[f"other_why_{place}"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.items = list(self._items(cleaned))
        for name in self._unexplained(cleaned):
            self.add_error(name, _("Say why this paper is needed: the person has a right to know."))
        if not self.items and not self.errors:
            self.add_error(None, _("Tick each paper that is missing and say why it is needed."))
        return cleaned

    def _items(self, cleaned: dict[str, Any]) -> Iterator[MissingPaper]:
        for paper in self.papers:
            if cleaned.get(f"ask_{paper.position}"):
                yield MissingPaper(paper.name, cleaned.get(f"why_{paper.position}", ""))
        for place in range(1, OTHER_PAPERS + 1):
            if cleaned.get(f"other_{place}"):
                yield MissingPaper(cleaned[f"other_{place}"], cleaned.get(f"other_why_{place}", ""))

    def _unexplained(self, cleaned: dict[str, Any]) -> Iterator[str]:
        for paper in self.papers:
            if cleaned.get(f"ask_{paper.position}") and not cleaned.get(f"why_{paper.position}"):
                yield f"why_{paper.position}"
        for place in range(1, OTHER_PAPERS + 1):
            if cleaned.get(f"other_{place}") and not cleaned.get(f"other_why_{place}"):
                yield f"other_why_{place}"

    def arguments(self) -> dict[str, Any]:
        return {"items": self.items, "basis": self.cleaned_data.get("basis", "")}

    def notes(self) -> list[Note]:
        found = [
            ("info", _("The person may complete the papers until %(moment)s.") % {"moment": self._close_by()})
        ]
        if self.dossier.accepted_at and self.dossier.desk == Desk.APPRAISAL:
            by = {"moment": datetime_words(desks.notice_by(self.dossier))}
            if self.at > desks.notice_by(self.dossier):
                late = _("The notice was due by %(moment)s; it will be recorded as late.")
                found.append(("soon", late % by))
            else:
                found.append(("info", _("The notice must go out by %(moment)s.") % by))
        if self.dossier.supplement_count:
            second = _(
                "More papers were already asked for once. A second request needs a basis in law, and the "
                "dossier will count as late in index 2.1 of Decision 766, whenever it ends."
            )
            found.append(("soon", second))
        return found

    def _close_by(self) -> str:
        return datetime_words(desks.close_by(self.dossier, self.at))


def short_reason(label: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST, required=False)


class ExtendForm(ActForm):
    reason = reason_field(
        gettext_lazy("The reason, as the person reads it"),
        gettext_lazy("What happened on our side, what is still to be done. No excuse, no abbreviation."),
    )
    new_date = forms.DateField(
        label=gettext_lazy("New date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    new_time = forms.TimeField(
        label=gettext_lazy("Hour"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def prepare(self) -> None:
        if self.is_bound or self.dossier.due_at is None:
            return
        suggestion = suggested_date(self.dossier, self.at).astimezone(VIETNAM)
        self.initial["reason"] = prepared_apology(self.dossier)
        self.initial["new_date"] = suggestion.date()
        self.initial["new_time"] = suggestion.time().replace(second=0, microsecond=0)

    def clean_new_date(self) -> date:
        """A day on which somebody hands results over."""
        day: date = self.cleaned_data["new_date"]
        try:
            works = working_time(calendar_of(self.dossier.unit_competent)).is_working_day(day)
        except YearWithoutCalendar as error:
            raise forms.ValidationError(
                _("There is no published working calendar for %(year)d yet. Choose an earlier day."),
                code="year",
                params={"year": error.year},
            ) from None
        if not works:
            raise forms.ValidationError(_("Nobody works on that day. Choose a working day."), code="day_off")
        return day

    def arguments(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        day: date = cleaned["new_date"]
        hour: time = cleaned["new_time"]
        return {"reason": cleaned["reason"], "new_due_at": datetime.combine(day, hour, VIETNAM)}

    def notes(self) -> list[Note]:
        if self.dossier.due_at is None:
            return []
        by = desks.apology_by(self.dossier)
        moment = {"moment": datetime_words(by)}
        in_time = _("In time until %(moment)s: the legal date moves to the new one. This is possible once.")
        too_late = _(
            "Too late to move the legal date: that had to be done by %(moment)s. The apology is still "
            "owed and is recorded; the new date is a promise, and the dossier counts as late."
        )
        suggestion = _(
            "The new date below is a suggestion. Choose one that will hold: there is no second one."
        )
        first = ("info", in_time % moment) if self.at <= by else ("soon", too_late % moment)
        return [first, ("info", suggestion)]


def prepared_apology(dossier: Dossier) -> str:
    """The reason in plain words, to be completed by who signs: at which step the dossier lies now."""
    return _(
        "The dossier is at the step “%(desk)s” and needs more time, because … "
        "We are sorry that the appointment could not be kept."
    ) % {"desk": dossier.get_desk_display()}


def suggested_date(dossier: Dossier, at: datetime) -> datetime:
    """Half of the procedure's time more, at least two working days, from the due moment or from now if later."""
    due = dossier.due_at or at
    calendar = working_time(calendar_of(dossier.unit_competent))
    start = max(due, at)
    try:
        whole = calendar.days_between(
            calendar.local(dossier.accepted_at or due).date(), calendar.local(due).date()
        )
        day = calendar.add_days(calendar.local(start).date(), max(2, -(-whole // 2)))
        return calendar.closes_at(day)
    except ClockError:
        return start + timedelta(days=7)


ACT_FORMS: dict[str, type[ActForm]] = {
    "accept": ActForm,
    "refuse": ReasonForm,
    "request-supplement": SupplementForm,
    "receive-supplement": ReceiveSupplementForm,
    "close": ActForm,
    "transfer": TransferForm,
    "assign": AssignForm,
    "propose": ProposeForm,
    "check": ActForm,
    "approve": ActForm,
    "send-back": SendBackForm,
    "number-and-stamp": StampForm,
    "finish": ActForm,
    "notify-early": NotifyEarlyForm,
    "return": ReturnForm,
    "extend": ExtendForm,
    "withdraw": WithdrawForm,
    "consult": ConsultForm,
    "receive-opinion": OpinionForm,
    "plan-visit": VisitPlanForm,
    "verify-on-site": VisitForm,
    "forward": ForwardForm,
    "take-over": ActForm,
    "receive-paper": ActForm,
    "ask-back": AskBackForm,
    "return-phase": ReturnPhaseForm,
    "stop": StopForm,
    "correct": CorrectForm,
    "reopen": ReopenForm,
    "remind": ActForm,
    "record-call": RecordCallForm,
    "undo-call": UndoCallForm,
}
