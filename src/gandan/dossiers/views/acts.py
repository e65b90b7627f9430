"""One page an act: what it does, its form, and what comes next. Find, ask, form, one call, answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gandan.accounts.actions import record_look
from gandan.calculus.errors import ClockError, YearWithoutCalendar
from gandan.documents.actions import store_upload
from gandan.documents.errors import FileRefused
from gandan.documents.models import StoredFile
from gandan.dossiers import conflicts, words
from gandan.dossiers.actions import (
    again,
    calls,
    consult,
    extend,
    forward,
    processing,
    reception,
    remind,
    results,
    stop,
    supplement,
    visit,
    withdraw,
)
from gandan.dossiers.errors import NotAllowed, StaleDossier, Unacceptable
from gandan.dossiers.forms.acts import ACT_FORMS
from gandan.dossiers.forms.base import ActForm, Note
from gandan.dossiers.guests import SHARED_ACTS
from gandan.dossiers.models import Dossier
from gandan.dossiers.permissions import dossier_for, is_guest, is_visible, objection, roles_for
from gandan.dossiers.rules import RULES
from gandan.dossiers.views.door import StaffRequest, show, staff_page
from gandan.ledger.models import Event
from gandan.organization.permissions import Officer

ACTS: dict[str, Callable[..., Dossier]] = {
    "accept": reception.accept,
    "refuse": reception.refuse,
    "request-supplement": supplement.request_supplement,
    "receive-supplement": supplement.receive_supplement,
    "close": supplement.close,
    "transfer": processing.transfer,
    "assign": processing.assign,
    "propose": processing.propose,
    "check": processing.check,
    "approve": processing.approve,
    "send-back": processing.send_back,
    "number-and-stamp": results.number_and_stamp,
    "finish": results.finish,
    "notify-early": results.notify_early,
    "return": results.return_result,
    "extend": extend.apologise_and_extend,
    "withdraw": withdraw.withdraw,
    "consult": consult.consult,
    "receive-opinion": consult.receive_opinion,
    "plan-visit": visit.plan_visit,
    "verify-on-site": visit.verify_on_site,
    "forward": forward.forward,
    "take-over": forward.take_over,
    "receive-paper": forward.receive_paper,
    "ask-back": forward.ask_back,
    "return-phase": forward.return_phase,
    "stop": stop.stop,
    "correct": again.correct,
    "reopen": again.reopen,
    "remind": remind.remind,
    "record-call": calls.record_call,
    "undo-call": calls.undo_call,
}
# The words of each act in the address.
STEPS = {
    "accept": "tiep-nhan",
    "refuse": "tu-choi",
    "request-supplement": "yeu-cau-bo-sung",
    "receive-supplement": "nhan-bo-sung",
    "close": "dung",
    "transfer": "chuyen",
    "assign": "phan-cong",
    "propose": "de-xuat",
    "check": "duyet",
    "approve": "ky",
    "send-back": "tra-lai",
    "number-and-stamp": "vao-so",
    "finish": "ket-qua-ve",
    "notify-early": "bao-som",
    "return": "tra-ket-qua",
    "extend": "xin-loi",
    "withdraw": "rut",
    "consult": "lay-y-kien",
    "receive-opinion": "nhan-y-kien",
    "plan-visit": "hen-xac-minh",
    "verify-on-site": "xac-minh",
    "forward": "chuyen-lien-thong",
    "take-over": "nhan-lien-thong",
    "receive-paper": "nhan-ban-giay",
    "ask-back": "hoi-lai",
    "return-phase": "tra-phan-viec",
    "stop": "dung-theo-de-nghi",
    "correct": "dinh-chinh",
    "reopen": "mo-lai",
    "remind": "nhac",
    "record-call": "goi-dien",
    "undo-call": "bo-ghi-cuoc-goi",
}
ACT_OF = {step: act for act, step in STEPS.items()}


NOBODY = UUID(int=0)


@cache
def address_of(name: str, *more: str) -> str:
    return reverse(name, args=[NOBODY, *more])


def dossier_url(dossier_id: UUID) -> str:
    """The address of the dossier's page."""
    # Optimization: a list of twenty needs forty addresses, and resolving them would cost more than its rows.
    return address_of("dossiers:dossier").replace(str(NOBODY), str(dossier_id))


