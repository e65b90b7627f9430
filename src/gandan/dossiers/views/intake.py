"""Intake (tiếp nhận): one page, one form, one URL; every step works as a plain POST that keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gandan.accounts.actions import record_look
from gandan.accounts.secrets import SecretError, open_sealed
from gandan.calculus.errors import YearWithoutCalendar
from gandan.catalogue import queries as catalogue
from gandan.documents.errors import FileRefused
from gandan.documents.kinds import ACCEPT
from gandan.dossiers.actions import guide, settle, take_in
from gandan.dossiers.errors import NotAllowed, TiedToParty, Unacceptable
from gandan.dossiers.forms import scanner, scans
from gandan.dossiers.forms.intake import IntakeSheet, no_calendar
from gandan.dossiers.guidance import guidance_pdf, slip_for
from gandan.dossiers.models import Channel, Contact, Dossier, Lane, Party, ReturnWay
from gandan.dossiers.permissions import dossier_for, sees_contact_details
from gandan.dossiers.views.acts import NOBODY, address_of
from gandan.dossiers.views.door import StaffRequest, show, staff_page
from gandan.ledger.errors import RequestConflict
from gandan.ledger.models import Request
from gandan.organization.models import Role, Unit
from gandan.organization.queries import unit_of
from gandan.ui.drafts import forget_draft

REMEMBERED = "gandan_intake"  # the last channel and way of return, chosen by this officer on this machine
FINDS = 8
FINAL = ("accept", "register", "settle", "guide")


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: StaffRequest) -> HttpResponseBase:
    """The intake: shows the form, follows the typing, and takes the dossier in."""
    unit = counter_of(request)
    if request.method != "POST":
        return form_page(request, opened(request, unit))
    data = request.POST.copy()
    refusals = keep_uploads(request, data)
    going = read_scans(request, data)
    if isinstance(going, HttpResponseBase):
        return going
    sheet = IntakeSheet(data, unit=unit, user=request.user, at=timezone.now())
    for key, message in refusals:
        sheet.refuse_file(key, message)
    for field, message in going:
        sheet.matter.add_error(field, message)
    step = data.get("step", "")
    if step in FINAL and not going and not refusals:
        return STEPS[step](request, sheet)
    return form_page(request, sheet)


def counter_of(request: StaffRequest) -> Unit:
    """The unit at whose counter this officer sits today; NotAllowed for everybody else. Warm, no query."""
    units = sorted(d.unit_id for d in request.officer.held if d.role == Role.COUNTER_OFFICER)
    if not units:
        raise NotAllowed(_("Taking in is the work of the counter officer of the one-stop centre."))
    chosen = request.POST.get("unit", "")
    unit_id = next((one for one in units if str(one) == chosen), units[0])
    return unit_of(unit_id)


def counters_of(request: StaffRequest) -> list[Unit]:
    """The counters to choose from, for an officer who serves several today; no query for everybody else."""
    units = {duty.unit_id for duty in request.officer.held if duty.role == Role.COUNTER_OFFICER}
    return list(Unit.objects.filter(pk__in=units).order_by("code")) if len(units) > 1 else []


def opened(request: StaffRequest, unit: Unit) -> IntakeSheet:
    """A fresh sheet; with ?cung-nguoi=<dossier> the same person's next matter; with ?thu-tuc=<code> its matter."""
    data = QueryDict(mutable=True)
    channel, _dot, way = request.COOKIES.get(REMEMBERED, "").partition(".")
    if channel in Channel.values and way in ReturnWay.values:
        data["channel"], data["return_way"] = channel, way
    data["procedure"] = request.GET.get("thu-tuc", "")
    same = request.GET.get("cung-nguoi", "")
    if same:
        put_person(request, data, same)
    return IntakeSheet(data, unit=unit, user=request.user, at=timezone.now())


