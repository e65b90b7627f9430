"""The acts as a table: whose each is, at which desk, and what else must hold (RULES).

`permissions` asks it for the page and for the act alike, so that neither says what the other denies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandan.calculus.rules import VIETNAM
from gandan.dossiers.models import Desk, Dossier, Lane, PhaseRun, State
from gandan.ledger.models import Event
from gandan.organization.models import Role
from gandan.organization.permissions import Officer

# Only the one-stop meets the citizen (118/2025/NĐ-CP art. 19; forbidden acts: art. 5): these roles see how to reach them.
MEETS_CITIZENS = frozenset({Role.COUNTER_OFFICER, Role.CENTRE_DIRECTOR})
READS_ALL = frozenset(
    {
        Role.COUNTER_OFFICER,
        Role.SPECIALIST,
        Role.HEAD_OF_DEPARTMENT,
        Role.CLERK,
        Role.SIGNING_LEADER,
        Role.CENTRE_DIRECTOR,
        Role.INSPECTOR,
        Role.LEGAL_OFFICER,
        Role.POLICE_OFFICER,
        Role.TAX_OFFICER,
    }
)
HANDLERS = frozenset({Role.SPECIALIST, Role.POLICE_OFFICER, Role.TAX_OFFICER})
# Who works at another body on what was forwarded to it; who signs or stamps there returns its part.
RETURNS_PART = frozenset({Role.HEAD_OF_DEPARTMENT, Role.SIGNING_LEADER, Role.CLERK})
WORKS_AT_BODY = HANDLERS | RETURNS_PART

Objection = Callable[[Officer, Dossier, datetime], str]


@dataclass(frozen=True, slots=True)
class ActRule:
    """Whose act it is (`roles`), where the dossier must lie (`desks`), what else must hold (`objections`).

    `listed` false: the page offers it beside what it is about, not among what may be done with the dossier.
    `at_body`: the role is held at the other body at which the dossier lies, not in its commune.
    """

    act: str
    label: str | Promise
    roles: frozenset[Role]
    desks: frozenset[Desk]
    objections: tuple[Objection, ...] = ()
    listed: bool = True
    at_body: bool = False


def is_their_work(officer: Officer, dossier: Dossier) -> bool:
    """True if the dossier is assigned to the officer, or to an absent colleague whom they replace."""
    return dossier.assignee_id in officer.stands_for(HANDLERS)


def is_handler(officer: Officer, dossier: Dossier, at: datetime) -> str:
    if not is_their_work(officer, dossier):
        return _("Only the officer who was assigned this dossier may do this.")
    return ""


def is_handler_in_appraisal(officer: Officer, dossier: Dossier, at: datetime) -> str:
    if dossier.desk == Desk.APPRAISAL and not is_their_work(officer, dossier):
        return _("Only the officer who was assigned this dossier may ask for more papers now.")
    return ""


def is_other_than_proposer(officer: Officer, dossier: Dossier, at: datetime) -> str:
    if dossier.proposed_by_id == officer.user_id:
        return _("Who proposed the result may not approve it: four eyes are required.")
    return ""


def is_first_extension(officer: Officer, dossier: Dossier, at: datetime) -> str:
    if dossier.extension_count:
        return _(
            "The date was already moved once; the law allows one new appointment only (118/2025/NĐ-CP art. 19.6)."
        )
    return ""


def has_due_moment(officer: Officer, dossier: Dossier, at: datetime) -> str:
    return "" if dossier.due_at else _("No time limit is running now.")


def has_result(officer: Officer, dossier: Dossier, at: datetime) -> str:
    return "" if dossier.result_kind else _("There is no approved result yet.")


def has_no_result(officer: Officer, dossier: Dossier, at: datetime) -> str:
    if dossier.result_number:
        return _(
            "A result was already issued; withdrawing is possible only before it (118/2025/NĐ-CP art. 21)."
        )
    return ""


def is_early(officer: Officer, dossier: Dossier, at: datetime) -> str:
    if dossier.due_at is None or dossier.finished_at is None or dossier.finished_at >= dossier.due_at:
        return _("The result was not ready before its date.")
    return ""


def period_is_over(officer: Officer, dossier: Dossier, at: datetime) -> str:
    if dossier.act_by is None or at <= dossier.act_by:
        return _("The person still has time to complete the papers.")
    return ""


def is_accepted(officer: Officer, dossier: Dossier, at: datetime) -> str:
    return "" if dossier.accepted_at else _("The dossier was not accepted yet: there is no receipt.")


def has_no_decision(officer: Officer, dossier: Dossier, at: datetime) -> str:
    if dossier.approved_by_id or dossier.result_number:
        return _(
            "The decision is already signed; stopping is possible only before it (118/2025/NĐ-CP art. 21)."
        )
    return ""


def is_no_correction(officer: Officer, dossier: Dossier, at: datetime) -> str:
    if dossier.is_correction:
        return _(
            "A wrong result is being corrected: the person owes nothing, and the date is fixed (118/2025/NĐ-CP art. 23)."
        )
    return ""


def has_issued_result(officer: Officer, dossier: Dossier, at: datetime) -> str:
    if dossier.state not in (State.DONE, State.RETURNED) or not dossier.result_number:
        return _("There is no issued result that could be wrong.")
    return ""


def can_be_reopened(officer: Officer, dossier: Dossier, at: datetime) -> str:
    if dossier.lane == Lane.IMMEDIATE:
        return _(
            "This matter was settled while the person waited. Correct its result, or take in a new dossier."
        )
    return ""


def has_open_opinion(officer: Officer, dossier: Dossier, at: datetime) -> str:
    return "" if dossier.opinions_open else _("No opinion of another body is awaited.")


def has_no_planned_visit(officer: Officer, dossier: Dossier, at: datetime) -> str:
    if dossier.visit_id:
        return _("A visit on site is planned. Record its minutes first, or call it off.")
    return ""


def lies_with_somebody_else(officer: Officer, dossier: Dossier, at: datetime) -> str:
    own_desk = any((d.unit_id, d.role) == (dossier.desk_unit_id, dossier.desk_role) for d in officer.held)
    is_mine = is_their_work(officer, dossier) if dossier.assignee_id else own_desk
    return _("The dossier lies at your own desk.") if is_mine else ""


def is_not_reminded_today(officer: Officer, dossier: Dossier, at: datetime) -> str:
    """At most one query, and only where this desk was reminded before."""
    if not dossier.reminded_step or dossier.reminded_step != dossier.step_number:
        return ""
    last = Event.objects.about(dossier.id).filter(act="remind").order_by("-seq").first()
    if last and last.at.astimezone(VIETNAM).date() == at.astimezone(VIETNAM).date():
        return _("This desk was already reminded today. Telephone your colleague if it cannot wait.")
    return ""


def forwards_from_own_desk(officer: Officer, dossier: Dossier, at: datetime) -> str:
    """The counter before anybody worked on it, the handler, or the records clerk with the signed letter."""
    held = officer.roles_in(dossier.commune_id)
    own = {
        Desk.TRANSFER: Role.COUNTER_OFFICER in held,
        Desk.APPRAISAL: is_their_work(officer, dossier),
        Desk.STAMP: Role.CLERK in held,
    }
    if not own.get(Desk(dossier.desk), False):
        return _("It is forwarded by whoever has it now: counter, handler or records clerk.")
    return ""


def is_not_taken_by_me(officer: Officer, dossier: Dossier, at: datetime) -> str:
    return _("You have taken it over already.") if dossier.assignee_id == officer.user_id else ""


def is_taken_over(officer: Officer, dossier: Dossier, at: datetime) -> str:
    return "" if dossier.assignee_id else _("Somebody of your body takes it over first.")


def awaits_paper(officer: Officer, dossier: Dossier, at: datetime) -> str:
    """One query, and only for who works at the body that has the dossier."""
    awaited = PhaseRun.objects.filter(dossier=dossier, ended_at=None, paper_by__isnull=False, paper_at=None)
    return "" if awaited.exists() else _("No paper is awaited: it has come already, or none was sent.")


OPEN_DESKS = frozenset(Desk) - {Desk.CLOSED, Desk.RETURN}
IN_HOUSE = frozenset(
    {Desk.TRANSFER, Desk.ASSIGNMENT, Desk.APPRAISAL, Desk.CHECK, Desk.SIGNATURE, Desk.STAMP, Desk.HANDOVER}
)

RULES: dict[str, ActRule] = {
    rule.act: rule
    for rule in (
        ActRule(
            "accept", gettext_lazy("Accept"), frozenset({Role.COUNTER_OFFICER}), frozenset({Desk.RECEPTION})
        ),
        ActRule(
            "refuse",
            gettext_lazy("Refuse with a reason"),
            frozenset({Role.COUNTER_OFFICER}),
            frozenset({Desk.RECEPTION}),
        ),
        ActRule(
            "request-supplement",
            gettext_lazy("Ask for more papers"),
            frozenset({Role.COUNTER_OFFICER}) | HANDLERS,
            frozenset({Desk.RECEPTION, Desk.TRANSFER, Desk.ASSIGNMENT, Desk.APPRAISAL}),
            (is_no_correction, is_handler_in_appraisal),
        ),
        ActRule(
            "receive-supplement",
            gettext_lazy("Receive the missing papers"),
            frozenset({Role.COUNTER_OFFICER}),
            frozenset({Desk.WAITING}),
        ),
        ActRule(
            "close",
            gettext_lazy("Close: papers were not completed"),
            frozenset({Role.COUNTER_OFFICER}),
            frozenset({Desk.WAITING}),
            (period_is_over,),
        ),
        ActRule(
            "transfer",
            gettext_lazy("Transfer to the department"),
            frozenset({Role.COUNTER_OFFICER}),
            frozenset({Desk.TRANSFER}),
        ),
        ActRule(
            "assign",
            gettext_lazy("Assign to an officer"),
            frozenset({Role.HEAD_OF_DEPARTMENT, Role.CENTRE_DIRECTOR}),
            frozenset({Desk.ASSIGNMENT, Desk.APPRAISAL}),
        ),
        ActRule(
            "consult",
            gettext_lazy("Ask another body for its opinion"),
            HANDLERS,
            frozenset({Desk.APPRAISAL}),
            (is_handler,),
        ),
        ActRule(
            "receive-opinion",
            gettext_lazy("Record an opinion"),
            HANDLERS | {Role.HEAD_OF_DEPARTMENT, Role.CLERK},
            IN_HOUSE | {Desk.WAITING},
            (has_open_opinion,),
        ),
        ActRule(
            "plan-visit",
            gettext_lazy("Plan a visit on site"),
            HANDLERS,
            frozenset({Desk.APPRAISAL}),
            (is_handler,),
        ),
        ActRule(
            "verify-on-site",
            gettext_lazy("Record the visit on site"),
            HANDLERS,
            frozenset({Desk.APPRAISAL}),
            (is_handler,),
        ),
        ActRule(
            "propose",
            gettext_lazy("Propose the result"),
            HANDLERS,
            frozenset({Desk.APPRAISAL}),
            (is_handler, has_no_planned_visit),
        ),
        ActRule(
            "check",
            gettext_lazy("Agree and pass on for signature"),
            frozenset({Role.HEAD_OF_DEPARTMENT}),
            frozenset({Desk.CHECK}),
            (is_other_than_proposer,),
        ),
        ActRule(
            "approve",
            gettext_lazy("Approve and sign"),
            frozenset({Role.SIGNING_LEADER}),
            frozenset({Desk.SIGNATURE}),
            (is_other_than_proposer,),
        ),
        ActRule(
            "send-back",
            gettext_lazy("Send back with a reason"),
            frozenset({Role.HEAD_OF_DEPARTMENT, Role.SIGNING_LEADER}),
            frozenset({Desk.CHECK, Desk.SIGNATURE}),
        ),
        ActRule(
            "number-and-stamp",
            gettext_lazy("Number and stamp"),
            frozenset({Role.CLERK}),
            frozenset({Desk.STAMP}),
        ),
        ActRule(
            "forward",
            gettext_lazy("Forward to another level"),
            HANDLERS | {Role.COUNTER_OFFICER, Role.CLERK},
            frozenset({Desk.TRANSFER, Desk.APPRAISAL, Desk.STAMP}),
            (is_no_correction, has_no_planned_visit, forwards_from_own_desk),
        ),
        ActRule(
            "take-over",
            gettext_lazy("Take it over"),
            HANDLERS | {Role.HEAD_OF_DEPARTMENT},
            frozenset({Desk.FORWARDED}),
            (is_not_taken_by_me,),
            at_body=True,
        ),
        ActRule(
            "receive-paper",
            gettext_lazy("The paper has arrived"),
            WORKS_AT_BODY,
            frozenset({Desk.FORWARDED}),
            (awaits_paper,),
            at_body=True,
        ),
        ActRule(
            "ask-back",
            gettext_lazy("Send it back with a question"),
            HANDLERS | {Role.HEAD_OF_DEPARTMENT, Role.SIGNING_LEADER},
            frozenset({Desk.FORWARDED}),
            (is_taken_over,),
            at_body=True,
        ),
        ActRule(
            "return-phase",
            gettext_lazy("Return the result or your part"),
            RETURNS_PART,
            frozenset({Desk.FORWARDED}),
            (is_taken_over,),
            at_body=True,
        ),
        ActRule(
            "finish",
            gettext_lazy("Result has arrived at the centre"),
            frozenset({Role.COUNTER_OFFICER, Role.CLERK}),
            frozenset({Desk.HANDOVER}),
            (has_result,),
        ),
        ActRule(
            "notify-early",
            gettext_lazy("Tell the person that it is ready early"),
            frozenset({Role.COUNTER_OFFICER}),
            frozenset({Desk.RETURN}),
            (is_early,),
        ),
        ActRule(
            "return",
            gettext_lazy("Return the result"),
            frozenset({Role.COUNTER_OFFICER}),
            frozenset({Desk.RETURN}),
        ),
        ActRule(
            "extend",
            gettext_lazy("Apologise and give a new date"),
            frozenset({Role.HEAD_OF_DEPARTMENT, Role.CENTRE_DIRECTOR, Role.SIGNING_LEADER}),
            IN_HOUSE | {Desk.FORWARDED},
            (has_due_moment, is_no_correction, is_first_extension),
        ),
        ActRule(
            "withdraw",
            gettext_lazy("Withdraw at the person's request"),
            frozenset({Role.COUNTER_OFFICER}),
            OPEN_DESKS,
            (has_no_result, is_no_correction),
        ),
        ActRule(
            "stop",
            gettext_lazy("Stop as the applicant asks"),
            frozenset({Role.COUNTER_OFFICER}),
            OPEN_DESKS - {Desk.RECEPTION},
            (is_accepted, is_no_correction, has_no_decision),
        ),
        ActRule(
            "correct",
            gettext_lazy("Send a wrong result back to be corrected"),
            frozenset({Role.COUNTER_OFFICER, Role.CENTRE_DIRECTOR}),
            frozenset({Desk.RETURN, Desk.CLOSED}),
            (has_issued_result,),
        ),
        ActRule(
            "reopen",
            gettext_lazy("Reopen by decision"),
            frozenset({Role.SIGNING_LEADER}),
            frozenset({Desk.RETURN, Desk.CLOSED}),
            (can_be_reopened,),
        ),
        ActRule(
            "remind",
            gettext_lazy("Remind whoever has it"),
            frozenset({Role.COUNTER_OFFICER, Role.HEAD_OF_DEPARTMENT, Role.CLERK})
            | {Role.SIGNING_LEADER, Role.CENTRE_DIRECTOR}
            | HANDLERS,
            IN_HOUSE | {Desk.RECEPTION, Desk.FORWARDED},
            (lies_with_somebody_else, is_not_reminded_today),
        ),
        ActRule("record-call", gettext_lazy("Record a call"), MEETS_CITIZENS, frozenset(Desk), listed=False),
        ActRule("undo-call", gettext_lazy("Take a call back"), MEETS_CITIZENS, frozenset(Desk), listed=False),
    )
}