def act_url(dossier_id: UUID, act: str) -> str:
    return address_of("dossiers:act", STEPS[act]).replace(str(NOBODY), str(dossier_id))


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: StaffRequest, dossier_id: UUID, step: str) -> HttpResponse:
    """The page of one act (GET) and the act itself (POST); afterwards back to the dossier."""
    if step not in ACT_OF:
        raise Http404
    name, at = ACT_OF[step], timezone.now()
    if request.method != "POST":
        return ask(request, name, dossier_for(request.officer, dossier_id, guests=True), at)
    dossier = dossier_for(request.officer, dossier_id, people=False, guests=True)
    form = ACT_FORMS[name](request.POST, request.FILES, dossier=dossier, officer=request.officer, at=at)
    if not form.is_valid():
        return ask_again(request, name, form)
    return perform(request, name, form)


def ask(request: StaffRequest, name: str, dossier: Dossier, at: datetime) -> HttpResponse:
    """The empty form, or why this act is not possible now."""
    record_look(user=request.user, subject_kind="dossier", subject_id=dossier.id, page=f"act:{name}", at=at)
    reason = objection(name, request.officer, dossier, at)
    if reason:
        return refused(request, dossier, reason)
    try:
        form = ACT_FORMS[name](dossier=dossier, officer=request.officer, at=at)
        return show_form(request, name, form)
    except YearWithoutCalendar as error:
        return refused(request, dossier, no_calendar(error))


def ask_again(request: StaffRequest, name: str, form: ActForm) -> HttpResponse:
    """The form with its errors; nothing of it for somebody without the role, for it may say what is not theirs."""
    dossier, at = form.dossier, form.at
    record_look(user=request.user, subject_kind="dossier", subject_id=dossier.id, page=f"act:{name}", at=at)
    if not has_role(name, request.officer, dossier):
        return refused(request, dossier, objection(name, request.officer, dossier, at))
    return show_form(request, name, form, status=422)


def has_role(name: str, officer: Officer, dossier: Dossier) -> bool:
    return bool(RULES[name].roles & roles_for(RULES[name], officer, dossier))


def perform(request: StaffRequest, name: str, form: ActForm) -> HttpResponse:
    """Calls the act once and answers: done, stale with what was typed kept, or what must be put right."""
    try:
        dossier = ACTS[name](
            officer=request.officer,
            dossier_id=form.dossier.id,
            request_id=form.cleaned_data["request_id"],
            at=form.at,
            seen=form.cleaned_data["seen"],
            **form.arguments(),
            **form.with_files(kept_files(request, name, form)),
        )
    except StaleDossier:
        return stale(request, name, form)
    except NotAllowed as error:
        return refused(request, form.dossier, str(error))
    except Unacceptable as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
    except FileRefused as error:
        form.add_error(form.upload_field, error.message)
    except YearWithoutCalendar as error:
        form.add_error(None, no_calendar(error))
    except ClockError:
        form.add_error(None, _("The clock cannot count this. Check the dates, or ask the administrator."))
    else:
        messages.success(request, words.after(name, dossier))
        return HttpResponseRedirect(way_on(request) or way_after(request, dossier))
    return show_form(request, name, form, status=422)


def way_after(request: StaffRequest, dossier: Dossier) -> str:
    """The dossier's page; the list of work for who no longer sees it, because their body's part is done."""
    if is_visible(request.officer, dossier):
        return dossier_url(dossier.id)
    return reverse("portal:work")  # a name, not an import: what staff come from and go back to


