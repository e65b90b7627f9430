"""Carrying out a list of staff: all of it, or nothing."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.accounts.models import User
from gandan.law.bases import cleaned_basis
from gandan.ledger import actions as ledger
from gandan.organization.actions.staff import (
    next_code,
    require_another_administrator,
    store_duty,
    store_end,
    store_person,
)
from gandan.organization.errors import Refused
from gandan.organization.models import Commune, Province
from gandan.organization.permissions import Officer, require_administration
from gandan.organization.staff_list.plan import Outcome, Plan, PlannedRow, plan_list


def import_staff(
    data: bytes,
    *,
    place: Commune | Province,
    seen: str,
    document: str,
    officer: Officer,
    at: datetime,
    request_id: UUID,
) -> dict[Outcome, int]:
    """Carries out the list as its dry run said, one event for each person and duty; returns what was done.

    `seen` is the digest of the plan that was shown ('': none was, as on the command line). Refused if the list
    has a problem, or if something changed since it was shown; then nothing is done.
    """
    content = {"file": sha256(data).hexdigest(), "place": place.pk, "document": document}
    with ledger.act(
        name="import-staff", actor=officer.code, at=at, request_id=request_id, content=content
    ) as evidence:
        if evidence.repeated:
            return {outcome: int(evidence.outcome[outcome]) for outcome in Outcome}
        require_administration(officer, place)
        basis = cleaned_basis(document)
        type(place).objects.select_for_update().get(pk=place.pk)
        plan = plan_list(data, place)
        _require_as_seen(plan, seen)
        _carry_out(evidence, plan, place, officer, basis)
        evidence.done(**{str(outcome): count for outcome, count in plan.counts.items()})
    return plan.counts


def _require_as_seen(plan: Plan, seen: str) -> None:
    if plan.problems or plan.bad:
        raise Refused(_("The list still has cells to put right. Nothing was entered."))
    if seen and plan.digest != seen:
        raise Refused(
            _("Something changed since you looked at the list. Look at it again; nothing was entered.")
        )


def _carry_out(
    evidence: ledger.Act, plan: Plan, place: Commune | Province, officer: Officer, basis: str
) -> None:
    people: dict[str, User] = {}
    start, number = next_code(place).rsplit("-", 1)
    for row in plan.rows:
        if row.outcome == Outcome.NEW and row.person:
            code = f"{start}-{int(number) + len(people):02d}"
            people[row.person.username] = store_person(evidence, row.person, place, basis, code)
        if row.outcome in (Outcome.NEW, Outcome.DUTY) and row.duty:
            store_duty(evidence, _person(row, people), row.duty, officer, basis)
        elif row.outcome == Outcome.END and row.held and row.duty and row.duty.valid_to:
            require_another_administrator(row.held, officer)
            store_end(evidence, row.held, row.duty.valid_to, basis)


def _person(row: PlannedRow, people: dict[str, User]) -> User:
    if row.user is not None:
        return row.user
    if row.person is None:
        raise ValueError(f"row {row.number} names nobody")
    return people[row.person.username]