def put_person(request: StaffRequest, data: QueryDict, dossier_id: str) -> None:
    """Copies the owner of a dossier into the boxes; whoever does so has looked at that dossier."""
    try:
        dossier = dossier_for(request.officer, UUID(dossier_id))
    except ValueError:
        return
    if not sees_contact_details(request.officer, dossier):
        raise NotAllowed(_("Only the one-stop sees how to reach a person."))
    record_look(
        user=request.user, subject_kind="dossier", subject_id=dossier.id, page="intake", at=timezone.now()
    )
    owner = dossier.owner
    for name, value in person_values(owner).items():
        data[f"owner-{name}"] = value


def person_values(party: Party) -> dict[str, str]:
    born = f"{party.birth_date:%d/%m/%Y}" if party.birth_date else str(party.birth_year or "")
    return {
        "kind": str(party.kind),
        "number": number_of(party),
        "name": party.name,
        "born": born,
        "sex": party.sex,
        "address": party.address,
        "phone": party.phone,
        "email": party.email,
    }


def number_of(party: Party) -> str:
    """The identity number in clear; '' where the key that opens it is not here: it is typed once more."""
    try:
        return open_sealed(party.identity_sealed, "identity") if party.identity_sealed else ""
    except SecretError:
        return ""


# ---- what a POST brings ------------------------------------------------------------------------------------


def keep_uploads(request: StaffRequest, data: QueryDict) -> list[tuple[str, str]]:
    """Stores files that came with the form itself (no script), and drops those the officer took away."""
    refusals = []
    for field, uploads in request.FILES.lists():
        key = field.removeprefix("p-").removesuffix("-upload")
        for uploaded in uploads:
            try:
                scan = scans.keep(uploaded, user=request.user, at=timezone.now())
            except FileRefused as error:
                refusals.append((key, f"{uploaded.name}: {error.message}"))
            else:
                data.appendlist(f"p-{key}-files", scan.token)
    dropped = data.get("drop", "")
    if dropped:
        for field in [name for name in data if name.endswith("-files")]:
            data.setlist(field, [token for token in data.getlist(field) if token != dropped])
    return refusals


def read_scans(request: StaffRequest, data: QueryDict) -> HttpResponseBase | list[tuple[str, str]]:
    """Reads the scanner's fields into the boxes; a dossier's code opens that dossier. Else what was not read."""
    problems = []
    today = timezone.localdate()
    agent = data.pop("agent_scan", [""])[-1].strip()
    if agent:
        message = scanner.take_card(data, agent, prefix="agent", today=today)
        problems += [("scan", message)] if message else []
    text = data.get("scan", "").strip()
    if not text:
        return problems
    dossier_id = scanner.dossier_of_code(request.officer, text)
    if dossier_id:
        return HttpResponseRedirect(reverse("dossiers:dossier", args=[dossier_id]))
    if not scanner.take_slip(data, text, request.officer):
        message = scanner.take_card(data, text, prefix="owner", today=today)
        if message:
            return [*problems, ("scan", message if "|" in text else scanner.not_read())]
    data["scan"] = ""
    return problems


# ---- the last steps ----------------------------------------------------------------------------------------


def do_take_in(request: StaffRequest, sheet: IntakeSheet, *, step: str) -> HttpResponseBase:
    """Accepts, registers or settles; a missing paper makes the guidance slip instead."""
    sheet.require_all()
    if sheet.version and sheet.version.guide_only:
        sheet.refuse("procedure", sheet.version.why_guide_only)
    if sheet.problems:
        return form_page(request, sheet)
    if sheet.missing and step != "register":
        return do_guide(request, sheet)
    if is_official_code_taken(sheet):
        return form_page(request, sheet)
    try:
        dossier = ACTS[step](request, sheet)
    except Unacceptable as error:
        sheet.refuse(error.field, str(error))
        sheet.is_tied = isinstance(error, TiedToParty)
    except YearWithoutCalendar as error:
        sheet.refuse("", no_calendar(error))
    except RequestConflict:
        return form_page(request, sheet, status=409)
    else:
        return finished(request, sheet, dossier)
    return form_page(request, sheet)