def way_on(request: StaffRequest) -> str:
    """Where whoever sent the form wants to go on, if that is a page of this house: a list that they work through."""
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else ""


def show_form(
    request: StaffRequest,
    name: str,
    form: ActForm,
    *,
    status: int = 200,
    changes: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    context = {
        "act": name,
        "label": RULES[name].label,
        "before": words.BEFORE[name],
        "notes": notes_of(form),
        "form": form,
        "dossier": form.dossier,
        "changes": changes,
        "is_red": name in {"refuse", "withdraw", "close", "send-back", "stop"},
    }
    template = "act_supplement" if name == "request-supplement" else "act"
    return show(request, f"dossiers/{template}.html", context, status=status)


def notes_of(form: ActForm) -> list[Note]:
    try:
        return form.notes()
    except YearWithoutCalendar as error:
        return [("soon", no_calendar(error))]


def no_calendar(error: YearWithoutCalendar) -> str:
    return _(
        "There is no published working calendar for %(year)d yet, so no date can be promised. "
        "Ask the administrator to confirm that year's calendar."
    ) % {"year": error.year}


def refused(request: StaffRequest, dossier: Dossier, reason: str) -> HttpResponse:
    context = {"reason": reason, "back_url": dossier_url(dossier.id)}
    if conflicts.held_back(request.officer.user_id, dossier, timezone.now()):
        context["conflict_url"] = reverse("dossiers:conflict", args=[dossier.id])
    return show(request, "dossiers/not_allowed.html", context, status=403)


def stale(request: StaffRequest, name: str, form: ActForm) -> HttpResponse:
    """409: what changed meanwhile, and the form with all that was typed, ready to be sent again.

    Where the act is over, what was typed is shown to be copied.
    """
    fresh = dossier_for(request.officer, form.dossier.id, guests=True)
    reason = objection(name, request.officer, fresh, form.at)
    changes = changes_since(fresh, form.cleaned_data["seen"], request.officer)
    if reason:
        context = {
            "reason": reason,
            "back_url": dossier_url(fresh.id),
            "typed": typed(form),
            "changes": changes,
        }
        return show(request, "dossiers/not_allowed.html", context, status=409)
    data = request.POST.copy()
    data["seen"] = str(fresh.revision)
    again = ACT_FORMS[name](data, dossier=fresh, officer=request.officer, at=form.at)
    again.is_valid()
    return show_form(request, name, again, status=409, changes=changes)


def changes_since(dossier: Dossier, seen: int, officer: Officer) -> list[dict[str, Any]]:
    """The events that came after the revision `seen`, in words; for a guest those that the bodies share."""
    events = [event for event in Event.objects.about(dossier.id) if event.facts.get("revision", 1) > seen]
    if is_guest(officer, dossier):
        events = [event for event in events if event.act in SHARED_ACTS]
    return [{"at": event.at, "what": words.happened(event.act, event.facts)} for event in events]


def typed(form: ActForm) -> list[tuple[str, str]]:
    """Label and text of what was typed, to be copied when the act is no longer possible."""
    return [
        (str(field.label), str(field.data))
        for field in form
        if not field.is_hidden and field.data and isinstance(field.data, str)
    ]


def kept_files(request: StaffRequest, name: str, form: ActForm) -> list[UUID]:
    """Keeps what was uploaded before the act, outside its transaction. The same file sent twice is one.

    Of somebody without the role nothing is kept; the act then says why not.
    """
    if not has_role(name, request.officer, form.dossier):
        return []
    return [kept_file(request, uploaded, form.at) for uploaded in form.uploads()]


def kept_file(request: StaffRequest, uploaded: UploadedFile[bytes], at: datetime) -> UUID:
    stored = store_upload(uploaded, by=request.user, at=at)
    same = StoredFile.objects.filter(sha256=stored.sha256, stored_by=request.user, name=stored.name)
    return same.order_by("stored_at", "pk").values_list("pk", flat=True)[0]
