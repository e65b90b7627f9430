"""Acts: declare, withdraw, report a conflict of interest, decide on it, notify the decision.

Events bear codes and salted hashes only; who is related to whom stands in no event, log or address.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.accounts.identity import clean_name, compact
from gandan.accounts.models import User
from gandan.accounts.secrets import seal
from gandan.calculus.canonical import Json
from gandan.calculus.rules import VIETNAM
from gandan.law import cache
from gandan.ledger import actions as ledger
from gandan.organization.errors import Refused
from gandan.organization.integrity import terms
from gandan.organization.integrity.errors import AlreadyDecided, NoSuchRecord
from gandan.organization.integrity.models import PEOPLE, ConflictReport, Declaration, Measure, Tie
from gandan.organization.integrity.queries import SUBJECT, context_of, decides_in, index_of, reports_for
from gandan.organization.models import Duty
from gandan.organization.permissions import Officer

CELL = "cell"
LONGEST_WORDS = 2000
LONGEST_NAME = 200


def chain_of(officer: Officer) -> str:
    """The chain that an act of this officer about themselves is written to."""
    return min(officer.communes, default=CELL)


def declare(
    *, officer: Officer, tie: Tie, name: str, number: str, since: date, request_id: UUID, at: datetime
) -> Declaration:
    """Declares a relative by identity number, or an enterprise or body by tax code (kê khai).

    `number` was cleaned by the form. Raises Refused for a tie that is declared already.
    """
    name, number = clean_name(name), compact(number)
    asked = {"tie": str(tie), "name": name, "number": number, "since": since}
    with ledger.act(
        name="declare-interest", actor=officer.code, at=at, request_id=request_id, content=asked
    ) as evidence:
        if evidence.repeated:
            return Declaration.objects.get(pk=UUID(str(evidence.outcome["declaration"])))
        check_declaration(officer, tie, name, number, since, at)
        row = sealed_declaration(officer, tie, name, number, since, at)
        row.save(force_insert=True)
        cache.changed(SUBJECT)
        record(evidence, chain_of(officer), "declare-interest", row, kind_facts(tie), asked)
        evidence.done(declaration=str(row.pk))
    return row


def check_declaration(officer: Officer, tie: Tie, name: str, number: str, since: date, at: datetime) -> None:
    if not name or len(name) > LONGEST_NAME:
        raise Refused(_("Write the name, at most 200 characters."), field="name")
    if not number:
        raise Refused(_("Without a number no dossier can be compared."), field="number")
    if since > on_day(at):
        raise Refused(_("The first day may not lie in the future."), field="since")
    held = Declaration.objects.filter(user_id=officer.user_id, until=None)
    if held.filter(tie=tie, number_index=index_of(number)).exists():
        raise Refused(_("You declared this already; it is in the list."), field="number")


def sealed_declaration(
    officer: Officer, tie: Tie, name: str, number: str, since: date, at: datetime
) -> Declaration:
    row = Declaration(
        user_id=officer.user_id,
        tie=tie,
        number_index=index_of(number),
        since=since,
        declared_at=at,
        salt=ledger.new_salt(),
    )
    row.name_sealed = seal(name, context_of(row, "name"))
    row.number_sealed = seal(number, context_of(row, "number"))
    return row


def kind_facts(tie: Tie) -> dict[str, Json]:
    return {"kind": "person" if tie in PEOPLE else "body"}


def withdraw_declaration(
    *, officer: Officer, declaration_id: UUID, until: date, request_id: UUID, at: datetime
) -> Declaration:
    """Ends one's own declaration on a day (thôi kê khai); the row stays, and counts for what was running."""
    asked = {"declaration": declaration_id, "until": until}
    with ledger.act(
        name="withdraw-interest", actor=officer.code, at=at, request_id=request_id, content=asked
    ) as evidence:
        own = Declaration.objects.select_for_update().filter(pk=declaration_id, user_id=officer.user_id)
        row = own.first()
        if row is None:
            raise NoSuchRecord(_("There is no such declaration of yours."))
        if evidence.repeated:
            return row
        if row.until is not None:
            raise Refused(_("This declaration has ended already."))
        if not row.since <= until <= on_day(at):
            raise Refused(_("The last day lies between the first day and today."), field="until")
        row.until, row.withdrawn_at = until, at
        row.save(update_fields=["until", "withdrawn_at"])
        cache.changed(SUBJECT)
        record(evidence, chain_of(officer), "withdraw-interest", row, kind_facts(Tie(row.tie)), asked)
    return row