def accept(request: StaffRequest, sheet: IntakeSheet) -> Dossier:
    return take_in.take_in(
        officer=request.officer,
        unit=sheet.unit,
        intake=sheet.intake(),
        request_id=sheet.request_id,
        at=sheet.at,
    )


def register(request: StaffRequest, sheet: IntakeSheet) -> Dossier:
    return take_in.take_in(
        officer=request.officer,
        unit=sheet.unit,
        intake=sheet.intake(),
        request_id=sheet.request_id,
        at=sheet.at,
        accept=False,
    )


def settle_now(request: StaffRequest, sheet: IntakeSheet) -> Dossier:
    return settle.settle(
        officer=request.officer,
        unit=sheet.unit,
        intake=sheet.intake(),
        request_id=sheet.request_id,
        at=sheet.at,
    )


ACTS: dict[str, Callable[[StaffRequest, IntakeSheet], Dossier]] = {
    "accept": accept,
    "register": register,
    "settle": settle_now,
}


def do_guide(request: StaffRequest, sheet: IntakeSheet) -> HttpResponseBase:
    """One complete guidance (118/2025/NĐ-CP art. 16.3): its slip is printed, what was typed stays."""
    if sheet.version is None or (sheet.missing and (sheet.unanswered or sheet.deciding)):
        # Complete at once or not at all: each paper was looked at before one is said to be missing.
        sheet.require_matter()
        return form_page(request, sheet)
    slip = guide.contact(
        officer=request.officer,
        unit=sheet.unit,
        request_id=sheet.guidance_id(),
        at=sheet.at,
        version=sheet.version,
        missing=sheet.missing_papers(),
        answers=sheet.stored_answers(),
        guide=True,
    )
    if not sheet.data.get("contact_slip"):
        # The first slip counts: it tells when the person first came.
        sheet.data["contact_slip"] = slip.slip_code
    sheet = IntakeSheet(sheet.data, unit=sheet.unit, user=sheet.user, at=sheet.at)
    return form_page(request, sheet, slip=slip)


STEPS: dict[str, Callable[[StaffRequest, IntakeSheet], HttpResponseBase]] = {
    "accept": lambda request, sheet: do_take_in(request, sheet, step="accept"),
    "register": lambda request, sheet: do_take_in(request, sheet, step="register"),
    "settle": lambda request, sheet: do_take_in(request, sheet, step="settle"),
    "guide": do_guide,
}


def is_official_code_taken(sheet: IntakeSheet) -> bool:
    """True, with the sentence beside the field, when another dossier bears this official code."""
    code = sheet.matter.cleaned_data["official_code"]
    holder = Dossier.objects.filter(official_code=code).values_list("pk", flat=True).first() if code else None
    if holder is None or Request.objects.filter(pk=sheet.request_id, subject_id=holder).exists():
        return False
    sheet.matter.add_error("official_code", _("Another dossier here already bears this code."))
    return True


