"""The first administrator of a place, named by whoever runs the server: nobody else could."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gandan.accounts.models import User
from gandan.calculus.rules import VIETNAM
from gandan.law.bases import cleaned_basis, record
from gandan.ledger import actions as ledger
from gandan.organization.actions.staff import (
    DutyWish,
    PersonWish,
    cleaned_person,
    store_duty,
    store_person,
)
from gandan.organization.models import Commune, Duty, Role, Unit, UnitKind
from gandan.organization.permissions import Officer, require_administration

#: Letters and digits that nobody confuses on paper: no l, o, 0, 1.
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
LENGTH = 16  # 80 bits


@dataclass(frozen=True, slots=True)
class FirstSignIn:
    """Who signs in first, and the password that holds for this one time: a new one is asked for at once."""

    user: User
    password: str


def administrator_of(commune: Commune) -> User | None:
    """Somebody who administers the commune itself, today or later; the one entered first."""
    held = Duty.objects.filter(
        unit__commune=commune, role=Role.ADMINISTRATOR, valid_to=None, user__is_active=True
    )
    duty = held.select_related("user").order_by("valid_from", "pk").first()
    return duty.user if duty else None


def name_first_administrator(
    commune: Commune, person: PersonWish, *, document: str, officer: Officer, at: datetime, request_id: UUID
) -> FirstSignIn:
    """Enters the administrator of a commune that has none, with a password for one sign-in.

    Where there is one already, only the password is made anew: for an administrator who lost it. Refused,
    NotCompetent.
    """
    password = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
    content = {"commune": commune.pk, "name": person.full_name, "username": person.username}
    with ledger.act(
        name="first-administrator", actor=officer.code, at=at, request_id=request_id, content=content
    ) as evidence:
        require_administration(officer, commune)
        user = administrator_of(commune) or _entered(evidence, commune, person, document, officer)
        user.set_password(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        record(
            evidence,
            chain=commune.pk,
            act="first-administrator",
            subject_kind="account",
            subject_id=user.pk,
            document=cleaned_basis(document),
            body={"person": user.code},
        )
    return FirstSignIn(user, password)


def _entered(
    evidence: ledger.Act, commune: Commune, person: PersonWish, document: str, officer: Officer
) -> User:
    committee = Unit.objects.get(commune=commune, kind=UnitKind.PEOPLE_COMMITTEE, closed_on=None)
    basis = cleaned_basis(document)
    user = store_person(evidence, cleaned_person(person), commune, basis)
    since = evidence.at.astimezone(VIETNAM).date()
    store_duty(evidence, user, DutyWish(committee, Role.ADMINISTRATOR, since), officer, basis)
    return user
