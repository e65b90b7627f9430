"""Register and accept at once, or register only (tiếp nhận hồ sơ)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Model
from django.utils.translation import gettext as _

from gandan.accounts.secrets import blind_index, seal
from gandan.calculus.canonical import Json, canonical_json
from gandan.calculus.folding import fold
from gandan.calculus.rules import VIETNAM, Reading
from gandan.catalogue.models import ProcedureCase, ProcedureVersion
from gandan.catalogue.queries import open_version, sheet_of
from gandan.documents.models import StoredFile
from gandan.dossiers import clock, conflicts, desks, numbers, tracking
from gandan.dossiers.actions.doing import add_deadline, open_step
from gandan.dossiers.errors import NotAllowed, TiedToParty, Unacceptable
from gandan.dossiers.evidence import content_hash, party_content
from gandan.dossiers.intake import FeeInput, IntakeInput, PaperInput, PartyInput
from gandan.dossiers.models import (
    Answer,
    Contact,
    Desk,
    Dossier,
    DossierFee,
    DossierFile,
    DossierPaper,
    FileUse,
    Party,
    State,
)
from gandan.dossiers.permissions import taken_in_for
from gandan.ledger import actions as ledger
from gandan.ledger import rows
from gandan.ledger.ids import new_id
from gandan.organization.models import Role, Unit
from gandan.organization.permissions import Officer

Scans = Mapping[UUID, str]


def take_in(
    *,
    officer: Officer,
    unit: Unit,
    intake: IntakeInput,
    request_id: UUID,
    at: datetime,
    accept: bool = True,
    recorded_at: datetime | None = None,
) -> Dossier:
    """Takes a dossier in at `unit` (hồ sơ đầy đủ, hợp lệ): code, register number, due moment, evidence — or nothing.

    `accept=False` only registers it (online, by post): the officer still has to answer within 08 working hours.
    A repeat of `request_id` with the same content returns the first dossier.
    Raises NotAllowed, Unacceptable, and the ledger's RequestConflict. Source: 118/2025/NĐ-CP art. 17.
    """
    content = {"unit": unit.id, "accept": int(accept), **intake.content()}
    name = "accept" if accept else "register"
    with ledger.act(
        name=name,
        actor=officer.code,
        at=at,
        request_id=request_id,
        content=content,
        recorded_at=recorded_at,
        subject_id=new_id(),
    ) as evidence:
        dossier_id = UUID(str(evidence.outcome["subject"]))
        if evidence.repeated:
            return Dossier.objects.get(pk=dossier_id)
        if Role.COUNTER_OFFICER not in officer.roles_in(unit.commune_code):
            raise NotAllowed(_("Only a counter officer of this commune takes dossiers in."))
        version, case = procedure_of(intake, at)
        if accept:
            check_papers(intake)
        reading = first_reading(case, unit, at)
        dossier = draft(dossier_id, unit, intake, case, version, at=at, reading=reading if accept else None)
        if accept:
            keep_apart(officer, dossier, at)
        scans = save_new(dossier, intake, reading if accept else None)
        body = opening_facts(dossier, version, case, intake, scans) | taken_in_for(officer, unit)
        evidence.append(
            chain=dossier.commune_id, act=name, subject_kind="dossier", subject_id=dossier.id, body=body
        )
    return dossier


def keep_apart(officer: Officer, dossier: Dossier, at: datetime) -> None:
    """Who is tied to the person registers at most; whether all is complete a colleague judges. No query."""
    found = conflicts.conflict_with_new(officer.user_id, dossier, at)
    if found is not None and found.blocks:
        raise TiedToParty(conflicts.told_at_intake(found))


def procedure_of(intake: IntakeInput, at: datetime) -> tuple[ProcedureVersion, ProcedureCase]:
    """The version and the case that were chosen; refused when they do not belong together, or not to that moment."""
    version = open_version(intake.version_id, at)
    cases = sheet_of(version).cases if version else ()
    case = next((case for case in cases if case.name == intake.case_name), None)
    if version is None or case is None:
        raise Unacceptable(
            _("Choose the procedure from the list: this one is not in our catalogue."), field="procedure"
        )
    if version.guide_only:
        raise Unacceptable(
            _(
                "Our catalogue holds no usable time limit or papers for this procedure. Guide the person, and take the dossier in on the official system."
            ),
            field="procedure",
        )
    return version, case


def check_papers(intake: IntakeInput) -> None:
    """A dossier is accepted complete or not at all; what the State holds is not asked again without a reason."""
    missing = intake.missing()
    if missing:
        names = "; ".join(paper.name for paper in missing)
        raise Unacceptable(
            _(
                "These papers are missing: %(names)s. Print the guidance slip for the person; nothing that you typed is lost."
            )
            % {"names": names},
            field="papers",
        )


def first_reading(case: ProcedureCase, unit: Unit, at: datetime) -> Reading:
    reading = clock.first_reading(case, desks.calendar_on(unit, at), at)
    if reading is None:
        raise Unacceptable(
            case.why_no_rule or _("This case has no time limit in our catalogue."), field="case"
        )
    return reading


def draft(
    dossier_id: UUID,
    unit: Unit,
    intake: IntakeInput,
    case: ProcedureCase,
    version: ProcedureVersion,
    *,
    at: datetime,
    reading: Reading | None,
) -> Dossier:
    """A new dossier with its numbers taken and its parties made, not yet saved; accepted if there is a reading."""
    local = at.astimezone(VIETNAM)
    number, register = numbers.next_numbers(
        [numbers.day_scope(unit, local.date()), numbers.register_scope(unit.commune_code, local.year)]
    )
    desk, role, act_by = desks.opening(unit, reading, at)
    return Dossier(
        id=dossier_id,
        code=numbers.format_code(unit, local.date(), number),
        official_code=intake.official_code or None,
        commune_id=unit.commune_code,
        unit_received=unit,
        unit_competent=unit,
        version=version,
        case=case,
        answers=canonical_json(dict(intake.answers)),
        owner=make_party(intake.owner),
        agent=make_party(intake.agent) if intake.agent else None,
        channel=intake.channel,
        return_way=intake.return_way,
        sets=intake.sets,
        needs_interpreter=intake.needs_interpreter,
        needs_reading_help=intake.needs_reading_help,
        register_year=local.year,
        register_number=register,
        step_number=1,
        reading_number=1 if reading else 0,
        state=State.ACCEPTED if reading else State.REGISTERED,
        desk=desk,
        desk_unit=unit,
        desk_role=role,
        act_by=act_by,
        first_contact_at=first_contact(intake, unit, at),
        registered_at=at,
        accepted_at=at if reading else None,
        due_at=reading.due if reading else None,
        base_due_at=reading.index.base_due if reading else None,
        changed_at=at,
        tracking_hash=tracking.hash_of(tracking.secret_of(dossier_id)),
        salt=ledger.new_salt(),
    )


def save_new(dossier: Dossier, intake: IntakeInput, reading: Reading | None) -> Scans:
    """Writes the rows of a drafted dossier: parties, dossier, papers, files, fees, first step, first reading.

    Returns the SHA-256 of each scan, for the event.
    """
    at = dossier.registered_at
    scans = scans_of(intake.papers)
    rows.insert([party for party in (dossier.owner, dossier.agent) if party])
    insert_dossier(dossier)
    papers = insert_papers(dossier, intake.papers)
    insert_files(dossier, papers, intake.papers, at)
    insert_fees(dossier, intake.fees, at)
    if dossier.desk != Desk.CLOSED:
        open_step(
            dossier,
            Desk(dossier.desk),
            number=1,
            unit=dossier.desk_unit,
            role=dossier.desk_role,
            assignee=None,
            at=at,
            act_by=dossier.act_by,
        )
    if reading:
        add_deadline(dossier, reading, number=1, act="accept", at=at)
    if intake.contact_slip:
        Contact.objects.filter(slip_code=intake.contact_slip, dossier__isnull=True).update(dossier=dossier)
    return scans


def insert_dossier(dossier: Dossier) -> None:
    """Inserts the row; refused if another dossier took the same official code meanwhile."""
    try:
        rows.insert([dossier])
    except IntegrityError as error:
        if dossier.official_code is None:
            raise
        raise Unacceptable(
            _("Another dossier already bears this official code. Check it, or leave it empty."),
            field="official_code",
        ) from error


def first_contact(intake: IntakeInput, unit: Unit, at: datetime) -> datetime:
    """When the person first came for this matter: the linked guidance slip, what the form says, or now."""
    if intake.contact_slip:
        contact = Contact.objects.filter(slip_code=intake.contact_slip, commune_id=unit.commune_id).first()
        if contact is None:
            raise Unacceptable(
                _("There is no guidance slip with this number here. Check it, or leave it empty."),
                field="contact_slip",
            )
        return min(contact.at, at)
    return min(intake.first_contact_at or at, at)


def make_party(given: PartyInput) -> Party:
    """The row of a person or body, not yet saved; the identity number is sealed at once."""
    number = "".join(given.identity_number.split())
    return Party(
        kind=given.kind,
        name=given.name,
        folded_name=fold(given.name),
        birth_date=given.birth_date,
        birth_year=given.birth_date.year if given.birth_date else given.birth_year,
        sex=given.sex,
        address=given.address,
        phone=given.phone,
        email=given.email,
        identity_kind=given.identity_kind,
        identity_sealed=seal(number, "identity") if number else "",
        identity_index=blind_index(number, "identity") if number else "",
    )


def insert_papers(dossier: Dossier, papers: Sequence[PaperInput]) -> list[DossierPaper]:
    made = [
        DossierPaper(
            dossier=dossier,
            position=position,
            key=paper.key,
            name=paper.name,
            answer=paper.answer,
            originals=paper.originals,
            certified=paper.certified,
            copies=paper.copies,
            data_source=paper.data_source,
            reason=paper.reason,
        )
        for position, paper in enumerate(papers, start=1)
    ]
    insert_all(made)
    return made


def scans_of(papers: Sequence[PaperInput]) -> Scans:
    """The SHA-256 of every scan by its id; refused if one is not on the disk. No query without scans."""
    wanted = {file_id for paper in papers for file_id in paper.files}
    if not wanted:
        return {}
    known = dict(StoredFile.objects.filter(pk__in=wanted).values_list("pk", "sha256"))
    if len(known) < len(wanted):
        raise Unacceptable(
            _("A scan did not arrive whole. Attach it again; the other fields are kept."), field="papers"
        )
    return known


def insert_files(
    dossier: Dossier, lines: Sequence[DossierPaper], papers: Sequence[PaperInput], at: datetime
) -> None:
    files = [
        DossierFile(dossier=dossier, paper=row, file_id=file_id, use=FileUse.HANDED_IN, added_at=at)
        for row, paper in zip(lines, papers, strict=True)
        for file_id in paper.files
    ]
    insert_all(files)


def insert_fees(dossier: Dossier, fees: Sequence[FeeInput], at: datetime) -> None:
    made = [
        DossierFee(
            dossier=dossier,
            position=position,
            key=fee.key,
            label=fee.label,
            amount=fee.amount,
            quantity=fee.quantity,
            paid_at=at if fee.paid else None,
        )
        for position, fee in enumerate(fees, start=1)
    ]
    insert_all(made)


def insert_all(made: Sequence[Model]) -> None:
    """However many rows there are: in one statement as a rule."""
    for start in range(0, len(made), rows.MOST):
        rows.insert(made[start : start + rows.MOST])


def opening_facts(
    dossier: Dossier, version: ProcedureVersion, case: ProcedureCase, intake: IntakeInput, scans: Scans
) -> dict[str, Json]:
    """The body of the first event: all that indices need, and the salted hash of who handed in what."""
    facts: dict[str, Json] = {
        "state": int(dossier.state),
        "desk": str(dossier.desk),
        "procedure": version.procedure.code,
        "version": version.number,
        "case": case.name,
        "channel": str(dossier.channel),
        "lane": str(dossier.lane),
        "unit_received": dossier.unit_received.code,
        "unit_competent": dossier.unit_competent.code,
        "register": dossier.register_number,
        "first_contact_at": dossier.first_contact_at,
        "papers": len(intake.papers),
        "from_database": sum(paper.answer == Answer.FROM_DATABASE for paper in intake.papers),
        "files": sum(len(paper.files) for paper in intake.papers),
        "content_hash": content_hash(dossier, intake_content(dossier, intake, scans)),
    }
    if dossier.state == State.REGISTERED and dossier.act_by:
        facts |= {
            "alert_by": desks.alert_by(dossier.unit_received, dossier.registered_at),
            "answer_by": dossier.act_by,
        }
    if dossier.due_at and dossier.base_due_at:
        facts |= {"due_at": dossier.due_at, "base_due_at": dossier.base_due_at}
    return facts


def intake_content(dossier: Dossier, intake: IntakeInput, scans: Scans) -> dict[str, object]:
    """The legal content that the event vouches for: due moment, parties, answers, papers and files."""
    return {
        "code": dossier.code,
        "due_at": dossier.due_at,
        "owner": party_content(dossier.owner),
        "agent": party_content(dossier.agent) if dossier.agent else None,
        "answers": dict(intake.answers),
        "fees": [[fee.key, fee.amount, fee.quantity] for fee in intake.fees],
        "result": dossier.result_number,
        "papers": [
            [paper.key, str(paper.answer), *(scans[file_id] for file_id in paper.files)]
            for paper in intake.papers
        ],
    }