def finished(request: StaffRequest, sheet: IntakeSheet, dossier: Dossier) -> HttpResponse:
    """On to the page of what was made; channel and way of return are remembered for the next person."""
    url = address_of("dossiers:intake_done").replace(str(NOBODY), str(dossier.pk))
    response = HttpResponseRedirect(f"{url}?in=1" if sheet.data.get("print") else url)
    response.set_cookie(
        REMEMBERED,
        f"{dossier.channel}.{dossier.return_way}",
        max_age=settings.SESSION_COOKIE_AGE,
        path=intake_address(),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    forget_draft(response, draft_key(request))
    return response


@cache
def intake_address() -> str:
    return reverse("dossiers:intake")


def draft_key(request: StaffRequest) -> str:
    """One draft an officer: who signs in next in the same tab sees nothing of it."""
    return f"intake-{request.user.code}"


# ---- pages -------------------------------------------------------------------------------------------------


def form_page(
    request: StaffRequest, sheet: IntakeSheet, *, slip: Contact | None = None, status: int = 200
) -> HttpResponse:
    """The whole page, or only its form for a script that follows the typing."""
    made = made_by(request, sheet)
    found = finds(sheet)
    context = {
        "sheet": sheet,
        "draft_key": draft_key(request),
        "accept": ACCEPT,
        "slip": slip,
        "counters": counters_of(request),
        "made": made,
        "found": found,
        "text": sheet.data.get("find", ""),
        "show_problems": request.headers.get("HX-Request") != "true",
        "keep": request.method == "POST" or "cung-nguoi" in request.GET or "thu-tuc" in request.GET,
    }
    if request.headers.get("HX-Request") == "true":
        return render(request, "dossiers/_intake_form.html", context, status=status)
    return show(request, "dossiers/intake.html", context, status=status)


def made_by(request: StaffRequest, sheet: IntakeSheet) -> Dossier | None:
    """The dossier that this very form has made already (back button, lost answer), if the officer may see it."""
    if request.method != "POST":
        return None
    used = Request.objects.filter(pk=sheet.request_id, subject_id__isnull=False).first()
    if used is None or used.act not in ("accept", "register", "settle"):
        return None
    return dossier_for(request.officer, UUID(str(used.subject_id)))


def finds(sheet: IntakeSheet) -> list[catalogue.Found]:
    """Procedures for the letters typed, while none is chosen (for pages without script)."""
    text = sheet.data.get("find", "").strip()
    if not text or sheet.version:
        return []
    return catalogue.search(text, FINDS, sheet.unit.commune)


@staff_page
@require_POST
def upload(request: StaffRequest) -> HttpResponse:
    """Takes scans while the officer goes on; answers with one chip a file, or the reason in plain words (422)."""
    counter_of(request)
    key = request.POST.get("key", "")[:80]
    kept = []
    for uploaded in request.FILES.getlist("file"):
        try:
            kept.append(scans.keep(uploaded, user=request.user, at=timezone.now()))
        except FileRefused as error:
            return HttpResponse(f"{uploaded.name}: {error.message}", status=422, content_type="text/plain")
    return render(request, "dossiers/_intake_scans.html", {"key": key, "scans": kept})


@staff_page
@require_safe
def done(request: StaffRequest, dossier_id: UUID) -> HttpResponse:
    """What was made: code, date, receipt, and the next person with one key."""
    dossier = dossier_for(request.officer, dossier_id)
    record_look(
        user=request.user, subject_kind="dossier", subject_id=dossier.id, page="intake", at=timezone.now()
    )
    fees = list(dossier.fees.order_by("position"))
    context = {
        "dossier": dossier,
        "fees": fees,
        "is_immediate": dossier.lane == Lane.IMMEDIATE,
        "prints": request.GET.get("in") == "1",
        "receipt": receipt_kind(dossier),
        "total": None if any(fee.amount is None for fee in fees) else sum(fee.amount or 0 for fee in fees),
    }
    return show(request, "dossiers/intake_done.html", context)


@staff_page
@require_safe
def guidance(request: StaffRequest, contact_id: UUID) -> HttpResponse:
    """The guidance slip as PDF, for the officers of the ward that gave it."""
    slip = slip_for(request.officer, contact_id)
    name = f"huong-dan-{slip.slip_code}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(guidance_pdf(slip), content_type="application/pdf", headers=headers)


def receipt_kind(dossier: Dossier) -> str:
    """The word in the address of the paper to hand over; '' while the dossier is only registered."""
    if dossier.lane == Lane.IMMEDIATE:
        return "chung-thuc"
    return "giay-hen" if dossier.accepted_at else ""