# ---- reports -----------------------------------------------------------------------------------------------


def report_conflict(
    *,
    officer: Officer,
    commune: str,
    concerned: User,
    case: int,
    known_at: datetime,
    situation: str,
    effect: str,
    proposal: Measure,
    request_id: UUID,
    at: datetime,
    dossier_id: UUID | None = None,
) -> ConflictReport:
    """Reports a conflict of interest, one's own or one that was detected (báo cáo; NĐ 59/2019/NĐ-CP art. 30).

    Due 05 working days after it became known; later it is taken all the same, and the event says so.
    """
    situation, effect = words(situation, "situation"), words(effect, "effect")
    asked = {
        "commune": commune,
        "concerned": concerned.code,
        "case": case,
        "known_at": known_at,
        "situation": situation,
        "effect": effect,
        "proposal": str(proposal),
        "dossier": dossier_id,
    }
    with ledger.act(
        name="report-conflict", actor=officer.code, at=at, request_id=request_id, content=asked
    ) as evidence:
        if evidence.repeated:
            return ConflictReport.objects.get(pk=UUID(str(evidence.outcome["report"])))
        check_report(officer, commune, concerned, known_at, at)
        row = ConflictReport(
            commune_id=commune,
            concerned=concerned,
            reporter_id=officer.user_id,
            case=case,
            subject_kind="dossier" if dossier_id else "",
            subject_id=dossier_id,
            known_at=known_at,
            proposal=proposal,
            reported_at=at,
            salt=ledger.new_salt(),
        )
        row.situation_sealed = seal(situation, context_of(row, "situation"))
        row.effect_sealed = seal(effect, context_of(row, "effect"))
        report = terms.term("xdli.report", commune, known_at)
        decide = terms.term("xdli.decide", commune, at)
        row.report_by, row.decide_by = report.due, decide.due
        row.readings = terms.kept({"report": report, "decide": decide})
        row.save(force_insert=True)
        facts: dict[str, Json] = {
            "case": case,
            "own": int(concerned.pk == officer.user_id),
            "about_dossier": int(dossier_id is not None),
            "proposal": str(proposal),
            "known_at": known_at,
            **late_fact(row.report_by, at),
        }
        record(evidence, commune, "report-conflict", row, facts, asked)
        evidence.done(report=str(row.pk))
    return row


def check_report(officer: Officer, commune: str, concerned: User, known_at: datetime, at: datetime) -> None:
    if commune not in officer.communes:
        raise NoSuchRecord(_("You report in a ward or commune where you work."))
    if known_at > at:
        raise Refused(_("This moment lies in the future."), field="known_at")
    if not Duty.objects.held_on(on_day(at)).filter(user=concerned, unit__commune_id=commune).exists():
        raise Refused(_("This officer holds no duty here today."), field="concerned")


def decide_conflict(
    *,
    officer: Officer,
    report_id: UUID,
    measure: Measure,
    basis: str,
    request_id: UUID,
    at: datetime,
    supervisor: User | None = None,
    starts: date | None = None,
    ends: date | None = None,
) -> ConflictReport:
    """The head decides on a report, with the measure and its basis (NĐ 59/2019/NĐ-CP arts. 31-34); once."""
    basis = words(basis, "basis")
    asked = {
        "report": report_id,
        "measure": str(measure),
        "basis": basis,
        "supervisor": supervisor.code if supervisor else "",
        "starts": starts,
        "ends": ends,
    }
    with ledger.act(
        name="decide-conflict", actor=officer.code, at=at, request_id=request_id, content=asked
    ) as evidence:
        row = to_decide(officer, report_id)
        if evidence.repeated:
            return row
        check_decision(row, measure, supervisor, starts, ends)
        notify = terms.term("xdli.notify", row.commune_id, at)
        readings = terms.kept({"notify": notify}, onto=row.readings)
        changed = ConflictReport.objects.filter(pk=row.pk, decided_at=None).update(
            measure=measure,
            basis_sealed=seal(basis, context_of(row, "basis")),
            supervisor=supervisor if measure == Measure.SUPERVISE else None,
            measure_from=starts or on_day(at),
            measure_until=ends,
            decided_by_id=officer.user_id,
            decided_at=at,
            notify_by=notify.due,
            readings=readings,
        )
        if changed != 1:
            raise AlreadyDecided(_("Somebody else decided on this report a moment ago."))
        cache.changed(SUBJECT)
        facts: dict[str, Json] = {"measure": str(measure), **late_fact(row.decide_by, at)}
        record(evidence, row.commune_id, "decide-conflict", row, facts, asked)
    row.refresh_from_db()
    return row


def to_decide(officer: Officer, report_id: UUID) -> ConflictReport:
    """The report, if this officer is one who decides on it; else the answer of "none such"."""
    row = reports_for(officer).filter(pk=report_id, commune_id__in=decides_in(officer)).first()
    if row is None or row.concerned_id == officer.user_id:
        raise NoSuchRecord(_("There is no such report, or it is not yours to decide."))
    return row


def check_decision(
    row: ConflictReport,
    measure: Measure,
    supervisor: User | None,
    starts: date | None,
    ends: date | None,
) -> None:
    if measure == Measure.SUPERVISE and supervisor is None:
        raise Refused(_("Name who supervises the work."), field="supervisor")
    if supervisor is not None and supervisor.pk == row.concerned_id:
        raise Refused(_("Nobody supervises themselves."), field="supervisor")
    if starts and ends and ends < starts:
        raise Refused(_("The last day lies before the first one."), field="ends")


def notify_decision(*, officer: Officer, report_id: UUID, request_id: UUID, at: datetime) -> ConflictReport:
    """Records that the decision was made known (thông báo; NĐ 59/2019/NĐ-CP art. 31); the person reads it from now on."""
    with ledger.act(
        name="notify-decision",
        actor=officer.code,
        at=at,
        request_id=request_id,
        content={"report": report_id},
    ) as evidence:
        row = to_decide(officer, report_id)
        if evidence.repeated:
            return row
        if row.decided_at is None:
            raise Refused(_("There is no decision to make known yet."))
        if not ConflictReport.objects.filter(pk=row.pk, notified_at=None).update(notified_at=at):
            raise AlreadyDecided(_("This decision was made known already."))
        record(evidence, row.commune_id, "notify-decision", row, late_fact(row.notify_by, at), {})
    row.notified_at = at
    return row


def record(
    evidence: ledger.Act,
    chain: str,
    act: str,
    row: Declaration | ConflictReport,
    facts: Mapping[str, Json],
    content: Mapping[str, object],
) -> None:
    """One event: the facts, and the salted hash of what was said."""
    kind = "declaration" if isinstance(row, Declaration) else "conflict-report"
    body = {**facts}
    if content:
        body["content_hash"] = ledger.salted_hash(bytes(row.salt), dict(content))
    evidence.append(chain=chain, act=act, subject_kind=kind, subject_id=row.pk, body=body)


def late_fact(by: datetime | None, at: datetime) -> dict[str, Json]:
    """Whether it came after its due moment; left out where none could be counted."""
    return {} if by is None else {"late": int(at > by)}


def words(text: str, field: str) -> str:
    cleaned = " ".join(text.split())
    if not cleaned:
        raise Refused(_("This part of the report is required."), field=field)
    if len(cleaned) > LONGEST_WORDS:
        raise Refused(_("Longer than 2,000 characters. Please shorten it."), field=field)
    return cleaned


def on_day(at: datetime) -> date:
    return at.astimezone(VIETNAM).date()
